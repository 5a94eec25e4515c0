"""Questions as people put them, under the real model: whom a networker would name, or silence."""

import pytest

from matcher.matching.query import PartnerQuery
from matcher.profiles.meaning import meaning
from matcher.profiles.profile import DraftProfile

WINE = (
    "We are forty small Georgian wineries from Kakheti. We make natural qvevri wine and we want "
    "buyers in Germany and Poland."
)
FURNITURE = {
    "en": "We are a cluster of furniture makers from Poltava. We look for buyers in Poland and "
    "new wood processing technologies.",
    "uk": "Ми кластер виробників меблів з Полтави. Шукаємо покупців у Польщі та нові технології "
    "обробки деревини.",
}


def asked(matcher, text, **options):
    return matcher.recommend(PartnerQuery(text=text, **options))


def trades_of(matcher, partner, most=3):
    return [shown.trade for shown in meaning(matcher.get(partner.id)).trades[:most]]


def test_wineries_are_led_to_wine_clusters(real_matcher):
    answer = asked(real_matcher, WINE)
    assert len(answer.partners) == 10
    assert all("wine" in trades_of(real_matcher, one) for one in answer.partners[:8])
    assert not any("hydrogen" in one.name.casefold() for one in answer.partners)
    assert {"DE", "PL"} <= set(answer.understood.countries)
    assert answer.notice is None


def test_oil_and_gas_is_no_olive_oil(real_matcher):
    answer = asked(
        real_matcher,
        "We are an oil and gas service park in Azerbaijan and look for technology suppliers.",
    )
    assert {"oil-gas", "oilfield-services"} & set(trades_of(real_matcher, answer.partners[0]))
    for partner in answer.partners:
        assert "olive" not in real_matcher.get(partner.id).model_dump_json().casefold()


@pytest.mark.parametrize(
    ("text", "trade", "least"),
    [
        ("We are an association of jewellers in Armenia and look for buyers.", "jewellery", 8),
        ("We are hazelnut growers in western Georgia and look for buyers.", "nuts", 1),
    ],
)
def test_unusual_trades_find_their_own_and_no_strangers(real_matcher, text, trade, least):
    answer = asked(real_matcher, text)
    found = [one for one in answer.partners if trade in trades_of(real_matcher, one)]
    assert len(found) >= least
    assert answer.partners[0] in found
    assert all(one.level != "weak" and one.evidence for one in answer.partners)
    assert len(answer.partners) == 10 or "Only" in str(answer.notice)


@pytest.mark.parametrize("text", ["asdfgh", "Who is the president of France?"])
@pytest.mark.parametrize("include_weak", [False, True])
def test_what_holds_no_trade_and_no_need_gets_no_list_but_a_sentence(
    real_matcher, text, include_weak
):
    answer = asked(real_matcher, text, include_weak=include_weak)
    assert answer.partners == ()
    assert "what you look for" in str(answer.notice)


def test_the_same_text_in_two_languages_finds_the_same_partners(real_matcher):
    first, second = (
        {one.id for one in asked(real_matcher, text).partners} for text in FURNITURE.values()
    )
    assert len(first & second) >= 7


def test_a_need_that_is_added_lifts_those_who_meet_it(real_matcher):
    text = "We are a Georgian wine association of small wineries from Kakheti."
    before, after = (
        asked(real_matcher, said, k=100, include_weak=True)
        for said in (text, f"{text} We look for suppliers of packaging.")
    )
    places = {one.id: one.rank for one in before.partners}
    meeting = [one for one in after.partners if any(m.seeker == "you" for m in one.matches)]
    assert meeting
    assert meeting[0].rank <= 5
    for partner in meeting:
        assert partner.rank <= places.get(partner.id, 101)


def test_belarus_gets_its_own_list_under_the_caution(real_matcher):
    asker = next(one for one in real_matcher.clusters if one.country == "BY")
    answer = real_matcher.recommend(asker.id)
    assert answer.partners
    for partner in answer.partners:
        assert "Belarus" in str(partner.caution)
        assert any("suspended" in str(one) for one in partner.cautions)


def test_belarus_is_suggested_to_others_only_when_asked_for(real_matcher):
    asked_for = {"k": 100, "include_weak": True}
    usual = real_matcher.recommend("ro-cluj-it-cluster", **asked_for)
    wide = real_matcher.recommend("ro-cluj-it-cluster", **asked_for, include_suspended=True)
    assert "BY" not in {one.country for one in usual.partners}
    suspended = [one for one in wide.partners if one.country == "BY"]
    assert suspended
    assert all("Belarus" in str(one.caution) for one in suspended)


def test_a_fuller_draft_is_no_weaker_draft(real_matcher):
    said = {"country": "UA", "description": "Software for hospitals", "ecosystems": ("health",)}
    bare, fuller = (
        real_matcher.recommend(PartnerQuery(profile=DraftProfile(**said, seeks=seeks)))
        for seeks in ((), ("clinical trials",))
    )
    assert len(bare.partners) >= 5
    assert len(fuller.partners) >= 5
    assert all(one.evidence for one in fuller.partners)
