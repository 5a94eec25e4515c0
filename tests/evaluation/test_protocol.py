"""What a ranker is asked, and that nothing of the asked side can be seen."""

import numpy as np
import pytest
from matcher.evaluation.evaluate import cross_fit, evaluate_pairs, evaluate_split
from matcher.evaluation.examples import LEAKY, FactorTable, candidates_of

from matcher.evaluation.protocol import (
    RECENT,
    fold_of,
    group_partnerships,
    links_of,
    part_of,
    questions_of,
    recent_groups,
)
from matcher.evaluation.training import FLOOR, fit, fit_weights, train_model
from matcher.matching.features import FACTORS
from matcher.matching.model import shipped_model
from matcher.profiles.partnership import Partnership


def partnership(key, *members):
    listed = [{"id": member, "name": member} for member in members]
    return Partnership.model_validate(
        {"id": key, "name": key, "kind": "consortium", "members": listed}
    )


@pytest.fixture(scope="module")
def asked(matcher):
    corpus = matcher.snapshot.corpus
    links = links_of(corpus, matcher.snapshot.partnerships)
    return corpus, links, questions_of(corpus, links, links)


def test_partnerships_that_share_a_pair_are_one_group():
    groups = group_partnerships(
        [
            partnership("c-workshop", "x", "y"),
            partnership("a-project", "y", "x", "z"),
            partnership("b-other", "x", "w"),
            partnership("d-follow-up", "z", "y"),
        ]
    )
    assert groups == {
        "a-project": "a-project",
        "c-workshop": "a-project",
        "d-follow-up": "a-project",
        "b-other": "b-other",
    }


def test_no_pair_stands_in_two_groups(asked):
    _, links, _ = asked
    seen = {}
    for link in links:
        pair = frozenset((link.asker, link.partner))
        assert seen.setdefault(pair, link.group) == link.group


def test_dev_and_test_share_no_pair_and_folds_keep_groups_whole(asked):
    _, links, _ = asked
    pairs = {"dev": set(), "test": set()}
    for link in links:
        pairs[part_of(link.group)].add(frozenset((link.asker, link.partner)))
    assert pairs["dev"] and pairs["test"]
    assert not pairs["dev"] & pairs["test"]
    assert len({fold_of(link.group) for link in links}) > 5


def test_the_recent_side_of_the_time_split_began_late(matcher):
    partnerships = matcher.snapshot.partnerships
    groups, recent = group_partnerships(partnerships), recent_groups(partnerships)
    years = {
        group: [p.year_start for p in partnerships if groups[p.id] == group] for group in recent
    }
    assert len(recent) > 10
    assert all(year and year >= RECENT for known in years.values() for year in known)


def test_candidates_are_all_of_the_asked_side_abroad_but_known_partners(asked):
    corpus, links, questions = asked
    partners = {}
    for link in links:
        partners.setdefault(link.asker, set()).add(link.partner)
    for question in questions:
        asker = corpus.profiles[question.asker]
        side = "EU" if question.direction.endswith("_eu") else "EaP"
        known = partners[question.asker] - question.relevant
        expected = {
            row
            for row, profile in enumerate(corpus.profiles)
            if profile.group == side and profile.country != asker.country and row not in known
        }
        assert set(np.flatnonzero(question.candidates)) == expected
        assert question.relevant <= expected


def test_all_documented_eap_eu_pairs_are_asked_for(asked):
    _, _, questions = asked
    eap = [q for q in questions if q.direction == "eap_eu"]
    assert len({q.asker for q in eap}) == 22
    assert sum(len(q.relevant) for q in eap) == 75


