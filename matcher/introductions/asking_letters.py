"""Letters by which the sides of an introduction are asked, told and put in touch."""

from typing import Literal

from matcher.documents import letters
from matcher.documents.brief import Brief
from matcher.i18n.message import Message
from matcher.introductions.workflow import Introduction
from matcher.mail.letter import Letter, Link


def ask_letter(page: Brief, asked: Introduction, message: str, link: str) -> Letter:
    """Ask the side whose turn it is, which answers by a link; nothing about persons is in it."""
    reader, partner, why = page.b, page.a, page.why_for_b
    if asked.state == "asked_a":
        reader, partner, why = page.a, page.b, page.why_for_a
    reasons = letters.reasons(why, page)
    names = {"partner": partner.name, "place": partner.town, "name": reader.name}
    return Letter(
        "introduction",
        Message("May we introduce {partner} to you?", partner=partner.name),
        (
            Message("{partner} ({place}) asks to be introduced to {name}.", **names)
            if asked.origin == "a"
            else Message("We would like to introduce {partner} ({place}) to {name}.", **names),
            Message("Purpose: {purpose}", purpose=page.purpose),
            *([Message("They write: “{message}”", message=message)] if message else []),
            *([Message("Why we thought of you:\n{reasons}", reasons=reasons)] if reasons else []),
            Message("Suggested first step:\n{first_step}", first_step=page.first_step),
            Message(
                "Nothing was promised to anybody, and no contact details were passed on. Yes, no "
                "or not now is one click; you need no account."
            ),
            Message(
                "If we hear nothing by {deadline}, we take it as “not now”.",
                deadline=page.say.day(page.answer_by),
            ),
        ),
        Link(Message("Look at it and answer"), link),
        sender=page.signature,
    )


def joint_letter(page: Brief) -> Letter:
    """Put both in touch; only for pairs of which both have agreed."""
    questions = "\n".join(f"{place}. {ask}" for place, ask in enumerate(page.questions, 1))
    return Letter(
        "put in touch",
        Message("Introduction: {a} and {b}", a=page.a.name, b=page.b.name),
        (
            Message("You have both agreed to be introduced to each other, so here we are."),
            *(
                f"{side.name} ({side.town})\n{letters.contact(side, page)}"
                for side in (page.a, page.b)
            ),
            Message("Purpose: {purpose}", purpose=page.purpose),
            Message("Suggested first step:\n{first_step}", first_step=page.first_step),
            Message("Three questions to start with:\n{questions}", questions=questions),
            Message("May we ask {a} to write first and to suggest two dates?", a=page.a.name),
        ),
        sender=page.signature,
    )


def answered(partner: str, state: Literal["declined", "expired"], link: str) -> Letter:
    """Tell the asker that nothing comes of it now."""
    declined = Message(
        "{partner} does not want to be introduced at present. Nothing about you was passed on but "
        "the request itself. There are others who may suit you.",
        partner=partner,
    )
    dropped = Message(
        "The staff have not passed on your request to {partner}. Ask them if you want to know why.",
        partner=partner,
    )
    return Letter(
        "answer",
        Message("Your request to {partner}", partner=partner),
        (declined if state == "declined" else dropped,),
        Link(Message("Your introductions"), link),
    )
