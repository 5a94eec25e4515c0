"""Reports as text."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from matcher.evaluation.documented import Report
from matcher.evaluation.graded import CLUSTERS, GradedReport
from matcher.evaluation.metrics import Estimates
from matcher.evaluation.summary import HEADLINE, MATCHER, Slice

MAIN = ("eap_eu", "eu_eu")
"""Slices of documented pairs that ask for EU partners."""

_WIDTH = 22


def main_slices(report: Report) -> Report:
    """The report with its main slices only."""
    kept = {name: report.slices[name] for name in MAIN if name in report.slices}
    return replace(report, slices=kept)


def documented_text(report: Report) -> str:
    """The main slices in full, the others in one line each."""
    lines = _protocol(report.protocol)
    for name in (name for name in MAIN if name in report.slices):
        lines += ["", *_slice_lines(name, report.slices[name])]
    lines += ["", "nDCG@10 in other slices: matcher, then the best baseline"]
    lines += [_short_line(name, part) for name, part in report.slices.items() if name not in MAIN]
    lines += ["", "first tens of EaP askers: EU clusters covered, Gini, share of the most listed"]
    lines += [
        f"{name:<{_WIDTH}}{spread.coverage:.2f}  {spread.gini:.2f}  {spread.congestion:.2f}"
        for name, spread in report.exposure.items()
    ]
    lines += ["", "documented pairs in which each stands in the other's top ten"]
    lines += [f"{name:<{_WIDTH}}{value}" for name, value in report.both_sides.items()]
    return "\n".join(lines)


def graded_text(report: GradedReport) -> str:
    """Everything, clusters in full and each language in one line."""
    lines = [*_protocol(report.protocol), "", *_slice_lines(CLUSTERS, report.slices[CLUSTERS])]
    texts = {name: part for name, part in report.slices.items() if name != CLUSTERS}
    if texts:
        lines += ["", "texts: the matcher", *_matcher_lines(texts)]
        lines += ["", "nDCG@10 of texts: matcher, then the best baseline"]
        lines += [_short_line(name, part) for name, part in texts.items()]
        lines += ["", "partners of the ten that the English text's ten has, too"]
        lines += [f"{name:<{_WIDTH}}{one}" for name, one in report.shared_with_english.items()]
    lines += ["", "what was graded, by score: pairs, mean score, share good"]
    for one in report.calibration:
        ends = f"{one['low']:g} to {one['high']:g}"
        lines.append(f"{ends:<{_WIDTH}}{one['pairs']:<8}{one['score']:<8.2f}{one['good']:.2f}")
    lines += ["", "loss when a group of features is left out", *_table(report.ablation)]
    lines += ["", "first tens asked for with a purpose, and before", *_purposes(report)]
    lines += ["", "what diversity costs and brings"]
    lines += [
        " ".join(f"{name} {_short(value)}" for name, value in point.items())
        for point in report.diversity
    ]
    return "\n".join(lines)


def _protocol(told: Mapping[str, object]) -> list[str]:
    return [f"{key}: {value}" for key, value in told.items()]


def _slice_lines(name: str, part: Slice) -> list[str]:
    gains = {f"over {part.best_baseline}": part.gain}
    return [
        f"{name}: {part.clusters} clusters, {part.pairs} pairs",
        *_table({**part.rankers, **gains}),
    ]


def _matcher_lines(slices: Mapping[str, Slice]) -> list[str]:
    return _table({name: part.rankers[MATCHER] for name, part in slices.items()})


def _table(rows: Mapping[str, Estimates]) -> list[str]:
    metrics = next(iter(rows.values()), {})
    return [
        _row("", metrics),
        *(
            _row(name, (estimates[metric] for metric in metrics))
            for name, estimates in rows.items()
        ),
    ]


def _row(name: str, cells: Iterable[object]) -> str:
    return f"{name:<{_WIDTH}}" + "".join(f"{cell!s:<22}" for cell in cells)


def _short_line(name: str, part: Slice) -> str:
    ours, theirs = (part.rankers[ranker][HEADLINE] for ranker in (MATCHER, part.best_baseline))
    size = f"{part.clusters} clusters, {part.pairs} pairs"
    return f"{name:<50}{size:<28}{ours}  {theirs} ({part.best_baseline})"


def _purposes(report: GradedReport) -> list[str]:
    columns = ("shown", "shown_before", "good", "good_before")
    return _table(
        {
            intent: {column: told[column] for column in columns}
            for intent, told in report.purposes.items()
        }
    )


def _short(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_short(part)}" for name, part in value.items())
    return f"{value:.2f}" if isinstance(value, float) else str(value)