def test_weights_of_a_fold_do_not_depend_on_what_it_holds_out(asked):
    """Turning the answers of one fold upside down leaves its own weights as they were."""
    corpus, _, questions = asked
    some = [q for q in questions if q.direction == "eap_eu"]
    table = FactorTable.of(corpus, (q.asker for q in some)).without(LEAKY)
    held_out = fold_of(some[0].group)
    place = 0
    before = cross_fit(some, table)[place]
    swapped = [
        q
        if fold_of(q.group) != held_out
        else type(q)(
            q.asker,
            q.group,
            frozenset([int(np.flatnonzero(q.candidates)[-1])]),
            q.candidates,
            q.direction,
        )
        for q in some
    ]
    after = cross_fit(swapped, table)[place]
    np.testing.assert_array_equal(before.weights, after.weights)
    changed = [q for q in some if fold_of(q.group) != held_out]
    other = next(i for i, q in enumerate(some) if fold_of(q.group) != held_out)
    assert changed
    assert not np.array_equal(
        cross_fit(some, table)[other].weights, cross_fit(swapped, table)[other].weights
    )


def test_target_countries_are_neither_learned_nor_used(asked):
    corpus, _, questions = asked
    some = questions[:40]
    table = FactorTable.of(corpus, (q.asker for q in some))
    blind = table.without(LEAKY)
    columns = [list(FACTORS).index(name) for name in LEAKY]
    assert all(not values[:, columns].any() for values in blind.values.values())
    assert any(values[:, columns].any() for values in table.values.values())


def test_learned_weights_lift_the_likelihood_and_keep_their_floors(asked):
    corpus, _, questions = asked
    some = [q for q in questions if q.direction == "eap_eu"]
    table = FactorTable.of(corpus, (q.asker for q in some)).without(LEAKY)
    weights = fit_weights(some, table)

    def likelihood(w):
        total = 0.0
        for question in some:
            factors, wanted = candidates_of(question, table)
            logits = factors @ w
            total += (wanted * (logits - np.log(np.exp(logits).sum()))).sum() / wanted.sum()
        return total

    assert likelihood(weights) > likelihood(np.zeros(len(FACTORS)))
    for name, floor in FLOOR.items():
        assert weights[list(FACTORS).index(name)] >= floor - 1e-9
    assert (weights >= -1e-9).all()


def test_calibration_makes_scores_of_the_training_pairs_true_on_average(asked):
    corpus, _, questions = asked
    some = [q for q in questions if q.direction == "eap_eu"]
    table = FactorTable.of(corpus, (q.asker for q in some)).without(LEAKY)
    fitted = fit(some, table)
    scores, share = [], []
    for question in some:
        factors, wanted = candidates_of(question, table)
        even = 1 / (1 + np.exp(-fitted.logits(factors) - np.log(19)))
        weight = np.where(wanted > 0, 0.5 / wanted.sum(), 0.5 / (wanted == 0).sum())
        scores.append((weight * even).sum())
        share.append((weight * wanted).sum())
    assert np.mean(scores) == pytest.approx(np.mean(share), abs=0.01)


def test_training_is_deterministic_and_the_shipped_model_has_all_factors(matcher):
    one, other = (train_model(matcher.snapshot).to_json() for _ in range(2))
    assert one == other
    assert list(shipped_model().weights) == list(FACTORS)


@pytest.mark.parametrize("split", ["dev", "test", "time"])
def test_report_orders_rankers_sensibly(matcher, split):
    report = evaluate_split(matcher.snapshot, split)
    for name in ("eap_eu", "eu_eu"):
        part = report.slices[name]
        for metrics in part.rankers.values():
            assert all(e.low <= e.value <= e.high and 0 <= e.value <= 1 for e in metrics.values())
        assert part.rankers["matcher"]["ndcg@10"].value > part.rankers["random"]["ndcg@10"].value
        assert part.best_baseline not in ("matcher", "matcher_with_targets")


def test_given_pairs_hold_out_the_partnerships_that_document_them(matcher):
    row = matcher.snapshot.corpus.row_of
    pair = (row["ua-kharkiv-it-cluster"], row["ro-cluj-it-cluster"])
    report = evaluate_pairs(matcher.snapshot, [pair])
    assert report.protocol["partnerships_held_out_with_them"] == 1
    assert report.slices["eap_eu"].pairs == 1
