"""The pages, as they are without JavaScript."""

import gzip
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from matcher.matcher import Matcher
from matcher.web.pages.words import LEVELS

KHARKIV, KOSICE = "ua-kharkiv-it-cluster", "sk-kosice-it-valley"
PARTNERS = f"/clusters/{KHARKIV}/partners"
WINE = "We unite 40 wine makers in Georgia. We seek importers in Poland. We offer wine tours."


def page_of(client: FlaskClient, address: str, status: int = 200) -> str:
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == status
    assert response.mimetype == "text/html"
    return response.text


def described(client: FlaskClient, form: dict[str, str], query: str = "") -> str:
    """The page of partners to which a description leads, under some conditions."""
    response = client.post(f"/describe{query}", data=form)
    assert response.status_code == 303
    address, _, lang = response.location.partition("?")
    conditions = "&".join(filter(None, (lang, query.removeprefix("?"))))
    return page_of(client, f"{address}?{conditions}")


def test_start_offers_search_examples_and_description(client: FlaskClient) -> None:
    page = page_of(client, "/")
    assert 'action="/find"' in page
    assert 'action="/describe" method="post"' in page
    examples = re.findall(r'class="pill" href="(/clusters/[^"]+/partners)"', page)
    assert len(examples) == 4
    for address in examples:
        page_of(client, address + "?k=5")


@pytest.mark.parametrize("name", ["Kharkiv IT Cluster", "Харківський ІТ кластер", KHARKIV])
def test_a_name_leads_to_its_partners(client: FlaskClient, name: str) -> None:
    response = client.get("/find", query_string={"q": name})
    assert (response.status_code, response.location) == (303, PARTNERS)


def test_no_name_leads_back(client: FlaskClient) -> None:
    assert client.get("/find?q=+").location == "/"


def test_ambiguous_name_lists_the_candidates(client: FlaskClient) -> None:
    page = page_of(client, "/find?q=kharkiv")
    assert f'href="{PARTNERS}"' in page
    assert 'href="/clusters/ua-kharkiv-energy-cluster/partners"' in page


def test_unknown_name_says_so_and_offers_a_way_on(client: FlaskClient) -> None:
    page = page_of(client, "/find?q=zzzz+qqqq", 404)
    assert "zzzz qqqq" in page
    assert 'href="/describe"' in page


def test_partners_show_all_that_a_decision_needs(client: FlaskClient, matcher: Matcher) -> None:
    page = page_of(client, PARTNERS)
    answer = client.get(f"/api/v1{PARTNERS}").json
    assert page.count('class="card"') == 10
    first = answer["partners"][0]
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    for partner in answer["partners"]:
        assert f"{LEVELS[partner['level']]} {round(partner['score'] * 100)} of 100" in text
    assert f"For you {round(first['fit_for_you'] * 100)}%" in text
    assert f"For them {round(first['fit_for_them'] * 100)}%" in text
    for key, title in (("reasons", "Why they suit you"), ("reasons_for_them", "Why they would")):
        assert text.count(title) == sum(bool(partner[key]) for partner in answer["partners"])
    assert page.count("<summary>How this score was made") == 10
    cautions = sum(partner["caution"] is not None for partner in answer["partners"])
    assert page.count("Keep in mind:") == cautions


def test_choices_stay_chosen_and_other_conditions_are_kept(client: FlaskClient) -> None:
    page = page_of(client, f"{PARTNERS}?intent=joint_rd&scope=&k=5&country=DE&country=PL")
    assert '<option value="joint_rd" selected>' in page
    assert page.count('class="card"') <= 5
    assert re.search(r'name="country" value="DE" checked', page)
    assert re.search(r'name="country" value="PL" checked', page)


def test_conditions_that_nobody_meets(client: FlaskClient) -> None:
    page = page_of(client, f"{PARTNERS}?country=MT&label=gold&min_members=9999999")
    assert "No cluster meets all of your conditions" in page


def test_described_cluster_gets_partners(client: FlaskClient) -> None:
    form = {"description": "We unite makers of furniture and seek designers.", "country": "GE"}
    assert 1 <= described(client, form).count('class="card"') <= 10
    assert described(client, form, "?include_weak=true").count('class="card"') == 10


def test_what_a_description_seeks_and_offers_is_met(client: FlaskClient) -> None:
    form = {
        "description": "We unite makers of solid wood furniture.",
        "seeks": "furniture designers\n- export to Germany",
        "offers": "wooden chairs",
    }
    shown = described(client, form, "?k=100&include_weak=true")
    assert ">furniture designers\nexport to Germany</textarea>" in shown
    assert "You look for “export to Germany”; they are in Germany." in shown
    assert '<textarea id="offers" name="offers" rows="3" maxlength="8000"' in shown
    assert ">wooden chairs</textarea>" in shown


def test_a_description_is_not_read_out_of_conditions(client: FlaskClient) -> None:
    form = {"description": "We unite makers of solid wood furniture.", "label": "gold"}
    asker = described(client, form, "?label=gold").partition('<ol class="cards">')[0]
    assert '<li class="label">' not in asker
    assert re.search(r'<ul class="chips".*Gold label', asker, re.S)


