"""The first measure: does a list hold what an adviser would propose?

Every figure of the matcher is cross-validated: the models that answer for an asker, or for a text
of it, saw none of its graded pairs and phrases.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.embedding.encoder import Encoder, Progress
from matcher.evaluation.baselines import baselines
from matcher.evaluation.bench import FOLDS, Bench, Lists, Rows, Scored, asker_of, best_first, steps
from matcher.evaluation.effects import (
    DIVERSITIES,
    LEFT_OUT,
    ablation,
    calibration,
    diversified,
    purpose,
)
from matcher.evaluation.judged import Grades, JudgedNeed, JudgedText
from matcher.evaluation.metrics import (
    DRAWS,
    FIRST,
    GRADED_METRICS,
    UNGRADED,
    Estimate,
    Estimates,
    Values,
    estimate,
    measured,
)
from matcher.evaluation.summary import MATCHER, Slice, slices_frame
from matcher.matching.model import ScoringModel
from matcher.matching.purposes import PURPOSES
from matcher.matching.snapshot import Snapshot
from matcher.profiles.profile import DraftProfile, Intent

if TYPE_CHECKING:
    import pandas as pd

CLUSTERS, TEXTS, OTHER_LANGUAGES = "clusters", "texts", "texts/not_en"
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class GradedReport:
    """Outcome of an evaluation on graded pairs.

    Attributes
    ----------
    protocol
        What was done, in words and numbers.
    slices
        ``"clusters"``, ``"texts/en"`` and so on, ``"texts/not_en"`` for all other languages.
    shared_with_english
        Language -> share of a text's ten that the English text's ten has, too.
    calibration, ablation, purposes, diversity
        As the functions of `matcher.evaluation.effects` answer.
    """

    protocol: Mapping[str, object]
    slices: Mapping[str, Slice]
    shared_with_english: Estimates
    calibration: Sequence[Mapping[str, float]]
    ablation: Mapping[str, Estimates]
    purposes: Mapping[Intent, Estimates]
    diversity: Sequence[Mapping[str, object]]

    def to_frame(self) -> "pd.DataFrame":
        """One row for each slice, ranker and metric: value and 95 % interval."""
        return slices_frame(self.slices)


def evaluate_graded(
    snapshot: Snapshot,
    encoder: Encoder,
    grades: Grades,
    needs: Sequence[JudgedNeed],
    texts: Sequence[JudgedText],
    progress: Progress | None = None,
) -> GradedReport:
    """Measure the first tens of graded clusters and of their texts.

    Parameters
    ----------
    snapshot
        The clusters.
    encoder
        Embeds the texts.
    grades, needs, texts
        What was judged; texts of askers without grades are passed over.
    progress
        Told how many askers, texts and groups of features are done.
    """
    known = [text for text in texts if text.cluster in grades]
    step = steps(progress, len(grades) + len(known) + len(LEFT_OUT))
    bench = Bench.of(snapshot.corpus, grades, needs, step)
    models = bench.fold_models()
    scores = {asker: bench.scores(asker, models) for asker in bench.values}
    lists = _cluster_lists(bench, scores)
    text_lists = _text_lists(bench, models, snapshot, encoder, known, step)
    return GradedReport(
        protocol=_describe(bench, known),
        slices={CLUSTERS: _slice(bench, lists), **_text_slices(bench, text_lists)},
        shared_with_english=_shared(text_lists),
        calibration=calibration(bench, scores),
        ablation=ablation(bench, scores, step),
        purposes={intent: purpose(bench, models, scores, intent) for intent in PURPOSES},
        diversity=[diversified(bench, scores, value) for value in DIVERSITIES],
    )


def _describe(bench: Bench, texts: Sequence[JudgedText]) -> dict[str, object]:
    graded = sum(int((grades != UNGRADED).sum()) for grades in bench.grades.values())
    return {
        "askers": len(bench.values),
        "texts": len(texts),
        "graded_pairs": graded,
        "candidates": f"all {len(bench.rows)} visible clusters of the EU",
        "models": f"cross-validated over askers in {FOLDS} folds, decided by the asker's id; a "
        "text is answered by the models that did not see its cluster",
        "lists": "whole rankings, weak partners included; baselines get a text as it is written",
        "gain": "2^grade - 1; what is not graded counts as 0, in condensed figures it is left out",
        "interval": f"95 % percentile bootstrap over askers, {DRAWS} draws",
        "grades": "by a large language model under a rubric, not by people; where entrants of this "
        "matcher's own lists were graded later, strict figures favour it over the baselines",
    }


def _cluster_lists(bench: Bench, scores: Scored) -> Lists:
    plain = baselines(bench.corpus)
    lists: dict[str, dict[str, Rows]] = defaultdict(dict)
    for asker in bench.values:
        lists[MATCHER][asker] = best_first(scores[asker])
        for name, ranker in plain.items():
            lists[name][asker] = best_first(ranker(bench.asker(asker), bench.rows))
    return lists


def _text_lists(
    bench: Bench,
    models: Sequence[ScoringModel],
    snapshot: Snapshot,
    encoder: Encoder,
    texts: Sequence[JudgedText],
    step: Callable[[], None],
) -> Mapping[str, Lists]:
    """Language -> the lists of its texts."""
    plain = baselines(bench.corpus)
    found: dict[str, dict[str, dict[str, Rows]]] = defaultdict(lambda: defaultdict(dict))
    for cluster, language, text in texts:
        understood = asker_of(snapshot, text, encoder)
        unread = snapshot.draft(DraftProfile(description=text), encoder)
        lists = found[language]
        lists[MATCHER][cluster] = best_first(bench.draft_scores(cluster, understood, models))
        for name, ranker in plain.items():
            lists[name][cluster] = best_first(ranker(unread, bench.rows))
        step()
    return found


def _text_slices(bench: Bench, languages: Mapping[str, Lists]) -> dict[str, Slice]:
    """Each language, and the mean of all but English."""
    slices = {f"{TEXTS}/{name}": _slice(bench, lists) for name, lists in languages.items()}
    others = [lists for name, lists in languages.items() if name != ENGLISH]
    if others:
        parts = [_measured(bench, lists) for lists in others]
        together = {
            ranker: {
                metric: np.mean([part[ranker][metric] for part in parts], axis=0)
                for metric in GRADED_METRICS
            }
            for ranker in parts[0]
        }
        slices[OTHER_LANGUAGES] = Slice.of(_pairs(bench, others[0]), together)
    return slices


def _slice(bench: Bench, lists: Lists) -> Slice:
    return Slice.of(_pairs(bench, lists), _measured(bench, lists))


def _measured(bench: Bench, lists: Lists) -> dict[str, dict[str, Values]]:
    return {ranker: measured(bench.grades, own) for ranker, own in lists.items()}


def _pairs(bench: Bench, lists: Lists) -> int:
    return sum(int((bench.grades[asker] != UNGRADED).sum()) for asker in lists[MATCHER])


def _shared(languages: Mapping[str, Lists]) -> dict[str, Estimate]:
    tens = {
        language: {asker: set(order[:FIRST].tolist()) for asker, order in lists[MATCHER].items()}
        for language, lists in languages.items()
    }
    english = tens.get(ENGLISH, {})
    return {
        language: estimate(
            np.array([len(ten & english[asker]) / FIRST for asker, ten in own.items()])
        )
        for language, own in tens.items()
        if language != ENGLISH and own.keys() <= english.keys()
    }
