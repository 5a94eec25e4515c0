"""Commands for what was imported: imports, undo, join."""

import click

from matcher.cli.profiles import WHO, json_option


@click.command("imports")
@json_option
def list_(as_json: bool) -> None:
    """List the imports that can be taken back, the newest first."""
    from matcher.cli.render import print_json
    from matcher.config import get_settings
    from matcher.store import Store

    with Store.open(get_settings().store_url) as store:
        found = store.imports.last()
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo("There are no imports that can be taken back.")
    for one in found:
        state = f"taken back {one.undone}" if one.undone else "holds"
        click.echo(f"{one.id}  {one.at}  {one.who}  {one.action} {one.detail}  {state}")


@click.command()
@click.argument("number", type=int)
@json_option
def undo(number: int, as_json: bool) -> None:
    """Take the import or join of that NUMBER back.

    What was changed again since stays as it is, and is named.
    """
    from matcher.cli.render import print_json, progress_bar
    from matcher.matcher import Matcher

    with (
        progress_bar() as progress,
        Matcher.open(progress=progress) as matcher,
        matcher.store.audit.write(WHO, "undo import", f"import {number}") as outcome,
    ):
        done = matcher.undo_import(number, progress)
        outcome.text = str(done)
    if as_json:
        print_json(done)
        return
    for left in done.left:
        place = f"{left.id}, {left.field}" if left.field else left.id
        click.echo(f"warning: {place}: was changed again since; it stays as it is", err=True)
    click.echo(f"{done}.")


@click.command()
@click.argument("gone")
@click.argument("kept")
@json_option
def join(gone: str, kept: str, as_json: bool) -> None:
    """Join the cluster GONE into the cluster KEPT, which is the same; by names or ids.

    KEPT keeps its values and gains what it lacks. Introductions, answers, contact persons and
    partnerships of GONE become those of KEPT; GONE is hidden. `matcher undo` takes it back.
    """
    from matcher.cli.render import print_json, progress_bar
    from matcher.introductions.joining import join as join_clusters
    from matcher.matcher import Matcher

    with progress_bar() as progress, Matcher.open(progress=progress) as matcher:
        one, other = matcher.find(gone).id, matcher.find(kept).id
        with matcher.store.audit.write(WHO, "join clusters", f"{one} into {other}") as outcome:
            key = join_clusters(matcher, one, other, who=WHO, progress=progress)
            outcome.text = f"import {key}"
    if as_json:
        print_json({"import": key, "gone": one, "kept": other})
        return
    click.echo(f"{one} is now part of {other}. To take this back: matcher undo {key}")
