"""Which language a profile is written in.

English is told by its function words alone, which costs microseconds; only text that lacks
them wakes the statistical model (about a second on first use).
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from matcher.i18n.message import Message, plain
from matcher.profiles.profile import DraftProfile

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "ar": "Arabic",
        "az": "Azerbaijani",
        "be": "Belarusian",
        "bg": "Bulgarian",
        "bs": "Bosnian",
        "ca": "Catalan",
        "cs": "Czech",
        "da": "Danish",
        "de": "German",
        "el": "Greek",
        "en": "English",
        "es": "Spanish",
        "et": "Estonian",
        "eu": "Basque",
        "fi": "Finnish",
        "fr": "French",
        "ga": "Irish",
        "gl": "Galician",
        "he": "Hebrew",
        "hr": "Croatian",
        "hu": "Hungarian",
        "hy": "Armenian",
        "is": "Icelandic",
        "it": "Italian",
        "ja": "Japanese",
        "ka": "Georgian",
        "ko": "Korean",
        "lb": "Luxembourgish",
        "lt": "Lithuanian",
        "lv": "Latvian",
        "mk": "Macedonian",
        "mt": "Maltese",
        "nl": "Dutch",
        "no": "Norwegian",
        "pl": "Polish",
        "pt": "Portuguese",
        "ro": "Romanian",
        "ru": "Russian",
        "sk": "Slovak",
        "sl": "Slovenian",
        "sq": "Albanian",
        "sr": "Serbian",
        "sv": "Swedish",
        "tr": "Turkish",
        "uk": "Ukrainian",
        "zh": "Chinese",
    }
)
"""ISO 639-1 code -> English name, of the languages met in this trade."""

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff\ufb00-\ufb06]")
_FUNCTION_WORDS = frozenset(
    ("the", "and", "of", "with", "for", "to", "from", "by", "is", "are", "that", "their", "its")
)
_MIN_WORDS = 8
_FUNCTION_WORD_SHARE = 0.1
_MIN_LETTERS = 20
_MIN_CONFIDENCE = 0.9
_FOREIGN_SCRIPT_SHARE = 0.3
_SCRIPTS = (
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
    ("hy", re.compile(r"[\u0530-\u058f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)


@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def foreign_language(text: str) -> str | None:
    """ISO 639 code of the language of `text`, or ``None`` if it is English or too short to tell.

    Text in a script other than Latin always counts as foreign; Latin text only from twenty
    letters on and where the model is sure. ``"und"`` stands for a language not recognised.
    """
    if _in_foreign_script(text):
        return _by_script(text)
    if len(_letters(text)) < _MIN_LETTERS or _reads_as_english(text):
        return None
    code, confidence = _identifier().classify(text)
    return str(code) if code != "en" and confidence >= _MIN_CONFIDENCE else None


def non_english(profile: DraftProfile) -> str | None:
    """ISO 639 code of the language of a profile's texts, or ``None`` where they are English.

    Description, offers and seeks are judged together, since phrases alone are too short; but
    each by itself as to its script.
    """
    texts = (profile.description or "", "; ".join(profile.offers), "; ".join(profile.seeks))
    in_foreign_script = next(filter(_in_foreign_script, texts), None)
    return foreign_language(in_foreign_script or "\n".join(texts))


def language_warning(profile: DraftProfile) -> Message | None:
    """Message that warns of text not in English and says what to do; ``None`` if all is well."""
    code = non_english(profile)
    if code is None:
        return None
    known = code in LANGUAGES
    return Message(
        "the text seems to be {language}; the language model understands English best, so "
        "matches may be poor. Give description, offers and seeks in English",
        language=plain(LANGUAGES[code]) if known else Message("a language other than English"),
    )


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text))


def _in_foreign_script(text: str) -> bool:
    if text.isascii():
        return False
    letters = _letters(text)
    foreign = len(letters) - len(_LATIN.findall(letters))
    return foreign > _FOREIGN_SCRIPT_SHARE * len(letters)


def _reads_as_english(text: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(text)]
    hits = sum(1 for word in words if word in _FUNCTION_WORDS)
    return len(words) >= _MIN_WORDS and hits >= _FUNCTION_WORD_SHARE * len(words)


def _by_script(text: str) -> str:
    half = len(_letters(text)) / 2
    for code, script in _SCRIPTS:
        if len(script.findall(text)) > half:
            return code
    code, _ = _identifier().classify(text)
    return "und" if code == "en" else str(code)
