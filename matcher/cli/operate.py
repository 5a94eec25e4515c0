"""Commands that run and look after the product: index, evaluate, train, serve, doctor."""

from pathlib import Path

import click

from matcher.cli.profiles import json_option


@click.command()
@json_option
def index(as_json: bool) -> None:
    """Embed what changed and build the index."""
    from matcher.cli.render import print_json, progress_bar
    from matcher.errors import IndexUnavailableError
    from matcher.matcher import Matcher

    with progress_bar() as progress, Matcher.open(progress=progress) as matcher:
        matcher.reindex(progress=progress)
        status = matcher.status()
    if status.degraded:
        raise IndexUnavailableError(status.degraded)
    if as_json:
        print_json(status)
    else:
        click.echo(
            f"Generation {status.generation} serves {status.clusters} clusters ({status.engine})."
        )


@click.command()
@click.option(
    "--split",
    type=click.Choice(["dev", "test", "time", "all"]),
    default="dev",
    show_default=True,
    help="Which documented partnerships are to be found.",
)
@click.option(
    "--pairs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with the columns cluster_id,partner_id: find these pairs instead.",
)
@click.option("--brief", is_flag=True, help="JSON of the two main slices only.")
@json_option
def evaluate(split: str, pairs: Path | None, brief: bool, as_json: bool) -> None:
    """Measure how well documented partners are found, beside the baselines."""
    from matcher.cli.render import print_json, progress_bar
    from matcher.evaluation.evaluate import evaluate_pairs, evaluate_split
    from matcher.evaluation.pairs import read_pairs
    from matcher.evaluation.report import report_json, report_text
    from matcher.matcher import Matcher

    with progress_bar() as progress, Matcher.open(progress=progress) as matcher:
        snapshot = matcher.snapshot
        if pairs:
            report = evaluate_pairs(snapshot, read_pairs(pairs, snapshot.corpus.row_of), progress)
        else:
            report = evaluate_split(snapshot, split, progress)  # type: ignore[arg-type]
    if as_json:
        print_json(report_json(report, brief=brief))
    else:
        click.echo(report_text(report))


@click.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the model; by default the shipped file is replaced.",
)
@json_option
def train(output: Path | None, as_json: bool) -> None:
    """Learn the weights of the scoring model from the documented partnerships."""
    from matcher.cli.render import print_json, progress_bar
    from matcher.evaluation.training import train_model
    from matcher.matcher import Matcher
    from matcher.matching.model import MODEL_FILE

    with progress_bar() as progress, Matcher.open(progress=progress) as matcher:
        model = train_model(matcher.snapshot)
    target = output or MODEL_FILE
    target.write_text(model.to_json(), encoding="utf-8")
    if as_json:
        print_json(model)
    else:
        click.echo(f"Model {model.version} written to {target}.")


@click.command()
@click.option("--host", help="Address to listen on; MATCHER_HOST otherwise.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port to listen on; MATCHER_PORT otherwise."
)
def serve(host: str | None, port: int | None) -> None:
    """Serve the API and the pages."""
    from matcher.cli.render import progress_bar
    from matcher.config import get_settings
    from matcher.matcher import Matcher
    from matcher.web import serve as serve_forever

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = get_settings().model_copy(update=given)
    with progress_bar() as progress:
        matcher = Matcher.open(settings, progress=progress)
    with matcher:
        click.echo(f"Serving on http://{settings.host}:{settings.port} (stop with Ctrl+C)")
        serve_forever(settings, matcher)


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Tell versions, settings and the state of store, model and index."""
    from matcher.cli.render import print_json
    from matcher.doctor import examine

    findings = examine()
    if as_json:
        print_json(findings)
        return
    for section, values in findings.items():
        click.secho(section, bold=True)
        for name, value in values.items():
            click.echo(f"  {name:<22} {value}")
