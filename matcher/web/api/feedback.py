"""Routes for staff: what the sides said after their meetings."""

from datetime import UTC, datetime

from flask import Blueprint
from pydantic import Field

from matcher.events.after import MeetingReport, meeting_figures, pair_feedback
from matcher.events.event import Key, sorted_pair
from matcher.introductions.workflow import Outcome
from matcher.web.api import staff
from matcher.web.api.event_answers import FeedbackAnswer
from matcher.web.http.operations import Operation
from matcher.web.http.validation import Given, validated

feedback = Blueprint("feedback", __name__, url_prefix="/api/v1")


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


@feedback.get("/feedback")
@Operation(query=FeedbackSearch, scope=staff.SCOPE)
def list_feedback(search: FeedbackSearch) -> FeedbackAnswer:
    """What was said after meetings.

    Along with figures on what came of the meetings.
    """
    meetings = staff.current_meetings()
    reports, introduced = meetings.reports(search.event_id), meetings.outcomes()
    return FeedbackAnswer(
        reports=tuple(reports),
        pairs=tuple(pair_feedback(reports, introduced)),
        figures=meeting_figures(reports, introduced),
    )


@feedback.post("/feedback")
@Operation(
    problems=("not-found",),
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
def add_feedback(given: Said) -> MeetingReport:
    """Record what a side says of a meeting.

    Replaces an earlier report of the same side.
    """
    said = given.model_dump()
    said["a"], said["b"] = sorted_pair(said["a"], said["b"])
    data = {**said, "recorded_at": datetime.now(UTC)}
    report = validated(MeetingReport, data, where="body")
    with staff.entered("record feedback", f"{report.event_id}: {report.a}, {report.b}"):
        staff.current_meetings().record(report)
    return report
