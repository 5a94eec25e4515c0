"""`examine`: what a maintainer asks first when something is wrong. It changes nothing."""

import os
import platform
import shutil
from collections.abc import Callable, Mapping
from importlib.metadata import version

from matcher.config import PROJECT_DIR, Settings, get_settings
from matcher.embedding.encoder import SentenceTransformerEncoder
from matcher.errors import MatcherError
from matcher.index.generation import Generations
from matcher.ranking.model import ScoringModel
from matcher.store import Store

_PACKAGES = (
    *("numpy", "faiss-cpu", "scikit-learn", "sentence-transformers", "torch", "flask"),
    *("pydantic", "sqlalchemy", "waitress"),
)
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
            "free disk": f"{shutil.disk_usage(PROJECT_DIR).free / 2**30:.1f} GiB",
        },
        "settings": {
            f"MATCHER_{name.upper()}": _shown(name, value)
            for name, value in settings.model_dump().items()
        },
        "state": {
            "store": _told(lambda: _store(settings)),
            "index": _told(lambda: _index(settings)),
            "embedding model": _told(
                lambda: SentenceTransformerEncoder(settings.model).fingerprint
            ),
            "scoring model": _told(lambda: ScoringModel.load().version),
        },
    }


def _store(settings: Settings) -> str:
    if settings.database_url is None and not (settings.home / "matcher.db").exists():
        return "not made yet; the first command that answers makes it"
    with Store.open(settings.store_url) as store:
        return f"{len(store.profiles())} clusters, {len(store.partnerships())} partnerships"


def _index(settings: Settings) -> str:
    generation = Generations(settings.home).current()
    told = f"generation {generation.id} of {len(generation.ids)} clusters, {generation.created}"
    return f"{told}; degraded: {generation.degraded}" if generation.degraded else told


def _told(state: Callable[[], str]) -> str:
    try:
        return state()
    except MatcherError as error:
        return f"problem: {error}"


def _shown(name: str, value: object) -> str:
    """Settings without secrets: a database URL may carry a password."""
    if name == "database_url" and value is not None:
        from sqlalchemy import make_url

        return make_url(str(value)).render_as_string(hide_password=True)
    return str(value)
