"""A report of one page: some figures, and plots of bars whose labels may be in any script."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepInFrame, Spacer

from matcher.documents.fonts import register_fonts
from matcher.documents.paper import DEEP, INK, SOFT, WARM, bound, row, text

_MARGIN = 20 * mm
_WIDTH, _HEIGHT = A4[0] - 2 * _MARGIN, A4[1] - 2 * _MARGIN
_LABEL, _NUMBER, _BAR = 62 * mm, 16 * mm, 4.5 * mm


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot of bars: what it shows, and each bar with its label; `empty` stands for none."""

    title: str
    bars: Sequence[tuple[str, int]]
    empty: str


@dataclass(frozen=True, slots=True)
class Report:
    """A page: title with a softer line below, figures with their names, plots."""

    title: str
    subtitle: str
    figures: Sequence[tuple[str, str]]
    plots: Sequence[Plot]
    language: str


def report_pdf(report: Report) -> bytes:
    """Render a report on one page of A4; the same report gives the same bytes."""
    register_fonts()
    parts: list[Flowable] = [
        text(report.title, 20, DEEP, bold=True),
        Spacer(0, 1.5 * mm),
        text(report.subtitle, 10, SOFT),
        Spacer(0, 8 * mm),
        _figures(report.figures),
    ]
    for plot in report.plots:
        parts += [Spacer(0, 9 * mm), *_plot(plot)]
    page = KeepInFrame(_WIDTH, _HEIGHT, parts, mode="shrink")
    return bound([page], title=report.title, language=report.language, margins=(_MARGIN,) * 3)


def _figures(figures: Sequence[tuple[str, str]]) -> Flowable:
    width = _WIDTH / len(figures)
    numbers = row(
        [text(number, 19, INK, bold=True) for _, number in figures], [width] * len(figures)
    )
    names = row([text(name, 9, SOFT) for name, _ in figures], [width] * len(figures))
    return row([KeepInFrame(_WIDTH, 40 * mm, [numbers, Spacer(0, 1 * mm), names])], [_WIDTH])


def _plot(plot: Plot) -> list[Flowable]:
    most = max((count for _, count in plot.bars), default=0)
    parts: list[Flowable] = [text(plot.title, 12.5, WARM, bold=True), Spacer(0, 3 * mm)]
    for label, count in plot.bars:
        line = [
            text(label, 9.5),
            _bar(count / most if most else 0),
            text(str(count), 9.5, right=True),
        ]
        parts += [row(line, [_LABEL, _WIDTH - _LABEL - _NUMBER, _NUMBER]), Spacer(0, 1.5 * mm)]
    return parts if plot.bars else [*parts, text(plot.empty, 10, SOFT)]


def _bar(share: float) -> Drawing:
    width = _WIDTH - _LABEL - _NUMBER - 4 * mm
    drawing = Drawing(width, _BAR)
    bar = Rect(0, 0, max(0.4, width * share), _BAR)
    bar.fillColor, bar.strokeColor = DEEP, None
    drawing.add(bar)
    return drawing
