"""The evaluation: every ranker answers every question; metrics are averaged over clusters."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Progress
from matcher.evaluation.baselines import Ranker, baselines
from matcher.evaluation.bootstrap import Estimate, estimate
from matcher.evaluation.calibration import Calibration, calibration
from matcher.evaluation.examples import LEAKY, FactorTable
from matcher.evaluation.exposure import Exposure, exposure
from matcher.evaluation.metrics import METRICS
from matcher.evaluation.mutual import TOP, both_sides_hits
from matcher.evaluation.protocol import (
    Link,
    Question,
    Split,
    by_asker,
    fold_of,
    links_of,
    part_of,
    questions_of,
    recent_groups,
)
from matcher.evaluation.slices import slices_of
from matcher.evaluation.training import Fit, fit
from matcher.frames import pandas
from matcher.matching.corpus import Corpus
from matcher.matching.snapshot import Snapshot

if TYPE_CHECKING:
    import pandas as pd

MATCHER, WITH_TARGETS = "matcher", "matcher_with_targets"
HEADLINE = "ndcg@10"

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of the questions.

    Attributes
    ----------
    clusters, pairs
        Askers and documented pairs in it.
    rankers
        Ranker -> metric -> mean over clusters with its interval.
    best_baseline
        The baseline with the highest nDCG@10.
    gain
        Metric -> paired difference of the matcher and that baseline, with its interval.
    ceiling
        Metric -> what an oracle reaches that picks the best ranker for each cluster, target
        countries left out: how far any mix of these rankers could come.
    """

    clusters: int
    pairs: int
    rankers: Mapping[str, Mapping[str, Estimate]]
    best_baseline: str
    gain: Mapping[str, Estimate]
    ceiling: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Report:
    """Outcome of an evaluation.

    Attributes
    ----------
    protocol
        What was done, in words and numbers.
    slices
        By name; ``"eap_eu"`` and ``"eu_eu"`` are the main ones.
    calibration
        How far scores can be read as probabilities.
    exposure
        Ranker -> how the top ten of all EaP askers spread over the EU clusters.
    both_sides
        Ranker -> share of an EaP asker's documented EU pairs in which each stands in the other's
        top ten; empty where no EaP cluster asked.
    """

    protocol: Mapping[str, object]
    slices: Mapping[str, Slice]
    calibration: Calibration
    exposure: Mapping[str, Exposure]
    both_sides: Mapping[str, Estimate]

    def to_frame(self) -> "pd.DataFrame":
        """One row for each slice, ranker and metric: value and 95 % interval."""
        rows = [
            (name, one.clusters, one.pairs, ranker, metric, *found)
            for name, one in self.slices.items()
            for ranker, metrics in one.rankers.items()
            for metric, found in metrics.items()
        ]
        columns = ["slice", "clusters", "pairs", "ranker", "metric", "value", "low", "high"]
        frame: pd.DataFrame = pandas().DataFrame(rows, columns=columns)
        return frame


def evaluate_split(
    snapshot: Snapshot, split: Split = "dev", progress: Progress | None = None
) -> Report:
    """Evaluate on the shipped partnerships.

    ``dev`` and ``all``: cross-validation by groups of partnerships, the weights for each fold
    learned from the other folds. ``test``: weights learned from the dev groups alone. ``time``:
    partnerships that began in `RECENT` or later, answered by weights learned from earlier ones.
    """
    corpus = snapshot.corpus
    links = links_of(corpus, snapshot.partnerships)
    recent = recent_groups(snapshot.partnerships)
    asked = [link for link in links if _is_asked(link, split, recent)]
    questions = questions_of(corpus, asked, links)
    if split in ("test", "time"):
        groups = {link.group for link in asked}
        training = [link for link in links if link.group not in groups]
        table, fits = _one_fit(questions, corpus, training)
        learned = "weights learned from all other groups, which share no pair with those asked for"
    else:
        table = FactorTable.of(corpus, (question.asker for question in questions))
        fits = cross_fit(questions, table)
        learned = "weights cross-validated: each fold of groups answered by the others' weights"
    protocol = {"split": split, "weights": learned}
    return _report(corpus, questions, table, fits, links, protocol, progress)


def _is_asked(link: Link, split: Split, recent: Collection[str]) -> bool:
    if split == "time":
        return link.group in recent
    return split in ("all", part_of(link.group))


def evaluate_pairs(
    snapshot: Snapshot, pairs: Sequence[tuple[int, int]], progress: Progress | None = None
) -> Report:
    """Evaluate on given pairs of rows; no partnership that documents one of them is learned from.

    Parameters
    ----------
    snapshot
        The clusters and partnerships.
    pairs
        Rows of (cluster, partner).
    progress
        Told how many questions are answered.
    """
    corpus = snapshot.corpus
    links = links_of(corpus, snapshot.partnerships)
    given = {frozenset(pair) for pair in pairs}
    held_out = {link.group for link in links if {link.asker, link.partner} in given}
    evidence = [link for link in links if link.group not in held_out]
    asked = [Link(*pair, "given") for pair in sorted(set(pairs))]
    questions = questions_of(corpus, asked, evidence)
    table, fits = _one_fit(questions, corpus, evidence)
    protocol = {
        "pairs_given": len(set(pairs)),
        "pairs_in_own_country_left_out": len(asked) - sum(len(q.relevant) for q in questions),
        "partnerships_held_out_with_them": len(held_out),
        "weights": "learned from the partnerships that document none of the pairs",
    }
    return _report(corpus, questions, table, fits, evidence, protocol, progress)


