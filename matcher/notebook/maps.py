"""Maps from the project's own outlines: nothing is fetched, borders as the UN recognises them."""

import re
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from matcher.web.pages.map import DISCLAIMER, HEIGHT, WIDTH, Role, outlines, place

MAP_SOURCE = f"Outlines: Natural Earth, corrected (data/map/README.md). {DISCLAIMER}"
_FILLS: Mapping[Role, str] = {
    "eu": "#DCE6EF",
    "eap": "#F5E3D3",
    "neighbour": "#EFEFEF",
    "rest": "#F5F5F5",
}


def draw_map(axes: Axes, fills: Mapping[str, str] | None = None) -> None:
    """Draw the countries; `fills` gives colours by country code, others get their side's tint."""
    given = fills or {}
    for code, outline in outlines().items():
        colour = given.get(code, _FILLS[outline.role])
        axes.add_patch(PathPatch(_path(outline.path), fc=colour, ec="white", lw=0.6, zorder=1))
    axes.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0), aspect="equal", facecolor="#FBFCFD")
    axes.grid(visible=False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def positions(profiles: pd.DataFrame) -> NDArray[np.float64]:
    """(n, 2) map positions of the profiles' seats, in the units of `draw_map`; NaN if unknown."""
    seats = zip(profiles["lat"], profiles["lon"], strict=True)
    known = [place(*seat)[:2] if pd.notna(seat[0]) else (np.nan, np.nan) for seat in seats]
    return np.array(known, dtype=np.float64).reshape(-1, 2)


@lru_cache(maxsize=64)
def _path(data: str) -> Path:
    """SVG path data of absolute starts, relative lines and closes, as a matplotlib path."""
    points: list[NDArray[np.float64]] = []
    codes: list[int] = []
    for ring in data.split("z"):
        numbers = np.array(re.findall(r"-?\d+", ring), dtype=np.float64).reshape(-1, 2)
        if len(numbers):
            corners = np.cumsum(numbers, axis=0)
            points += [corners, corners[:1]]
            lines = [int(Path.LINETO)] * (len(corners) - 1)
            codes += [int(Path.MOVETO), *lines, int(Path.CLOSEPOLY)]
    return Path(np.concatenate(points), codes)
