"""Routes for groups of several clusters: build, save, introduce, replace a member."""

from dataclasses import dataclass
from typing import Annotated, Any

from flask import Blueprint, request
from pydantic import Field

from matcher.introductions.grouped import (
    Standing,
    draft_introductions,
    replacements,
    stand_ins,
    standings_of,
)
from matcher.planning.groups import why_not
from matcher.planning.groups.conditions import DESCRIBED, LARGEST, SMALLEST, Conditions
from matcher.planning.groups.report import GroupsReport, groups_json
from matcher.planning.groups.saved import SavedGroup
from matcher.planning.named import Named
from matcher.profiles.profile import DraftProfile
from matcher.web.api import staff
from matcher.web.api.group_queries import (
    GROUP_PARAMETERS,
    conditions_of,
    described_in,
    groups_for,
    save_group,
    saved_groups,
    with_ids,
)
from matcher.web.http.context import (
    cluster_named,
    current_matcher,
    name_of,
    today,
)
from matcher.web.http.languages import current_language
from matcher.web.http.operations import Operation
from matcher.web.http.parameters import Parameter
from matcher.web.http.validation import Given

groups = Blueprint("groups_api", __name__, url_prefix="/api/v1")
Name = Annotated[str, Field(min_length=1, max_length=300)]
_EXAMPLE = ["md-ua-wine-byproducts", "es-innovi", "pt-advid"]
_CLUSTER = Parameter(
    "cluster", ("cluster",), {"type": "string", "maxLength": 300}, False, "Name or id; needed."
)
_FINDS = (
    *("invalid-input", "cluster-not-found", "ambiguous-name"),
    *("not-found", "model-unavailable"),
)


class GroupWish(Given):
    """A cluster that is not registered and leads the group, and the conditions of the group."""

    profile: DraftProfile
    conditions: Conditions = Conditions()


class Choice(Given):
    """A group to save: its members by name or id, the first one leads, and what it is for."""

    members: tuple[Name, ...] = Field(min_length=SMALLEST, max_length=LARGEST)
    conditions: Conditions = Conditions()


class Purpose(Given):
    """What the introductions of a group are for, in one line that both sides read."""

    purpose: str = Field(min_length=1, max_length=300)


class Exchange(Given):
    """A member that leaves, and the cluster that takes its place; by name or id."""

    leaves: Name
    comes: Name


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved group; `key` names it in addresses."""

    key: str
    conditions: Conditions
    members: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class StandingAnswer:
    """How far a member is, and the number of its introduction to the one that leads."""

    id: str
    name: str
    standing: Standing
    agreed: bool
    introduction: int | None


@dataclass(frozen=True, slots=True)
class StandingsAnswer:
    """How far each member of a group is; the introductions that were drafted just now."""

    key: str
    members: tuple[StandingAnswer, ...]
    drafted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StandIns:
    """Who could take a member's place, the best first, or conditions that leave nobody."""

    stand_ins: tuple[Named, ...]
    conflict: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhyNotGroup:
    """Why a cluster is not in the best group."""

    sentences: tuple[str, ...]


@groups.get("/groups")
@Operation(GroupsReport, parameters=GROUP_PARAMETERS, problems=_FINDS)
def build() -> dict[str, Any]:
    """Groups of several clusters that satisfy conditions.

    The three best that differ by two members at least, each of most value among the best 60
    candidates. Every condition holds exactly; where none can, `conflict` says which ones cannot
    hold together.
    """
    asked = conditions_of(request.args)
    return groups_json(groups_for(asked, described_in(asked)))


@groups.post("/groups:build")
@Operation(
    GroupsReport,
    problems=_FINDS,
    example={
        "profile": {
            "country": "MD",
            "description": "We unite 30 small wineries of the Codru hills.",
        },
        "conditions": {"eu_countries": 2},
    },
)
def build_for_draft(wish: GroupWish) -> dict[str, Any]:
    """Groups led by a cluster that is not registered.

    The same for a profile; its member is called `described`.
    """
    known = with_ids(wish.conditions)
    described = {DESCRIBED: wish.profile, **described_in(known)}
    return groups_json(groups_for(known.led_by(DESCRIBED), described))


