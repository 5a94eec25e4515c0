"""The registration form of the European platform, and what to do next for it."""

import re
from io import BytesIO

import docx
from flask.testing import FlaskClient

from matcher.matcher import Matcher

FURNITURE = "ge-georgian-furniture-cluster"
FORM = f"/clusters/{FURNITURE}/registration"


def test_every_field_that_a_source_names_is_there_filled_or_asked_for(
    client: FlaskClient, matcher: Matcher
) -> None:
    cluster, page = matcher.find(FURNITURE), client.get(FORM).text
    assert re.findall(r"<h2>(.*?)</h2>", page) == [
        "Country",
        "Link to the English version of the website",
        "Management capacity",
        "Members and their types",
        "Regional or national support programme",
        "Acceptance of the privacy policy, the terms of use and the data-protection notice",
        "No second published profile of the same cluster",
        "Other fields",
    ]
    assert 'value="Georgia"' in page
    assert f'value="{cluster.members_total}"' in page
    assert cluster.management_fte is None
    assert f'href="/clusters/{FURNITURE}/edit#f-management_fte"' in page
    assert "COSME" in page


def test_the_form_is_a_document_to_copy_from(client: FlaskClient, matcher: Matcher) -> None:
    answer = client.get(f"{FORM}.docx?lang=uk")
    assert f"{FURNITURE}-registration.docx" in answer.headers["Content-Disposition"]
    document = docx.Document(BytesIO(answer.data))
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["Країна", "Грузія"] in cells
    assert str(matcher.find(FURNITURE).members_total) in [value for _, value in cells]
    assert document.tables[0].rows[0].cells[0].text == "Країна"


def test_a_draft_has_a_form_with_ways_to_its_own_fields(client: FlaskClient) -> None:
    hostile = "=cmd() <script>alert(1)</script> Makers of doors"
    made = client.post("/describe", data={"description": hostile})
    key = made.headers["Location"].split("/")[2]
    page = client.get(f"/clusters/{key}/registration").text
    assert f'href="/drafts/{key}#f-country"' in page
    assert "<script>alert" not in page
    assert (
        key not in client.get(f"/clusters/{key}/registration.docx").headers["Content-Disposition"]
    )


def test_readiness_asks_three_things_and_each_unknown_has_a_way_to_its_answer(
    client: FlaskClient,
) -> None:
    page = client.get(f"/clusters/{FURNITURE}/readiness").text
    first = page[page.index("Do these next") : page.index("What to add to the profile")]
    assert first.count("<li>") == 3
    assert first.count(f'href="/clusters/{FURNITURE}/edit#f-') == 3
    assert f'href="{FORM}"' in first
    rows = re.findall(r'<li><span class="mark unknown">.*?</li>', page, re.DOTALL)
    asking = [row for row in rows if "(blank)" in row]
    assert asking
    assert all("/edit#f-" in row for row in asking)
