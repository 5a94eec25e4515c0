"""Needs and offers have a kind, trades and places, and meet only where these agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.profiles.needs import (
    NEED_KINDS,
    TRADE_RELATIONS,
    agree,
    answers,
    glossary,
    read_need,
    read_offer,
    trade_relation,
)
from matcher.profiles.trades import trades


def met(need, offer, need_home="GE", offer_home="FR"):
    return agree(read_need(need, "en"), read_offer(offer, "en"), need_home, offer_home)


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("foreign buyers of hazelnuts", "buyers"),
        ("new export markets", "buyers"),
        ("EU market access", "buyers"),
        ("suppliers of bottles and corks", "suppliers"),
        ("partners for Horizon Europe projects", "project_partners"),
        ("irrigation technology", "technology"),
        ("winemaking know-how", "know_how"),
        ("training of young staff in quality standards", "know_how"),
        ("investors in a packaging plant", "investors"),
        ("donor and grant partners", "investors"),
        ("new members", "members"),
        ("exchange with other technology parks", "exchange"),
        ("tourists and tour operators", "visitors"),
        ("skilled staff", "talent"),
        ("visibility abroad", "visibility"),
        ("test beds", "facilities"),
        ("IT companies to locate", "residents"),
        ("покупці в Німеччині", "buyers"),
        ("căutăm investitori", "investors"),
        ("обмен опытом", "know_how"),
        ("ინვესტორები", "investors"),
        ("ներդրողներ և գնորդներ", "investors"),
        ("alıcılar və investorlar", "buyers"),
    ],
)
def test_the_kind_of_a_need(phrase, kind):
    assert read_need(phrase).kinds[0] == kind


def test_what_comes_before_the_preposition_is_sought():
    assert read_need("new markets for wine technology", "en").kinds == ("buyers",)
    assert read_need("investors in production of equipment", "en").kinds == ("investors",)


def test_a_need_has_trades_and_places():
    need = read_need("buyers of honey in Germany and Central Asia", "en")
    assert (need.trades, need.countries, need.regions) == (("honey",), ("DE",), ("CENTRALASIA",))


def test_a_number_of_members_is_no_offer():
    assert read_offer("204 members in the Douro", "en").meets == ()
    assert read_offer("about 80 cooperation agreements abroad", "en").meets == ()
    assert "project_partners" in read_offer("67 rural tourism firms", "en").meets


def test_a_seller_does_not_meet_a_need_for_buyers():
    assert met("buyers of wine", "wineries of the Douro").kind_agrees is False
    assert met("buyers of wine", "wine importers and retail chains").kind_agrees is True


def test_an_offer_of_the_same_trade_meets_better_than_of_another():
    same = met("winemaking know-how", "training in winemaking")
    other = met("winemaking know-how", "training in shipbuilding")
    assert same.trade_relation == "same"
    assert other.trade_relation == "none"
    assert same.strength > other.strength


def test_the_place_must_agree():
    assert met("buyers in Germany", "retail chains", offer_home="DE").country_fit is True
    assert met("buyers in Germany", "retail chains", offer_home="FR").country_fit is False
    assert met("buyers", "retail chains").country_fit is None
    helps = "help for Romanian firms entering foreign markets"
    assert met("market access", helps, offer_home="MD").country_fit is False


@pytest.mark.parametrize(
    ("sought", "offered", "relation"),
    [
        ("wine", "wine", "same"),
        ("nuts", "hazelnuts", "narrower"),
        ("hazelnuts", "nuts", "broader"),
        ("wine", "packaging", "chain"),
        ("hazelnuts", "almonds-walnuts", "sibling"),
        ("wine", "drones", "none"),
    ],
)
def test_how_two_trades_stand(sought, offered, relation):
    assert trade_relation((sought,), (offered,))[0] == relation


def test_without_a_trade_the_relation_is_unknown():
    assert trade_relation((), ("wine",)) == ("unknown", None)


TRADE = st.sampled_from(sorted(trades()))


@given(st.lists(TRADE, max_size=3), st.lists(TRADE, max_size=3), TRADE)
def test_a_further_trade_never_makes_a_relation_weaker(sought, offered, further):
    rank = TRADE_RELATIONS.index
    if sought and offered:
        before, _ = trade_relation(sought, offered)
        after, _ = trade_relation(sought, [*offered, further])
        assert rank(after) <= rank(before)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_phrases_can_be_compared(need, offer):
    found = agree(read_need(need), read_offer(offer), "GE", "FR")
    assert 0 <= found.strength <= 1


def test_the_glossary_knows_only_kinds_that_exist():
    for thing in glossary().values():
        assert set(thing.kinds) | set(thing.meets) <= set(NEED_KINDS)


@pytest.mark.parametrize(
    ("need", "offer", "answered"),
    [
        ("innovation in beekeeping", "beekeepers of three regions", False),
        ("innovation in beekeeping", "joint promotion of honey", False),
        ("innovation in beekeeping", "laboratory of bee diseases", True),
        ("partners for innovation in textiles", "weaving mills of the north", True),
        ("universities in food science", "network of 300 farmers", False),
        ("universities in food science", "institute of food science", True),
        ("research partners in wood", "access to sawmills", False),
        ("exchange of experience in rural tourism", "links with hotels", False),
        ("exchange of experience in rural tourism", "experience with hotel training", True),
        ("support for organic farming", "organic growers", False),
        ("support for organic farming", "certification of organic growers", True),
        ("foreign clusters as partners", "access to European networks", True),
        ("suppliers of cloth", "100 makers of textiles", True),
        ("winemaking know-how", "qvevri", True),  # what is offered is not known
    ],
)
def test_who_is_there_is_no_answer_to_a_wish_to_learn(need, offer, answered):
    assert answers(read_need(need, "en"), read_offer(offer, "en")) is answered
