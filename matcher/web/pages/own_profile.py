"""A cluster's own profile, for those who speak for it."""

from typing import cast

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Redirect

from matcher.accounts.memberships import Memberships, Role
from matcher.accounts.profiles import OwnProfiles
from matcher.errors import ConflictError, InvalidInputError, MatcherError, NotFoundError
from matcher.matching.what_if import Change
from matcher.matching.words import trade_name
from matcher.profiles.completeness import completeness
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.trades import find_trades
from matcher.web.api.staff import entered
from matcher.web.http.authorisation import only_for
from matcher.web.http.context import current_database, current_matcher, saved_cluster, today
from matcher.web.http.languages import current_language
from matcher.web.http.parameters import number_of
from matcher.web.http.sessions import the_account
from matcher.web.pages.claims import current_claims
from matcher.web.pages.own_fields import EDIT_FIELDS, own_choices
from matcher.web.pages.whatif import filled, form_values, gains

own_profile = Blueprint("own_profile", __name__)
_SHOWN_TRADES = 12


@own_profile.get("/clusters/<cluster_id>/edit")
@only_for("editor")
def edit(cluster_id: str) -> str:
    """Show the form with all that the profile says."""
    return _page(_cluster(cluster_id))


@own_profile.post("/clusters/<cluster_id>/edit")
@only_for("editor")
def change(cluster_id: str) -> str | Redirect | tuple[str, int]:
    """Show which partners the changes would bring, or save them."""
    cluster = _cluster(cluster_id)
    try:
        after = cast(ClusterProfile, filled(cluster, request.form, EDIT_FIELDS, whole=True))
        if "save" in request.form:
            return _saved(cluster, after)
        changed = current_matcher().what_if(cluster, after) if after != cluster else None
    except (InvalidInputError, ConflictError) as error:
        return _page(cluster, given=request.form, error=error), 422
    return _page(cluster, after=after, changed=changed)


@own_profile.post("/clusters/<cluster_id>/confirm")
@only_for("editor")
def confirm(cluster_id: str) -> Redirect:
    """Note that everything still holds."""
    with entered("confirm profile", cluster_id):
        _profiles().confirm(cluster_id, the_account().actor, today())
    return _back(cluster_id, "confirmed")


@own_profile.post("/clusters/<cluster_id>/visibility")
@only_for("owner")
def show(cluster_id: str) -> Redirect:
    """Hide the cluster from everybody, or show it again."""
    shown = request.form.get("visibility") == "public"
    with entered("show profile" if shown else "hide profile", cluster_id):
        _profiles().show(cluster_id, "public" if shown else "hidden", the_account().actor)
    return _back(cluster_id, "shown" if shown else "hidden")


@own_profile.post("/clusters/<cluster_id>/withdrawal")
@only_for("owner")
def withdraw(cluster_id: str) -> Redirect:
    """Give up all that the profile says, and hide the rest."""
    with entered("withdraw profile", cluster_id):
        _profiles().withdraw(cluster_id, the_account().actor)
    return redirect(url_for("accounts.mine"), 303)


@own_profile.get("/clusters/<cluster_id>/profile.json")
@only_for("editor")
def download(cluster_id: str) -> Response:
    """Give the profile with all its versions."""
    versions = [
        {"at": one.at, "who": one.who, "change": one.change, "profile": one.profile.model_dump()}
        for one in _profiles().versions(cluster_id)
    ]
    response = jsonify({"profile": _cluster(cluster_id).model_dump(), "versions": versions})
    response.headers["Content-Disposition"] = f'attachment; filename="{cluster_id}.json"'
    return response


@own_profile.get("/clusters/<cluster_id>/people")
@only_for("owner")
def people(cluster_id: str) -> str:
    """Show who may change the profile."""
    return _people_page(cluster_id)


@own_profile.post("/clusters/<cluster_id>/people")
@only_for("owner")
def invite(cluster_id: str) -> str | Redirect | tuple[str, int]:
    """Give somebody a role."""
    role: Role = "owner" if request.form.get("role") == "owner" else "editor"
    try:
        with entered("invite", f"{role} of {cluster_id}") as outcome:
            email = request.form.get("email", "")[:300]
            account = current_claims().invite(_cluster(cluster_id), email, role, current_language())
            outcome.text = account.actor
    except (InvalidInputError, ConflictError) as error:
        return _people_page(cluster_id, error), 422
    return redirect(url_for("own_profile.people", cluster_id=cluster_id), 303)


@own_profile.post("/clusters/<cluster_id>/people/<account_id>/removal")
@only_for("owner")
def remove(cluster_id: str, account_id: str) -> str | Redirect | tuple[str, int]:
    """Take a role away."""
    key = number_of("person", account_id)
    try:
        with entered("remove", f"account {key} from {cluster_id}"):
            Memberships(current_database()).remove(key, cluster_id)
    except ConflictError as error:
        return _people_page(cluster_id, error), 409
    if key == the_account().id:
        return redirect(url_for("accounts.mine"), 303)
    return redirect(url_for("own_profile.people", cluster_id=cluster_id), 303)


def _saved(cluster: ClusterProfile, after: ClusterProfile) -> Redirect:
    seen = request.form.get("seen", "")
    if seen != _version(cluster):
        raise ConflictError(
            "Somebody else has changed the profile since you opened this form. Open it again to "
            "see what it says now; your entries are still below."
        )
    with entered("change profile", cluster.id):
        _profiles().change(after, the_account().actor, today())
    return _back(cluster.id, "saved")


def _version(cluster: ClusterProfile) -> str:
    """What the editor has seen: the number of the newest version, 0 for none."""
    versions = _profiles().versions(cluster.id)
    return str(versions[0].id if versions else 0)


def _page(
    cluster: ClusterProfile,
    *,
    after: ClusterProfile | None = None,
    changed: Change | None = None,
    given: MultiDict[str, str] | None = None,
    error: MatcherError | None = None,
) -> str:
    shown = after or cluster
    said = "\n".join((shown.description or "", *shown.offers, *shown.technologies, *shown.seeks))
    found = dict.fromkeys(hit.trade for hit in find_trades(said))
    account = the_account()
    return render_template(
        "own_profile.html",
        cluster=cluster,
        ready=current_matcher().get(cluster.id) is not None,
        given=given or form_values(shown, EDIT_FIELDS),
        changed=changed,
        previewed=after is not None,
        error=error,
        seen=request.form.get("seen") or _version(cluster),
        done=request.args.get("done", ""),
        completeness=completeness(shown).share,
        gains=gains(shown)[:3],
        trades=[trade_name(trade) for trade in [*found][:_SHOWN_TRADES]],
        versions=_profiles().versions(cluster.id)[:10],
        owns=Memberships(current_database()).role(account, cluster.id) == "owner",
        **own_choices(shown),
    )


def _people_page(cluster_id: str, error: MatcherError | None = None) -> str:
    return render_template(
        "own_people.html",
        cluster=_cluster(cluster_id),
        held=Memberships(current_database()).at(cluster_id),
        error=error,
    )


def _back(cluster_id: str, done: str) -> Redirect:
    return redirect(url_for("own_profile.edit", cluster_id=cluster_id, done=done), 303)


def _cluster(cluster_id: str) -> ClusterProfile:
    found = saved_cluster(cluster_id)
    if found is None:
        raise NotFoundError("There is no such cluster any more.")
    return found


def _profiles() -> OwnProfiles:
    return OwnProfiles(current_matcher())
