"""Commands for groups of several clusters, and the calls that they are built for."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcher.cli import common
from matcher.cli.partners import draft_in

if TYPE_CHECKING:
    from matcher.matcher import Matcher
    from matcher.planning.groups import Conditions, GroupAnswer


@click.command()
@click.argument("members", nargs=-1)
@click.option(
    "--profile",
    "profile_file",
    type=common.old_file,
    help="A file with the profile of a cluster that is not registered; it leads the group.",
)
@click.option("--topic", default="", help="What the group is for, in a few words.")
@click.option("--at-least", type=int, help="Fewest members, 3 to 10.")
@click.option("--at-most", type=int, help="Most members, 3 to 10.")
@click.option("--countries", type=int, help="Fewest countries.")
@click.option("--eu-countries", type=int, help="Fewest countries of the EU.")
@click.option("--of-one-country", type=int, help="Most members from one country.")
@click.option("--must", "must_countries", multiple=True, help="A country that must take part.")
@click.option("--only", "only_countries", multiple=True, help="A country that may take part.")
@click.option("--sides", help="both, eap, eu or any; both when absent.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    help="A role to be filled: coordinator, research, smes or dissemination.",
)
@click.option("--ecosystem", "ecosystems", multiple=True, help="Each member works in one of them.")
@click.option("--trade", "trades", multiple=True, help="Each member works in one of them.")
@click.option("--label", "labels", multiple=True, help="Each member bears one of them.")
@click.option("--smallest", type=int, help="Fewest firms of each cluster.")
@click.option("--largest", type=int, help="Most firms of each cluster.")
@click.option("--without", "excluded", multiple=True, help="A cluster to leave out.")
@click.option("--call", help="Take the conditions of this call; others given here come before it.")
@click.option("--why-not", metavar="NAME", help="Say why this cluster is not in the best group.")
@common.json_option
def group(
    profile_file: Path | None,
    call: str | None,
    why_not: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Build groups of clusters that satisfy conditions and complete each other.

    MEMBERS are sure of a place, by name or id; the first one leads.
    """
    from matcher.introductions.grouped import loads
    from matcher.planning.groups import build_groups
    from matcher.planning.groups import why_not as explain
    from matcher.planning.groups.conditions import DESCRIBED
    from matcher.planning.groups.report import groups_json

    with common.opened() as matcher:
        asked = _conditions(matcher, call, given)
        described = {DESCRIBED: draft_in(profile_file)} if profile_file else {}
        asked = asked.led_by(DESCRIBED) if profile_file else asked
        load = loads(matcher.store.database)
        answer = build_groups(matcher, asked, load=load, described=described)
        other = matcher.find(why_not).id if why_not else ""
        told = explain(matcher, asked, other, described=described) if other else ()
    said = {**groups_json(answer), **({"why_not": told} if why_not else {})}
    common.tell(said, [*_lines(answer), *map("   {}".format, told)], as_json=as_json)


@click.command()
@click.argument("file", type=common.old_file, required=False)
@common.json_option
def calls(file: Path | None, as_json: bool) -> None:
    """List the open calls that groups are built for, or enter those of FILE (CSV or XLSX).

    Good rows are entered; every other one is named with its reason, and the exit status is 1.
    """
    from matcher.planning.calls import Calls, read_calls

    with common.opened_store() as store:
        records = Calls(store.database)
        read = read_calls(file) if file else None
        if read:
            with store.audit.write(common.WHO, "enter calls", str(file)):
                records.save(read.calls)
        found = records.open(common.today())
    told = [{"id": one.id, "call": one} for one in found]
    problems = list(map(str, read.problems if read else ()))
    lines = (f"{one.deadline}  {one.title} ({one.programme})  {one.id}" for one in found)
    common.tell({"calls": told, "problems": problems}, lines, as_json=as_json)
    for problem in problems:
        click.echo(f"  {problem}", err=True)
    if problems:
        raise SystemExit(1)


def _conditions(matcher: "Matcher", call: str | None, given: dict[str, Any]) -> "Conditions":
    from matcher.planning.calls import Calls
    from matcher.planning.groups import Conditions
    from matcher.profiles.problems import parsed

    stated = {name: value for name, value in given.items() if value not in (None, "", ())}
    for name in ("members", "excluded"):
        if name in stated:
            stated[name] = tuple(matcher.find(one).id for one in stated[name])
    called = Calls(matcher.store.database).get(call).asked if call else Conditions()
    values = {**called.model_dump(exclude_defaults=True), **stated}
    return parsed(Conditions, values, "No group can be built.")


def _lines(answer: "GroupAnswer") -> Iterator[str]:
    if answer.conflict:
        yield "No group satisfies all conditions. These cannot hold together:"
        yield from map("   {}".format, answer.conflict)
    for number, one in enumerate(answer.groups, start=1):
        yield (
            f"Group {number}: value {one.value:.2f} of at most {one.bound:.2f}; "
            f"{one.met} of {one.needs} needs met"
        )
        for seat in one.seats:
            mark = "*" if seat.sure else " "
            name = seat.cluster.name or "your cluster"
            yield f" {mark} {name} ({seat.cluster.id}), fit {seat.fit:.2f}"
            yield from map("     {}".format, seat.brings)
        yield from map("   {}".format, one.missing)
        yield ""
