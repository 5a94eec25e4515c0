"""How plans, introductions and schedules look in a terminal."""

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from matcher.cli.render import terminal
from matcher.events.agendas import meeting_lines
from matcher.events.event import Event
from matcher.events.plan import Schedule
from matcher.i18n.message import Message
from matcher.introductions.conversion import Anchor, Conversion
from matcher.introductions.workflow import Introduction, expires_on, legal_moves, reminder_on
from matcher.planning.named import Named
from matcher.planning.report import PlanReport, Spread

_LISTED = 10


def print_plan(report: PlanReport, why_not: tuple[Message, ...]) -> None:
    """Print the pairs, how they are spread, who gets too few or none."""
    out = terminal()
    table = Table("", "Asker", "Target", "Value", "For asker", "For target", title="Introductions")
    for number, pair in enumerate(report.introductions, 1):
        figures = (f"{x:.2f}" for x in (pair.value, pair.fit_for_a, pair.fit_for_b))
        table.add_row(str(number), _named(pair.a), _named(pair.b), *figures)
    out.print(table)
    out.print(_quality(report))
    if report.below:
        best = report.below[0].value
        out.print(
            f"{len(report.below)} more would fit, but are worth less than the least value; "
            f"the best of them is worth {best:.2f}."
        )
    out.print(_spread_table(report.spread, report.naive))
    for one in report.too_few:
        told = f"{one.cluster.name} gets {one.got} of {one.wanted}: {one.reason}"
        out.print(Text(told, style="yellow"))
    for left in report.left_out[:_LISTED]:
        out.print(Text(f"None for {left.cluster.name} ({left.side}): {left.reason}"))
    if (more := len(report.left_out) - _LISTED) > 0:
        out.print(f"None for {more} more; --json lists them all.")
    for line in why_not:
        out.print(Text(str(line), style="cyan"))


def print_schedule(event: Event, schedule: Schedule) -> None:
    """Print the meetings in order of time, how good they are, and who was left out."""
    out, names = terminal(), {one.id: one.name for one in event.participants}
    table = Table("Day", "Time", "Place", "", "", title=event.title)
    for line in meeting_lines(event, schedule):
        table.add_row(*map(Text, line))
    out.print(table)
    figures = schedule.figures
    proof = "proven best" if figures.optimal else f"within {figures.gap:.1%} of the bound"
    out.print(
        f"{figures.meetings} meetings, value {figures.value:.2f} ({proof}); "
        f"must-meets {figures.musts} of {figures.musts_wanted}; {figures.lacking} short of minima; "
        f"{figures.idle_gaps} idle gaps, {figures.table_changes} changes of table."
    )
    for missed in schedule.missed:
        private = " (for staff only)" if missed.private else ""
        told = f"Not scheduled: {names[missed.a]} and {names[missed.b]}: {missed.reason}{private}"
        out.print(Text(told))


def _quality(report: PlanReport) -> str:
    text = f"{len(report.introductions)} introductions, total value {report.total_value:.2f}"
    if report.method == "exact":
        return f"{text}: no plan is better by the objective {report.objective!r}."
    gap = f"at most {report.gap:.1%} below the best by the objective {report.objective!r}"
    return f"{text}: the most valuable pairs first, as the work allowed was spent; {gap}."


def _spread_table(plan: Spread, naive: Spread) -> Table:
    rows = (
        ("Introductions", "introductions", "{:.0f}"),
        ("Expected matches", "expected_matches", "{:.1f}"),
        ("Askers with at least one", "asker_coverage", "{:.0%}"),
        ("Targets with at least one", "target_coverage", "{:.0%}"),
        ("Spread among targets (0 alike, 1 all to one)", "target_gini", "{:.2f}"),
        ("Requests beyond capacity", "over_capacity", "{:.0f}"),
    )
    table = Table("", "With the plan", "Without one", title="Who gets how much")
    for title, field, form in rows:
        table.add_row(title, *(form.format(getattr(one, field)) for one in (plan, naive)))
    for name, spread in (("Asked most: with the plan", plan), ("Asked most: without", naive)):
        top = ", ".join(f"{one.cluster.name} ({one.times})" for one in spread.most_asked[:3])
        table.add_row(name, *((Text(top), "") if spread is plan else ("", Text(top))))
    return table


def _named(cluster: Named) -> Text:
    return Text(f"{cluster.name} ({cluster.country})")


def print_introductions(found: Sequence[Introduction], names: Mapping[str, str]) -> None:
    """One line for each introduction: where it stands and since when."""
    table = Table("No.", "First side", "Second side", "State", "Since", "Remind", "Expires")
    for one in found:
        days = (one.since, reminder_on(one), expires_on(one))
        table.add_row(
            str(one.id),
            Text(names.get(one.a, one.a)),
            Text(names.get(one.b, one.b)),
            one.state,
            *(str(day) if day else "" for day in days),
        )
    terminal().print(table)


def print_introduction(one: Introduction, names: Mapping[str, str]) -> None:
    """Print an introduction with its steps, and what can be done next."""
    out = terminal()
    sides = " × ".join(names.get(key, key) for key in (one.a, one.b))
    out.print(Text(f"{one.id}. {sides}", style="bold"))
    out.print(Text(f"{one.purpose} (version {one.version})"))
    for step in one.moves:
        said = ": ".join(filter(None, (step.answer, step.outcome, step.reason)))
        by = f", entered by {step.who}" if step.who else ""
        out.print(Text(f"{step.on}  {step.role}  {step.to}{f' ({said})' if said else ''}{by}"))
    following = ", ".join(legal_moves(one, "staff")) or "none, it is closed"
    out.print(Text(f"Next: {following}", style="cyan"))


def print_conversion(found: Conversion, anchors: Sequence[Anchor]) -> None:
    """How many introductions reached each state, and what meetings led to elsewhere."""
    out = terminal()
    out.print(", ".join(f"{state}: {count}" for state, count in found.reached.items()))
    share = "no meeting yet" if found.share is None else f"{found.share:.0%}"
    out.print(f"Memoranda and projects for each meeting: {share}")
    for anchor in anchors:
        out.print(Text(f"{anchor.name}: {anchor.share:.0%} of {anchor.meetings} meetings"))


def print_changes(before: Schedule, after: Schedule) -> None:
    """Print what a change did to a schedule."""
    old = {one.pair: (one.slot, one.place) for one in before.meetings}
    new = {one.pair: (one.slot, one.place) for one in after.meetings}
    both = old.keys() & new.keys()
    stay = sum(old[pair] == new[pair] for pair in both)
    terminal().print(
        f"{stay} meetings stay as they were, {len(both) - stay} move, "
        f"{len(old.keys() - new.keys())} are withdrawn, {len(new.keys() - old.keys())} are new."
    )
