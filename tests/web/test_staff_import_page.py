"""The page of imports in a real browser: told before, columns put right, taken back, joined."""

from typing import Any

import pytest
from desk_steps import assert_nothing_serious, enter

from matcher.matcher import Matcher

FURNITURE, KHARKIV = "ge-georgian-furniture-cluster", "ua-kharkiv-it-cluster"
Served = tuple[str, str, Matcher]


def choose(window: Any, text: str) -> None:
    content = {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()}
    window.locator("#file").set_input_files(content)
    window.get_by_role("button", name="Show what would change").click()


def thin() -> str:
    return f"id,name,country,members\n{FURNITURE},Georgian Furniture Cluster,GE,44\n"


@pytest.fixture
def importer(served: Served) -> str:
    return served[2].store.tokens.create("importer", ["staff", "import"])


def test_a_change_is_shown_made_and_taken_back(
    desk_window: Any, served: Served, importer: str
) -> None:
    window, matcher = desk_window, served[2]
    before = matcher.find(FURNITURE)
    enter(window, importer, "/staff/import")
    choose(window, thin())
    card = window.locator("#changed .card")
    assert card.locator("h3").inner_text() == "Georgian Furniture Cluster"
    assert card.locator("dl").inner_text().split("\n") == [
        "Members",
        f"{before.members_total} → 44",
    ]
    window.locator("#replace").check()
    assert window.locator("#import").is_disabled()  # what was shown holds no more
    window.locator("#replace").uncheck()
    window.get_by_role("button", name="Show what would change").click()
    window.locator("#import:enabled").click()
    window.locator("#message", has_text="Imported. New profiles: 0, changed: 1.").wait_for()
    assert matcher.find(FURNITURE) == before.model_copy(update={"members_total": 44})
    past = window.locator("#imports .past").first
    past.get_by_role("button", name="What changed").click()
    past.locator("ins", has_text="44").wait_for()
    window.on("dialog", lambda dialog: dialog.accept())
    past.get_by_role("button", name="Take back").click()
    window.locator("#message", has_text="Put back as before: 1").wait_for()
    assert matcher.find(FURNITURE) == before


def test_columns_are_put_right_and_doubles_joined(
    desk_window: Any, served: Served, importer: str
) -> None:
    window, matcher = desk_window, served[2]
    enter(window, importer, "/staff/import")
    choose(window, "Wer,Wo,Quux\nХарківський ІТ-кластер,UA,7\n")
    for heading, column in (
        ("Wer", "Name"),
        ("Wo", "Country"),
        ("Quux", "Introductions it can take"),
    ):
        window.get_by_label(f"Column “{heading}” means").select_option(column)
    window.get_by_role("button", name="Look again").click()
    assert KHARKIV in window.locator("#remarks li").inner_text()
    window.locator("#import:enabled").click()
    window.locator("#message", has_text="Imported. New profiles: 1").wait_for()
    window.get_by_text("Join two profiles of one cluster").click()
    window.get_by_label("Profile that goes").fill("ua-kharkivskiy-it-klaster")
    window.get_by_label("Profile that stays").fill("Kharkiv IT Cluster")
    window.get_by_role("button", name="Join", exact=True).click()
    window.locator("#message", has_text="The two profiles are one now.").wait_for()
    assert matcher.find(KHARKIV).capacity == 7


@pytest.mark.parametrize(
    ("language", "desk_window"), [("ro", 320), ("uk", 1280)], indirect=["desk_window"]
)
def test_axe_finds_nothing_serious(
    desk_window: Any, served: Served, importer: str, language: str
) -> None:
    enter(desk_window, importer, "/staff/import")
    desk_window.locator("#desk:visible").wait_for()
    desk_window.goto(f"/staff/import?lang={language}")
    text = thin() + "ge-kutaisi-works,Kutaisi works,GE,n\nge-new-works,New works,GE,3\n"
    content = {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()}
    desk_window.locator("#file").set_input_files(content)
    desk_window.locator("#file-form button").click()
    desk_window.locator("#changed .card").wait_for()
    assert_nothing_serious(desk_window)
