"""What the pages put into links, files and forms: conditions, exports, comparisons, drafts."""

import csv
import io
import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from matcher.matcher import Matcher
from matcher.profiles.profile import ClusterProfile, DraftProfile
from matcher.web.pages.map import HEIGHT, WIDTH
from matcher.web.pages.markers import picture
from matcher.web.pages.partner_files import partners_csv, partners_xlsx

KHARKIV = "ua-kharkiv-it-cluster"
PARTNERS = f"/clusters/{KHARKIV}/partners"
OTHER = "bg-ict-cluster"
HTML = {"Accept": "text/html"}
FURNITURE = {"description": "We unite makers of furniture and seek designers.", "country": "GE"}


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    response = client.get(address, headers=HTML)
    assert response.status_code == status, address
    return unescape(response.text)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def names(html: str) -> list[str]:
    return re.findall(
        r'<span class="rank">\d+</span> <a href="[^"]+" translate="no">([^<]+)</a>', html
    )


def test_the_link_holds_the_whole_state(client: FlaskClient) -> None:
    address = (
        f"{PARTNERS}?intent=joint_rd&scope=all&k=7&country=PL&country=DE&ecosystem=digital"
        "&kind=cluster&not_label=gold&weight.label=0.5&diversity=0.3&min_members=5&nace=62"
    )
    shown = page(client, address)
    answer = client.get(address.replace("/clusters", "/api/v1/clusters"))
    assert names(shown) == [unescape(partner["name"]) for partner in answer.json["partners"]]
    for kept in (
        "country=PL",
        "country=DE",
        "weight.organisation=0.5",
        "diversity=0.3",
        "k=7",
        "nace=62",
    ):
        link = re.search(r'href="([^"]*known_to_us[^"]*)"', shown)
        assert link and kept in link[1]
    assert re.search(r'name="not_label" value="gold" checked', shown)
    assert re.search(r'name="weight.organisation">\s*.*?value="0.5" selected', shown, re.S)


def test_blank_and_default_controls_are_no_conditions(client: FlaskClient) -> None:
    plain = names(page(client, PARTNERS))
    sent = "intent=&scope=eu&k=10&technology=&min_members=&weight.trades=1&diversity=0.0"
    assert names(page(client, f"{PARTNERS}?{sent}")) == plain


@pytest.mark.parametrize("condition", ["not_for_us", "known_to_us"])
def test_one_click_takes_a_cluster_away(client: FlaskClient, condition: str) -> None:
    first = page(client, f"{PARTNERS}?country=PL&country=LT")
    link = re.search(rf'href="([^"]*{condition}=[^"]*)"', first)
    second = page(client, link[1])
    assert names(second)[: len(names(first)) - 1] == names(first)[1:]
    assert "1 left out" in text_of(second)


def test_a_chip_takes_one_condition_away(client: FlaskClient) -> None:
    shown = page(client, f"{PARTNERS}?country=PL&not_country=DE&min_members=3")
    chips = re.findall(r'<li><a href="([^"]+)"(?: class="excludes")?>', shown)
    assert f"{PARTNERS}?not_country=DE&min_members=3" in chips
    assert f"{PARTNERS}?country=PL&min_members=3" in chips


def test_list_and_map_agree(client: FlaskClient) -> None:
    shown = page(client, f"{PARTNERS}?k=20")
    markers = dict(re.findall(r'<a href="#p(\d+)" aria-label="\d+\. ([^"]+)"', shown))
    listed = dict(enumerate(names(shown), start=1))
    assert len(markers) >= 10
    assert all(listed[int(number)] == name for number, name in markers.items())
    assert 'class="home"' in shown


