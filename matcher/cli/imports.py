"""Commands for what was imported: imports, undo, join."""

from typing import TYPE_CHECKING

import click

from matcher.cli import common

if TYPE_CHECKING:
    from matcher.store.imports import PastImport


@click.command("imports")
@common.json_option
def list_(as_json: bool) -> None:
    """List the imports that can be taken back, the newest first."""
    with common.opened_store() as store:
        found = store.imports.last()
    lines = map(_line, found) if found else ["There are no imports that can be taken back."]
    common.tell(found, lines, as_json=as_json)


def _line(one: "PastImport") -> str:
    state = f"taken back {one.undone}" if one.undone else "holds"
    return f"{one.id}  {one.at}  {one.who}  {one.action} {one.detail}  {state}"


@click.command()
@common.number_argument
@common.json_option
def undo(number: int, as_json: bool) -> None:
    """Take the import or join of that NUMBER back.

    What was changed again since stays as it is, and is named.
    """
    with (
        common.opened() as matcher,
        common.progress_bar() as progress,
        matcher.store.audit.write(common.WHO, "undo import", f"import {number}") as outcome,
    ):
        done = matcher.undo_import(number, progress)
        outcome.text = str(done)
    for left in done.left if not as_json else ():
        place = f"{left.id}, {left.field}" if left.field else left.id
        click.echo(f"warning: {place}: was changed again since; it stays as it is", err=True)
    common.tell(done, [f"{done}."], as_json=as_json)


@click.command()
@click.argument("gone")
@click.argument("kept")
@common.json_option
def join(gone: str, kept: str, as_json: bool) -> None:
    """Join the cluster GONE into the cluster KEPT, which is the same; by names or ids.

    KEPT keeps its values and gains what it lacks. Introductions, answers, contact persons and
    partnerships of GONE become those of KEPT; GONE is hidden. `matcher undo` takes it back.
    """
    from matcher.introductions.joining import join as join_clusters

    with common.opened() as matcher, common.progress_bar() as progress:
        one, other = matcher.find(gone).id, matcher.find(kept).id
        with matcher.store.audit.write(
            common.WHO, "join clusters", f"{one} into {other}"
        ) as outcome:
            key = join_clusters(matcher, one, other, who=common.WHO, progress=progress)
            outcome.text = f"import {key}"
    said = f"{one} is now part of {other}. To take this back: matcher undo {key}"
    common.tell({"import": key, "gone": one, "kept": other}, [said], as_json=as_json)
