"""Staff at work, through the pages alone: plan, ask, agree, brief, event, agendas, outcomes."""

from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import icalendar
import pytest
from desk_steps import enter
from event_pages import Day, make_event, schedule, workbook
from playwright.sync_api import expect
from pypdf import PdfReader

from matcher.events.repository import Meetings
from matcher.introductions.contacts import Consent, People, Person
from matcher.introductions.desk import Desk
from matcher.mail.outbox import Outbox
from matcher.matcher import Matcher

PEOPLE = 40
ZONES = {"UA": "Europe/Kyiv", "MD": "Europe/Chisinau", "GE": "Asia/Tbilisi", "AM": "Asia/Yerevan"}


def guests(matcher: Matcher) -> tuple[list[Any], list[Any]]:
    """Twenty digital clusters of either side; those of Ukraine, Slovakia and Romania first."""
    digital = [one for one in matcher.clusters if "digital" in one.ecosystems]
    digital.sort(key=lambda one: (one.country not in ("UA", "SK", "RO"), one.id))
    sides = [[one for one in digital if one.group == group] for group in ("EaP", "EU")]
    assert min(map(len, sides)) >= PEOPLE // 2
    return sides[0][: PEOPLE // 2], sides[1][: PEOPLE // 2]


def tables(east: list[Any], west: list[Any], pair: tuple[str, str]) -> bytes:
    """The file of the event: the introduced pair is a must, another was refused, a row is bad."""
    people: list[list[object]] = [
        [one.name, one.id, one.country, ZONES.get(one.country), 1, 4] for one in (*east, *west)
    ]
    return workbook(
        participants=[
            ["name", "id", "country", "zone", "minimum", "maximum"],
            *people,
            ["Nowhere", "nowhere", "Atlantis", None, 1, 4],
        ],
        wishes=[
            ["participant", "other", "wish"],
            [*pair, "must meet"],
            [east[-1].id, west[-1].id, "meet"],
            [west[-1].id, east[-1].id, "no thanks"],
        ],
    )


def plan_and_draft(window: Any, sides: dict[str, list[Any]]) -> None:
    """Plan a small programme, and draft the introductions of its pairs."""
    for side, clusters in sides.items():
        box = window.locator(f"[data-side={side}]")
        box.get_by_label("Only those that I choose").check()
        for cluster in clusters:
            box.get_by_label("Narrow the list").fill(cluster.name)
            box.locator(f"[value={cluster.id}]").check()
        window.locator(f"[name={side}-most]").fill("1")
    window.get_by_role("button", name="Create the plan").click()
    window.locator("#result").wait_for(timeout=60_000)
    expect(window.locator("#pairs > li")).to_have_count(2)
    window.get_by_label("Purpose, one line").fill("A joint bid")
    window.get_by_role("button", name="Draft introductions").click()
    window.locator("#drafts", has_text="Drafts made: 2.").wait_for()


def step(window: Any, pair: str, to: str, **more: str) -> None:
    """Note a step of the introduction of two clusters, named as on its card."""
    card = window.locator(".card", has=window.get_by_role("heading", name=pair))
    form = card.locator("form")
    if not form.is_visible():
        card.locator(".next-step summary").click()
    form.get_by_label("Next step").select_option(to)
    for name, value in more.items():
        form.locator(f"[name={name}]").select_option(value)
    form.get_by_role("button", name="Record this step").click()
    window.locator("#message", has_text="The step is recorded.").wait_for()
    window.locator(f"[data-state={to}] .card", has_text=pair).wait_for(state="attached")
    window.locator("#message").evaluate("box => { box.hidden = true; }")


def downloaded(window: Any, button: Any) -> Path:
    with window.expect_download() as download:
        button.click()
    return Path(download.value.path())


@pytest.mark.parametrize("desk_window", [1280], indirect=True)
def test_from_the_plan_to_the_outcome_through_the_pages(
    desk_window: Any, served: tuple[str, str, Matcher]
) -> None:
    window, (_, token, matcher) = desk_window, served
    window.on("dialog", lambda dialog: dialog.accept())
    desk, meetings = Desk(matcher.store.database), Meetings(matcher.store.database)
    east, west = guests(matcher)

    # Plan, and draft what the plan says.
    enter(window, token, "/staff/plan")
    plan_and_draft(window, {"askers": east[:2], "targets": west[:3]})
    first = min(desk.introductions.all(), key=lambda one: one.id)
    pair, names = (first.a, first.b), {one.id: one.name for one in (*east, *west)}
    title = f"{names[first.a]} × {names[first.b]}"

    # Ask, agree, brief, introduce.
    window.goto("/staff")
    said_by = {"asked_b": "a", "agreed": "b"}
    for to in ("vetted", "asked_a", "asked_b", "agreed"):
        step(window, title, to, role=said_by.get(to, "staff"))
    card = window.locator(".card", has=window.get_by_role("heading", name=title))
    page = PdfReader(downloaded(window, card.get_by_role("button", name="Brief"))).pages[0]
    assert "A joint bid" in page.extract_text()
    step(window, title, "introduced")

    # An event of forty clusters, by form and file.
    window.goto("/staff/events")
    window.locator("#desk").wait_for()
    make_event(window, "Brussels 2026", 15, tables(east, west, pair))
    problems = window.locator("#problems tbody tr").all_inner_texts()
    assert len(problems) == 1
    assert "participants, line 42" in problems[0]
    expect(window.locator("#list-of-people li")).to_have_count(PEOPLE)
    schedule(window)
    assert window.locator("[data-figure=minimum]").inner_text() == "40 of 40"
    assert (
        window.locator("[data-figure=musts]").inner_text() == "2 of 2"
    )  # each of the two wants it
    window.get_by_text("Wishes that could not be met").click()
    assert "said no thanks" in window.locator("#missed").inner_text()
    before = meetings.get("brussels-2026").schedule
    assert before is not None
    assert tuple(sorted(pair)) in {meeting.pair for meeting in before.meetings}

    # Somebody cancels, then the schedule is final.
    lost = next(one.id for one in east if one.id not in pair)
    Day(window).cancel(lost)
    window.get_by_role("button", name="Freeze").click()
    window.locator("#message", has_text="The schedule is frozen.").wait_for()
    final = meetings.get("brussels-2026").schedule
    assert final is not None
    kept = {meeting.pair for meeting in before.meetings if lost not in meeting.pair}
    assert kept <= {meeting.pair for meeting in final.meetings}

    # The day: one comes late, one leaves early, a meeting is moved by hand, and all are told.
    day, slots = Day(window), meetings.get("brussels-2026").event.slots
    first_two, busy = {one.id for one in slots[:2]}, [one.id for one in east if one.id != lost]
    comes = next(
        key
        for key in busy
        if key not in pair and any(one.slot in first_two for one in final.of(key))
    )
    leaves = next(key for key in busy if key not in (*pair, comes))
    people = People(matcher.store.database)
    person = Person(comes, "Ann Example", "ann@example.org")
    people.add(person, Consent("meeting", "herself", date(2026, 11, 1)))
    day.tell(1)
    assert [one.recipient for one in Outbox(matcher.store.database).last(9)] == ["ann@example.org"]
    day.presence(comes, "late", "from", slots[2].start)
    day.presence(leaves, "early", "until", slots[3].end)
    changed = meetings.get("brussels-2026").schedule
    assert changed is not None
    assert {one.slot for one in changed.of(comes)} <= {one.id for one in slots[2:]}
    assert {one.slot for one in changed.of(leaves)} <= {one.id for one in slots[:4]}
    apart = {comes, leaves}
    met, free = next(
        (one, slot)
        for slot in slots
        for one in changed.meetings
        if apart.isdisjoint(one.pair)
        and sum(other.slot == slot.id for other in changed.meetings) < 15
        and not any(
            other.slot == slot.id and {*other.pair} & {*one.pair} for other in changed.meetings
        )
    )
    day.by_hand(f"{met.a} {met.b}", free.id)
    moved = meetings.get("brussels-2026").schedule
    assert moved is not None
    assert [one.slot for one in moved.meetings if one.pair == met.pair] == [free.id]
    day.tell(1)
    assert len(Outbox(matcher.store.database).last(9)) == 2
    final = meetings.get("brussels-2026").schedule
    assert final is not None

    # Agendas.
    window.locator("#whose").select_option(first.a)
    assert names[first.b] in window.locator("#agenda").inner_text()
    file = downloaded(window, window.locator("#agendas [data-form=ics]"))
    calendar = icalendar.Calendar.from_ical(file.read_bytes())
    assert len(calendar.walk("VEVENT")) == len(final.of(first.a))
    assert all(str(item["status"]) == "CONFIRMED" for item in calendar.walk("VEVENT"))
    sheet = downloaded(window, window.locator("#agendas [data-form=pdf]"))
    assert "Brussels 2026" in PdfReader(sheet).pages[0].extract_text()
    busy = {key for meeting in final.meetings for key in meeting.pair}
    assert len(PdfReader(downloaded(window, window.locator("#pdf"))).pages) == len(busy)
    with ZipFile(downloaded(window, window.locator("#zip"))) as archive:
        assert {f"withdrawn/{lost}.ics", "schedule.xlsx"} <= set(archive.namelist())

    # Outcomes, and what came of it all in figures.
    window.locator("#of").select_option(first.a)
    meeting = window.locator("#meetings li", has_text=names[first.b])
    meeting.locator("summary").click()
    for side, mean in ((0, "5.0"), (1, "4.5")):
        form = meeting.locator("form").nth(side)
        form.get_by_label("Rating").select_option("5" if side == 0 else "4")
        form.get_by_label("What came of it").select_option("mou")
        form.get_by_label("A second meeting?").select_option("yes")
        form.get_by_role("button").click()
        window.locator("[data-outcome=rating]", has_text=mean).wait_for()
    assert window.locator("[data-outcome=mou]").inner_text() == "1"
    assert window.locator("[data-outcome=again]").inner_text() == "1"
    window.goto("/staff")
    window.locator("#ours b", has_text="100%").wait_for()
    log = {entry.action for entry in matcher.store.audit.last(100)}
    assert {"add event", "import event tables", "schedule event", "record feedback"} <= log
