"""Who can take which role in a group, by what profiles and documented partnerships state."""

from collections.abc import Callable, Mapping

import numpy as np

from matcher.i18n.message import Message
from matcher.matching.columns import KIND, LABEL, Bools
from matcher.matching.corpus import Corpus
from matcher.matching.links import KnownLinks
from matcher.matching.topics import bits
from matcher.planning.groups.conditions import Role
from matcher.profiles.needs import NeedKind
from matcher.profiles.profile import LABELS, Kind

_PROJECTS = {"consortium", "project"}


def _coordinators(corpus: Corpus, links: KnownLinks) -> Bools:
    """Have a label, or took part in a documented project."""
    experienced = [
        any(link.kind in _PROJECTS for found in links.of(key).values() for link in found)
        for key in corpus.ids
    ]
    return LABEL.among(corpus.columns.label, LABELS) | np.array(experienced, dtype=np.bool_)


def _researchers(corpus: Corpus, _links: KnownLinks) -> Bools:
    """Are technology parks, or offer technology or facilities."""
    return _of_kind(corpus, "technology_park") | _offering(corpus, "technology", "facilities")


def _firms(corpus: Corpus, _links: KnownLinks) -> Bools:
    """Unite firms."""
    return _of_kind(corpus, "cluster", "business_association")


def _spreaders(corpus: Corpus, _links: KnownLinks) -> Bools:
    """Reach many others, or offer visibility."""
    wide = _of_kind(corpus, "cluster_network", "business_association", "public_agency")
    return wide | _offering(corpus, "visibility")


def _of_kind(corpus: Corpus, *kinds: Kind) -> Bools:
    return KIND.among(corpus.columns.kind, kinds)


def _offering(corpus: Corpus, *kinds: NeedKind) -> Bools:
    return corpus.topics.offers.any_of(np.uint16(bits(kinds)))


ROLES: Mapping[Role, Callable[[Corpus, KnownLinks], Bools]] = {
    "coordinator": _coordinators,
    "research": _researchers,
    "smes": _firms,
    "dissemination": _spreaders,
}
ROLE_TITLES: Mapping[Role, Message] = {
    "coordinator": Message("coordination"),
    "research": Message("research"),
    "smes": Message("small firms"),
    "dissemination": Message("dissemination"),
}
