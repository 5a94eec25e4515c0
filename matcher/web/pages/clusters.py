"""The page of a cluster: who it is, and with whom it could work."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.matching.query import PartnerQuery
from matcher.matching.recommendation import KnownLink, PairExplanation
from matcher.matching.words import trade_name
from matcher.profiles.completeness import completeness
from matcher.profiles.meaning import Meaning
from matcher.profiles.profile import ClusterProfile, Origin
from matcher.web.http.context import cluster_with_id, current_matcher, listed, today
from matcher.web.http.languages import current_language
from matcher.web.pages.addresses import public_address
from matcher.web.pages.askers import Asker, viewer
from matcher.web.pages.markers import picture
from matcher.web.pages.state import is_partner_list

clusters = Blueprint("clusters", __name__)
_PARTNERS = 3
_TRADES = 12
_OLD_YEARS = 3
_SUMMARY = 300
_MEMBERS = ("members_sme", "members_large", "members_research", "members_public")
_FACTS = (
    *("kind", "founded", "label", "label_year", "region", "employees_represented"),
    *("target_countries", "languages", "nace"),
)


class Partner(NamedTuple):
    """A cluster of documented links, and what documents them."""

    cluster: ClusterProfile
    links: Sequence[KnownLink]


@dataclass(frozen=True, slots=True)
class Certainty:
    """How far a reader may trust a page.

    Attributes
    ----------
    complete
        How complete the profile is, in [0, 1].
    old
        Age of the facts in years, where that is much.
    told
        Who else than public pages says something -> the fields of it.
    sources
        Address and host of each page that was read.
    """

    complete: float
    old: int | None
    told: Mapping[Origin, Sequence[str]]
    sources: Sequence[tuple[str, str]]


@clusters.get("/clusters/<cluster_id>")
def of(cluster_id: str) -> str | Response:
    """Who a cluster is; the former address of its partners leads on to them."""
    cluster = cluster_with_id(cluster_id)
    asker = viewer()
    if is_partner_list(request.args):
        return redirect(_partners_address(cluster), 308)
    found = current_matcher().recommend(PartnerQuery(cluster=cluster.id, k=_PARTNERS)).partners
    partners = list(zip(found, listed(partner.id for partner in found), strict=True))
    return render_template(
        "cluster.html",
        cluster=cluster,
        partners=partners,
        picture=picture(cluster, [one for _, one in partners]),
        trades=_meaning(cluster).trades[:_TRADES],
        links=_links(cluster),
        asker=asker,
        pair=_pair(asker, cluster),
        sure=_certainty(cluster),
        facts=[field for field in _FACTS if getattr(cluster, field)],
        members=[field for field in _MEMBERS if getattr(cluster, field) is not None],
        address=public_address("clusters.of", cluster_id=cluster.id),
        summary=_summary(cluster),
        organisation=_organisation(cluster),
    )


def _partners_address(cluster: ClusterProfile) -> str:
    """Address of the partners under the conditions of this request, each as it was sent."""
    path = url_for("partners.of_cluster", cluster_id=cluster.id).partition("?")[0]
    return f"{path}?{request.query_string.decode('latin-1')}"


def _meaning(cluster: ClusterProfile) -> Meaning:
    corpus = current_matcher().snapshot.corpus
    return corpus.meanings[corpus.row_of[cluster.id]]


def _links(cluster: ClusterProfile) -> list[Partner]:
    """Documented links with public clusters, those with most first."""
    found = current_matcher().links.of(cluster.id)
    partners = [Partner(one, found[one.id]) for one in listed(found)]
    return sorted(partners, key=lambda partner: (-len(partner.links), partner.cluster.name))


def _pair(asker: Asker | None, cluster: ClusterProfile) -> PairExplanation | None:
    """Why the two of them, where somebody else looks."""
    if asker is None or asker.key == cluster.id:
        return None
    return current_matcher().explain(asker.subject, cluster.id)


def _certainty(cluster: ClusterProfile) -> Certainty:
    told: defaultdict[Origin, list[str]] = defaultdict(list)
    for field in ClusterProfile.model_fields:
        if cluster.origin(field) != "public_page":
            told[cluster.origin(field)].append(field)
    age = today().year - cluster.as_of if cluster.as_of else 0
    return Certainty(
        completeness(cluster).share,
        age if age >= _OLD_YEARS else None,
        told,
        [(source, urlsplit(source).hostname or source) for source in cluster.sources],
    )


def _summary(cluster: ClusterProfile) -> str:
    """The beginning of the description, as search engines and messengers show it."""
    text = " ".join((cluster.description or cluster.name).split())
    return text if len(text) <= _SUMMARY else text[: _SUMMARY - 1].rsplit(" ", 1)[0] + "…"


def _organisation(cluster: ClusterProfile) -> dict[str, Any]:
    """The cluster in the words of schema.org; unknown is left out."""
    said = {
        "@id": public_address("clusters.of", cluster_id=cluster.id),
        "name": cluster.name,
        "alternateName": [name for name in (cluster.native_name, cluster.acronym) if name],
        "description": cluster.description,
        "url": cluster.website,
        "foundingDate": str(cluster.founded) if cluster.founded else None,
        "address": _dropping_unknown(
            {
                "@type": "PostalAddress",
                "addressLocality": cluster.city,
                "addressRegion": cluster.region,
                "addressCountry": cluster.country,
            }
        ),
        "location": _location(cluster),
        "knowsAbout": [
            current_language().say(trade_name(shown.trade)) for shown in _meaning(cluster).trades
        ][:_TRADES],
    }
    about = {"@context": "https://schema.org", "@type": "Organization", **said}
    return _dropping_unknown(about)


def _location(cluster: ClusterProfile) -> dict[str, Any] | None:
    if cluster.lat is None:
        return None
    geo = {"@type": "GeoCoordinates", "latitude": cluster.lat, "longitude": cluster.lon}
    return {"@type": "Place", "geo": geo}


def _dropping_unknown(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, [], "")}
