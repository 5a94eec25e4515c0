"""The pages of the event desk in a real browser, wide and on a phone of 320 pixels."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_steps import PATIENCE, fits
from event_pages import Day, make_event, schedule, upload, workbook
from flask.testing import FlaskClient
from mail_server import Mailbox, mail_server
from playwright.sync_api import expect
from untidy_workbook import untidy_workbook

from matcher.accounts.accounts import Accounts
from matcher.accounts.signing_in import SigningIn
from matcher.events.event import ROLES, Event, FixedMeeting, Participant, Place, slot_grid
from matcher.events.headings import COLUMNS
from matcher.events.merging import import_tables
from matcher.events.plan import MissedCode, Schedule
from matcher.events.repository import Meetings
from matcher.events.rows import tables_of_file
from matcher.events.scheduler import Stage, freeze
from matcher.events.scheduler import schedule as schedule_event
from matcher.events.times import parse_break
from matcher.introductions.desk import Desk
from matcher.introductions.workflow import Move, propose
from matcher.mail.carriers import MailServer
from matcher.mail.delivery import Delivery
from matcher.matcher import Matcher
from matcher.web.api import schedules as schedules_api

KHARKIV, LVIV = "ua-kharkiv-it-cluster", "ua-lviv-it-cluster"
KOSICE, INFOTECH = "sk-kosice-it-valley", "pl-infotech"
WINE = "priklad-vino-klaster"
PEOPLE: list[list[object]] = [
    ["name", "id", "country", "zone", "minimum", "maximum"],
    ["Kharkiv IT Cluster", KHARKIV, "UA", "Europe/Kyiv", 1, 3],
    ["Lviv IT Cluster", LVIV, "UA", "Europe/Kyiv", 1, 3],
    ["Košice IT Valley", KOSICE, "SK", "Europe/Bratislava", 1, 3],
    ["InfoTech <b>Cluster</b>", INFOTECH, "PL", "Europe/Warsaw", 1, 3],
    ["Nowhere", "nowhere", "Atlantis", None, 1, 3],
]
WISHES: list[list[object]] = [
    ["participant", "other", "wish"],
    [KHARKIV, KOSICE, "must meet"],
    [LVIV, INFOTECH, "meet"],
    [LVIV, "ghost", "meet"],
    [KHARKIV, LVIV, "meet"],
    [LVIV, KHARKIV, "no thanks"],
]
PRESENCE: list[list[object]] = [
    ["participant", "day", "from", "to"],
    [INFOTECH, "2026-11-12", "09:00", "10:30"],
]
SMALL = workbook(participants=PEOPLE, presence=PRESENCE, wishes=WISHES)
ADDRESS = "/staff/events/brussels-2026"


@pytest.fixture
def meetings(served: tuple[str, str, Matcher]) -> Meetings:
    return Meetings(served[2].store.database)


@pytest.fixture
def scheduled(meetings: Meetings) -> Schedule:
    """The schedule of an event that is there from the start."""
    days = [(date(2026, 11, 12), time(9), time(12))]
    pause = parse_break("Europe/Brussels", "2026-11-12 10:30-11:00 Coffee")
    empty = Event(
        id="brussels-2026",
        title="Brussels 2026",
        zone="Europe/Brussels",
        venue="Square, Brussels",
        slots=slot_grid("Europe/Brussels", days, 25, pause=5, breaks=[pause]),
        breaks=(pause,),
        places=(Place(id="t1", name="Table 1"), Place(id="t2", name="Table 2")),
        participants=(),
    )
    event, _ = import_tables(empty, tables_of_file(SMALL))
    plan = schedule_event(event, {}, seconds=0.2)
    meetings.add(event)
    meetings.save(event, plan, version=1)
    return plan


@pytest.fixture
def browser_at(chrome: Any, served: tuple[str, str, Matcher]) -> Iterator[Callable[..., Any]]:
    """Opens a page of the desk in a window of some width; complains of what it complains of."""
    origin, token, _ = served
    complaints: list[str] = []
    contexts: list[Any] = []

    def opened(width: int, address: str = "/staff/events", **more: Any) -> Any:
        context = chrome.new_context(
            viewport={"width": width, "height": 800}, base_url=origin, **more
        )
        contexts.append(context)
        window = context.new_page()
        window.set_default_timeout(PATIENCE)
        window.on("pageerror", lambda error: complaints.append(str(error)))
        window.on("dialog", lambda dialog: dialog.accept())
        window.on(
            "request",
            lambda sent: (
                complaints.append(sent.url) if not sent.url.startswith((origin, "blob:")) else None
            ),
        )
        window.on(
            "console",
            lambda said: (
                complaints.append(said.text) if "Content Security Policy" in said.text else None
            ),
        )
        window.goto(address)
        window.locator("#token").fill(token)
        window.locator("#token").press("Enter")
        window.locator("#desk").wait_for()
        return window

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def test_from_the_form_to_the_frozen_schedule(
    browser_at: Callable[..., Any], meetings: Meetings
) -> None:
    window = browser_at(320)
    assert window.get_by_text("There are no events yet").is_visible()
    make_event(window, "Brussels 2026", 2, SMALL)
    window.locator("#problems").wait_for()
    assert "Rows with errors: 2" in window.locator("#problems").inner_text()
    rows = window.locator("#problems tbody td:first-child").all_inner_texts()
    assert rows == ["participants, line 6", "wishes, line 4"]
    expect(window.locator("#list-of-people li")).to_have_count(4)
    assert window.locator("#list-of-people .name").nth(3).inner_text() == "InfoTech <b>Cluster</b>"
    assert fits(window)

    schedule(window)
    stored = meetings.get("brussels-2026")
    assert stored.schedule is not None
    held = stored.schedule.meetings
    expect(window.locator("#timetable td.taken")).to_have_count(len(held))
    assert window.locator("[data-figure=meetings]").inner_text() == str(len(held))
    assert window.locator("[data-figure=minimum]").inner_text() == "4 of 4"
    assert window.locator("[data-figure=musts]").inner_text() == "1 of 1"
    assert window.locator("[data-bound=gap]").inner_text() == "proven best"
    assert window.locator("#state").inner_text() == "Provisional"
    assert "09:00–09:25" in window.locator("#timetable").inner_text()
    window.locator("#view").select_option("people")
    expect(window.locator("#timetable td.taken")).to_have_count(2 * len(held))
    window.locator("#mark").select_option(KOSICE)
    own = [meeting for meeting in held if KOSICE in meeting.pair]
    expect(window.locator("#timetable td.marked")).to_have_count(2 * len(own))
    assert fits(window)

    window.locator("#why [name=a]").select_option(KHARKIV)
    window.locator("#why [name=b]").select_option(LVIV)
    window.get_by_role("button", name="Explain").click()
    window.locator("#because", has_text="Lviv IT Cluster said no thanks.").wait_for()
    window.locator("#why [name=b]").select_option(KOSICE)
    window.get_by_role("button", name="Explain").click()
    window.locator("#because", has_text="They meet:").wait_for()
    window.locator("#why [name=b]").select_option(KHARKIV)
    window.get_by_role("button", name="Explain").click()
    window.locator("#message", has_text="two different").wait_for()
    assert not window.locator("#because").is_visible()  # it was about two others
    window.get_by_text("Wishes that could not be met").click()
    assert "said no thanks" in window.locator("#missed").inner_text()

    window.locator("#cancel [name=who]").select_option(LVIV)
    window.get_by_role("button", name="Cancel this participant").click()
    window.locator("#changes", has_text="Lviv IT Cluster is cancelled").wait_for(timeout=60_000)
    gone = [meeting for meeting in held if LVIV in meeting.pair]
    assert f"Withdrawn: {len(gone)}." in window.locator("#changes").inner_text()
    expect(window.locator("#list-of-people .cancelled")).to_have_count(1)

    window.get_by_role("button", name="Freeze").click()
    window.locator("#message", has_text="The schedule is frozen.").wait_for()
    window.locator("#state", has_text="Frozen").wait_for()
    assert not window.get_by_role("button", name="Freeze", exact=True).is_visible()
    window.locator("#grid summary", has_text="Places").click()
    window.locator("#places button").first.click()
    window.locator("#message", has_text="The schedule is frozen, and this edit").wait_for()
    assert fits(window)
    window.goto("/staff/events")
    window.locator(".event-card .mark", has_text="Frozen").wait_for()
    window.get_by_role("button", name="Delete").click()
    window.locator("#message", has_text="The event is deleted.").wait_for()
    assert meetings.all() == []


def test_everything_about_an_event_can_be_edited(
    browser_at: Callable[..., Any], meetings: Meetings
) -> None:
    window = browser_at(320)

    def saved() -> None:
        window.locator("#message", has_text="Saved.").wait_for()
        window.locator("#message").evaluate("box => { box.hidden = true; }")

    def event() -> Any:
        return meetings.get("kyiv-day").event

    make_event(window, "Kyiv Day", 1)
    window.get_by_text("Add a participant").click()
    person = window.locator("#person")
    for name, value in (("name", "Blue"), ("id", "blue"), ("country", "pl"), ("minimum", "2")):
        person.locator(f"[name={name}]").fill(value)
    person.get_by_role("button", name="Save").click()
    saved()
    (blue,) = event().participants
    assert (blue.name, blue.country, blue.minimum, blue.remote) == ("Blue", "PL", 2, False)
    window.get_by_text("Import from a file").click()
    window.locator("#tables").set_input_files(
        upload(b"name,id\nRed,red\nBlue again,blue\n", "a.csv")
    )
    window.get_by_role("button", name="Read the file").click()
    window.locator("#problems", has_text="No row was refused.").wait_for()
    assert {one.id: one.name for one in event().participants} == {
        "blue": "Blue again",
        "red": "Red",
    }
    window.get_by_label("Find a participant").fill("red")
    expect(window.locator("#list-of-people li:visible")).to_have_count(1)
    window.get_by_role("button", name="Edit: Red").click()
    person.locator("[name=maximum]").fill("2")
    person.get_by_role("button", name="Save").click()
    saved()
    assert event().by_id["red"].maximum == 2

    window.locator("#people summary", has_text="Wishes").click()
    for about, kind in (("red", "meet"), ("red", "must_meet")):
        window.locator("#wish [name=by]").select_option("blue")
        window.locator("#wish [name=kind]").select_option(kind)
        window.locator("#wish [name=about]").select_option(about)
        window.get_by_role("button", name="Save the wish").click()
        saved()
    assert [(one.by, one.about, one.kind) for one in event().wishes] == [
        ("blue", "red", "must_meet")
    ]
    assert "Blue again → Red: must meet" in window.locator("#wishes").inner_text()
    window.locator("#wishes button").click()
    saved()
    assert event().wishes == ()

    window.locator("#grid summary", has_text="Places").click()
    window.locator("#place [name=name]").fill("Room of the net")
    window.locator("#place [name=kind]").select_option("online")
    window.locator("#place [name=link]").fill("https://meet.example.org/1")
    window.get_by_role("button", name="Add the place").click()
    saved()
    assert [(one.kind, one.link) for one in event().places][-1] == (
        "online",
        "https://meet.example.org/1",
    )
    window.get_by_text("Title, venue, sender").click()
    window.locator("#about [name=title]").fill("Kyiv Evening")
    window.locator("#about [name=zone]").fill("Europe/Kyiv")
    window.locator("#about [name=office]").fill("Networking office")
    window.locator("#about [name=email]").fill("office@example.org")
    window.locator("#about button").click()
    saved()
    window.get_by_role("heading", name="Kyiv Evening", level=1).wait_for()
    assert (event().zone, event().organiser.email) == ("Europe/Kyiv", "office@example.org")
    window.get_by_text("Change the times").click()
    day = window.locator("#times [data-list=days] .stretch")
    day.get_by_label("Day").fill("2026-12-01")
    day.get_by_label("From").fill("18:00")
    day.get_by_label("To").fill("19:00")
    window.get_by_role("button", name="Replace the times").click()
    saved()
    assert [slot.id for slot in event().slots] == ["1-1800", "1-1830"]
    assert "2 slots" in window.locator("#days").inner_text()
    window.get_by_role("button", name="Remove: Red").click()
    saved()
    assert [one.id for one in event().participants] == ["blue"]
    assert fits(window)


def test_agendas_show_both_local_times_and_come_as_files(
    browser_at: Callable[..., Any], scheduled: Schedule
) -> None:
    window = browser_at(1280, ADDRESS)
    window.locator("#whose").select_option(KHARKIV)
    agenda = window.locator("#agenda").inner_text()
    assert "Košice IT Valley" in agenda
    assert "Coffee" in agenda
    assert "10:30–11:00 Brussels (UTC+1)\n11:30–12:00 Kyiv (UTC+2)" in agenda
    for form, start in (("ics", b"BEGIN:VCALENDAR"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        with window.expect_download() as download:
            window.locator(f"#agendas [data-form={form}]").click()
        assert download.value.suggested_filename == f"{KHARKIV}.{form}"
        assert Path(download.value.path()).read_bytes().startswith(start)
    for key, name in (("zip", "brussels-2026.zip"), ("pdf", "brussels-2026.pdf")):
        with window.expect_download() as download:
            window.locator(f"#{key}").click()
        assert download.value.suggested_filename == name
    window.evaluate("window.print = () => { window.printed = document.body.className; }")
    window.get_by_role("button", name="Print", exact=True).click()
    assert window.evaluate("[window.printed, document.body.className]") == ["print-agenda", ""]


def test_what_each_side_says_is_kept_and_counted(
    browser_at: Callable[..., Any], meetings: Meetings, scheduled: Schedule
) -> None:
    window = browser_at(320, ADDRESS)
    window.locator("#of").select_option(KOSICE)
    meeting = window.locator("#meetings li", has_text="Kharkiv").filter(has_text="Košice")
    meeting.locator("summary").click()
    for side, rating in ((0, "5"), (1, "4")):
        form = meeting.locator("form").nth(side)
        form.get_by_label("Rating").select_option(rating)
        form.get_by_label("What came of it").select_option("mou")
        form.get_by_label("A second meeting?").select_option("yes")
        form.get_by_role("button").click()
        window.locator("[data-outcome=rating]", has_text=("5.0", "4.5")[side]).wait_for()
    figures = {
        one.get_attribute("data-outcome"): one.inner_text()
        for one in window.locator("[data-outcome]").all()
    }
    assert figures == {
        "told": f"1 / {len(scheduled.meetings)}",
        "held": "1",
        "rating": "4.5",
        "again": "1",
        "mou": "1",
        "project": "0",
    }
    assert len(meetings.reports("brussels-2026")) == 2
    window.reload()
    meeting.locator("summary").click()
    again = meeting.locator("form").first
    assert again.get_by_label("Rating").input_value() == "5"
    again.get_by_label("Did they come?").select_option("no")
    assert again.get_by_label("Rating").is_disabled()
    again.get_by_role("button").click()
    window.locator("[data-outcome=held]", has_text="0").wait_for()
    assert fits(window)

    stored = meetings.get("brussels-2026")
    others = tuple(one for one in scheduled.meetings if KOSICE not in one.pair)
    left = scheduled.model_copy(update={"meetings": others})
    meetings.save(stored.event, left, version=stored.version)
    window.reload()  # the meeting is withdrawn, and nobody told of the others
    window.locator("[data-outcome=told]", has_text=f"1 / {1 + len(others)}").wait_for()


def test_progress_is_shown_and_goes_on_after_the_page_is_read_again(
    browser_at: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, plan = threading.Event(), schedules_api.schedule

    def waiting(*args: Any, progress: Callable[..., None], **options: Any) -> Any:
        progress(0.4, "improving the choice", 0.07)
        assert gate.wait(60)
        return plan(*args, progress=progress, **options)

    monkeypatch.setattr(schedules_api, "schedule", waiting)
    window = browser_at(1280)
    make_event(window, "Brussels 2026", 2, SMALL)
    window.get_by_role("button", name="Create the schedule").click()
    said = "Improving the choice · at most 7% below the best possible"
    for turn in range(2):
        window.locator("#progress", has_text=said).wait_for()
        assert window.locator("#progress progress").evaluate("bar => bar.value") == 0.4
        if turn == 0:
            window.reload()
    gate.set()
    window.locator("#timetable table").wait_for(timeout=60_000)
    window.locator("#progress").wait_for(state="hidden")


def test_bad_rows_are_named_in_every_language(
    browser_at: Callable[..., Any], scheduled: Schedule
) -> None:
    window = browser_at(320, ADDRESS, locale="uk")
    assert re.fullmatch(r"\d+,\d\d", window.locator("[data-figure=value]").inner_text())
    window.locator("summary", has_text="Імпорт із файлу").click()
    window.locator("#tables").set_input_files(upload(SMALL))
    window.locator("#import button").click()
    window.locator("#problems tbody tr").nth(1).wait_for()
    assert window.locator("#problems-say").inner_text() == "Рядків із помилками: 2"
    window.locator("#tables").set_input_files(upload(b"junk"))
    window.locator("#import button").click()
    window.locator("#message", has_text="not a readable XLSX workbook").wait_for()
    window.locator("#problems").wait_for(state="hidden")  # they were of another file


def test_an_event_that_is_not_there(browser_at: Callable[..., Any]) -> None:
    window = browser_at(320, "/staff/events/nope")
    window.get_by_text("There is no such event.").wait_for()
    assert not window.locator("#enter, #event, #message").filter(visible=True).count()
    window.get_by_role("link", name="All events").click()
    window.get_by_text("There are no events yet").wait_for()


def test_a_colleague_was_faster(browser_at: Callable[..., Any], meetings: Meetings) -> None:
    window = browser_at(1280)
    make_event(window, "Brussels 2026", 2, SMALL)
    stored = meetings.get("brussels-2026")
    meetings.save(stored.event, None, version=stored.version)
    window.get_by_role("button", name="Create the schedule").click()
    window.locator("#message", has_text="is now at version").wait_for()
    schedule(window)  # what the colleague did is read, and the page goes on from there


def test_a_meeting_of_two_that_declined_since_is_named_and_taken_away(
    browser_at: Callable[..., Any], served: tuple[str, str, Matcher], meetings: Meetings
) -> None:
    day, today = date(2999, 11, 12), datetime.now(UTC).date()
    slots = slot_grid("Europe/Brussels", [(day, time(9), time(10))], 25, pause=5)
    people = ((KHARKIV, "Kharkiv IT Cluster"), (KOSICE, "Košice IT Valley"))
    event = Event(
        id="contrary",
        title="Contrary",
        zone="Europe/Brussels",
        slots=slots,
        places=(Place(id="t1", name="Table 1"),),
        spare_share=0,
        participants=tuple(Participant(id=key, name=name) for key, name in people),
        fixed=(FixedMeeting(a=KHARKIV, b=KOSICE, slot=slots[0].id),),
    )
    plan = freeze(schedule_event(event, {}, seconds=0.1))
    meetings.save(event, plan, version=meetings.add(event).version)
    introductions = Desk(served[2].store.database).introductions
    one = introductions.add(propose(KHARKIV, KOSICE, purpose="A bid", on=today))
    introductions.move(one.id, Move(today, "a", "declined", answer="no"), version=1)

    window = browser_at(320, "/staff/events/contrary")
    told = window.locator("#misfits li")
    expect(told).to_have_text(re.compile("Košice IT Valley and Kharkiv IT Cluster: .* declined"))
    assert not window.get_by_role("button", name="Freeze", exact=True).is_visible()
    form = window.locator("#by-hand")
    form.locator("[name=kind]").select_option("remove")
    form.get_by_role("button", name="Show what it comes to").click()
    form.get_by_role("button", name="Make this change").click()
    expect(window.locator("#misfits")).to_be_hidden()
    after = meetings.get("contrary")
    assert (after.event.fixed, after.schedule and after.schedule.meetings) == ((), ())


@pytest.mark.parametrize(("code", "width", "scheme"), [("ro", 320, "light"), ("uk", 1280, "dark")])
def test_axe_finds_nothing_at_all(
    browser_at: Callable[..., Any], scheduled: Schedule, code: str, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    script = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    window = browser_at(width, locale=code, color_scheme=scheme)
    found = []
    for address in ("/staff/events", ADDRESS, f"{ADDRESS}/check-in"):
        window.goto(address)
        window.locator("#desk").wait_for()
        if address == ADDRESS:
            window.locator("#timetable table").wait_for()
            window.locator("#why [name=b]").select_option(index=1)
            window.locator("#why button").click()
            window.locator("#because").wait_for()
        window.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        window.evaluate(script)
        result = window.evaluate("axe.run({resultTypes: ['violations']})")
        found += [(one["id"], one["nodes"][0]["html"][:160]) for one in result["violations"]]
        assert fits(window), address
    assert found == []


def test_keyboard_alone_suffices(browser_at: Callable[..., Any], scheduled: Schedule) -> None:
    window = browser_at(1280)

    def go_to(selector: str) -> None:
        for _ in range(80):
            window.keyboard.press("Tab")
            if window.evaluate(f"document.activeElement.matches({selector!r})"):
                return
        raise AssertionError(selector)

    go_to(".event-card a")
    window.keyboard.press("Enter")
    window.locator("#timetable table").wait_for()
    go_to("#run [name=seconds]")
    window.keyboard.press("Enter")
    window.locator("#message", has_text="The schedule is ready.").wait_for(timeout=60_000)
    window.locator("#desk").wait_for()
    go_to("#timetable")
    go_to("#why [name=a]")
    window.keyboard.type("Kharkiv")
    go_to("#why [name=b]")
    window.keyboard.type("Lviv")
    go_to("#why button")
    window.keyboard.press("Enter")
    window.locator("#because", has_text="Lviv IT Cluster said no thanks.").wait_for()
    go_to("#meetings summary")
    window.keyboard.press("Enter")
    expect(window.locator("#meetings form")).to_have_count(2)  # made once it has unfolded


@pytest.mark.parametrize("code", ["uk", "ro"])
@pytest.mark.parametrize("address", ["/staff/events", "/staff/events/brussels-2026"])
def test_the_pages_have_no_english_words(client: FlaskClient, address: str, code: str) -> None:
    def texts(language: str) -> set[str]:
        page = client.get(address, headers={"Accept-Language": language}).text
        inside = page[page.index("<main") : page.index("</main>")]
        return {text.strip() for text in re.findall(r">([^<>{}]+)<", inside)} - {""}

    alike = {"Cluster Matcher", "PDF", "XLSX", "Calendar (ICS)", "Participant", "Plan", "Import"}
    alike |= set("12345")
    alike.add("; ".join(ROLES))  # as a file spells them
    alike |= {column for columns in COLUMNS.values() for column in columns}
    same = {text for text in texts("en") & texts(code) if "/" not in text}  # but time zones
    assert same <= alike | {"matcher token create NAME --scope staff"}


def test_the_pages_hold_nothing_and_say_a_word_for_every_stage_and_reason(
    client: FlaskClient,
) -> None:
    page = client.get("/staff/events/brussels-2026").text
    assert "<script>" not in page
    for stage in Stage.__args__:  # type: ignore[attr-defined]
        assert f'data-word="{stage}"' in page
    for code in MissedCode.__args__:  # type: ignore[attr-defined]
        assert f'data-word="why {code}"' in page
    assert client.get("/staff/events/No+where").status_code == 404


class Steps:
    """Takes the steps of somebody at the pages, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, act: Callable[..., Any], *values: Any) -> None:
        act(*values)
        self.count += 1


