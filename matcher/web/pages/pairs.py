"""Two clusters side by side: why, why not, and the brief for an introduction."""

from typing import cast

from flask import Blueprint, Response, render_template, request

from matcher.documents.archive import Format, render_brief
from matcher.documents.brief import Brief
from matcher.introductions.briefing import BriefContext
from matcher.introductions.papers import pair_brief
from matcher.matching.recommendation import PairExplanation
from matcher.profiles.profile import ClusterProfile
from matcher.readiness.check import check_readiness
from matcher.web.http.context import cluster_with_id, current_matcher, today
from matcher.web.http.exports import attachment
from matcher.web.http.languages import current_language
from matcher.web.pages.addresses import public_address
from matcher.web.pages.askers import Asker, asker_with
from matcher.web.pages.charts import waterfall
from matcher.web.pages.eligibility import shared_programmes
from matcher.web.pages.profiles import field_text
from matcher.web.pages.state import PageState

pairs = Blueprint("pairs", __name__)


@pairs.get("/pairs/<a>/<b>")
def pair(a: str, b: str) -> str:
    """Everything that speaks for and against a pair."""
    asker, second, found = _explained(a, b)
    first = found.a
    return render_template(
        "pair.html",
        asker=asker,
        a=first,
        b=second,
        found=found,
        chart=waterfall(found.recommendation),
        differences=[
            (item.field, field_text(first, item.field), field_text(second, item.field))
            for item in found.differences
        ],
        brief=_brief(asker, second),
        programmes=shared_programmes(first, second, today()),
        address=public_address("pairs.pair", a=asker.key, b=second.id),
        figures=[check_readiness(side, today()).registration.figures for side in (first, second)],
    )


@pairs.get("/pairs/<a>/<b>/brief")
def brief(a: str, b: str) -> str:
    """Show the one-page brief of an introduction."""
    asker, second = asker_with(a), cluster_with_id(b)
    made = _brief(asker, second)
    return render_template("brief.html", asker=asker, b=second, brief=made, say=made.say)


@pairs.get("/pairs/<a>/<b>/brief.<any(docx, pdf):form>")
def brief_file(a: str, b: str, form: str) -> Response:
    """Show the brief as a file to send or edit."""
    made = _brief(asker_with(a), cluster_with_id(b))
    return attachment(render_brief(made, cast(Format, form)), f"{made.name}.{form}")


def _explained(a: str, b: str) -> tuple[Asker, ClusterProfile, PairExplanation]:
    asker, second = asker_with(a), cluster_with_id(b)
    query = PageState(request.args, asker.key).query(**asker.query)
    found = current_matcher().explain(
        asker.subject, second.id, intent=query.intent, weights=query.weights
    )
    return asker, second, found


def _brief(asker: Asker, b: ClusterProfile) -> Brief:
    context = BriefContext(on=today(), language=current_language().code)
    return pair_brief(current_matcher(), asker.subject, b.id, context)
