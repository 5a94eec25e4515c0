"""Pair, brief, compare, shortlist, readiness, landscape, about: as they are without JavaScript."""

import re
import time
from html import unescape

import pytest
from flask.testing import FlaskClient

from matcher.matcher import Matcher
from matcher.matching.query import PartnerQuery
from matcher.profiles.completeness import completeness
from matcher.profiles.io.readers import read_profiles
from matcher.web.pages.charts import waterfall
from matcher.web.pages.overview import heat
from matcher.web.pages.whatif import gains

KHARKIV = "ua-kharkiv-it-cluster"
PARTNERS = f"/clusters/{KHARKIV}/partners"
OTHER = "bg-ict-cluster"
HTML = {"Accept": "text/html"}


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    response = client.get(address, headers=HTML)
    assert response.status_code == status, address
    return unescape(response.text)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_pair_page_tells_both_sides_and_sums_up(client: FlaskClient, matcher: Matcher) -> None:
    shown = text_of(page(client, f"/pairs/{KHARKIV}/{OTHER}"))
    for part in (
        *("What matches", "How this score was made"),
        *("Shared third markets", "Known links", "Programmes for both", "Where you differ"),
        *("Suggested first step", "Prepare an introduction"),
    ):
        assert part in shown
    found = matcher.explain(KHARKIV, OTHER).recommendation
    assert ("Why they suit you" in shown) == bool(found.reasons)
    assert ("Why they would agree" in shown) == bool(found.reasons_for_them)
    for caution in found.cautions:
        assert str(caution) in unescape(shown)
    html = page(client, f"/pairs/{KHARKIV}/{OTHER}").split('class="met"')[1]
    assert html.split("</ul>")[0].count("<h3>") == len(found.evidence) > 0
    chart = waterfall(found)
    assert 0 < chart.start < 1
    assert all(0 <= step.left <= step.left + step.width <= 100.5 for step in chart.steps)
    moved = sum(step.change for step in chart.steps)
    assert moved == pytest.approx(sum(item.contribution for item in found.contributions))


def test_pair_page_says_why_a_pair_is_not_listed(client: FlaskClient) -> None:
    same = text_of(page(client, f"/pairs/{KHARKIV}/ua-kharkiv-energy-cluster"))
    assert "Not in your list, because:" in same


def test_pair_page_names_known_links_but_no_source(client: FlaskClient, matcher: Matcher) -> None:
    partnership = next(p for p in matcher.partnerships if p.pairs and p.sources)
    a, b = partnership.pairs[0]
    shown = page(client, f"/pairs/{a}/{b}")
    assert partnership.name in shown
    assert not any(source in shown for source in partnership.sources)


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_brief_as_page_and_file(client: FlaskClient, form: str, start: bytes) -> None:
    shown = page(client, f"/pairs/{KHARKIV}/{OTHER}/brief")
    assert f"/pairs/{KHARKIV}/{OTHER}/brief.{form}" in shown
    response = client.get(f"/pairs/{KHARKIV}/{OTHER}/brief.{form}")
    assert response.data.startswith(start)
    assert "attachment" in response.headers["Content-Disposition"]


def test_compare_adds_by_name_and_ends_at_five(client: FlaskClient, matcher: Matcher) -> None:
    ids = [cluster.id for cluster in matcher.clusters[:4]]
    query = "&".join(f"id={key}" for key in ids)
    added = client.get(f"/compare?{query}&add=Kharkiv+IT+Cluster")
    assert added.status_code == 303
    assert added.location == f"/compare?{query}&id={KHARKIV}"
    shown = page(client, added.location)
    assert len(re.findall(r'<th scope="col">', shown)) == 5
    assert 'name="add"' not in shown
    assert client.get(f"{added.location}&id=xx-none", headers=HTML).status_code == 422
    assert "kharkiv-energy" in page(client, "/compare?add=kharkiv", 404)


def test_compare_scores_where_it_is_known_who_asks(client: FlaskClient) -> None:
    shown = text_of(page(client, f"/compare?for={KHARKIV}&id={OTHER}&id=lv-it-cluster"))
    assert "of 100" in shown and "Position in your list" in shown
    assert "of 100" not in text_of(page(client, f"/compare?id={OTHER}"))


def test_who_asks_is_not_compared_with_itself(client: FlaskClient) -> None:
    shown = page(client, f"/compare?for={KHARKIV}&id={KHARKIV}&id={OTHER}&id=xx-gone")
    assert shown.count('<th scope="col">') == 1
    assert "of 100" in text_of(shown)


def test_shortlist_lists_exports_and_says_how_it_is_kept(client: FlaskClient) -> None:
    shown = page(client, f"/shortlist?id={OTHER}&id=lv-it-cluster&for={KHARKIV}")
    assert f"/compare?id={OTHER}&id=lv-it-cluster&for={KHARKIV}" in shown
    assert "Without JavaScript" in shown
    content = client.get(f"/shortlist.csv?id={OTHER}&id=lv-it-cluster").data
    profiles = read_profiles(content, name="shortlist.csv").profiles
    assert [profile.id for profile in profiles] == [OTHER, "lv-it-cluster"]


