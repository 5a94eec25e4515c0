"""Ending letters of a kind, by the link at their end."""

from flask import Blueprint, render_template, request

from matcher.mail.stops import Stops
from matcher.web.http.context import current_database

letters = Blueprint("letters", __name__)
MAX_TICKET = 300


@letters.get("/unsubscribe")
def ask() -> str:
    """Ask whether to end them: mail programs open links unasked, so that none may act by itself."""
    return render_template("unsubscribe.html", ticket=request.args.get("t", "")[:MAX_TICKET])


@letters.post("/unsubscribe")
def stop() -> tuple[str, int]:
    """End them."""
    ticket = request.form.get("t", "")[:MAX_TICKET]
    known = Stops(current_database()).stop_by_ticket(ticket)
    page = render_template("unsubscribe.html", ticket=ticket, done=known, unknown=not known)
    return page, 200 if known else 422
