"""Bytes to text: UTF-8, UTF-16, UTF-32 and Windows-1251, decided by evidence, never by guess."""

import re

from matcher.errors import UnreadableFileError

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_ADVICE = "Save it again as UTF-8 (in Excel: Save As, 'CSV UTF-8')."
_CYRILLIC = "А-Яа-яЁёІіЇїЄєҐґЎў"
_EXPECTED = re.compile(rf"[{_CYRILLIC}«»„“”‘’‚–—…№•·°§©®\u00a0]")
_WORD = re.compile(r"[^\W\d_]+")
_ODD_WORD = re.compile(rf"[A-Za-z][{_CYRILLIC}]|[{_CYRILLIC}][A-Za-z]|[а-яёіїєґў][А-ЯЁІЇЄҐЎ]")
_SAMPLE = 400


def decode(content: bytes) -> tuple[str, str]:
    """Text of a file, and the name of the encoding it was in.

    A byte-order mark decides; then NUL bytes in every second place mean UTF-16; then valid
    UTF-8 is UTF-8. What is left may be Windows-1251, and is taken for it only where it reads
    as Cyrillic words: other 8-bit encodings give words of mixed alphabets or inverted case.

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
                f"The text is damaged: it begins as {encoding.upper()} but does not go on so. "
                + _ADVICE
            ) from error
        line = content.count(b"\n", 0, error.start) + 1
    text = _as_cp1251(content)
    if text is None:
        raise UnreadableFileError(
            f"Line {line} holds characters in an encoding that is neither UTF-8, UTF-16 nor "
            f"Windows-1251. {_ADVICE}"
        )
    return text, "cp1251"


def _marked(content: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)


def _unmarked_utf16(content: bytes) -> str | None:
    even, odd = content[:_SAMPLE:2], content[1:_SAMPLE:2]
    if odd.count(0) > 0.4 * len(odd) and not even.count(0):
        return "utf-16-le"
    if even.count(0) > 0.4 * len(even) and not odd.count(0):
        return "utf-16-be"
    return None


def _as_cp1251(content: bytes) -> str | None:
    try:
        text = content.decode("cp1251")
    except UnicodeDecodeError:
        return None
    foreign = [char for char in text if not char.isascii()]
    expected = sum(1 for char in foreign if _EXPECTED.match(char))
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    odd = sum(1 for word in words if _ODD_WORD.search(word))
    plausible = words and expected >= 0.98 * len(foreign) and odd <= 0.05 * len(words)
    return text if plausible else None
