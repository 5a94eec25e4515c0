"""The planning page where two clusters have one name; they stay in the service of this file."""

from typing import Any

from desk_steps import enter, make_plan
from playwright.sync_api import expect

from matcher.matcher import Matcher

KHARKIV = "ua-kharkiv-it-cluster"


def test_clusters_of_one_name_are_told_apart(
    desk_window: Any, served: tuple[str, str, Matcher]
) -> None:
    window, (_, token, matcher) = desk_window, served
    twin = matcher.find(KHARKIV).model_copy(update={"id": "ua-twin"})
    matcher.import_profiles([twin])
    enter(window, token, "/staff/plan")
    for side, ids in (("askers", (KHARKIV, twin.id)), ("targets", ("pl-infotech",))):
        window.locator(f"[data-side={side}]").get_by_label("Only those that I choose").check()
        for key in ids:
            box = window.locator(f"[name={side}][value={key}]")
            box.evaluate("box => { box.closest('details').open = true; }")
            box.check()
    make_plan(window)
    expect(window.locator("#pairs > li")).to_have_count(2)
    window.locator("#pairs input").first.uncheck()
    expect(window.locator("#chosen")).to_have_text("Chosen: 1 of 2")
    window.get_by_role("button", name="Leave it out").first.click()
    expect(window.locator("#pairs [data-pin=never][aria-pressed=true]")).to_have_count(1)
    names = window.locator("#why-a-names option").evaluate_all("all => all.map(one => one.value)")
    assert names == [f"{twin.name} ({KHARKIV})", f"{twin.name} ({twin.id})"]
    window.locator("#why-a").fill(names[1])
    window.locator("#why-b").fill("InfoTech")
    window.get_by_role("button", name="Find out").click()
    window.locator("#because li").first.wait_for(timeout=60_000)
