"""Introductions in a real browser: draft, ask, agree, refuse; two colleagues at once."""

from itertools import pairwise
from typing import Any

import pytest
from desk_steps import assert_nothing_serious, enter, fits
from playwright.sync_api import expect

from matcher.introductions.desk import Desk
from matcher.introductions.workflow import ANSWERS, OUTCOMES, STATES, Move, propose
from matcher.matcher import Matcher
from matcher.web import create_app
from matcher.web.http.context import today
from matcher.web.pages.words import STATES as TITLES
from matcher.web.pages.words import STEPS

KHARKIV, KOSICE = "ua-kharkiv-it-cluster", "sk-kosice-it-valley"


def draft(window: Any) -> None:
    window.get_by_text("Draft an introduction").click()
    window.get_by_label("First side, name or id").fill("Kharkiv IT Cluster")
    window.get_by_label("Second side, name or id").fill(KOSICE)
    window.get_by_label("Purpose").fill("A <b>joint</b> bid")
    window.get_by_role("button", name="Save the draft").click()
    window.get_by_role("heading", name="Draft", exact=True).wait_for()


def unfold(window: Any, state: str) -> Any:
    """The form for the next step of the one card in a state, unfolded."""
    form = window.locator(f"[data-state={state}] form")
    if not form.is_visible():
        window.locator(f"[data-state={state}] .next-step summary").click()
    return form


def note(window: Any, state: str, step: str, *, by: str | None = None) -> None:
    """Note a step of the one card in a state."""
    form = unfold(window, state)
    form.get_by_label("Next step").select_option(step)
    if by:
        form.get_by_label("Said by").select_option(by)
    form.get_by_role("button", name="Record this step").click()


def test_from_the_draft_to_the_outcome(desk_window: Any, served: tuple[str, str, Matcher]) -> None:
    window = desk_window
    enter(window, served[1])
    draft(window)
    assert window.locator(".card .purpose").inner_text() == "A <b>joint</b> bid"
    assert "Kharkiv IT Cluster" in window.locator(".card h3").inner_text()
    stations = ("draft", "vetted", "asked_a", "asked_b", "agreed", "introduced", "met")
    for before, after in pairwise(stations):
        note(window, before, after, by="b" if after == "agreed" else None)
        window.locator(f"[data-state={after}] .card").wait_for()
    window.get_by_label("Briefs as").select_option("docx")
    with window.expect_download() as download:
        window.get_by_role("button", name="Brief").click()
    assert download.value.suggested_filename == f"{KHARKIV}--{KOSICE}.docx"
    form = unfold(window, "met")
    form.get_by_label("Next step").select_option("outcome")
    form.locator("[name=outcome]").select_option("mou")
    note(window, "met", "outcome")
    stage = window.locator("[data-state=outcome]")
    stage.get_by_role("heading", name="With an outcome").click()  # closed ones are folded
    stage.locator(".card").wait_for()
    assert window.locator("#ours b").inner_text() == "100%"
    assert window.locator("[data-reached=met] b").inner_text() == "1"
    assert fits(window)
    window.reload()  # the tab remembers the token
    window.get_by_role("heading", name="With an outcome").wait_for()
    window.get_by_role("button", name="Forget the token").click()
    window.reload()
    assert window.get_by_label("Your token").is_visible()
    assert not window.locator(".card").is_visible()


def test_letters_in_a_chosen_language_signed_as_the_programme_says(
    desk_window: Any, served: tuple[str, str, Matcher]
) -> None:
    window = desk_window
    enter(window, served[1])
    draft(window)
    window.get_by_label("Papers in").select_option("uk")
    window.get_by_text("What letters and briefs say").click()
    window.get_by_label("Letters signed by").fill("Olha, networking")
    window.get_by_role("button", name="Save", exact=True).click()
    window.locator("#said", has_text="The programme is saved.").wait_for()
    button = window.get_by_role("button", name="Letters")
    button.click()
    letters = window.locator(".letter")
    expect(letters).to_have_count(2)  # the joint one only when both have agreed
    text = letters.first.locator("textarea").input_value()
    assert "Olha, networking" in text
    assert "знайом" in text
    button.press("Enter")
    letters.first.wait_for(state="hidden")
    assert button.get_attribute("aria-expanded") == "false"


