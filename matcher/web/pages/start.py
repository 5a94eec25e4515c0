"""Find my cluster: the start page, the look-up by name, suggestions as one types."""

from collections.abc import Iterator

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matcher.errors import AmbiguousNameError, ClusterNotFoundError
from matcher.matching.directory import DirectoryQuery
from matcher.matching.words import trade_name
from matcher.profiles.names import plain
from matcher.profiles.profile import ClusterProfile
from matcher.web.http.context import cluster_named, current_matcher, listed, search
from matcher.web.http.languages import current_language
from matcher.web.pages.shared import member_countries

EXAMPLES = (
    "ua-kharkiv-it-cluster",
    "ua-precarpathian-eco-energy-cluster",
    "ge-georgian-furniture-cluster",
    "md-sorintex-fashion-cluster",
)
MAX_NAME = 300
start = Blueprint("start", __name__)


@start.get("/")
def home() -> str:
    """Where everybody begins."""
    return render_template(
        "start.html",
        examples=listed(EXAMPLES),
        total=len(current_matcher().public),
        codes=member_countries(),
    )


@start.get("/find")
def find() -> str | Redirect | tuple[str, int]:
    """From a typed name to the partners, the candidates, or the nearest names.

    Somebody who looks at a cluster types the own one and gets to the pair. Words for trades are
    no name: they lead to the directory.
    """
    name = request.args.get("q", "").strip()[:MAX_NAME]
    if not name:
        return redirect(url_for("start.home"), 303)
    if _is_topic(name):
        return redirect(url_for("directory.page", q=name), 303)
    try:
        found = cluster_named(name)
    except AmbiguousNameError as error:
        return render_template("choose.html", name=name, found=_public(error.candidates))
    except ClusterNotFoundError as error:
        nearest = _public(error.suggestions)
        return render_template("unknown.html", name=name, found=nearest), 404
    if partner := next(iter(listed([request.args.get("with", "")])), None):
        return redirect(url_for("pairs.pair", a=found.id, b=partner.id), 303)
    return redirect(url_for("partners.of_cluster", cluster_id=found.id), 303)


@start.get("/suggestions")
def suggestions() -> Response:
    """Names that begin to match, for the search field; before them a trade that was typed."""
    text = request.args.get("q", "").strip()[:MAX_NAME]
    return jsonify([*_topics(text), *_names(text)] if text else [])


def _topics(text: str) -> Iterator[dict[str, str]]:
    language, found = current_language(), current_matcher().directory(DirectoryQuery(q=text))
    if found.topical:
        count = len(found.clusters)
        yield {
            "id": "",
            "name": "; ".join(language.say(trade_name(trade)) for trade in found.trades),
            "place": language.ngettext("%(count)s cluster", "%(count)s clusters", count)
            % {"count": language.number(count)},
            "url": url_for("directory.page", q=text),
        }


def _names(text: str) -> Iterator[dict[str, str]]:
    for cluster in search(text, limit=7):
        yield {
            "id": cluster.id,
            "name": cluster.name,
            "place": current_language().country(cluster.country),
            "url": url_for("partners.of_cluster", cluster_id=cluster.id),
        }


def _is_topic(text: str) -> bool:
    """Whether a text names trades and nothing else, and no cluster is called so."""
    if not current_matcher().directory(DirectoryQuery(q=text, limit=1)).topical:
        return False
    names = (name for one in search(text, limit=1) for name in (one.name, one.native_name))
    return plain(text) not in {plain(name) for name in names if name}


def _public(choices: tuple[tuple[str, str], ...]) -> list[ClusterProfile]:
    return listed(key for key, _ in choices)