def letters_of(box: Mailbox, subject: str) -> dict[str, str]:
    """Texts of the letters with a subject that the mail server has been brought, by address."""
    found = [one for one in box.letters if one["Subject"] == subject]
    return {str(one["To"]): str(one.get_body(["plain"]).get_content()) for one in found}  # type: ignore[union-attr]


def fill_in(window: Any, step: Steps, day: date, file: dict[str, Any], title: str) -> None:
    """Make an event of one morning from a file; its page opens."""
    step(window.get_by_label("Title", exact=True).first.fill, title)
    step(window.get_by_label("Tables", exact=True).fill, "2")
    stretch = window.locator("[data-list=days] .stretch")
    for label, text in (("Day", str(day)), ("From", "09:00"), ("To", "12:00")):
        step(stretch.get_by_label(label).fill, text)
    step(window.get_by_label("A file with the participants").set_input_files, file)
    step(window.get_by_role("button", name="Create the event").click)
    window.wait_for_url("**/staff/events/*")
    window.locator("#list-of-people li").first.wait_for()


def plan(window: Any, step: Steps) -> None:
    """Let the event be scheduled."""
    step(window.get_by_label("Seconds to spend on it").fill, "1")
    step(window.get_by_role("button", name="Create the schedule").click)
    window.locator("#message", has_text="The schedule is ready.").wait_for(timeout=60_000)


