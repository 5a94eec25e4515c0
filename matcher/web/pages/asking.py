"""Asking for an introduction, and answering by the link that came with the request."""

from typing import get_args

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matcher.accounts.memberships import Memberships
from matcher.accounts.tickets import TicketError
from matcher.errors import ConflictError, InvalidInputError, MatcherError
from matcher.introductions.asking import Contact, Reply
from matcher.introductions.briefing import BriefContext
from matcher.introductions.papers import pair_brief
from matcher.profiles.profile import ClusterProfile
from matcher.web.api.staff import current_asking, entered
from matcher.web.http.authorisation import RoleMissing, only_for
from matcher.web.http.context import (
    cluster_with_id,
    current_database,
    current_matcher,
    keep_private,
    today,
)
from matcher.web.http.languages import current_language
from matcher.web.http.sessions import current_account, the_account
from matcher.web.pages.accounts import MAX_SECRET

asking = Blueprint("asking", __name__)
asking.after_request(keep_private)
MAX_MESSAGE = 2000
_REPLIES: tuple[Reply, ...] = get_args(Reply)


@asking.get("/introductions")
@only_for("account")
def mine() -> str:
    """Show the introductions of one's clusters, and how far they are."""
    held = Memberships(current_database()).of(the_account())
    mine = [one.cluster_id for one in held if one.approved]
    found = current_asking().concerning(mine)
    return render_template("introductions.html", found=found, mine=mine, get=current_matcher().get)


@asking.get("/introductions/ask")
def ask() -> str:
    """Show the form; who has not signed in yet can do so here and comes back."""
    a, b = _pair()
    return _ask_page(a, b)


@asking.post("/introductions/ask")
@only_for("account")
def send() -> str | Redirect | tuple[str, int]:
    """Send it to the desk of the staff."""
    a, b = _pair()
    if not _speaks_for(a):
        raise RoleMissing
    try:
        contact = _contact()
        with entered("ask for introduction", f"{a.id}, {b.id}") as outcome:
            saved = current_asking().ask(
                the_account(),
                a,
                b,
                purpose=request.form.get("purpose", "")[:300],
                message=request.form.get("message", "")[:MAX_MESSAGE],
                contact=contact,
                on=today(),
            )
            outcome.text = f"introduction {saved.id}"
    except (InvalidInputError, ConflictError) as error:
        return _ask_page(a, b, error), 422
    return redirect(url_for("asking.mine"), 303)


@asking.get("/answer")
def look() -> str | tuple[str, int]:
    """Show who asks and why, with the three answers; later, what became of it."""
    return _answer_page(request.args.get("t", "")[:MAX_SECRET])


@asking.post("/answer")
def answer() -> str | tuple[str, int]:
    """Take the answer."""
    secret = request.form.get("t", "")[:MAX_SECRET]
    reply = request.form.get("reply", "")
    try:
        if reply not in _REPLIES:
            raise InvalidInputError("Please choose an answer.")
        current_asking().answer(
            secret,
            reply,
            contact=_contact() if reply == "yes" else None,
            reason=request.form.get("reason", "")[:MAX_MESSAGE],
            on=today(),
        )
    except TicketError:
        return _answer_page(secret)
    except (InvalidInputError, ConflictError) as error:
        page = _answer_page(secret, error)
        return page if isinstance(page, tuple) else (page, 422)
    return _answer_page(secret)


def _pair() -> tuple[ClusterProfile, ClusterProfile]:
    given = request.values
    return cluster_with_id(given.get("from", "")), cluster_with_id(given.get("to", ""))


def _contact() -> Contact:
    if not request.form.get("consent"):
        raise InvalidInputError("Please agree that these details are passed on once both say yes.")
    name, email, phone = (request.form.get(name, "")[:300] for name in ("name", "email", "phone"))
    if not name.strip() or not f"{name}{phone}".isprintable():
        raise InvalidInputError("Please give the name of the person to talk to.")
    return Contact(name, email, phone)


def _speaks_for(cluster: ClusterProfile) -> bool:
    account = current_account()
    held = Memberships(current_database())
    return account is not None and held.role(account, cluster.id) is not None


def _ask_page(a: ClusterProfile, b: ClusterProfile, error: MatcherError | None = None) -> str:
    brief = pair_brief(
        current_matcher(), a.id, b.id, BriefContext(today(), current_language().code)
    )
    return render_template(
        "ask.html",
        a=a,
        b=b,
        brief=brief,
        account=current_account(),
        speaks=_speaks_for(a),
        hindrance=current_asking().hindrance(a, b),
        given=request.form,
        error=error,
    )


def _answer_page(secret: str, error: MatcherError | None = None) -> str | tuple[str, int]:
    try:
        introduction, side = current_asking().look(secret)
    except TicketError as gone:
        return render_template("answer.html", gone=gone), 410
    brief = pair_brief(
        current_matcher(),
        introduction.a,
        introduction.b,
        BriefContext(today(), current_language().code, introduction),
    )
    first = side == "a"
    return render_template(
        "answer.html",
        one=introduction,
        ask=current_asking().of(introduction.id),
        may_answer=introduction.state == ("asked_a" if first else "asked_b"),
        waits=first and introduction.state == "asked_b",
        partner=brief.b if first else brief.a,
        why=brief.why_for_a if first else brief.why_for_b,
        secret=secret,
        given=request.form,
        error=error,
        profile=current_matcher().get(introduction.b if first else introduction.a),
    )
