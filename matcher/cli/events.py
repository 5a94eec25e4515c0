"""The command that schedules the meetings of an event, and changes a schedule."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcher.cli import common
from matcher.events.bounds import GREATEST_SEED, LONGEST_MINUTES, LONGEST_SCHEDULING, MOST_PLACES

if TYPE_CHECKING:
    from matcher.errors import FieldProblem
    from matcher.events.event import Event
    from matcher.events.plan import Schedule
    from matcher.matcher import Matcher

_MADE_FROM = ("participants", "zone", "slots")


class _Seconds(click.FloatRange):
    """A range without "not a number", which click finds in every range."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


@click.command()
@click.option(
    "--participants",
    type=common.old_file,
    help="CSV or XLSX: who takes part; a workbook may hold the other tables, too.",
)
@click.option(
    "--presence", type=common.old_file, help="CSV or XLSX: who is there only some of the time."
)
@click.option(
    "--wishes", type=common.old_file, help="CSV or XLSX: must_meet, meet, no_thanks, met_before."
)
@common.map_option
@click.option(
    "--is",
    "identities",
    multiple=True,
    metavar="ID=CLUSTER",
    help="Which cluster of the data a participant is, where its name leaves a doubt. Repeatable.",
)
@click.option("--zone", help="Time zone of the event, such as Europe/Brussels.")
@click.option(
    "--slots",
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
@click.option(
    "--minutes",
    type=click.IntRange(1, LONGEST_MINUTES),
    default=25,
    show_default=True,
    help="Length of a meeting.",
)
@click.option(
    "--pause",
    type=click.IntRange(0, LONGEST_MINUTES),
    default=5,
    show_default=True,
    help="Minutes between two meetings.",
)
@click.option(
    "--tables",
    type=click.IntRange(0, MOST_PLACES),
    default=10,
    show_default=True,
    help="Tables at the venue.",
)
@click.option(
    "--online-rooms",
    type=click.IntRange(0, MOST_PLACES),
    default=0,
    show_default=True,
    help="Online rooms.",
)
@click.option("--title", default="Matchmaking event", show_default=True, help="Its name.")
@click.option(
    "--id", "event_id", help="Its id, which calendars keep; by default, made from the title."
)
@click.option("--venue", help="Where it takes place; by default, online.")
@click.option(
    "--seconds",
    type=_Seconds(0, LONGEST_SCHEDULING, min_open=True),
    default=20.0,
    show_default=True,
    help="Time to spend on the schedule, in seconds.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, GREATEST_SEED),
    default=0,
    show_default=True,
    help="Another seed gives another schedule of the same quality.",
)
@click.option(
    "--again",
    type=common.old_file,
    help="Output of an earlier --json: change that schedule as little as possible.",
)
@click.option(
    "--cancel",
    "cancelled",
    multiple=True,
    metavar="ID",
    help="With --again: a participant who cannot come.",
)
@click.option(
    "--freeze",
    is_flag=True,
    help="Make it final: later changes move or cancel only what they must.",
)
@click.option(
    "--event", "event_file", type=common.new_file, help="Write the event as a file for the API."
)
@click.option(
    "--agendas",
    type=common.new_folder,
    help="Folder for all agendas: calendars, workbooks, pages.",
)
@common.language_option
@common.json_option
def schedule(
    event_file: Path | None,
    agendas: Path | None,
    seconds: float,
    seed: int,
    again: Path | None,
    cancelled: tuple[str, ...],
    freeze: bool,
    language: Any,
    as_json: bool,
    **given: Any,
) -> None:
    """Schedule the bilateral meetings of an event, or change a schedule after a cancellation.

    Rows of the tables that break a rule are named and left out, of an unknown role the role
    alone; the exit status is then 2.
    """
    from matcher.cli.staff_tables import print_changes, print_schedule
    from matcher.events.repository import Meetings
    from matcher.events.scheduler import freeze as final

    _check_usage(again, cancelled, given)
    with common.opened() as matcher:
        event, problems, before = (
            _changed(again, cancelled) if again else (*_event(matcher, given), None)
        )
        for problem in problems:
            click.echo(f"problem: {problem}", err=True)
        _tell_matches(matcher, event)
        with matcher.store.audit.write(common.WHO, "schedule event", event.id):
            event = Meetings(matcher.store.database).booked(event)
            made = _schedule(matcher, event, before, seconds, seed)
    made = final(made) if freeze else made
    if as_json:
        common.print_json({"event": event, "schedule": made, "gap": made.figures.gap})
    else:
        print_schedule(event, made)
        if before:
            print_changes(before, made)
    if event_file:
        event_file.write_text(event.model_dump_json(indent=2, exclude={"book"}), "utf-8")
    if agendas:
        count = _write_agendas(event, made, agendas, language)
        click.echo(f"{count} files written to {agendas}.", err=True)
    if problems:
        click.get_current_context().exit(2)


def _check_usage(again: Path | None, cancelled: tuple[str, ...], given: dict[str, Any]) -> None:
    missing = [name for name in _MADE_FROM if not given[name]]
    if again and len(missing) < len(_MADE_FROM):
        raise click.UsageError(
            "--again already contains the event; leave out --participants and the other options of "
            "an event"
        )
    if not again and missing:
        raise click.UsageError(f"say {', '.join(f'--{name}' for name in missing)}, or --again")
    if cancelled and not again:
        raise click.UsageError("--cancel needs --again")


def _schedule(
    matcher: "Matcher", event: "Event", before: "Schedule | None", seconds: float, seed: int
) -> "Schedule":
    from matcher.events.papers import event_values
    from matcher.events.scheduler import replan
    from matcher.events.scheduler import schedule as make_schedule

    values = event_values(matcher, event)
    if before:
        return replan(event, values, before, seconds=seconds)
    return make_schedule(event, values, seconds=seconds, seed=seed)


def _changed(
    file: Path, cancelled: tuple[str, ...]
) -> "tuple[Event, tuple[FieldProblem, ...], Schedule]":
    """Return the event of an earlier answer without those who cannot come, and its schedule."""
    import orjson

    from matcher.errors import UnreadableFileError
    from matcher.events.attendance import cancel_participants
    from matcher.events.event import parse_event
    from matcher.events.plan import Schedule
    from matcher.profiles.problems import parsed

    try:
        told = orjson.loads(file.read_bytes())
        event, before = parse_event(told["event"]), told["schedule"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFileError(f"{file} is not what `matcher schedule --json` wrote.") from error
    event = cancel_participants(event, cancelled)
    return event, (), parsed(Schedule, before, f"The schedule in {file} cannot be read.")


def _event(matcher: "Matcher", given: dict[str, Any]) -> "tuple[Event, tuple[FieldProblem, ...]]":
    from matcher.events.event import parse_event
    from matcher.events.headings import TABLES
    from matcher.events.joining import identified
    from matcher.events.merging import fill
    from matcher.events.rows import tables_of_file
    from matcher.events.times import parse_break, parse_slots, parse_zone
    from matcher.profiles.ids import slug
    from matcher.store.mappings import parsed_mapping

    zone, title = parse_zone(given["zone"]), given["title"]
    breaks = tuple(parse_break(zone, text) for text in given["breaks"])
    slots = parse_slots(zone, given["slots"], given["minutes"], given["pause"], breaks)
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
            "participants": (),
        }
    )
    file = given["participants"]
    files = tables_of_file(file.read_bytes(), file.name)
    files |= {table: given[table] for table in TABLES[1:] if given[table]}
    event, tables = fill(matcher, event, files, parsed_mapping(given["entries"]))
    pairs = (entry.rpartition("=") for entry in given["identities"])
    return identified(event, {key: matcher.find(name) for key, _, name in pairs}), tables.problems


def _tell_matches(matcher: "Matcher", event: "Event") -> None:
    """Tell who is not in the data, and whom nothing speaks for."""
    from matcher.events.joining import matches_of

    for one in matches_of(matcher, event):
        if not one.listed:
            near = "; ".join(f"{cluster.name} ({cluster.id})" for cluster in one.candidates)
            hint = f"; if it is one of these, say --is {one.id}=ID: {near}" if near else ""
            words = (
                "ranked by the words of the table" if one.described else "nothing is known of it"
            )
            click.echo(f"not in the data: {one.name} ({one.id}), {words}{hint}", err=True)
        if one.alone:
            click.echo(f"matches nobody: {one.name} ({one.id})", err=True)


def _write_agendas(event: "Event", made: "Schedule", folder: Path, language: Any) -> int:
    from datetime import UTC, datetime

    from matcher.events.papers import agenda_files

    count = 0
    for name, content in agenda_files(event, made, stamp=datetime.now(UTC), code=language):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        count += 1
    return count
