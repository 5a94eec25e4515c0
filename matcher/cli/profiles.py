"""Commands that bring profiles in and out: import, export, check."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from matcher.i18n import CODES, SOURCE

if TYPE_CHECKING:
    from matcher.profiles.io.readers import ImportReport

WHO = "command line"
"""Who the audit log names for what is done by a command."""

FORMATS = ("csv", "xlsx", "jsonl", "json")
json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
language_option = click.option(
    "--language",
    type=click.Choice(CODES),
    default=SOURCE,
    show_default=True,
    help="Language of the labels; profiles are quoted as they are.",
)
_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.command("import")
@_file
@click.option("--strict", is_flag=True, help="Import nothing if any row is bad.")
@json_option
def import_(file: Path, strict: bool, as_json: bool) -> None:
    """Import cluster profiles from a CSV, XLSX, JSONL or JSON FILE.

    Good rows are imported; every bad row is named by line, column and reason.
    """
    from matcher.cli.render import print_json, progress_bar
    from matcher.errors import InvalidInputError
    from matcher.matcher import Matcher
    from matcher.profiles.io.readers import read_profiles
    from matcher.store.audit import first_of

    report = read_profiles(file)
    if strict and report.problems:
        raise InvalidInputError("Nothing was imported: the file has bad rows.", report.problems)
    with progress_bar() as progress, Matcher.open(progress=progress) as matcher:
        named = first_of(profile.id for profile in report.profiles)
        with matcher.store.audit.write(WHO, "import profiles", named) as outcome:
            counts = matcher.import_profiles(report.profiles, progress=progress)
            outcome.text = ", ".join(f"{count} {what}" for what, count in counts._asdict().items())
    if as_json:
        print_json({**_report_json(report), **counts._asdict()})
    else:
        _print_report(report)
        click.echo(f"{counts.added} added, {counts.changed} changed, {counts.unchanged} unchanged.")
    _exit_with(report)


@click.command()
@_file
@json_option
def check(file: Path, as_json: bool) -> None:
    """Check a profile FILE without importing it."""
    from matcher.cli.render import print_json
    from matcher.profiles.io.readers import read_profiles

    report = read_profiles(file)
    if as_json:
        print_json(_report_json(report))
    else:
        _print_report(report)
    _exit_with(report)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="File format; by default the FILE's ending tells.",
)
def export(file: Path, form: str | None) -> None:
    """Export all cluster profiles to FILE (CSV, XLSX, JSONL or JSON)."""
    from matcher.matcher import Matcher
    from matcher.profiles.io.writers import write_profiles

    chosen = form or file.suffix.lstrip(".").lower()
    if chosen not in FORMATS:
        raise click.UsageError(f"say the format: --format {' | '.join(FORMATS)}")
    with Matcher.open() as matcher:
        profiles = matcher.clusters
    file.write_bytes(write_profiles(profiles, chosen))  # type: ignore[arg-type]
    click.echo(f"{len(profiles)} clusters written to {file}.")


def _report_json(report: "ImportReport") -> dict[str, object]:
    return {
        "rows": report.rows,
        "good": len(report.profiles),
        "problems": list(report.problems),
        "warnings": list(report.warnings),
    }


def _print_report(report: "ImportReport") -> None:
    for problem in report.problems:
        click.echo(f"problem: {problem}", err=True)
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"{len(report.profiles)} of {report.rows} rows are good.")


def _exit_with(report: "ImportReport") -> None:
    """Exit status 2 tells a script that some rows were left out."""
    if report.problems:
        click.get_current_context().exit(2)
