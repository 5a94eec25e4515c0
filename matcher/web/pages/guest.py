"""The page of a participant of an event: opened by the link in a letter, without an account."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from rapidfuzz import fuzz, process
from werkzeug.wrappers import Response as Redirect

from matcher.accounts.tickets import TicketError
from matcher.documents.calendars import agenda_ics
from matcher.errors import ConflictError, InvalidInputError, MatcherError
from matcher.events.choices import hours, is_open, with_hours, with_wish
from matcher.events.event import ROLES, WISH_KINDS, WishKind
from matcher.events.guest_links import WithdrawnError, calendar_address
from matcher.events.guests import LATE, SOON, Guests, Visit
from matcher.events.refusals import REFUSALS
from matcher.events.settings import GUEST_ACTS
from matcher.i18n.languages import language
from matcher.profiles.names import plain
from matcher.web.http.context import current_matcher, current_settings, keep_private, listed, today
from matcher.web.http.exports import MEDIA_TYPES
from matcher.web.http.languages import current_language
from matcher.web.pages.accounts import MAX_SECRET
from matcher.web.pages.profiles import profile_facts

guest = Blueprint("guest", __name__)
guest.after_request(keep_private)
SUGGESTED = 8
_LIKE = 60


@guest.get("/participant")
def page() -> str | tuple[str, int]:
    """Show the meetings of a participant, and what it may do."""
    return _page(request.args.get("t", "")[:MAX_SECRET])


@guest.post("/participant")
def act() -> str | Redirect | tuple[str, int]:
    """Take what a participant does."""
    secret = request.form.get("t", "")[:MAX_SECRET]
    try:
        guests = current_guests()
        visit = guests.visit(guests.links.look(secret))
        take = _ACTS.get(request.form.get("act", ""))
        if take is None:
            raise InvalidInputError(REFUSALS["nothing"])
        take(guests, visit)
    except TicketError:
        return _page(secret)
    except (InvalidInputError, ConflictError) as error:
        shown = _page(secret, error)
        return shown if isinstance(shown, tuple) else (shown, 422)
    return redirect(url_for("guest.page", t=secret, done="1"), 303)


@guest.get("/participant.ics")
def calendar() -> Response:
    """The meetings of a participant, for a calendar program that reads them again and again."""
    guests = current_guests()
    secret = request.args.get("t", "")[:MAX_SECRET]
    visit = guests.visit(guests.links.look(secret, at="calendar"))
    agenda = guests.agenda(visit, language(visit.link.language), reasons=False)
    if agenda is None:
        raise ConflictError("There is no schedule yet: read this address again later.")
    content = agenda_ics(agenda, stamp=datetime.now(UTC), subscribed=True)
    return Response(content, content_type=MEDIA_TYPES["ics"])


def current_guests() -> Guests:
    """Return what participants of events do in this application."""
    return Guests(current_matcher(), current_settings().origin)


def _profile(guests: Guests, visit: Visit) -> None:
    given = request.form
    details: dict[str, object] = {
        "zone": given.get("zone", "")[:100].strip() or None,
        "delegates": tuple(role for role in ROLES if role in given.getlist("delegates")),
        "remote": "remote" in given,
    }
    guests.check(visit, details)


def _person(guests: Guests, visit: Visit) -> None:
    if not request.form.get("consent"):
        raise InvalidInputError(REFUSALS["consent"])
    name, position = (request.form.get(field, "")[:200] for field in ("name", "position"))
    guests.name_person(visit, name, position, today())


def _unname(guests: Guests, visit: Visit) -> None:
    key = request.form.get("person", "")
    if key.isdecimal():
        guests.unname(visit, int(key[:9]), today())


def _presence(guests: Guests, visit: Visit) -> None:
    lists = (request.form.getlist(name) for name in ("comes", "leaves"))
    given = list(zip(*lists, strict=False))
    guests.change(visit, "presence", lambda event: with_hours(event, visit.one, given))


def _wish(guests: Guests, visit: Visit) -> None:
    about, wish = (request.form.get(name, "")[:120] for name in ("about", "wish"))
    kinds: Mapping[str, WishKind] = {kind: kind for kind in WISH_KINDS}
    kind = kinds.get(wish)
    guests.change(visit, "wishes", lambda event: with_wish(event, visit.one, about, kind))


def _late(guests: Guests, visit: Visit) -> None:
    minutes = request.form.get("minutes", "")
    guests.late(visit, request.form.get("about", ""), int(minutes) if minutes.isdecimal() else 0)


def _feedback(guests: Guests, visit: Visit) -> None:
    given = request.form
    rating, again = given.get("rating", ""), given.get("again", "")
    guests.report(
        visit,
        given.get("about", ""),
        attended=given.get("attended") == "yes",
        rating=int(rating) if rating in "12345" and rating else None,
        again={"yes": True, "no": False}.get(again),
    )


_ACTS: Mapping[str, Callable[[Guests, Visit], None]] = {
    "profile": _profile,
    "person": _person,
    "unname": _unname,
    "presence": _presence,
    "wishes": _wish,
    "late": _late,
    "feedback": _feedback,
}


def _page(secret: str, error: MatcherError | None = None) -> str | tuple[str, int]:
    guests, now = current_guests(), datetime.now(UTC)
    try:
        visit = guests.visit(guests.links.look(secret))
    except TicketError as gone:
        withdrawn = isinstance(gone, WithdrawnError)
        return render_template("guest.html", gone=True, withdrawn=withdrawn), 410
    event, one = visit.event, visit.event.by_id.get(visit.one)
    opened = {name for name in GUEST_ACTS if visit.takes_part and is_open(event, name, now)}
    clusters = listed([visit.one])
    return render_template(
        "guest.html",
        visit=visit,
        event=event,
        one=one,
        secret=secret,
        open=opened,
        error=error,
        agenda=guests.agenda(visit, current_language(), reasons=True),
        calendar=calendar_address(current_settings().origin, secret),
        said=guests.said(visit),
        notes=[note for note in guests.late_notes(event.id) if note.about == visit.one],
        late=LATE,
        soon=now + SOON,
        now=now,
        days=hours(event, visit.one) if one else [],
        roles=ROLES,
        cluster=clusters[0] if clusters else None,
        facts=profile_facts(clusters[0]) if clusters else [],
        persons=guests.persons(visit),
        choices=_choices(guests, visit) if "wishes" in opened else [],
    )


def _choices(guests: Guests, visit: Visit) -> list[dict[str, Any]]:
    """Those whom a participant has chosen or sought, and those who suit it, with the reasons."""
    event, one = visit.event, visit.one
    wishes = {wish.about: wish.kind for wish in event.wishes if wish.by == one}
    sought = _sought(visit, request.args.get("q", "")[:200].strip())
    suggested = guests.briefing.suggestions(event, one, SUGGESTED + len(wishes))
    fresh = [key for key in suggested if key not in wishes and key not in sought][:SUGGESTED]
    return [
        {
            "one": event.by_id[key],
            "wish": wishes.get(key),
            "reasons": guests.briefing.reasons(one, key) if key in fresh else (),
        }
        for key in dict.fromkeys((*sought, *wishes, *fresh))
    ]


def _sought(visit: Visit, text: str) -> list[str]:
    if not text:
        return []
    names = {one.id: plain(one.name) for one in visit.event.participants if one.id != visit.one}
    found = process.extract(
        plain(text), names, scorer=fuzz.WRatio, limit=SUGGESTED, score_cutoff=_LIKE
    )
    return [key for _, _, key in found]
