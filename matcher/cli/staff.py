"""Commands for networking staff: plan a programme, brief a pair, schedule an event."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcher.cli.profiles import json_option

if TYPE_CHECKING:
    from matcher.errors import FieldProblem
    from matcher.introductions.briefs.brief import Brief
    from matcher.introductions.desk import Desk
    from matcher.introductions.programme import ProgrammeRequest
    from matcher.matcher import Matcher
    from matcher.meetings.event import Event
    from matcher.meetings.plan import Schedule

_LANGUAGES = ("en", "uk", "ro")
_FORMATS = ("pdf", "docx", "html", "md")
_OBJECTIVES = ("total", "worst-off", "nash")
_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_new_file = click.Path(dir_okay=False, path_type=Path)
_language = click.option(
    "--language",
    type=click.Choice(_LANGUAGES),
    default="en",
    show_default=True,
    help="Language of the labels; profiles are quoted as they are.",
)


@click.command()
@click.option("--asker", "askers", multiple=True, help="One side; all of the EaP otherwise.")
@click.option("--target", "targets", multiple=True, help="Other side; all of the EU otherwise.")
@click.option("--asker-min", default=0, show_default=True, help="Introductions for each asker.")
@click.option("--asker-max", default=3, show_default=True, help="Never more for an asker.")
@click.option("--target-min", default=0, show_default=True, help="Introductions for each target.")
@click.option("--target-max", default=3, show_default=True, help="Never more for a target.")
@click.option("--never", nargs=2, multiple=True, metavar="A B", help="Leave this pair out.")
@click.option("--fixed", nargs=2, multiple=True, metavar="A B", help="Keep this pair.")
@click.option("--allow-known", is_flag=True, help="Also introduce documented partners.")
@click.option("--intent", help="What the programme is for, such as joint_rd.")
@click.option(
    "--objective",
    type=click.Choice(_OBJECTIVES),
    default="total",
    show_default=True,
    help="Most value in all, the worst-off first, or Nash welfare.",
)
@click.option("--time-limit", default=25.0, show_default=True, help="Work to spend, in seconds.")
@click.option("--why-not", nargs=2, metavar="A B", help="Say why this pair is not in the plan.")
@click.option("--briefs", type=_new_file, help="Write briefs and letters of all pairs to a zip.")
@click.option("--sender", default="The networking team", help="Who signs the letters.")
@_language
@json_option
def plan(
    why_not: tuple[str, str] | None,
    briefs: Path | None,
    sender: str,
    language: str,
    as_json: bool,
    **wishes: Any,
) -> None:
    """Plan a programme of introductions: the best pairs under the limits of both sides.

    Clusters are given by name or id. Documented partners, pairs that refused and introductions
    under way are left out.
    """
    from matcher.cli.render import print_json, progress_bar
    from matcher.cli.staff_tables import print_plan
    from matcher.config import get_settings
    from matcher.introductions.desk import Desk
    from matcher.introductions.papers import plan_with
    from matcher.introductions.report import plan_report
    from matcher.matcher import Matcher

    with (
        progress_bar() as loading,
        Matcher.open(progress=loading) as matcher,
        Desk.open(get_settings().store_url) as desk,
    ):
        request = _request(matcher, wishes)
        with progress_bar("Planning") as progress:
            programme = plan_with(matcher, request, desk, progress=progress)
        reasons = programme.why_not(*_ids(matcher, why_not)) if why_not else ()
        if briefs:
            briefs.write_bytes(_archive(matcher, programme, language, sender))
    report = plan_report(programme)
    if as_json:
        print_json({"plan": report, "why_not": reasons} if why_not else report)
    else:
        print_plan(report, reasons)
    if briefs:
        click.echo(f"Briefs and letters of {len(report.introductions)} pairs: {briefs}", err=True)


@click.command()
@click.argument("a")
@click.argument("b")
@_language
@click.option("--format", "form", type=click.Choice(_FORMATS), help="By default, OUTPUT's ending.")
@click.option("-o", "--output", type=_new_file, help="By default named by the two ids.")
def brief(a: str, b: str, language: str, form: str | None, output: Path | None) -> None:
    """Write the one-page brief that introduces the clusters A and B to each other."""
    from matcher.cli.render import progress_bar
    from matcher.config import get_settings
    from matcher.introductions.briefs.archive import render_brief
    from matcher.introductions.desk import Desk
    from matcher.matcher import Matcher

    chosen = form or (output.suffix.lstrip(".").lower() if output else "pdf")
    if chosen not in _FORMATS:
        raise click.UsageError(f"say the format: --format {' | '.join(_FORMATS)}")
    with (
        progress_bar() as progress,
        Matcher.open(progress=progress) as matcher,
        Desk.open(get_settings().store_url) as desk,
    ):
        page = _brief(matcher, desk, a, b, language)
    target = output or Path(f"{page.name}.{chosen}")
    target.write_bytes(render_brief(page, chosen))  # type: ignore[arg-type]
    click.echo(f"{page.a.name} × {page.b.name}: {target}")


@click.command()
@click.option("--participants", required=True, type=_file, help="CSV or XLSX: who takes part.")
@click.option("--presence", type=_file, help="CSV or XLSX: who is there only at times.")
@click.option("--wishes", type=_file, help="CSV or XLSX: must_meet, meet, no_thanks, met_before.")
@click.option("--zone", required=True, help="Time zone of the event, such as Europe/Brussels.")
@click.option(
    "--slots",
    required=True,
    multiple=True,
    metavar="'DAY FROM-TO'",
    help="When meetings are held, such as '2026-11-12 09:00-12:30'; may be repeated.",
)
@click.option(
    "--break",
    "breaks",
    multiple=True,
    metavar="'DAY FROM-TO TITLE'",
    help="When nobody meets, such as '2026-11-12 10:30-11:00 Coffee'; may be repeated.",
)
@click.option("--minutes", default=25, show_default=True, help="Length of a meeting.")
@click.option("--pause", default=5, show_default=True, help="Minutes between two meetings.")
@click.option("--tables", type=int, default=10, show_default=True, help="Tables at the venue.")
@click.option("--online-rooms", type=int, default=0, show_default=True, help="Rooms on-line.")
@click.option("--title", default="Matchmaking event", show_default=True, help="Its name.")
@click.option("--id", "event_id", help="Its id, which calendars keep; made of the title else.")
@click.option("--venue", help="Where it takes place; on-line when absent.")
@click.option("--seconds", default=20.0, show_default=True, help="Work to spend on the schedule.")
@click.option("--seed", default=0, show_default=True, help="Another seed, another equal schedule.")
@click.option("--event", "event_file", type=_new_file, help="Write the event for the API to take.")
@click.option(
    "--agendas",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for all agendas: calendars, workbooks, pages.",
)
@json_option
def schedule(
    event_file: Path | None,
    agendas: Path | None,
    seconds: float,
    seed: int,
    as_json: bool,
    **given: Any,
) -> None:
    """Schedule the bilateral meetings of an event.

    Rows of the tables that break a rule are named and left out; the exit status is then 2.
    """
    from matcher.cli.render import print_json, progress_bar
    from matcher.cli.staff_tables import print_schedule
    from matcher.matcher import Matcher
    from matcher.meetings.papers import event_values
    from matcher.meetings.schedule import schedule as make_schedule

    event, problems = _event(given)
    for problem in problems:
        click.echo(f"problem: {problem}", err=True)
    with progress_bar() as progress, Matcher.open(progress=progress) as matcher:
        values = event_values(matcher, event)
    made = make_schedule(event, values, seconds=seconds, seed=seed)
    if as_json:
        print_json({"event": event, "schedule": made, "gap": made.figures.gap})
    else:
        print_schedule(event, made)
    if event_file:
        event_file.write_text(event.model_dump_json(indent=2), encoding="utf-8")
    if agendas:
        count = _write_agendas(event, made, agendas)
        click.echo(f"{count} files written to {agendas}.", err=True)
    if problems:
        click.get_current_context().exit(2)


def _request(matcher: "Matcher", wishes: dict[str, Any]) -> "ProgrammeRequest":

    from matcher.introductions.programme import ProgrammeRequest
    from matcher.profiles.problems import parsed

    for option in ("askers", "targets"):
        wishes[option] = _ids(matcher, wishes[option])
    for option in ("never", "fixed"):
        wishes[option] = [_ids(matcher, pair) for pair in wishes[option]]
    for side in ("asker", "target"):
        wishes[f"{side}_limits"] = {
            "at_least": wishes.pop(f"{side}_min"),
            "at_most": wishes.pop(f"{side}_max"),
        }
    return parsed(ProgrammeRequest, wishes, "This cannot be planned.")


def _ids(matcher: "Matcher", names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(matcher.find(name).id for name in names)


def _archive(matcher: "Matcher", programme: Any, language: Any, sender: str) -> bytes:
    from datetime import UTC, datetime

    from matcher.cli.render import progress_bar
    from matcher.introductions.briefs.archive import brief_archive
    from matcher.introductions.briefs.brief import BriefContext
    from matcher.introductions.papers import programme_briefs

    context = BriefContext(datetime.now(UTC).date(), language)
    with progress_bar("Writing briefs") as progress:
        briefs = programme_briefs(matcher, programme, context)
        return brief_archive(briefs, sender=sender, progress=progress)


def _brief(matcher: "Matcher", desk: "Desk", a: str, b: str, language: Any) -> "Brief":
    """The brief of the introduction under way, or of a pair that nobody has asked yet."""
    from datetime import UTC, datetime

    from matcher.introductions.briefs.brief import BriefContext
    from matcher.introductions.papers import introduction_brief, pair_brief

    today = datetime.now(UTC).date()
    first, second = _ids(matcher, (a, b))
    for one in desk.introductions.all(cluster=first):
        if one.is_open and {one.a, one.b} == {first, second}:
            return introduction_brief(matcher, desk, one, on=today, language=language)
    return pair_brief(matcher, first, second, BriefContext(today, language))


def _event(given: dict[str, Any]) -> "tuple[Event, tuple[FieldProblem, ...]]":
    from matcher.meetings.event import parse_event
    from matcher.meetings.importing import read_event_tables
    from matcher.meetings.times import parse_break, parse_slots
    from matcher.profiles.ids import slug

    zone, title = given["zone"], given["title"]
    breaks = tuple(parse_break(zone, text) for text in given["breaks"])
    slots = parse_slots(zone, given["slots"], given["minutes"], given["pause"], breaks)
    tables = read_event_tables(zone, given["participants"], given["presence"], given["wishes"])
    event = parse_event(
        {
            "id": given["event_id"] or slug(title),
            "title": title,
            "zone": zone,
            "venue": given["venue"],
            "slots": slots,
            "breaks": breaks,
            "places": [
                *(
                    {"id": f"table-{n + 1}", "name": f"Table {n + 1}"}
                    for n in range(given["tables"])
                ),
                *(
                    {"id": f"online-{n + 1}", "name": f"On-line room {n + 1}", "kind": "online"}
                    for n in range(given["online_rooms"])
                ),
            ],
            "participants": tables.participants,
            "wishes": tables.wishes,
            "met_before": tables.met_before,
        }
    )
    return event, tables.problems


def _write_agendas(event: "Event", made: "Schedule", folder: Path) -> int:
    from datetime import UTC, datetime

    from matcher.meetings.papers import agenda_files

    count = 0
    for name, content in agenda_files(event, made, stamp=datetime.now(UTC)):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        count += 1
    return count
