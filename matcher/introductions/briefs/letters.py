"""The two letters of double opt-in, as text that staff send themselves."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from matcher.introductions.briefs.brief import Brief, Mini, Why
from matcher.introductions.briefs.labels import labels
from matcher.introductions.workflow import WAITING_DAYS


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to send: one line of subject, and the text."""

    subject: str
    text: str


def first_ask(brief: Brief, side: Literal["a", "b"], *, sender: str) -> Letter:
    """Ask one side in private whether it wants to meet the other; no is easy to say.

    Nothing about persons of the other side is in it.
    """
    say = labels(brief.language)
    name, partner, why = (
        (brief.a, brief.b, brief.why_for_a) if side == "a" else (brief.b, brief.a, brief.why_for_b)
    )
    deadline = brief.made_on + timedelta(days=WAITING_DAYS["asked_a"][1])
    return Letter(
        say("ask_subject", partner=partner.name),
        say(
            "ask_letter",
            name=name.name,
            partner=partner.name,
            place=partner.place,
            purpose=brief.purpose,
            reasons=_reasons(why, brief),
            first_step=brief.first_step,
            deadline=say.day(deadline),
            sender=sender,
        ),
    )


def joint_introduction(brief: Brief, *, sender: str) -> Letter:
    """Put both in touch, in one message; only for pairs of which both have agreed."""
    say = labels(brief.language)
    questions = "\n".join(f"{place}. {ask}" for place, ask in enumerate(brief.questions, 1))
    return Letter(
        say("joint_subject", a=brief.a.name, b=brief.b.name),
        say(
            "joint_letter",
            a=brief.a.name,
            b=brief.b.name,
            place_a=brief.a.place,
            place_b=brief.b.place,
            contact_a=_contact(brief.a, brief),
            contact_b=_contact(brief.b, brief),
            purpose=brief.purpose,
            first_step=brief.first_step,
            questions=questions,
            sender=sender,
        ),
    )


def _reasons(why: Why, brief: Brief) -> str:
    say = labels(brief.language)
    lines = [
        f"{say('you_seek', seeker=why.seeker)} {say('quote', text=need)}; "
        f"{say('they_offer', giver=why.giver)} {say('quote', text=offer)}"
        for need, offer in why.matches
    ]
    return "\n".join(f"- {line}" for line in (*lines, *why.points))


def _contact(mini: Mini, brief: Brief) -> str:
    return "\n".join(mini.contacts) or labels(brief.language)("contact_later")
