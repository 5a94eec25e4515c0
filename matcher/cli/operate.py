"""Commands that run and look after the product: index, evaluate, train, serve, doctor."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from matcher.cli import common

if TYPE_CHECKING:
    from matcher.evaluation.documented import Report
    from matcher.evaluation.graded import GradedReport
    from matcher.evaluation.judged import Grades
    from matcher.matcher import Matcher


opinions_option = click.option(
    "--opinions",
    is_flag=True,
    help="Also count what clusters and staff said of suggestions on the pages.",
)


@click.command()
@common.json_option
def index(as_json: bool) -> None:
    """Embed what changed and build the index."""
    from matcher.errors import IndexUnavailableError
    from matcher.store.database import now

    began = now()
    with common.opened() as matcher, common.progress_bar() as progress:
        if matcher.status().created < began:  # else opening has built it just now
            matcher.reindex(progress=progress)
        status = matcher.status()
    if status.degraded:
        raise IndexUnavailableError(status.degraded)
    said = f"Generation {status.generation} serves {status.clusters} clusters ({status.engine})."
    common.tell(status, [said], as_json=as_json)


@click.command()
@click.option(
    "--judged",
    is_flag=True,
    help="Measure on graded pairs and texts, instead of on documented partnerships.",
)
@opinions_option
@click.option(
    "--split",
    type=click.Choice(["all", "time"]),
    help="Which documented partnerships are to be found: all (the default), or recent ones.",
)
@click.option(
    "--pairs",
    type=common.old_file,
    help="CSV with the columns cluster_id,partner_id: find these pairs instead.",
)
@click.option("--brief", is_flag=True, help="JSON of the two main slices only.")
@click.option(
    "--groups",
    is_flag=True,
    help="Measure groups: hide a member of each documented partnership, and grow it from one.",
)
@common.json_option
def evaluate(
    judged: bool,
    opinions: bool,
    split: str | None,
    pairs: Path | None,
    brief: bool,
    groups: bool,
    as_json: bool,
) -> None:
    """Measure how good the suggestions are, beside the baselines."""
    from matcher.evaluation.report import documented_text, graded_text, main_slices

    if judged and (split or pairs or brief):
        raise click.UsageError("--judged goes with none of --split, --pairs and --brief.")
    if opinions and not judged:
        raise click.UsageError("--opinions goes with --judged.")
    if groups and (judged or split or pairs or brief):
        raise click.UsageError("--groups goes with no other option but --json.")
    if groups:
        _show_groups(as_json)
        return
    if judged:
        graded = _graded(opinions)
        common.tell(graded, [graded_text(graded)], as_json=as_json)
        return
    documented = _documented(split, pairs)
    said = main_slices(documented) if brief else documented
    common.tell(said, [documented_text(documented)], as_json=as_json)


def _show_groups(as_json: bool) -> None:
    from matcher.planning.groups.measured import evaluate_groups, quality_text

    with common.opened() as matcher, common.progress_bar("Evaluating") as progress:
        quality = evaluate_groups(matcher, progress)
    common.tell(quality, [quality_text(quality)], as_json=as_json)


def _graded(opinions: bool) -> "GradedReport":
    from matcher.evaluation.graded import evaluate_graded
    from matcher.evaluation.judged import judged_needs, judged_texts

    judged = (judged_needs(), judged_texts())
    with common.opened() as matcher, common.progress_bar("Evaluating") as progress:
        grades = _grades(matcher, opinions)
        return evaluate_graded(matcher.snapshot, matcher.encoder, grades, *judged, progress)


def _grades(matcher: "Matcher", opinions: bool) -> "Grades":
    """The graded pairs, with the opinions of clusters of the Eastern Partnership if asked for."""
    from matcher.accounts.opinions import Opinions
    from matcher.evaluation.judged import joined, judged_pairs

    if not opinions:
        return judged_pairs()
    askers = {one.id for one in matcher.public if one.group == "EaP"}
    return joined(judged_pairs(), Opinions(matcher.store.database).grades(), askers)


def _documented(split: str | None, pairs: Path | None) -> "Report":
    from matcher.evaluation.documented import evaluate_pairs, evaluate_split
    from matcher.evaluation.judged import read_pairs

    with common.opened() as matcher, common.progress_bar("Evaluating") as progress:
        snapshot, model = matcher.snapshot, matcher.model
        if pairs:
            found = read_pairs(pairs, snapshot.corpus.row_of)
            return evaluate_pairs(snapshot, model, found, progress)
        return evaluate_split(snapshot, model, split or "all", progress)  # type: ignore[arg-type]


@click.command()
@click.option(
    "--output",
    type=common.new_folder,
    help="Folder to write both models to; by default the shipped files are replaced.",
)
@opinions_option
@common.json_option
def train(output: Path | None, opinions: bool, as_json: bool) -> None:
    """Learn the scoring model and the model of needs from the graded pairs."""
    from matcher.evaluation.judged import judged_needs
    from matcher.evaluation.learning import Trained, changes, train_models
    from matcher.matching import model, need_model

    folder = output or model.MODEL_FILE.parent
    folder.mkdir(parents=True, exist_ok=True)
    with common.opened() as matcher, common.progress_bar("Training") as progress:
        corpus = matcher.snapshot.corpus
        grades = _grades(matcher, opinions)
        trained = train_models(corpus, grades, judged_needs(), progress)
    told = changes(Trained(model.shipped_model(), need_model.need_model()), trained)
    for file, text in (
        (model.MODEL_FILE, trained.scoring.to_json()),
        (need_model.FILE, trained.needs.to_json()),
    ):
        (folder / file.name).write_text(text, encoding="utf-8")
    answer = {"scoring_model": trained.scoring, "need_model": trained.needs, "changes": told}
    common.tell(answer, [*told, f"Both models written to {folder}."], as_json=as_json)


@click.command()
@click.option("--host", help="Address to listen on; MATCHER_HOST otherwise.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port to listen on; MATCHER_PORT otherwise."
)
def serve(host: str | None, port: int | None) -> None:
    """Serve the API and the pages."""
    from matcher.config import get_settings
    from matcher.matcher import Matcher
    from matcher.web import leave
    from matcher.web import serve as serve_forever

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = get_settings().model_copy(update=given)
    with common.progress_bar() as progress:
        matcher = Matcher.open(settings, progress=progress)
    with matcher:
        click.echo(f"Serving on http://{settings.host}:{settings.port} (stop with Ctrl+C)")
        serve_forever(settings, matcher)
    leave()


@click.command()
@common.json_option
def doctor(as_json: bool) -> None:
    """Tell versions, settings and the state of store, model and index."""
    from matcher.doctor import examine

    findings = examine()
    if as_json:
        common.print_json(findings)
        return
    for section, values in findings.items():
        click.secho(section, bold=True)
        for name, value in values.items():
            click.echo(f"  {name:<22} {value}")
