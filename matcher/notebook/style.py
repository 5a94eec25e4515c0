"""One look for all plots: print-ready, and safe for colour-blind readers.

Colours are those of Okabe and Ito (2008). A chart's title states what it shows, the line below
gives the units, the small print gives the source.
"""

from collections.abc import Sequence
from importlib.metadata import distribution
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

BLUE, ORANGE, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
SKY, YELLOW, BLACK, GREY = "#56B4E9", "#E69F00", "#222222", "#8A8A8A"
PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, YELLOW, BLACK)
SIDES = {"EU": BLUE, "EaP": ORANGE}
"""Colour of each side, the same in every notebook."""
SOURCE = "Source: shipped profiles and partnerships, collected from public pages (data/README.md)."

_FONT = "Fira Sans"
_TITLE, _SMALL = 15, 8.5


def use() -> None:
    """Switch matplotlib to this look."""
    folder = Path(str(distribution("fontpkg-fira-sans").locate_file("fontpkg_fira_sans/files")))
    for name in ("Regular", "Bold", "Italic"):
        fontManager.addfont(str(folder / f"FiraSans-{name}.ttf"))
    mpl.rcParams.update(
        {
            "font.family": [_FONT, "DejaVu Sans"],
            "font.size": 10.5,
            "axes.prop_cycle": cycler(color=PALETTE),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": GREY,
            "axes.labelcolor": BLACK,
            "axes.titlelocation": "left",
            "axes.titlesize": 11.5,
            "axes.titleweight": "bold",
            "axes.axisbelow": True,
            "axes.grid": True,
            "grid.color": "#E3E3E3",
            "grid.linewidth": 0.8,
            "xtick.color": BLACK,
            "ytick.color": BLACK,
            "xtick.major.size": 0,
            "ytick.major.size": 0,
            "text.color": BLACK,
            "legend.frameon": False,
            "figure.facecolor": "white",
            "figure.dpi": 110,
            "savefig.dpi": 220,
            "svg.fonttype": "path",
            "svg.hashsalt": "matcher",
        }
    )


def chart(
    title: str,
    subtitle: str = "",
    *,
    source: str = SOURCE,
    size: tuple[float, float] = (9.0, 5.0),
    panels: tuple[int, int] = (1, 1),
    **options: Any,
) -> tuple[Figure, Any]:
    """Start a chart.

    Parameters
    ----------
    title
        The finding, as a sentence.
    subtitle
        What is drawn, with its unit.
    source
        Where the figures come from.
    size
        Width and height, inches.
    panels
        Rows and columns of axes.
    **options
        For `matplotlib.pyplot.subplots`, such as ``sharex`` and ``width_ratios``.

    Returns
    -------
    figure, axes
        One `Axes` for a single panel, else an array of them.
    """
    figure, axes = plt.subplots(*panels, figsize=size, layout="constrained", **options)
    head, foot = fill(title, int(size[0] * 9.2)), fill(source, int(size[0] * 17.5))
    below = fill(subtitle, int(size[0] * 14))
    inch = 1 / size[1]
    top = 1 - 0.08 * inch
    drop = 0.28 * inch * len(head.splitlines())
    figure.text(0.01, top, head, size=_TITLE, weight="bold", va="top", linespacing=1.0)
    figure.text(0.01, top - drop, below, size=10.5, color="#555555", va="top")
    figure.text(0.01, 0.04 * inch, foot, size=_SMALL, color="#666666", va="bottom")
    used = drop + inch * (0.2 + 0.2 * len(below.splitlines()))
    bottom = inch * (0.12 + 0.16 * len(foot.splitlines()))
    engine: Any = figure.get_layout_engine()
    engine.set(rect=(0, bottom, 1, 1 - bottom - used))
    return figure, axes


def bars_only(axes: Axes, *, horizontal: bool = True) -> None:
    """Keep the grid lines across the bars only."""
    axes.grid(visible=False, axis="y" if horizontal else "x")
    axes.spines["bottom" if horizontal else "left"].set_visible(False)


def label_bars(axes: Axes, form: str = "{:,.0f}") -> None:
    """Write its value at the end of each bar."""
    for container in axes.containers:
        axes.bar_label(container, fmt=form, padding=3, fontsize=9.5)  # type: ignore[arg-type]


def shorten(text: str, length: int = 34) -> str:
    """Cut a name for use as a label."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def write_labels(axes: Axes, texts: Sequence[str], points: NDArray[np.float64]) -> None:
    """Write short bold labels at points of a plot; those that would overlap are moved apart.

    Parameters
    ----------
    axes
        Finished but for its labels: its limits count.
    texts, points
        n texts, and their (n, 2) wanted middles in the plot's coordinates.
    """
    halo = [withStroke(linewidth=3, foreground="white", alpha=0.9)]
    labels = [
        axes.text(x, y, text, ha="center", va="center", fontsize=8.5, weight="bold", zorder=5)
        for text, (x, y) in zip(texts, points, strict=True)
    ]
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]
    boxes = [label.get_window_extent() for label in labels]
    middles = np.array([[(b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2] for b in boxes])
    halves = np.array([[b.width / 2 + 1, b.height / 2 + 1] for b in boxes])
    for label, place in zip(labels, _apart(middles, halves), strict=True):
        label.set(position=axes.transData.inverted().transform(place), path_effects=halo)


def _apart(middles: NDArray[np.float64], halves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Push overlapping boxes apart, up and down, a little at a time."""
    moved = middles.copy()
    for _ in range(200):
        gap = halves[:, None] + halves[None] - np.abs(moved[:, None] - moved[None])
        clash = np.triu((gap > 0).all(axis=2), 1)
        if not clash.any():
            break
        for one, other in np.argwhere(clash):
            up = 1 if (moved[one, 1], one) > (moved[other, 1], other) else -1
            moved[[one, other], 1] += [up * 1.5, -up * 1.5]
    return moved


def save(figure: Figure, name: str, folder: Path | str = "figures") -> None:
    """Save a chart as PNG for slides and SVG for print, as the same bytes each time."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    figure.savefig(target / f"{name}.png", metadata={"Software": None})
    figure.savefig(target / f"{name}.svg", metadata={"Date": None, "Creator": None})
