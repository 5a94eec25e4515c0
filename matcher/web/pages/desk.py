"""The desk of the staff: a page that holds nothing until its reader gives a token.

The page asks the API as any program does. The token is kept by the browser for that tab alone.
"""

from flask import Blueprint, render_template

from matcher.introductions.workflow import ANSWERS, OUTCOMES, STATES

desk = Blueprint("desk", __name__)

TITLES = {
    "draft": "Draft",
    "vetted": "Vetted",
    "asked_a": "First side asked",
    "asked_b": "Second side asked",
    "agreed": "Both agreed",
    "introduced": "Introduced",
    "met": "Met",
    "outcome": "With an outcome",
    "declined": "Declined",
    "expired": "Expired",
}
STEPS = {
    "vetted": "A good pair: vetted",
    "asked_a": "First side asked",
    "asked_b": "First side agrees, second asked",
    "agreed": "Second side agrees",
    "introduced": "Put in touch",
    "met": "They have met",
    "outcome": "Outcome known",
    "declined": "A side says no",
    "expired": "Nobody answered",
}
_ANSWERS = {
    "not_now": "Not now",
    "no": "No",
    "known_to_us": "They know each other",
    "not_for_us": "Not for us",
}
_OUTCOMES = {"mou": "A memorandum", "project": "A project", "none": "Nothing so far"}


@desk.get("/staff")
def introductions() -> str:
    """Introductions by state, what is due, and the steps as forms."""
    return render_template(
        "desk.html",
        titles=[(state, TITLES[state]) for state in STATES],
        steps=STEPS,
        answers=[(answer, _ANSWERS[answer]) for answer in ANSWERS],
        outcomes=[(outcome, _OUTCOMES[outcome]) for outcome in OUTCOMES],
    )
