"""The directory: what a text finds, facets with counts, pages, files, and the same on the API."""

import csv
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from test_pages import page_of

from matcher.matcher import Matcher
from matcher.matching.directory import FRESHNESS, SIZES

HONEY = {
    "en": "honey",
    "uk": "мед",
    "ro": "miere",
    "ru": "мёд",
    "ka": "თაფლი",
    "hy": "մեղր",
    "az": "bal",
}


def found(client: FlaskClient, **query: Any) -> Any:
    response = client.get("/api/v1/clusters", query_string=query)
    assert response.status_code == 200
    return response.json


def ids(client: FlaskClient, **query: Any) -> list[str]:
    return [one["id"] for one in found(client, limit=100, **query)["clusters"]]


@pytest.mark.parametrize("word", HONEY.values(), ids=HONEY)
def test_honey_is_honey_in_every_language(client: FlaskClient, word: str) -> None:
    answer = found(client, q=word, limit=100)
    assert answer["trades"] == ["honey"]
    assert [one["id"] for one in answer["clusters"]] == ids(client, q="honey")
    assert answer["total"] > 10
    for one in answer["clusters"][:5]:
        said = " ".join([one["name"], one["description"], *one["technologies"], *one["offers"]])
        assert re.search("honey|bee", said, re.IGNORECASE)


def test_a_place_narrows_a_trade(client: FlaskClient) -> None:
    answer = found(client, q="вино Грузія", limit=100)
    assert answer["clusters"]
    assert {one["country"] for one in answer["clusters"]} == {"GE"}
    assert set(ids(client, q="вино Грузія")) < set(ids(client, q="wine"))


def test_words_are_found_in_any_form_and_script(client: FlaskClient, matcher: Matcher) -> None:
    assert ids(client, q="kharkiv")[0] == "ua-kharkiv-it-cluster"
    assert ids(client, q="Харківський ІТ кластер") == ["ua-kharkiv-it-cluster"]
    wagons = [one.id for one in matcher.public if "carnica" in (one.description or "").lower()]
    assert set(wagons) <= set(ids(client, q="Carnica"))


def test_typing_errors_in_names_are_forgiven(client: FlaskClient) -> None:
    assert "ua-kharkiv-it-cluster" in ids(client, q="Karkiv IT Clustr")


def test_what_nobody_matches_in_full_is_told(client: FlaskClient) -> None:
    answer = found(client, q="quantum honey")
    assert answer["partly"] and answer["total"]
    assert not found(client, q="honey")["partly"]


FACETS = [
    ("country", "UA"),
    ("trade", "furniture"),
    ("ecosystem", "agrifood"),
    ("kind", "technology_park"),
    ("label", "gold"),
    *(("size", size) for size in SIZES),
    *(("freshness", age) for age in FRESHNESS),
]


@pytest.mark.parametrize(("facet", "value"), FACETS)
@pytest.mark.parametrize("query", [{}, {"q": "food"}, {"country": "MD", "kind": "cluster"}])
def test_a_count_is_what_a_click_finds(
    client: FlaskClient, query: dict[str, str], facet: str, value: str
) -> None:
    counts = found(client, **query)["facets"][facet]
    assert found(client, **{**query, facet: value})["total"] == counts.get(value, 0)


def test_narrower_trades_count_for_the_broader(client: FlaskClient) -> None:
    honey, broader = (found(client, trade=trade)["total"] for trade in ("honey", "agriculture"))
    assert 0 < honey < broader
    assert found(client, trade=["honey", "agriculture"])["total"] == broader


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("name", lambda one: one["name"].casefold()[:1]),
        ("country", lambda one: one["country"]),
        ("members", lambda one: -(one["members_total"] or -1)),
        ("newest", lambda one: -(one["as_of"] or 0)),
    ],
)
def test_sorting(client: FlaskClient, sort: str, key: Any) -> None:
    listed = found(client, q="furniture", sort=sort, limit=30)["clusters"]
    assert len(listed) > 5
    assert [key(one) for one in listed] == sorted(map(key, listed))


def test_without_a_text_all_are_listed_by_id(client: FlaskClient, matcher: Matcher) -> None:
    answer = found(client, limit=5, offset=3)
    assert answer["total"] == len(matcher.public)
    assert [one["id"] for one in answer["clusters"]] == [one.id for one in matcher.public[3:8]]


def test_the_page_turns_and_keeps_its_conditions(client: FlaskClient) -> None:
    first = page_of(client, "/clusters?country=UA&sort=name")
    later = re.search(r'rel="next" class="pill" href="([^"]+)"', first)
    assert later
    second = page_of(client, later[1].replace("&amp;", "&"))
    names = [re.findall(r'class="rank">.*?translate="no">(.*?)<', page) for page in (first, second)]
    assert len(names[0]) == len(names[1]) == 20
    assert not set(names[0]) & set(names[1])
    assert 'rel="prev"' in second


def test_a_facet_is_set_and_unset_by_a_click(client: FlaskClient) -> None:
    page = page_of(client, "/clusters?q=honey&country=MD&offset=0")
    assert 'href="/clusters?q=honey&amp;country=MD&amp;country=BG" rel="nofollow"' in page
    assert 'href="/clusters?q=honey" rel="nofollow" aria-current="true"' in page


def test_nothing_found_says_so(client: FlaskClient) -> None:
    page = page_of(client, "/clusters?country=MT&label=gold&min_members=999999")
    assert "Nothing found" in page


def test_wrong_conditions_are_named(client: FlaskClient) -> None:
    assert "xx" in page_of(client, "/clusters?country=xx", 422)
    problem = client.get("/api/v1/clusters?trade=nothing&size=huge").json
    assert {error["field"] for error in problem["errors"]} == {"trade", "size"}


def test_files_hold_all_that_was_found(client: FlaskClient) -> None:
    response = client.get("/clusters.csv?q=honey")
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == ids(client, q="honey")
    assert client.get("/clusters.xlsx?q=honey").data.startswith(b"PK")


def test_every_number_of_the_landscape_opens_its_list(client: FlaskClient) -> None:
    page = page_of(client, "/landscape")
    links = re.findall(r'<td[^>]*><a href="([^"]+)">([\d.,]+)</a></td>', page)
    assert len(links) > 100
    assert not re.search(r"<td[^>]*>\d", page)
    for address, number in links[::25]:
        shown = page_of(client, address.replace("&amp;", "&"))
        if address.startswith("/clusters"):
            assert re.search(rf'role="status">{number} clusters?', shown)
        else:
            assert shown.count('<li><a href="/pairs/') == int(number)
    assert client.get("/landscape/UA/US").status_code == 404


def test_a_trade_typed_as_a_name_leads_to_the_directory(client: FlaskClient) -> None:
    assert client.get("/find?q=honey").location == "/clusters?q=honey"
    (suggested, *_) = client.get("/suggestions?q=honey").json
    assert (suggested["id"], suggested["url"]) == ("", "/clusters?q=honey")
    assert client.get("/find?q=Kharkiv+IT+Cluster").location.endswith("cluster/partners")
