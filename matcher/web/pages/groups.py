"""Groups of several clusters: the builder, whose address holds all conditions, and saved groups."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Redirect

from matcher.documents.group_brief import group_brief_pdf
from matcher.errors import (
    AmbiguousNameError,
    ClusterNotFoundError,
    ConflictError,
    InvalidInputError,
    MatcherError,
)
from matcher.introductions.grouped import (
    draft_introductions,
    replacements,
    stand_ins,
    standings_of,
)
from matcher.introductions.papers import group_brief
from matcher.matching.words import trade_name
from matcher.planning.calls import Calls
from matcher.planning.groups import ROLE_TITLES, Group, GroupAnswer, why_not
from matcher.planning.groups.conditions import Conditions
from matcher.planning.groups.saved import SavedGroup
from matcher.profiles.places import find_places
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.trades import trades
from matcher.web.api.group_queries import (
    CONDITIONS,
    PARAMETER_NAMES,
    conditions_of,
    described_in,
    groups_for,
    is_draft,
    save_group,
    saved_groups,
)
from matcher.web.api.staff import entered
from matcher.web.http.authorisation import only_for
from matcher.web.http.context import (
    cluster_named,
    current_database,
    current_matcher,
    name_of,
    today,
)
from matcher.web.http.exports import attachment
from matcher.web.http.languages import current_language
from matcher.web.http.parameters import known_values
from matcher.web.pages.addresses import public_address
from matcher.web.pages.askers import asker_with
from matcher.web.pages.markers import picture
from matcher.web.pages.shared import choices, member_countries

groups = Blueprint("groups", __name__)
_DEFAULTS = Conditions()
_WRONG = (InvalidInputError, ClusterNotFoundError, AmbiguousNameError)
"""What the reader of a form can set right."""


@groups.get("/groups")
def builder() -> str | Redirect | tuple[str, int]:
    """Show the form and the groups that satisfy its conditions."""
    given = known_values(request.args, CONDITIONS)
    if key := request.args.get("call", "")[:100]:
        return redirect(url_for("groups.builder", **_with_call(given, key)), 303)
    if not _begun(given):
        return _builder_page(given)
    try:
        asked = conditions_of(given)
        answer = groups_for(asked, described_in(asked)) if asked.has_topic else None
        return _builder_page(given, answer, told=_why_not(asked))
    except _WRONG as error:
        return _builder_page(given, error=error), _status(error)


@groups.post("/groups")
def save() -> Redirect | tuple[str, int]:
    """Save one of the groups that were shown, under an address of its own."""
    given = known_values(request.form, CONDITIONS)
    try:
        key = save_group(conditions_of(given), request.form.getlist("chosen")[:20])
    except _WRONG as error:
        return _builder_page(given, error=error), _status(error)
    return redirect(url_for("groups.saved", group_key=key), 303)


@groups.get("/groups/<group_key>")
def saved(group_key: str) -> str:
    """Show a saved group to whoever has its address."""
    return _saved_page(saved_groups().get(group_key))


@groups.get("/groups/<group_key>/brief.pdf")
def brief(group_key: str) -> Response:
    """Show the brief for all members of a saved group."""
    group = saved_groups().get(group_key)
    made = group_brief(current_matcher(), group, today(), current_language().code)
    return attachment(group_brief_pdf(made), "group.pdf")


@groups.get("/staff/groups/<group_key>")
@only_for("staff")
def standing(group_key: str) -> str:
    """Show staff how far each member is, and who could replace one that declined."""
    return _staff_page(saved_groups().get(group_key))


@groups.post("/staff/groups/<group_key>")
@only_for("staff")
def draft(group_key: str) -> Redirect | tuple[str, int]:
    """Draft the introductions that a group needs."""
    group, purpose = saved_groups().get(group_key), request.form.get("purpose", "")[:300]
    try:
        with entered("draft introductions", f"group {group.key}") as outcome:
            drafted = draft_introductions(current_matcher(), group, purpose=purpose, on=today())
            outcome.text = f"{len(drafted)} introductions"
    except (InvalidInputError, ConflictError) as error:
        return _staff_page(group, error), 422
    return redirect(url_for("groups.standing", group_key=group.key), 303)


@groups.post("/staff/groups/<group_key>/members")
@only_for("staff")
def replace(group_key: str) -> Redirect | tuple[str, int]:
    """Put another cluster in the place of a member."""
    group = saved_groups().get(group_key)
    leaves, comes = (request.form.get(name, "")[:120] for name in ("leaves", "comes"))
    try:
        with entered("replace member", f"group {group.key}: {leaves}, {comes}"):
            saved_groups().replace(group, leaves, cluster_named(comes).id)
    except (*_WRONG, ConflictError) as error:
        return _staff_page(group, error), 422
    return redirect(url_for("groups.standing", group_key=group.key), 303)


def _begun(given: MultiDict[str, str]) -> bool:
    return bool({"member", "topic", "trade", "ecosystem"} & given.keys())


def _with_call(given: MultiDict[str, str], key: str) -> dict[str, Any]:
    """Parameters of the builder under the conditions of a call, for the same members."""
    asked = Calls(current_database()).get(key).asked
    topic = {"topic": given["topic"]} if "topic" in given else {}
    return {**_parameters(asked), **topic, "member": given.getlist("member")}


def _parameters(asked: Conditions) -> dict[str, Any]:
    """Write conditions as the builder's address states them."""
    values = asked.model_dump(mode="json", exclude_defaults=True)
    return {PARAMETER_NAMES[field]: value for field, value in values.items()}


