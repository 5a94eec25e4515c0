"""Does the value of groups find the members of documented partnerships?

Two tasks over all partnerships of three and more listed members. *Complete*: one member is hidden,
and all other clusters are ranked by what each would add to the rest. *Grow*: from one member on,
the cluster that adds most joins, ten times; the share of the true members among the ten counts.
Nothing that documents a partnership enters: ties are scores, target countries are left out, and no
condition holds, not even that both sides take part. Partnerships that share a pair are one unit of
the intervals. One half of the units, by a digest of their names, chooses the weights; the other
half is a slice of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Progress
from matcher.evaluation.documented import LEAKY
from matcher.evaluation.metrics import DRAWS, Estimate, estimate
from matcher.evaluation.protocol import group_partnerships
from matcher.matcher import Matcher
from matcher.matching.columns import Bools, Floats
from matcher.matching.corpus import Corpus
from matcher.matching.features import FEATURES
from matcher.matching.topics import column
from matcher.planning.groups.problem import needs_met, steps_of
from matcher.planning.groups.worth import NEAREST, TIES, WEIGHTS, Part, fit_of
from matcher.profiles.partnership import Partnership

FIRST, _CHUNK = 10, 100
VALUE = "group_value"
BASELINES: Mapping[str, Callable[..., Floats]] = {"mean_pair": np.mean, "best_pair": np.max}
"""Rankers by the scores with the members of a group, in the order of the parts that show them."""

GRID = tuple(product((0.0, 0.5, 1.0, 2.0, 4.0), *3 * ((0.1, 0.25, 0.5),)))
"""`NEAREST` and the weights of ties, needs and chain that are tried: each part counts a little."""

_PARTS: tuple[Part, ...] = ("ties", "needs", "chain")
Weights = tuple[float, ...]
SHIPPED: Weights = (NEAREST, *(WEIGHTS[name] for name in _PARTS))


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
        """(5, n) what each cluster would add to a group.

        The mean and the best pair score, of which the fit is made, then ties, needs, steps.
        """
        inside = self.scores[list(group)]
        fit = inside.mean(axis=0), inside.max(axis=0)
        return np.stack([*fit, self._ties(group, inside), self._needs(group), self._chain(group)])

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
    """How well groups are completed and grown, by slice; `gain` is over the baselines."""

    protocol: Mapping[str, object]
    slices: Mapping[str, GroupSlice]


def evaluate_groups(matcher: Matcher, progress: Progress | None = None) -> GroupQuality:
    """Measure both tasks on all documented partnerships of three and more listed members."""
    field = _field(matcher, progress)
    questions = list(_questions(matcher))
    parts = [field.parts(one.rest) for one in questions]
    rankings = {VALUE: [added(one) for one in parts]}
    rankings |= {name: [one[place] for one in parts] for place, name in enumerate(BASELINES)}
    hits = {
        name: np.array([_hit(ranking, one) for ranking, one in zip(ranked, questions, strict=True)])
        for name, ranked in rankings.items()
    }
    shares = {name: _grown(field, questions, name) for name in (VALUE, *BASELINES)}
    return GroupQuality(
        {
            "partnerships": len({one.partnership.id for one in questions}),
            "questions": len(questions),
            "candidates": int(field.corpus.visible.sum()),
            "weights": SHIPPED,
            "chosen_by_one_half": _chosen(questions, parts),
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
        for ranker, found in (*part.rankers.items(), ("gain", part.gain)):
            told = "  ".join(f"{measure} {value}" for measure, value in found.items())
            lines.append(f"  {ranker:<12}{told}")
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


def added(parts: Floats, weights: Weights = SHIPPED) -> Floats:
    """(n,) by how much each cluster would raise the value of a group, but for what it costs."""
    nearest, *others = weights
    mean, best, *_ = parts
    return np.asarray(fit_of(mean, best, nearest) + np.tensordot(others, parts[2:], axes=1))


def _hit(values: Floats, one: Question) -> float:
    """1 where the hidden member is among the first ten that are not in the rest; ties by id."""
    ranked = values.copy()
    ranked[list(one.rest)] = -np.inf
    return float(one.hidden in np.argsort(-ranked, kind="stable")[:FIRST])


def _chosen(questions: Sequence[Question], parts: Sequence[Floats]) -> Weights:
    """Weights that complete most of the half that chooses."""
    half = [place for place, one in enumerate(questions) if chooses(one.unit)]
    units = [questions[place].unit for place in half]

    def completed(weights: Weights) -> float:
        found = [_hit(added(parts[place], weights), questions[place]) for place in half]
        return float(by_unit(np.array(found), units).mean())

    return max(GRID, key=completed)


def chooses(unit: str) -> bool:
    """Whether a unit is of the half that chooses the weights."""
    return sha256(unit.encode()).digest()[-1] % 2 == 0


def by_unit(values: NDArray[np.float64], units: Sequence[str]) -> NDArray[np.float64]:
    """(u,) mean of each unit."""
    _, places = np.unique(units, return_inverse=True)
    return np.bincount(places, values) / np.bincount(places)


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
            values = added(field.parts(group))
        else:
            values = BASELINES[ranker](field.scores[group], axis=0)
        values = np.where(field.corpus.visible, values, -np.inf)
        values[group] = -np.inf
        group.append(int(np.argmax(values)))
    return group[1:]


def _slices(matcher: Matcher, questions: Sequence[Question]) -> dict[str, list[int]]:
    slices: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(questions):
        groups = {str(matcher.clusters[row].group) for row in (*one.rest, one.hidden)}
        side = "eap_and_eu" if len(groups) > 1 else f"{next(iter(groups)).lower()}_only"
        half = "choosing_half" if chooses(one.unit) else "other_half"
        for name in ("all", half, side, f"kind={one.partnership.kind}"):
            slices[name].append(place)
    return dict(sorted(slices.items()))


def _slice(
    questions: Sequence[Question],
    places: Sequence[int],
    hits: Mapping[str, NDArray[np.float64]],
    shares: Mapping[str, NDArray[np.float64]],
) -> GroupSlice:
    units = [one.unit for one in questions]

    def mean(values: NDArray[np.float64]) -> Estimate:
        return estimate(by_unit(values[list(places)], units))

    measured = {"hit@10": hits, "grown@10": shares}
    return GroupSlice(
        len({one.partnership.id for one in questions}),
        len(questions),
        {
            ranker: {name: mean(values[ranker]) for name, values in measured.items()}
            for ranker in hits
        },
        {
            f"{name} over {base}": mean(values[VALUE] - values[base])
            for name, values in measured.items()
            for base in BASELINES
        },
    )
