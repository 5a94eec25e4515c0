"""Runs the benchmarks: ``python -m benchmarks`` all of them, ``python -m benchmarks NAME`` one."""

import sys
from importlib import import_module
from pathlib import Path


def names() -> list[str]:
    """Modules beside this one that have something to run."""
    modules = sorted(Path(__file__).parent.glob("[a-z]*.py"))
    return [path.stem for path in modules if "def main(" in path.read_text(encoding="utf-8")]


def main() -> None:
    known = names()
    wanted = sys.argv[1:] or known
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise SystemExit(f"no benchmark is called {unknown[0]!r}; there are: {', '.join(known)}")
    for name in wanted:
        print(f"\n== {name} ==", flush=True)
        import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
