"""The JSON API: what each route answers."""

import io

import pytest
from flask.testing import FlaskClient

from matcher.matching.features import GROUP_TITLES
from matcher.matching.model import STRONG
from matcher.profiles.taxonomy import countries

KHARKIV = "ua-kharkiv-it-cluster"
PARTNERS = f"/api/v1/clusters/{KHARKIV}/partners"
FIXED_KEYS = {
    "id",
    "name",
    "country",
    "rank",
    "score",
    "fit_for_you",
    "fit_for_them",
    "confidence",
    "reasons",
    "caution",
    "cautions",
    "level",
    "evidence",
    "contributions",
    "known_links",
}


def json_of(client: FlaskClient, address: str) -> dict:
    response = client.get(address)
    assert response.status_code == 200, response.text
    assert response.mimetype == "application/json"
    return response.json


def test_partners_are_ten_eu_clusters_with_reasons_and_both_fits(client: FlaskClient) -> None:
    answer = json_of(client, f"{PARTNERS}?k=10")
    assert answer.keys() >= {"cluster", "query", "partners", "generation", "model", "weights"}
    assert answer.keys() >= {"notice", "understood"}
    assert answer["cluster"]["id"] == KHARKIV
    partners = answer["partners"]
    assert [partner["rank"] for partner in partners] == list(range(1, 11))
    for partner in partners:
        assert partner.keys() >= FIXED_KEYS
        assert countries()[partner["country"]].group == "EU"
        told = partner["reasons"] or partner["reasons_for_them"]
        assert (partner["level"] == "strong") == (partner["score"] >= STRONG and bool(told))
        assert partner["caution"] == next(iter(partner["cautions"]), None)
        assert 0 <= partner["fit_for_you"] <= 1 and 0 <= partner["fit_for_them"] <= 1
        for item in partner["contributions"]:
            assert item.keys() >= {"factor", "contribution", "yours", "theirs"}
    scores = [partner["score"] for partner in partners]
    assert scores == sorted(scores, reverse=True)


def test_every_part_of_a_query_can_be_given_in_the_address(client: FlaskClient) -> None:
    answer = json_of(
        client,
        f"{PARTNERS}?k=3&scope=all&same_country=true&intent=joint_rd&diversity=0.3"
        "&country=DE&country=PL&ecosystem=digital&nace=62&kind=cluster&label=gold&label=silver"
        "&technology=software&min_members=5&not_country=FR&not_technology=mining"
        f"&not_min_members=9999&known_to_us=de-a-b&not_for_us=pl-a-b&new_only=true",
    )
    query = answer["query"]
    assert query["cluster"] == KHARKIV
    assert (query["k"], query["scope"], query["intent"]) == (3, "all", "joint_rd")
    assert query["same_country"] and query["new_only"] and query["diversity"] == 0.3
    assert query["filters"] == {
        "countries": ["DE", "PL"],
        "ecosystems": ["digital"],
        "nace": ["62"],
        "kinds": ["cluster"],
        "labels": ["gold", "silver"],
        "technologies": ["software"],
        "min_members": 5,
    }
    assert query["none_of"]["countries"] == ["FR"]
    assert query["none_of"]["technologies"] == ["mining"]
    assert query["none_of"]["min_members"] == 9999
    assert (query["known_to_us"], query["not_for_us"]) == (["de-a-b"], ["pl-a-b"])


def test_filters_hold(client: FlaskClient) -> None:
    answer = json_of(client, f"{PARTNERS}?k=20&country=DE&country=PL")
    assert answer["partners"]
    assert {partner["country"] for partner in answer["partners"]} <= {"DE", "PL"}


@pytest.mark.parametrize("group", GROUP_TITLES)
def test_weights_are_named_by_group(client: FlaskClient, group: str) -> None:
    answer = json_of(client, f"{PARTNERS}?k=1&weight.{group}=2.5")
    assert answer["query"]["weights"] == {group: 2.5}


def test_weights_of_earlier_versions_still_count(client: FlaskClient) -> None:
    answer = json_of(client, f"{PARTNERS}?k=1&weight.topic=2&weight.wording=3&weight.label=0")
    assert answer["query"]["weights"] == {"profile": 3, "organisation": 0}


def test_unknown_weight_names_the_nearest_group(client: FlaskClient) -> None:
    response = client.get(f"{PARTNERS}?weight.tradesx=2")
    assert response.status_code == 422
    assert "weight.trades" in response.json["errors"][0]["message"]


def test_weak_fits_are_listed_on_demand(client: FlaskClient) -> None:
    few = json_of(client, f"{PARTNERS}?k=100")
    assert {partner["level"] for partner in few["partners"]} <= {"strong", "worth_a_talk"}
    more = json_of(client, f"{PARTNERS}?k=100&include_weak=true")
    assert len(more["partners"]) == 100
    assert more["query"]["include_weak"] is True


def test_suspended_countries_are_listed_on_demand(client: FlaskClient) -> None:
    kosice = "/api/v1/clusters/sk-kosice-it-valley/partners?k=100&include_weak=true"
    away, there = json_of(client, kosice), json_of(client, f"{kosice}&include_suspended=true")
    assert there["eligible"] > away["eligible"]
    assert "BY" not in {partner["country"] for partner in away["partners"]}


