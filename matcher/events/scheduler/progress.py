"""How far scheduling has come, told while it goes on."""

from collections.abc import Callable
from typing import Literal

Stage = Literal[
    "keeping what can stay",
    "choosing pairs and slots",
    "improving the choice",
    "closing idle gaps",
    "seating",
]
Progress = Callable[[float, Stage, float | None], None]
"""Told the share of the work done, what goes on, and the share of the value bound still open."""


def silent(share: float, stage: Stage, gap: float | None) -> None:
    """Tell nobody."""


def between(progress: Progress, start: float, end: float) -> Progress:
    """Progress of a part of the work, which takes the whole from `start` to `end`."""

    def tell(share: float, stage: Stage, gap: float | None) -> None:
        progress(start + (end - start) * share, stage, gap)

    return tell
