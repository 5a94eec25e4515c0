"""What a backup holds, told before anything is restored."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matcher.errors import UnreadableFileError
from matcher.store.access import creations, is_known, known_access
from matcher.store.archive import Manifest, Row, open_archive
from matcher.store.backup import current_rows
from matcher.store.database import Database
from matcher.store.erasures import carried_over, later

_READ = ("audit", "erasures", "tokens")


@dataclass(frozen=True, slots=True)
class TokenInside:
    """A token of a backup: its name and scopes, whether it worked, and whether it is known.

    Known is a token that the audit log, of the backup or of the database, saw being made.
    """

    name: str
    scopes: str
    worked: bool
    known: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """What a restore would bring.

    Attributes
    ----------
    created, revision
        When the backup was made, and which tables it has.
    rows
        How many, by table.
    tokens
        Who could come in with it.
    later_erasures, later_revocations
        What the database knows that the backup does not: it would be applied again.
    """

    created: str
    revision: str
    rows: Mapping[str, int]
    tokens: tuple[TokenInside, ...]
    later_erasures: int = 0
    later_revocations: int = 0


def look_into(source: Path, database: Database | None = None) -> Contents:
    """Tell what a backup would bring; nothing is changed.

    Parameters
    ----------
    source
        The backup.
    database
        That it might be restored into; its tables must be in place.

    Raises
    ------
    UnreadableFileError
        The file is damaged, or of a newer version.
    """
    with open_archive(source) as archive, current_rows(archive) as rows_of:
        manifest, inside = archive.manifest, {name: [*rows_of(name)] for name in _READ}
    try:
        return _told(manifest, inside, database)
    except (AttributeError, KeyError, TypeError) as error:
        raise UnreadableFileError(
            f"{source} holds rows that fit no table, although its seal fits. Use another one."
        ) from error


def _told(
    manifest: Manifest, inside: Mapping[str, list[Row]], database: Database | None
) -> Contents:
    created, erased_later, revoked_later = creations(inside["audit"]), 0, 0
    if database:
        with database.read() as connection:
            access, erased = known_access(connection), carried_over(connection)
        created |= access.created
        erased_later = len(later(erased, inside["erasures"]))
        working = (row["id"] for row in inside["tokens"] if row["revoked"] is None)
        revoked_later = sum(key in access.revoked for key in working)
    return Contents(
        manifest.created,
        manifest.revision,
        {name: entry.rows for name, entry in manifest.tables.items()},
        tuple(
            TokenInside(row["name"], row["scopes"], row["revoked"] is None, is_known(row, created))
            for row in inside["tokens"]
        ),
        erased_later,
        revoked_later,
    )
