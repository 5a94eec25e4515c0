"""The directory: clusters found by a text and by facets, as a list, on a map, as a file."""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import numpy as np
from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from matcher.matching.directory import SORTS, Directory, DirectoryQuery
from matcher.profiles.io.formats import Format
from matcher.profiles.io.writers import write_profiles
from matcher.profiles.profile import ClusterProfile, DraftProfile
from matcher.web.api.queries import CLUSTER_PARAMETERS
from matcher.web.http.context import current_matcher
from matcher.web.http.exports import attachment
from matcher.web.http.parameters import known_values, read_query
from matcher.web.pages import words
from matcher.web.pages.addresses import public_address
from matcher.web.pages.markers import Picture, picture
from matcher.web.pages.shared import condition_words

directory = Blueprint("directory", __name__)
_KNOWN = frozenset(parameter.name for parameter in CLUSTER_PARAMETERS)
_SHOWN, _MOST_SHOWN = 6, 60
_MOST_IN_FILE = 5_000
_ORDERED = ("label", "size", "freshness")
"""Facets whose values have an order of their own."""


class Choice(NamedTuple):
    """A value of a facet: its words, how many clusters, and where a click on it leads."""

    title: str
    clusters: int
    address: str
    chosen: bool


class Facet(NamedTuple):
    """A facet: its title, the choices shown at once, and further ones."""

    title: str
    first: Sequence[Choice]
    more: Sequence[Choice]


@directory.get("/clusters")
def page() -> str:
    """Clusters by text and facets, with a map of all that were found."""
    given = known_values(request.args, _KNOWN)
    query = read_query(CLUSTER_PARAMETERS, given, DirectoryQuery)
    found = current_matcher().directory(query)
    shown = found.clusters[query.offset : query.offset + query.limit]
    return render_template(
        "directory.html",
        query=query,
        given=given,
        found=found,
        shown=shown,
        facets=[_facet(name, found, given) for name in words.FACETS],
        chips=_chips(given),
        picture=_picture(found, shown),
        sorts=SORTS,
        earlier=_turned(given, query, -1) if query.offset else None,
        later=_turned(given, query, 1)
        if query.offset + query.limit < len(found.clusters)
        else None,
        files=[(form.upper(), _address(given, form=form)) for form in ("csv", "xlsx")],
        address=public_address("directory.page"),
    )


@directory.get("/clusters.<any(csv, xlsx):form>")
def file(form: str) -> Response:
    """Show the same clusters, those of all pages, as a file."""
    given = known_values(request.args, _KNOWN)
    query = read_query(CLUSTER_PARAMETERS, given, DirectoryQuery)
    found = current_matcher().directory(query).clusters[:_MOST_IN_FILE]
    return attachment(write_profiles(found, cast(Format, form)), f"clusters.{form}")


def _address(given: MultiDict[str, str], **values: Any) -> str:
    endpoint = "directory.file" if "form" in values else "directory.page"
    return url_for(endpoint, **given.to_dict(flat=False) | values)


def _turned(given: MultiDict[str, str], query: DirectoryQuery, pages: int) -> str:
    """Address of the page before or after."""
    return _address(given, offset=max(query.offset + pages * query.limit, 0) or None)


def _facet(name: str, found: Directory, given: MultiDict[str, str]) -> Facet:
    chosen = given.getlist(name)
    counts = dict.fromkeys(chosen, 0) | dict(found.facets[name])
    values = list(counts)
    if name not in _ORDERED:
        values.sort(key=lambda value: -counts[value])
    values.sort(key=lambda value: value not in chosen)
    choices = [
        Choice(
            condition_words(name, value),
            counts[value],
            _toggled(given, name, value),
            value in chosen,
        )
        for value in values
    ]
    first = max(_SHOWN, len(chosen))
    return Facet(words.FACETS[name], choices[:first], choices[first:_MOST_SHOWN])


def _toggled(given: MultiDict[str, str], name: str, value: str) -> str:
    """Address with one condition more, or less where it is set; it begins at the first page."""
    kept = [item for item in given.items(multi=True) if item[0] != "offset"]
    pair = (name, value)
    changed = [item for item in kept if item != pair] if pair in kept else [*kept, pair]
    return _address(MultiDict(changed))


def _chips(given: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Words of each condition in force, and the address without it."""
    shown = (*words.FACETS, "group", "nace", "technology", "min_members")
    return [
        (condition_words(name, value), _toggled(given, name, value))
        for name, value in given.items(multi=True)
        if name in shown
    ]


def _picture(found: Directory, shown: Sequence[ClusterProfile]) -> Picture | None:
    """Those of the page with their numbers, all others as dots."""
    columns = current_matcher().snapshot.corpus.columns
    places = np.column_stack((columns.lat, columns.lon))[found.rows]
    known = places[~np.isnan(places).any(axis=1)]
    return picture(DraftProfile(), shown, beside=known.tolist())
