"""`examine`: what a maintainer asks first when something is wrong. It changes nothing."""

import os
import platform
import shutil
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, text

from matcher.config import Settings, get_settings
from matcher.embedding.packaged import open_encoder
from matcher.errors import MatcherError
from matcher.index.saved import SavedIndex
from matcher.matching.model import ScoringModel
from matcher.store import Store
from matcher.store.backup import last_backup
from matcher.store.database import Database
from matcher.store.erasures import unfinished
from matcher.store.migrate import HEAD, known_revisions, recorded_revision
from matcher.store.private import open_to_others

_PACKAGES = (
    *("numpy", "faiss-cpu", "scikit-learn", "sentence-transformers", "torch", "flask"),
    *("pydantic", "sqlalchemy", "granian"),
)
_UNMADE = "not made yet; the first command that answers makes it"
Findings = Mapping[str, Mapping[str, str]]


def examine(settings: Settings | None = None) -> Findings:
    """Versions, machine, settings and the state of each part, as texts by section and name."""
    settings = settings or get_settings()
    return {
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in _PACKAGES},
        "machine": {
            "system": platform.platform(),
            "cores": str(os.cpu_count()),
            "threads of numerics": os.environ.get("OMP_NUM_THREADS", "one per core"),
            "free disk": f"{_free_disk(settings.home) / 2**30:.1f} GiB",
        },
        "settings": {
            f"MATCHER_{name.upper()}": _shown(name, value)
            for name, value in settings.model_dump().items()
        },
        "state": {
            "database": _told(lambda: _database(settings)),
            "store": _told(lambda: _looked_at(settings, _store)),
            "files": _files(settings.home),
            "erasures": _told(lambda: _looked_at(settings, _erasures)),
            "last backup": _last_backup(settings.home),
            "index": _told(lambda: _index(settings), "; the next command builds it anew"),
            "embedding model": _told(lambda: open_encoder(settings).fingerprint),
            "scoring model": _told(lambda: ScoringModel.load().version),
        },
    }


def _free_disk(home: Path) -> int:
    """Bytes where the home folder is, or is going to be."""
    there = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    return shutil.disk_usage(there).free


def _database(settings: Settings) -> str:
    if _is_unmade(settings):
        return _UNMADE
    with closing(Database(settings.store_url)) as database, database.read() as connection:
        found, dialect = recorded_revision(connection), connection.dialect
        told = f"{dialect.name} {'.'.join(map(str, dialect.server_version_info or ()))}"
        told += f", revision {found}, {_size(connection) / 2**20:.1f} MiB"
        if dialect.name == "sqlite":
            told += f", {_damage(connection) or 'no page damaged'}"
    if found not in known_revisions():
        return f"problem: {told}; a newer version of the matcher wrote it: update the matcher"
    return told if found == HEAD else f"{told}; the next command brings it to {HEAD}"


def _size(connection: Connection) -> int:
    if connection.dialect.name == "postgresql":
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    pages, page = (connection.scalar(text(f"PRAGMA page_{what}")) for what in ("count", "size"))
    return int(pages or 0) * int(page or 0)


def _damage(connection: Connection) -> str | None:
    found = connection.scalar(text("PRAGMA quick_check(1)"))
    return None if found == "ok" else f"DAMAGED ({found}): matcher restore FILE into a new one"


def _looked_at(settings: Settings, look: Callable[[Database], str]) -> str:
    """Tell what there is in a database whose tables are those of this version."""
    if _is_unmade(settings):
        return _UNMADE
    with closing(Database(settings.store_url)) as database:
        with database.read() as connection:
            if recorded_revision(connection) != HEAD:
                return "not looked at: its tables are those of another version"
        return look(database)


def _store(database: Database) -> str:
    store = Store(database)
    return f"{len(store.profiles())} clusters, {len(store.partnerships())} partnerships"


def _files(home: Path) -> str:
    exposed = sorted(map(str, open_to_others(home)))
    if not exposed:
        return "private"
    return f"problem: other users may use {', '.join(exposed)}: chmod -R go= {home}"


def _erasures(database: Database) -> str:
    with database.read() as connection:
        left = unfinished(connection)
    if not left:
        return "all finished"
    asked = "; ".join(f"matcher people erase {key}" for key in left)
    return f"problem: freed parts of the files may hold words of persons; finish: {asked}"


def _last_backup(home: Path) -> str:
    found = last_backup(home)
    if found is None:
        return "none made on this machine: matcher backup FILE"
    created, place = found
    return f"{created:%Y-%m-%d %H:%M} UTC, {(datetime.now(UTC) - created).days} days ago, {place}"


def _is_unmade(settings: Settings) -> bool:
    return settings.database_url is None and not (settings.home / "matcher.db").exists()


def _index(settings: Settings) -> str:
    notes = SavedIndex(settings.home).read().notes
    told = f"generation {notes['generation']}, {notes['engine']}, built {notes['created']}"
    if _is_unmade(settings):
        return told
    with closing(Database(settings.store_url)) as database:
        current = Store(database).collection() == notes["collection"]
    return told if current else f"{told}; stale: the collection has changed since, matcher index"


def _told(state: Callable[[], str], what_then: str = "") -> str:
    try:
        return state()
    except MatcherError as error:
        return f"problem: {error}{what_then}"


def _shown(name: str, value: object) -> str:
    """Settings without secrets: a database URL may carry a password."""
    if name in ("database_url", "database_read_url") and value is not None:
        from sqlalchemy import make_url

        return make_url(str(value)).render_as_string(hide_password=True)
    return str(value)
