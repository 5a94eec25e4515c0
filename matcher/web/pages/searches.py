"""Saved searches: those who have signed in are written to when there is somebody new."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Redirect

from matcher.accounts.searches import SavedSearch, SavedSearches
from matcher.errors import ConflictError, MatcherError, NotFoundError
from matcher.matching.query import PartnerQuery
from matcher.profiles.profile import DraftProfile
from matcher.web.api.queries import PARTNER_PARAMETERS
from matcher.web.http.authorisation import only_for
from matcher.web.http.context import cluster_with_id, current_matcher, current_settings, name_of
from matcher.web.http.parameters import number_of
from matcher.web.http.sessions import the_account
from matcher.web.pages.askers import asker_with
from matcher.web.pages.drafts import kept
from matcher.web.pages.state import PageState

searches = Blueprint("searches", __name__)


@searches.get("/searches")
@only_for("account")
def saved() -> str:
    """Show one's saved searches."""
    return _page()


@searches.post("/clusters/<cluster_id>/searches")
@only_for("account")
def save(cluster_id: str) -> Redirect | tuple[str, int]:
    """Save the search that the address describes, for a cluster or a draft."""
    asker = asker_with(cluster_id)
    query = PageState(request.args, asker.key).query(**asker.query)
    try:
        _searches().save(the_account(), query)
    except ConflictError as error:
        return _page(error), 409
    return redirect(url_for("searches.saved", done="saved"), 303)


@searches.post("/searches/<search_id>")
@only_for("account")
def change(search_id: str) -> Redirect:
    """Show the list of a search, or forget it."""
    key = number_of("search", search_id)
    if "delete" in request.form:
        _searches().delete(the_account(), key)
        return redirect(url_for("searches.saved"), 303)
    query = next((one.query for one in _searches().of(the_account()) if one.id == key), None)
    if query is None:
        raise NotFoundError(f"There is no search {key}.")
    # The draft of a described cluster may be gone by now: its description becomes another one.
    asker = cluster_with_id(query.cluster).id if query.cluster else kept(_profile(query))
    return redirect(url_for("partners.of_cluster", cluster_id=asker, **conditions(query)), 303)


def conditions(query: PartnerQuery) -> dict[str, Any]:
    """Say a query in the parameters of an address: the opposite of reading it there."""
    said = query.model_dump(mode="json", exclude_defaults=True)
    found = {}
    for parameter in PARTNER_PARAMETERS:
        value: Any = said
        for step in parameter.path:
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            found[parameter.name] = str(value).lower() if isinstance(value, bool) else value
    return found


def _page(error: MatcherError | None = None) -> str:
    return render_template(
        "searches.html",
        shown=[_shown(one) for one in _searches().of(the_account())],
        done=request.args.get("done", ""),
        error=error,
        filed=current_settings().smtp_url is None,
    )


def _shown(search: SavedSearch) -> dict[str, Any]:
    query = search.query
    given = [
        (name, str(one))
        for name, value in conditions(query).items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return {
        "search": search,
        "name": name_of(query.cluster) if query.cluster else _profile(query).name,
        "intent": query.intent,
        "chips": PageState(MultiDict(given), query.cluster or "").chips(),
    }


def _profile(query: PartnerQuery) -> DraftProfile:
    assert query.profile is not None  # noqa: S101  (a search is saved for a cluster or a draft)
    return query.profile


def _searches() -> SavedSearches:
    return SavedSearches(current_matcher())