def test_markers_stay_on_the_map_and_apart(matcher: Matcher) -> None:
    clusters = [cluster for cluster in matcher.clusters if cluster.country == "MD"]
    drawn = picture(matcher.find(KHARKIV), clusters)
    left, top, width, height = map(float, drawn.view_box.split())
    assert left >= 0 and top >= 0 and left + width <= WIDTH + 1 and top + height <= HEIGHT + 1
    for place, marker in enumerate(drawn.markers):
        assert left <= marker.x <= left + width and top <= marker.y <= top + height
        for other in drawn.markers[:place]:
            distance = ((marker.x - other.x) ** 2 + (marker.y - other.y) ** 2) ** 0.5
            assert distance >= 1.8 * drawn.radius
    assert picture(DraftProfile(country="UA"), [DraftProfile(name="Nowhere")]) is None


def test_who_is_on_no_map_is_told(matcher: Matcher) -> None:
    somewhere = next(cluster for cluster in matcher.clusters if cluster.lat)
    drawn = picture(matcher.find(KHARKIV), [DraftProfile(), somewhere, DraftProfile()])
    assert [marker.number for marker in drawn.markers] == [2]
    assert drawn.unplaced == (1, 3)


def test_base_map_is_kept_by_browsers(client: FlaskClient) -> None:
    first = client.get("/map.svg")
    assert first.mimetype == "image/svg+xml"
    again = client.get("/map.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_exports_hold_the_list(client: FlaskClient) -> None:
    address = PARTNERS
    expected = names(page(client, f"{PARTNERS}?country=PL&k=6"))
    table = client.get(f"{address}.csv?country=PL&k=6").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["Name"] for row in rows] == expected
    book = load_workbook(io.BytesIO(client.get(f"{address}.xlsx?country=PL&k=6").data))
    assert [row[1].value for row in book.active.iter_rows(min_row=2)] == expected
    answer = json.loads(client.get(f"{address}.json?country=PL&k=6").data)
    assert [partner["name"] for partner in answer["partners"]] == expected
    for form in ("csv", "xlsx", "json"):
        disposition = client.get(f"{address}.{form}").headers["Content-Disposition"]
        assert disposition == f"attachment; filename={KHARKIV}.{form}"
    assert client.get(f"{address}.exe").status_code == 404


def test_exported_words_follow_the_language(client: FlaskClient) -> None:
    address = f"{PARTNERS}.csv?lang=uk&country=PL"
    rows = list(csv.DictReader(io.StringIO(client.get(address).data.decode("utf-8-sig"))))
    assert {"Назва", "Країна", "Оцінка"} <= rows[0].keys()
    assert {row["Країна"] for row in rows} == {"Польща"}
    assert {row["Наскільки підходить"] for row in rows} <= {
        "Імовірно, добрий партнер",
        "Варто поговорити",
    }
    assert all(row["Що збіглося"] for row in rows)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "＝"])
def test_no_exported_cell_is_a_formula(matcher: Matcher, app: Flask, start: str) -> None:
    evil = f"{start}HYPERLINK('http://evil.example')"
    answer = matcher.recommend(KHARKIV, k=1)
    cluster = matcher.find(answer.partners[0].id).model_copy(update={"city": evil})
    with app.test_request_context("/"):
        table = partners_csv(answer, [cluster]).decode("utf-8-sig")
        book = partners_xlsx(answer, [cluster])
    row = list(csv.reader(io.StringIO(table)))[1]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "＝")) for cell in row)
    cells = next(iter(load_workbook(io.BytesIO(book)).active.iter_rows(min_row=2)))
    assert all(cell.data_type != "f" for cell in cells)
    assert evil in [cell.value for cell in cells]


def test_a_draft_keeps_its_conditions_and_exports(client: FlaskClient) -> None:
    address = client.post("/describe", data=FURNITURE).location
    shown = page(client, address)
    gone = re.search(r'href="([^"]*not_for_us=[^"]*)"', shown)[1]
    second = page(client, gone + "&k=5")
    assert names(second)[:4] == names(shown)[1:5]
    files = gone.replace("/partners?", "/partners.csv?") + "&k=5"
    table = client.get(files).data.decode("utf-8-sig")
    assert [row["Name"] for row in csv.DictReader(io.StringIO(table))] == names(second)


