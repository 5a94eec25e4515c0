"""Takes what belongs to a person out of texts: mail addresses, telephone numbers, names.

Names are told by what stands before them, such as "director" or "Mrs", and by endings of
surnames of the region; a name that shows neither is not found.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from matcher.profiles.places import find_places
from matcher.profiles.profile import DraftProfile
from matcher.profiles.trades import find_trades

_MAIL = re.compile(
    r"[^\s@<>(),;:\"'\[\]]+\s?(?:@|[\[(]at[\])])\s?[^\s@<>(),;:\"'\[\]]+\.[^\W\d_]{2,}",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w.,/-])(?!\d{1,2}[./-]\d{1,2}[./-]\d{4}\b)"
    r"(?:(?:\+|00)\d[\d\s().\-/]{6,18}\d|\(?0\d{1,4}\)?[\s\-/.]?\d[\d\s.\-/]{4,12}\d)(?!\w)"
)
_LABELLED = re.compile(
    r"\b(?:tel|phone|mobile|mob|fax|тел|телефон|моб|факс|ტელ|հեռ)\w*[.:\s]*[+(]?\d[\d\s().\-/]{4,18}\d",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]\.|[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*")
_GEORGIAN = re.compile("[\u10d0-\u10ff]")
"""Letters that have no capitals: of such words only surnames tell a name."""
_TITLE_WORDS = (
    "mr mrs ms dr prof professor пан пані господин госпожа г-н г-жа dl dna domnul doamna "
    "ბატონი ქალბატონი პარონი պարոն տիկին cənab xanım"
)
_ROLE_WORDS = (
    "director chairman chairwoman chairperson president ceo manager head coordinator founder "
    "contact secretary person name директор директорка голова керівник керівниця президент "
    "менеджер координатор координаторка засновник засновниця контакт контакти звати руководитель "
    "председатель основатель зовут directorul directoarea președinte președintele managerul "
    "coordonator coordonatorul fondator fondatorul numesc დირექტორი თავმჯდომარე տնօրեն նախագահ "
    "direktor sədr sədri rəhbər rəhbəri menecer"
)
_LINKS = frozenset(("is", "of", "the", "our", "a", "я", "є", "to"))
_TITLES, _ROLES = frozenset(_TITLE_WORDS.split()), frozenset(_ROLE_WORDS.split())
_SURNAMES = (
    *("shvili", "adze", "idze", "enko", "chuk", "yshyn", "escu", "yan", "ovych", "ivna"),
    *("енко", "чук", "ович", "евич", "івна", "овна", "евна", "швілі", "швили", "дзе", "ян"),
    *("შვილი", "აძე", "იძე", "յան", "nov", "nova", "rov", "rova", "dov", "dova", "yev", "yeva"),
    *("нов", "нова", "єв", "єва", "ев", "ева", "лов", "лова"),
)
_SHORTEST = 5
_MOST_WORDS = 3
_TEXTS = ("description", "native_description", "region", "registered_in")
_LISTS = ("offers", "seeks", "technologies", "services")


class _Span(NamedTuple):
    start: int
    end: int


def without_personal_data(profile: DraftProfile) -> DraftProfile:
    """Return the profile without mail addresses, telephone numbers and names of persons."""
    changed: dict[str, object] = {}
    for field in _TEXTS:
        if text := getattr(profile, field):
            changed[field] = _without(text) or None
    for field in _LISTS:
        phrases = (_without(phrase) for phrase in getattr(profile, field))
        changed[field] = tuple(dict.fromkeys(filter(None, phrases)))
    return profile.model_copy(update=changed)


def _without(text: str) -> str:
    found = text
    for pattern in (_MAIL, _LABELLED, _PHONE):
        found = pattern.sub("", found)
    for span in reversed(list(_persons(found))):
        found = found[: span.start] + found[span.end :]
    return text if found == text else _tidy(found)


def _tidy(text: str) -> str:
    """Close the gaps that are left: blanks, and commas that part nothing any more."""
    closed = re.sub(r"[ \t]+([.,;:)])", r"\1", text)
    closed = re.sub(r"[,;:]+(?=[.,;:])", "", closed)
    return re.sub(r"[ \t]{2,}", " ", closed).strip(" ,;:")


def _persons(text: str) -> Iterator[_Span]:
    """Where names of persons stand, in order."""
    words = list(_WORD.finditer(text))
    place = 0
    while place < len(words):
        count = _name_at(text, words, place)
        if count:
            yield _Span(words[place].start(), words[place + count - 1].end())
        place += count or 1


def _name_at(text: str, words: Sequence[re.Match[str]], place: int) -> int:
    """How many words from here on are the name of a person; 0 for none."""
    run = _run(text, words, place)
    if not run:
        return 0
    before = _plain_before(words, place)
    told = before in _TITLES or (before in _ROLES and run > 1)
    told = told and not _GEORGIAN.match(words[place][0])
    surname = next((n + 1 for n in range(1, run) if _is_surname(words[place + n][0])), 0)
    count = run if told else surname
    named = [word[0] for word in words[place : place + count]]
    known = find_trades(" ".join(named)) or (named and find_places(named[-1]))
    return 0 if known else count


def _run(text: str, words: Sequence[re.Match[str]], place: int) -> int:
    """How many capitalised words follow each other with nothing but blanks between them."""
    count = 0
    for word in words[place : place + _MOST_WORDS]:
        gap = text[words[place + count - 1].end() : word.start()] if count else ""
        if gap.strip() or not _is_capital(word[0]):
            break
        count += 1
    return count


def _is_capital(word: str) -> bool:
    """Whether a word could be a part of a name, be it an initial."""
    if _GEORGIAN.match(word):
        return True
    return word[0].isupper() and (word.endswith(".") or not word.isupper())


def _is_surname(word: str) -> bool:
    return len(word) >= _SHORTEST and word.casefold().endswith(_SURNAMES)


def _plain_before(words: Sequence[re.Match[str]], place: int) -> str:
    """The word before, past those that only link: "my name is" ends with "name"."""
    for word in reversed(words[max(0, place - 2) : place]):
        plain = word[0].rstrip(".").casefold()
        if plain not in _LINKS:
            return plain
    return ""
