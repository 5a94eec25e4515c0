"""Graded pairs: how they are read, and that no model answers for what it was taught."""

import numpy as np
import orjson
import pytest

from matcher.errors import InvalidInputError, UnreadableFileError
from matcher.evaluation.bench import FOLDS, Bench, asker_of, best_first, fold_of
from matcher.evaluation.graded import evaluate_graded
from matcher.evaluation.judged import joined, judged_needs, judged_pairs, judged_texts
from matcher.evaluation.learning import Trained, changes, train_models
from matcher.evaluation.metrics import UNGRADED
from matcher.evaluation.need_training import train_needs
from matcher.matching.query import PartnerQuery

HEADER = "cluster_id,partner_id,grade,note\n"


@pytest.fixture(scope="module")
def grades():
    """Two askers of each fold that has two, so that the tests stay quick."""
    pairs = judged_pairs()
    chosen = [sorted(a for a in pairs if fold_of(a) == fold)[:2] for fold in range(FOLDS)]
    return {asker: pairs[asker] for own in chosen for asker in own}


@pytest.fixture(scope="module")
def needs():
    return judged_needs()


@pytest.fixture(scope="module")
def bench(matcher, grades, needs):
    return Bench.of(matcher.snapshot.corpus, grades, needs)


@pytest.fixture(scope="module")
def trained(matcher, grades, needs):
    return train_models(matcher.snapshot.corpus, grades, needs)


def test_all_files_of_pairs_are_read_together(tmp_path):
    (tmp_path / "pairs_a.csv").write_text(f"{HEADER}a,x,2,\na,y,0,\n")
    (tmp_path / "pairs_b.csv").write_text(f"{HEADER}a,x,2,again\nb,x,3,\n")
    (tmp_path / "phrases.csv").write_text("nothing of this kind\n")
    assert judged_pairs(tmp_path) == {"a": {"x": 2, "y": 0}, "b": {"x": 3}}


def test_a_pair_with_two_grades_names_its_line(tmp_path):
    (tmp_path / "pairs_a.csv").write_text(f"{HEADER}a,x,2,\n")
    (tmp_path / "pairs_b.csv").write_text(f"{HEADER}b,x,3,\na,x,1,\na,y,good,\n")
    with pytest.raises(InvalidInputError) as refused:
        judged_pairs(tmp_path)
    told = [str(problem) for problem in refused.value.problems]
    assert "pairs_b.csv, line 3" in told[0]
    assert "1 here, but 2 before" in told[0]
    assert "line 4" in told[1]
    assert "use 0, 1, 2 or 3" in told[1]


def test_a_file_without_grades_is_refused(tmp_path):
    (tmp_path / "pairs_a.csv").write_text("cluster_id,partner_id\na,x\n")
    with pytest.raises(UnreadableFileError, match="grade"):
        judged_pairs(tmp_path)


def test_the_shipped_grades_are_of_clusters_that_can_be_suggested(matcher):
    corpus, pairs = matcher.snapshot.corpus, judged_pairs()
    assert pairs.keys() <= corpus.row_of.keys()
    partners = {partner for own in pairs.values() for partner in own}
    assert all(matcher.snapshot.get(partner).group == "EU" for partner in partners)


def test_a_fold_never_learns_from_its_own_askers(matcher, grades, needs, bench):
    """Turning all grades of one fold upside down moves every model but its own."""
    fold = fold_of(next(iter(grades)))
    swapped = {
        asker: {p: 3 - g for p, g in own.items()} if fold_of(asker) == fold else own
        for asker, own in grades.items()
    }
    other = Bench.of(matcher.snapshot.corpus, swapped, needs)
    assert other.model(fold) == bench.model(fold)
    elsewhere = (fold + 1) % FOLDS
    assert other.model(elsewhere) != bench.model(elsewhere)


def test_the_model_of_needs_of_a_fold_saw_no_cluster_of_it(bench):
    for fold in range(FOLDS):
        unseen = [n for n in bench.needs if fold not in (fold_of(n.seeker), fold_of(n.giver))]
        assert 0 < len(unseen) < len(bench.needs)
        assert train_needs(unseen) == bench.need_models[fold]


def test_each_asker_is_scored_by_the_models_of_its_fold(bench):
    models = bench.fold_models()
    asker = next(iter(bench.values))
    wrong = [models[(fold + 1) % FOLDS] for fold in range(FOLDS)]
    assert not np.array_equal(bench.scores(asker, models), bench.scores(asker, wrong))


