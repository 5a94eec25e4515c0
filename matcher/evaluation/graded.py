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
from matcher.evaluation.bench import FOLDS, Bench, Rows, asker_of, best_first
from matcher.evaluation.bootstrap import DRAWS, Estimate, Estimates, Values, estimate
from matcher.evaluation.exposure import Exposure, exposure
from matcher.evaluation.judged import Grades, JudgedNeed, JudgedText
from matcher.evaluation.metrics import FIRST, GOOD, GRADED_METRICS, UNGRADED
from matcher.evaluation.summary import MATCHER, Slice, slices_frame
from matcher.matching.columns import Floats
from matcher.matching.diversity import diversify
from matcher.matching.features import FEATURES, GROUP_TITLES
from matcher.matching.model import ScoringModel
from matcher.matching.purposes import PURPOSES
from matcher.matching.snapshot import Snapshot
from matcher.profiles.profile import Intent

if TYPE_CHECKING:
    import pandas as pd

CLUSTERS, TEXTS, OTHER_LANGUAGES = "clusters", "texts", "texts/not_en"
ENGLISH = "en"
BINS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 1.0)
"""Ends of the bins of predicted scores; from 0.35 and 0.7 on the levels change."""

DIVERSITIES = (0.0, 0.1, 0.2, 0.3, 0.5)
TARGET = "target"
_HEAD = 5

Lists = Mapping[str, Mapping[str, Rows]]
"""Ranker -> asker -> places of its candidates, best first."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Graded pairs whose predicted score lies between two ends.

    Attributes
    ----------
    low, high
        The ends.
    pairs
        How many there are.
    predicted, good
        Mean score, and share graded as good.
    """

    low: float
    high: float
    pairs: int
    predicted: float
    good: float


@dataclass(frozen=True, slots=True)
class PurposeEffect:
    """What a purpose changes in the first ten.

    Attributes
    ----------
    candidates
        Mean number of candidates that show evidence for it.
    shown, shown_before
        Share of the ten that show evidence, with the purpose and without one.
    good, good_before
        Share of the ten graded as good; what is not graded counts as not good.
    good_of_graded, good_of_graded_before
        The same among those that are graded.
    graded
        Share of the ten that is graded, with the purpose.
    """

    candidates: float
    shown: Estimate
    shown_before: Estimate
    good: Estimate
    good_before: Estimate
    good_of_graded: Estimate
    good_of_graded_before: Estimate
    graded: Estimate


@dataclass(frozen=True, slots=True)
class Diversified:
    """Quality and spread of all first tens at one setting of diversity.

    Attributes
    ----------
    diversity
        The setting.
    metrics
        By name.
    spread
        How the ten spread over the EU clusters.
    countries
        Shares of the three most frequent countries among the first five.
    """

    diversity: float
    metrics: Estimates
    spread: Exposure
    countries: Mapping[str, float]


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
    calibration
        Scores beside what was graded.
    ablation
        Group of features, or ``"target"`` -> metric -> how much the full model is better.
    purposes
        What each purpose changes.
    diversity
        What variety costs and brings.
    """

    protocol: Mapping[str, object]
    slices: Mapping[str, Slice]
    shared_with_english: Estimates
    calibration: Sequence[Bin]
    ablation: Mapping[str, Estimates]
    purposes: Mapping[Intent, PurposeEffect]
    diversity: Sequence[Diversified]

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
    step = _steps(progress, len(grades) + len(known) + len(_left_out()))
    bench = Bench.of(snapshot.corpus, grades, needs, step)
    models = bench.fold_models()
    lists = _cluster_lists(bench, models)
    text_lists = _text_lists(bench, models, snapshot, encoder, known, step)
    own = _measured(bench, lists)
    return GradedReport(
        protocol=_describe(bench, known),
        slices={CLUSTERS: _slice(bench, lists), **_text_slices(bench, text_lists)},
        shared_with_english=_shared(text_lists),
        calibration=calibration(bench, models),
        ablation=_ablation(bench, own[MATCHER], step),
        purposes={intent: _purpose(bench, models, intent) for intent in PURPOSES},
        diversity=[_diversified(bench, models, value) for value in DIVERSITIES],
    )


def clusters_measured(bench: Bench, models: Sequence[ScoringModel]) -> Estimates:
    """Metrics of the matcher for graded clusters."""
    lists = {MATCHER: {one: best_first(bench.scores(one, models)) for one in bench.values}}
    return _estimated(_measured(bench, lists)[MATCHER])


def calibration(bench: Bench, models: Sequence[ScoringModel]) -> list[Bin]:
    """Compare the scores of graded pairs with the share of good ones, bin by bin."""
    scores = np.concatenate([bench.scores(asker, models) for asker in bench.values])
    grades = np.concatenate(list(bench.grades.values()))
    scores, good = scores[grades != UNGRADED], grades[grades != UNGRADED] >= GOOD
    place = np.minimum(np.digitize(scores, BINS), len(BINS) - 1) - 1
    return [
        Bin(
            BINS[one],
            BINS[one + 1],
            int((place == one).sum()),
            float(scores[place == one].mean()),
            float(good[place == one].mean()),
        )
        for one in np.unique(place)
    ]


def _describe(bench: Bench, texts: Sequence[JudgedText]) -> dict[str, object]:
    graded = sum(int((grades != UNGRADED).sum()) for grades in bench.grades.values())
    return {
        "askers": len(bench.values),
        "texts": len(texts),
        "graded_pairs": graded,
        "candidates": f"all {len(bench.rows)} visible clusters of the EU",
        "models": f"cross-validated over askers in {FOLDS} folds, decided by the asker's id; a "
        "text is answered by the models that did not see its cluster",
        "gain": "2^grade - 1; what is not graded counts as 0, in condensed figures it is left out",
        "interval": f"95 % percentile bootstrap over askers, {DRAWS} draws",
        "grades": "by a large language model under a rubric, not by people",
    }


def _steps(progress: Progress | None, total: int) -> Callable[[], None]:
    """A function that tells of one more step at each call."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, total)

    return step


