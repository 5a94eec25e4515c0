"""What a ranker is asked about documented partnerships, and what the report says."""

import numpy as np
import pytest

from matcher.evaluation.documented import evaluate_pairs, evaluate_split
from matcher.evaluation.protocol import (
    RECENT,
    group_partnerships,
    links_of,
    questions_of,
    recent_groups,
)
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
    assert len({q.asker for q in eap}) == 37
    assert sum(len(q.relevant) for q in eap) == 99


@pytest.fixture(scope="module")
def report(matcher):
    return evaluate_split(matcher.snapshot, shipped_model(), "time")


def test_report_orders_rankers_sensibly(report):
    for name in ("eap_eu", "eu_eu"):
        part = report.slices[name]
        for metrics in part.rankers.values():
            assert all(e.low <= e.value <= e.high and 0 <= e.value <= 1 for e in metrics.values())
        assert part.rankers["matcher"]["ndcg@10"].value > part.rankers["random"]["ndcg@10"].value
        assert part.best_baseline not in ("matcher", "matcher_with_targets")


def test_the_frame_has_a_row_for_each_slice_ranker_and_metric(report):
    frame = report.to_frame()
    assert len(frame) == sum(
        len(metrics) for part in report.slices.values() for metrics in part.rankers.values()
    )
    assert (frame["low"] <= frame["high"]).all()


def test_target_countries_move_one_ranker_only(matcher, report):
    """A model without any curve for target countries gives both rankers the same lists."""
    model = shipped_model()
    flat = model.curves["target"].model_copy(
        update={"adds": (0.0,) * len(model.curves["target"].adds)}
    )
    blind = model.model_copy(update={"curves": {**model.curves, "target": flat}})
    part = evaluate_split(matcher.snapshot, blind, "time").slices["eu_eu"]
    assert part.rankers["matcher"] == part.rankers["matcher_with_targets"]
    assert part.rankers["matcher"] == report.slices["eu_eu"].rankers["matcher"]


def test_partnerships_that_document_given_pairs_do_not_hide_other_partners(matcher):
    row = matcher.snapshot.corpus.row_of
    pair = (row["ua-kharkiv-it-cluster"], row["ro-cluj-it-cluster"])
    report = evaluate_pairs(matcher.snapshot, shipped_model(), [pair])
    assert report.protocol["partnerships_held_out_with_them"] == 1
    assert report.slices["eap_eu"].pairs == 1
