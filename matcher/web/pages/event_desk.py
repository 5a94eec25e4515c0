"""The desk of the staff for events: pages that hold nothing until their reader gives a token."""

import re
from datetime import UTC, datetime
from typing import get_args
from zoneinfo import ZoneInfo, available_timezones

from flask import Blueprint, abort, render_template

from matcher.events import bounds
from matcher.events.board import BoardLinks, board
from matcher.events.event import ROLES, WISH_KINDS, PlaceKind
from matcher.events.headings import COLUMNS, DESCRIBED
from matcher.events.repository import Meetings
from matcher.i18n.message import Message
from matcher.web.http.context import current_database, keep_private
from matcher.web.pages import words

event_desk = Blueprint("event_desk", __name__)
event_desk.after_request(keep_private)
_ID = re.compile(r"[a-z0-9-]{1,120}")
_REGIONS = ("Europe/", "Asia/")
_TITLES = {
    "participants": Message("Participants"),
    "presence": Message("When they are there"),
    "wishes": Message("Wishes"),
}


@event_desk.get("/staff/events")
def events() -> str:
    """All events, and the form for a new one."""
    return render_template("events.html", zones=_zones(), bounds=bounds, **_tables())


@event_desk.get("/staff/events/<event_id>")
def event(event_id: str) -> str:
    """One event: who, where and when; its schedule, its agendas, and what came of it."""
    if not _ID.fullmatch(event_id):
        abort(404)
    return render_template(
        "event.html",
        event_id=event_id,
        zones=_zones(),
        wishes=WISH_KINDS,
        kinds=get_args(PlaceKind),
        bounds=bounds,
        **_tables(),
    )


def _tables() -> dict[str, object]:
    """What the tables of a file may hold."""
    more = [field for field in DESCRIBED if field not in COLUMNS["participants"]]
    return {
        "tables": COLUMNS,
        "titles": _TITLES,
        "described": {field: words.COLUMNS[field] for field in more},
        "roles": ROLES,
    }


@event_desk.get("/staff/events/<event_id>/check-in")
def check_in(event_id: str) -> str:
    """Who has arrived, for helpers with a phone."""
    if not _ID.fullmatch(event_id):
        abort(404)
    return render_template("check_in.html", event_id=event_id)


@event_desk.get("/board/<board_key>")
def wall(board_key: str) -> str:
    """Who sits where, for a screen on the wall: it reads itself again, without scripts or login."""
    database = current_database()
    stored, now = (
        Meetings(database).get(BoardLinks(database).event_id(board_key)),
        datetime.now(UTC),
    )
    turns = board(stored.event, stored.schedule, now) if stored.schedule else ()
    clock = now.astimezone(ZoneInfo(stored.event.zone))
    return render_template("board.html", event=stored.event, turns=turns, now=clock)


def _zones() -> list[str]:
    """Time zones to offer; any other can be typed."""
    return sorted(zone for zone in available_timezones() if zone.startswith(_REGIONS))
