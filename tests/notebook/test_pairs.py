import numpy as np
import pytest

from matcher import notebook
from matcher.errors import ClusterNotFoundError, InvalidInputError
from matcher.matching.features import FEATURES
from matcher.readiness.cautions import suspended

ASKER = "Kharkiv IT Cluster"


def test_every_pair_is_scored_as_the_ranking_scores_it(analyst, across):
    answer = analyst.recommend(ASKER, k=100, include_weak=True)
    key = answer.cluster.id
    row = [one.id for one in across.askers].index(key)
    top = across.top(100)
    mine = top[top["asker"] == key]
    assert list(mine["partner"]) == [one.id for one in answer.partners]
    for column, field in {"score": "score", "fit_for_asker": "fit_for_you"}.items():
        assert list(mine[column]) == pytest.approx([getattr(p, field) for p in answer.partners])
    assert across.allowed[row].sum() == answer.eligible


def test_other_weights_need_no_new_factors(analyst, across):
    key = analyst.find(ASKER).id
    weights = {"markets": 0.0, "needs": 2.0}
    answer = analyst.recommend(key, k=20, intent="joint_rd", weights=weights, include_weak=True)
    other = across.weighted(intent="joint_rd", weights=weights)
    top = other.top(20)
    assert list(top[top["asker"] == key]["partner"]) == [one.id for one in answer.partners]
    assert other.to_asker is across.to_asker


def test_contributions_sum_to_the_logit(across):
    logit = np.log(across.score / (1 - across.score))
    assert across.contributions.sum(axis=2) + across.model.intercept == pytest.approx(
        logit, abs=2e-3
    )


def test_a_pair_looks_the_same_from_the_other_side(analyst, across):
    back = analyst.pair_scores("eu", "eap")
    assert across.score == pytest.approx(back.score.T, abs=1e-4)
    assert across.fit_for_asker == pytest.approx(back.fit_for_partner.T, abs=1e-4)


def test_long_and_wide_forms_agree(across):
    frame, matrix = across.to_frame(), across.matrix("fit_for_partner")
    assert len(frame) == matrix.size == len(across)
    some = frame.sample(50, random_state=1)
    assert list(some["fit_for_partner"]) == [
        matrix.loc[a, b] for a, b in zip(some["asker"], some["partner"], strict=True)
    ]


def test_nobody_is_paired_with_itself_or_suggested_at_home(analyst):
    pairs = analyst.pair_scores("eap", "eap")
    frame = pairs.to_frame()
    assert len(frame) == len(pairs.askers) * (len(pairs.askers) - 1)
    home = frame["asker_country"].astype(str) == frame["partner_country"].astype(str)
    assert not (frame["allowed"] & home).any()
    away = frame["partner_country"].astype(str).map(suspended)
    assert away.any()
    assert (frame.loc[~home, "allowed"] == ~away[~home]).all()


def test_factors_show_what_is_unknown(analyst):
    frame = analyst.pair_scores([ASKER], "eu").to_frame("factors")
    assert set(FEATURES) <= set(frame.columns)
    partners = [analyst.find(key) for key in frame["partner"]]
    assert frame["activities"].isna().tolist() == [not one.nace for one in partners]
    assert frame["needs"].isna().tolist() == [not one.offers for one in partners]
    assert "needs_to_partner" in frame.columns
    assert "profile_to_partner" not in frame.columns


def test_known_links_are_marked(analyst, across):
    frame = across.to_frame()
    linked = {
        tuple(sorted(pair))
        for pair in frame[frame["known_link"]][["asker", "partner"]].itertuples(index=False)
    }
    links = notebook.links(analyst.partnerships, analyst.clusters).query("direction == 'EU-EaP'")
    assert linked == set(links[["a", "b"]].itertuples(index=False, name=None))


def test_top_never_lists_what_is_not_allowed(analyst):
    key = analyst.find(ASKER).id
    home = [one.id for one in analyst.clusters if one.country == "UA"]
    assert analyst.pair_scores([key], home).top(5).empty


def test_faults_are_named(analyst, across):
    with pytest.raises(ClusterNotFoundError):
        analyst.pair_scores(["No such cluster at all"], "eu")
    with pytest.raises(InvalidInputError, match="charm"):
        across.weighted(weights={"charm": 2})
