"""Routes for staff: what the sides said after their meetings."""

from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, request
from pydantic import Field

from matcher.events.after import MeetingReport, meeting_figures, pair_feedback
from matcher.events.event import Key, sorted_pair
from matcher.introductions.workflow import Outcome
from matcher.web.api import staff
from matcher.web.api.event_answers import FeedbackAnswer
from matcher.web.http.jsonio import read_body
from matcher.web.http.operations import Operation
from matcher.web.http.parameters import parameters_of, read_query
from matcher.web.http.validation import Given, validated

feedback = Blueprint("feedback", __name__, url_prefix="/api/v1")
feedback.after_request(staff.keep_private)


class FeedbackSearch(Given):
    """Whose feedback to list."""

    event_id: str | None = Field(default=None, description="Only reports on this event.")


class Said(Given):
    """What one side says of one meeting; fields as in `MeetingReport`, in any order of the two."""

    event_id: Key
    a: Key
    b: Key
    by: Key
    attended: bool
    rating: int | None = Field(default=None, ge=1, le=5)
    outcome: Outcome | None = None
    second_meeting: bool | None = None


FEEDBACK = parameters_of(FeedbackSearch, {"event_id": "event_id"})


@feedback.get("/feedback")
@Operation(
    FeedbackAnswer,
    parameters=FEEDBACK,
    problems=("invalid-input", "store-unavailable"),
    scope=staff.SCOPE,
)
def list_feedback() -> Response:
    """What was said after meetings.

    Along with figures on what came of the meetings.
    """
    search = read_query(FEEDBACK, request.args, FeedbackSearch)
    meetings = staff.current_meetings()
    reports, introduced = meetings.reports(search.event_id), meetings.outcomes()
    answer = FeedbackAnswer(
        reports=tuple(reports),
        pairs=tuple(pair_feedback(reports, introduced)),
        figures=meeting_figures(reports, introduced),
    )
    return jsonify(answer.model_dump(mode="json"))


@feedback.post("/feedback")
@Operation(
    MeetingReport,
    body={"application/json": Said},
    problems=(*staff.WRITES, "not-found"),
    example={
        "event_id": "brussels-2026",
        "a": "sk-kosice-it-valley",
        "b": "ua-kharkiv-it-cluster",
        "by": "ua-kharkiv-it-cluster",
        "attended": True,
        "rating": 5,
        "outcome": "mou",
        "second_meeting": True,
    },
    scope=staff.SCOPE,
)
def add_feedback() -> Response:
    """Record what a side says of a meeting.

    Replaces an earlier report of the same side.
    """
    said = validated(Said, read_body(), where="body").model_dump()
    said["a"], said["b"] = sorted_pair(said["a"], said["b"])
    data = {**said, "recorded_at": datetime.now(UTC)}
    report = validated(MeetingReport, data, where="body")
    with staff.entered("record feedback", f"{report.event_id}: {report.a}, {report.b}"):
        staff.current_meetings().record(report)
    return jsonify(report.model_dump(mode="json"))
