"""The papers of a whole plan in one zip file."""

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Literal, get_args
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from matcher.documents.brief import Brief
from matcher.documents.brief_docx import brief_docx
from matcher.documents.brief_pdf import brief_pdf
from matcher.documents.letters import first_ask

Format = Literal["pdf", "docx"]
FORMATS: tuple[Format, ...] = get_args(Format)
_VIEWS: Mapping[Format, Callable[[Brief], bytes]] = MappingProxyType(
    {"pdf": brief_pdf, "docx": brief_docx}
)


def render_brief(brief: Brief, form: Format) -> bytes:
    """Render the brief in one of the formats."""
    return _VIEWS[form](brief)


def brief_archive(
    briefs: Iterable[Brief],
    *,
    formats: Iterable[Format] = ("pdf", "docx"),
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """Put briefs and first letters of many pairs into a zip: one folder a pair, named by the ids.

    The letter that puts both in touch is not among them: it needs the consent of both.

    Parameters
    ----------
    briefs
        One for each pair.
    formats
        Formats of each brief.
    progress
        Called with (pairs done, pairs in all).
    """
    every, kinds = list(briefs), list(formats)
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for done, brief in enumerate(every, 1):
            for form in kinds:
                _add(archive, brief, f"brief.{form}", render_brief(brief, form))
            for side in ("a", "b"):
                letter = first_ask(brief, side)
                _add(archive, brief, f"ask-{side}.txt", letter.whole.encode())
            if progress:
                progress(done, len(every))
    return buffer.getvalue()


def _add(archive: ZipFile, brief: Brief, name: str, content: bytes) -> None:
    """Add a file dated with the day of the brief, so that equal plans give equal archives."""
    day = brief.made_on
    info = ZipInfo(f"{brief.name}/{name}", (day.year, day.month, day.day, 0, 0, 0))
    info.compress_type = ZIP_DEFLATED
    archive.writestr(info, content)
