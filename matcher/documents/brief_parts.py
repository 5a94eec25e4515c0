"""What a brief says, part by part, with type and colour: every file format lays this out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from matcher.documents.brief import Brief, Mini, Why
from matcher.i18n.languages import Language

Colour = Literal["ink", "soft", "deep", "warm"]


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look; `size` is in points, before the page is scaled to fit."""

    text: str
    size: float
    colour: Colour = "ink"
    bold: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph.

    Attributes
    ----------
    above
        Millimetres of space before it.
    mark
        Sign of a list's entry, which hangs to its left.
    right
        What stands at the right edge of the same line.
    ruled
        Whether a rule is drawn above it.
    """

    runs: tuple[Run, ...]
    above: float = 0
    mark: str = ""
    right: Run | None = None
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes of equal width, side by side; `fill` is a colour as six hexadecimal digits."""

    cells: tuple[tuple[Line, ...], ...]
    fill: str | None = None


def brief_parts(brief: Brief) -> list[Line | Boxes]:
    """List the parts of a brief from the head of its page to the foot."""
    say = brief.say
    why = (tuple(_why(one, say)) for one in (brief.why_for_a, brief.why_for_b))
    open_ends = (
        *_notes(say("Not known yet"), brief.unknown),
        *_notes(say("Past contact"), brief.past, above=1.4),
    )
    return [
        *_heading(brief, say),
        Boxes((tuple(_mini(brief.a, say)), tuple(_mini(brief.b, say))), "F2F6F8"),
        Boxes(tuple(why)),
        Boxes((tuple(_next_step(brief, say)),), "FDF4EA"),
        Boxes((open_ends, tuple(_notes(say("Eligibility"), brief.eligibility)))),
        *_footer(brief, say),
    ]


def _heading(brief: Brief, say: Language) -> Iterator[Line]:
    title = Run(say("Introduction brief").upper(), 8, "warm", bold=True)
    yield Line((title,), right=Run(say.day(brief.made_on), 8, "soft"))
    a, b = (Run(side.name, 16, "deep", bold=True) for side in (brief.a, brief.b))
    yield Line((a, Run(" × ", 16, "warm", bold=True), b), above=1.2)
    yield _labelled(say("Purpose"), brief.purpose, 10.5, above=1.4)


def _mini(mini: Mini, say: Language) -> Iterator[Line]:
    yield Line((Run(mini.name, 10.5, "deep", bold=True),))
    if mini.native_name and mini.native_name != mini.name:
        yield Line((Run(mini.native_name, 8.2, "soft"),))
    yield Line((Run(mini.place, 8.4, "soft"),))
    if mini.summary:
        yield Line((Run(mini.summary, 8.8),), above=1.2)
    facts = (
        (say("Offers"), " · ".join(mini.offers)),
        (say("Looking for"), " · ".join(mini.seeks)),
        *mini.facts,
    )
    known = [(name, value) for name, value in facts if value]
    yield from (_labelled(*fact, above=0 if n else 1.2) for n, fact in enumerate(known))
    if mini.website:
        yield _labelled(say("Website"), mini.website, link=mini.website)
    yield from (_labelled(say("Contact"), contact) for contact in mini.contacts)


def _why(why: Why, say: Language) -> Iterator[Line]:
    yield Line((Run(why.title, 9.8, "deep", bold=True),))
    for need, offer in why.matches:
        sought, found = (Run(say("“{text}”", text=text), 9) for text in (need, offer))
        yield Line((Run(f"{why.need_label}: ", 7.2, "soft"), sought), above=1)
        label = Run(f"{why.offer_label}: ", 7.2, "soft")
        yield Line((Run("→ ", 9, "warm", bold=True), label, found))
    if not why.matches:
        yield Line((Run(why.no_match, 8.8, "soft"),))
    yield from _listed(("•", point) for point in why.points)


def _next_step(brief: Brief, say: Language) -> Iterator[Line]:
    yield Line((Run(say("Suggested first step"), 9.6, "warm", bold=True),))
    yield Line((Run(brief.first_step, 9.2),))
    yield Line((Run(say("Three questions to start with"), 9.6, "warm", bold=True),), above=1.6)
    yield from _listed((f"{n}.", question) for n, question in enumerate(brief.questions, 1))


def _notes(title: str, lines: Sequence[str], above: float = 0) -> Iterator[Line]:
    yield Line((Run(title, 8.6, "deep", bold=True),), above=above)
    yield from (Line((Run(line, 8.2),)) for line in lines)


def _footer(brief: Brief, say: Language) -> Iterator[Line]:
    said = say("The profiles, as the clusters gave them")
    sources = [Run(one.text, 7, "soft", link=one.url) for one in brief.sources]
    dots = [Run(" · ", 7, "soft")] * len(sources)
    parted = [run for pair in zip(dots, sources, strict=True) for run in pair][1:]
    title = Run(f"{say('Sources')}: ", 7, "soft", bold=True)
    yield Line((title, *(parted or [Run(said, 7, "soft")])), ruled=True)
    yield Line((Run(brief.made_note, 7, "soft"),))


def _labelled(
    name: str, value: str, size: float = 8.5, above: float = 0, link: str | None = None
) -> Line:
    return Line((Run(f"{name}: ", size, "soft"), Run(value, size, link=link)), above)


def _listed(entries: Iterable[tuple[str, str]]) -> Iterator[Line]:
    return (Line((Run(text, 8.9),), mark=mark) for mark, text in entries)
