"""Texts and profiles in arrays behave as the lists that they stand for."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import StoreUnavailableError
from matcher.profiles.packed import KEPT, Chosen, Profiles, RowOf, Texts, spans
from matcher.profiles.profile import ClusterProfile

texts = st.lists(st.text(), max_size=8)
lines = st.lists(
    st.lists(st.sampled_from(["oak", "aaa", "ab", "б"])).map(lambda w: "".join(f"{x}\n" for x in w))
)


@given(texts)
def test_packed_texts_are_the_texts(given_texts):
    packed = Texts.of(given_texts)
    again = Texts.from_arrays("said", packed.arrays("said"))
    assert list(packed) == list(again) == given_texts
    assert packed[1:3] == tuple(given_texts[1:3])
    assert len(packed) == len(given_texts)


def test_a_row_beyond_the_last_is_an_error():
    with pytest.raises(IndexError):
        Texts.of(["one"])[1]
    assert Texts.of(["one", "two"])[-1] == "two"


@given(lines, st.sampled_from(["oak", "aa", "a", "б", "oaka", ""]))
def test_containing_reads_each_text_alone(given_lines, word):
    found = Texts.of(given_lines).containing(word)
    assert found.tolist() == [word in line for line in given_lines]


@given(st.sets(st.text()), st.text())
def test_rows_are_those_of_a_dictionary(names, other):
    ordered = sorted(names)
    row_of = RowOf(Texts.of(ordered))
    assert dict(row_of) == {name: row for row, name in enumerate(ordered)}
    assert (other in row_of) == (other in names)
    assert len(row_of) == len(names)


@given(st.lists(st.lists(st.integers()), min_size=1), st.data())
def test_spans_gather_what_rows_own(rows, data):
    starts = np.cumsum([0, *map(len, rows)])
    values = np.array([value for row in rows for value in row], dtype=object)
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1)))
    places, own = spans(starts, np.array(wanted, dtype=np.intp))
    assert [values[places[a:b]].tolist() for a, b in pairwise(own)] == [rows[row] for row in wanted]


def profile(number):
    return ClusterProfile(id=f"ge-{number:05}", name=f"Cluster {number}", country="GE")


def test_profiles_are_read_when_asked_for_and_kept_a_while():
    many = [profile(number) for number in range(KEPT + 2)]
    packed = Profiles(Texts.of(one.model_dump_json() for one in many))
    assert packed[3] == many[3]
    assert packed[3] is packed[3 - len(many)]
    first = packed[0]
    assert list(packed) == many
    assert packed[0] == first
    assert packed[0] is not first


def test_a_damaged_profile_is_named_when_it_is_read():
    packed = Profiles(Texts.of([profile(1).model_dump_json(), '{"id":"ge-broken"}']))
    assert packed[0] == profile(1)
    with pytest.raises(StoreUnavailableError, match=r"ge-broken.*Import it again"):
        packed[1]


def test_chosen_items_keep_their_own_order():
    chosen = Chosen("abcdef", np.array([4, 0, 4]))
    assert (*chosen,) == chosen[:] == ("e", "a", "e")
    assert chosen == ("e", "a", "e")
    assert Chosen(chosen, np.array([1]))[0] == "a"
