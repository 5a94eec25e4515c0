"""Reasons are evidence: true, never twice, and none where there is none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.matching.reason_pair import Pair
from matcher.matching.reasons import (
    ASKED,
    MAX_REASONS,
    MET,
    MET_KIND_UNKNOWN,
    PEERS,
    evidence_of,
    reasons_for,
)
from matcher.matching.trade_reasons import COMMON, GENERAL, wide_trades
from matcher.profiles.meaning import meaning
from matcher.profiles.profile import DraftProfile
from matcher.profiles.trades import trades

GEORGIA = {"id": "ge-you", "name": "You", "country": "GE"}
FRANCE = {"id": "fr-they", "name": "They", "country": "FR"}


def pair_of(you, they, *, likely=0.9, alike=0.0, offers=0.0, intent=None, share=0.01):
    """A pair of which all needs are as likely met, and all phrases as alike, as given."""
    one, other = DraftProfile(**GEORGIA | you), DraftProfile(**FRANCE | they)

    def table(rows, columns, value):
        return np.full((len(rows), len(columns)), value, dtype=np.float32)

    return Pair(
        one,
        other,
        meaning(one),
        meaning(other),
        needs=table(one.seeks, other.offers, likely),
        their_needs=table(other.seeks, one.offers, likely),
        specialities=table(one.technologies, other.technologies, alike),
        offers=table(one.offers, other.offers, offers),
        share=(shares := dict.fromkeys(trades(), share)),
        wide=wide_trades(shares),
        intent=intent,
    )


def told(you, they, **options):
    return evidence_of(pair_of(you, they, **options))


def kinds(found):
    return [one.kind for one in found]


BUYS = {"seeks": ("suppliers of packaging",), "technologies": ("wine",)}
SELLS = {"offers": ("packaging supply",), "technologies": ("packaging",)}


def test_a_met_need_quotes_both_phrases_and_comes_first():
    found = told(BUYS, SELLS)
    assert (found[0].kind, found[0].side) == ("need_met", "you")
    assert (found[0].yours, found[0].theirs) == ("suppliers of packaging", "packaging supply")
    assert str(found[0].sentence) == (
        "They offer “packaging supply”; you look for “suppliers of packaging”."
    )
    assert found[0].strength > 1


def test_a_need_of_theirs_is_told_to_them():
    found = told({"offers": ("packaging supply",)}, {"seeks": ("suppliers of packaging",)})
    assert (found[0].kind, found[0].side) == ("need_met", "them")
    assert reasons_for(found, "you") == ()
    assert reasons_for(found, "them") == (found[0].sentence,)


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ("suppliers of packaging", "packaging buyers abroad"),  # another direction
        ("suppliers of packaging", "supply of software"),  # another trade
        ("buyers of wine in Germany", "wine distribution in Spain"),  # another country
    ],
)
def test_a_need_is_not_met_where_kind_trade_or_country_differ(need, offer):
    assert "need_met" not in kinds(told({"seeks": (need,)}, {"offers": (offer,)}))


def test_an_unlikely_match_is_no_met_need():
    assert "need_met" in kinds(told(BUYS, SELLS, likely=MET + 0.01))
    assert "need_met" not in kinds(told(BUYS, SELLS, likely=MET - 0.01))


def test_an_offer_that_may_help_is_told_as_a_question():
    found = told(BUYS, SELLS, likely=ASKED + 0.01)
    near = next(one for one in found if one.kind == "need_near")
    assert str(near.sentence) == (
        "You look for “suppliers of packaging”: ask them about “packaging supply”."
    )
    assert near.strength < 1
    assert "need_near" not in kinds(told(BUYS, SELLS, likely=ASKED - 0.01))


def test_a_list_of_members_may_not_help_to_learn_unless_it_is_sure_to():
    said = {"seeks": ("innovation in winemaking",)}, {"offers": ("farms of Auvergne",)}
    assert "need_near" not in kinds(told(*said, likely=MET - 0.01))
    assert "need_met" in kinds(told(*said, likely=MET_KIND_UNKNOWN + 0.01))


def test_where_the_kind_cannot_be_told_more_is_asked_for():
    said = {"seeks": ("suppliers of packaging",)}, {"offers": ("glass packaging",)}
    assert "need_met" in kinds(told(*said, likely=MET_KIND_UNKNOWN + 0.01))
    assert "need_met" not in kinds(told(*said, likely=MET_KIND_UNKNOWN - 0.01))


def test_a_number_of_members_is_no_offer():
    found = told(
        {"seeks": ("winemaking know-how", "members")}, {"offers": ("204 members in the Douro",)}
    )
    assert "need_met" not in kinds(found)


def test_a_shared_trade_is_named_with_the_words_that_show_it():
    found = told({"technologies": ("qvevri winemaking",)}, {"technologies": ("sparkling wine",)})
    assert kinds(found) == ["trade"]
    assert (found[0].yours, found[0].theirs) == ("qvevri winemaking", "sparkling wine")
    assert "qvevri winemaking" in str(found[0].sentence)


@pytest.mark.parametrize("trade", sorted(GENERAL))
def test_general_trades_are_no_reason(trade):
    said = {"trades": (trade,)}
    assert "trade" not in kinds(told(said, said))


def test_bodies_that_live_by_general_trades_may_share_them():
    said = {"trades": ("startups",), "kind": "incubator_accelerator"}
    assert "trade" in kinds(told(said, said))


def test_places_of_a_kind_that_share_nothing_more_definite_are_told_so():
    park = {"kind": "technology_park"}
    assert kinds(told(park, park)) == ["organisation"]
    assert kinds(told({"kind": "public_agency"}, {"kind": "public_agency"})) == []


def test_a_trade_of_every_third_profile_is_no_reason():
    said = {"technologies": ("wine",)}
    assert kinds(told(said, said, share=0.01)) == ["trade"]
    assert kinds(told(said, said, share=0.34)) == []


WIDE = dict.fromkeys(trades(), 0.01) | {"tourism": COMMON + 0.01}


TOURISM = {"trades": ("tourism",), "technologies": ("tourism",)}


def told_of_wide(you, they, **options):
    return evidence_of(pair_of(you, they, **options)._replace(share=WIDE, wide=wide_trades(WIDE)))


def test_the_name_of_a_wide_field_is_told_where_the_asker_hears_nothing_else():
    alone = told_of_wide(TOURISM, TOURISM)
    assert kinds(alone) == ["field"]
    assert "wide field" in str(alone[0].sentence)
    assert reasons_for(alone, "you") == reasons_for(alone, "them") == ()
    sought = TOURISM | {"seeks": ("partners in France",)}
    assert kinds(told_of_wide(sought, TOURISM)) == ["interest"]
    sought = TOURISM | {"seeks": ("partners in Georgia",)}
    assert sorted(kinds(told_of_wide(TOURISM, sought))) == ["field", "interest"]


def test_a_shared_branch_goes_before_the_wide_field_that_it_is_of():
    said = TOURISM | {"name": "Tourism, tourism", "technologies": ("rural tourism",)}
    found = told_of_wide(said, said)
    assert [str(one.sentence) for one in found] == [
        "You both work in rural tourism: “rural tourism”."
    ]


def test_bodies_with_much_the_same_offers_could_compare_notes():
    said = {"offers": ("seminars for cluster managers",)}, {"offers": ("yearly cluster congress",)}
    found = told(*said, offers=PEERS + 0.01)
    assert [(one.kind, one.side) for one in found] == [("same_offer", "both")]
    assert kinds(told(*said, offers=PEERS - 0.01)) == []
    members = {"offers": ("120 members",)}
    assert kinds(told(members, members, offers=1.0)) == []


@pytest.mark.parametrize(
    ("you", "they"),
    [
        (
            {"technologies": ("wine",)},
            {"technologies": ("wine", "cork stoppers")},
        ),  # two of a trade
        ({"technologies": ("printing",)}, {"technologies": ("software",)}),  # used everywhere
        ({"technologies": ("wine",)}, {"technologies": ("cork",), "kind": "technology_park"}),
    ],
)
def test_nobody_supplies_peers_or_everybody_and_no_park_does(you, they):
    assert "value_chain" not in kinds(told(you, they))


def test_a_value_chain_is_told_only_where_no_trade_is_shared():
    said = {"technologies": ("wine", "jewellery")}, {"technologies": ("packaging", "jewellery")}
    assert kinds(told(*said)) == ["trade"]


def test_a_supplier_of_what_the_other_side_uses():
    found = told({"technologies": ("wine",)}, {"technologies": ("packaging",)})
    assert [(one.kind, one.side) for one in found] == [("value_chain", "you")]
    back = told({"technologies": ("packaging",)}, {"technologies": ("wine",)})
    assert [(one.kind, one.side) for one in back] == [("value_chain", "them")]


def test_a_country_that_is_sought_is_an_interest():
    found = told({"seeks": ("partners in France",)}, {})
    assert [(one.kind, one.side) for one in found] == [("interest", "you")]
    assert kinds(told({}, {"target_countries": ("GE",)})) == ["interest"]


def test_specialities_are_told_only_where_they_are_nearly_the_same():
    said = {"technologies": ("colour xylography",)}, {"technologies": ("xylographic art",)}
    assert kinds(told(*said, alike=0.85)) == ["speciality"]
    assert kinds(told(*said, alike=0.79)) == []


def test_a_purpose_quotes_what_shows_it():
    found = told({}, {"offers": ("study visits",)}, intent="exchange")
    assert [(one.kind, one.theirs) for one in found] == [("purpose", "study visits")]
    assert told({}, {"offers": ("study visits",)}, intent="investment") == ()


def test_strangers_have_no_reason():
    found = told(
        {"technologies": ("jewellery",), "seeks": ("buyers of jewellery",)},
        {"technologies": ("shipbuilding",), "offers": ("dry docks",)},
    )
    assert found == ()
    assert reasons_for(found, "you") == reasons_for(found, "them") == ()


def test_at_most_three_reasons():
    you = {"seeks": ("suppliers of packaging", "suppliers of cork", "suppliers of glass")}
    they = {"offers": ("packaging supply", "cork supply", "glass supply")}
    found = told(you | {"technologies": ("wine",)}, they | {"technologies": ("wine",)})
    assert len(found) > MAX_REASONS == len(reasons_for(found, "you"))


said = st.fixed_dictionaries(
    {
        "technologies": st.lists(st.sampled_from(["wine", "packaging", "software"]), max_size=2),
        "offers": st.lists(
            st.sampled_from(["packaging supply", "study visits", "wine", "120 members"]), max_size=3
        ),
        "seeks": st.lists(
            st.sampled_from(["suppliers of packaging", "partners in France", "study visits"]),
            max_size=3,
        ),
        "target_countries": st.lists(st.sampled_from(["FR", "GE"]), max_size=1),
        "kind": st.sampled_from([None, "technology_park"]),
    }
)


@given(you=said, they=said, intent=st.sampled_from([None, "exchange", "value_chain"]))
def test_nothing_is_said_twice_and_the_strongest_comes_first(you, they, intent):
    found = told(you, they, intent=intent, alike=0.9, offers=0.9)
    sentences = [str(one.sentence) for one in found]
    assert len(set(sentences)) == len(sentences)
    strengths = [one.strength for one in found]
    assert strengths == sorted(strengths, reverse=True)
    for one in found:
        assert "120 members" not in (one.yours, one.theirs)
