"""A sentence is plain English text that remembers its parts."""

import copy

import orjson

from matcher.i18n.message import Message


def test_it_is_its_english_text_everywhere() -> None:
    text = Message("{count:,} members; {share:.0%}", count=12345, share=0.5)
    assert text == "12,345 members; 50%"
    assert orjson.dumps([text]) == b'["12,345 members; 50%"]'
    assert text in {"12,345 members; 50%"}


def test_it_remembers_template_and_values() -> None:
    place = Message("Ukraine")
    text = Message("They name {country} as a target country.", country=place)
    assert text.template == "They name {country} as a target country."
    assert text.values["country"] is place


def test_lists_are_joined_and_kept() -> None:
    text = Message("Both: {names}.", names=("a", "b"))
    assert text == "Both: a; b."
    assert text.values["names"] == ("a", "b")


def test_quoted_text_is_never_read_as_a_template() -> None:
    text = Message("You both name “{phrase}”.", phrase="{0.__class__} {x}")
    assert text == "You both name “{0.__class__} {x}”."
    assert copy.deepcopy([text])[0] == text
