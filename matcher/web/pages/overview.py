"""The landscape of all clusters, the map, and what stands behind the site."""

from functools import lru_cache
from typing import Any

import orjson
from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from matcher.config import DATA_DIR
from matcher.i18n.languages import sort_key
from matcher.i18n.message import Message
from matcher.matching.model import STRONG, WORTH_A_TALK
from matcher.profiles.taxonomy import country_group
from matcher.web.http.context import current_matcher
from matcher.web.http.languages import current_language
from matcher.web.pages.map import DISCLAIMER, VIEW_BOX, outlines

overview = Blueprint("overview", __name__)
_TINTS = {"eu": "#c9d8ea", "eap": "#f6d8a8", "neighbour": "#e9ecef", "rest": "#e9ecef"}
_DOT_RADIUS = 22


@overview.get("/landscape")
def landscape() -> str:
    """Ecosystems by country, and who could work with whom."""
    shown = current_matcher().landscape()
    language = current_language()
    groups = [
        (group, sorted(country_group(group) & shown.totals.keys(), key=_by_name))
        for group in ("EaP", "EU")
    ]
    return render_template(
        "landscape.html", landscape=shown, groups=groups, heat=heat, country=language.country
    )


@overview.get("/landscape/<a>/<b>")
def suggestions(a: str, b: str) -> str:
    """Who in a country is among the first partners of whom in another one."""
    shown = current_matcher().landscape()
    pairs = [pair for ties in (shown.outward, shown.inward) for pair in ties.pairs.get((a, b), ())]
    if not pairs:
        raise NotFound
    return render_template("suggestions.html", a=a, b=b, pairs=pairs)


@overview.get("/about")
def about() -> str:
    """Show data, method, parameters, quality, protection of data, borders."""
    model = current_matcher().model
    weights = sorted(model.spans.items(), key=lambda item: -item[1])
    return render_template(
        "about.html",
        weights=weights,
        largest=weights[0][1],
        status=current_matcher().status(),
        total=len(current_matcher().public),
        levels=_LEVELS,
        training=model.training,
        quality=_quality(),
        disclaimer=DISCLAIMER,
    )


@overview.get("/map.svg")
def base_map() -> Response:
    """Countries without markers; pages lay their markers over it."""
    response = Response(_drawn(), mimetype="image/svg+xml")
    response.cache_control.max_age = 86_400
    response.cache_control.public = True
    response.add_etag()
    response.make_conditional(request)
    return response


@lru_cache(maxsize=1)
def _drawn() -> str:
    shapes, dots = [], []
    for outline in outlines().values():
        tint = _TINTS[outline.role]
        shapes.append(f'<path fill="{tint}" d="{outline.path}"/>')
        if outline.dot:
            x, y = outline.dot
            dots.append(f'<circle cx="{x}" cy="{y}" r="{_DOT_RADIUS}" fill="{tint}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{VIEW_BOX}">'
        '<rect width="100%" height="100%" fill="#f7fafc"/>'
        '<g fill-rule="evenodd" stroke="#fff" stroke-width="8" stroke-linejoin="round">'
        f"{''.join(shapes)}</g>"
        f'<g stroke="#8899ad" stroke-width="5">{"".join(dots)}</g></svg>'
    )


def _quality() -> Any:
    """Measured quality of the suggestions to EaP clusters, beside what they could be found by."""
    report = orjson.loads((DATA_DIR / "quality.json").read_bytes())
    measured = report["slices"]["eap_eu"]
    rankers = measured["rankers"]
    return {
        "clusters": measured["clusters"],
        "pairs": measured["pairs"],
        "baselines": list(_BASELINES.values()),
        "rows": [
            {
                "measure": title,
                "value": rankers["matcher"][metric]["value"],
                "baselines": [rankers[name][metric]["value"] for name in _BASELINES],
            }
            for metric, title in _MEASURES.items()
        ],
    }


_LEVELS = (("strong", STRONG), ("worth_a_talk", WORTH_A_TALK), ("weak", 0.0))
_BASELINES = {
    "random": Message("Chance"),
    "ecosystem": "Shared ecosystems",
    "tfidf": "TF-IDF",
    "bm25": "BM25",
    "embedding": "Similar profile",
    "fusion": Message("TF-IDF and similar profile together"),
}
_MEASURES = {"hit@5": "hit@5", "hit@10": "hit@10", "ndcg@10": "nDCG@10", "mrr": "MRR"}


def _by_name(code: str) -> str:
    return sort_key(current_language().country(code))


def heat(number: int, most: int) -> int:
    """Step of a colour scale, from 0 for none to 5 for the most."""
    return 0 if not number else min(5, 1 + int(5 * (number - 1) / max(most, 1)))
