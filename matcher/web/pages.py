"""The pages: find a cluster, see its partners, or describe a cluster that is not listed."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Redirect

from matcher.errors import AmbiguousNameError, ClusterNotFoundError, InvalidInputError
from matcher.profiles.profile import ClusterProfile, DraftProfile
from matcher.profiles.taxonomy import country_group
from matcher.ranking.query import PartnerQuery
from matcher.ranking.recommendation import PartnerList
from matcher.web import words
from matcher.web.context import cluster_named, cluster_with_id, current_matcher, is_public, search
from matcher.web.parameters import read_query
from matcher.web.queries import PARTNER_PARAMETERS
from matcher.web.validation import validated

EXAMPLES = (
    "ua-kharkiv-it-cluster",
    "ua-precarpathian-eco-energy-cluster",
    "ge-georgian-furniture-cluster",
    "md-sorintex-fashion-cluster",
)
MAX_NAME = 300
pages = Blueprint("pages", __name__)


@pages.app_context_processor
def _shared() -> dict[str, Any]:
    """What every template may use."""
    return {"words": words, "data_years": _data_years}


def _data_years() -> tuple[int, int] | None:
    years = [cluster.as_of for cluster in current_matcher().clusters if cluster.as_of]
    return (min(years), max(years)) if years else None


@pages.get("/")
def start() -> str:
    """Where everybody begins."""
    shown = {cluster.id: cluster for cluster in current_matcher().clusters if is_public(cluster)}
    examples = [shown[key] for key in EXAMPLES if key in shown]
    return render_template("start.html", examples=examples, total=len(shown), codes=_countries())


@pages.get("/find")
def find() -> str | Redirect | tuple[str, int]:
    """From a typed name to the partners, the candidates, or the nearest names."""
    name = request.args.get("q", "").strip()[:MAX_NAME]
    if not name:
        return redirect(url_for("pages.start"), 303)
    try:
        return redirect(url_for("pages.partners", cluster_id=cluster_named(name).id), 303)
    except AmbiguousNameError as error:
        return render_template("choose.html", name=name, found=_profiles(error.candidates))
    except ClusterNotFoundError as error:
        nearest = _profiles(error.suggestions)
        return render_template("unknown.html", name=name, found=nearest), 404


@pages.get("/suggestions")
def suggestions() -> Response:
    """Names that begin to match, for the search field."""
    text = request.args.get("q", "").strip()[:MAX_NAME]
    found = search(text, limit=7) if text else []
    return jsonify(
        [{"id": c.id, "name": c.name, "place": words.country_name(c.country)} for c in found]
    )


@pages.get("/clusters/<cluster_id>")
def partners(cluster_id: str) -> str:
    """The partners of a registered cluster."""
    asker = cluster_with_id(cluster_id)
    given = _without_blanks(request.args)
    query = read_query(PARTNER_PARAMETERS, given, PartnerQuery, cluster=asker.id)
    return _partners_page(current_matcher().recommend(query), asker)


@pages.get("/describe")
def describe() -> str:
    """The form for a cluster that is not listed."""
    return _describe_page({})


@pages.post("/describe")
def describe_and_match() -> str | tuple[str, int]:
    """Partners of the described cluster, or the form again with what is missing."""
    form = _without_blanks(request.form)
    given = {name: form[name].strip() for name in ("description", "country") if name in form}
    try:
        draft = validated(DraftProfile, given, where="form")
        if not draft.description:
            raise InvalidInputError("Please write a few sentences about your cluster first.")
        answer = current_matcher().recommend(PartnerQuery(profile=draft))
    except InvalidInputError as error:
        return _describe_page(given, str(error)), 422
    return _partners_page(answer, draft)


def _describe_page(given: dict[str, str], error: str | None = None) -> str:
    return render_template("describe.html", given=given, error=error, codes=_countries())


def _countries() -> list[str]:
    return sorted(country_group("EaP") | country_group("EU"), key=words.country_name)


def _partners_page(answer: PartnerList, asker: DraftProfile) -> str:
    find_cluster = current_matcher().find
    found = [(partner, find_cluster(partner.id)) for partner in answer.partners]
    return render_template(
        "partners.html", answer=answer, asker=asker, found=found, codes=_countries()
    )


def _profiles(choices: tuple[tuple[str, str], ...]) -> list[ClusterProfile]:
    return [current_matcher().find(key) for key, _ in choices]


def _without_blanks(given: MultiDict[str, str]) -> MultiDict[str, str]:
    """The form without the fields that were left empty."""
    return MultiDict((name, value) for name, value in given.items(multi=True) if value.strip())
