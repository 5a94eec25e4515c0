"""Commands that bring profiles in and out: import, export, check."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from matcher.cli import common

if TYPE_CHECKING:
    from matcher.errors import FieldProblem
    from matcher.profiles.io.readers import ImportReport
    from matcher.profiles.preview import ToldChange

FORMATS = ("csv", "xlsx", "jsonl", "json")
_file = click.argument("file", type=common.old_file)
_target = click.argument("file", type=common.new_file)
_replace = click.option(
    "--replace",
    is_flag=True,
    help="Empty what FILE does not hold of the clusters that it names, instead of keeping it.",
)


@click.command("import")
@_file
@click.option("--strict", is_flag=True, help="Import nothing if any row is bad.")
@_replace
@common.map_option
@common.json_option
def import_(
    file: Path, strict: bool, replace: bool, entries: tuple[str, ...], as_json: bool
) -> None:
    """Import cluster profiles from a CSV, XLSX, JSONL or JSON FILE.

    Good rows are imported; every bad row is named by line, column and reason. What FILE does not
    say of a cluster stays as it is stored. `matcher undo` takes an import back.
    """
    from matcher.errors import InvalidInputError
    from matcher.profiles.preview import preview, told
    from matcher.store.audit import first_of
    from matcher.store.mappings import parsed_mapping

    with common.opened() as matcher, common.progress_bar() as progress:
        mapping = parsed_mapping(entries)
        report = matcher.store.mappings.read(file, mapping)
        if strict and report.problems:
            raise InvalidInputError("Nothing was imported: the file has bad rows.", report.problems)
        joined = matcher.store.imports.joined()
        found = preview(report.profiles, matcher.clusters, replace=replace, joined=joined)
        named = first_of(profile.id for profile in found.profiles)
        with matcher.store.audit.write(common.WHO, "import profiles", named) as outcome:
            saved = matcher.import_profiles(
                found.profiles, progress, replace=replace, who=common.WHO, source=file.name
            )
            outcome.text = str(saved)
        if mapping:
            matcher.store.mappings.keep("profiles", report.headings, mapping)
    if as_json:
        counts = {"added": saved.added, "changed": saved.changed, "unchanged": saved.unchanged}
        common.print_json(
            {**_json(report, found.warnings, told(saved.changes)), **counts, "import": saved.id}
        )
    else:
        _print_report(report, found.warnings)
        click.echo(f"{saved}.")
        if saved.id:
            click.echo(f"To take this back: matcher undo {saved.id}")
    _exit_with(report)


@click.command()
@_file
@_replace
@common.map_option
@common.json_option
def check(file: Path, replace: bool, entries: tuple[str, ...], as_json: bool) -> None:
    """Check a profile FILE without importing it.

    Names every bad row, likely doubles, and field by field what an import would change.
    """
    from matcher.cli.render import print_changes
    from matcher.config import DATA_DIR
    from matcher.profiles.preview import preview, told
    from matcher.store.mappings import parsed_mapping

    with common.opened_store() as store:
        store.load_shipped(DATA_DIR)
        report = store.mappings.read(file, parsed_mapping(entries))
        joined = store.imports.joined()
        found = preview(report.profiles, store.profiles(), replace=replace, joined=joined)
    if as_json:
        common.print_json(_json(report, found.warnings, told(found.changes)))
    else:
        _print_report(report, found.warnings)
        print_changes(told(found.changes))
    _exit_with(report)


@click.command()
@_target
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="File format; by default, the one that FILE ends in.",
)
def export(file: Path, form: str | None) -> None:
    """Export all cluster profiles to FILE (CSV, XLSX, JSONL or JSON)."""
    from matcher.config import DATA_DIR
    from matcher.profiles.io.writers import write_profiles

    chosen = form or file.suffix.lstrip(".").lower()
    if chosen not in FORMATS:
        raise click.UsageError(f"choose a format: --format {' | '.join(FORMATS)}")
    with common.opened_store() as store:
        store.load_shipped(DATA_DIR)
        profiles = store.profiles()
    file.write_bytes(write_profiles(profiles, chosen))  # type: ignore[arg-type]
    click.echo(f"{len(profiles)} clusters written to {file}.")


@click.command()
@_target
@click.option("--event", is_flag=True, help="For the participants of an event instead.")
@common.language_option
def template(file: Path, event: bool, language: str) -> None:
    """Write an XLSX workbook to FILE for clusters to fill in.

    It has drop-downs, examples and a sheet that explains each column.
    """
    from matcher.events import template as of_event
    from matcher.i18n.languages import languages
    from matcher.profiles.io import template as of_clusters

    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(f"the template is an XLSX workbook: call it {file.stem}.xlsx")
    write = of_event.write_template if event else of_clusters.write_template
    file.write_bytes(write(languages()[language]))
    click.echo(f"The template is in {file}.")


def _json(
    report: "ImportReport", remarks: "tuple[FieldProblem, ...]", changes: "tuple[ToldChange, ...]"
) -> dict[str, object]:
    return {
        "rows": report.rows,
        "good": len(report.profiles),
        "problems": list(report.problems),
        "warnings": [*report.warnings, *remarks],
        "headings": report.headings,
        "changes": changes,
    }


def _print_report(report: "ImportReport", remarks: "tuple[FieldProblem, ...]") -> None:
    for problem in report.problems:
        click.echo(f"problem: {problem}", err=True)
    for warning in (*report.warnings, *remarks):
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"{len(report.profiles)} of {report.rows} rows are good.")


def _exit_with(report: "ImportReport") -> None:
    """Exit status 2 tells a script that some rows were left out."""
    if report.problems:
        click.get_current_context().exit(2)
