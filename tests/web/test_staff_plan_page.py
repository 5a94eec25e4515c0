"""The planning page in a real browser: wishes, the plan, drafts, papers, why not."""

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from desk_steps import assert_nothing_serious, enter, make_plan
from playwright.sync_api import expect

from matcher.introductions.desk import Desk
from matcher.introductions.workflow import propose
from matcher.matcher import Matcher
from matcher.web.http.context import today

KHARKIV, LVIV = "ua-kharkiv-it-cluster", "ua-lviv-it-cluster"
SOME = {"askers": (KHARKIV, LVIV), "targets": ("sk-kosice-it-valley", "pl-infotech")}


def choose_some(window: Any) -> None:
    for side, ids in SOME.items():
        box = window.locator(f"[data-side={side}]")
        box.get_by_label("Only those that I choose").check()
        for key in ids:
            name = (
                box.locator(f"[value={key}] + span").inner_text()
                or box.locator(f"[value={key}] + span").text_content()
            )
            box.get_by_label("Narrow the list").fill(name.strip())
            box.locator(f"[value={key}]").check()


def test_a_small_programme_from_wishes_to_drafts(
    desk_window: Any, served: tuple[str, str, Matcher]
) -> None:
    window, desk = desk_window, Desk(served[2].store.database)
    enter(window, served[1], "/staff/plan")
    window.get_by_text("Take over who takes part").click()
    listed = (*SOME["askers"], *SOME["targets"], "Kharkiv")
    window.get_by_label("Or names or ids, one a line").fill("\n".join(listed))
    window.get_by_label("Or names or ids, one a line").blur()
    window.locator("#taken", has_text="Chosen: 4 of 5 names.").wait_for()
    window.locator("#strangers").get_by_role("button", name="Kharkiv IT Cluster").click()
    window.locator("[name=askers-most]").fill("1")
    window.locator("[name=targets-most]").fill("1")
    make_plan(window)
    assert "Introductions: 2" in window.locator("#summary").inner_text()
    assert window.evaluate("document.activeElement.id") == "summary"
    assert window.locator("#proof").inner_text() == "No plan is better by the chosen goal."
    expect(window.locator("#pairs > li")).to_have_count(2)
    assert window.locator("[data-figure=introductions] td").first.inner_text() == "2"
    assert window.get_by_text("Everybody gets at least one.").is_visible()
    first = window.locator("#pairs > li").first
    names = first.locator(".pair-name b").all_inner_texts()
    first.get_by_role("button", name="Leave it out").click()
    make_plan(window)
    assert names not in [
        line.locator(".pair-name b").all_inner_texts()
        for line in window.locator("#pairs > li").all()
    ]
    window.get_by_role("button", name="Undo").click()
    assert not window.locator("#pins").is_visible()
    window.locator("#pairs input").first.uncheck()
    assert window.locator("#chosen").inner_text() == "Chosen: 1 of 2"
    window.get_by_label("Least value of a pair").fill("100")
    make_plan(window)
    assert "worth less than you set: 2" in window.locator("#below-says").inner_text()
    assert window.locator("#chosen").inner_text() == "Chosen: 0 of 2"
    window.locator("#pairs input").first.check()
    window.get_by_label("Purpose, one line").fill("A joint bid")
    window.get_by_role("button", name="Draft introductions").click()
    window.locator("#drafts", has_text="Drafts made: 1.").wait_for()
    assert [one.purpose for one in desk.introductions.all()] == ["A joint bid"]
    window.get_by_role("button", name="Draft introductions").click()
    window.locator("#drafts", has_text="already being introduced").wait_for()
    assert len(desk.introductions.all()) == 1


def test_papers_of_the_chosen_pairs(desk_window: Any, served: tuple[str, str, Matcher]) -> None:
    window = desk_window
    enter(window, served[1], "/staff/plan")
    choose_some(window)
    make_plan(window)
    window.get_by_role("button", name="Choose none").click()
    assert window.get_by_role("button", name="Briefs and letters").is_disabled()
    window.get_by_role("button", name="Choose all").click()
    window.get_by_label("Papers in").select_option("ro")
    with window.expect_download() as download:
        window.get_by_role("button", name="Briefs and letters").click()
    with ZipFile(BytesIO(Path(download.value.path()).read_bytes())) as archive:
        names = archive.namelist()
        letter = archive.read(next(name for name in names if name.endswith("ask-a.txt")))
    assert len({name.split("/")[0] for name in names}) == window.locator("#pairs > li").count()
    assert "Echipa de networking" in letter.decode()
    assert "Stimați" in letter.decode()


def test_all_clusters_and_why_a_pair_is_not_in_it(
    desk_window: Any, served: tuple[str, str, Matcher]
) -> None:
    window = desk_window
    under_way = propose(KHARKIV, "sk-kosice-it-valley", purpose="A bid", on=today())
    Desk(served[2].store.database).introductions.add(under_way)
    enter(window, served[1], "/staff/plan")
    window.get_by_label("The worst-off first").check()
    make_plan(window)
    assert "No plan is better" in window.locator("#proof").inner_text()
    window.locator("#most-plan li").first.wait_for(state="attached")
    shown = window.locator("#pairs > li").count()
    window.get_by_role("button", name="Show all").click()
    window.locator("#pairs > li").nth(shown).wait_for()
    window.get_by_text("Among those asked").last.click()
    assert "full with introductions" in window.locator("#left-out").inner_text()
    window.locator("#why-a").fill("Kharkiv IT Cluster")
    window.locator("#why-b").fill("Košice IT Valley")
    window.get_by_role("button", name="Find out").click()
    window.locator("#because li").first.wait_for(timeout=60_000)
    assert "an introduction under way" in window.locator("#because").inner_text()
    window.reload()
    window.get_by_text("Plans of the last days").click()
    window.locator("#earlier button").first.click()
    window.locator("#result").wait_for()
    expect(window.locator("#pairs > li")).to_have_count(shown)


@pytest.mark.parametrize(
    ("language", "desk_window"), [("ro", 320), ("uk", 1280)], indirect=["desk_window"]
)
def test_axe_finds_nothing_serious(
    desk_window: Any, served: tuple[str, str, Matcher], language: str
) -> None:
    window = desk_window
    enter(window, served[1], f"/staff/plan?lang={language}")
    side = window.locator("[data-side=askers]")
    side.locator("[type=radio][value=some]").check()
    side.locator(f"[value={KHARKIV}]").evaluate("box => { box.closest('details').open = true; }")
    side.locator(f"[value={KHARKIV}]").check()
    window.locator("#go").click()
    window.locator("#pairs .pin").nth(1).click()
    window.locator("#left-out [data-side=target] summary").click()
    assert_nothing_serious(window)


def test_nothing_chosen_is_told(desk_window: Any, served: tuple[str, str, Matcher]) -> None:
    enter(desk_window, served[1], "/staff/plan")
    desk_window.locator("[data-side=askers]").get_by_label("Only those that I choose").check()
    desk_window.get_by_role("button", name="Create the plan").click()
    desk_window.locator("#message", has_text="Choose at least one cluster").wait_for()
    assert not desk_window.locator("#result").is_visible()
