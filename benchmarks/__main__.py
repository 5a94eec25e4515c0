"""Runs the benchmarks: ``python -m benchmarks`` all of them, ``python -m benchmarks NAME`` one.

Those that take arguments are run only when named: ``python -m benchmarks NAME ARGUMENT...``
"""

import sys
from importlib import import_module
from pathlib import Path

WITH_ARGUMENTS = ("peers", "scale", "synthetic")


def names() -> list[str]:
    """Modules beside this one that have something to run."""
    modules = sorted(Path(__file__).parent.glob("[a-z]*.py"))
    return [path.stem for path in modules if "def main()" in path.read_text(encoding="utf-8")]


def main() -> None:
    known = names()
    if sys.argv[1:] and sys.argv[1] in WITH_ARGUMENTS:
        import_module(f"benchmarks.{sys.argv[1]}").main(sys.argv[2:])
        return
    wanted = sys.argv[1:] or known
    unknown = [name for name in wanted if name not in known]
    if unknown:
        all_names = ", ".join([*known, *WITH_ARGUMENTS])
        raise SystemExit(f"no benchmark is called {unknown[0]!r}; there are: {all_names}")
    for name in wanted:
        print(f"\n== {name} ==", flush=True)
        import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
