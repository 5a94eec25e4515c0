"""The second measure: are documented partners found? Metrics are averaged over clusters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from matcher.embedding.encoder import Progress
from matcher.evaluation.baselines import Ranker, Rows, baselines
from matcher.evaluation.metrics import (
    DRAWS,
    FIRST,
    METRICS,
    Estimate,
    Estimates,
    Exposure,
    Values,
    estimate,
    exposure,
)
from matcher.evaluation.protocol import (
    Link,
    Question,
    Split,
    by_asker,
    links_of,
    questions_of,
    recent_groups,
    slices_of,
)
from matcher.evaluation.summary import MATCHER, WITH_TARGETS, Slice, slices_frame
from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.matching.features import FEATURES, feature_values
from matcher.matching.model import ScoringModel
from matcher.matching.snapshot import Snapshot

if TYPE_CHECKING:
    import pandas as pd

LEAKY = "target"
"""Some target countries were written from pages about the very partnerships."""


@dataclass(frozen=True, slots=True)
class Report:
    """Outcome of an evaluation on documented partnerships.

    Attributes
    ----------
    protocol
        What was done, in words and numbers.
    slices
        By name; ``"eap_eu"`` and ``"eu_eu"`` are the main ones.
    exposure
        Ranker -> how the top ten of all EaP askers spread over the EU clusters.
    both_sides
        Ranker -> share of an EaP asker's documented EU pairs in which each stands in the other's
        top ten; empty where no EaP cluster asked.
    """

    protocol: Mapping[str, object]
    slices: Mapping[str, Slice]
    exposure: Mapping[str, Exposure]
    both_sides: Estimates

    def to_frame(self) -> "pd.DataFrame":
        """One row for each slice, ranker and metric: value and 95 % interval."""
        return slices_frame(self.slices)


def evaluate_split(
    snapshot: Snapshot, model: ScoringModel, split: Split = "all", progress: Progress | None = None
) -> Report:
    """Look for all documented partners, or for those of partnerships since `RECENT` (``time``)."""
    links = links_of(snapshot.corpus, snapshot.partnerships)
    recent = recent_groups(snapshot.partnerships)
    asked = [link for link in links if split == "all" or link.group in recent]
    return _report(snapshot.corpus, model, asked, links, {"split": split}, progress)


def evaluate_pairs(
    snapshot: Snapshot,
    model: ScoringModel,
    pairs: Sequence[tuple[int, int]],
    progress: Progress | None = None,
) -> Report:
    """Look for given partners; those that are documented together with them are not known.

    Parameters
    ----------
    snapshot, model
        The clusters and partnerships, and how they are scored.
    pairs
        Rows of (cluster, partner).
    progress
        Told how many questions are answered.
    """
    links = links_of(snapshot.corpus, snapshot.partnerships)
    given = {frozenset(pair) for pair in pairs}
    held_out = {link.group for link in links if {link.asker, link.partner} in given}
    evidence = [link for link in links if link.group not in held_out]
    asked = [Link(*pair, "given") for pair in sorted(set(pairs))]
    told = {"pairs_given": len(asked), "partnerships_held_out_with_them": len(held_out)}
    return _report(snapshot.corpus, model, asked, evidence, told, progress)


def _report(
    corpus: Corpus,
    model: ScoringModel,
    asked: Sequence[Link],
    evidence: Sequence[Link],
    told: Mapping[str, object],
    progress: Progress | None,
) -> Report:
    questions = questions_of(corpus, asked, evidence)
    lists = _answer(corpus, questions, _rankers(corpus, model), progress)
    values = {name: _measure(questions, ranked) for name, ranked in lists.items()}
    return Report(
        protocol={**told, **_describe(questions, model)},
        slices={
            name: _slice(questions, values, places)
            for name, places in slices_of(corpus, questions, evidence).items()
        },
        exposure={name: _exposure(corpus, questions, ranked) for name, ranked in lists.items()},
        both_sides=_both_sides(questions, lists),
    )


def _rankers(corpus: Corpus, model: ScoringModel) -> dict[str, Ranker]:
    leaky = list(FEATURES).index(LEAKY)

    @lru_cache(maxsize=1)
    def added(asker: str) -> Floats:
        values = feature_values(corpus.take(np.array([corpus.row_of[asker]])), corpus)
        return np.asarray(sum(map(model.added, values)))

    def without(asker: Corpus, rows: Rows) -> Floats:
        return np.asarray(np.delete(added(asker.ids[0])[rows], leaky, axis=1).sum(axis=1))

    def with_targets(asker: Corpus, rows: Rows) -> Floats:
        return np.asarray(added(asker.ids[0])[rows].sum(axis=1))

    return {MATCHER: without, WITH_TARGETS: with_targets, **baselines(corpus)}


def _answer(
    corpus: Corpus,
    questions: Sequence[Question],
    rankers: Mapping[str, Ranker],
    progress: Progress | None,
) -> dict[str, list[list[int]]]:
    """For each ranker and question the candidates' rows, best first; ties by row, hence id."""
    lists: dict[str, list[list[int]]] = {name: [] for name in rankers}
    for done, question in enumerate(questions, start=1):
        rows, asker = np.flatnonzero(question.candidates), corpus.take(np.array([question.asker]))
        for name, ranker in rankers.items():
            order = np.argsort(-ranker(asker, rows), kind="stable")
            lists[name].append(rows[order].tolist())
        if progress:
            progress(done, len(questions))
    return lists


