"""For staff: what the participants of an event may do, their links and letters, links of calls."""

from collections.abc import Callable, Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matcher.errors import ConflictError, InvalidInputError, MatcherError
from matcher.events.event import Event
from matcher.events.mailing import LetterKind
from matcher.events.refusals import REFUSALS
from matcher.events.settings import GUEST_ACTS, SelfService
from matcher.events.video import read_video, without_link
from matcher.i18n.languages import languages
from matcher.profiles.problems import parsed
from matcher.web.api.staff import current_meetings, entered, shown
from matcher.web.http.authorisation import only_for
from matcher.web.http.languages import current_language
from matcher.web.pages.guest import current_guests

event_guests = Blueprint("event_guests", __name__)
MAX_LINKS = 200_000
_LETTERS: Mapping[str, LetterKind] = {"invite": "invite", "agenda": "agenda", "remind": "remind"}


@event_guests.get("/staff/events/<event_id>/guests")
@only_for("staff")
def page(event_id: str) -> str:
    """Show participants with their addresses and links, and what is settled."""
    return _page(event_id)


@event_guests.post("/staff/events/<event_id>/guests")
@only_for("staff")
def act(event_id: str) -> str | Redirect | tuple[str, int]:
    """Settle what participants may do, take links of calls, write letters, or withdraw links."""
    name = request.form.get("act", "")
    try:
        with entered(f"{name if name in _ACTS else 'nothing'}: participants", event_id) as outcome:
            if name not in _ACTS:
                raise InvalidInputError(REFUSALS["nothing"])
            outcome.text = _ACTS[name](event_id)
            done = outcome.text
    except (InvalidInputError, ConflictError) as error:
        return _page(event_id, error), 422
    return redirect(url_for("event_guests.page", event_id=event_id, done=done), 303)


def _settle(event_id: str) -> str:
    given = request.form
    data: dict[str, object] = {
        "may": [name for name in GUEST_ACTS if name in given.getlist("may")],
        "until": given.get("until") or None,
        **{name: _number(given.get(name, "")) for name in ("musts", "no_thanks")},
        "remind": _number(given.get("remind", "")) or None,
    }
    settled = parsed(SelfService, data, REFUSALS["settings"])
    current_meetings().change(event_id, lambda event: _with(event, guests=settled))
    return "settled"


def _video(event_id: str) -> str:
    text = request.form.get("links", "")[:MAX_LINKS]

    def edit(event: Event) -> Event:
        return _with(event, video=read_video(text, event.video))

    current_meetings().change(event_id, edit)
    return "settled"


def _withdraw(event_id: str) -> str:
    current_guests().links.withdraw(event_id, set(request.form.getlist("who")))
    return "withdrawn"


def _write(event_id: str) -> str:
    given, chosen = request.form, set(request.form.getlist("who"))
    typed = zip(given.getlist("participant"), given.getlist("email"), strict=False)
    to = {key: email for key, email in typed if key in chosen and email.strip()}
    if not to:
        raise InvalidInputError(REFUSALS["no address"])
    say = languages().get(given.get("language", ""), current_language())
    return str(current_guests().mailing.write(event_id, _LETTERS[given["act"]], to, say))


_ACTS: Mapping[str, Callable[[str], str]] = {
    "settle": _settle,
    "video": _video,
    "withdraw": _withdraw,
    **dict.fromkeys(_LETTERS, _write),
}


def _page(event_id: str, error: MatcherError | None = None) -> str:
    stored, guests = current_meetings().get(event_id), current_guests()
    event, plan = stored.event, stored.schedule
    shown("list addresses of participants", event_id)
    done = request.args.get("done", "")
    return render_template(
        "event_guests.html",
        event=event,
        plan=plan,
        addresses=guests.mailing.addresses(event),
        links=guests.links.newest(event_id),
        notes=guests.late_notes(event_id),
        names={one.id: one.name for one in event.participants},
        acts=GUEST_ACTS,
        missing=without_link(event, plan) if plan else [],
        unwritten=guests.mailing.out_of_reach(event, plan) if plan and event.guests.remind else [],
        done=done if done in ("settled", "withdrawn") or done.isdecimal() else "",
        error=error,
    )


def _with(event: Event, **settings: object) -> Event:
    return event.model_copy(update=settings)


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() and len(text) < 10 else text
