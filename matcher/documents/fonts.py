"""Fonts of the PDF: Fira Sans, and DejaVu Sans for letters that it lacks.

Fira Sans (SIL Open Font License 1.1, from the package fontpkg-fira-sans) holds Latin, Cyrillic
and Greek; DejaVu Sans (Bitstream Vera licence and public domain, beside this module) also holds
Georgian and Armenian, in which some clusters write their names.
"""

from functools import lru_cache
from importlib.metadata import distribution
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from anyascii import anyascii
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FAMILY = "FiraSans"
FALLBACK = "DejaVuSans"
_STYLES = ("Regular", "SemiBold", "Italic", "SemiBoldItalic")
_CURRENCIES = {"₾": "GEL", "₼": "AZN", "֏": "AMD"}


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Make the fonts known to reportlab, once."""
    for style in _STYLES:
        pdfmetrics.registerFont(_fira(style))
    pdfmetrics.registerFontFamily(FAMILY, *(f"{FAMILY}-{style}" for style in _STYLES))
    pdfmetrics.registerFont(_fallback())


def markup(text: str) -> str:
    """Escape text for a reportlab paragraph; letters that Fira Sans lacks switch the font."""
    known = _fira("Regular").face.charToGlyph
    parts = []
    for has_letter, letters in groupby(drawable(text), key=lambda letter: ord(letter) in known):
        run = escape("".join(letters), {'"': "&quot;"})
        parts.append(run if has_letter else f'<font name="{FALLBACK}">{run}</font>')
    return "".join(parts)


def drawable(text: str) -> str:
    """Write what no font can draw in letters that one can, so that no paper has empty boxes."""
    return "".join(map(_drawn, text))


@lru_cache(maxsize=4096)
def _drawn(letter: str) -> str:
    spellings = (letter, _CURRENCIES.get(letter), letter.lower(), anyascii(letter))
    return next((text for text in spellings if text and _has_glyphs(text)), "")


def _has_glyphs(text: str) -> bool:
    fonts = (_fira("Regular"), _fallback())
    return all(any(ord(letter) in font.face.charToGlyph for font in fonts) for letter in text)


@lru_cache(maxsize=1)
def _fallback() -> TTFont:
    return TTFont(FALLBACK, str(Path(__file__).parent / "typefaces" / "DejaVuSans.ttf"))


@lru_cache(maxsize=len(_STYLES))
def _fira(style: str) -> TTFont:
    folder = distribution("fontpkg-fira-sans").locate_file("fontpkg_fira_sans/files")
    return TTFont(f"{FAMILY}-{style}", str(Path(str(folder)) / f"FiraSans-{style}.ttf"))
