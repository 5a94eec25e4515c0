"""`Bench`: graded askers with all their candidates, scored by models that never saw them."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.embedding.encoder import Encoder, Progress
from matcher.evaluation.judged import Grades, JudgedNeed
from matcher.evaluation.metrics import UNGRADED, ListGrades
from matcher.evaluation.need_training import NeedExample, need_examples, train_needs
from matcher.evaluation.training import Sides, examples_of, train
from matcher.matching.columns import COUNTRIES, Floats
from matcher.matching.corpus import Corpus
from matcher.matching.features import FEATURES
from matcher.matching.features.needs import needs_met_under
from matcher.matching.model import ScoringModel, shipped_model
from matcher.matching.need_model import NeedModel
from matcher.matching.purposes import evidence
from matcher.matching.query import PartnerQuery
from matcher.matching.ranker import score_features
from matcher.matching.recommend import Recommender
from matcher.matching.snapshot import Snapshot
from matcher.profiles.profile import Intent
from matcher.profiles.taxonomy import country_group

FOLDS = 8
NEEDS = "needs"
"""The feature that has a model of its own."""

Rows = NDArray[np.intp]

Scored = Mapping[str, Floats]
"""Asker -> scores of its candidates."""

Lists = Mapping[str, Mapping[str, Rows]]
"""Ranker -> asker -> places of its candidates, best first."""


@dataclass(frozen=True)
class Bench:
    """Graded askers of the Eastern Partnership and all clusters that can be suggested to them.

    Attributes
    ----------
    corpus
        All clusters.
    rows
        (n,) rows of the candidates: all visible clusters of the EU.
    candidates
        The candidates themselves.
    grades
        Asker -> (n,) grades, `UNGRADED` where nobody graded; sorted by asker.
    needs
        Graded needs and offers.
    need_models
        For each fold the model of needs that saw no cluster of it; last, the one that saw all.
    values
        Asker -> its features under each of `need_models`.
    """

    corpus: Corpus
    rows: Rows
    candidates: Corpus
    grades: Mapping[str, ListGrades]
    needs: Sequence[NeedExample]
    need_models: Sequence[NeedModel]
    values: Mapping[str, Sequence[Sides]]

    @classmethod
    def of(
        cls,
        corpus: Corpus,
        grades: Grades,
        needs: Iterable[JudgedNeed],
        step: Callable[[], None] = lambda: None,
    ) -> Self:
        """Compute the features of all graded askers that are in the corpus.

        Parameters
        ----------
        corpus
            All clusters.
        grades, needs
            Graded pairs and phrases.
        step
            Called after each asker.
        """
        in_eu = COUNTRIES.among(corpus.columns.country, country_group("EU"))
        rows = np.flatnonzero(corpus.visible & in_eu)
        candidates = corpus.take(rows)
        examples = need_examples(corpus, needs)
        models = [train_needs(_unseen(examples, fold)) for fold in (*range(FOLDS), None)]
        values = {}
        for asker in sorted(grades.keys() & corpus.row_of.keys()):
            one = corpus.take(np.array([corpus.row_of[asker]]))
            values[asker] = features_under(models, one, candidates)
            step()
        places = {corpus.ids[row]: place for place, row in enumerate(rows.tolist())}
        known = {asker: _along(grades[asker], places) for asker in values}
        return cls(corpus, rows, candidates, known, examples, models, values)

    def fold_models(self, without: Collection[str] = ()) -> list[ScoringModel]:
        """For each fold the scoring model that saw no asker of it; some features left out."""
        return [self.model(fold, without) for fold in range(FOLDS)]

    def model(self, held_out: int | None, without: Collection[str] = ()) -> ScoringModel:
        """The scoring model that saw no asker of a fold, or all askers."""
        place = FOLDS if held_out is None else held_out
        return train(
            examples_of(asker, blinded(values[place], without), self.grades[asker])
            for asker, values in self.values.items()
            if fold_of(asker) != held_out
        )

    def scores(
        self,
        asker: str,
        models: Sequence[ScoringModel],
        *,
        intent: Intent | None = None,
        without: Collection[str] = (),
    ) -> Floats:
        """(n,) scores of an asker's candidates by the model of its fold."""
        fold = fold_of(asker)
        values = blinded(self.values[asker][fold], without)
        return _scored(values, models[fold], self.shown(asker, intent), intent)

    def draft_scores(self, asker: str, draft: Corpus, models: Sequence[ScoringModel]) -> Floats:
        """(n,) scores for what an asker wrote, by the model of the asker's fold."""
        fold = fold_of(asker)
        values = features_under([self.need_models[fold]], draft, self.candidates)[0]
        return _scored(values, models[fold], evidence(None, draft, self.candidates), None)

    def shown(self, asker: str, intent: Intent | None) -> Floats:
        """(n,) log-odds that evidence for a purpose adds."""
        return evidence(intent, self.asker(asker), self.candidates)

    def asker(self, asker: str) -> Corpus:
        """An asker as a corpus of one row."""
        return self.corpus.take(np.array([self.corpus.row_of[asker]]))


def asker_of(snapshot: Snapshot, text: str, encoder: Encoder) -> Corpus:
    """A text as the asker that the service makes of it, a corpus of one row."""
    recommender = Recommender(snapshot, shipped_model(), encoder, len(snapshot.corpus), None)
    return recommender.asker(PartnerQuery(text=text)).row


def fold_of(cluster: str) -> int:
    """Fold of cross-validation, in [0, `FOLDS`): decided by the id alone."""
    return int(hashlib.sha256(cluster.encode()).hexdigest(), 16) % FOLDS


def features_under(models: Sequence[NeedModel], asker: Corpus, partners: Corpus) -> list[Sides]:
    """`feature_values` under each of some models of needs."""
    known = {
        name: feature.compute(asker, partners)
        for name, feature in FEATURES.items()
        if name != NEEDS
    }
    return [_stacked({**known, NEEDS: met}) for met in needs_met_under(models, asker, partners)]


def blinded(values: Sides, without: Collection[str]) -> Sides:
    """The same features, some of them unknown."""
    if not without:
        return values
    unknown = np.array([name in without for name in FEATURES])
    you, them = (np.where(unknown, np.float32(np.nan), side) for side in values)
    return you, them


def best_first(scores: Floats) -> Rows:
    """Places of the candidates in the order of a list; ties by id."""
    return np.argsort(-scores, kind="stable")


def _scored(values: Sides, model: ScoringModel, shown: Floats, intent: Intent | None) -> Floats:
    query = PartnerQuery(cluster="asker", intent=intent)
    return score_features(values, shown, query, model).score


def _stacked(both: Mapping[str, Sides]) -> Sides:
    you, them = (
        np.stack([both[name][side] for name in FEATURES], axis=1).astype(np.float32)
        for side in (0, 1)
    )
    return you, them


def _unseen(examples: Iterable[NeedExample], fold: int | None) -> list[NeedExample]:
    return [one for one in examples if fold not in (fold_of(one.seeker), fold_of(one.giver))]


def _along(graded: Mapping[str, int], places: Mapping[str, int]) -> ListGrades:
    along = np.full(len(places), UNGRADED, dtype=np.intp)
    for partner, grade in graded.items():
        if partner in places:
            along[places[partner]] = grade
    return along


def steps(progress: Progress | None, total: int) -> Callable[[], None]:
    """A function that tells of one more step at each call."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, total)

    return step