def test_a_feature_left_out_moves_nothing(bench):
    """Whatever its curve is, scores without it stay as they are."""
    models = bench.fold_models()
    wild = {"trades": models[0].curves["trades"].model_copy(update={"adds": (9.0, -9.0, 9.0, 0.0)})}
    others = [one.model_copy(update={"curves": {**one.curves, **wild}}) for one in models]
    asker = next(iter(bench.values))
    assert not np.array_equal(bench.scores(asker, models), bench.scores(asker, others))
    np.testing.assert_array_equal(
        bench.scores(asker, models, without=["trades"]),
        bench.scores(asker, others, without=["trades"]),
    )


def test_training_gives_the_same_models_in_whatever_order_the_grades_come(
    matcher, grades, needs, trained
):
    turned = {asker: dict(reversed(own.items())) for asker, own in reversed(grades.items())}
    again = train_models(matcher.snapshot.corpus, turned, needs)
    assert again.scoring.to_json() == trained.scoring.to_json()
    assert again.needs.to_json() == trained.needs.to_json()


def test_a_training_tells_its_figures_and_what_changed(trained):
    assert set(trained.scoring.training["cross_validated"]["ndcg@10"]) == {"value", "low", "high"}
    assert 0 < trained.needs.training["cross_validated"]["average_precision"] <= 1
    assert len(changes(trained, trained)) == 2
    curve = trained.scoring.curves["needs"]
    moved = curve.model_copy(update={"adds": tuple(add + 0.5 for add in curve.adds)})
    curves = {**trained.scoring.curves, "needs": moved}
    other = trained.scoring.model_copy(update={"curves": curves})
    assert "needs: up to 0.50 apart (log-odds)" in changes(trained, Trained(other, trained.needs))


def test_the_report_covers_clusters_texts_and_effects(matcher, grades, needs):
    texts = [text for text in judged_texts() if text.cluster in grades][:14]
    report = evaluate_graded(matcher.snapshot, matcher.encoder, grades, needs, texts)
    assert {"clusters", "texts/en", "texts/ka", "texts/not_en"} <= report.slices.keys()
    ours = report.slices["clusters"].rankers["matcher"]
    for name, part in report.slices.items():
        for metrics in part.rankers.values():
            assert all(0 <= e.low <= e.value <= e.high <= 1 for e in metrics.values()), name
            assert metrics["ndcg@10"].value <= metrics["condensed_ndcg@10"].value
    assert ours["ndcg@10"].value > report.slices["clusters"].rankers["random"]["ndcg@10"].value
    assert set(report.shared_with_english) == {"uk", "ro", "ru", "ka", "hy", "az"}
    graded = sum(len(own) for own in grades.values())
    assert sum(one["pairs"] for one in report.calibration) == graded
    assert report.diversity[0]["ndcg@10"] == ours["ndcg@10"]
    told = orjson.loads(orjson.dumps(report))
    assert told["slices"]["clusters"]["rankers"]["fusion"]["good@10"].keys() == {
        "value",
        "low",
        "high",
    }
    assert told["purposes"]["joint_rd"].keys() >= {"shown", "shown_before", "good", "good_before"}


def test_a_text_asks_as_a_user_would(matcher, bench):
    text = next(one for one in judged_texts() if one.language == "en")
    draft = asker_of(matcher.snapshot, text.text, matcher.encoder)
    query = PartnerQuery(text=text.text, include_weak=True)
    listed = [one.id for one in matcher.recommend(query).partners]
    models = [matcher.model] * FOLDS
    # The shipped model of needs is not that of the fold, so lists agree but for a place or two.
    order = best_first(bench.draft_scores(text.cluster, draft, models))[:20]
    assert len({bench.candidates.ids[place] for place in order} & set(listed)) >= 8


def test_pairs_that_nobody_graded_are_marked(bench, grades):
    for asker, along in bench.grades.items():
        assert (along != UNGRADED).sum() == len(grades[asker])


def test_opinions_stand_beside_the_grades_and_change_none() -> None:
    judged = {"a": {"x": 3, "y": 0}}
    said = {"a": {"x": 0, "z": 2}, "b": {"x": 0}, "c": {"x": 2, "y": 0}, "eu": {"x": 2}}
    assert joined(judged, said, {"a", "b", "c"}) == {
        "a": {"x": 3, "y": 0, "z": 2},
        "c": {"x": 2, "y": 0},
    }
