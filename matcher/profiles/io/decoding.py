"""Bytes to text: UTF-8, UTF-16, UTF-32 and code pages, decided by evidence, never by guess."""

import re
from collections.abc import Mapping
from itertools import pairwise

from babel.languages import get_official_languages

from matcher.errors import UnreadableFileError
from matcher.i18n.message import Message
from matcher.profiles.io.countries import country_of
from matcher.profiles.language import detect

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
CODEPAGES = {
    "cp1252": "Windows-1252 (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1257": "Windows-1257 (Baltic)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1253": "Windows-1253 (Greek)",
    "iso8859-2": "ISO 8859-2 (Central European)",
}
"""Encodings of one byte a letter that a file may turn out to be in."""

_LETTERS: Mapping[str, Mapping[str, str]] = {
    "cp1252": {
        "da": "æøåéü",
        "de": "äöüßé",
        "es": "áéíóúüñçàèòï",
        "et": "äöõüšž",
        "fi": "äöåšž",
        "fr": "àâæçéèêëîïôœùûü",
        "it": "àèéìíîòóùú",
        "nl": "éëïöüèáóêç",
        "no": "æøåéòôü",
        "pt": "ãáàâçéêíóôõúü",
        "sv": "äöåéü",
    },
    "cp1250": {
        "cs": "áčďéěíňóřšťúůýž",
        "hr": "čćđšž",
        "hu": "áéíóöőúüű",
        "pl": "ąćęłńóśźż",
        "ro": "ăâîşţé",
        "sk": "áäčďéíĺľňóôŕšťúýž",
        "sl": "čšžćđ",
    },
    "cp1251": {
        "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
        "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
        "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
        "sr": "абвгдђежзијклљмнњопрстћуфхцчџш",
        "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    },
    "cp1257": {"lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž"},
    "cp1254": {"tr": "çğıöşüâî", "az": "çğıöşü"},
    "cp1253": {"el": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"},
}
_LANGUAGES = {**_LETTERS, "iso8859-2": _LETTERS["cp1250"]}
_ALPHABETIC = frozenset(("cp1251", "cp1253"))
"""Code pages of other alphabets: their words have no Latin letters."""

_LOST = re.compile(r"\ufffd|\?{3,}|\?(?=[^\W\d_])|(?<=[^\W\d_])\?(?=\w)")
_NOTHING_LEFT = re.compile(r"[?\ufffd\W_]*(?:\?{4,}|\ufffd)[?\ufffd\W_]*")
_SIGNS = frozenset("«»“”„‘’‚‹›–—…€•·°§©®™№\u00a0\u00ad½²³&")
_WORD = re.compile(r"[^\W\d_]+")
_SIGN_IN_WORD = re.compile(r"[^\W\d_][^\W_]*[«»“”„‚‹›•€°©§…][^\W\d_]")
_CELLS = re.compile(r"[;,\t\r\n\"]+")
_SAMPLE = 400
_LINES = 300
_MOST = 0.95
_FEW = 3
_READS, _HOME, _DETECTED = 2, 2, 1


def decode(content: bytes) -> tuple[str, str]:
    """Text of a file, and the name of the encoding it was in.

    A byte-order mark decides; then NUL bytes in every second place mean UTF-16; then valid
    UTF-8 is UTF-8. What is left may be in a code page of one byte a letter: the one in which
    nearly all lines read as words of one of its languages, with the alphabet of that language,
    and best those of the countries that they name.

    Raises
    ------
    UnreadableFileError
        Where no encoding fits; names the first line that is not UTF-8 and what to do.
    """
    encoding = _marked(content) or _unmarked_utf16(content) or "utf-8"
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise UnreadableFileError(
                Message(
                    "The text is damaged: it begins as {encoding} but does not go on so. Save it "
                    "again as UTF-8 (in Excel: Save As, “CSV UTF-8”).",
                    encoding=encoding.upper(),
                )
            ) from error
        line = content.count(b"\n", 0, error.start) + 1
    page = _codepage(content)
    if page is None:
        raise UnreadableFileError(
            Message(
                "Line {line} holds characters in an encoding that is neither UTF-8, UTF-16 nor "
                "surely one of the code pages of Windows. Save it again as UTF-8 (in Excel: Save "
                "As, “CSV UTF-8”).",
                line=str(line),
            )
        )
    return content.decode(page), page


def has_lost(text: str) -> bool:
    """Whether question marks or signs of replacement stand where letters should."""
    return ("?" in text or "\ufffd" in text) and _LOST.search(text) is not None


def is_lost(text: str) -> bool:
    """Whether no letter of a text is left."""
    return _NOTHING_LEFT.fullmatch(text) is not None


def mended(text: str) -> str:
    """Undo a double encoding such as "KrakÃ³w", where one is certain."""
    if text.isascii():
        return text
    import ftfy

    return str(ftfy.fix_encoding(text))


def _marked(content: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)


def _unmarked_utf16(content: bytes) -> str | None:
    even, odd = content[:_SAMPLE:2], content[1:_SAMPLE:2]
    if odd.count(0) > 0.4 * len(odd) and not even.count(0):
        return "utf-16-le"
    if even.count(0) > 0.4 * len(even) and not odd.count(0):
        return "utf-16-be"
    return None


def _codepage(content: bytes) -> str | None:
    """The code page in which a file reads best, if it does in any."""
    lines = [line for line in content.splitlines() if not line.isascii()][:_LINES]
    merits = {page: _merit(lines, page) for page in CODEPAGES if _decodes(content, page)}
    best = max(merits, key=lambda page: merits[page], default=None)
    return best if best and merits[best] > 0 else None


def _decodes(content: bytes, page: str) -> bool:
    try:
        content.decode(page)
    except UnicodeDecodeError:
        return False
    return True


def _merit(lines: list[bytes], page: str) -> int:
    """Sum over the lines that read well; 0 where too many do not."""
    merits = [_line_merit(line.decode(page), page) for line in lines]
    good = sum(1 for merit in merits if merit)
    # Letters alone prove little of an alphabet that is Latin in all of its code pages.
    proved = page in _ALPHABETIC or max(merits, default=0) > _READS
    return sum(merits) if proved and good >= _MOST * len(lines) else 0


def _line_merit(text: str, page: str) -> int:
    """0 for what is no text of the page's languages; more, the more speaks for one of them."""
    words = [word.casefold() for word in _WORD.findall(text) if not word.isascii()]
    signs = {char for char in text if not char.isascii() and not _WORD.fullmatch(char)}
    if (
        not signs <= _SIGNS
        or _SIGN_IN_WORD.search(text)
        or not _are_words(_WORD.findall(text), page)
    ):
        return 0
    alphabets = _LANGUAGES[page]
    if not all(any(_letters(word) <= set(one) for one in alphabets.values()) for word in words):
        return 0
    whole = {name for name, one in alphabets.items() if _letters("".join(words)) <= set(one)}
    if not words or not whole:
        return 1
    return _READS + _HOME * bool(whole & _spoken_in(text)) + _DETECTED * (detect(text) in whole)


def _letters(word: str) -> set[str]:
    return {char for char in word if not char.isascii()}


def _are_words(words: list[str], page: str) -> bool:
    """Whether words look as people write them: not turned in case, nor of mixed alphabets."""
    foreign = [word for word in words if not word.isascii()]
    if any(a.islower() and b.isupper() for word in foreign for a, b in pairwise(word)):
        return False
    if page not in _ALPHABETIC:
        return all(len(word) < 5 or len(_letters(word)) <= 0.6 * len(word) for word in foreign)
    # A few letters that look alike are typed in the wrong alphabet; accents are everywhere.
    mixed = sum(any(char.isascii() for char in word) for word in foreign)
    pure = sum(len(word) > 2 and not any(char.isascii() for char in word) for word in foreign)
    return not foreign or pure > _FEW * mixed


def _spoken_in(text: str) -> set[str]:
    """Languages of the countries that the cells of a line name."""
    cells = (cell for cell in _CELLS.split(text) if 1 < len(cell.strip()) < 30)
    named = {country for cell in cells if (country := country_of(cell))}
    return {spoken for one in named for spoken in get_official_languages(one, de_facto=True)}
