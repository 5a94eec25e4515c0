"""`Matcher` as analysts get it: the facade, whose answers are tables, and more to ask."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher import matcher as facade
from matcher.analysis.answers import EvaluationReport, Pair, Partners, ProgrammePlan, Sheet, dressed
from matcher.analysis.frames import links_frame, partnerships_frame, profiles_frame
from matcher.analysis.pairs import PairScores, pair_scores
from matcher.embedding.encoder import Progress
from matcher.evaluation.evaluate import evaluate_split
from matcher.evaluation.protocol import Split
from matcher.introductions.papers import plan_with
from matcher.matching.query import PartnerQuery, Scope
from matcher.planning.plan import PlanRequest
from matcher.profiles.io import readers
from matcher.profiles.problems import parsed
from matcher.profiles.profile import Intent
from matcher.snapshot import Snapshot

Side = Scope | Iterable[str]
"""One side of a table of pairs: ``"eu"``, ``"eap"``, ``"all"``, or names and ids."""


class Matcher(facade.Matcher):
    """Answers who fits whom, in tables; open one with `Matcher.open()`.

    Every answer has `to_frame()` and shows itself in a notebook.
    """

    def recommend(self, query: PartnerQuery | str, **options: object) -> Partners:
        """Rank partners; see `matcher.matcher.Matcher.recommend`."""
        return dressed(Partners, super().recommend(query, **options))

    def explain(
        self,
        a: str,
        b: str,
        *,
        intent: Intent | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> Pair:
        """Why, or why not, `b` is a partner for `a`; see `matcher.matcher.Matcher.explain`."""
        return dressed(Pair, super().explain(a, b, intent=intent, weights=weights))

    def profiles(self) -> pd.DataFrame:
        """All clusters, one row each, indexed by id; see `profiles_frame`."""
        return profiles_frame(self.clusters)

    def partnerships(self) -> pd.DataFrame:
        """All documented partnerships, one row each; see `partnerships_frame`."""
        return partnerships_frame(self.snapshot.partnerships)

    def links(self) -> pd.DataFrame:
        """All documented pairs of clusters, one row each; see `links_frame`."""
        return links_frame(self.snapshot.partnerships, self.snapshot.profiles)

    def pairs(
        self,
        askers: Side = "all",
        partners: Side = "all",
        *,
        intent: Intent | None = None,
        weights: dict[str, float] | None = None,
    ) -> PairScores:
        """Factors and scores of all pairs of two sides.

        Parameters
        ----------
        askers, partners
            ``"eu"``, ``"eap"``, ``"all"``, or names and ids of registered clusters.
        intent, weights
            As in `PairScores.weighted`.

        Raises
        ------
        ClusterNotFoundError, AmbiguousNameError, InvalidInputError
            A cluster is not known, or a weight names no factor.
        """
        snapshot = self.snapshot
        rows, columns = _rows(snapshot, askers), _rows(snapshot, partners)
        pairs = pair_scores(snapshot.corpus, snapshot.links, self._model, rows, columns)
        return pairs.weighted(intent=intent, weights=weights)

    def plan(self, **request: object) -> ProgrammePlan:
        """Plan a programme of introductions; documented partners are not introduced again.

        Parameters
        ----------
        **request
            Fields of `matcher.planning.plan.PlanRequest`.

        Raises
        ------
        InvalidInputError
            Unknown clusters, or wishes that contradict each other.
        """
        wanted = parsed(PlanRequest, request, "This cannot be planned.")
        return dressed(ProgrammePlan, plan_with(self, wanted, model=self._model))

    def evaluate(self, split: Split = "dev", progress: Progress | None = None) -> EvaluationReport:
        """Measure how well documented partners are found; see `evaluate_split`."""
        return dressed(EvaluationReport, evaluate_split(self.snapshot, split, progress))


def _rows(snapshot: Snapshot, side: Side) -> NDArray[np.intp]:
    if isinstance(side, str):
        wanted = [
            row
            for row, one in enumerate(snapshot.profiles)
            if side in ("all", str(one.group).lower())
        ]
    else:
        wanted = [snapshot.corpus.row_of[snapshot.find(name).id] for name in side]
    return np.array(wanted, dtype=np.intp)


def read_profiles(source: Path | str | bytes) -> Sheet:
    """Read a file of profiles; nothing is saved.

    Parameters
    ----------
    source
        Path or content of a CSV, XLSX, JSONL or JSON file.

    Raises
    ------
    UnreadableFileError
        It is no such file.
    """
    content = Path(source) if isinstance(source, str) else source
    return dressed(Sheet, readers.read_profiles(content))
