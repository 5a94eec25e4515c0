"""Routes for staff: how far long work has come, and what came of it."""

from dataclasses import asdict
from typing import Any

import orjson
from flask import Blueprint, Response, jsonify, url_for
from pydantic import BaseModel, TypeAdapter

from matcher.errors import JobCancelledError, JobLostError
from matcher.store.jobs import OVERTAKEN, Job, JobState
from matcher.web.api import staff
from matcher.web.http.operations import Operation
from matcher.web.http.problems import Problem, problem_of
from matcher.web.http.work import LISTED, Task, begin, cancel, current_jobs

jobs = Blueprint("jobs", __name__, url_prefix="/api/v1")
_PROBLEM = TypeAdapter(Problem)


class JobAnswer(BaseModel):
    """Long work: how far it has come, and what came of it.

    `share` is how much is done, in [0, 1]; `message` what goes on; `gap` how far the best that
    was found may be from the best possible, as a share of it, where that is known. `result` is
    what the route that began it promises, `problem` why it failed.
    """

    id: int
    action: str
    detail: str
    state: JobState
    share: float
    message: str
    gap: float | None
    result: dict[str, Any] | None
    problem: Problem | None
    begun: str


class JobList(BaseModel):
    """Jobs, the newest first, without what came of them."""

    jobs: tuple[JobAnswer, ...]


@jobs.get("/jobs")
@Operation(
    description=f"The newest {LISTED} jobs of all services on the database. They are kept "
    "for a week.",
    scope=staff.SCOPE,
)
def list_jobs() -> JobList:
    """List long work."""
    return JobList(jobs=tuple(map(_answer, current_jobs().last(LISTED))))


@jobs.get("/jobs/<job_id>")
@Operation(scope=staff.SCOPE)
def job(job_id: int) -> JobAnswer:
    """How far long work has come.

    Ask again, about once a second, until `state` is `done` or `failed`. A job that was cancelled,
    or whose token was revoked, fails; so does one that an erasure has overtaken, as it may name
    the person; and one whose process died, after half a minute.
    """
    return _answer(current_jobs().get(job_id))


@jobs.delete("/jobs/<job_id>")
@Operation(scope=staff.SCOPE)
def cancel_job(job_id: int) -> JobAnswer:
    """Cancel long work that waits or runs.

    From then on nothing of it is stored. Work that has ended stays as it is.
    """
    with staff.entered("cancel job", str(job_id)):
        return _answer(cancel(job_id))


def accepted(action: str, detail: str, task: Task) -> Response:
    """Begin long work; the answer 202 tells the job, and as Location where to ask for it."""
    begun = begin(action, detail, task)
    response = jsonify(_answer(begun))
    response.status_code = 202
    response.headers["Location"] = url_for("jobs.job", job_id=begun.id)
    return response


def _answer(one: Job) -> JobAnswer:
    result = orjson.loads(one.result) if one.result else None
    return JobAnswer(**{**asdict(one), "result": result, "problem": _problem(one)})


def _problem(one: Job) -> Problem | None:
    if one.problem == OVERTAKEN:
        return problem_of(JobCancelledError(one.id, "a person was erased whom it may name"))
    if one.problem:
        return _PROBLEM.validate_json(one.problem)
    return problem_of(JobLostError(one.id)) if one.state == "failed" else None