def cross_fit(questions: Sequence[Question], table: FactorTable) -> list[Fit]:
    """For each question the weights that were learned without its fold."""
    blind = table.without(LEAKY)
    folds = [fold_of(question.group) for question in questions]
    fits = {
        held_out: fit(
            [q for q, fold in zip(questions, folds, strict=True) if fold != held_out], blind
        )
        for held_out in sorted(set(folds))
    }
    return [fits[fold] for fold in folds]


def _one_fit(
    questions: Sequence[Question], corpus: Corpus, training: list[Link]
) -> tuple[FactorTable, list[Fit]]:
    """Factors of all askers on one scale, and for each question the weights learned apart."""
    examples = questions_of(corpus, training, training)
    table = FactorTable.of(corpus, (question.asker for question in (*questions, *examples)))
    return table, [fit(examples, table.without(LEAKY))] * len(questions)


def _report(
    corpus: Corpus,
    questions: Sequence[Question],
    table: FactorTable,
    fits: Sequence[Fit],
    evidence: list[Link],
    protocol: Mapping[str, object],
    progress: Progress | None,
) -> Report:
    blind = table.without(LEAKY)
    learned = {id(question): fitted for question, fitted in zip(questions, fits, strict=True)}
    rankers: dict[str, Ranker] = {
        MATCHER: lambda q: learned[id(q)].logits(blind.values[q.asker]),
        WITH_TARGETS: lambda q: learned[id(q)].logits(table.values[q.asker]),
        **baselines(corpus, evidence),
    }
    lists = _answer(questions, rankers, progress)
    values = {name: _measure(questions, ranked) for name, ranked in lists.items()}
    return Report(
        protocol={**protocol, **_describe(questions)},
        slices={
            name: _slice(questions, values, places)
            for name, places in slices_of(corpus, questions, evidence).items()
        },
        calibration=calibration(questions, blind, fits),
        exposure={name: _exposure(corpus, questions, ranked) for name, ranked in lists.items()},
        both_sides=_both_sides(questions, lists),
    )


def _exposure(
    corpus: Corpus, questions: Sequence[Question], lists: Sequence[Sequence[int]]
) -> Exposure:
    asked = zip(questions, lists, strict=True)
    tops = [ranked[:TOP] for question, ranked in asked if question.direction == "eap_eu"]
    in_eu = np.array([profile.group == "EU" for profile in corpus.profiles])
    return exposure(tops, int((corpus.visible & in_eu).sum()))


def _both_sides(
    questions: Sequence[Question], lists: Mapping[str, Sequence[Sequence[int]]]
) -> dict[str, Estimate]:
    if not any(question.direction == "eap_eu" for question in questions):
        return {}
    return {
        name: estimate(both_sides_hits(questions, ranked, "eap_eu"))
        for name, ranked in lists.items()
    }


def _describe(questions: Sequence[Question]) -> dict[str, object]:
    return {
        "questions": len(questions),
        "groups": len({question.group for question in questions}),
        "candidates": "all visible clusters of the asked side in other countries; partners from "
        "other groups are known and left out",
        "average": "over a cluster's questions, then over clusters",
        "interval": "95 % percentile bootstrap over clusters, 2000 draws",
        "target_countries": "not used by any ranker but matcher_with_targets",
    }


def _answer(
    questions: Sequence[Question], rankers: Mapping[str, Ranker], progress: Progress | None
) -> dict[str, list[list[int]]]:
    """For each ranker and question the candidates' rows, best first; ties by row, hence id."""
    lists: dict[str, list[list[int]]] = {name: [] for name in rankers}
    for done, question in enumerate(questions, start=1):
        rows = np.flatnonzero(question.candidates)
        for name, ranker in rankers.items():
            order = np.argsort(-ranker(question)[rows], kind="stable")
            lists[name].append(rows[order].tolist())
        if progress:
            progress(done, len(questions))
    return lists


def _measure(questions: Sequence[Question], lists: Sequence[Sequence[int]]) -> dict[str, Values]:
    return {
        name: np.array(
            [metric(ranked, q.relevant) for ranked, q in zip(lists, questions, strict=True)]
        )
        for name, metric in METRICS.items()
    }


def _slice(
    questions: Sequence[Question],
    values: Mapping[str, Mapping[str, Values]],
    places: Sequence[int],
) -> Slice:
    chosen = [questions[place] for place in places]
    askers = [[places[i] for i in own] for own in by_asker(chosen).values()]
    per_cluster = {
        ranker: {name: _means(measured, askers) for name, measured in metrics.items()}
        for ranker, metrics in values.items()
    }
    plain = [name for name in values if name not in (MATCHER, WITH_TARGETS)]
    best = max(plain, key=lambda name: float(per_cluster[name][HEADLINE].mean()))
    return Slice(
        clusters=len(askers),
        pairs=sum(len(question.relevant) for question in chosen),
        rankers=_each(per_cluster, estimate),
        best_baseline=best,
        gain={
            name: estimate(per_cluster[MATCHER][name] - per_cluster[best][name]) for name in METRICS
        },
        ceiling={name: _ceiling(per_cluster, (MATCHER, *plain), name) for name in METRICS},
    )


def _ceiling(
    per_cluster: Mapping[str, Mapping[str, Values]], rankers: Sequence[str], metric: str
) -> float:
    return float(np.max([per_cluster[name][metric] for name in rankers], axis=0).mean())


def _means(measured: Values, groups: Iterable[Sequence[int]]) -> Values:
    return np.array([measured[list(group)].mean() for group in groups])


def _each(
    table: Mapping[str, Mapping[str, Values]], function: Callable[[Values], Estimate]
) -> dict[str, dict[str, Estimate]]:
    return {
        ranker: {name: function(values) for name, values in metrics.items()}
        for ranker, metrics in table.items()
    }
