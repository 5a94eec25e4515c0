"""`GroupBrief`: what all members of a group read before they meet, and the same as a PDF."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer

from matcher.documents.fonts import register_fonts
from matcher.documents.paper import DEEP, SOFT, WARM, bound, text
from matcher.i18n.languages import Language
from matcher.i18n.languages import language as load_language

_MARGIN = 18 * mm
_PHRASES = 5


@dataclass(frozen=True, slots=True)
class MemberPart:
    """One member in a few lines, and what it brings to the group."""

    name: str
    place: str
    summary: str
    offers: tuple[str, ...]
    seeks: tuple[str, ...]
    brings: tuple[str, ...]
    website: str | None


@dataclass(frozen=True, slots=True)
class GroupBrief:
    """The brief for all members of a group; plain text throughout."""

    language: str
    made_on: date
    topic: str
    members: tuple[MemberPart, ...]
    missing: tuple[str, ...]

    @property
    def say(self) -> Language:
        """Its language."""
        return load_language(self.language)

    @property
    def made_note(self) -> str:
        """When and from what it was made."""
        return self.say(
            "Made on {date} from the profiles and the documented partnerships. No contacts are in "
            "it: each member is asked first.",
            date=self.say.day(self.made_on),
        )


def group_brief_pdf(brief: GroupBrief) -> bytes:
    """Render the brief on A4; the same brief gives the same bytes."""
    register_fonts()
    story, title = list(_story(brief)), brief.say("Group brief")
    return bound(story, title=title, language=brief.language, margins=(_MARGIN,) * 3)


def _story(brief: GroupBrief) -> Iterator[Flowable]:
    say = brief.say
    yield text(say("Group brief").upper(), 8, WARM, bold=True)
    yield text(" · ".join(member.name for member in brief.members), 14, DEEP, bold=True)
    if brief.topic:
        yield text(f"{say('Purpose')}: {brief.topic}", 10.5)
    for member in brief.members:
        yield KeepTogether([Spacer(0, 4 * mm), *_member(member, say)])
    if brief.missing:
        yield Spacer(0, 4 * mm)
        yield from _lines(say("What is missing"), brief.missing)
    yield Spacer(0, 4 * mm)
    yield text(brief.made_note, 7.5, SOFT)


def _member(member: MemberPart, say: Language) -> Iterator[Flowable]:
    yield text(member.name, 11, DEEP, bold=True)
    yield text(" · ".join(filter(None, (member.place, member.website))), 8.4, SOFT)
    if member.summary:
        yield text(member.summary, 9)
    for title, phrases in ((say("Offers"), member.offers), (say("Looking for"), member.seeks)):
        if phrases:
            yield text(f"{title}: {'; '.join(phrases[:_PHRASES])}", 9)
    yield from _lines(say("Brings to the group"), member.brings)


def _lines(title: str, sentences: Sequence[str]) -> Iterator[Flowable]:
    if sentences:
        yield text(title, 8.4, WARM, bold=True)
        yield from (text(f"– {sentence}", 9) for sentence in sentences)
