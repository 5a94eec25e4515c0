"""The two letters of double opt-in, as text that staff send themselves."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from matcher.documents.brief import Brief, Mini, Why
from matcher.i18n.languages import Language

FIRST_ASK = """Dear colleagues of {name},

we would like to introduce {partner} ({place}) to you, if you wish.

Purpose: {purpose}

Why we thought of you:
{reasons}

What we suggest:
{first_step}

Nothing has been promised to anybody, and your contact details have not been passed on. \
Please answer with one word:

  YES - we then put you in touch, with one message to both of you
  NOT NOW - we ask again later
  NO - we do not ask again; a reason helps us, and stays with us

If we hear nothing by {deadline}, we take it as "not now".

With kind regards
{sender}
"""
JOINT_INTRODUCTION = """Dear colleagues of {a}, dear colleagues of {b},

you have both agreed to be introduced to each other, so here we are.

{a} ({place_a})
{contact_a}

{b} ({place_b})
{contact_b}

Purpose: {purpose}

Suggested first step:
{first_step}

Three questions to start with:
{questions}

May we ask {a} to answer first and to suggest two dates? \
We will ask you both in two weeks how it went.

With kind regards
{sender}
"""
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to send: one line of subject, the text, and the addresses that are known."""

    subject: str
    text: str
    to: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """All of it, as a file of text."""
        to = f"{', '.join(self.to)}\n" if self.to else ""
        return f"{to}{self.subject}\n\n{self.text}"


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event at which the two could talk; `both` when it is known that both take part."""

    title: str
    day: date
    both: bool = True

    def sentence(self, say: Language) -> str:
        """Suggest to talk there."""
        day = say.day(self.day)
        if not self.both:
            return say("You could also talk at {event} on {day}.", event=self.title, day=day)
        return say(
            "You both take part in {event} on {day}: you could talk there.",
            event=self.title,
            day=day,
        )


def answer_day(
    on: date, days: int, occasion: Occasion | None = None, deadline: date | None = None
) -> date:
    """Return a working day to answer by: so many days on, before the two meet and the deadline."""
    last = on + timedelta(days=days)
    if deadline and on < deadline:
        last = min(last, deadline)
    if occasion and on < occasion.day <= last:
        last = max(occasion.day - timedelta(days=1), on + timedelta(days=1))
    while last.weekday() >= _SATURDAY and last > on + timedelta(days=1):
        last -= timedelta(days=1)
    return last


def first_ask(
    brief: Brief,
    side: Literal["a", "b"],
    *,
    to: tuple[str, ...] = (),
) -> Letter:
    """Ask one side in private whether it wants to meet the other; no is easy to say.

    Nothing about persons of the other side is in it.
    """
    say = brief.say
    name, partner, why = (
        (brief.a, brief.b, brief.why_for_a) if side == "a" else (brief.b, brief.a, brief.why_for_b)
    )
    return Letter(
        say("May we introduce {partner} to you?", partner=partner.name),
        say(
            FIRST_ASK,
            name=name.name,
            partner=partner.name,
            place=partner.town,
            purpose=brief.purpose,
            reasons=reasons(why, brief),
            first_step=brief.first_step,
            deadline=say.day(brief.answer_by),
            sender=brief.signature,
        ),
        to,
    )


def joint_introduction(brief: Brief, *, to: tuple[str, ...] = ()) -> Letter:
    """Put both in touch, in one message; only for pairs of which both have agreed."""
    say = brief.say
    questions = "\n".join(f"{place}. {ask}" for place, ask in enumerate(brief.questions, 1))
    return Letter(
        say("Introduction: {a} and {b}", a=brief.a.name, b=brief.b.name),
        say(
            JOINT_INTRODUCTION,
            a=brief.a.name,
            b=brief.b.name,
            place_a=brief.a.town,
            place_b=brief.b.town,
            contact_a=contact(brief.a, brief),
            contact_b=contact(brief.b, brief),
            purpose=brief.purpose,
            first_step=brief.first_step,
            questions=questions,
            sender=brief.signature,
        ),
        to,
    )


def reasons(why: Why, brief: Brief) -> str:
    """Say why one side was thought of, a line for each reason."""
    say = brief.say
    lines = []
    for need, offer in why.matches:
        quoted_need, quoted_offer = say("“{text}”", text=need), say("“{text}”", text=offer)
        lines.append(f"{why.need_label} {quoted_need}; {why.offer_label} {quoted_offer}")
    return "\n".join(f"- {line}" for line in (*lines, *why.points))


def contact(mini: Mini, brief: Brief) -> str:
    """Say how a side is reached, a line for each person."""
    return "\n".join(mini.contacts) or brief.say("contact details as agreed with us")
