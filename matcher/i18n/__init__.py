"""Languages of pages and papers: English in the code, all others in gettext catalogues."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

SOURCE = "en"
CATALOGUES = Path(__file__).with_name("catalogues")
CODES = (SOURCE, *sorted(path.stem for path in CATALOGUES.glob("*.po")))
"""ISO 639-1 codes: English, and one for each catalogue."""

if TYPE_CHECKING:
    LanguageCode = str
else:  # so that pydantic checks and documents the codes that there are
    LanguageCode = Literal[CODES]
