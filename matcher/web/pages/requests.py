"""What waits for the staff: claims, new clusters, and changes of profiles that they may undo."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matcher.accounts.memberships import Membership, Memberships, is_own_domain
from matcher.accounts.profiles import OwnProfiles
from matcher.errors import InvalidInputError
from matcher.i18n.languages import languages
from matcher.introductions.workflow import require_undecided
from matcher.mail.outbox import TROUBLED, Outbox
from matcher.profiles.profile import ClusterProfile
from matcher.web.api.staff import (
    current_asking,
    current_desk,
    entered,
)
from matcher.web.http import work
from matcher.web.http.authorisation import only_for
from matcher.web.http.context import (
    current_database,
    current_matcher,
    saved_cluster,
    today,
)
from matcher.web.http.languages import current_language
from matcher.web.http.parameters import number_of
from matcher.web.http.sessions import the_account
from matcher.web.pages.claims import current_claims
from matcher.web.pages.profiles import profile_facts

requests = Blueprint("requests", __name__)


@requests.get("/staff/requests")
@only_for("staff")
def waiting() -> str:
    """Show what waits."""
    claims = Memberships(current_database()).waiting()
    asking = current_asking()
    asks = [
        {"one": one, "ask": ask, "addresses": asking.readers.addresses(one.b)}
        for one, ask in asking.waiting()
    ]
    counts = Outbox(current_database()).counts()
    return render_template(
        "requests.html",
        claims=[_shown(claim) for claim in claims],
        asks=asks,
        listed=_listed(request.args.get("listed", "")[:300]),
        troubled=sum(counts.get(state, 0) for state in TROUBLED),
    )


@requests.post("/staff/requests/<cluster_id>/<account_id>")
@only_for("staff")
def decide(cluster_id: str, account_id: str) -> Redirect:
    """Agree to a claim or refuse it."""
    key, agreed = number_of("account", account_id), "approve" in request.form
    action = "approve claim" if agreed else "refuse claim"
    with entered(action, f"account {key}, {cluster_id}"):
        claims = current_claims()
        if agreed:
            claim = claims.approve(key, cluster_id, today())
        else:
            claim = claims.refuse(key, cluster_id)
    if agreed and claim.draft:
        work.begin("index", cluster_id, _index)
        return redirect(url_for("requests.waiting", listed=cluster_id), 303)
    return redirect(url_for("requests.waiting"), 303)


@requests.post("/staff/asks/<introduction_id>")
@only_for("staff")
def pass_on(introduction_id: str) -> str | Redirect | tuple[str, int]:
    """Ask the other side by letter, give the letter to be sent by hand, or end the request."""
    key, asking = number_of("introduction", introduction_id), current_asking()
    who = the_account().actor
    code = request.form.get("language", "")
    say = languages().get(code, current_language())
    action = next((name for name in ("send", "copy", "refuse") if name in request.form), "")
    try:
        with entered(f"{action or 'nothing'}: asked introduction", str(key)):
            one = current_desk().introductions.get(key)
            require_undecided(one)
            if action == "send":
                to, source = (request.form.get(name, "")[:500] for name in ("email", "source"))
                asking.send(one, say, today(), who=who, to=to, source=source)
            elif action == "copy":
                subject, text = asking.letter_to_copy(one, say, today(), who=who)
                return render_template("letter_to_copy.html", subject=subject, text=text)
            elif action == "refuse":
                asking.refuse(one, today(), who=who)
    except InvalidInputError as error:
        return render_template("letter_to_copy.html", error=error), 422
    return redirect(url_for("requests.waiting"), 303)


@requests.post("/clusters/<cluster_id>/versions/<version_id>")
@only_for("staff")
def revert(cluster_id: str, version_id: str) -> Redirect:
    """Make a profile what it was."""
    key = number_of("version", version_id)
    with entered("revert profile", f"{cluster_id} to version {key}"):
        OwnProfiles(current_matcher()).revert(cluster_id, key, the_account().actor)
    return redirect(url_for("own_profile.edit", cluster_id=cluster_id), 303)


def _index(tell: work.Tell) -> None:
    """Make a new cluster known to all answers, beside the requests."""
    current_matcher().reindex(lambda done, total: tell(done / max(total, 1), "embedding", None))


def _listed(cluster: str) -> dict[str, Any] | None:
    """Return a cluster that was listed just now, and whether it is in the answers already."""
    found = saved_cluster(cluster) if cluster else None
    if found is None:
        return None
    return {"cluster": found, "ready": current_matcher().get(cluster) is not None}


def _shown(claim: Membership) -> dict[str, Any]:
    """Return what staff judge a claim by."""
    known = current_matcher().get(claim.cluster_id)
    draft = ClusterProfile.model_validate_json(claim.draft) if claim.draft else None
    profile = draft or known
    return {
        "claim": claim,
        "profile": profile,
        "is_new": draft is not None,
        "facts": profile_facts(draft) if draft else [],
        "own_domain": is_own_domain(claim.account.email, known.website if known else None),
        "held": Memberships(current_database()).at(claim.cluster_id),
    }
