"""Fuzzes every reader of what comes from outside.

``python tests/fuzzing --inputs 100000`` tries that many inputs, the same ones each time;
``--only "event tables:146"`` repeats one of them and shows it.
"""

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzz_harness import Report, fuzz
from fuzz_targets import TARGETS, attempt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="of all targets together")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--only", help="a target, or TARGET:NUMBER to repeat one input")
    parser.add_argument("--json", type=Path, help="a file for the counts")
    wish = parser.parse_args()
    name, _, number = (wish.only or "").partition(":")
    if number:
        content, reading = attempt(name, int(number))
        print(repr(content))
        reading()
        return 0
    names = [name] if name else list(TARGETS)
    reports, begun = {}, time.monotonic()
    print("| Reader | Inputs | Read | Refused | Defects | Slowest | Largest growth |")
    print("|---|---|---|---|---|---|---|")
    for name in names:
        reports[name] = fuzz(attempt, name, wish.first, wish.inputs // len(names))
        print(_row(name, reports[name]), flush=True)
    print(
        f"\n{sum(one.inputs for one in reports.values()):,} inputs "
        f"in {time.monotonic() - begun:.0f} s"
    )
    defects = [text for one in reports.values() for text in one.defects]
    print("\n".join(defects))
    if wish.json:
        counts = {name: [one.inputs, len(one.defects)] for name, one in reports.items()}
        wish.json.write_text(json.dumps(counts), encoding="utf-8")
    return 1 if defects else 0


def _row(name: str, report: Report) -> str:
    return (
        f"| {name} | {report.inputs:,} | {report.read:,} | {report.refused:,} "
        f"| {len(report.defects)} | {report.slowest:.2f} s | {report.peak / 1e6:.0f} MB |"
    )


if __name__ == "__main__":
    sys.exit(main())
