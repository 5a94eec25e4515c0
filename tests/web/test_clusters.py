"""The page of a cluster, and how search engines and messengers see it."""

import json
import re
from html import unescape

import pytest
from defusedxml import ElementTree
from flask.testing import FlaskClient
from test_pages import page_of

from matcher.config import Settings
from matcher.matcher import Matcher
from matcher.web import create_app

KHARKIV, BULGARIA = "ua-kharkiv-it-cluster", "bg-ict-cluster"
PUBLIC = "https://example.org/match"


@pytest.fixture
def public(matcher: Matcher, settings: Settings) -> FlaskClient:
    """A client of a service that knows its address."""
    return create_app(matcher, settings.model_copy(update={"public_url": PUBLIC})).test_client()


def structured(page: str) -> dict[str, object]:
    """What the page tells machines."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    return dict(json.loads(found[1]))


def test_it_tells_who_a_cluster_is(client: FlaskClient, matcher: Matcher) -> None:
    cluster = matcher.find(BULGARIA)
    page = unescape(page_of(client, f"/clusters/{BULGARIA}"))
    facts = (cluster.name, cluster.native_name, cluster.city, cluster.website, cluster.description)
    for fact in (*facts, *cluster.offers, *cluster.seeks, *cluster.technologies, *cluster.sources):
        assert fact and fact in page
    assert f"the facts speak of {cluster.as_of}" in page
    assert 'href="/clusters?trade=' in page


def test_three_partners_lead_to_their_own_pages_and_to_all(client: FlaskClient) -> None:
    page = page_of(client, f"/clusters/{BULGARIA}")
    first = client.get(f"/api/v1/clusters/{BULGARIA}/partners?k=3").json["partners"]
    for partner in first:
        assert f'href="/clusters/{partner["id"]}?for={BULGARIA}"' in page
    assert f'href="/clusters/{BULGARIA}/partners"' in page


def test_documented_links_are_shown_from_both_sides(client: FlaskClient, matcher: Matcher) -> None:
    others = matcher.links.of(BULGARIA)
    for other in others:
        assert f'href="/clusters/{other}?for={BULGARIA}"' in page_of(
            client, f"/clusters/{BULGARIA}"
        )
        assert f'href="/clusters/{BULGARIA}?for={other}"' in page_of(client, f"/clusters/{other}")
    assert others


def test_a_viewer_reads_why_the_two_of_them(client: FlaskClient) -> None:
    shown = page_of(client, f"/clusters/{BULGARIA}?for={KHARKIV}")
    assert "Why the two of you" in shown
    assert f'href="/pairs/{KHARKIV}/{BULGARIA}"' in shown
    for viewer in ("", BULGARIA, "xx-nobody"):
        assert "Why the two" not in page_of(client, f"/clusters/{BULGARIA}?for={viewer}")


def test_naming_the_own_cluster_leads_to_the_pair(client: FlaskClient) -> None:
    asked = {"q": "Kharkiv IT Cluster", "with": BULGARIA}
    assert client.get("/find", query_string=asked).location == f"/pairs/{KHARKIV}/{BULGARIA}"


@pytest.mark.parametrize(
    "query", ["k=5&country=PL", "weight.label=2", "weight.needs=2", "intent=nothing&lang=uk"]
)
def test_old_addresses_of_partners_lead_on(client: FlaskClient, query: str) -> None:
    response = client.get(f"/clusters/{KHARKIV}?{query}")
    assert response.status_code == 308
    assert response.location == f"/clusters/{KHARKIV}/partners?{query}"


def test_what_newsletters_add_is_no_condition(client: FlaskClient) -> None:
    assert "Who they are" in page_of(client, f"/clusters/{KHARKIV}?utm_source=letter&fbclid=1")


def test_machines_read_an_organisation(public: FlaskClient, matcher: Matcher) -> None:
    cluster = matcher.find(BULGARIA)
    page = page_of(public, f"/clusters/{BULGARIA}")
    told = structured(page)
    assert told["@type"] == "Organization"
    assert (told["name"], told["url"]) == (cluster.name, cluster.website)
    assert told["@id"] == f"{PUBLIC}/clusters/{BULGARIA}"
    assert told["address"]["addressCountry"] == "BG"
    assert f'<link rel="canonical" href="{PUBLIC}/clusters/{BULGARIA}">' in page
    assert f'<meta property="og:title" content="{cluster.name}">' in page


def test_unknown_facts_are_left_out(client: FlaskClient, matcher: Matcher) -> None:
    unplaced = next(one for one in matcher.public if one.lat is None and not one.website)
    told = structured(page_of(client, f"/clusters/{unplaced.id}"))
    assert not {"location", "url", "@id"} & told.keys()
    assert None not in told.values()


@pytest.mark.parametrize("address", [f"/clusters/{KHARKIV}", "/clusters", "/robots.txt"])
def test_no_address_is_made_of_the_host_of_a_request(client: FlaskClient, address: str) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    page = client.get(address, headers=headers).text
    assert "evil.example" not in page
    assert "canonical" not in page


def test_the_sitemap_lists_public_clusters_alone(public: FlaskClient, matcher: Matcher) -> None:
    response = public.get("/sitemap.xml", headers={"Host": "evil.example"})
    assert response.mimetype == "application/xml"
    found = [one.text for one in ElementTree.fromstring(response.text).iter() if "loc" in one.tag]
    assert {f"{PUBLIC}/clusters/{one.id}" for one in matcher.public} < set(found)
    assert all(address and address.startswith(PUBLIC) for address in found)
    assert f"Sitemap: {PUBLIC}/sitemap.xml" in public.get("/robots.txt").text


def test_without_an_address_there_is_no_sitemap(client: FlaskClient) -> None:
    assert client.get("/sitemap.xml").status_code == 404
    assert "Sitemap" not in client.get("/robots.txt").text


def test_sharing_needs_an_address_of_its_own(client: FlaskClient, public: FlaskClient) -> None:
    shared = page_of(public, f"/clusters/{BULGARIA}")
    assert "mailto:?subject=" in shared
    assert "https%3A%2F%2Fexample.org%2Fmatch%2Fclusters" in shared
    assert 'class="segno"' in shared
    assert "mailto:?" not in page_of(client, f"/clusters/{BULGARIA}")


def test_where_a_field_comes_from_is_told(own: Matcher, own_settings: Settings) -> None:
    told = own.find(BULGARIA).model_copy(update={"origins": ("offers=owner", "website=staff")})
    own.import_profiles([told])
    page = unescape(page_of(create_app(own, own_settings).test_client(), f"/clusters/{BULGARIA}"))
    assert re.search(r"From the cluster itself:\s+What you offer\.", page)
    assert re.search(r"From our staff:\s+Website\.", page)