def _cluster_lists(bench: Bench, models: Sequence[ScoringModel]) -> Lists:
    plain = baselines(bench.corpus)
    lists: dict[str, dict[str, Rows]] = defaultdict(dict)
    for asker in bench.values:
        lists[MATCHER][asker] = best_first(bench.scores(asker, models))
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
        draft = asker_of(snapshot, text, encoder)
        lists = found[language]
        lists[MATCHER][cluster] = best_first(bench.draft_scores(cluster, draft, models))
        for name, ranker in plain.items():
            lists[name][cluster] = best_first(ranker(draft, bench.rows))
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


def _pairs(bench: Bench, lists: Lists) -> int:
    return sum(int((bench.grades[asker] != UNGRADED).sum()) for asker in lists[MATCHER])


def _measured(bench: Bench, lists: Lists) -> dict[str, dict[str, Values]]:
    """Ranker -> metric -> one value an asker."""
    return {
        name: {
            metric: np.array(
                [
                    measure(bench.grades[asker][order], bench.grades[asker])
                    for asker, order in own.items()
                ]
            )
            for metric, measure in GRADED_METRICS.items()
        }
        for name, own in lists.items()
    }


def _estimated(values: Mapping[str, Values]) -> dict[str, Estimate]:
    return {name: estimate(one) for name, one in values.items()}


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


def _left_out() -> dict[str, list[str]]:
    """What an ablation leaves out: each group of features, and what may leak."""
    groups = {
        group: [name for name, feature in FEATURES.items() if feature.group == group]
        for group in GROUP_TITLES
    }
    return {**groups, TARGET: [TARGET]}


def _ablation(
    bench: Bench, full: Mapping[str, Values], step: Callable[[], None]
) -> dict[str, dict[str, Estimate]]:
    found = {}
    for group, names in _left_out().items():
        models = bench.fold_models(names)
        scores = {one: bench.scores(one, models, without=names) for one in bench.values}
        lists = {MATCHER: {one: best_first(values) for one, values in scores.items()}}
        rest = _measured(bench, lists)[MATCHER]
        found[group] = _estimated({name: full[name] - rest[name] for name in full})
        step()
    return found


def _purpose(bench: Bench, models: Sequence[ScoringModel], intent: Intent) -> PurposeEffect:
    shown = {asker: bench.shown(asker, intent) > 0 for asker in bench.values}
    after, before = (
        {asker: best_first(bench.scores(asker, models, intent=one))[:FIRST] for asker in shown}
        for one in (intent, None)
    )

    def mean(lists: Mapping[str, Rows], measure: Callable[[str, Rows], float]) -> Estimate:
        return estimate(np.array([measure(asker, ten) for asker, ten in lists.items()]))

    def showing(asker: str, ten: Rows) -> float:
        return float(shown[asker][ten].mean())

    def good(asker: str, ten: Rows) -> float:
        return float((bench.grades[asker][ten] >= GOOD).mean())

    def graded(asker: str, ten: Rows) -> float:
        return float((bench.grades[asker][ten] != UNGRADED).mean())

    def good_of_graded(asker: str, ten: Rows) -> float:
        return good(asker, ten) / (graded(asker, ten) or 1)

    return PurposeEffect(
        candidates=float(np.mean([one.sum() for one in shown.values()])),
        shown=mean(after, showing),
        shown_before=mean(before, showing),
        good=mean(after, good),
        good_before=mean(before, good),
        good_of_graded=mean(after, good_of_graded),
        good_of_graded_before=mean(before, good_of_graded),
        graded=mean(after, graded),
    )


def _diversified(bench: Bench, models: Sequence[ScoringModel], diversity: float) -> Diversified:
    tens = {
        asker: _varied(bench, bench.scores(asker, models), diversity) for asker in bench.values
    }
    first_five = np.concatenate([bench.rows[ten[:_HEAD]] for ten in tens.values()])
    names, counts = np.unique(
        [str(bench.corpus.profiles[row].country) for row in first_five], return_counts=True
    )
    most = np.argsort(-counts, kind="stable")[:3]
    return Diversified(
        diversity,
        _estimated(_measured(bench, {MATCHER: tens})[MATCHER]),
        exposure([ten.tolist() for ten in tens.values()], len(bench.rows)),
        {str(names[one]): float(counts[one] / counts.sum()) for one in most},
    )


def _varied(bench: Bench, scores: Floats, diversity: float) -> Rows:
    order = best_first(scores)
    about = bench.candidates.vectors.facets["about"]
    return order[diversify(scores[order], about[order], FIRST, diversity)]
