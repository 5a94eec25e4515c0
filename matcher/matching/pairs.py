"""Factors and scores of all pairs of two sides at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from matcher.frames import pandas
from matcher.matching.columns import Bools, Floats
from matcher.matching.corpus import Corpus
from matcher.matching.eligibility import eligible
from matcher.matching.features import FEATURES, feature_values
from matcher.matching.links import KnownLinks
from matcher.matching.model import Scores, ScoringModel
from matcher.matching.purposes import PURPOSE, evidence, multipliers
from matcher.matching.query import PartnerQuery
from matcher.matching.ranker import score_features
from matcher.profiles.profile import ClusterProfile, Intent

if TYPE_CHECKING:
    import pandas as pd

Detail = Literal["scores", "factors", "contributions"]
Matrix = Literal["score", "fit_for_asker", "fit_for_partner"]


@dataclass(frozen=True)
class PairScores:
    """n askers against m partners.

    The factors are computed once, `weighted` scores them anew in milliseconds.

    Attributes
    ----------
    askers, partners
        Rows and columns of everything below.
    to_asker, to_partner
        (n, m, F) features as each side sees them, columns as in `FEATURES`; NaN for unknown.
    shown
        (n, m) log-odds that the evidence for the purpose adds.
    allowed
        (n, m) pairs that may be suggested: two clusters, two countries, the partner public and of a
        country that has not suspended its part in the Eastern Partnership.
    linked
        (n, m) pairs with a documented partnership.
    model
        The scoring model.
    query
        Weights and purpose, see `weighted`.
    purpose_of
        Gives `shown` for another purpose.
    """

    askers: tuple[ClusterProfile, ...]
    partners: tuple[ClusterProfile, ...]
    to_asker: Floats
    to_partner: Floats
    allowed: Bools
    linked: Bools
    shown: Floats
    model: ScoringModel
    query: PartnerQuery
    purpose_of: Callable[[Intent | None], Floats]

    def __len__(self) -> int:
        return int(self.linked.size)

    def weighted(
        self, *, intent: Intent | None = None, weights: Mapping[str, float] | None = None
    ) -> "PairScores":
        """The same pairs under other weights.

        Parameters
        ----------
        intent
            What the partnerships are for.
        weights
            Group of factors -> multiplier in [0, 5]; 0 ignores the group, 2 doubles it.

        Raises
        ------
        InvalidInputError
            A weight names no group.
        """
        query = PartnerQuery(cluster="any", intent=intent, weights=dict(weights or {}))
        multipliers(query)  # a wrong name is told here, not when the scores are first read
        return replace(self, query=query, shown=self.purpose_of(intent))

    @cached_property
    def _scores(self) -> Scores:
        flat = (len(self), len(FEATURES))
        values = self.to_asker.reshape(flat), self.to_partner.reshape(flat)
        return score_features(values, self.shown.ravel(), self.query, self.model)

    @property
    def score(self) -> Floats:
        """(n, m) joint scores, in [0, 1]."""
        return self._scores.score.reshape(self.linked.shape)

    @property
    def fit_for_asker(self) -> Floats:
        """(n, m) fits for the asker, in [0, 1]."""
        return self._scores.fit_for_you.reshape(self.linked.shape)

    @property
    def fit_for_partner(self) -> Floats:
        """(n, m) fits for the partner, in [0, 1]."""
        return self._scores.fit_for_them.reshape(self.linked.shape)

    @property
    def contributions(self) -> Floats:
        """(n, m, F + 1) shares of each feature, and of the purpose, in the logit of the score."""
        return self._scores.contributions.reshape(*self.linked.shape, len(FEATURES) + 1)

    @property
    def order(self) -> NDArray[np.intp]:
        """(n, m) columns from the best partner to the worst; ties by id, forbidden pairs last."""
        return np.argsort(-np.where(self.allowed, self.score, -1.0), axis=1, kind="stable")

    def matrix(self, values: Matrix = "score") -> "pd.DataFrame":
        """Wide form: one row an asker, one column a partner, by id."""
        rows, columns = ([one.id for one in side] for side in (self.askers, self.partners))
        table: Floats = getattr(self, values)
        frame: pd.DataFrame = pandas().DataFrame(table, index=rows, columns=columns)
        return frame

    def top(self, k: int = 10) -> "pd.DataFrame":
        """Long form of the k best allowed partners of each asker, with their `rank`."""
        k = min(k, len(self.partners))
        order = self.order[:, :k]
        places = (np.arange(len(self.askers))[:, None] * len(self.partners) + order).ravel()
        frame = self._frame(places)
        frame.insert(0, "rank", np.tile(np.arange(1, k + 1), len(self.askers)))
        return frame[frame["allowed"]].reset_index(drop=True)

    def to_frame(self, detail: Detail = "scores") -> "pd.DataFrame":
        """Long form: one row for each pair of two different clusters.

        Parameters
        ----------
        detail
            ``"scores"``: ids, countries, score, both fits, `allowed` and `known_link`.
            ``"factors"``: with one column for each factor, and `<factor>_to_partner` where the
            partner sees another value. ``"contributions"``: with each factor's share of the logit.
        """
        same = [[a.id == b.id for b in self.partners] for a in self.askers]
        frame = self._frame(np.flatnonzero(~np.array(same, dtype=np.bool_)), detail)
        return frame.reset_index(drop=True)

    def _frame(self, places: NDArray[np.intp], detail: Detail = "scores") -> "pd.DataFrame":
        """Long form of the given places of the flattened matrices."""
        rows, columns = np.divmod(places, max(len(self.partners), 1))
        data: dict[str, object] = {
            "asker": _ids(self.askers, rows),
            "partner": _ids(self.partners, columns),
            "asker_country": _countries(self.askers, rows),
            "partner_country": _countries(self.partners, columns),
            "score": self._scores.score[places],
            "fit_for_asker": self._scores.fit_for_you[places],
            "fit_for_partner": self._scores.fit_for_them[places],
            "allowed": self.allowed.ravel()[places],
            "known_link": self.linked.ravel()[places],
        }
        frame: pd.DataFrame = pandas().DataFrame(data | self._details(places, detail))
        return frame

    def _details(self, places: NDArray[np.intp], detail: Detail) -> dict[str, object]:
        if detail == "scores":
            return {}
        if detail == "contributions":
            shares = self._scores.contributions[places]
            return {name: shares[:, column] for column, name in enumerate((*FEATURES, PURPOSE))}
        columns: dict[str, object] = {}
        flat = (len(self), len(FEATURES))
        here, there = self.to_asker.reshape(flat)[places], self.to_partner.reshape(flat)[places]
        for column, name in enumerate(FEATURES):
            columns[name] = here[:, column]
            if not np.array_equal(here[:, column], there[:, column], equal_nan=True):
                columns[f"{name}_to_partner"] = there[:, column]
        return columns


def pair_scores(
    corpus: Corpus,
    links: KnownLinks,
    model: ScoringModel,
    askers: NDArray[np.intp],
    partners: NDArray[np.intp],
) -> PairScores:
    """Compute the factors of all pairs of the given rows of a corpus; all weights are 1."""
    others = corpus if len(partners) == len(corpus) else corpus.take(partners)
    shape = (len(askers), len(partners), len(FEATURES))
    to_asker, to_partner = np.empty(shape, np.float32), np.empty(shape, np.float32)
    allowed, linked = np.zeros(shape[:2], np.bool_), np.zeros(shape[:2], np.bool_)
    nobody = np.zeros(len(partners), np.bool_)
    profiles: Sequence[ClusterProfile] = corpus.profiles  # type: ignore[assignment]
    for place, row in enumerate(askers):
        asker = corpus.take(np.array([row]))
        to_asker[place], to_partner[place] = feature_values(asker, others)
        query = PartnerQuery(cluster=profiles[row].id, scope="all")
        allowed[place] = eligible(others, profiles[row], query, nobody)
        linked[place] = others.rows_of(links.of(profiles[row].id))

    def purpose_of(intent: Intent | None) -> Floats:
        rows = (corpus.take(np.array([row])) for row in askers)
        found = [evidence(intent, asker, others) for asker in rows]
        return np.array(found, dtype=np.float32).reshape(shape[:2])

    return PairScores(
        askers=tuple(profiles[row] for row in askers),
        partners=tuple(profiles[row] for row in partners),
        to_asker=to_asker,
        to_partner=to_partner,
        allowed=allowed,
        linked=linked,
        shown=purpose_of(None),
        model=model,
        query=PartnerQuery(cluster="any"),
        purpose_of=purpose_of,
    )


def _ids(side: Sequence[ClusterProfile], places: NDArray[np.intp]) -> "pd.Categorical[str]":
    return _categorical(places, [profile.id for profile in side])


def _countries(side: Sequence[ClusterProfile], places: NDArray[np.intp]) -> "pd.Categorical[str]":
    codes = np.array([profile.country for profile in side])
    names, which = np.unique(codes, return_inverse=True)
    return _categorical(which[places], names.tolist())


def _categorical(codes: NDArray[np.intp], categories: list[str]) -> "pd.Categorical[str]":
    made: pd.Categorical[str] = pandas().Categorical.from_codes(
        codes, categories=pandas().Index(categories)
    )
    return made