def join_infotech(window: Any, step: Steps) -> None:
    """Say which cluster is meant by a name with an error."""
    strangers = window.locator("#strangers")
    expect(strangers.locator("li")).to_have_count(3)
    step(strangers.get_by_role("button", name="It is InfoTech Technology Cluster").click)
    window.locator("#message", has_text="Joined to the data.").wait_for()
    expect(strangers.locator("li")).to_have_count(2)


def test_from_the_workbook_of_an_office_to_mailed_agendas_and_the_day(
    browser_at: Callable[..., Any], meetings: Meetings, served: tuple[str, str, Matcher]
) -> None:
    (origin, _, matcher), window, step = served, browser_at(1280), Steps()
    day, database = datetime.now(UTC).date() + timedelta(days=100), matcher.store.database
    file = upload(untidy_workbook(day))
    with window.expect_download() as download:
        window.get_by_role("link", name="Template to fill in (XLSX)").click()
    assert download.value.suggested_filename == "event-template.xlsx"
    fill_in(window, step, day, file, "Brussels 2026")

    # A heading is not understood: staff say once what it means.
    means = window.get_by_label("Column “Час” means")
    means.wait_for()
    told = window.locator("#problems").inner_text()
    assert "already listed in participants, sheet EaP, line 4" in told
    assert "outside the hours of the event" in told
    assert "persons without a consent were left out: 2" in told
    step(means.select_option, "zone")
    window.get_by_role("button", name="Read the file again").click()
    window.locator("#message", has_text="Choose the file first.").wait_for()
    step(window.locator("#tables").set_input_files, file)
    step(window.get_by_role("button", name="Read the file again").click)
    window.locator("#message", has_text="The file is read.").wait_for()
    expect(window.locator("#list-of-people li")).to_have_count(6)
    assert meetings.get("brussels-2026").event.by_id[KHARKIV].zone == "Europe/Kyiv"
    people = Desk(database).people.everybody()
    assert {one.person.cluster_id for one in people.values()} == {KHARKIV, KOSICE}

    # Who is not in the data is offered the nearest; who would meet nobody is named.
    assert "Nameless Example Club" in window.locator("#alone").inner_text()
    join_infotech(window, step)
    assert INFOTECH in meetings.get("brussels-2026").event.by_id
    assert fits(window)

    # Who is not written to by a consent of the file gets a link at the address that staff know.
    account = Accounts(database).add_staff("staff@example.org")
    window.goto(SigningIn(database, origin).link_for(account).removeprefix(origin))
    step(window.get_by_role("button", name="Sign in").click)
    window.goto(ADDRESS)
    step(window.get_by_role("link", name="Their own pages").click)
    guests = {LVIV: "lviv@example.org", INFOTECH: "info@example.org", WINE: "wine@example.org"}
    for key, address in guests.items():
        row = window.locator("tr", has=window.locator(f"[value={key}]"))
        step(row.locator("[name=email]").fill, address)
        step(row.get_by_role("checkbox").check)
    step(window.get_by_role("button", name="Send the link").click)
    window.get_by_text("Letters written: 5").wait_for()
    step(window.get_by_role("link", name="Brussels 2026").click)

    plan(window, step)
    step(window.get_by_role("button", name="Freeze").click)
    window.locator("#message", has_text="The schedule is frozen.").wait_for()
    step(window.get_by_role("button", name="Tell them by letter").click)
    window.locator("#message", has_text="Letters written: 4.").wait_for()
    stored = meetings.get("brussels-2026")
    assert stored.schedule is not None
    busy = {key for one in stored.schedule.meetings for key in one.pair}
    assert busy == {KHARKIV, *guests}
    with mail_server() as (url, box):
        delivery = Delivery(database, MailServer(url), "desk@example.org")
        assert delivery.run() == 9
        agendas = letters_of(box, "Your meetings at Brussels 2026")
        assert agendas.keys() == {"one@example.org", *guests.values()}
        assert "InfoTek Technology Cluster · Table" in agendas["one@example.org"]
        assert step.count <= 60
        page = window.context.new_page()
        page.goto(re.findall(r"/participant\?t=\S+", agendas["wine@example.org"])[0])
        page.get_by_role("heading", name="InfoTek Technology Cluster").wait_for()

        # On the day, each change in at most six steps; whoever it concerns hears of it.
        at, slots = Day(window), stored.event.slots
        at.cancel(LVIV)
        at.presence(INFOTECH, "late", "from", slots[2].start)
        at.presence(KHARKIV, "early", "until", slots[3].end)
        final = meetings.get("brussels-2026").schedule
        assert final is not None
        allowed = {one.id for one in slots[2:]}
        assert {one.pair for one in final.meetings} == {(INFOTECH, WINE), (INFOTECH, KHARKIV)}
        assert {one.slot for one in final.meetings} <= allowed
        assert {one.slot for one in final.of(KHARKIV)} <= {one.id for one in slots[2:4]}
        step(window.get_by_role("button", name="Tell them by letter").click)
        window.locator("#untold").wait_for(state="hidden")
        delivery.run()
        agendas = letters_of(box, "Your meetings at Brussels 2026")
        assert "Off: InfoTek Technology Cluster" in agendas["lviv@example.org"]
        assert "No meetings." in agendas["lviv@example.org"]

    # The next half-day needs no mapping any more, and repeats no meeting.
    step(window.goto, "/staff/events")
    step(window.get_by_text("New event", exact=True).click)
    fill_in(window, step, day + timedelta(days=1), file, "Brussels again")
    join_infotech(window, step)
    plan(window, step)
    again = meetings.get("brussels-again").schedule
    assert again is not None
    assert {KOSICE, WINE} <= {key for one in again.meetings for key in one.pair}
    met = {one.pair for one in final.meetings}
    assert not met & {one.pair for one in again.meetings}