def test_what_was_read_is_shown_and_can_be_corrected(client: FlaskClient) -> None:
    shown = described(client, {"description": WINE})
    assert re.search(r"We read</dt><dd>wine", shown)
    assert re.search(r"Countries</dt><dd>Poland", shown)
    assert "Is this right? Correct it" in shown
    seeks = re.search(r'name="seeks"[^>]*>([^<]*)</textarea>', shown)
    assert seeks and "Poland" in seeks[1]
    base = re.search(r'name="base" value="([^"]*)"', shown)
    assert base
    form = {"base": unescape(base[1]), "description": WINE, "country": "GE", "seeks": "corks"}
    change = re.search(r'<form class="describe" action="([^"]+)"', shown)
    assert change
    again = client.post(change[1], data=form)
    corrected = page_of(client, again.location)
    assert again.location == f"{change[1].replace('/drafts', '/clusters')}/partners"
    assert ">corks</textarea>" in corrected
    assert "Poland</dd>" not in corrected


def test_a_text_in_ukrainian_is_told_in_the_readers_language(client: FlaskClient) -> None:
    form = {"description": "Ми об'єднуємо виноробів. Шукаємо дистриб'юторів у Польщі."}
    shown = described(client, form, "?lang=uk")
    assert re.search(r"Ми прочитали</dt><dd>[^<]*вино", shown)
    assert re.search(r"Країни</dt><dd>Польща", shown)


def test_a_text_that_says_nothing_is_asked_for_more(client: FlaskClient) -> None:
    shown = described(client, {"description": "Good weather today, is it not?"})
    assert 'class="card"' not in shown
    assert "names no field of work and no need" in shown
    assert '<details class="again" open>' in shown


def test_weak_fits_are_shown_on_demand(client: FlaskClient) -> None:
    address = f"{PARTNERS}?k=50&country=MT&country=CY"
    few = page_of(client, address)
    link = re.search(r'href="([^"]*include_weak=true[^"]*)"', few)
    assert link
    more = page_of(client, unescape(link[1]))
    assert more.count('class="card"') > few.count('class="card"')
    assert "Weak fit" in more
    assert re.search(r'name="include_weak" value="true" checked', more)


def test_suspended_countries_are_offered_to_those_they_concern(client: FlaskClient) -> None:
    assert 'name="include_suspended"' not in page_of(client, PARTNERS)
    assert 'name="include_suspended"' in page_of(client, f"/clusters/{KOSICE}/partners")


def test_weights_are_six_and_said_in_words(client: FlaskClient) -> None:
    shown = page_of(client, f"{PARTNERS}?weight.label=2&weight.needs=0")
    chosen = dict(
        re.findall(r'name="weight\.(\w+)">.*?<option [^>]*selected>([^<]+)</option>', shown, re.S)
    )
    assert chosen == {
        "trades": "as usual",
        "needs": "ignore",
        "profile": "as usual",
        "ecosystems": "as usual",
        "organisation": "more",
        "markets": "as usual",
    }


def test_what_is_wrong_with_a_line_is_told_as_in_a_file(client: FlaskClient) -> None:
    form = {"description": "We unite makers of furniture.", "seeks": "buyers\n" + "x" * 201}
    response = client.post("/describe", data=form)
    assert response.status_code == 422
    told = "<b>What you seek</b>: entry 2 is longer than 200 characters; shorten it"
    assert told in response.text


def test_who_was_left_out_of_a_described_list_can_come_back(client: FlaskClient) -> None:
    profile = '{"description": "We unite makers of solid wood furniture."}'
    shown = described(client, {"profile": profile}, f"?not_for_us={KOSICE}&country=MT&label=gold")
    assert "1 left out" in shown
    assert shown.count("Clear all filters") == 2  # beside the conditions, and in the empty list


@pytest.mark.parametrize("page", [PARTNERS, f"/pairs/{KHARKIV}/{KOSICE}"])
def test_what_others_add_to_an_address_does_no_harm(client: FlaskClient, page: str) -> None:
    plain, followed = (
        page_of(client, page + query).partition("<main")[2]
        for query in ("", "?utm_source=letter&fbclid=x")
    )
    assert "<h1" in followed and followed == plain


def test_empty_description_keeps_the_form(client: FlaskClient) -> None:
    response = client.post("/describe", data={"description": "  ", "country": "GE"})
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert '<option value="GE" selected>' in response.text


def test_georgian_description_warns(client: FlaskClient) -> None:
    text = "ჩვენ ვაერთიანებთ ავეჯის მწარმოებლებს და ვეძებთ პარტნიორებს ევროპაში."
    page = described(client, {"description": text})
    assert 'role="status"' in page
    assert "English" in page


def test_suggestions_are_short(client: FlaskClient) -> None:
    found = client.get("/suggestions?q=kharkiv").json
    assert {
        "id": KHARKIV,
        "name": "Kharkiv IT Cluster",
        "place": "Ukraine",
        "url": PARTNERS,
    } in found
    assert len(found) <= 7
    topic = client.get("/suggestions?q=мед&lang=uk").json[0]
    assert (topic["name"], topic["url"]) == ("мед", "/clusters?q=%D0%BC%D0%B5%D0%B4&lang=uk")
    assert client.get("/suggestions?q=").json == []


def test_first_load_is_light(client: FlaskClient) -> None:
    names = ("site.css", "suggest.js", "partners.js", "map.js", "icon.svg")
    assets = [f"/static/{name}" for name in names]
    for page in (
        "/",
        PARTNERS,
        "/clusters",
        f"/clusters/{KHARKIV}",
        "/landscape",
        f"/clusters/{KHARKIV}/readiness",
    ):
        weight = 0
        for address in [page, *assets]:
            with client.get(address) as response:
                weight += len(gzip.compress(response.data))
        assert weight < 150_000


def test_only_public_clusters_are_shown(client: FlaskClient, matcher: Matcher) -> None:
    total = client.get("/api/v1/clusters?limit=1").json["total"]
    assert total == sum(cluster.visibility == "public" for cluster in matcher.clusters)
