"""The papers of a whole plan in one zip file."""

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Literal, get_args
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from matcher.introductions.briefs.brief import Brief
from matcher.introductions.briefs.docx import brief_docx
from matcher.introductions.briefs.html import brief_html
from matcher.introductions.briefs.letters import Letter, first_ask
from matcher.introductions.briefs.markdown import brief_markdown
from matcher.introductions.briefs.pdf import brief_pdf

Format = Literal["pdf", "docx", "html", "md"]
FORMATS: tuple[Format, ...] = get_args(Format)
_VIEWS: Mapping[Format, Callable[[Brief], bytes]] = MappingProxyType(
    {
        "pdf": brief_pdf,
        "docx": brief_docx,
        "html": lambda brief: brief_html(brief).encode(),
        "md": lambda brief: brief_markdown(brief).encode(),
    }
)


def render_brief(brief: Brief, form: Format) -> bytes:
    """Render the brief in one of the formats."""
    return _VIEWS[form](brief)


def brief_archive(
    briefs: Iterable[Brief],
    *,
    sender: str,
    formats: Iterable[Format] = ("pdf", "docx"),
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """Put briefs and first letters of many pairs into a zip: one folder a pair, named by the ids.

    The letter that puts both in touch is not among them: it needs the consent of both.

    Parameters
    ----------
    briefs
        One for each pair.
    sender
        Who signs the letters.
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
            letters = {
                "ask-a.txt": first_ask(brief, "a", sender=sender),
                "ask-b.txt": first_ask(brief, "b", sender=sender),
            }
            for name, letter in letters.items():
                _add(archive, brief, name, _text(letter))
            if progress:
                progress(done, len(every))
    return buffer.getvalue()


def _text(letter: Letter) -> bytes:
    return f"{letter.subject}\n\n{letter.text}".encode()


def _add(archive: ZipFile, brief: Brief, name: str, content: bytes) -> None:
    """Add a file dated with the day of the brief, so that equal plans give equal archives."""
    day = brief.made_on
    info = ZipInfo(f"{brief.name}/{name}", (day.year, day.month, day.day, 0, 0, 0))
    info.compress_type = ZIP_DEFLATED
    archive.writestr(info, content)
