"""The reader's language, chosen for each request by link or by browser."""

from typing import Any, cast

from flask import Flask, Response, g, request
from werkzeug.http import dump_header

from matcher.i18n import SOURCE
from matcher.i18n.languages import Language, language, languages

_MUTE = ("static", "api.")


def current_language() -> Language:
    """Language of the current answer, which from now on depends on it."""
    g.spoken = True
    return cast(Language, g.get("language") or language(SOURCE))


def init_app(app: Flask) -> None:
    """Choose a language for each request and give it to the templates."""
    app.before_request(_choose)
    app.after_request(_declare)
    app.url_defaults(_keep)
    jinja: Any = app.jinja_env
    jinja.add_extension("jinja2.ext.i18n")
    jinja.install_gettext_callables(
        lambda text: current_language().gettext(text),
        lambda one, many, count: current_language().ngettext(one, many, count),
        newstyle=True,
    )
    # For texts that are not written in the template: they may hold a per cent sign.
    jinja.filters["tr"] = lambda text: current_language().gettext(text)
    jinja.filters["say"] = lambda text: current_language().say(text)
    jinja.filters["country"] = lambda code: current_language().country(code)
    jinja.filters["number"] = lambda value: current_language().number(value)
    jinja.filters["signed"] = lambda value: current_language().number(value, "+0.00;−0.00")
    jinja.filters["percent"] = lambda share: current_language().percent(share)


def _choose() -> None:
    known = languages()
    wanted = request.args.get("lang", "")
    g.lang_in_links = wanted in known
    code = wanted if wanted in known else request.accept_languages.best_match(known, SOURCE)
    g.language = known[code or SOURCE]


def _keep(endpoint: str, values: dict[str, Any]) -> None:
    """Carry a language that was chosen by link into the links of the answer."""
    if g.get("lang_in_links") and not endpoint.startswith(_MUTE):
        values.setdefault("lang", g.language.code)


def _declare(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = current_language().code
    if g.get("spoken"):
        response.headers["Vary"] = dump_header({*response.vary.as_set(), "Accept-Language"})
    return response
