"""Column headings in their usual spellings, and the field each stands for."""

from collections.abc import Mapping
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz import fuzz, process

from matcher.profiles.profile import ClusterProfile

_ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("identifier", "cluster id", "key"),
    "name": (
        "cluster",
        "cluster name",
        "name of cluster",
        "name of the cluster",
        "english name",
        "name in English",
        "organisation",
        "organization",
        "organisation name",
        "organization name",
    ),
    "native_name": ("original name", "local name", "name in own language", "own-language name"),
    "acronym": ("abbreviation", "short name"),
    "country": ("country code", "ISO", "ISO code", "ISO2", "ISO 3166"),
    "region": ("province", "oblast", "state"),
    "nuts2": ("NUTS", "NUTS 2 code", "NUTS code"),
    "city": ("town", "seat", "location", "headquarters"),
    "lat": ("latitude",),
    "lon": ("longitude", "long", "lng"),
    "website": ("web", "web site", "web page", "web address", "URL", "homepage", "site", "link"),
    "founded": (
        "established",
        "founded in",
        "established in",
        "year founded",
        "year of foundation",
        "year established",
        "year of establishment",
        "foundation year",
        "founding year",
        "start year",
    ),
    "kind": ("type", "type of organisation", "organisation type", "cluster type"),
    "members_total": (
        "members",
        "number of members",
        "total members",
        "no. of members",
        "member count",
    ),
    "members_sme": ("SME", "SMEs", "SME members", "number of SMEs", "small and medium enterprises"),
    "members_large": ("large companies", "large firms", "large members", "large enterprises"),
    "members_research": (
        "research members",
        "research organisations",
        "research institutions",
        "universities",
    ),
    "members_public": ("public members", "public bodies", "public authorities"),
    "employees_represented": ("employees", "number of employees", "employees in member companies"),
    "label": ("excellence label", "cluster label", "quality label", "ECEI label", "label level"),
    "label_year": ("year of label", "label awarded"),
    "ecosystems": (
        "ecosystem",
        "sector",
        "sectors",
        "industry",
        "industrial ecosystem",
        "industrial ecosystems",
    ),
    "nace": ("NACE code", "NACE codes", "NACE division", "NACE divisions", "NACE Rev. 2"),
    "technologies": ("technology", "technology areas", "technology fields", "key technologies"),
    "services": ("service", "services to members", "services for members"),
    "offers": ("offer", "what we offer", "we offer", "offering", "offered"),
    "seeks": ("seek", "need", "needs", "looking for", "what we seek", "we seek", "seeking"),
    "target_countries": (
        "target country",
        "target markets",
        "countries of interest",
        "markets",
        "international targets",
    ),
    "languages": ("language", "working languages"),
    "description": ("about", "about us", "summary", "short description", "profile"),
    "management_fte": ("FTE", "management FTE", "staff FTE", "full-time equivalents", "staff"),
    "recognised_programme": ("recognized programme", "recognised by programme", "recognised"),
    "english_site": ("English website", "English web site", "website in English"),
    "legal_form": ("legal status", "legal entity type"),
    "registered_in": ("region of registration", "place of registration"),
    "owner_country_over_50": ("owner country", "majority owner country"),
    "opt_in_countries": ("opt-in countries",),
    "intents": ("intent", "purpose", "purposes", "cooperation goals"),
    "capacity": ("introduction capacity", "introductions"),
    "visibility": ("visible to",),
    "as_of": ("data as of", "year of data", "facts as of"),
    "last_verified": ("verified", "verified on", "last checked", "date verified"),
    "sources": ("source", "reference", "references"),
}


def compact(text: str) -> str:
    """Letters and digits alone, in small ASCII: what two spellings of a word share."""
    return "".join(char for char in anyascii(text).casefold() if char.isalnum())


@lru_cache(maxsize=1)
def _fields() -> Mapping[str, str]:
    table = {compact(alias): field for field, words in _ALIASES.items() for alias in words}
    return table | {compact(field): field for field in ClusterProfile.model_fields}


def field_of(column: str) -> str | None:
    """Field that a column heading stands for; case, accents, spaces and signs do not matter."""
    return _fields().get(compact(column))


def nearest_field(column: str) -> str | None:
    """Field whose usual headings look most like `column`, or ``None`` if none is near."""
    match = process.extractOne(
        compact(column), _fields().keys(), scorer=fuzz.ratio, score_cutoff=65
    )
    return _fields()[match[0]] if match else None
