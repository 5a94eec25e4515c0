"""Three languages: complete catalogues, the reader's choice, nothing left in English."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from matcher.i18n import CATALOGUES
from matcher.i18n.languages import Language, languages, sort_key
from matcher.i18n.message import Message, joined, plain
from matcher.matcher import Matcher
from matcher.profiles.profile import DraftProfile
from matcher.readiness.check import check_readiness
from matcher.web.collect import collect

KHARKIV = "ua-kharkiv-it-cluster"
PARTNERS = f"/clusters/{KHARKIV}/partners"
TRANSLATED = [code for code in languages() if code != "en"]
HTML = {"Accept": "text/html"}


def catalogue(code: str) -> Catalog:
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def places(text: str) -> set[str]:
    named = set(re.findall(r"%\((\w+)\)s", text))
    if "%(" in text:
        return named
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_ukrainian_and_romanian_are_there() -> None:
    assert list(languages()) == ["en", "ro", "uk"]
    assert [language.name for language in languages().values()] == [
        "English",
        "Română",
        "Українська",
    ]


@pytest.fixture(scope="module")
def wanted() -> set[Any]:
    """All texts that the package and its templates say."""
    return {message.id for message in collect() if message.id}


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalogue_has_every_text_and_no_other(code: str, wanted: set[Any]) -> None:
    found = {message.id: message.string for message in catalogue(code) if message.id}
    assert wanted - found.keys() == set()
    assert found.keys() - wanted == set()
    blank = [
        key
        for key, text in found.items()
        if not (all(text) if isinstance(text, (tuple, list)) else text)
    ]
    assert blank == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_fill_in_the_same_values(code: str) -> None:
    for message in catalogue(code):
        if not message.id:
            continue
        plural = not isinstance(message.id, str)
        originals = message.id if plural else (message.id,)
        strings = message.string if plural else (message.string,)
        expected = set().union(*map(places, originals))
        for text in strings:
            # A month may be written as a number; a singular form may leave the number out.
            assert places(text) <= expected | {"number"}, text
            if not plural and message.id != "{month} {year}":
                assert places(text) == expected, text


def sentences_in(value: Any) -> Iterator[Message]:
    if isinstance(value, Message):
        yield value
        for inner in value.parts.values():
            yield from sentences_in(inner)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from sentences_in(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from sentences_in(getattr(value, field.name))


def untranslated(language: Language, value: Any) -> set[str]:
    return {
        sentence.template
        for sentence in sentences_in(value)
        if any(letter.isalpha() for letter in re.sub(r"\{.*?\}", "", sentence.template))
        and language.say(sentence) == str(sentence)
    }


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_finding_about_many_clusters_is_translated(code: str, matcher: Matcher) -> None:
    language = languages()[code]
    same = {"bronz", "Moldova", "Digital", "Slovenia", "Austria", "Malta", "Italia", "Portugal"}
    left: set[str] = set()
    for profile in (*matcher.clusters[::10], DraftProfile(description="x")):
        left |= untranslated(language, check_readiness(profile, date(2026, 11, 25)))
    written_alike = {text for text in left if re.fullmatch(r"[\w\s–-]+|\d+", text)}
    assert {text for text in left if " " in text and text not in written_alike} == set()
    assert len(written_alike - same) < 20


@pytest.mark.parametrize("code", TRANSLATED)
def test_reasons_and_cautions_are_translated(code: str, matcher: Matcher) -> None:
    language = languages()[code]
    for cluster in matcher.clusters[::25]:
        for partner in matcher.recommend(cluster.id, scope="all").partners:
            for text in (*partner.reasons, *partner.reasons_for_them, *partner.cautions):
                assert isinstance(text, Message), text
                for template in _templates(text):
                    assert language.gettext(template) != template


def _templates(text: Message) -> list[str]:
    """Templates to translate; several sentences joined into one text count one by one."""
    if re.sub(r"\{\w+\}", "", text.template).strip():
        return [text.template]
    parts = [part for part in text.parts.values() if isinstance(part, Message)]
    return [template for part in parts for template in _templates(part)]


def test_trades_have_a_name_in_each_language() -> None:
    sentence = Message("You both work in {trade}.", trade=Message("wine"))
    assert languages()["uk"].say(sentence) == "Ви обидва працюєте в галузі «виноробство»."


def test_quoted_words_stay_as_they_are() -> None:
    sentence = Message(
        "They offer “{offer}”; you look for “{need}”.", offer="Germany", need="{offer} 5,000"
    )
    assert (
        languages()["uk"].say(sentence) == "Вони пропонують «Germany»; ви шукаєте «{offer} 5,000»."
    )
    assert languages()["uk"].say("They offer") == "They offer"


def test_words_numbers_and_lists_follow_the_language() -> None:
    uk, ro = languages()["uk"], languages()["ro"]
    assert uk.say(Message("{items}", items=(plain("Germany"), "X"))) == "Німеччина; X"
    few = (
        "Only {shown} of {count:,} clusters fit well enough to be listed. Ask for weak fits, too, "
    )
    told = ro.say(Message(few + "to see more.", shown=3, count=12345))
    assert told.startswith("Doar 3 din 12.345 clustere")
    thin = Message("Their profile is thin ({share:.0%} complete): ask before you plan.", share=0.4)
    assert "40\xa0%" in ro.say(thin)
    both = joined(plain("all parts"), None, plain("none"))
    assert uk.say(both) == "усі частини немає"


def test_braces_in_a_text_are_harmless() -> None:
    assert str(plain("a {b} {0.__class__}")) == "a {b} {0.__class__}"
    assert languages()["uk"].say(plain("a {b}")) == "a {b}"


def test_ukrainian_names_sort_by_the_alphabet() -> None:
    names = ["Італія", "Угорщина", "Ірландія", "Естонія", "Греція", "Індія", "Кіпр"]
    assert sorted(names, key=sort_key) == [
        *("Греція", "Естонія", "Індія", "Ірландія", "Італія", "Кіпр", "Угорщина"),
    ]


@pytest.mark.parametrize(
    ("address", "accepted", "code"),
    [
        ("/", "", "en"),
        ("/", "uk-UA,uk;q=0.9,en;q=0.5", "uk"),
        ("/", "ro-MD", "ro"),
        ("/", "ka,ru;q=0.8", "en"),
        ("/?lang=ro", "uk", "ro"),
        ("/?lang=xx", "uk", "uk"),
        ("/?lang=../../etc", "", "en"),
    ],
)
def test_language_is_chosen_by_link_or_browser(
    client: FlaskClient, address: str, accepted: str, code: str
) -> None:
    response = client.get(address, headers={**HTML, "Accept-Language": accepted})
    assert f'<html lang="{code}">' in response.text
    assert response.headers["Content-Language"] == code
    assert "Accept-Language" in response.headers["Vary"]


def test_a_language_chosen_by_link_stays_in_links_and_forms(client: FlaskClient) -> None:
    page = client.get(f"{PARTNERS}?lang=uk&k=5", headers=HTML).text
    links = re.findall(r'href="(/[^"#]*)"', page)
    own = [link for link in links if not link.startswith(("/static", "/map.svg"))]
    switch = {"/clusters/ua-kharkiv-it-cluster/partners?lang=" + code for code in ("en", "ro")}
    kept = [link for link in own if not any(link.startswith(other) for other in switch)]
    assert len(kept) > 20
    assert all("lang=uk" in link for link in kept)
    assert '<input type="hidden" name="lang" value="uk">' in page


def test_a_language_of_the_browser_stays_out_of_links(client: FlaskClient) -> None:
    page = client.get(PARTNERS, headers={**HTML, "Accept-Language": "uk"}).text
    assert "lang=uk" not in page.replace(f'href="{PARTNERS}?lang=uk"', "")


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/describe",
        "/find?q=kharkiv",
        "/find?q=zzzz",
        PARTNERS,
        f"/clusters/{KHARKIV}/readiness",
        f"/pairs/{KHARKIV}/bg-ict-cluster",
        f"/pairs/{KHARKIV}/bg-ict-cluster/brief",
        f"/compare?for={KHARKIV}&id=bg-ict-cluster",
        "/shortlist",
        "/landscape",
        "/readiness",
        "/about",
        "/nothing-here",
    ],
)
def test_pages_have_no_english_headings(client: FlaskClient, code: str, address: str) -> None:
    english = set(
        re.findall(
            r"<(?:h[1-3]|summary|dt|button|label)[^>]*>([^<{]+)<", _get(client, address, "en")
        )
    )
    page = _get(client, address, code)
    found = set(re.findall(r"<(?:h[1-3]|summary|dt|button|label)[^>]*>([^<{]+)<", page))
    same = {text.strip() for text in english & found} - {""}
    assert {text for text in same if not _is_a_name(text)} == set()


def _get(client: FlaskClient, address: str, code: str) -> str:
    return client.get(address, headers={**HTML, "Accept-Language": code}).text


def _is_a_name(text: str) -> bool:
    return bool(re.search(r"Cluster|Kharkiv|CSV|^\W*$|\d|Digital|Capacity", text))
