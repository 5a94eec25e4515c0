"""Routes that change which clusters are kept; each needs a token, and is audited."""

from collections.abc import Sequence

from flask import Blueprint, g
from pydantic import Field

from matcher.errors import InvalidInputError
from matcher.introductions.joining import join
from matcher.profiles.preview import preview, told
from matcher.profiles.profile import ClusterProfile
from matcher.store import Saved, Undone
from matcher.store.audit import first_of
from matcher.store.mappings import parsed_mapping
from matcher.web.api import staff
from matcher.web.api.answers import ImportChanges, ImportResult, Joined, PastImports
from matcher.web.http.context import current_matcher
from matcher.web.http.operations import Operation
from matcher.web.http.uploads import (
    UPLOAD_PROBLEMS,
    UPLOAD_TYPES,
    UploadOptions,
    field_errors,
    read_upload,
    uploaded_name,
)
from matcher.web.http.validation import Given

SCOPE = "import"
_INDEXING = ("model-unavailable", "index-unavailable", "index-busy", "store-unavailable")
writes = Blueprint("writes", __name__, url_prefix="/api/v1")


class ImportOptions(UploadOptions):
    """How to import."""

    strict: bool = Field(default=False, description="Import nothing if any row is bad.")


class Twins(Given):
    """Two records of one cluster, by name or id: the second gains what it lacks."""

    gone: str = Field(min_length=1, max_length=300)
    kept: str = Field(min_length=1, max_length=300)


@writes.post("/profiles:import")
@Operation(
    query=ImportOptions, takes=UPLOAD_TYPES, problems=(*UPLOAD_PROBLEMS, *_INDEXING), scope=SCOPE
)
def import_profiles(options: ImportOptions) -> ImportResult:
    """Import a profile file.

    Reads the file as `profiles:check` does, stores the good rows and re-indexes. Columns that the
    file lacks, and blank cells, leave what is stored as it is. Sending a file again changes
    nothing more.
    """
    report, matcher = read_upload(options.mapping), current_matcher()
    if options.strict and report.problems:
        raise InvalidInputError("Nothing was imported: the file has bad rows.", report.problems)
    joined = matcher.store.imports.joined()
    found = preview(report.profiles, matcher.clusters, replace=options.replace, joined=joined)
    saved = _import(found.profiles, options.replace) if found.profiles else Saved(None, ())
    if options.mapping:
        matcher.store.mappings.keep("profiles", report.headings, parsed_mapping(options.mapping))
    return ImportResult(
        rows=report.rows,
        profiles=found.profiles,
        problems=field_errors(report.problems),
        warnings=field_errors((*report.warnings, *found.warnings)),
        headings=report.headings,
        changes=told(saved.changes),
        added=saved.added,
        changed=saved.changed,
        unchanged=saved.unchanged,
        import_id=saved.id,
        generation=matcher.status().generation,
    )


def _import(profiles: Sequence[ClusterProfile], replace: bool) -> Saved:
    with staff.entered("import profiles", first_of(one.id for one in profiles)) as outcome:
        saved = current_matcher().import_profiles(
            profiles, replace=replace, who=g.actor, source=uploaded_name()
        )
        outcome.text = str(saved)
    return saved


@writes.get("/imports")
@Operation(scope=SCOPE)
def list_imports() -> PastImports:
    """Imports that can be taken back.

    The newest first; those of more than 90 days ago, or before the last 50, are forgotten.
    """
    return PastImports(imports=tuple(current_matcher().store.imports.last()))


@writes.get("/imports/<import_id>")
@Operation(scope=SCOPE)
def past_import(import_id: int) -> ImportChanges:
    """What an import changed, field by field."""
    changes = told(current_matcher().store.imports.changes(import_id))
    return ImportChanges(changes=changes)


@writes.post("/imports/<import_id>/undo")
@Operation(problems=("conflict", *_INDEXING), scope=SCOPE)
def undo_import(import_id: int) -> Undone:
    """Take an import back.

    What was changed again since stays as it is, and is named under `left`.
    """
    with staff.entered("undo import", f"import {import_id}") as outcome:
        undone = current_matcher().undo_import(import_id)
        outcome.text = str(undone)
    return undone


@writes.post("/clusters:join")
@Operation(
    problems=("cluster-not-found", "ambiguous-name", *_INDEXING),
    example={"gone": "ua-kharkiv-it-cluster-ngo", "kept": "ua-kharkiv-it-cluster"},
    scope=SCOPE,
)
def join_clusters(twins: Twins) -> Joined:
    """Join two records of one cluster.

    Introductions, answers, contact persons and partnerships follow. It is listed among the
    imports, and can be taken back as they can.
    """
    find = current_matcher().find
    gone, kept = find(twins.gone).id, find(twins.kept).id
    with staff.entered("join clusters", f"{gone} into {kept}") as outcome:
        key = join(current_matcher(), gone, kept, who=g.actor)
        outcome.text = f"import {key}"
    return Joined(gone=gone, kept=kept, import_id=key)