@pytest.mark.parametrize(
    ("clipboard", "told"),
    [
        ("{writeText: async (text) => { window.copied = text; }}", "Copied"),
        ("{writeText: () => Promise.reject(new Error('denied'))}", "Selected: copy it with"),
        ("undefined", "Selected: copy it with"),  # so it is over plain http
    ],
)
def test_a_letter_is_copied_or_selected(
    desk_window: Any, served: tuple[str, str, Matcher], clipboard: str, told: str
) -> None:
    window = desk_window
    window.add_init_script(f"Object.defineProperty(navigator, 'clipboard', {{value: {clipboard}}})")
    enter(window, served[1])
    draft(window)
    window.get_by_role("button", name="Letters").click()
    letter = window.locator(".letter").first
    letter.get_by_role("button", name="Copy").click()
    letter.get_by_role("button", name=told).wait_for()
    text = letter.locator("textarea").input_value()
    got = "window.copied" if told == "Copied" else "getSelection().toString()"
    assert window.evaluate(got) == text


def test_a_refusal_is_told_and_closed(desk_window: Any, served: tuple[str, str, Matcher]) -> None:
    window, matcher = desk_window, served[2]
    enter(window, served[1])
    draft(window)
    form = unfold(window, "draft")
    form.get_by_label("Next step").select_option("declined")
    form.locator("[name=answer]").select_option("not_for_us")
    form.get_by_label("Reason").fill("Too far")
    note(window, "draft", "declined", by="a")
    stage = window.locator("[data-state=declined]")
    stage.get_by_role("heading", name="Declined").click()
    stage.get_by_text("Steps so far").click()
    stage.get_by_text("First side: Declined (Not for us: Too far)").wait_for()
    assert Desk(matcher.store.database).introductions.exclusions().refused


def test_a_name_of_several_is_chosen_by_a_click(
    desk_window: Any, served: tuple[str, str, Matcher]
) -> None:
    window = desk_window
    enter(window, served[1])
    window.get_by_text("Draft an introduction").click()
    window.locator("#a").fill(KHARKIV)
    window.locator("#b").fill("IT")
    window.get_by_label("Purpose").fill("A bid")
    window.get_by_role("button", name="Save the draft").click()
    message = window.locator("#message")
    expect(message.locator("li")).to_have_count(10)
    assert message.locator("p").inner_text() == ("'IT' can mean several clusters. Ask with the id.")
    assert message.bounding_box()["height"] < 800 / 2.5
    message.get_by_role("button", name="IT Dnipro Community").click()
    assert window.locator("#b").input_value() == "ua-it-dnipro-community"
    assert window.locator("#a").input_value() == KHARKIV
    message.wait_for(state="hidden")
    window.get_by_role("button", name="Save the draft").click()
    message.get_by_text("The draft is saved.").wait_for()
    message.get_by_role("button", name="Close").click()
    message.wait_for(state="hidden")


def test_only_those_of_a_cluster(desk_window: Any, served: tuple[str, str, Matcher]) -> None:
    window = desk_window
    introductions = Desk(served[2].store.database).introductions
    for b in ("pl-infotech", "ro-cluj-it-cluster"):
        introductions.add(propose(KHARKIV, b, purpose="A bid", on=today(), who="account 7"))
    enter(window, served[1])
    window.locator("[data-state=draft] .card").nth(1).wait_for()
    window.get_by_label("Show only those of").fill("cluj")
    window.locator("[data-state=draft] .card").nth(1).wait_for(state="detached")
    assert "Cluj" in window.locator(".card h3").inner_text()

    # All that are shown take a step at once: four clicks however many they are.
    window.get_by_label("Show only those of").fill("a bid")
    window.locator("[data-state=draft] .card").nth(1).wait_for()
    window.get_by_role("button", name="Select all of these").click()
    bulk = window.locator("#bulk")
    bulk.get_by_text("Selected: 2.").wait_for()
    assert fits(window)
    steps = bulk.get_by_label("Step that all of them take").locator("option")
    assert len(steps.all()) == 3
    bulk.get_by_label("Step that all of them take").select_option("vetted")
    window.route("**/introductions:move", lambda sent: sent.fulfill(status=502, body="<p>Bad"))
    bulk.get_by_role("button", name="Record the step for all selected").click()
    window.locator("#message", has_text="The service cannot be reached").wait_for()
    bulk.get_by_text("Selected: 2.").wait_for()  # nothing was recorded: the choice stays
    window.unroute("**/introductions:move")
    bulk.get_by_role("button", name="Record the step for all selected").click()
    window.locator("#message", has_text="The step is recorded for 2.").wait_for()
    expect(window.locator("[data-state=vetted] .card")).to_have_count(2)
    assert not bulk.is_visible()
    window.locator("#message").get_by_role("button", name="Undo").click()
    window.locator("#message", has_text="The step is taken back for 2.").wait_for()
    expect(window.locator("[data-state=draft] .card")).to_have_count(2)
    window.locator(".card").get_by_role("button", name="Send the letter").first.click()
    window.locator("#message", has_text="No address of ua-kharkiv-it-cluster is known").wait_for()

    # The same in a table: a line for each, which takes steps as well and unfolds.
    window.get_by_label("As a table").check()
    lines = window.locator("#lines tbody tr")
    expect(lines).to_have_count(2)
    assert not window.locator(".card").first.is_visible()
    pair, gone = "Kharkiv IT Cluster × Cluj IT", "a former colleague (account 7)"
    for told in (pair, "Draft", "A good pair: vetted", gone):
        assert told in lines.last.inner_text()
    lines.last.get_by_role("button").click()
    window.locator(".unfolded .card").get_by_role("button", name="Brief").wait_for()
    assert fits(window)
    window.locator("#lines").get_by_role("button", name="Select all of these").click()
    bulk.get_by_label("Step that all of them take").select_option("vetted")
    bulk.get_by_role("button", name="Record the step for all selected").click()
    window.locator("#message", has_text="The step is recorded for 2.").wait_for()
    expect(lines).to_have_count(2)
    assert "First side asked" in lines.first.inner_text()


