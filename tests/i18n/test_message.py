"""A message keeps its template and parts until somebody writes it out."""

import copy

import orjson
import pytest

from matcher.i18n.languages import language
from matcher.i18n.message import Message, joined, plain
from matcher.web.http.jsonio import to_json


def test_it_is_its_english_text_where_nobody_asks_for_another() -> None:
    text = Message("{count:,} members; {share:.0%}", count=12345, share=0.5)
    assert str(text) == f"{text}" == "12,345 members; 50%"
    assert orjson.loads(to_json({"a": [text]})) == {"a": ["12,345 members; 50%"]}
    with pytest.raises(TypeError, match="not JSON serializable"):
        to_json(object())


def test_it_remembers_template_and_parts() -> None:
    place = Message("Ukraine")
    text = Message("They name {country} as a target country.", country=place)
    assert text.template == "They name {country} as a target country."
    assert text.parts["country"] is place
    assert text.in_(language("uk")) == language("uk").say(text)


def test_equal_messages_are_one() -> None:
    assert len({Message("{a}", a=1), Message("{a}", a=1), Message("{a}", a=2)}) == 2
    assert Message("Both") != "Both"


def test_lists_are_joined_and_kept() -> None:
    text = Message("Both: {names}.", names=("a", "b"))
    assert str(text) == "Both: a; b."
    assert text.parts["names"] == ("a", "b")
    assert str(joined(plain("One."), None, plain("Two."))) == "One. Two."


def test_quoted_text_is_never_read_as_a_template() -> None:
    text = Message("You both name “{phrase}”.", phrase="{0.__class__} {x}")
    assert str(text) == "You both name “{0.__class__} {x}”."
    assert copy.deepcopy([text])[0] == text


@pytest.mark.parametrize("code", ["en", "ro", "uk"])
def test_a_missing_translation_is_shown_in_english(code: str) -> None:
    text = Message("No catalogue has {this}: {country}.", this="this", country=Message("Ukraine"))
    assert text.in_(language(code)).startswith("No catalogue has this: ")
