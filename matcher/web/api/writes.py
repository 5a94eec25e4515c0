"""Routes that change what is kept; each needs a token and is entered in the audit log."""

from flask import Blueprint, Response, g, jsonify, request
from pydantic import Field

from matcher.errors import InvalidInputError
from matcher.profiles.profile import ClusterProfile
from matcher.store import SaveCounts
from matcher.store.audit import first_of
from matcher.web.api.answers import ImportResult
from matcher.web.http.context import current_matcher
from matcher.web.http.operations import Operation
from matcher.web.http.parameters import parameters_of, read_query
from matcher.web.http.uploads import UPLOAD_BODY, UPLOAD_PROBLEMS, field_errors, read_upload
from matcher.web.http.validation import Given

writes = Blueprint("writes", __name__, url_prefix="/api/v1")


class ImportOptions(Given):
    """How to import."""

    strict: bool = Field(default=False, description="Import nothing if any row is bad.")


IMPORT_PARAMETERS = parameters_of(ImportOptions, {"strict": "strict"})


@writes.post("/profiles:import")
@Operation(
    ImportResult,
    parameters=IMPORT_PARAMETERS,
    body=UPLOAD_BODY,
    problems=(
        *UPLOAD_PROBLEMS,
        "invalid-input",
        "model-unavailable",
        "index-unavailable",
        "index-busy",
        "store-unavailable",
    ),
    scope="import",
)
def import_profiles() -> Response:
    """Import a profile file.

    Reads the file as `profiles:check` does, stores the good rows and re-indexes. A profile
    whose id is known replaces the one before. Sending a file again changes nothing more.
    """
    options = read_query(IMPORT_PARAMETERS, request.args, ImportOptions)
    report = read_upload()
    if options.strict and report.problems:
        raise InvalidInputError("Nothing was imported: the file has bad rows.", report.problems)
    counts = _import(report.profiles)
    result = ImportResult(
        rows=report.rows,
        profiles=report.profiles,
        problems=field_errors(report.problems),
        warnings=field_errors(report.warnings),
        **counts._asdict(),
        generation=current_matcher().status().generation,
    )
    return jsonify(result.model_dump(mode="json"))


def _import(profiles: tuple[ClusterProfile, ...]) -> SaveCounts:
    if not profiles:
        return SaveCounts(0, 0, 0)
    matcher = current_matcher()
    with matcher.store.audit.write(
        g.actor, "import profiles", first_of(one.id for one in profiles), g.request_id
    ) as outcome:
        counts = matcher.import_profiles(profiles)
        outcome.text = ", ".join(f"{count} {what}" for what, count in counts._asdict().items())
    return counts
