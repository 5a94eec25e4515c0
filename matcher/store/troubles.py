"""A database's troubles in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError

from matcher.errors import InvalidInputError, StoreBusyError, StoreUnavailableError

_FULL = "cannot be written: the disk is full. Make room and try again; nothing was changed."
_BUSY = "is busy: another process is writing to it. Try again in a moment."
_TROUBLES = {
    "sqlite": (
        ("not a database", "is damaged or is no database at all. It was left as it is: {way_out}"),
        ("malformed", "is damaged. It was left as it is: {way_out}"),
        ("decode", "is damaged. It was left as it is: {way_out}"),
        ("locked", _BUSY),
        ("full", _FULL),
        ("readonly", "cannot be written. Make the file and its folder writable and try again."),
        (
            "unable to open",
            "cannot be opened. Make its folder readable and writable and try again.",
        ),
        (
            "disk i/o",
            "cannot be read or written: the disk reports an error. Nothing was changed.",
        ),
    ),
    "postgresql": (
        ("lock timeout", _BUSY),
        ("deadlock", _BUSY),
        ("statement timeout", "takes too long to answer. Try again; nothing was changed."),
        ("no space left", _FULL),
        (
            "read-only transaction",
            "can only be read: MATCHER_DATABASE_URL leads to a replica, or the primary has become "
            "one. Nothing was changed.",
        ),
        (
            "permission denied",
            "does not let this user do that. Grant the user of MATCHER_DATABASE_URL all rights on "
            "the database and its schema.",
        ),
        (
            "authentication failed",
            "refuses the user name or password. Check MATCHER_DATABASE_URL.",
        ),
        ('role "', "does not know the user. Check MATCHER_DATABASE_URL."),
        ("pg_hba.conf", "takes no connections from this machine: see its pg_hba.conf."),
        ("does not exist", "is not there: create it, or correct its name in MATCHER_DATABASE_URL."),
        ("connection slots", "has no connection free. Lower MATCHER_THREADS or allow it more."),
        ("too many clients", "has no connection free. Lower MATCHER_THREADS or allow it more."),
        ("conflict with recovery", "was interrupted by an update of the replica. Try again."),
    ),
}
_WAY_OUT = (
    "put a backup in its place, or move it away and start again with the shipped data "
    "(imported clusters must then be imported again)."
)
_OTHERWISE = "cannot be reached or does not answer as it should. Check MATCHER_DATABASE_URL."


@contextmanager
def explained(dialect: str) -> Iterator[None]:
    """Turn the database's troubles into sentences; mistakes in our own SQL stay as they are.

    Parameters
    ----------
    dialect
        ``"sqlite"`` or ``"postgresql"``.

    Raises
    ------
    StoreUnavailableError
        The database cannot be reached, read or written.
    InvalidInputError
        It does not take what it was given.
    """
    try:
        yield
    except DataError as error:
        raise InvalidInputError(
            "The database cannot keep this: a text is too long or holds a character that it does "
            "not take."
        ) from error
    except IntegrityError:
        raise
    except NoConnectionFreeError as error:
        raise StoreBusyError(
            "The database is busy: all connections of this process are taken. Try again in a "
            "moment."
        ) from error
    except DatabaseError as error:
        message = str(error.orig)
        if isinstance(error, ProgrammingError) and "permission denied" not in message:
            raise
        told = trouble(dialect, message)
        kind = StoreBusyError if told == _BUSY else StoreUnavailableError
        raise kind(f"The database {told}") from error
    except UnicodeDecodeError as error:  # SQLite's own message quotes the damaged bytes
        raise StoreUnavailableError(f"The database {trouble(dialect, str(error))}") from error


def trouble(dialect: str, message: str) -> str:
    """What a message of the database means, and what to do; it follows on "The database"."""
    lowered = message.lower()
    for sign, sentence in _TROUBLES[dialect]:
        if sign in lowered:
            return sentence.format(way_out=_WAY_OUT)
    return _OTHERWISE
