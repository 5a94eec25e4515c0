"""The page of contact persons in a real browser: consent first, export and erasure complete."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from desk_steps import assert_nothing_serious, enter

from matcher.introductions.contacts import Consent, Person
from matcher.introductions.desk import Desk
from matcher.introductions.workflow import propose
from matcher.matcher import Matcher
from matcher.store.mentions import ERASED

KHARKIV = "ua-kharkiv-it-cluster"


def add(window: Any) -> None:
    window.get_by_text("Add a contact person").click()
    form = window.locator("#add")
    form.get_by_label("Cluster, name or id").fill("Kharkiv IT Cluster")
    form.get_by_label("Name", exact=True).fill("A. <Example>")
    form.get_by_label("E-mail address").fill("contact@example.org")
    form.get_by_label("Position").fill("manager")
    form.get_by_label("Who gave it, and how").fill("herself, by e-mail")
    form.get_by_role("button", name="Add", exact=True).click()
    window.locator("#message", has_text="The person is saved.").wait_for()


def test_from_consent_to_erasure(desk_window: Any, served: tuple[str, str, Matcher]) -> None:
    window, people = desk_window, Desk(served[2].store.database).people
    erasures: list[str] = []
    window.on("request", lambda sent: erasures.extend(re.findall(r"/erasure\b", sent.url)))
    enter(window, served[1], "/staff/people")
    add(window)
    card = window.locator(".people .card")
    assert card.locator("h2").inner_text() == "A. <Example>"
    assert card.locator(".of").inner_text() == "manager, Kharkiv IT Cluster"
    assert card.locator(".consents").inner_text() == "Consents to introductions"
    card.get_by_text("Correct", exact=True).click()
    card.locator(".correct").get_by_label("Position").fill("director")
    card.locator(".correct").get_by_role("button").click()
    window.locator("#message", has_text="The person is corrected.").wait_for()
    assert card.locator(".of").inner_text() == "director, Kharkiv IT Cluster"
    window.get_by_text("Contact persons from a file").click()
    rows = f"cluster,name,email,consent\n{KHARKIV},B. Example,b@example.org,\n"
    file = {"name": "contacts.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    window.locator("#import [type=file]").set_input_files(file)
    window.get_by_role("button", name="Read the file").click()
    window.locator("#message", has_text="line 2, consent: say who gave the consent").wait_for()
    card.get_by_text("Consents", exact=True).click()
    give = card.locator(".give")
    give.get_by_label("Consent to").select_option("meeting")
    give.get_by_label("Who gave it, and how").fill("herself, on the telephone")
    give.get_by_role("button").click()
    card.locator(".consents", has_text="Consents to meetings").wait_for()
    for purpose in ("introduction", "meeting"):
        card.get_by_text("Consents", exact=True).click()
        card.locator(".end").get_by_label("Withdrawn consent").select_option(purpose)
        card.locator(".end").get_by_role("button").click()
        window.locator("#message", has_text="The withdrawal is recorded.").wait_for()
        card.locator(f".end option[value={purpose}]").wait_for(state="detached")
    assert card.get_by_text("No valid consent: do not write.").is_visible()
    assert people.of_cluster(KHARKIV, "introduction") == {}
    card.get_by_text("Everything kept, and erasure").click()
    with window.expect_download() as download:
        card.locator(".export").click()
    kept = json.loads(Path(download.value.path()).read_bytes())
    assert kept["person"]["email"] == "contact@example.org"
    assert len(kept["consents"]) == 2
    card.locator(".erase").get_by_role("button").click()
    sure = card.locator(".erase .sure").get_by_role("checkbox")
    assert sure.evaluate("box => box.validity.valueMissing")
    sure.check()
    card.locator(".erase").get_by_role("button").click()
    window.locator("#message", has_text="The person is erased.").wait_for()
    window.locator("#none").wait_for()
    assert people.everybody() == {}
    assert len(erasures) == 1  # not before the box was ticked


def test_what_is_in_doubt_is_shown_and_goes_when_ticked(
    desk_window: Any, served: tuple[str, str, Matcher]
) -> None:
    desk = Desk(served[2].store.database)
    person = Person(KHARKIV, "Nino Testashvili", "nino@example.org")
    desk.people.add(person, Consent("introduction", "herself", date(2026, 3, 2)))
    number = desk.introductions.add(
        propose(KHARKIV, "sk-kosice-it-valley", purpose="Testashvili", on=date(2026, 3, 2))
    ).id
    enter(desk_window, served[1], "/staff/people")
    card = desk_window.locator(".people .card", has_text="Nino Testashvili")
    card.get_by_text("Everything kept, and erasure").click()
    card.locator(".doubtful").get_by_label("Testashvili").check()
    card.locator(".sure").get_by_role("checkbox").check()
    card.locator(".erase").get_by_role("button").click()
    desk_window.locator("#message", has_text="The person is erased.").wait_for()
    assert desk.introductions.get(number).purpose == ERASED


def test_no_person_without_a_consent(desk_window: Any, served: tuple[str, str, Matcher]) -> None:
    sent: list[str] = []
    desk_window.on("request", lambda one: sent.extend([one.url] * (one.method == "POST")))
    enter(desk_window, served[1], "/staff/people")
    desk_window.get_by_text("Add a contact person").click()
    form = desk_window.locator("#add")
    form.get_by_label("Cluster, name or id").fill("Kharkiv IT Cluster")
    form.get_by_label("Name", exact=True).fill("A. Example")
    form.get_by_label("E-mail address").fill("contact@example.org")
    form.get_by_role("button", name="Add", exact=True).click()
    field = form.get_by_label("Who gave it, and how")
    assert field.evaluate("field => field.validity.valueMissing")
    field.fill("herself, by e-mail")
    form.get_by_role("button", name="Add", exact=True).click()
    desk_window.locator("#message", has_text="The person is saved.").wait_for()
    assert len(sent) == 1  # not before there was a consent


@pytest.mark.parametrize(
    ("language", "desk_window"), [("ro", 320), ("uk", 1280)], indirect=["desk_window"]
)
def test_axe_finds_nothing_serious(
    desk_window: Any, served: tuple[str, str, Matcher], language: str
) -> None:
    enter(desk_window, served[1], "/staff/people")
    add(desk_window)
    desk_window.goto(f"/staff/people?lang={language}")
    desk_window.locator(".people .card").wait_for()
    for summary in desk_window.locator(".people summary, #adding summary").all():
        summary.click()
    assert_nothing_serious(desk_window)
