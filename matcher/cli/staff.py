"""Commands for networking staff: plan a programme, brief a pair."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcher.cli import common

if TYPE_CHECKING:
    from matcher.documents.brief import Brief
    from matcher.introductions.desk import Desk
    from matcher.matcher import Matcher
    from matcher.planning.plan import PlanRequest

_FORMATS = ("pdf", "docx")
_OBJECTIVES = ("total", "worst-off")


@click.command()
@click.option(
    "--asker", "askers", multiple=True, help="A cluster of one side; by default, all of the EaP."
)
@click.option(
    "--target",
    "targets",
    multiple=True,
    help="A cluster of the other side; by default, all of the EU.",
)
@click.option("--asker-min", default=0, show_default=True, help="Minimum for each asker.")
@click.option("--asker-max", default=3, show_default=True, help="Maximum for each asker.")
@click.option("--target-min", default=0, show_default=True, help="Minimum for each target.")
@click.option("--target-max", default=3, show_default=True, help="Maximum for each target.")
@click.option("--total", type=int, help="Introductions at most; as many as fit by default.")
@click.option("--least-value", default=0.0, help="Leave out pairs worth less than this, 0 to 1.")
@click.option("--never", nargs=2, multiple=True, metavar="A B", help="Leave this pair out.")
@click.option("--fixed", nargs=2, multiple=True, metavar="A B", help="Keep this pair.")
@click.option("--allow-known", is_flag=True, help="Also introduce documented partners.")
@click.option("--intent", help="Purpose of the programme, such as joint_rd.")
@click.option(
    "--objective",
    type=click.Choice(_OBJECTIVES),
    default="total",
    show_default=True,
    help="The highest total value, or the worst-off first.",
)
@click.option("--time-limit", default=25.0, show_default=True, help="Time to spend, in seconds.")
@click.option("--why-not", nargs=2, metavar="A B", help="Say why this pair is not in the plan.")
@click.option(
    "--briefs", type=common.new_file, help="Write briefs and letters of all pairs to a zip."
)
@common.sender_option
@common.language_option
@common.json_option
def plan(
    why_not: tuple[str, str] | None,
    briefs: Path | None,
    sender: str | None,
    language: str,
    as_json: bool,
    **wishes: Any,
) -> None:
    """Plan a programme of introductions: the best pairs under the limits of both sides.

    Clusters are given by name or id. Documented partners, pairs that refused and introductions
    under way are left out.
    """
    from matcher.cli.staff_tables import print_plan
    from matcher.errors import InvalidInputError
    from matcher.introductions.desk import Desk
    from matcher.introductions.papers import plan_with
    from matcher.planning.report import plan_report

    with common.opened() as matcher:
        request, desk = _request(matcher, wishes), Desk(matcher.store.database)
        with (
            matcher.store.audit.write(common.WHO, "plan programme", request.objective),
            common.progress_bar("Planning") as progress,
        ):
            programme = plan_with(matcher, request, desk, progress=progress)
        reasons = programme.why_not(*_ids(matcher, why_not)) if why_not else ()
        if briefs and programme.introductions:
            briefs.write_bytes(_archive(matcher, programme, language, sender, desk))
    report = plan_report(programme)
    if as_json:
        common.print_json({"plan": report, "why_not": reasons} if why_not else report)
    else:
        print_plan(report, reasons)
    if briefs and not report.introductions:
        raise InvalidInputError(f"The plan is empty, so {briefs} was not written.")
    if briefs:
        click.echo(f"Briefs and letters of all pairs: {briefs}", err=True)


@click.command()
@click.argument("a")
@click.argument("b")
@common.language_option
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), help="By default, the one that OUTPUT ends in."
)
@click.option("-o", "--output", type=common.new_file, help="By default, named after the two ids.")
def brief(a: str, b: str, language: str, form: str | None, output: Path | None) -> None:
    """Write the one-page brief that introduces the clusters A and B to each other."""
    from matcher.documents.archive import render_brief
    from matcher.introductions.desk import Desk

    chosen = form or (output.suffix.lstrip(".").lower() if output else "pdf")
    if chosen not in _FORMATS:
        raise click.UsageError(f"choose a format: --format {' | '.join(_FORMATS)}")
    with common.opened() as matcher:
        a, b = _ids(matcher, (a, b))
        with matcher.store.audit.write(common.WHO, "write brief", f"{a}, {b}"):
            page = _brief(matcher, Desk(matcher.store.database), a, b, language)
    target = output or Path(f"{page.name}.{chosen}")
    target.write_bytes(render_brief(page, chosen))  # type: ignore[arg-type]
    click.echo(f"{page.a.name} × {page.b.name}: {target}")


def _request(matcher: "Matcher", wishes: dict[str, Any]) -> "PlanRequest":

    from matcher.planning.plan import PlanRequest
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
    return parsed(PlanRequest, wishes, "This cannot be planned.")


def _ids(matcher: "Matcher", names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(matcher.find(name).id for name in names)


def _archive(
    matcher: "Matcher", programme: Any, language: Any, sender: str | None, desk: "Desk"
) -> bytes:
    from matcher.documents.archive import brief_archive
    from matcher.introductions.briefing import BriefContext
    from matcher.introductions.papers import programme_briefs

    context = BriefContext(common.today(), language, programme=desk.programme)
    with common.progress_bar("Writing briefs") as progress:
        briefs = programme_briefs(matcher, programme, context)
        signed = [brief.signed_by(sender) for brief in briefs]
        return brief_archive(signed, progress=progress)


def _brief(matcher: "Matcher", desk: "Desk", a: str, b: str, language: Any) -> "Brief":
    """Return the brief of the introduction under way, or of a pair that nobody has asked yet."""
    from matcher.events.repository import Meetings
    from matcher.introductions.briefing import BriefContext
    from matcher.introductions.papers import introduction_brief, pair_brief

    today = common.today()
    occasion = Meetings(matcher.store.database).next_together(a, b, today)
    for one in desk.introductions.all(cluster=a):
        if one.is_open and {one.a, one.b} == {a, b}:
            return introduction_brief(
                matcher, desk, one, on=today, language=language, occasion=occasion
            )
    return pair_brief(matcher, a, b, BriefContext(today, language, occasion=occasion), desk)
