"""What the headings of files were last read as, kept for the next file that has the same ones."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from sqlalchemy import delete, select

from matcher.errors import FieldProblem, InvalidInputError
from matcher.i18n.message import Message
from matcher.profiles.io.formats import Format
from matcher.profiles.io.headers import Heading, MissingColumnsError
from matcher.profiles.io.readers import ImportReport, read_profiles
from matcher.store.database import Repository, now, upsert
from matcher.store.tables import mappings

Kind = Literal["profiles", "event"]
MOST = 200
"""How many mappings are kept."""


class Headed(Protocol):
    """What a file held, with its headings."""

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Every heading of the file, with what its column was read as."""


Report = TypeVar("Report", bound=Headed)


class Mappings(Repository):
    """The kept mappings of a database."""

    def read(
        self,
        source: Path | bytes,
        mapping: Mapping[str, str],
        *,
        name: str | None = None,
        form: Format | None = None,
    ) -> ImportReport:
        """Read a file of profiles as `read_profiles` does.

        The mapping that was kept for its headings holds where the one given says nothing, which a
        warning tells.
        """
        report, kept = self.applied(
            "profiles",
            mapping,
            lambda said: read_profiles(source, name=name, form=form, mapping=said),
        )
        if not kept:
            return report
        return replace(
            report, warnings=(FieldProblem(Message("file"), _told(kept)), *report.warnings)
        )

    def applied(
        self,
        kind: Kind,
        mapping: Mapping[str, str],
        read: Callable[[Mapping[str, str]], Report],
    ) -> tuple[Report, Mapping[str, str]]:
        """Read a file with the mapping that was kept for its headings beside the one given.

        Parameters
        ----------
        kind
            What the file holds.
        mapping
            What is said of its headings now: it outweighs what was kept.
        read
            Reads the file with a mapping.

        Returns
        -------
        report, kept
            What the file holds, and what of the kept mapping was used.
        """
        try:
            report = read(mapping)
        except MissingColumnsError as error:
            kept = self._beside(kind, mapping, error.headings)
            if not kept:
                raise
        else:
            kept = self._beside(kind, mapping, report.headings)
            if not kept:
                return report, {}
        return read({**kept, **mapping}), kept

    def keep(self, kind: Kind, headings: Collection[Heading], mapping: Mapping[str, str]) -> None:
        """Keep what such headings are read as, and forget the oldest mappings."""
        row = {
            "headings": _digest(kind, headings),
            "at": now(),
            "mapping": json.dumps({**self._find(kind, headings), **mapping}),
        }
        newest = select(mappings.c.headings).order_by(mappings.c.at.desc()).limit(MOST)
        with self._database.write() as connection:
            upsert(connection, mappings, [row])
            connection.execute(delete(mappings).where(mappings.c.headings.not_in(newest)))

    def _beside(
        self, kind: Kind, mapping: Mapping[str, str], headings: Iterable[Heading]
    ) -> Mapping[str, str]:
        """What is kept for some headings, and not said anew."""
        kept = self._find(kind, headings)
        return {text: name for text, name in kept.items() if text not in mapping}

    def _find(self, kind: Kind, headings: Iterable[Heading]) -> Mapping[str, str]:
        query = select(mappings.c.mapping).where(mappings.c.headings == _digest(kind, headings))
        with self._database.read() as connection:
            found = connection.scalar(query)
        return dict(json.loads(found)) if found else {}


def parsed_mapping(entries: Iterable[str]) -> dict[str, str]:
    """Read entries such as ``Sector=ecosystems``; without a column, the heading is left out.

    Raises
    ------
    InvalidInputError
        One has no equals sign.
    """
    wrong = [entry for entry in entries if "=" not in entry]
    if wrong:
        raise InvalidInputError(
            f"{wrong[0]!r} does not say what a column means: write Heading=column, such as "
            "Sector=ecosystems, or Heading= to leave it out."
        )
    pairs = (entry.rpartition("=") for entry in entries)
    return {heading.strip(): column.strip() for heading, _, column in pairs}


def _told(kept: Mapping[str, str]) -> Message:
    left_out = Message("left out")
    parts = tuple(
        Message("“{heading}” as {column}", heading=heading, column=column or left_out)
        for heading, column in kept.items()
    )
    return Message("read as in an earlier import: {columns}", columns=parts)


def _digest(kind: Kind, headings: Iterable[Heading]) -> str:
    """Digest of some headings, in whatever order they stand; each kind of file has its own."""
    texts = sorted(heading.text for heading in headings)
    told = texts if kind == "profiles" else [kind, texts]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
