"""What the headings of files were last read as, kept for the next file that has the same ones."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, select

from matcher.errors import FieldProblem, InvalidInputError
from matcher.i18n.message import Message
from matcher.profiles.io.formats import Format
from matcher.profiles.io.headers import Heading, MissingColumnsError
from matcher.profiles.io.readers import ImportReport, read_profiles
from matcher.store.database import Repository, upsert
from matcher.store.tables import mappings

MOST = 200
"""How many mappings are kept."""


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
        try:
            report = read_profiles(source, name=name, form=form, mapping=mapping)
        except MissingColumnsError as error:
            kept = self._beside(mapping, error.headings)
            if not kept:
                raise
        else:
            kept = self._beside(mapping, report.headings)
            if not kept:
                return report
        report = read_profiles(source, name=name, form=form, mapping={**kept, **mapping})
        return replace(
            report, warnings=(FieldProblem(Message("file"), _told(kept)), *report.warnings)
        )

    def keep(self, headings: Collection[Heading], mapping: Mapping[str, str]) -> None:
        """Keep what such headings are read as, and forget the oldest mappings."""
        row = {
            "headings": _digest(headings),
            "at": datetime.now(UTC).isoformat(timespec="microseconds"),
            "mapping": json.dumps({**self._find(headings), **mapping}),
        }
        newest = select(mappings.c.headings).order_by(mappings.c.at.desc()).limit(MOST)
        with self._database.write() as connection:
            upsert(connection, mappings, [row])
            connection.execute(delete(mappings).where(mappings.c.headings.not_in(newest)))

    def _beside(self, mapping: Mapping[str, str], headings: Iterable[Heading]) -> Mapping[str, str]:
        """What is kept for some headings, and not said anew."""
        return {text: name for text, name in self._find(headings).items() if text not in mapping}

    def _find(self, headings: Iterable[Heading]) -> Mapping[str, str]:
        query = select(mappings.c.mapping).where(mappings.c.headings == _digest(headings))
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


def _digest(headings: Iterable[Heading]) -> str:
    """Digest of some headings, in whatever order they stand."""
    texts = sorted(heading.text for heading in headings)
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()
