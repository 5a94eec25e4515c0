"""`create_app`: the Flask application around one open `Matcher`."""

from flask import Flask

from matcher.config import Settings, get_settings
from matcher.matcher import Matcher
from matcher.web.api.calls import calls
from matcher.web.api.clusters import api
from matcher.web.api.day import day
from matcher.web.api.events import events
from matcher.web.api.feedback import feedback
from matcher.web.api.figures import figures
from matcher.web.api.groups import groups
from matcher.web.api.introductions import introductions
from matcher.web.api.jobs import jobs
from matcher.web.api.outbox import outbox
from matcher.web.api.people import people
from matcher.web.api.plans import plans
from matcher.web.api.schedules import schedules
from matcher.web.api.writes import writes
from matcher.web.http import (
    authorisation,
    caching,
    gate,
    jsonio,
    languages,
    limits,
    metrics,
    observing,
    problems,
    proxies,
    security,
    work,
)
from matcher.web.http.context import EXTENSION, SETTINGS
from matcher.web.http.docs import docs
from matcher.web.pages import PAGES, shared


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
    app = Flask("matcher.web")  # pages and their parts lie beside its rooms
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_kb * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body_kb * 1024
    app.config["TRUSTED_HOSTS"] = list(settings.trusted_hosts) or None
    matcher = app.extensions[EXTENSION] = matcher or Matcher.open(settings)
    app.extensions[SETTINGS] = settings
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    proxies.init_app(app, settings)
    for part in (observing, gate, languages, shared, security, jsonio, problems, work):
        part.init_app(app)
    limits.init_app(app, settings)
    authorisation.init_app(app)
    metrics.init_app(app, matcher, caching.init_app(app, settings.answer_cache_mb * 2**20))
    meetings = (events, schedules, day, feedback, figures)
    staff = (introductions, plans, *meetings, people, jobs, outbox, groups, calls)
    for blueprint in (api, writes, *staff, *PAGES, docs):
        app.register_blueprint(blueprint)
    return app