@groups.get("/groups:why-not")
@Operation(parameters=(*GROUP_PARAMETERS, _CLUSTER), problems=_FINDS)
def why_not_in() -> WhyNotGroup:
    """Why a cluster is not in the best group.

    The conditions that it fails, or what a group with it would lose.
    """
    given = request.args.copy()
    cluster = cluster_named(given.pop("cluster", ""))
    say = current_language().say
    asked = conditions_of(given)
    told = why_not(current_matcher(), asked, cluster.id, described=described_in(asked))
    return WhyNotGroup(tuple(map(say, told)))


@groups.post("/groups")
@Operation(
    Saved,
    problems=("store-unavailable", "cluster-not-found", "ambiguous-name"),
    example={"members": _EXAMPLE, "conditions": {"topic": "wine tourism"}},
)
def save(choice: Choice) -> dict[str, object]:
    """Save a group under an address of its own.

    For as long as a described cluster is kept, or for good once introductions are drafted.
    """
    return _told(saved_groups().get(save_group(choice.conditions, choice.members)))


@groups.get("/groups/<group_key>")
@Operation(Saved, problems=("not-found",))
def one(group_key: str) -> dict[str, object]:
    """One saved group."""
    return _told(saved_groups().get(group_key))


@groups.get("/groups/<group_key>/introductions")
@Operation(scope=staff.SCOPE)
def introductions(group_key: str) -> StandingsAnswer:
    """How far each member of a group is."""
    return _standings(saved_groups().get(group_key))


@groups.post("/groups/<group_key>/introductions")
@Operation(
    problems=("conflict",),
    example={"purpose": "A group for a call on wine tourism"},
    scope=staff.SCOPE,
)
def draft(wish: Purpose, group_key: str) -> StandingsAnswer:
    """Draft the introductions that a group needs.

    One for each member that the first one does not know; one under way is used as it is. Nobody
    is asked by this.
    """
    group = saved_groups().get(group_key)
    with staff.entered("draft introductions", f"group {group.key}") as outcome:
        drafted = draft_introductions(current_matcher(), group, purpose=wish.purpose, on=today())
        outcome.text = f"{len(drafted)} introductions"
    return _standings(group, drafted)


@groups.get("/groups/<group_key>/members/<cluster_id>/stand-ins")
@Operation(problems=("invalid-input",), scope=staff.SCOPE)
def replacing(group_key: str, cluster_id: str) -> StandIns:
    """Who could take a member's place.

    So that the conditions of the group still hold; nobody who declined the first member.
    """
    answer = replacements(current_matcher(), saved_groups().get(group_key), cluster_id)
    found = tuple(map(Named.of, stand_ins(answer)))
    return StandIns(found, tuple(map(current_language().say, answer.conflict)))


@groups.post("/groups/<group_key>/members")
@Operation(
    problems=("conflict", "cluster-not-found", "ambiguous-name"),
    example={"leaves": _EXAMPLE[1], "comes": "fr-innovin"},
    scope=staff.SCOPE,
)
def replace(wish: Exchange, group_key: str) -> StandingsAnswer:
    """Put another cluster in a member's place."""
    group = saved_groups().get(group_key)
    leaves, comes = cluster_named(wish.leaves).id, cluster_named(wish.comes).id
    with staff.entered("replace member", f"group {group.key}: {leaves}, {comes}"):
        saved_groups().replace(group, leaves, comes)
    return _standings(saved_groups().get(group_key))


def _told(group: SavedGroup) -> dict[str, object]:
    return {
        "key": group.key,
        "conditions": group.asked.model_dump(mode="json", exclude_defaults=True),
        "members": [_named(member) for member in group.members],
    }


def _named(key: str) -> Named:
    return Named(key, name_of(key), key[:2].upper())


def _standings(group: SavedGroup, drafted: tuple[int, ...] = ()) -> StandingsAnswer:
    members = tuple(
        StandingAnswer(
            one.cluster_id,
            name_of(one.cluster_id),
            one.standing,
            one.agreed,
            one.introduction,
        )
        for one in standings_of(current_matcher(), group)
    )
    return StandingsAnswer(group.key, members, drafted)
