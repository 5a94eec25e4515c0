"""A paragraph is read as the sketch of a profile, in every language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import InvalidInputError
from matcher.profiles.paragraph import read_paragraph

WINERIES = {
    "en": "We are forty small Georgian wineries near Telavi. We want buyers in Germany.",
    "uk": "Ми сорок малих грузинських виноробень поблизу Телаві. Шукаємо покупців у Німеччині.",
    "ro": "Suntem patruzeci de vinării mici din Georgia, lângă Telavi. Căutăm cumpărători în "
    "Germania.",
    "ru": "Мы сорок небольших грузинских виноделен под Телави. Ищем покупателей в Германии.",
    "ka": "ჩვენ ვართ ორმოცი პატარა მარანი თელავთან. ვეძებთ მყიდველებს გერმანიაში.",
    "hy": "Մենք Վրաստանի Թելավի քաղաքի մոտ գտնվող քառասուն փոքր գինեգործարաններ ենք։ Փնտրում ենք "
    "գնորդներ Գերմանիայում։",
    "az": "Biz Telavi yaxınlığında qırx kiçik gürcü şərab zavoduyuq. Almaniyada alıcılar "
    "axtarırıq.",
}


@pytest.mark.parametrize("language", WINERIES)
def test_a_text_is_understood_in_its_language(language):
    found = read_paragraph(WINERIES[language])
    assert [trade.trade for trade in found.trades] == ["wine"]
    assert [need.kinds[0] for need in found.seeks] == ["buyers"]
    assert (found.home, found.city, found.countries) == ("GE", "Telavi", ("DE",))
    assert found.languages == (language,)
    assert not found.says_nothing


def test_a_text_gives_the_sketch_of_a_profile():
    profile = read_paragraph(
        "We are a packaging cluster from Chisinau with 25 members. We offer a testing laboratory. "
        "Looking for: investors; suppliers of cardboard in Poland."
    ).profile
    assert (profile.country, profile.city, profile.kind) == ("MD", "Chisinau", "cluster")
    assert profile.members_total == 25
    assert profile.technologies[0] == "packaging"
    assert profile.offers == ("a testing laboratory",)
    assert profile.seeks == ("investors", "suppliers of cardboard in Poland")
    assert profile.target_countries == ("PL",)


def test_a_bare_need_is_understood():
    found = read_paragraph("buyers for honey in Germany")
    assert [need.kinds for need in found.seeks] == [("buyers",)]
    assert (found.home, found.countries) == (None, ("DE",))


@pytest.mark.parametrize("end", ["and offer wine tours", "and, we offer wine tours", "and"])
def test_a_need_ends_before_the_word_that_joins_what_follows(end):
    needs = read_paragraph(f"We make wine. We seek importers in Poland {end}.").seeks
    assert [need.phrase for need in needs] == ["importers in Poland"]


def test_every_part_of_a_long_text_counts():
    filler = "The weather was fine and the people were glad. " * 200
    found = read_paragraph(f"We make furniture. {filler} We look for investors.")
    assert [trade.trade for trade in found.trades] == ["furniture"]
    assert [need.kinds for need in found.seeks] == [("investors",)]


@pytest.mark.parametrize("number", ["9" * 5000, "999 " * 2000, "1000000"])
def test_a_number_too_large_for_members_is_no_count(number):
    assert (
        read_paragraph(f"We are a wine cluster with {number} members.").profile.members_total
        is None
    )


@pytest.mark.parametrize("text", ["asdfgh", "Who is the president of France?", "", "  \n "])
def test_text_without_trade_and_need_says_nothing_and_what_is_missing_is_told(text):
    found = read_paragraph(text)
    assert found.says_nothing
    assert "what you look for" in str(found.missing)


def test_an_unknown_language_is_told_not_guessed():
    found = read_paragraph("Wir sind ein Verband der Winzer und suchen Käufer in Polen")
    assert found.languages == ("und",)
    assert found.says_nothing
    assert "language" in str(found.missing)


def test_a_mixed_text_is_read_part_by_part():
    found = read_paragraph("Наш кластер виробляє меблі. We look for investors. Căutăm cumpărători.")
    assert found.languages == ("uk", "en", "ro")
    assert [need.kinds[0] for need in found.seeks] == ["investors", "buyers"]


def test_what_was_not_understood_is_told():
    assert read_paragraph("We make wine. Xyzzy plugh.").unread == ("Xyzzy plugh.",)


def test_the_gloss_says_a_foreign_text_in_english_words():
    gloss = read_paragraph(WINERIES["ka"]).gloss
    assert "wine" in gloss
    assert "buyers" in gloss
    assert "Germany" in gloss


def test_control_characters_are_refused_in_plain_words():
    with pytest.raises(InvalidInputError):
        read_paragraph("We make wine.\x00")


ADDED = st.sampled_from(
    [
        ("We need investors.", "investors"),
        ("We seek new members.", "members"),
        ("Шукаємо покупців.", "buyers"),
    ]
)


@given(st.sampled_from(sorted(WINERIES.values())), ADDED)
def test_a_need_added_is_a_need_more(text, added):
    sentence, kind = added
    before, after = read_paragraph(text), read_paragraph(f"{text} {sentence}")
    assert after.seeks[: len(before.seeks)] == before.seeks
    assert [need.kinds[0] for need in after.seeks[len(before.seeks) :]] == [kind]


@given(
    st.permutations(["We grow hazelnuts.", "We need buyers.", "We offer training.", "Шиємо одяг."])
)
def test_the_order_of_sentences_does_not_matter(sentences):
    found = read_paragraph(" ".join(sentences))
    assert {trade.trade for trade in found.trades} >= {"hazelnuts", "clothing"}
    assert [need.kinds for need in found.seeks] == [("buyers",)]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_any_text_can_be_read(text):
    found = read_paragraph(text)
    assert found.profile.description == (text.strip() or None)
