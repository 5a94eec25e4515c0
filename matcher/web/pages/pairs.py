"""Two clusters side by side: why, why not, and the brief for an introduction."""

from typing import cast

from flask import Blueprint, Response, render_template, request

from matcher.documents.archive import Format, render_brief
from matcher.documents.brief import Brief
from matcher.introductions.briefing import BriefContext
from matcher.introductions.papers import pair_brief
from matcher.matching.recommendation import PairExplanation
from matcher.profiles.profile import ClusterProfile
from matcher.readiness import check_readiness
from matcher.web.http.context import cluster_with_id, current_matcher, today
from matcher.web.http.exports import attachment
from matcher.web.http.languages import current_language
from matcher.web.pages.charts import waterfall
from matcher.web.pages.eligibility import shared_programmes
from matcher.web.pages.profiles import field_text
from matcher.web.pages.state import PageState

pairs = Blueprint("pairs", __name__)


@pairs.get("/pairs/<a>/<b>")
def pair(a: str, b: str) -> str:
    """Everything that speaks for and against a pair."""
    first, second, found = _explained(a, b)
    brief = _brief(first, second, found)
    programmes = shared_programmes(first, second, today())
    return render_template(
        "pair.html",
        a=first,
        b=second,
        found=found,
        chart=waterfall(found.recommendation),
        differences=[
            (item.field, field_text(first, item.field), field_text(second, item.field))
            for item in found.differences
        ],
        brief=brief,
        programmes=programmes,
        figures=[check_readiness(side, today()).registration.figures for side in (first, second)],
    )


@pairs.get("/pairs/<a>/<b>/brief")
def brief(a: str, b: str) -> str:
    """The one-page brief of an introduction."""
    first, second, found = _explained(a, b)
    made = _brief(first, second, found)
    return render_template("brief.html", a=first, b=second, brief=made, say=made.say)


@pairs.get("/pairs/<a>/<b>/brief.<any(docx, pdf):form>")
def brief_file(a: str, b: str, form: str) -> Response:
    """The brief as a file to send or edit."""
    made = _brief(*_explained(a, b))
    return attachment(render_brief(made, cast(Format, form)), f"{made.name}.{form}")


def _explained(a: str, b: str) -> tuple[ClusterProfile, ClusterProfile, PairExplanation]:
    first, second = cluster_with_id(a), cluster_with_id(b)
    query = PageState(request.args).query(cluster=first.id)
    found = current_matcher().explain(
        first.id, second.id, intent=query.intent, weights=query.weights
    )
    return first, second, found


def _brief(a: ClusterProfile, b: ClusterProfile, found: PairExplanation) -> Brief:
    context = BriefContext(on=today(), language=current_language().code)
    return pair_brief(current_matcher(), a.id, b.id, context)
