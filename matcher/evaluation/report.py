"""An evaluation report as JSON and as text."""

from dataclasses import asdict
from typing import Any

from matcher.evaluation.bootstrap import Estimate
from matcher.evaluation.evaluate import Report, Slice
from matcher.evaluation.metrics import METRICS

_MAIN = ("eap_eu", "eu_eu")
_WIDTH = 22


def report_json(report: Report, *, brief: bool = False) -> dict[str, Any]:
    """The report with the keys that others rely on; estimates as value, low and high.

    Parameters
    ----------
    report
        What to write.
    brief
        Only the two slices that ask for EU partners.
    """
    shown = [name for name in report.slices if name in _MAIN or not brief]
    return {
        "protocol": dict(report.protocol),
        "slices": {name: _slice_json(report.slices[name]) for name in shown},
        "calibration": asdict(report.calibration),
        "exposure": {name: asdict(spread) for name, spread in report.exposure.items()},
        "both_sides": {name: estimate._asdict() for name, estimate in report.both_sides.items()},
    }


def report_text(report: Report) -> str:
    """The main slices in full, the others in one line each."""
    lines = [f"{key}: {value}" for key, value in report.protocol.items()]
    for name in (name for name in _MAIN if name in report.slices):
        lines += ["", *_slice_lines(name, report.slices[name])]
    lines += ["", "nDCG@10 in other slices: matcher, then the best baseline"]
    lines += [_short_line(name, part) for name, part in report.slices.items() if name not in _MAIN]
    lines += ["", f"calibration error at even prior: {report.calibration.error:.3f}"]
    lines += ["", "spread of the top ten of EaP askers: coverage, Gini, congestion"]
    lines += [
        f"{name:<{_WIDTH}}{spread.coverage:.2f}  {spread.gini:.2f}  {spread.congestion:.2f}"
        for name, spread in report.exposure.items()
    ]
    lines += ["", "documented pairs in which each stands in the other's top ten"]
    lines += [f"{name:<{_WIDTH}}{_shown(value)}" for name, value in report.both_sides.items()]
    return "\n".join(lines)


def _slice_json(part: Slice) -> dict[str, Any]:
    return {
        "clusters": part.clusters,
        "pairs": part.pairs,
        "rankers": {
            name: {metric: estimate._asdict() for metric, estimate in metrics.items()}
            for name, metrics in part.rankers.items()
        },
        "best_baseline": part.best_baseline,
        "gain": {metric: estimate._asdict() for metric, estimate in part.gain.items()},
        "ceiling": dict(part.ceiling),
    }


def _slice_lines(name: str, part: Slice) -> list[str]:
    heading = "".join(f"{metric:<20}" for metric in METRICS)
    lines = [f"{name}: {part.clusters} clusters, {part.pairs} pairs", f"{'':<{_WIDTH}}{heading}"]
    for ranker, metrics in part.rankers.items():
        row = "".join(f"{_shown(metrics[metric]):<20}" for metric in METRICS)
        lines.append(f"{ranker:<{_WIDTH}}{row}")
    gains = "".join(f"{_shown(part.gain[metric]):<20}" for metric in METRICS)
    ceiling = "".join(f"{part.ceiling[metric]:<20.3f}" for metric in METRICS)
    return [
        *lines,
        f"{f'over {part.best_baseline}':<{_WIDTH}}{gains}",
        f"{'best for each cluster':<{_WIDTH}}{ceiling}",
    ]


def _short_line(name: str, part: Slice) -> str:
    ours = _shown(part.rankers["matcher"]["ndcg@10"])
    theirs = _shown(part.rankers[part.best_baseline]["ndcg@10"])
    size = f"{part.clusters} clusters, {part.pairs} pairs"
    return f"{name:<50}{size:<28}{ours}  {theirs} ({part.best_baseline})"


def _shown(estimate: Estimate) -> str:
    return f"{estimate.value:.3f} [{estimate.low:.2f},{estimate.high:.2f}]"
