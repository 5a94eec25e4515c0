"""Which clusters may be suggested at all: scope, filters and exclusions, as one truth vector."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from matcher.matching.columns import COUNTRIES, ECOSYSTEMS, KIND, LABEL, NACE, Bools
from matcher.matching.corpus import Corpus
from matcher.matching.query import Filters, PartnerQuery, Scope
from matcher.profiles.profile import DraftProfile
from matcher.profiles.taxonomy import country_group
from matcher.readiness.cautions import suspended

SCOPE_TITLES: Mapping[Scope, str] = MappingProxyType(
    {"eu": "the EU", "eap": "the Eastern Partnership", "all": "both sides"}
)


def default_scope(asker: DraftProfile) -> Scope:
    """The other side of the programme: the Eastern Partnership for the EU, else the EU."""
    return "eap" if asker.group == "EU" else "eu"


def eligible(corpus: Corpus, asker: DraftProfile, query: PartnerQuery, linked: Bools) -> Bools:
    """Truth vector over the corpus: whether a cluster may be suggested to the asker.

    Parameters
    ----------
    corpus
        The n clusters to choose from.
    asker
        Who asks; never suggested to itself.
    query
        Scope, filters and exclusions; a missing scope means `default_scope`.
    linked
        (n,) clusters that share a documented partnership with the asker.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    columns = corpus.columns
    allowed = corpus.visible & _in_scope(corpus, query.scope or default_scope(asker))
    if asker.country and not query.same_country:
        allowed &= columns.country != COUNTRIES.code[asker.country]
    if not query.include_suspended:
        allowed &= ~_suspended(corpus, query)
    allowed &= meets(corpus, query.filters)
    for condition in _each_alone(query.none_of):
        allowed &= ~meets(corpus, condition)
    if query.new_only:
        allowed &= ~linked
    allowed &= ~corpus.rows_of({asker.id or "", *query.known_to_us, *query.not_for_us})
    return allowed


def why_not_eligible(asker: DraftProfile, partner: DraftProfile, query: PartnerQuery) -> str | None:
    """Say why a partner is not in the asker's list by default; ``None`` if it is."""
    scope = query.scope or default_scope(asker)
    if partner.visibility != "public":
        return "its profile is not public"
    if scope != "all" and str(partner.group).lower() != scope:
        return f"it is outside the scope asked for ({SCOPE_TITLES[scope]})"
    if suspended(partner.country) and not query.include_suspended:
        return "its country has suspended its part in the Eastern Partnership"
    if partner.country == asker.country and not query.same_country:
        return "it is in the same country"
    return None


def meets(corpus: Corpus, filters: Filters) -> Bools:
    """Truth vector: whether a cluster meets every condition of the filters."""
    columns = corpus.columns
    met = np.ones(len(corpus), dtype=np.bool_)
    if filters.countries:
        met &= COUNTRIES.among(columns.country, filters.countries)
    if filters.ecosystems:
        met &= ECOSYSTEMS.any_of(columns.ecosystem_bits, filters.ecosystems)
    if filters.nace:
        met &= NACE.any_of(columns.nace_bits, filters.nace)
    if filters.kinds:
        met &= KIND.among(columns.kind, filters.kinds)
    if filters.labels:
        met &= LABEL.among(columns.label, filters.labels)
    if filters.min_members is not None:
        met &= columns.members >= filters.min_members
    if filters.technologies:
        words = [word.casefold() for word in filters.technologies]
        met &= np.logical_or.reduce([corpus.mentioning(word) for word in words])
    return met


def _each_alone(filters: Filters) -> list[Filters]:
    """One filter for each condition: "none of" leaves out what meets any of them."""
    given = filters.model_dump(exclude_defaults=True)
    return [Filters.model_validate({name: value}) for name, value in given.items()]


def _suspended(corpus: Corpus, query: PartnerQuery) -> Bools:
    """Clusters of countries that have suspended their part, unless the filters ask for them."""
    away = [code for code in sorted(country_group("EaP")) if suspended(code)]
    return COUNTRIES.among(corpus.columns.country, set(away) - set(query.filters.countries))


def _in_scope(corpus: Corpus, scope: Scope) -> Bools:
    if scope == "all":
        return np.ones(len(corpus), dtype=np.bool_)
    members = country_group("EU" if scope == "eu" else "EaP")
    return COUNTRIES.among(corpus.columns.country, members)
