"""Up to five clusters side by side, and the shortlist that the browser keeps."""

from typing import Any, cast

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matcher.errors import AmbiguousNameError, ClusterNotFoundError, FieldProblem, InvalidInputError
from matcher.matching.recommendation import Level, PairExplanation
from matcher.profiles.io.formats import Format
from matcher.profiles.io.writers import write_profiles
from matcher.profiles.profile import ClusterProfile
from matcher.web.http.context import cluster_named, current_matcher, listed
from matcher.web.http.exports import attachment
from matcher.web.pages.askers import Asker, viewer
from matcher.web.pages.profiles import profile_facts, quotes

shortlist = Blueprint("shortlist", __name__)
MAX_COMPARED = 5
MAX_LISTED = 100


@shortlist.get("/shortlist")
def kept() -> str:
    """Show the clusters whose ids stand in the address; the browser remembers them.

    A cluster may have been withdrawn since it was put on the list, or the one that asks.
    """
    asked = _ids(MAX_LISTED)
    clusters, asker = listed(asked), viewer()
    return render_template(
        "shortlist.html",
        clusters=clusters,
        ids=[cluster.id for cluster in clusters],
        gone=len(asked) - len(clusters),
        asker=asker,
        levels=_levels(asker, clusters),
        most=MAX_COMPARED,
    )


@shortlist.get("/shortlist.<any(csv, xlsx, json):form>")
def kept_file(form: str) -> Response:
    """Show the profiles of the shortlist as a file."""
    content = write_profiles(listed(_ids(MAX_LISTED)), cast(Format, form))
    return attachment(content, f"shortlist.{form}")


@shortlist.get("/compare")
def compare() -> str | Redirect | tuple[str, int]:
    """Show some clusters field by field and, where it is said who asks, score by score."""
    asker = viewer()
    key = asker.key if asker else None
    clusters = [cluster for cluster in listed(_ids(MAX_COMPARED)) if cluster.id != key]
    if name := request.args.get("add", "").strip()[:300]:
        return _with_another(name, clusters, asker)
    explained = _explained(asker, clusters)
    ids = [cluster.id for cluster in clusters]
    return _page(clusters, asker, explained, ids)


def _page(
    clusters: list[ClusterProfile],
    asker: Asker | None,
    explained: list[PairExplanation],
    ids: list[str],
    missing: str = "",
    near: tuple[tuple[str, str], ...] = (),
) -> str:
    facts = [dict(profile_facts(cluster)) for cluster in clusters]
    fields = [field for field in (facts[0] if facts else ()) if any(f[field] for f in facts)]
    return render_template(
        "compare.html",
        clusters=clusters,
        asker=asker,
        explained=explained,
        ids=ids,
        facts=facts,
        fields=fields,
        quotes=quotes,
        most=MAX_COMPARED,
        missing=missing,
        near=near,
    )


def _with_another(
    name: str, clusters: list[ClusterProfile], asker: Asker | None
) -> Redirect | tuple[str, int]:
    ids = [cluster.id for cluster in clusters]
    near: tuple[tuple[str, str], ...] = ()
    try:
        found = cluster_named(name)
    except (ClusterNotFoundError, AmbiguousNameError) as error:
        near = error.suggestions if isinstance(error, ClusterNotFoundError) else error.candidates
        return _page(clusters, asker, _explained(asker, clusters), ids, name, near), 404
    chosen = list(dict.fromkeys([*ids, found.id]))[-MAX_COMPARED:]
    known: dict[str, Any] = {"for": asker.key} if asker else {}
    return redirect(url_for("shortlist.compare", id=chosen, **known), 303)


def _ids(most: int) -> list[str]:
    ids = list(dict.fromkeys(request.args.getlist("id")))
    if len(ids) > most:
        problem = FieldProblem("query", f"give at most {most}", "id")
        raise InvalidInputError(f"This page holds at most {most} clusters.", [problem])
    return ids


def _levels(asker: Asker | None, clusters: list[ClusterProfile]) -> dict[str, Level]:
    """How good each is for who asks, so far as that is another one."""
    others = [cluster for cluster in clusters if asker and cluster.id != asker.key]
    found = _explained(asker, others)
    return {pair.b.id: pair.recommendation.level for pair in found}


def _explained(asker: Asker | None, clusters: list[ClusterProfile]) -> list[PairExplanation]:
    if asker is None:
        return []
    return [current_matcher().explain(asker.subject, cluster.id) for cluster in clusters]
