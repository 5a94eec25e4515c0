"""Long work that staff have begun: how far it has come, and cancelling it."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from matcher.web.api.staff import entered
from matcher.web.http.authorisation import only_for
from matcher.web.http.parameters import number_of
from matcher.web.http.work import LISTED, cancel, current_jobs

long_work = Blueprint("long_work", __name__)


@long_work.get("/staff/jobs")
@only_for("staff")
def listed() -> str:
    """Show the newest jobs."""
    return render_template("staff_jobs.html", jobs=current_jobs().last(LISTED))


@long_work.post("/staff/jobs/<job_id>/cancel")
@only_for("staff")
def cancel_job(job_id: str) -> Redirect:
    """Cancel a job that waits or runs."""
    number = number_of("job", job_id)
    with entered("cancel job", job_id):
        cancel(number)
    return redirect(url_for("long_work.listed"), 303)