def test_partners_for_a_profile_have_the_same_shape(client: FlaskClient) -> None:
    draft = {"country": "GE", "description": "Makers of furniture.", "seeks": ["buyers of chairs"]}
    asked = {"profile": draft, "k": 2, "include_weak": True}
    response = client.post("/api/v1/partners", json=asked)
    assert response.status_code == 200
    assert response.json["cluster"] is None
    assert len(response.json["partners"]) == 2
    assert response.json["partners"][0].keys() >= FIXED_KEYS


def test_partners_for_a_text(client: FlaskClient) -> None:
    response = client.post("/api/v1/partners", json={"text": "We make solar panels.", "k": 2})
    assert response.status_code == 200
    assert len(response.json["partners"]) == 2
    understood = response.json["understood"]
    assert understood["trades"][0].keys() == {"id", "name", "words"}
    assert understood["profile"]["description"] == "We make solar panels."


def test_post_takes_a_cluster_by_name(client: FlaskClient) -> None:
    by_name = client.post("/api/v1/partners", json={"cluster": "Kharkiv IT Cluster", "k": 3})
    assert by_name.status_code == 200
    by_id = json_of(client, f"{PARTNERS}?k=3")
    assert by_name.json["partners"] == by_id["partners"]


def test_georgian_text_gives_a_warning(client: FlaskClient) -> None:
    text = "ჩვენ ვაერთიანებთ ავეჯის მწარმოებლებს და ვეძებთ პარტნიორებს ევროპაში."
    response = client.post("/api/v1/partners", json={"text": text, "k": 2})
    assert response.status_code == 200
    assert any("English" in warning for warning in response.json["warnings"])


def test_search_finds_by_native_name(client: FlaskClient) -> None:
    answer = json_of(client, "/api/v1/clusters?q=Харківський ІТ кластер&limit=1")
    assert [cluster["id"] for cluster in answer["clusters"]] == [KHARKIV]


def test_pages_of_the_list_do_not_overlap_and_count_all(client: FlaskClient) -> None:
    first = json_of(client, "/api/v1/clusters?country=UA&limit=5")
    second = json_of(client, "/api/v1/clusters?country=UA&limit=5&offset=5")
    ids = [cluster["id"] for page in (first, second) for cluster in page["clusters"]]
    assert len(set(ids)) == 10
    assert ids == sorted(ids)
    assert first["total"] == second["total"] >= 10


def test_list_filters(client: FlaskClient) -> None:
    eap = json_of(client, "/api/v1/clusters?group=EaP&limit=100")
    assert eap["clusters"]
    assert all(countries()[c["country"]].group == "EaP" for c in eap["clusters"])
    gold = json_of(client, "/api/v1/clusters?label=gold&ecosystem=digital&limit=100")
    assert gold["clusters"]
    assert all(c["label"] == "gold" and "digital" in c["ecosystems"] for c in gold["clusters"])


def test_one_cluster(client: FlaskClient) -> None:
    assert json_of(client, f"/api/v1/clusters/{KHARKIV}")["name"] == "Kharkiv IT Cluster"


def test_name_in_a_path_is_refused_with_the_id(client: FlaskClient) -> None:
    response = client.get("/api/v1/clusters/Kharkiv IT Cluster/partners")
    assert response.status_code == 404
    assert response.json["suggestions"][0]["id"] == KHARKIV


def test_pair_explains_both_directions(client: FlaskClient) -> None:
    best = json_of(client, f"{PARTNERS}?k=1")["partners"][0]
    answer = json_of(client, f"/api/v1/pairs/{KHARKIV}/{best['id']}")
    assert (answer["a"]["id"], answer["b"]["id"]) == (KHARKIV, best["id"])
    assert answer["rank"] == 1
    assert answer["ineligible_because"] is None
    shares = {item["factor"]: item["contribution"] for item in answer["contributions"]}
    listed = {item["factor"]: item["contribution"] for item in best["contributions"]}
    assert shares == pytest.approx(listed, abs=1e-6)


def test_pair_says_why_it_is_no_match(client: FlaskClient) -> None:
    answer = json_of(client, f"/api/v1/pairs/{KHARKIV}/ua-kharkiv-energy-cluster")
    assert answer["rank"] == 0
    assert answer["ineligible_because"]


@pytest.mark.parametrize("as_form", [False, True])
def test_check_names_every_bad_row(client: FlaskClient, as_form: bool) -> None:
    content = b"name,country,website\nGood,UA,https://example.org\nBad,Atlantis,\n"
    if as_form:
        body = {"data": {"file": (io.BytesIO(content), "clusters.csv")}}
    else:
        body = {"data": content, "content_type": "text/csv"}
    response = client.post("/api/v1/profiles:check", **body)
    assert response.status_code == 200
    assert [profile["name"] for profile in response.json["profiles"]] == ["Good"]
    assert "3" in response.json["problems"][0]["where"]
    assert "Atlantis" in response.json["problems"][0]["message"]


def test_check_stores_nothing(client: FlaskClient) -> None:
    before = json_of(client, "/api/v1/clusters?limit=1")["total"]
    content = b"name,country\nNever Seen Before Cluster,UA\n"
    client.post("/api/v1/profiles:check", data=content, content_type="text/csv")
    assert json_of(client, "/api/v1/clusters?limit=1")["total"] == before
