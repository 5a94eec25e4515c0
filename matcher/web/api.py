"""The JSON API, version 1."""

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from matcher.errors import FieldProblem
from matcher.profiles.formats import Format
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.readers import read_profiles
from matcher.ranking.query import PartnerQuery
from matcher.ranking.recommendation import PartnerList
from matcher.ranking.serialise import explanation_json, partner_list_json
from matcher.web.answers import CheckReport, PairAnswer
from matcher.web.context import cluster_named, cluster_with_id, current_matcher
from matcher.web.jsonio import read_body
from matcher.web.listing import ClusterPage, list_clusters
from matcher.web.operations import Operation, documented
from matcher.web.parameters import read_query
from matcher.web.problems import FieldError
from matcher.web.queries import (
    CLUSTER_PARAMETERS,
    PAIR_PARAMETERS,
    PARTNER_PARAMETERS,
    ClusterSearch,
)
from matcher.web.validation import validated

api = Blueprint("api", __name__, url_prefix="/api/v1")

_UPLOAD_FORMATS: dict[str, Format] = {
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/json": "json",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
}
_MULTIPART = "multipart/form-data"


@api.get("/clusters")
@documented(
    Operation(
        "Search clusters",
        ClusterPage,
        description="Without `q`, all clusters in the order of their ids.",
        parameters=CLUSTER_PARAMETERS,
        problems=("invalid-input",),
    )
)
def clusters() -> Response:
    """Clusters by name and filters, a page at a time."""
    page = list_clusters(read_query(CLUSTER_PARAMETERS, request.args, ClusterSearch))
    return jsonify(page.model_dump(mode="json"))


@api.get("/clusters/<cluster_id>")
@documented(Operation("One cluster", ClusterProfile, problems=("cluster-not-found",)))
def cluster(cluster_id: str) -> Response:
    """One profile."""
    return jsonify(cluster_with_id(cluster_id).model_dump(mode="json"))


@api.get("/clusters/<cluster_id>/partners")
@documented(
    Operation(
        "Partners of a cluster, with reasons",
        PartnerList,
        parameters=PARTNER_PARAMETERS,
        problems=("cluster-not-found", "invalid-input", "index-unavailable"),
    )
)
def partners(cluster_id: str) -> Response:
    """The main job: ranked partners of a registered cluster."""
    asker = cluster_with_id(cluster_id)
    query = read_query(PARTNER_PARAMETERS, request.args, PartnerQuery, cluster=asker.id)
    return jsonify(partner_list_json(current_matcher().recommend(query)))


@api.post("/partners")
@documented(
    Operation(
        "Partners of a profile or a text",
        PartnerList,
        description="For a cluster that need not be registered: give `profile`, `text`, or the "
        "name or id of a `cluster`, and only one of them.",
        body={"application/json": PartnerQuery},
        problems=(
            "malformed-request",
            "cluster-not-found",
            "ambiguous-name",
            "too-large",
            "unsupported-media-type",
            "invalid-input",
            "model-unavailable",
            "index-unavailable",
        ),
        example={
            "text": "We unite 40 makers of solid-wood furniture and seek designers and buyers.",
            "k": 5,
        },
    )
)
def partners_of_draft() -> Response:
    """Ranked partners of whoever the body describes."""
    query = validated(PartnerQuery, read_body(), where="body")
    if query.cluster is not None:
        query = query.model_copy(update={"cluster": cluster_named(query.cluster).id})
    return jsonify(partner_list_json(current_matcher().recommend(query)))


@api.get("/pairs/<a>/<b>")
@documented(
    Operation(
        "Why two clusters fit, or do not",
        PairAnswer,
        description="Seen from the first: all contributions, both directions, fields side by side.",
        parameters=PAIR_PARAMETERS,
        problems=("cluster-not-found", "invalid-input", "index-unavailable"),
    )
)
def pair(a: str, b: str) -> Response:
    """Everything that speaks for and against a pair."""
    query = read_query(PAIR_PARAMETERS, request.args, PartnerQuery, cluster=a)
    first, second = cluster_with_id(a), cluster_with_id(b)
    explanation = current_matcher().explain(
        first.id, second.id, intent=query.intent, weights=query.weights
    )
    return jsonify(explanation_json(explanation))


@api.post("/profiles:check")
@documented(
    Operation(
        "Check a profile file",
        CheckReport,
        description="Reads CSV, XLSX, JSON or JSONL and names every bad row. Nothing is stored.",
        body=dict.fromkeys((*_UPLOAD_FORMATS, _MULTIPART), bytes),
        problems=("malformed-request", "too-large", "unsupported-media-type", "unreadable-file"),
    )
)
def check_profiles() -> Response:
    """Validation report of an uploaded file."""
    content, name, form = _upload()
    report = read_profiles(content, name=name, form=form)
    return jsonify(
        CheckReport(
            rows=report.rows,
            profiles=report.profiles,
            problems=_field_errors(report.problems),
            warnings=_field_errors(report.warnings),
        ).model_dump(mode="json")
    )


def _field_errors(problems: tuple[FieldProblem, ...]) -> tuple[FieldError, ...]:
    return tuple(FieldError(p.where, p.field, p.message) for p in problems)


def _upload() -> tuple[bytes, str | None, Format | None]:
    """Content, name and, where the content type tells it, format of the uploaded file."""
    media_type = request.mimetype
    if media_type == _MULTIPART:
        file = request.files.get("file")
        if file is None:
            raise BadRequest("Send the file as the form field named file.")
        return file.read(), file.filename, None
    if media_type not in _UPLOAD_FORMATS:
        raise UnsupportedMediaType("Send CSV, XLSX, JSON or JSONL, or a form with a file.")
    return request.get_data(), None, _UPLOAD_FORMATS[media_type]
