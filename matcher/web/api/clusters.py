"""The JSON API, version 1."""

from typing import Any, Literal

from flask import Blueprint, Response, request
from pydantic import Field

from matcher.events import template as of_event
from matcher.i18n import LanguageCode
from matcher.i18n.languages import language
from matcher.matching.directory import DirectoryQuery
from matcher.matching.query import PartnerQuery
from matcher.matching.serialise import explanation_json, partner_list_json
from matcher.profiles.io import template as of_clusters
from matcher.profiles.preview import preview, told
from matcher.profiles.profile import ClusterProfile, DraftProfile
from matcher.readiness.check import check_readiness
from matcher.readiness.report import ReadinessReport
from matcher.web.api.answers import CheckReport, PairAnswer, PartnersAnswer
from matcher.web.api.listing import ClusterPage, list_clusters
from matcher.web.api.queries import (
    CLUSTER_PARAMETERS,
    PAIR_PARAMETERS,
    PARTNER_PARAMETERS,
    current_names,
)
from matcher.web.http.authorisation import may
from matcher.web.http.caching import remembered
from matcher.web.http.context import cluster_named, cluster_with_id, current_matcher, today
from matcher.web.http.exports import MEDIA_TYPES, attachment
from matcher.web.http.languages import current_language
from matcher.web.http.operations import Operation
from matcher.web.http.parameters import read_query
from matcher.web.http.uploads import (
    UPLOAD_PROBLEMS,
    UPLOAD_TYPES,
    UploadOptions,
    field_errors,
    read_upload,
)
from matcher.web.http.validation import Given


class TemplateOptions(Given):
    """Which workbook to fill in."""

    of: Literal["clusters", "event"] = Field(
        default="clusters", description="For clusters, or for the participants of an event."
    )
    language: LanguageCode | None = Field(
        default=None,
        alias="lang",
        description="Language of the explanations; the reader's when absent.",
    )


api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/clusters")
@Operation(parameters=CLUSTER_PARAMETERS)
def clusters() -> ClusterPage:
    """Search clusters.

    By a text in any of seven languages and by facets; `facets` counts what there is to choose.
    """
    return list_clusters(read_query(CLUSTER_PARAMETERS, request.args, DirectoryQuery))


@api.get("/clusters/<cluster_id>")
@Operation(problems=("cluster-not-found",))
def cluster(cluster_id: str) -> ClusterProfile:
    """One cluster."""
    return cluster_with_id(cluster_id)


@api.get("/clusters/<cluster_id>/partners")
@Operation(
    PartnersAnswer,
    parameters=PARTNER_PARAMETERS,
    problems=("cluster-not-found", "index-unavailable"),
)
def partners(cluster_id: str) -> Response:
    """Partners of a cluster, with reasons."""

    def answer() -> dict[str, Any]:
        asker = cluster_with_id(cluster_id)
        query = read_query(
            PARTNER_PARAMETERS, current_names(request.args), PartnerQuery, cluster=asker.id
        )
        return partner_list_json(current_matcher().recommend(query))

    return remembered(current_matcher().state, request.full_path, answer)


@api.post("/partners")
@Operation(
    PartnersAnswer,
    problems=("cluster-not-found", "ambiguous-name", "model-unavailable", "index-unavailable"),
    example={
        "text": "We unite 40 makers of solid-wood furniture and seek designers and buyers.",
        "k": 5,
    },
)
def partners_of_draft(query: PartnerQuery) -> dict[str, Any]:
    """Partners of a profile or a text.

    For a cluster that need not be registered: give `profile`, `text`, or the name or id of a
    `cluster`, and only one of them.
    """
    if query.cluster is not None:
        query = query.model_copy(update={"cluster": cluster_named(query.cluster).id})
    return partner_list_json(current_matcher().recommend(query))


@api.get("/pairs/<a>/<b>")
@Operation(
    PairAnswer, parameters=PAIR_PARAMETERS, problems=("cluster-not-found", "index-unavailable")
)
def pair(a: str, b: str) -> dict[str, Any]:
    """Why two clusters fit, or do not.

    Seen from the first: all contributions, both directions, fields side by side.
    """
    query = read_query(PAIR_PARAMETERS, current_names(request.args), PartnerQuery, cluster=a)
    first, second = cluster_with_id(a), cluster_with_id(b)
    explanation = current_matcher().explain(
        first.id, second.id, intent=query.intent, weights=query.weights
    )
    return explanation_json(explanation)


@api.get("/clusters/<cluster_id>/readiness")
@Operation(problems=("cluster-not-found",))
def readiness(cluster_id: str) -> ReadinessReport:
    """How ready a cluster is for registration, labels and programmes.

    Every criterion one by one: met, not met, unknown or not applicable, with the fields that
    decided, the rule's date, its sources and how sure it is.
    """
    return check_readiness(cluster_with_id(cluster_id), today())


@api.post("/readiness")
@Operation(example={"country": "MD", "members_total": 22, "management_fte": 1.0})
def readiness_of_draft(draft: DraftProfile) -> ReadinessReport:
    """How ready a described cluster is.

    The same for a profile that need not be registered; blank fields leave criteria unknown,
    never failed.
    """
    return check_readiness(draft, today())


@api.post("/profiles:check")
@Operation(query=UploadOptions, takes=UPLOAD_TYPES, problems=UPLOAD_PROBLEMS)
def check_profiles(options: UploadOptions) -> CheckReport:
    """Check a profile file.

    Reads CSV, XLSX, JSON or JSONL and names every bad row, likely doubles, and field by field
    what an import would change. Nothing is stored.
    """
    report = read_upload(options.mapping)
    matcher = current_matcher()
    clusters, joined = matcher.public, {}
    if may("import"):
        clusters, joined = matcher.clusters, matcher.store.imports.joined()
    found = preview(report.profiles, clusters, replace=options.replace, joined=joined)
    return CheckReport(
        rows=report.rows,
        profiles=found.profiles,
        problems=field_errors(report.problems),
        warnings=field_errors((*report.warnings, *found.warnings)),
        headings=report.headings,
        changes=told(found.changes),
    )


@api.get("/profiles:template")
@Operation(query=TemplateOptions, files=(MEDIA_TYPES["xlsx"],))
def template(asked: TemplateOptions) -> Response:
    """A workbook to fill in.

    For clusters, with drop-downs and examples, or for the participants of an event; with a sheet
    that explains each column, in the reader's language.
    """
    write = of_event.write_template if asked.of == "event" else of_clusters.write_template
    say = language(asked.language) if asked.language else current_language()
    return attachment(write(say), f"{asked.of}-template.xlsx")
