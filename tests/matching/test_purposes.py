"""A purpose asks for its own evidence; an asker's weights act on groups of features."""

import numpy as np
import pytest
from test_features import corpus_of

from matcher.errors import InvalidInputError
from matcher.matching.features import FEATURES, GROUP_TITLES
from matcher.matching.purposes import (
    BONUS,
    FORMER,
    ORGANISATION,
    PHRASE,
    PURPOSES,
    WISH,
    evidence,
    multipliers,
)
from matcher.matching.query import PartnerQuery
from matcher.profiles.profile import INTENTS, DraftProfile

ASKER = DraftProfile(id="ge-asker", country="GE", name="Asker", target_countries=("FR",))


def shown(intent, **said):
    partner = DraftProfile(**{"country": "PL", "name": "Partner"} | said)
    corpus = corpus_of(ASKER, partner)
    return float(evidence(intent, corpus.take(np.array([0])), corpus)[1])


def test_there_is_a_purpose_for_each_intent():
    assert set(PURPOSES) == set(INTENTS)


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("market_access", {"offers": ("buyers and distributors of food",)}),
        ("joint_rd", {"services": ("test beds and laboratories",)}),
        ("eu_proposal", {"offers": ("consortium partners for EU projects",)}),
        ("know_how", {"offers": ("training and mentoring of cluster managers",)}),
        ("investment", {"offers": ("access to investors",)}),
        ("exchange", {"offers": ("study visits",)}),
    ],
)
def test_an_offer_or_service_shows_a_purpose(intent, said):
    assert shown(intent, **said) == pytest.approx(BONUS * PHRASE)
    assert shown(intent) == 0


def test_a_wish_shows_less_than_an_offer_and_a_kind_less_than_a_wish():
    assert shown("exchange", seeks=("study visits",)) == pytest.approx(BONUS * WISH)
    assert shown("joint_rd", kind="technology_park") == pytest.approx(BONUS * ORGANISATION)
    assert PHRASE > WISH > ORGANISATION > 0


def test_market_access_asks_whether_the_country_is_among_my_markets():
    assert shown("market_access", country="FR") == pytest.approx(BONUS)
    assert shown("market_access", country="PL") == 0
    assert shown("exchange", country="FR") == 0


def test_without_a_purpose_nothing_is_added():
    assert shown(None, offers=("study visits", "access to investors")) == 0


def test_a_weight_acts_on_its_group_and_on_nothing_else():
    by = multipliers(PartnerQuery(cluster="any", weights={"needs": 3}))
    for feature, factor in zip(FEATURES.values(), by, strict=True):
        assert factor == (3 if feature.group == "needs" else 1)


@pytest.mark.parametrize("former", sorted(FORMER))
def test_links_with_weights_of_earlier_versions_still_work(former):
    by = multipliers(PartnerQuery(cluster="any", weights={former: 0}))
    now = multipliers(PartnerQuery(cluster="any", weights={FORMER[former]: 0}))
    assert FORMER[former] in GROUP_TITLES
    np.testing.assert_array_equal(by, now)
    assert not by.all()


def test_an_unknown_weight_is_refused_with_the_ones_that_there_are():
    with pytest.raises(InvalidInputError, match="no weight called 'luck'") as refused:
        multipliers(PartnerQuery(cluster="any", weights={"luck": 2}))
    assert refused.value.problems[0].where == "weights.luck"
    assert all(group in str(refused.value.problems[0]) for group in GROUP_TITLES)
