"""Results of the peers as tables in Markdown."""

from collections.abc import Iterable, Mapping
from typing import Any

HEADING = (
    "| engine | build s | memory MB | mapped MB | filter | rows | recall | p50 ms | p99 ms "
    "| p50 wall | setting |\n|---|---|---|---|---|---|---|---|---|---|---|"
)
Result = Mapping[str, Any]


def tables(results: Iterable[Result]) -> str:
    """One table a size; of several runs of a peer the last counts."""
    last = {(result["rows"], result["peer"]): result for result in results}
    sizes = sorted({rows for rows, _ in last})
    return "\n\n".join(
        f"{rows:,} rows\n\n{HEADING}\n"
        + "\n".join(_lines(result) for (size, _), result in last.items() if size == rows)
        for rows in sizes
    )


def _lines(result: Result) -> str:
    steps = result["steps"]
    build = next((step for step in steps if step["step"] == "build"), None)
    held = next((step for step in reversed(steps) if step["step"] == "memory"), None)
    first = [
        result["peer"],
        f"{build['wall']:.0f} ({build['cpu']:.0f} cpu)" if build else "-",
        f"{held['own']:.0f}" if held else "-",
        f"{held['mapped']:.0f}" if held else "-",
    ]
    asked = [_asked(step) for step in steps if "recall" in step]
    rows = [[*(first if place == 0 else [""] * 4), *cells] for place, cells in enumerate(asked)]
    if result["ended"]:
        rows.append([*(first if not rows else [""] * 4), result["ended"], *[""] * 6])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _asked(step: Mapping[str, Any]) -> list[str]:
    return [
        step["step"],
        f"{step['rows']:.0f}",
        f"{step['recall']:.3f}",
        f"{step['cpu'][0]:.2f}",
        f"{step['cpu'][1]:.2f}",
        f"{step['wall'][0]:.2f}",
        "" if step["effort"] is None else str(step["effort"]),
    ]
