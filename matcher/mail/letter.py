"""A letter as plain values, and how it is written: once, as text and as HTML."""

import textwrap
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from matcher.i18n.languages import Language
from matcher.i18n.message import Message, Text

_WIDTH = 76
GREETING = Message("Hello,")
REGARDS = Message("With kind regards")
NO_MORE = Message("No more messages of this kind: {link}")


@dataclass(frozen=True, slots=True)
class Link:
    """A button of a letter: what it says, and where it leads."""

    words: Text
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says, before it is written in the reader's language.

    Attributes
    ----------
    kind
        What it is about, in a word for staff: ``"sign in"``.
    subject
        One line.
    paragraphs
        The text before the button; a paragraph may have lines of its own.
    link
        The button.
    after
        The text below it.
    sender
        Who signs it; further lines stand below.
    """

    kind: str
    subject: Text
    paragraphs: tuple[Text, ...]
    link: Link | None = None
    after: tuple[Text, ...] = ()
    sender: str = "Cluster Matcher"


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in its reader's language."""

    subject: str
    text: str
    html: str


def write(letter: Letter, language: Language, unsubscribe: str | None = None) -> Written:
    """Write a letter.

    Parameters
    ----------
    letter
        What it says.
    language
        The reader's.
    unsubscribe
        Address of the page where the reader ends letters of this kind.
    """
    before, after = (
        [language.say(part) for part in parts] for parts in (letter.paragraphs, letter.after)
    )
    subject = " ".join(language.say(letter.subject).split())
    button = (language.say(letter.link.words), letter.link.url) if letter.link else None
    ends = [language.say(Message(NO_MORE.template, link=unsubscribe))] if unsubscribe else []
    parts = [
        *(language.say(GREETING), *before),
        *([f"{button[0]}:\n{button[1]}"] if button else []),
        *(*after, f"{language.say(REGARDS)}\n{letter.sender}"),
        *ends,
    ]
    html = _template().render(
        code=language.code,
        subject=subject,
        greeting=language.say(GREETING),
        before=before,
        button=button,
        after=after,
        regards=language.say(REGARDS),
        sender=letter.sender,
        no_more=language.say(Message("No more messages of this kind")),
        unsubscribe=unsubscribe,
    )
    return Written(subject, "\n\n".join(map(_wrapped, parts)) + "\n", html)


def _wrapped(paragraph: str) -> str:
    """Fold long lines at blanks; an address stays whole."""
    lines = (
        textwrap.wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
        for line in paragraph.splitlines()
    )
    return "\n".join(line for folded in lines for line in folded)


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return made.get_template("letter.html")
