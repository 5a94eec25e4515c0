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

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FAMILY = "FiraSans"
FALLBACK = "DejaVuSans"
_STYLES = ("Regular", "SemiBold", "Italic", "SemiBoldItalic")


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Make the fonts known to reportlab, once."""
    for style in _STYLES:
        pdfmetrics.registerFont(_fira(style))
    pdfmetrics.registerFontFamily(FAMILY, *(f"{FAMILY}-{style}" for style in _STYLES))
    fallback = Path(__file__).parent / "typefaces" / "DejaVuSans.ttf"
    pdfmetrics.registerFont(TTFont(FALLBACK, str(fallback)))


def markup(text: str) -> str:
    """Escape text for a reportlab paragraph; letters that Fira Sans lacks switch the font."""
    known = _fira("Regular").face.charToGlyph
    parts = []
    for has_letter, letters in groupby(text, key=lambda letter: ord(letter) in known):
        run = escape("".join(letters), {'"': "&quot;"})
        parts.append(run if has_letter else f'<font name="{FALLBACK}">{run}</font>')
    return "".join(parts)


@lru_cache(maxsize=len(_STYLES))
def _fira(style: str) -> TTFont:
    folder = distribution("fontpkg-fira-sans").locate_file("fontpkg_fira_sans/files")
    return TTFont(f"{FAMILY}-{style}", str(Path(str(folder)) / f"FiraSans-{style}.ttf"))
