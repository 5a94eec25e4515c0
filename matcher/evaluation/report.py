"""Reports as text."""

from collections.abc import Iterable, Mapping

from matcher.evaluation.bootstrap import Estimates
from matcher.evaluation.documented import Report
from matcher.evaluation.graded import CLUSTERS, GradedReport
from matcher.evaluation.summary import HEADLINE, MATCHER, Slice

MAIN = ("eap_eu", "eu_eu")
"""Slices of documented pairs that ask for EU partners."""

_WIDTH = 22


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
    lines += [
        f"{f'{one.low:g} to {one.high:g}':<{_WIDTH}}"
        f"{one.pairs:>6}{one.predicted:>8.2f}{one.good:>8.2f}"
        for one in report.calibration
    ]
    lines += ["", "loss when a group of features is left out", *_table(report.ablation)]
    lines += ["", *_purpose_lines(report), "", *_diversity_lines(report)]
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
        *(_row(name, (estimates[metric] for metric in metrics)) for name, estimates in rows.items()),
    ]


def _row(name: str, cells: Iterable[object]) -> str:
    return f"{name:<{_WIDTH}}" + "".join(f"{cell!s:<22}" for cell in cells)


def _short_line(name: str, part: Slice) -> str:
    ours, theirs = (part.rankers[ranker][HEADLINE] for ranker in (MATCHER, part.best_baseline))
    size = f"{part.clusters} clusters, {part.pairs} pairs"
    return f"{name:<50}{size:<28}{ours}  {theirs} ({part.best_baseline})"


def _purpose_lines(report: GradedReport) -> list[str]:
    return [
        "share of the ten that show evidence for a purpose; good; good of the graded; graded "
        "(without the purpose)",
        *(
            f"{intent:<{_WIDTH}}{one.shown.value:.2f} ({one.shown_before.value:.2f})  "
            f"{one.good.value:.2f} ({one.good_before.value:.2f})  {one.good_of_graded.value:.2f} "
            f"({one.good_of_graded_before.value:.2f})  {one.graded.value:.2f}"
            for intent, one in report.purposes.items()
        ),
    ]


def _diversity_lines(report: GradedReport) -> list[str]:
    return [
        "diversity: nDCG@10; EU clusters covered, share of the most listed; countries in first five",
        *(
            f"{one.diversity:<{_WIDTH}}{one.metrics[HEADLINE]}  {one.spread.coverage:.2f}  "
            f"{one.spread.congestion:.2f}  "
            + ", ".join(f"{code} {share:.2f}" for code, share in one.countries.items())
            for one in report.diversity
        ),
    ]