@pytest.mark.parametrize("profile", ["", "x", "[]", '{"id": 1}', '{"nonsense": true}', "null"])
def test_a_forged_profile_is_refused(client: FlaskClient, profile: str) -> None:
    assert client.post("/describe", data={"profile": profile}).status_code == 422


def upload(client: FlaskClient, content: bytes, name: str = "mine.csv") -> Any:
    return client.post("/upload", data={"file": (io.BytesIO(content), name)})


def test_a_file_with_one_cluster_leads_straight_to_partners(client: FlaskClient) -> None:
    response = upload(client, b"name,country,description\nOnly One,GE,Makers of furniture\n")
    shown = page(client, response.location)
    assert "Partners for Only One" in shown
    assert len(names(shown)) == 10


def test_bad_rows_are_named_and_good_ones_go_on(client: FlaskClient) -> None:
    rows = b"name,country,description\nGood One,GE,Makers\nBad,XX,\nOther,MD,Weavers of silk\n"
    shown = unescape(upload(client, rows).text)
    assert "line 3" in shown and "XX" in shown
    packed = re.findall(r'name="profile" value="(\{.*?\})"', shown)
    assert [json.loads(one)["name"] for one in packed] == ["Good One", "Other"]
    chosen = client.post("/describe", data={"profile": packed[1]}, follow_redirects=True)
    assert "Partners for Other" in chosen.text


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.csv"), (b"PK\x03\x04broken", "a.xlsx"), (b"name,country\nBad,XX\n", "a.csv")],
)
def test_a_useless_file_is_refused_in_words(client: FlaskClient, content: bytes, name: str) -> None:
    response = upload(client, content, name)
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert client.post("/upload").status_code == 422


class Active(HTMLParser):
    """Collects what a page would run or fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("iframe", "object", "embed", "img", "base", "style"):
            self.found.append(tag)
        if tag == "script" and not (values.get("src") or "").startswith("/static/"):
            self.found.append("script")
        for name, value in values.items():
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(name)
            if name in ("href", "action", "formaction") and (
                value or ""
            ).lower().strip().startswith("javascript:"):
                self.found.append(value or "")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        '" autofocus onfocus=alert(1) x="',
        "</textarea><script>alert(1)</script>",
        "{{ 'zq' * 4 }}%(name)s{0.__class__}",
        "javascript:alert(1)",
    ],
)
def test_text_of_a_profile_is_shown_not_run(client: FlaskClient, text: str) -> None:
    profile = DraftProfile(
        name=text,
        city=text,
        description=text * 3,
        seeks=(text,),
        offers=(text,),
        technologies=(text,),
        region=text,
        country="UA",
        lat=50.0,
        lon=36.0,
    ).model_dump_json(exclude_defaults=True)
    rows = ClusterProfile(id="ua-x", name=text, country="UA", seeks=(text,)).model_dump_json()
    shown = [
        client.post("/describe", data={"profile": profile}, follow_redirects=True),
        client.post("/readiness", data={"offers": text}, follow_redirects=True),
        client.post(f"/clusters/{KHARKIV}/readiness", data={"seeks": text, "region": text}),
        client.post("/readiness", data={"website": text, "description": text}),
        client.get(upload(client, rows.encode(), "mine.json").location),
        upload(client, f"name,country\n{text},XX\n".encode(), f"{text}.csv"),
        client.get("/compare", query_string={"add": text}, headers=HTML),
        client.get("/shortlist", query_string={"id": text}, headers=HTML),
        client.get(PARTNERS, query_string={"technology": text, "known_to_us": text}),
        client.get(PARTNERS, query_string={"lang": text}),
    ]
    for response in shown:
        assert response.status_code < 500
        assert response.mimetype == "text/html"
        assert Active(response.text).found == []
        assert "zqzqzqzq" not in response.text
