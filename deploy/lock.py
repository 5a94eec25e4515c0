"""Write the lock files from what is installed, or tell where something differs from them.

``python deploy/lock.py`` writes them, ``python deploy/lock.py --check`` prints one line for each
difference between pyproject.toml, the lock files and this environment, and fails if there are any.
``make lock`` first installs what pyproject.toml asks for, then writes.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {"requirements.txt": (), "requirements-dev.txt": ("postgres", "notebooks", "dev")}
"""Each lock file, and the extras that it covers."""
OWN_PARTS_OF_TORCH = ("cuda-", "nvidia-", "triton")
"""Beginnings of names of the libraries that only the GPU builds of torch bring along."""
HEAD = """\
# Written by `make lock`: all that `pip install .{extras}` brings, but for GPU libraries of torch.
"""


def declared(extras: Iterable[str]) -> list[Requirement]:
    """Read what pyproject.toml asks for, with some of its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] + [
        line for extra in extras for line in project["optional-dependencies"][extra]
    ]
    return [Requirement(line) for line in lines]


def needed(requirements: Iterable[Requirement]) -> set[str]:
    """Name everything that requirements bring along in this environment, themselves included."""
    waiting = list(requirements)
    seen: set[tuple[str, str]] = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        for extra in ("", *requirement.extras):
            if (name, extra) not in seen and not name.startswith(OWN_PARTS_OF_TORCH):
                seen.add((name, extra))
                waiting += brought_by(name, extra)
    return {name for name, _ in seen}


def brought_by(name: str, extra: str) -> list[Requirement]:
    """Read what an installed package asks for on this platform; nothing if it is missing."""
    try:
        asked = [Requirement(line) for line in requires(name) or []]
    except PackageNotFoundError:
        return []
    return [r for r in asked if r.marker is None or r.marker.evaluate({"extra": extra})]


def read_lock(name: str) -> dict[str, str]:
    """Read the versions of a lock file by the names of their packages."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


def installed(name: str) -> str | None:
    """Tell the installed version of a package, without the name of its build."""
    try:
        return Version(version(name)).public
    except PackageNotFoundError:
        return None


def write() -> None:
    """Write all lock files anew."""
    for lock, extras in LOCKS.items():
        versions = {name: installed(name) for name in sorted(needed(declared(extras)))}
        missing = [name for name, found in versions.items() if found is None]
        if missing:
            sys.exit(f"Not installed, so {lock} cannot name a version: {', '.join(missing)}.")
        lines = "".join(f"{name}=={found}\n" for name, found in versions.items())
        head = HEAD.format(extras=f"[{','.join(extras)}]" if extras else "")
        (ROOT / lock).write_text(head + lines, encoding="utf-8")


def differences() -> Iterator[str]:
    """Tell every difference between pyproject.toml, the lock files and this environment."""
    for lock, extras in LOCKS.items():
        locked, asked = read_lock(lock), declared(extras)
        yield from (f"{told}: run `make lock`." for told in outdated(lock, locked, asked))
        for name, wanted in locked.items():
            if (found := installed(name)) != wanted:
                told = f"installed is {found or 'none'}"
                yield f"{lock} has {name} {wanted}, {told}: run `make setup`."


def outdated(lock: str, locked: dict[str, str], asked: list[Requirement]) -> Iterator[str]:
    """Tell where a lock file is not what pyproject.toml asks for."""
    for requirement in asked:
        found = locked.get(canonicalize_name(requirement.name))
        if found and not requirement.specifier.contains(found, prereleases=True):
            yield f"{lock} has {requirement.name} {found}, pyproject.toml asks for {requirement}"
    for name in sorted(needed(asked) - locked.keys()):
        yield f"{lock} lacks {name}, which pyproject.toml brings"


def check() -> None:
    """Print all differences, each once, and fail if there are any."""
    found = dict.fromkeys(differences())
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))


if __name__ == "__main__":
    check() if "--check" in sys.argv[1:] else write()
