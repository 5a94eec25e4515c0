"""Every text that the pages can show, for the catalogues.

``python -m matcher.web.collect uk`` brings the catalogue of a language up to date, and makes
a new one for a language that has none: texts without a translation are then left blank in
``catalogues/uk.po``, to be filled in by hand.
"""

import sys
from calendar import month_name
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from matcher.documents.letters import FIRST_ASK, JOINT_INTRODUCTION
from matcher.events.event import ROLES
from matcher.events.plan import MISSED
from matcher.events.refusals import REFUSALS
from matcher.i18n import CATALOGUES
from matcher.introductions.briefing import MEMBER_COUNTS
from matcher.introductions.conversion import ANCHORS
from matcher.introductions.wording import ASKED_FOR, FIELD_NAMES
from matcher.matching.eligibility import SCOPE_TITLES
from matcher.planning.groups.problem import NO_COUNTRY, NO_TOPIC
from matcher.profiles.taxonomy import countries, nace_divisions
from matcher.readiness.dates import last_day
from matcher.readiness.loading import rule_book
from matcher.readiness.programmes import LEADS
from matcher.store.drafts import FULL
from matcher.web.api.group_queries import NOT_REGISTERED
from matcher.web.http.problems import PROBLEM_TYPES
from matcher.web.pages import words
from matcher.web.pages.calls import FIELDS
from matcher.web.pages.map import DISCLAIMER

_PACKAGE = Path(__file__).resolve().parents[1]
_METHODS = [
    ("web/templates/**.html", "jinja2.ext:babel_extract"),
    ("web/**.py", "python"),
    ("matching/**.py", "python"),
    ("profiles/**.py", "python"),
    ("readiness/**.py", "python"),
    ("planning/**.py", "python"),
    ("introductions/**.py", "python"),
    ("accounts/**.py", "python"),
    ("mail/**.py", "python"),
    ("documents/**.html", "jinja2.ext:babel_extract"),
    ("documents/**.py", "python"),
    ("events/**.py", "python"),
    ("store/**.py", "python"),
]
_QUOTES = "“”"
_KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "Message": None,
    "say": None,
    "_say": None,
}


def collect() -> Catalog:
    """Return a catalogue of all texts, without translations."""
    catalogue = Catalog(charset="utf-8")
    found = extract_from_dir(
        _PACKAGE,
        method_map=_METHODS,
        options_map={"web/templates/**.html": {"trimmed": "true"}},
        keywords=_KEYWORDS,
    )
    for _, _, message, _, _ in found:
        if _worth_translating(message):
            catalogue.add(message)
    for text in _fixed():
        catalogue.add(text)
    return catalogue


def update(code: str) -> Path:
    """Bring the catalogue of a language up to date; returns its path."""
    path = CATALOGUES / f"{code}.po"
    catalogue = read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale=code)
    catalogue.update(collect(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, omit_header=False, sort_output=True)
    return path


def _worth_translating(message: str | tuple[str, ...]) -> bool:
    text = message if isinstance(message, str) else message[0]
    names = {country.name for country in countries().values()}
    told = any(letter.isalpha() or letter in _QUOTES for letter in _without_places(text))
    return told and text not in names


def _without_places(text: str) -> str:
    """Return the text without what is filled in: a template of places alone says nothing."""
    kept, depth = [], 0
    for letter in text:
        depth += letter == "{"
        if not depth:
            kept.append(letter)
        depth -= letter == "}"
    return "".join(kept)


def _fixed() -> Iterator[str]:
    tables: tuple[Iterable[str], ...] = (
        *_words(),
        nace_divisions().values(),
        *([title for _, title, _ in FIELDS], [anchor.name for anchor in ANCHORS]),
        *(FIELD_NAMES.values(), ASKED_FOR.values(), MEMBER_COUNTS.values(), MISSED.values()),
        *(ROLES, [FIRST_ASK, JOINT_INTRODUCTION], REFUSALS.values()),
        [
            "How good",
            *words.MULTIPLIERS,
            "You",
            "They",
            "You seek",
            "They seek",
            "You offer",
            "They offer",
        ],
        [word for _, word in words.VARIETY],
        [kind.replace("_", " ") for kind in words.KINDS],
        [f"{label} label" for label in words.LABELS],
        [*words.LABELS, DISCLAIMER, *month_name[1:], "industry", "research", "public bodies"],
        ["{month} {year}"],
        [f"it is outside the scope asked for ({title})" for title in SCOPE_TITLES.values()],
        [
            "its profile is not public",
            "it is in the same country",
            "its country has suspended its part in the Eastern Partnership",
            "must be a number",
            FULL,
            "is not an e-mail address",
            "say where this address is public",
            "You have asked for this cluster already.",
            "Some of your requests still wait for an answer.",
            "A cluster needs an owner: make somebody else one first.",
            "This person has a role here already.",
            "This request is not there any more: somebody has decided it.",
            "Somebody else has changed the profile since you opened this form. Open it again to "
            "see what it says now; your entries are still below.",
            "A cluster cannot be introduced to itself.",
            "These two already have an introduction under way.",
            "An introduction of these two is not possible at present.",
            "Some of your introductions are still open: wait for their answers.",
            "You have asked for several introductions today: go on tomorrow.",
            "Please agree that these details are passed on once both say yes.",
            "Please give the name of the person to talk to.",
            "Please choose an answer.",
            "This was answered already.",
            "You have saved many searches: delete one of them first.",
            NO_TOPIC,
            NO_COUNTRY,
            NOT_REGISTERED,
            "Too many groups are kept. Please try again tomorrow.",
            "Somebody has changed this group. Look at it again.",
            "The call cannot be entered.",
            "Name a member that leaves, other than the first, and a cluster that is none yet.",
            "A member and the first one must not be introduced, for one of them declined: replace "
            "that member first.",
        ],
    )
    for table in tables:
        yield from table
    for kind in PROBLEM_TYPES.values():
        yield from (kind.title, kind.advice)
    yield from dict.fromkeys(_rules())


def _words() -> Iterator[Iterable[str]]:
    """Yield the words of each table of the pages."""
    for name, table in vars(words).items():
        if name.isupper() and isinstance(table, Mapping):
            for said in table.values():
                yield said if isinstance(said, tuple) else (said,)


def _rules() -> Iterator[str]:
    book = rule_book()
    yield from LEADS.values()
    yield from (*book.registration.caveats, *book.labels.caveats, *book.programmes.caveats)
    yield from (regime.note for regime in book.registration.regimes.values())
    yield from (waiver.condition for waiver in book.registration.waivers.values())
    yield from (question.text for question in book.questions.questions)
    for rule in (*book.registration.rules, *book.labels.rules):
        yield from (rule.criterion, rule.threshold)
        for name in ("unit", "reading", "subject", "reason", "obtain"):
            if text := getattr(rule.check, name, None):
                yield text
    for programme in book.programmes.programmes:
        yield programme.criterion
        for entry in programme.countries.values():
            yield from filter(None, (entry.note, *(entry.differs or ())))
        yield from filter(None, (programme.consortium, programme.money))
    for call in book.calls.calls:
        if not call.closed(last_day(book.sources.read)):  # a closed call is never shown again
            yield from filter(None, (call.consortium, call.money, *(call.differs or ())))
    for caution in book.cautions.cautions:
        yield from (caution.text, *caution.checks)
    yield "by country and region"


if __name__ == "__main__":
    for code in sys.argv[1:]:
        update(code)
