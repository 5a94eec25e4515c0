"""Titles of the fixed words of the domain, as the pages show them."""

from matcher.profiles.taxonomy import countries, ecosystems
from matcher.ranking.intents import INTENT_TITLES

INTENTS = INTENT_TITLES
SCOPES = {"eu": "European Union", "eap": "Eastern Partnership", "all": "Both"}
KINDS = {
    "cluster": "Cluster",
    "cluster_network": "Cluster network",
    "business_association": "Business association",
    "technology_park": "Technology park",
    "incubator_accelerator": "Incubator or accelerator",
    "innovation_hub": "Innovation hub",
    "public_agency": "Public agency",
}
LABELS = {"gold": "Gold label", "silver": "Silver label", "bronze": "Bronze label"}


def country_name(code: str) -> str:
    """English name of a country."""
    return countries()[code].name


def ecosystem_title(name: str) -> str:
    """Title of an industrial ecosystem."""
    return ecosystems()[name]
