"""Finds persons in texts: e-mail addresses, telephone numbers, and names in any order and script.

What may name a person is brought to a *key*, the same for all spellings that are surely the same:
"Kovalenko, Olena" and "Олена Коваленко", "+380441234567" and "(044) 123-45-67". A text names a
person where a key of the text is one of the person's. Keys can be compared as digests as well.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256

from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler

ERASED = "[erased]"
Span = tuple[int, int]
Known = Callable[[str], bool]
"""Whether a key is one of a person's."""

_IN_MAIL = r"[^\s@<>()\[\]{},;:\"'/\\]"
# Begins where nothing of an address stands before: so a long text is passed once.
_MAIL = re.compile(rf"(?<!{_IN_MAIL}){_IN_MAIL}++@{_IN_MAIL}*[^\W_]")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`‘](?!s\b)[^\W\d_]+)*")
_BETWEEN_WORDS = re.compile(r"[\s,.\-_·]{1,3}")
_DIGITS = re.compile(r"(?<![^\W_])\d+(?![^\W_])")
_BETWEEN_DIGITS = re.compile(r"[\s().\-–/]{1,3}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_MOST_WORDS = 5
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15
_NATIONAL = 9
"""Last digits of a telephone number that tell it, with or without the code of its country."""
_FEWEST_LETTERS = 5
_ALIKE = 0.9
"""From which likeness on two words may be spellings of one name."""

# Romanisations of one sound: "Yuliia" and "Юлія", "Serhii" and "Sergiy", "Kowalenko".
_SOUNDS = (
    (re.compile(r"[^a-z]"), ""),
    (re.compile(r"shch|sch"), "sh"),
    (re.compile(r"kh|gh|g"), "h"),
    (re.compile(r"ck|c(?!h)|q"), "k"),
    (re.compile(r"[jy]"), "i"),
    (re.compile(r"w"), "v"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@lru_cache(maxsize=1 << 16)
def _sound(word: str) -> str:
    """A word as it sounds, roughly, in small Latin letters."""
    sound = anyascii(word).casefold()
    for pattern, instead in _SOUNDS:
        sound = pattern.sub(instead, sound)
    return sound


# Words that are names as well: a name of nothing else is no sign of a person.
_EVERYDAY = frozenset(
    _sound(word)
    for word in _WORD.findall(
        "the an and or of in on at by to for from with will may can do be is are was his her "
        "january february march april june july august september october november december "
        "monday tuesday wednesday thursday friday saturday sunday summer winter new north south "
        "east west"
    )
)


def name_words(name: str) -> frozenset[str]:
    """Words of a name, as they are compared."""
    return frozenset(_sound(word) for word in _WORD.findall(name)) - {""}


def keys_of(name: str, email: str, phone: str) -> frozenset[str]:
    """Keys that are surely the person's: none for a name or a number too short to be told apart."""
    words = [_sound(word) for word in _WORD.findall(name)]
    names = [words, [words[0], words[-1]]] if len(words) > 2 else [words]
    keys = {_name_key(one) for one in names if _is_telling(one)}
    keys.update(key for key, *_ in _mails(email))
    digits = "".join(re.findall(r"\d", phone))
    if len(digits.lstrip("0")) >= _FEWEST_DIGITS:
        keys.add(_phone_key(digits))
    return frozenset(keys)


def sure_spans(text: str, known: Known, words: Collection[str] | None = None) -> list[Span]:
    """Where a text surely names somebody who is known, in order and apart.

    Parameters
    ----------
    text
        Of any length.
    known
        Tells keys of those who are looked for.
    words
        The words of their names, if these can be told: then the rest is passed over quickly.
    """
    found = [
        (start, end)
        for candidates in (_mails(text), _phones(text), _names(text, words))
        for key, start, end in candidates
        if known(key)
    ]
    return _joined(found)


def doubtful_spans(text: str, words: Collection[str], sure: Sequence[Span]) -> list[Span]:
    """Where a text has a word like one of a name, and no more that would make it sure."""
    return [
        match.span()
        for match in _WORD.finditer(text)
        if not match[0][0].islower()
        and _is_like(_sound(match[0]), words)
        and not any(start <= match.start() < end for start, end in sure)
    ]


def blanked(text: str, spans: Sequence[Span]) -> str:
    """Replace parts of a text; what must have a form, such as an id or an address, keeps it."""
    if not spans:
        return text
    if _SLUG.fullmatch(text):  # its beginning stays, as pairs are kept in the order of their ids
        return f"{text[:2].strip('-')}-erased-{sha256(text.encode()).hexdigest()[:8]}"
    if _MAIL.fullmatch(text):
        return "erased@erased.invalid"
    word = "erased" if "://" in text else ERASED
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start], word if end - start >= len(word) else "…"]
        done = end
    return "".join([*parts, text[done:]])


def _is_telling(words: Sequence[str]) -> bool:
    telling = [word for word in words if len(word) > 1 and word not in _EVERYDAY]
    return len(words) > 1 and bool(telling) and sum(map(len, words)) >= _FEWEST_LETTERS


def _is_like(sound: str, words: Iterable[str]) -> bool:
    if sound in words:
        return len(sound) > 1
    return len(sound) >= _FEWEST_LETTERS and any(
        JaroWinkler.similarity(sound, word) >= _ALIKE
        for word in words
        if len(word) >= _FEWEST_LETTERS
    )


def _name_key(words: Iterable[str]) -> str:
    return f"name:{' '.join(sorted(words))}"


def _phone_key(digits: str) -> str:
    return f"phone:{digits.lstrip('0')[-_NATIONAL:]}"


def _mails(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _MAIL.finditer(text) if "@" in text else ():
        yield f"mail:{match[0].casefold()}", *match.span()


def _phones(text: str) -> Iterator[tuple[str, int, int]]:
    for run in _runs(text, list(_DIGITS.finditer(text)), _BETWEEN_DIGITS):
        for first in range(len(run)):
            digits = ""
            for last in run[first:]:
                digits += last[0]
                if len(digits) > _MOST_DIGITS:
                    break
                if len(digits) >= _FEWEST_DIGITS:
                    yield _phone_key(digits), _opening(text, run[first].start()), last.end()


def _opening(text: str, start: int) -> int:
    """Where a number begins that has a plus or a bracket before its first digit."""
    while start and text[start - 1] in "+(":
        start -= 1
    return start


def _names(text: str, words: Collection[str] | None) -> Iterator[tuple[str, int, int]]:
    found = [match for match in _WORD.finditer(text) if words is None or _sound(match[0]) in words]
    for run in _runs(text, found, _BETWEEN_WORDS):
        for first in range(len(run)):
            for count in range(2, min(_MOST_WORDS, len(run) - first) + 1):
                part = run[first : first + count]
                yield (
                    _name_key(_sound(one[0]) for one in part),
                    part[0].start(),
                    part[-1].end(),
                )


def _runs(
    text: str, found: Sequence[re.Match[str]], between: re.Pattern[str]
) -> Iterator[list[re.Match[str]]]:
    """Group matches that nothing but separators part."""
    run: list[re.Match[str]] = []
    for match in found:
        if run and not between.fullmatch(text, run[-1].end(), match.start()):
            yield run
            run = []
        run.append(match)
    if run:
        yield run


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that overlap as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
