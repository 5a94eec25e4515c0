"""Numbers for phrases: each phrase one, whatever came before."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.embedding.phrasebook import KEY_BYTES, PhraseBook

batches = st.lists(st.lists(st.text(max_size=3), unique=True))


def empty_book():
    return PhraseBook(np.empty((0, KEY_BYTES), np.uint8))


@given(batches)
def test_a_phrase_keeps_its_number_and_shares_it_with_no_other(given_batches):
    book, number = empty_book(), {}
    for batch in given_batches:
        codes, new = book.codes(batch)
        assert [batch[place] for place in codes.argsort() if batch[place] not in number] == [
            batch[place] for place in new
        ]
        for phrase, code in zip(batch, codes.tolist(), strict=True):
            assert number.setdefault(phrase, code) == code
    assert sorted(number.values()) == list(range(len(book)))


@given(batches)
def test_the_order_of_used_phrases_does_not_depend_on_how_they_came(given_batches):
    phrases = list(dict.fromkeys(phrase for batch in given_batches for phrase in batch))
    one, other = empty_book(), empty_book()
    for batch in given_batches:
        one.codes(batch)
    other.codes(["never used", *reversed(phrases)])
    codes = other.codes(phrases)[0] if phrases else np.empty(0, np.int32)
    used = np.zeros(len(other), dtype=bool)
    used[codes] = True
    keys, _ = one.in_order(np.ones(len(one), dtype=bool))
    again, order = other.in_order(used)
    assert "never used" in phrases or np.array_equal(keys, again)
    places, new = PhraseBook(again).codes(phrases)
    assert not len(new)
    assert "never used" in phrases or np.array_equal(order[places], codes)
