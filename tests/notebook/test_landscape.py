import numpy as np
import pytest

from matcher.matching.reasons import MET
from matcher.notebook import gaps, landscape, network
from matcher.profiles.partnership import Partnership, PartnershipMember
from matcher.profiles.profile import ClusterProfile


def _partnership(key, *ids):
    members = tuple(PartnershipMember(id=one, name=one) for one in ids)
    return Partnership(id=key, name=key, kind="project", members=members)


CLUSTERS = [
    ClusterProfile(id=f"{code.lower()}-{name}", name=name, country=code)
    for code, name in (("UA", "a"), ("UA", "b"), ("PL", "c"), ("PL", "d"), ("PL", "e"))
]


def test_neighbourhoods_are_named_and_the_same_again(analyst):
    one, again = (landscape.neighbourhoods(analyst, (4, 6), seed=1) for _ in range(2))
    assert np.array_equal(one.labels, again.labels)
    assert one.silhouette == max(one.trials)
    sizes = np.bincount(one.labels)
    assert sizes.tolist() == sorted(sizes, reverse=True)
    assert len(one.names) == len(sizes) == len(set(one.names))


def test_like_profiles_lie_close(analyst):
    corpus = analyst.snapshot.corpus
    flat = landscape.flat_positions(analyst, seed=1)
    assert flat.shape == (len(corpus), 2)
    vectors = corpus.vectors.facets["about"]
    likest = np.argsort(-(vectors @ vectors.T), axis=1, kind="stable")[:, 1]
    near = np.linalg.norm(flat - flat[likest], axis=1)
    far = np.linalg.norm(flat - flat[np.roll(likest, 7)], axis=1)
    assert np.median(near) < np.median(far) / 3


def test_a_large_partnership_weighs_less_for_each_pair():
    graph = network.partnership_graph(
        [
            _partnership("small", "ua-a", "pl-c"),
            _partnership("large", "ua-a", "pl-c", "pl-d"),
            _partnership("stranger", "ua-a", "de-unknown"),
        ],
        CLUSTERS,
    )
    assert graph["ua-a"]["pl-c"]["weight"] == pytest.approx(1.5)
    assert graph["pl-c"]["pl-d"]["weight"] == pytest.approx(0.5)
    assert set(graph) == {"ua-a", "pl-c", "pl-d"}


def test_the_bridge_is_the_strongest_broker():
    chain = [("ua-a", "ua-b"), ("ua-b", "pl-c"), ("pl-c", "pl-d"), ("pl-c", "pl-e")]
    graph = network.partnership_graph(
        [_partnership(f"p{place}", *pair) for place, pair in enumerate(chain)], CLUSTERS
    )
    table = network.brokers(graph)
    assert table.index[0] == "pl-c"
    assert table.loc["ua-b", "across"] == 1
    assert table.loc["pl-c", "constraint"] < table.loc["pl-d", "constraint"]
    groups = network.communities(graph, seed=1)
    assert set().union(*groups) == set(graph)


def test_what_meets_best_crosses_the_border_and_the_least_met_comes_first(analyst):
    needs = gaps.best_met(analyst, "seeks", "EaP", "EU")
    profiles = {one.id: one for one in analyst.clusters}
    assert needs["likelihood"].is_monotonic_increasing
    assert needs["likelihood"].between(0, 1).all()
    assert len(needs) == sum(len(one.seeks) for one in profiles.values() if one.group == "EaP")
    for row in needs.sample(20, random_state=1).itertuples():
        assert row.phrase in profiles[row.id].seeks
        assert row.best in profiles[row.best_id].offers
        assert profiles[row.best_id].group == "EU"
    region = gaps.best_met(analyst, "offers", "EaP", "EaP")
    assert (region["country"] != region["best_id"].str[:2].str.upper()).all()
    assert set(region["best"]) <= {need for one in profiles.values() for need in one.seeks}


@pytest.mark.parametrize(("kind", "seeker"), [("seeks", "you"), ("offers", "them")])
def test_what_a_phrase_meets_is_what_the_explanation_quotes(analyst, kind, seeker):
    best = gaps.best_met(analyst, kind, "EaP", "EU").iloc[-1]
    pair = analyst.explain(best["id"], best["best_id"])
    quoted = {
        (match.need, match.offer): match.similarity
        for match in pair.recommendation.matches
        if match.seeker == seeker
    }
    phrases = (best["phrase"], best["best"])
    assert best["likelihood"] >= MET
    assert quoted[phrases if kind == "seeks" else phrases[::-1]] == pytest.approx(
        best["likelihood"], abs=1e-5
    )