def _why_not(asked: Conditions) -> tuple[str, ...]:
    name = request.args.get("why_not", "").strip()[:300]
    if not name or not asked.has_topic:
        return ()
    cluster = cluster_named(name)
    told = why_not(current_matcher(), asked, cluster.id, described=described_in(asked))
    return tuple(current_language().say(sentence) for sentence in told)


def _status(error: MatcherError) -> int:
    return 404 if isinstance(error, ClusterNotFoundError) else 422


def _builder_page(
    given: MultiDict[str, str],
    answer: GroupAnswer | None = None,
    *,
    told: tuple[str, ...] = (),
    error: MatcherError | None = None,
) -> str:
    say = current_language().say
    shown = answer.groups[0] if answer and answer.groups else None
    return render_template(
        "groups.html",
        given=given,
        answer=answer,
        defaults=_DEFAULTS,
        told=told,
        error=error,
        calls=Calls(current_database()).open(today()),
        picture=_picture([seat.cluster for seat in shown.seats]) if shown else None,
        name_of=_called,
        named=_named(given) if answer else [],
        described=[one for one in given.getlist("member") if is_draft(one)],
        trade_title=_trade_title,
        changed=partial(_address, given),
        swapping=swapping,
        role_choices=[(role, say(title)) for role, title in ROLE_TITLES.items()],
        **choices(),
    )


def _address(given: MultiDict[str, str], changes: Mapping[str, list[str]]) -> str:
    """Address of the builder under changed conditions: parameter -> all its values."""
    values: dict[str, Any] = given.to_dict(flat=False)
    return url_for("groups.builder", **{**values, **changes})


def swapping(group: Group, leaves: str, comes: str) -> dict[str, list[str]]:
    """Conditions under which a group keeps its members, but for one that is exchanged."""
    members = [comes if one == leaves else one for one in group.ids]
    size = str(len(members))
    return {"member": members, "at_least": [size], "at_most": [size]}


def _named(given: MultiDict[str, str]) -> list[str]:
    """Countries that the topic names and no condition asks for."""
    named = dict.fromkeys(place.country for place in find_places(given.get("topic", "")))
    asked = {*given.getlist("must_country"), *given.getlist("only_country")}
    return [code for code in member_countries() if code in named and code not in asked]


def _called(member: str) -> str:
    return asker_with(member).name if is_draft(member) else name_of(member)


def _trade_title(trade: str) -> str:
    """Name a trade in the reader's language; what is none stays as it is."""
    return current_language().say(trade_name(trade)) if trade in trades() else trade


def _picture(members: list[ClusterProfile]) -> Any:
    return picture(members[0], members[1:])


def _members(group: SavedGroup) -> list[ClusterProfile]:
    found = map(current_matcher().get, group.members)
    return [one for one in found if one is not None and one.visibility == "public"]


def _saved_page(group: SavedGroup) -> str:
    members = _members(group)
    made = group_brief(current_matcher(), group, today(), current_language().code)
    return render_template(
        "group.html",
        group=group,
        shown=list(zip(members, made.members, strict=True)),
        brief=made,
        change={**_parameters(group.asked), "member": list(group.members)},
        picture=_picture(members) if members else None,
        address=public_address("groups.saved", group_key=group.key),
    )


def _staff_page(group: SavedGroup, error: MatcherError | None = None) -> str:
    standings = standings_of(current_matcher(), group)
    offers = {
        one.cluster_id: stand_ins(replacements(current_matcher(), group, one.cluster_id))
        for one in standings
        if one.lost
    }
    return render_template(
        "staff_group.html",
        group=group,
        standings=standings,
        offers=offers,
        error=error,
    )
