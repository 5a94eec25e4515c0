"""Studies of the scoring model: what each factor and each partnership adds, and what is missed.

All of them cross-validate by groups of partnerships, as `matcher.evaluation.evaluate` does, and
leave target countries out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.evaluation.bootstrap import Estimate, estimate
from matcher.evaluation.evaluate import HEADLINE, cross_fit
from matcher.evaluation.examples import LEAKY, FactorTable
from matcher.evaluation.metrics import METRICS
from matcher.evaluation.protocol import (
    Direction,
    Question,
    Split,
    by_asker,
    fold_of,
    links_of,
    part_of,
    questions_of,
)
from matcher.evaluation.training import PRIOR, Fit, fit
from matcher.matching.columns import Floats
from matcher.matching.corpus import Corpus
from matcher.matching.features import FACTORS
from matcher.matching.snapshot import Snapshot

Values = NDArray[np.float64]
DIRECTIONS: tuple[Direction, ...] = ("eap_eu", "eu_eu")
"""Directions that are reported; the weights are learned from all."""
_LIST = 10


@dataclass(frozen=True)
class Bench:
    """Questions with the factors of all their candidates.

    Attributes
    ----------
    corpus
        The clusters.
    questions
        What is asked.
    table
        Factors of the askers; target countries are unknown everywhere.
    """

    corpus: Corpus
    questions: tuple[Question, ...]
    table: FactorTable

    @classmethod
    def of(cls, snapshot: Snapshot, split: Split = "dev") -> "Bench":
        """The questions of a split."""
        links = links_of(snapshot.corpus, snapshot.partnerships)
        asked = [link for link in links if split in ("all", part_of(link.group))]
        questions = questions_of(snapshot.corpus, asked, links)
        table = FactorTable.of(snapshot.corpus, (question.asker for question in questions))
        return cls(snapshot.corpus, tuple(questions), table.without(LEAKY))

    def measure(self, logits: Callable[[int], Floats | Values]) -> Values:
        """nDCG@10 of each question, for logits of all clusters by the question's place."""
        return np.array(
            [
                METRICS[HEADLINE](_ranked(question, logits(place)), question.relevant)
                for place, question in enumerate(self.questions)
            ]
        )

    def measure_fits(self, fits: Sequence[Fit], table: FactorTable | None = None) -> Values:
        """nDCG@10 of each question under the weights that may answer it."""
        values = (table or self.table).values
        return self.measure(lambda place: fits[place].logits(values[self.questions[place].asker]))

    def mean(self, values: Values, direction: Direction) -> Estimate:
        """Mean over the askers of a direction, with its interval."""
        places = [p for p, question in enumerate(self.questions) if question.direction == direction]
        groups = by_asker([self.questions[place] for place in places]).values()
        return estimate(np.array([values[[places[i] for i in own]].mean() for own in groups]))


@dataclass(frozen=True, slots=True)
class Ablation:
    """What one factor is worth in one direction, by nDCG@10.

    Attributes
    ----------
    factor, direction
        Which factor, asked from which side to which.
    alone
        Ranking by this factor alone.
    without
        The model learned without it.
    loss
        Paired difference: how much the full model is better; above 0 where the factor helps.
    """

    factor: str
    direction: Direction
    alone: Estimate
    without: Estimate
    loss: Estimate


def ablation(snapshot: Snapshot, split: Split = "dev") -> list[Ablation]:
    """Take each factor out, learn the rest anew, and ask again."""
    bench = Bench.of(snapshot, split)
    full = bench.measure_fits(cross_fit(bench.questions, bench.table))
    found = []
    for column, name in enumerate(FACTORS):
        if name in LEAKY:
            continue
        table = bench.table.without([name])
        without = bench.measure_fits(cross_fit(bench.questions, table), table)
        alone = bench.measure(_only(bench, column))
        found += [
            Ablation(
                name,
                direction,
                bench.mean(alone, direction),
                bench.mean(without, direction),
                bench.mean(full - without, direction),
            )
            for direction in DIRECTIONS
        ]
    return found


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """Quality after learning from a share of the groups of partnerships.

    Attributes
    ----------
    share
        Share of the training groups that was learned from; 0: the prior weights alone.
    groups
        How many groups that is, on average over the folds.
    direction, value
        nDCG@10 in a direction, each cluster's mean over all draws.
    """

    share: float
    groups: float
    direction: Direction
    value: Estimate


