"""`create_app`: the Flask application around one open `Matcher`."""

from flask import Flask

from matcher.config import Settings, get_settings
from matcher.matcher import Matcher
from matcher.web import (
    authorisation,
    caching,
    jsonio,
    languages,
    limits,
    metrics,
    observing,
    problems,
    security,
    work,
)
from matcher.web.api import api
from matcher.web.context import EXTENSION
from matcher.web.docs import docs
from matcher.web.events_api import events
from matcher.web.feedback_api import feedback
from matcher.web.jobs_api import jobs
from matcher.web.pages import PAGES, shared
from matcher.web.people_api import people
from matcher.web.plans_api import plans
from matcher.web.schedules_api import schedules
from matcher.web.staff_api import introductions
from matcher.web.writes import writes


def create_app(matcher: Matcher | None = None, settings: Settings | None = None) -> Flask:
    """Build the web application.

    Parameters
    ----------
    matcher
        What answers; opened from the settings when absent. The caller closes its own.
    settings
        Limits and, for opening, places; from the environment when absent.

    Returns
    -------
    Flask
        A WSGI application for one process with any number of threads.
    """
    settings = settings or get_settings()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_kb * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body_kb * 1024
    app.config["TRUSTED_HOSTS"] = list(settings.trusted_hosts) or None
    matcher = app.extensions[EXTENSION] = matcher or Matcher.open(settings)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    observing.install(app)
    for part in (languages, shared, security, jsonio, problems, work):
        part.install(app)
    limits.install(app, settings)
    authorisation.install(app)
    metrics.install(app, matcher, caching.install(app, settings.answer_cache_mb * 2**20))
    staff = (introductions, plans, events, schedules, feedback, people, jobs)
    for blueprint in (api, writes, *staff, *PAGES, docs):
        app.register_blueprint(blueprint)
    return app
