"""Look-up time and memory of all engines by the number of rows, as one picture."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

FILTER = "middle"


def draw(results: Iterable[Mapping[str, Any]], file: Path) -> None:
    """Draw the runs that reached the end of a filter; a hollow mark means recall below 0.99."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    from matcher.notebook import style

    style.use()
    last = {(result["peer"], result["rows"]): result["steps"] for result in results}
    figure, (times, memory) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for number, peer in enumerate(dict.fromkeys(name for name, _ in last)):
        sizes = sorted(rows for name, rows in last if name == peer)
        asked = [(n, step) for n in sizes for step in last[peer, n] if step["step"] == FILTER]
        held = [(n, _held(last[peer, n])) for n in sizes if _held(last[peer, n])]
        color = (*style.PALETTE, style.GREY)[number % 8]
        line = {"color": color, "label": peer, "linewidth": 3.5 if peer == "ours" else 1.4}
        times.plot([n for n, _ in asked], [step["cpu"][0] for _, step in asked], **line)
        for rows, step in asked:
            face = color if step["recall"] >= 0.99 else "white"
            times.plot(rows, step["cpu"][0], "o", color=color, markerfacecolor=face)
        memory.plot([n for n, _ in held], [megabytes for _, megabytes in held], "o-", **line)
    for axes, title in (
        (times, "Filtered top ten, median ms of a core"),
        (memory, "Memory beyond an empty process, MB"),
    ):
        axes.set(xscale="log", yscale="log", xlabel="rows", title=title)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter("{x:,.9g}")
    figure.legend(*memory.get_legend_handles_labels(), loc="outside right center")
    figure.savefig(file, dpi=130)


def _held(steps: Iterable[Mapping[str, Any]]) -> float:
    return max((step["own"] for step in steps if step["step"] == "memory"), default=0.0)
