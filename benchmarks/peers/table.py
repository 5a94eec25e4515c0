"""Results of the peers as tables in Markdown: times of one core, in milliseconds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FILTERS = ("wide", "middle", "narrow")
Result = Mapping[str, Any]


def tables(results: Iterable[Result]) -> str:
    """One table a size; of several runs of a peer the last counts."""
    last = {(result["rows"], result["peer"]): result for result in results}
    return "\n\n".join(_table(size, last) for size in sorted({rows for rows, _ in last}))


def _table(size: int, last: Mapping[tuple[int, str], Result]) -> str:
    chosen = [result for (rows, _), result in last.items() if rows == size]
    asked = [step for result in chosen for step in result["steps"] if step["step"] in FILTERS]
    allowed = {step["step"]: f"{step['step']}, {step['rows']:,.0f} rows" for step in asked}
    heading = ["engine", "build s", "own MB", "mapped MB", *(allowed.get(f, f) for f in FILTERS)]
    lines = [heading, ["---"] * len(heading), *map(_line, chosen)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"**{size:,} rows**: p50 / p99 ms (recall)\n\n{table}"


def _line(result: Result) -> Sequence[str]:
    steps = {step["step"]: step for step in result["steps"]}
    build, held, left = steps.get("build"), steps.get("memory"), result["ended"] or "-"
    return [
        result["peer"],
        f"{build['cpu']:.0f}" if build else left,
        f"{held['own']:.0f}" if held else "-",
        f"{held['mapped']:.0f}" if held else "-",
        *(_asked(steps[name]) if name in steps else left if build else "-" for name in FILTERS),
    ]


def _asked(step: Mapping[str, Any]) -> str:
    p50, p99 = step["cpu"]
    return f"{p50:.2f} / {p99:.1f} ({step['recall']:.3f})"