def test_a_colleague_was_faster(desk_window: Any, served: tuple[str, str, Matcher]) -> None:
    window, token = desk_window, served[1]
    enter(window, token)
    draft(window)
    other = window.context.new_page()
    enter(other, token)
    note(other, "draft", "vetted")
    other.locator("[data-state=vetted] .card").wait_for()
    note(window, "draft", "declined")
    window.locator("#message", has_text="changed by somebody else").wait_for()
    window.locator("[data-state=vetted] .card").wait_for()  # what the colleague did is shown


def test_a_token_that_does_not_work(desk_window: Any, served: tuple[str, str, Matcher]) -> None:
    enter(desk_window, "guess")
    desk_window.locator("#said", has_text="does not work").wait_for()
    assert desk_window.get_by_label("Your token").is_visible()
    enter(desk_window, served[2].store.tokens.create("narrow", ["import"]))
    desk_window.get_by_text("lacks the scope").wait_for()
    enter(desk_window, "жетон")
    desk_window.locator("#said", has_text="does not work").wait_for()


def test_a_service_that_is_silent(desk_window: Any, served: tuple[str, str, Matcher]) -> None:
    window = desk_window
    enter(window, served[1], "/staff?lang=uk")
    window.locator("#desk").wait_for()
    told = window.locator("#message", has_text="Сервіс недоступний. Спробуйте ще раз")
    window.context.set_offline(True)
    window.locator("#reload").click()
    told.wait_for()
    window.context.set_offline(False)
    with window.expect_response("**/introductions*"):
        window.locator("#reload").click()
    told.wait_for(state="hidden")
    window.route("**/introductions*", lambda sent: sent.fulfill(status=502, body="<p>Bad gateway"))
    window.locator("#reload").click()
    told.wait_for()


@pytest.mark.parametrize(
    ("language", "desk_window"), [("ro", 320), ("uk", 1280)], indirect=["desk_window"]
)
def test_axe_finds_nothing_serious(
    desk_window: Any, served: tuple[str, str, Matcher], language: str
) -> None:
    introductions = Desk(served[2].store.database).introductions
    first = introductions.add(propose(KHARKIV, KOSICE, purpose="A bid", on=today()))
    introductions.move(first.id, Move(today(), "staff", "vetted"), version=1)
    enter(desk_window, served[1], f"/staff?lang={language}")
    desk_window.locator(".letters").click()
    for summary in desk_window.locator(".card summary").all():
        summary.click()
    desk_window.locator(".letter").first.wait_for()
    assert_nothing_serious(desk_window)
    desk_window.locator("#as-table").check()
    desk_window.locator("#lines th button").click()
    desk_window.locator(".unfolded .card").wait_for()
    assert_nothing_serious(desk_window)


def test_the_desk_names_every_state_answer_and_outcome(served: tuple[str, str, Matcher]) -> None:
    assert TITLES.keys() == set(STATES)
    assert STEPS.keys() == set(STATES) - {"draft"}
    page = create_app(served[2]).test_client().get("/staff").text
    assert all(f'value="{word}"' in page for word in (*ANSWERS, *OUTCOMES))
    assert "<script>" not in page


def test_problems_are_told_in_the_readers_language(
    desk_window: Any, served: tuple[str, str, Matcher]
) -> None:
    enter(desk_window, "guess", "/staff?lang=uk")
    desk_window.locator("#said", has_text="Цей токен не діє").wait_for()
    assert "Bearer" not in desk_window.locator("#said").inner_text()  # which only programs send
