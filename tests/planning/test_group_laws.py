"""Laws of groups: conditions hold exactly, the optimum is one, conditions never raise it."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.matching.pairs import pair_scores
from matcher.planning.groups import Conditions, build_groups
from matcher.planning.groups.conflict import conflict
from matcher.planning.groups.optimum import best_group
from matcher.planning.groups.rows import membership, rows_of
from matcher.planning.groups.worth import COST, WEIGHTS, Worth
from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import country_group

CANDIDATES = 8
EU, EAP = country_group("EU"), country_group("EaP")
PICKED = ("MD", "GE", "UA", "RO", "PL", "ES")


@pytest.fixture(scope="module")
def pool(matcher):
    """Rows of clusters of a few countries, so that conditions meet."""
    return [row for row, one in enumerate(matcher.clusters) if one.country in PICKED]


@st.composite
def conditions(draw, clusters):
    at_least = draw(st.integers(3, 5))
    return Conditions(
        members=draw(st.lists(st.sampled_from([c.id for c in clusters]), max_size=2, unique=True)),
        topic="cheese",
        at_least=at_least,
        at_most=draw(st.integers(at_least, 6)),
        countries=draw(st.integers(1, 4)),
        eu_countries=draw(st.integers(0, 3)),
        of_one_country=draw(st.integers(1, 4)),
        must_countries=draw(st.lists(st.sampled_from(PICKED), max_size=2, unique=True)),
        only_countries=draw(st.just([]) | st.just(PICKED[1:])),
        sides=draw(st.sampled_from(["both", "eap", "eu", "any"])),
        roles=draw(st.lists(st.sampled_from(["coordinator", "smes"]), max_size=2, unique=True)),
        ecosystems=draw(st.just([]) | st.just([clusters[0].ecosystems[0]])),
        labels=draw(st.just([]) | st.just(["gold", "silver", "bronze"])),
        smallest=draw(st.none() | st.integers(1, 50)),
        largest=draw(st.none() | st.integers(50, 200)),
        excluded=draw(st.lists(st.sampled_from([c.id for c in clusters]), max_size=1)),
    )


@st.composite
def problems(draw, matcher, pool):
    rows = draw(
        st.lists(st.sampled_from(pool), min_size=CANDIDATES, max_size=CANDIDATES, unique=True)
    )
    corpus = matcher.snapshot.corpus.take(np.array(sorted(rows)))
    clusters = list(corpus.profiles)
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    ties = np.triu(random.random((CANDIDATES, CANDIDATES)), 1) * draw(st.sampled_from([0, 0.3, 1]))
    owners = np.sort(random.integers(CANDIDATES, size=12))
    needs = random.random((12, CANDIDATES)) < 0.2
    needs[np.arange(12), owners] = False
    worth = Worth(
        random.random(CANDIDATES),
        ties + ties.T,
        needs,
        owners,
        random.random((4, CANDIDATES)) < 0.3,
        random.integers(3, size=CANDIDATES).astype(float),
    )
    return corpus, worth, draw(conditions(clusters))


def _plain_value(worth, group):
    """What a group is worth, reckoned member by member from what the page of the method says."""
    total = 0.0
    for one in group:
        others = [other for other in group if other != one]
        total += WEIGHTS["fit"] * worth.fit[one] - WEIGHTS["load"] * worth.load[one] - COST
        best = sorted((worth.ties[one, other] for other in others), reverse=True)[:2]
        total += WEIGHTS["ties"] * sum(best) / 2
        own = [row for row, owner in enumerate(worth.owners) if owner == one]
        met = [row for row in own if any(worth.needs[row, other] for other in others)]
        total += WEIGHTS["needs"] * len(met) / max(len(own), 1)
    covered = [step for step in worth.chain if any(step[one] for one in group)]
    return total + WEIGHTS["chain"] * len(covered) / len(worth.chain)


def _holds(asked, clusters, links):
    """Whether a group satisfies the conditions, read off the profiles."""
    countries = Counter(one.country for one in clusters)
    groups = {one.group for one in clusters}
    ids = {one.id for one in clusters}
    sides = {"both": groups == {"EU", "EaP"}, "eu": groups == {"EU"}, "eap": groups == {"EaP"}}
    firms = [one.members_total for one in clusters]
    return (
        ids.issuperset(asked.members)
        and asked.at_least <= len(clusters) <= asked.at_most
        and len(countries) >= asked.countries
        and len(countries.keys() & EU) >= asked.eu_countries
        and max(countries.values()) <= asked.of_one_country
        and countries.keys() >= set(asked.must_countries)
        and (not asked.only_countries or countries.keys() <= set(asked.only_countries))
        and sides.get(asked.sides, True)
        and all(any(_able(role, one, links) for one in clusters) for role in asked.roles)
        and (
            not asked.ecosystems or all(set(c.ecosystems) & set(asked.ecosystems) for c in clusters)
        )
        and (not asked.labels or all(one.label in asked.labels for one in clusters))
        and (asked.smallest is None or all(n is not None and n >= asked.smallest for n in firms))
        and (asked.largest is None or all(n is not None and n <= asked.largest for n in firms))
        and ids.isdisjoint(asked.excluded)
    )


def _able(role, one, links):
    if role == "smes":
        return one.kind in ("cluster", "business_association")
    kinds = {link.kind for found in links.of(one.id).values() for link in found}
    return bool(one.label or kinds & {"project", "consortium"})


@given(data=st.data())
def test_the_best_group_is_the_one_that_enumeration_finds(matcher, pool, data):
    """Its conditions hold, and no group of the same candidates that satisfies them is worth more.

    Where there is none, the conditions named cannot hold together, and each is needed for that.
    """
    corpus, worth, asked = data.draw(problems(matcher, pool))
    clusters = list(corpus.profiles)
    asked = asked.model_copy(
        update={"members": tuple(one for one in asked.members if one in corpus.row_of)}
    )
    found = best_group(worth, rows_of(asked, corpus, matcher.links), membership(corpus))
    fitting = [
        group
        for size in range(asked.at_least, asked.at_most + 1)
        for group in combinations(range(CANDIDATES), size)
        if _holds(asked, [clusters[one] for one in group], matcher.links)
    ]
    if found is None:
        assert not fitting
        _check_conflict(rows_of(asked, corpus, matcher.links), membership(corpus))
        return
    best = max(_plain_value(worth, group) for group in fitting)
    chosen = tuple(np.flatnonzero(found.chosen).tolist())
    assert chosen in fitting
    assert found.value == pytest.approx(_plain_value(worth, chosen))
    assert found.value == pytest.approx(best, abs=1e-5)
    assert found.bound == pytest.approx(best, abs=1e-5)


def _check_conflict(rows, belongs):
    nobody = Worth.alone(np.zeros(belongs.shape[1]))
    named = conflict(rows, belongs)
    assert best_group(nobody, [row for row in rows if row.name in named], belongs) is None
    for spared in named:
        rest = [row for row in rows if row.name in named and row.name != spared]
        assert best_group(nobody, rest, belongs) is not None


@settings(max_examples=settings.default.max_examples // 2)
@given(data=st.data())
def test_another_condition_never_raises_the_optimum(matcher, pool, data):
    corpus, worth, asked = data.draw(problems(matcher, pool))
    free = Conditions(topic="cheese", at_least=3, at_most=6, countries=1, sides="any")
    free = free.model_copy(update={"of_one_country": 6})
    names = data.draw(st.permutations(sorted(Conditions.model_fields)))
    before = np.inf
    belongs = membership(corpus)
    stricter = free
    for name in names:
        stricter = stricter.model_copy(update={name: getattr(asked, name)})
        found = best_group(worth, rows_of(stricter, corpus, matcher.links), belongs)
        value = -np.inf if found is None else found.value
        assert value <= before + 1e-5
        before = value


def test_a_described_cluster_counts_as_if_it_were_registered(matcher):
    """Behind all others stands one that scores with each as its registered twin does."""
    ours = matcher.find("md-ua-wine-byproducts")
    told = ours.model_copy(update={"id": None, "visibility": "private"})
    corpus = matcher.corpus_with({"ours": DraftProfile.model_validate(told.model_dump())})
    everybody = np.arange(len(matcher.clusters))
    assert corpus.ids[-1] == "ours"
    assert corpus.profiles[everybody[-1]] == matcher.clusters[everybody[-1]]
    twins = np.array([corpus.row_of[ours.id], corpus.row_of["ours"]])
    one, other = pair_scores(corpus, matcher.links, matcher.model, twins, everybody).score
    away = everybody != twins[0]
    assert other[away] == pytest.approx(one[away], abs=1e-6)
    assert corpus.visible[-1]


def test_neighbours_are_kept_apart_unless_a_side_has_opted_in(matcher):
    asked = Conditions(topic="wine", must_countries=("AM", "AZ"))
    told = build_groups(matcher, asked, count=1)
    assert not told.groups
    assert any("opted in" in str(name) for name in told.conflict)
    ours = DraftProfile(country="AZ", opt_in_countries=("AM",), description="Wineries of Ganja.")
    asked = Conditions(members=("ours",), must_countries=("AM",))
    found = build_groups(matcher, asked, count=1, described={"ours": ours})
    assert {"AM", "AZ"} <= {seat.cluster.country for seat in found.groups[0].seats}