def _exposure(
    corpus: Corpus, questions: Sequence[Question], lists: Sequence[Sequence[int]]
) -> Exposure:
    asked = zip(questions, lists, strict=True)
    tops = [ranked[:FIRST] for question, ranked in asked if question.direction == "eap_eu"]
    in_eu = np.array([profile.group == "EU" for profile in corpus.profiles])
    return exposure(tops, int((corpus.visible & in_eu).sum()))


def _both_sides(
    questions: Sequence[Question], lists: Mapping[str, Sequence[Sequence[int]]]
) -> dict[str, Estimate]:
    if not any(question.direction == "eap_eu" for question in questions):
        return {}
    return {name: estimate(_mutual(questions, ranked)) for name, ranked in lists.items()}


def _mutual(questions: Sequence[Question], lists: Sequence[Sequence[int]]) -> Values:
    """For each EaP asker the share of its documented pairs that are in both sides' top ten.

    Parameters
    ----------
    questions
        Questions of all directions: a pair counts where both sides asked about the same group.
    lists
        For each question the rows in order.
    """
    near = {
        (question.asker, row, question.group)
        for question, ranked in zip(questions, lists, strict=True)
        for row in ranked[:FIRST]
        if row in question.relevant
    }
    shares: dict[int, list[bool]] = {}
    for question in questions:
        if question.direction == "eap_eu":
            shares.setdefault(question.asker, []).extend(
                {(question.asker, row, question.group), (row, question.asker, question.group)}
                <= near
                for row in sorted(question.relevant)
            )
    return np.array([np.mean(shares[asker]) for asker in sorted(shares)])


def _describe(questions: Sequence[Question], model: ScoringModel) -> dict[str, object]:
    return {
        "questions": len(questions),
        "groups": len({question.group for question in questions}),
        "model": f"{model.version}, the same for all questions, learned from no partnership",
        "candidates": "all visible clusters of the asked side in other countries; partners from "
        "other groups are known and left out",
        "average": "over a cluster's questions, then over clusters",
        "interval": f"95 % percentile bootstrap over clusters, {DRAWS} draws",
        "target_countries": f"not used by any ranker but {WITH_TARGETS}",
    }


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
    return Slice.of(sum(len(question.relevant) for question in chosen), per_cluster)


def _means(measured: Values, groups: Iterable[Sequence[int]]) -> Values:
    return np.array([measured[list(group)].mean() for group in groups])