def test_a_shortlist_passes_over_who_is_no_longer_listed(client: FlaskClient) -> None:
    shown = page(client, f"/shortlist?id=xx-gone&id={OTHER}&id=xx-left&for=xx-gone")
    assert "2 clusters of this list are no longer listed here." in shown
    assert re.findall(r'data-drop="([^"]*)"', shown) == [OTHER]
    assert "no longer" not in page(client, f"/shortlist?id={OTHER}")
    assert "Nothing here yet" in page(client, "/shortlist?id=xx-gone")
    content = client.get(f"/shortlist.csv?id=xx-gone&id={OTHER}").data
    profiles = read_profiles(content, name="shortlist.csv").profiles
    assert [profile.id for profile in profiles] == [OTHER]


def test_readiness_shows_each_criterion_with_its_source(client: FlaskClient) -> None:
    shown = page(client, f"/clusters/{KHARKIV}/readiness")
    report = client.get(f"/api/v1/clusters/{KHARKIV}/readiness").json
    for check in (*report["registration"]["checks"], *report["programmes"]["checks"]):
        assert check["sentence"] in shown
        assert all(source["url"] in shown for source in check["sources"] if source["url"])
    assert f"{round(report['completeness']['share'] * 100)}%" in shown
    for question in report["questions"]:
        assert question["text"] in shown


def test_readiness_of_a_draft_as_page_and_api(client: FlaskClient) -> None:
    form = {"country": "PL", "members_total": "22", "management_fte": "1,5", "english_site": "yes"}
    shown = unescape(client.post("/readiness", data=form, follow_redirects=True).text)
    body = {"country": "PL", "members_total": 22, "management_fte": 1.5, "english_site": True}
    report = client.post("/api/v1/readiness", json=body).json
    assert report["registration"]["figures"]["met"] >= 2
    for check in report["registration"]["checks"]:
        assert check["sentence"] in shown
    for form in ({}, {"members_total": "many"}, {"country": "XX"}, {"website": "javascript:x"}):
        response = client.post("/readiness", data=form)
        assert response.status_code == 422
        assert 'role="alert"' in response.text


def test_what_if_ranks_anew_and_stores_nothing(client: FlaskClient, matcher: Matcher) -> None:
    before = matcher.find(KHARKIV)
    form = {
        "seeks": "makers of furniture\nwood suppliers",
        "offers": "chairs",
        "technologies": "wood",
    }
    shown = text_of(unescape(client.post(f"/clusters/{KHARKIV}/readiness", data=form).text))
    assert "What your additions change" in shown and "No longer among the first ten" in shown
    assert matcher.find(KHARKIV) == before
    same = client.post(f"/clusters/{KHARKIV}/readiness", data={})
    assert "What your additions change" not in same.text


def test_change_is_the_difference_of_two_lists(matcher: Matcher) -> None:
    before = matcher.find(KHARKIV)
    after = before.model_copy(update={"seeks": ("furniture",), "management_fte": 2.0})
    found = matcher.what_if(before, after)
    assert {"seeks", "management_fte"} == set(found.added)
    assert found.complete_after > found.complete_before
    assert found.confidence_after > found.confidence_before
    top = {partner.id for partner in matcher.recommend(KHARKIV).partners}
    assert {partner.id for partner in found.left} == top - {m.partner.id for m in found.moves}


def test_gains_are_what_filling_a_field_really_adds(matcher: Matcher) -> None:
    profile = matcher.find(KHARKIV)
    gain = next(item for item in gains(profile) if item.field == "management_fte")
    fuller = profile.model_copy(update={"management_fte": 1.0})
    added = completeness(fuller).share - completeness(profile).share
    assert gain.completeness == pytest.approx(added)
    old = matcher.recommend(KHARKIV, k=1).partners[0]
    new = matcher.recommend(PartnerQuery(profile=fuller, k=100)).partners
    again = next(partner for partner in new if partner.id == old.id)
    assert again.confidence == pytest.approx(old.confidence * gain.confidence, rel=1e-5)


def test_landscape_counts_what_is_there(client: FlaskClient, matcher: Matcher) -> None:
    landscape = matcher.landscape()
    digital = [c for c in matcher.clusters if c.country == "UA" and "digital" in c.ecosystems]
    assert landscape.counts["UA", "digital"] == len(digital)
    asking = sum(landscape.outward.askers.values())
    assert sum(map(len, landscape.outward.pairs.values())) == 5 * asking
    assert not any(row == column for row, column in landscape.inward.pairs)
    best = landscape.outward.best[0]
    found = matcher.explain(best.a.id, best.b.id).recommendation.score
    assert best.score == pytest.approx(found, abs=1e-5)
    assert [heat(n, 20) for n in (0, 1, 20)] == [0, 1, 5]
    shown = page(client, "/landscape")
    for code in ("Ukraine", "Georgia", "Romania"):
        assert code in shown


def test_landscape_is_computed_once_for_a_generation(matcher: Matcher) -> None:
    assert matcher.landscape() is matcher.landscape()


def test_about_states_weights_dates_and_borders(client: FlaskClient, matcher: Matcher) -> None:
    shown = page(client, "/about")
    assert matcher.status().weights in shown
    assert "Crimea is part of Ukraine" in shown
    assert shown.count('class="weights"') == 1


def test_partners_page_answers_within_a_tenth_of_a_second(client: FlaskClient) -> None:
    times = []
    for _ in range(7):
        started = time.process_time()
        client.get(f"{PARTNERS}?lang=uk")
        times.append(time.process_time() - started)
    assert min(times) < 0.1