def learning_curve(
    snapshot: Snapshot,
    split: Split = "dev",
    *,
    shares: Iterable[float] = (0.0, 0.1, 0.25, 0.5, 1.0),
    draws: int = 4,
    seed: int = 0,
) -> list[LearningPoint]:
    """Learn from random parts of the partnerships.

    Parameters
    ----------
    snapshot, split
        What to ask.
    shares
        Parts of the groups of each training fold, in [0, 1].
    draws, seed
        How many random parts of each size, and the seed they are drawn from.
    """
    bench = Bench.of(snapshot, split)
    random = np.random.default_rng(seed)
    found = []
    for share in shares:
        repeats = draws if 0 < share < 1 else 1
        runs = [_partial_fits(bench, share, random) for _ in range(repeats)]
        values = np.mean([bench.measure_fits(fits) for fits, _ in runs], axis=0)
        groups = float(np.mean([count for _, count in runs]))
        found += [
            LearningPoint(share, groups, direction, bench.mean(values, direction))
            for direction in DIRECTIONS
        ]
    return found


@dataclass(frozen=True, slots=True)
class Miss:
    """A documented partner that stands far down.

    Attributes
    ----------
    asker, partner
        Ids of the two.
    direction
        From which side to which.
    rank, candidates
        Its place, and of how many.
    first
        Id of the cluster in first place instead.
    factor
        The factor in which it falls furthest behind the first ten.
    gap
        By how much, in log-odds.
    """

    asker: str
    partner: str
    direction: Direction
    rank: int
    candidates: int
    first: str
    factor: str
    gap: float


def misses(snapshot: Snapshot, split: Split = "dev") -> list[Miss]:
    """Find where every documented partner stands, the worst first."""
    bench = Bench.of(snapshot, split)
    fits = cross_fit(bench.questions, bench.table)
    found = [
        miss
        for question, fitted in zip(bench.questions, fits, strict=True)
        for miss in _misses_of(bench, question, fitted)
    ]
    return sorted(found, key=lambda miss: (-miss.rank, miss.asker, miss.partner))


def _misses_of(bench: Bench, question: Question, fitted: Fit) -> list[Miss]:
    factors = bench.table.values[question.asker]
    ranked = _ranked(question, fitted.logits(factors))
    shares = factors * fitted.weights
    behind = shares[ranked[:_LIST]].mean(axis=0) - shares
    ids, names = bench.corpus.ids, list(FACTORS)
    return [
        Miss(
            asker=ids[question.asker],
            partner=ids[row],
            direction=question.direction,
            rank=ranked.index(row) + 1,
            candidates=len(ranked),
            first=ids[ranked[0]],
            factor=names[int(behind[row].argmax())],
            gap=float(behind[row].max()),
        )
        for row in sorted(question.relevant)
    ]


def _ranked(question: Question, logits: Floats | Values) -> list[int]:
    """Rows of the candidates, best first; ties by row."""
    rows = np.flatnonzero(question.candidates)
    ranked: list[int] = rows[np.argsort(-logits[rows], kind="stable")].tolist()
    return ranked


def _only(bench: Bench, column: int) -> Callable[[int], Floats]:
    return lambda place: bench.table.values[bench.questions[place].asker][:, column]


def _partial_fits(
    bench: Bench, share: float, random: np.random.Generator
) -> tuple[list[Fit], float]:
    """Weights for each question, learned from a part of the other folds; size of the parts."""
    fits: dict[int, Fit] = {}
    sizes = []
    for held_out in sorted({fold_of(question.group) for question in bench.questions}):
        groups = sorted({q.group for q in bench.questions if fold_of(q.group) != held_out})
        size = round(share * len(groups))
        chosen = set(random.permutation(groups)[:size])
        questions = [question for question in bench.questions if question.group in chosen]
        fits[held_out] = fit(questions, bench.table) if questions else _prior()
        sizes.append(size)
    return [fits[fold_of(question.group)] for question in bench.questions], float(np.mean(sizes))


def _prior() -> Fit:
    """The weights that were set by reason, for ranking; not calibrated."""
    return Fit(np.array([PRIOR[name] for name in FACTORS]), 0.0)
