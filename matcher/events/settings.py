"""What organisers settle: what participants may do themselves, and links of meetings online."""

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from matcher.events.bounds import MOST_WISHES
from matcher.profiles.bounds import AtMost
from matcher.profiles.ids import SLUG
from matcher.profiles.profile import WebAddress

GuestAct = Literal["profile", "presence", "wishes", "late", "feedback"]
GUEST_ACTS: tuple[GuestAct, ...] = get_args(GuestAct)
ENDING: frozenset[GuestAct] = frozenset(("profile", "presence", "wishes"))
"""What ends on a day that organisers set; the others belong to the day itself and after it."""

MEETING = "{meeting}"
MOST_CHOICES = 100
MOST_DAYS = 60


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class SelfService(_Part):
    """What participants may do by their own link.

    Attributes
    ----------
    may
        Which of the acts are open.
    until
        Last day, at the venue, on which details, presence and wishes may be changed; ``None``
        sets no end.
    musts, no_thanks
        How many others one participant may name a must, and a no-thanks.
    remind
        Days before the event on which all are reminded of their meetings; ``None`` for never.
    """

    may: Annotated[tuple[GuestAct, ...], AtMost(len(GUEST_ACTS))] = GUEST_ACTS
    until: date | None = None
    musts: Annotated[int, Field(strict=True, ge=0, le=MOST_CHOICES)] = 3
    no_thanks: Annotated[int, Field(strict=True, ge=0, le=MOST_CHOICES)] = 5
    remind: Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS)] | None = None


def _has_place(pattern: str) -> str:
    if MEETING not in pattern:
        raise ValueError(
            f"must hold {MEETING}, which each meeting has replaced by a word of its own"
        )
    return pattern


class MeetingLink(_Part):
    """The link of the meeting of `a` and `b` (sorted), whenever it is held."""

    a: Annotated[str, Field(pattern=SLUG, max_length=120)]
    b: Annotated[str, Field(pattern=SLUG, max_length=120)]
    link: WebAddress


class Video(_Part):
    """Where online meetings find their links.

    Attributes
    ----------
    pattern
        A link with ``{meeting}`` in it, which becomes a word that cannot be guessed.
    spare
        Links that were pasted and that no meeting has yet.
    given
        The link of each meeting, which stays when the meeting is moved.
    """

    pattern: Annotated[WebAddress, Field(max_length=400), AfterValidator(_has_place)] | None = None
    spare: Annotated[tuple[WebAddress, ...], AtMost(MOST_WISHES)] = ()
    given: Annotated[tuple[MeetingLink, ...], AtMost(MOST_WISHES)] = ()

    @property
    def links(self) -> dict[tuple[str, str], str]:
        """Links by pair."""
        return {(one.a, one.b): one.link for one in self.given}
