"""Trades are found by their words, in every language, and nothing else is."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import InvalidInputError
from matcher.profiles.meaning import meaning
from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import countries
from matcher.profiles.trades import (
    COLUMNS,
    FILE,
    ancestors,
    find_trades,
    read_trades,
    trades,
)
from matcher.profiles.wordlists import LANGUAGES

ROW = dict.fromkeys(LANGUAGES, "word") | {
    "id": "wine", "broader": "", "ecosystems": "agrifood", "nace": "11", "uses": "",
}  # fmt: skip


def found(text, language=None):
    return {hit.trade for hit in find_trades(text, language)}


def table(tmp_path, *rows):
    path = tmp_path / "trades.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({**ROW, **row} for row in rows)
    return path


def test_every_trade_is_named_in_seven_languages_and_found_by_its_name():
    missed = [
        (trade.id, language)
        for trade in trades().values()
        for language, name in trade.names.items()
        if trade.id not in found(name, language if language in ("en", "ro", "az") else None)
    ]
    assert missed == []


def test_broader_trades_end_somewhere():
    for trade in trades():
        assert trade not in ancestors(trade)
    assert "agriculture" in ancestors("hazelnuts")


@pytest.mark.parametrize(
    ("text", "trade"),
    [
        ("forty small Georgian wineries", "wine"),
        ("hazelnut growers", "hazelnuts"),
        ("oil and gas service park", "oil-gas"),
        ("Armenian jewellers and diamond cutters", "jewellery"),
        ("producători de mobilă din România", "furniture"),
        ("producatori de mobila", "furniture"),
        ("медичний кластер із лікарнями", "health-services"),
        ("Українські виноробні", "wine"),
        ("производители мебели", "furniture"),
        ("ქართული მეღვინეები", "wine"),
        ("գինեգործների միություն", "wine"),
        ("şərab istehsalçıları", "wine"),
        ("IT companies", "it-services"),
        ("BEEKEEPERS’ union", "beekeeping"),
    ],
)
def test_a_trade_is_found_by_its_words(text, trade):
    assert trade in found(text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("oil and gas service park", "olive-oil"),
        ("we sell it to others", "it-services"),
        ("винаходи та технології", "wine"),
        ("wine tourism", "wine"),
        ("Avropa İttifaqı və Aİ ölkələri", "artificial-intelligence"),
        ("seed funding", "seeds-seedlings"),
    ],
)
def test_words_that_only_look_alike_are_no_trade(text, wrong):
    assert wrong not in found(text)


WORDS = sorted({one.names["en"].split()[-1] for one in trades().values()})


@given(
    st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(["{}", "{}.", "({}),", "at {}"])
)
def test_what_stands_in_a_name_with_an_at_sign_is_no_word(one, other, said):
    text = said.format(f"{one}@{other}")
    assert found(text) == set()
    assert "packaging" in found(f"{text} Packaging")


def test_the_town_of_a_cluster_is_no_trade_of_it():
    said = {"name": "it@cork", "description": "Technology cluster of the Cork area."}
    for city, expected in (("Cork", set()), ("Kerry", {"cork"})):
        shown = meaning(DraftProfile(**said, city=city)).trades
        assert {one.trade for one in shown} & {"cork"} == expected


@pytest.mark.parametrize(
    ("said", "trade", "found"),
    [
        ({"name": "Federation of Boats and Engines (BEE)"}, "beekeeping", False),
        ({"description": "The WINE unites chemists.", "acronym": "WINE"}, "wine", False),
        ({"description": "We make WINE and cheese."}, "wine", True),
        ({"name": "Federation of Programmers (IT)", "acronym": "IT"}, "it-services", True),
        ({"name": "Federation of Hives (bee)"}, "beekeeping", True),
    ],
)
def test_a_name_in_short_is_no_word(said, trade, found):
    assert (trade in {one.trade for one in meaning(DraftProfile(**said)).trades}) is found


@pytest.mark.parametrize("text", ["", "asdfgh", "Who is the president of France?", "…!?", "😀"])
def test_text_without_a_trade_holds_none(text):
    assert found(text) == set()


def test_the_longest_phrase_counts_and_is_quoted_with_its_place():
    text = "We develop Wine Tourism in Telavi."
    (hit,) = find_trades(text)
    assert (hit.trade, hit.words) == ("wine-tourism", "Wine Tourism")
    assert text[hit.start : hit.end] == "Wine Tourism"


def test_punctuation_parts_the_words_of_a_phrase():
    assert "wine-tourism" in found("wine tourism")
    assert "wine-tourism" not in found("wine, tourism")


@given(st.text(max_size=60))
def test_any_text_can_be_read(text):
    for hit in find_trades(text):
        assert hit.trade in trades()
        assert 0 <= hit.start < hit.end <= len(text)


@given(st.lists(st.sampled_from(sorted(trades())), min_size=1, max_size=4), st.randoms())
def test_the_order_of_sentences_does_not_matter(ids, random):
    sentences = [f"We have {trades()[trade].names['en']}." for trade in ids]
    shuffled = random.sample(sentences, len(sentences))
    assert found(" ".join(sentences)) == found(" ".join(shuffled))


@given(st.sampled_from(sorted(countries())), st.sampled_from(sorted(countries())))
def test_the_country_of_origin_changes_no_trade(one, other):
    texts = [
        f"Honey producers of {countries()[code].name} look for buyers" for code in (one, other)
    ]
    assert found(texts[0]) == found(texts[1]) == {"honey"}


def test_the_shipped_table_reads_and_every_trade_is_valid():
    assert len(read_trades(FILE)) == len(trades()) >= 300


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"id": ""}, "line 3: has no id"),
        ({"id": "wine"}, "line 3: repeats the id wine"),
        ({"id": "x", "ka": ""}, "line 3: has no words in ka"),
        ({"id": "x", "ecosystems": "wines"}, "line 3: names the unknown ecosystem 'wines'"),
        ({"id": "x", "nace": "00"}, "line 3: names the unknown NACE division '00'"),
        ({"id": "x", "uses": "corks"}, "x: refers to the unknown trade 'corks'"),
        ({"id": "x", "broader": "x"}, "x: is broader than itself"),
    ],
)
def test_a_broken_line_is_named(tmp_path, row, problem):
    with pytest.raises(InvalidInputError) as caught:
        read_trades(table(tmp_path, {}, row))
    assert [f"{p.where}: {p.message}" for p in caught.value.problems] == [problem]


def test_a_line_with_too_few_columns_is_named(tmp_path):
    path = table(tmp_path, {})
    path.write_text(path.read_text(encoding="utf-8") + "beer,,\n", encoding="utf-8")
    with pytest.raises(InvalidInputError) as caught:
        read_trades(path)
    assert [str(p.where) for p in caught.value.problems] == ["line 3"]
