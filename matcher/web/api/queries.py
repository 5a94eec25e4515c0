"""The queries that an address can express, shared by the API and the pages."""

from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from matcher.matching.directory import DirectoryQuery
from matcher.matching.features import GROUP_TITLES
from matcher.matching.purposes import FORMER
from matcher.matching.query import Filters, PartnerQuery
from matcher.profiles.taxonomy import countries, ecosystems, nace_divisions
from matcher.profiles.trades import trades
from matcher.web.http.parameters import Parameter, parameters_of

_SINGULAR = {
    "countries": "country",
    "ecosystems": "ecosystem",
    "kinds": "kind",
    "labels": "label",
    "technologies": "technology",
}
_CHOICES = {"countries": countries(), "ecosystems": ecosystems(), "nace": nace_divisions()}


def _filter_parameters(under: str, prefix: str = "") -> tuple[Parameter, ...]:
    names = {field: prefix + _SINGULAR.get(field, field) for field in Filters.model_fields}
    return parameters_of(Filters, names, under=(under,), choices=_CHOICES)


def _plain_parameters(model: type[BaseModel], *fields: str) -> tuple[Parameter, ...]:
    return parameters_of(model, dict(zip(fields, fields, strict=True)))


def _weight_parameters() -> tuple[Parameter, ...]:
    schema = PartnerQuery.model_json_schema()["properties"]["weights"]["additionalProperties"]
    return tuple(
        Parameter(f"weight.{name}", ("weights", name), schema, False, f"Multiplier on: {title}.")
        for name, title in GROUP_TITLES.items()
    )


def current_names(given: MultiDict[str, str]) -> MultiDict[str, str]:
    """Rename weights of earlier versions; where several became one, the last counts."""
    renamed: MultiDict[str, str] = MultiDict()
    for name, value in given.items(multi=True):
        kind, _, former = name.partition(".")
        if kind == "weight" and former in FORMER:
            renamed[f"weight.{FORMER[former]}"] = value
        else:
            renamed.add(name, value)
    return renamed


CLUSTER_PARAMETERS = (
    *_plain_parameters(DirectoryQuery, "q", "group"),
    *_filter_parameters("filters"),
    *parameters_of(
        DirectoryQuery,
        {"trades": "trade", "sizes": "size", "freshness": "freshness"},
        choices={"trades": trades()},
    ),
    *_plain_parameters(DirectoryQuery, "sort", "limit", "offset"),
)
PAIR_PARAMETERS = (*_plain_parameters(PartnerQuery, "intent"), *_weight_parameters())
PARTNER_PARAMETERS = (
    *_plain_parameters(PartnerQuery, "k", "scope", "same_country", "diversity"),
    *PAIR_PARAMETERS,
    *_filter_parameters("filters"),
    *_filter_parameters("none_of", prefix="not_"),
    *_plain_parameters(PartnerQuery, "known_to_us", "not_for_us", "new_only"),
    *_plain_parameters(PartnerQuery, "include_weak", "include_suspended"),
)
