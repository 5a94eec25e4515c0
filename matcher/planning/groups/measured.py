"""Does the value of groups find the members of documented partnerships?

Two tasks over all partnerships of three and more listed members. *Complete*: one member is hidden,
and all other clusters are ranked by what each would add to the rest. *Grow*: from one member on,
the cluster that adds most joins, ten times; the share of the true members among the ten counts.
Nothing that documents a partnership enters: ties are scores, target countries are left out, and no
condition holds, not even that both sides take part. Partnerships that share a pair are one unit of
the intervals and of the folds in which the weights are chosen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Progress
from matcher.evaluation.bootstrap import DRAWS, Estimate, estimate
from matcher.evaluation.documented import LEAKY
from matcher.evaluation.protocol import group_partnerships
from matcher.matcher import Matcher
from matcher.matching.columns import Bools, Floats
from matcher.matching.corpus import Corpus
from matcher.matching.features import FEATURES
from matcher.matching.topics import column
from matcher.planning.groups.problem import needs_met, steps_of
from matcher.planning.groups.worth import TIES, WEIGHTS, Part
from matcher.profiles.partnership import Partnership

FIRST, FOLDS, _CHUNK = 10, 5, 100
VALUE, CHOSEN = "group_value", "group_value_weights_chosen_in_folds"
BASELINES = ("mean_pair", "best_pair")
GRID = tuple(product((0.25, 0.5, 1.0, 2.0), (0.1, 0.25, 0.5), (0.1, 0.25, 0.5)))
"""Weights of ties, needs and chain that are tried beside a fit of 1: each part counts a little."""

_PARTS: tuple[Part, ...] = ("fit", "ties", "needs", "chain")
Weights = tuple[float, float, float]


class Question(NamedTuple):
    """A partnership without one member: rows of the rest, and of the hidden one."""

    partnership: Partnership
    unit: str
    rest: tuple[int, ...]
    hidden: int


@dataclass(frozen=True)
class Field:
    """All clusters as they meet: (n, n) scores, (q, n) needs met with their owners, the corpus."""

    scores: Floats
    needs: Bools
    owners: NDArray[np.intp]
    corpus: Corpus

    def parts(self, group: Sequence[int]) -> Floats:
        """(4, n) what each cluster would add to a group: fit, ties, needs, steps of the chain."""
        inside = self.scores[list(group)]
        return np.stack(
            [inside.mean(axis=0), self._ties(group, inside), self._needs(group), self._chain(group)]
        )

    def _ties(self, group: Sequence[int], inside: Floats) -> Floats:
        own = -np.sort(-inside, axis=0)[:TIES].sum(axis=0)
        among = inside[:, list(group)].copy()
        np.fill_diagonal(among, 0)
        ranked = -np.sort(-np.pad(among, ((0, 0), (0, TIES))), axis=1)
        raised = np.maximum(0, inside - ranked[:, [TIES - 1]]).sum(axis=0)
        return np.asarray((own + raised) / TIES)

    def _needs(self, group: Sequence[int]) -> Floats:
        count = np.maximum(np.bincount(self.owners, minlength=self.scores.shape[1]), 1)
        ours = np.isin(self.owners, group)
        met = self.needs[:, list(group)].any(axis=1)
        open_ours = self.needs[ours & ~met] / count[self.owners[ours & ~met], None]
        theirs = np.bincount(self.owners, met, self.scores.shape[1]) / count
        return np.asarray(open_ours.sum(axis=0) + theirs)

    def _chain(self, group: Sequence[int]) -> Floats:
        places = [column(step) for step in steps_of(self.corpus, group)]
        covers = self.corpus.trades[:, places]
        missing = ~covers[list(group)].any(axis=0)
        return np.asarray((covers & missing).sum(axis=1) / max(len(places), 1))


@dataclass(frozen=True, slots=True)
class GroupSlice:
    """One part of the partnerships: how many, and ranker -> measure -> mean with its interval."""

    partnerships: int
    questions: int
    rankers: Mapping[str, Mapping[str, Estimate]]
    gain: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class GroupQuality:
    """How well groups are completed and grown, by slice; `gain` is over the mean pair score."""

    protocol: Mapping[str, object]
    slices: Mapping[str, GroupSlice]


def evaluate_groups(matcher: Matcher, progress: Progress | None = None) -> GroupQuality:
    """Measure both tasks on all documented partnerships of three and more listed members."""
    field = _field(matcher, progress)
    questions = list(_questions(matcher))
    parts = [field.parts(one.rest) for one in questions]
    hits = {
        name: np.array([_hit(ranking, one) for ranking, one in zip(ranked, questions, strict=True)])
        for name, ranked in _rankings(field, questions, parts).items()
    }
    shares = {name: _grown(field, questions, name) for name in (VALUE, *BASELINES)}
    chosen, best, hits[CHOSEN] = _chosen(questions, parts)
    return GroupQuality(
        {
            "partnerships": len({one.partnership.id for one in questions}),
            "questions": len(questions),
            "candidates": int(field.corpus.visible.sum()),
            "weights": {name: WEIGHTS[name] for name in _PARTS},
            "best_of_all": best,
            "chosen_in_folds": chosen,
            "interval": f"95 % percentile bootstrap over groups of partnerships, {DRAWS} draws",
        },
        {
            name: _slice([questions[place] for place in places], places, hits, shares)
            for name, places in _slices(matcher, questions).items()
        },
    )


def quality_text(quality: GroupQuality) -> str:
    """Write the figures, one line for each slice and ranker."""
    lines = [f"{name}: {value}" for name, value in quality.protocol.items()]
    for name, part in quality.slices.items():
        lines += ["", f"{name}: {part.partnerships} partnerships, {part.questions} questions"]
        for ranker, found in (*part.rankers.items(), (f"over {BASELINES[0]}", part.gain)):
            told = "  ".join(f"{measure} {value}" for measure, value in found.items())
            lines.append(f"  {ranker:<38}{told}")
    return "\n".join(lines)


def _field(matcher: Matcher, progress: Progress | None) -> Field:
    corpus, ids = matcher.snapshot.corpus, matcher.snapshot.corpus.ids
    scores = np.empty((len(ids), len(ids)), dtype=np.float32)
    met: list[Bools] = []
    owners: list[int] = []
    leaky = list(FEATURES).index(LEAKY)
    for start in range(0, len(ids), _CHUNK):
        rows = range(start, min(start + _CHUNK, len(ids)))
        pairs = matcher.pair_scores([ids[row] for row in rows], "all")
        for values in (pairs.to_asker, pairs.to_partner):
            values[:, :, leaky] = np.nan
        scores[start : start + _CHUNK] = replace(pairs).score
        for row in rows:
            for need in _needs_met(corpus, row):
                met.append(need)
                owners.append(row)
        if progress:
            progress(rows.stop, len(ids))
    np.fill_diagonal(scores, 0)
    both = np.asarray((scores + scores.T) / 2, dtype=np.float32)
    return Field(both, np.array(met), np.array(owners), corpus)


def _needs_met(corpus: Corpus, row: int) -> list[Bools]:
    """(n,) for each need of a cluster, whose offers are said to meet it."""
    met = {need.phrase: np.zeros(len(corpus), np.bool_) for need in corpus.meanings[row].seeks}
    for one in needs_met(corpus, row):
        met[one.need][one.giver] = True
    return list(met.values())


def _questions(matcher: Matcher) -> Iterable[Question]:
    corpus = matcher.snapshot.corpus
    units = group_partnerships(matcher.partnerships)
    for partnership in matcher.partnerships:
        rows = [
            corpus.row_of[key]
            for key in partnership.member_ids
            if key in corpus.row_of and corpus.visible[corpus.row_of[key]]
        ]
        if len(rows) >= 3:
            for hidden in rows:
                rest = tuple(row for row in rows if row != hidden)
                yield Question(partnership, units[partnership.id], rest, hidden)


def _rankings(
    field: Field, questions: Sequence[Question], parts: Sequence[Floats]
) -> dict[str, list[Floats]]:
    best = [field.scores[list(one.rest)].max(axis=0) for one in questions]
    return {
        VALUE: [_joined(one, _shipped()) for one in parts],
        BASELINES[0]: [one[0] for one in parts],
        BASELINES[1]: best,
    }


def _joined(parts: Floats, weights: Weights) -> Floats:
    return np.asarray(parts[0] + np.tensordot(weights, parts[1:], axes=1))


def _shipped() -> Weights:
    ties, needs, chain = (WEIGHTS[name] for name in _PARTS[1:])
    return ties, needs, chain


def _hit(values: Floats, one: Question) -> float:
    """1 where the hidden member is among the first ten that are not in the rest; ties by id."""
    ranked = values.copy()
    ranked[list(one.rest)] = -np.inf
    return float(one.hidden in np.argsort(-ranked, kind="stable")[:FIRST])


def _chosen(
    questions: Sequence[Question], parts: Sequence[Floats]
) -> tuple[list[Weights], Weights, NDArray[np.float64]]:
    """Weights chosen without each fold, and on all questions; hits under those of other folds."""
    units = sorted({one.unit for one in questions})
    folds = np.array([units.index(one.unit) % FOLDS for one in questions])
    hits = np.array(
        [
            [_hit(_joined(part, weights), one) for part, one in zip(parts, questions, strict=True)]
            for weights in GRID
        ]
    )
    best = [int(hits[:, folds != fold].mean(axis=1).argmax()) for fold in range(FOLDS)]
    own = np.array([hits[best[fold], place] for place, fold in enumerate(folds)])
    return [GRID[place] for place in best], GRID[int(hits.mean(axis=1).argmax())], own


def _grown(field: Field, questions: Sequence[Question], ranker: str) -> NDArray[np.float64]:
    """Share of the true members among the ten that join a hidden member, one by one."""
    known: dict[int, list[int]] = {}
    for one in questions:
        if one.hidden not in known:
            known[one.hidden] = _ten(field, one.hidden, ranker)
    return np.array(
        [len(set(known[one.hidden]) & set(one.rest)) / len(one.rest) for one in questions]
    )


def _ten(field: Field, start: int, ranker: str) -> list[int]:
    group = [start]
    while len(group) <= FIRST:
        if ranker == VALUE:
            values = _joined(field.parts(group), _shipped())
        elif ranker == BASELINES[0]:
            values = field.scores[group].mean(axis=0)
        else:
            values = field.scores[group].max(axis=0)
        values = np.where(field.corpus.visible, values, -np.inf)
        values[group] = -np.inf
        group.append(int(np.argmax(values)))
    return group[1:]


def _slices(matcher: Matcher, questions: Sequence[Question]) -> dict[str, list[int]]:
    slices: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(questions):
        groups = {str(matcher.clusters[row].group) for row in (*one.rest, one.hidden)}
        side = "eap_and_eu" if len(groups) > 1 else f"{next(iter(groups)).lower()}_only"
        for name in ("all", side, f"kind={one.partnership.kind}"):
            slices[name].append(place)
    return dict(sorted(slices.items()))


def _slice(
    questions: Sequence[Question],
    places: Sequence[int],
    hits: Mapping[str, NDArray[np.float64]],
    shares: Mapping[str, NDArray[np.float64]],
) -> GroupSlice:
    of_unit: dict[str, list[int]] = defaultdict(list)
    for place, one in zip(places, questions, strict=True):
        of_unit[one.unit].append(place)

    def means(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([values[own].mean() for own in of_unit.values()])

    measured = {"hit@10": hits, "grown@10": shares}
    base = BASELINES[0]
    return GroupSlice(
        len({one.partnership.id for one in questions}),
        len(questions),
        {
            ranker: {
                name: estimate(means(values[ranker]))
                for name, values in measured.items()
                if ranker in values
            }
            for ranker in hits
        },
        {
            f"{name} {ranker}": estimate(means(values[ranker] - values[base]))
            for name, values in measured.items()
            for ranker in values
            if ranker not in BASELINES
        },
    )
