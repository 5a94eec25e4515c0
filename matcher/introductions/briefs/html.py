"""A brief as one HTML page that stands alone: no script, nothing loaded from anywhere."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from matcher.introductions.briefs.brief import Brief
from matcher.introductions.briefs.labels import labels


def brief_html(brief: Brief) -> str:
    """Render the brief; all text is escaped as data by the template engine."""
    return _template().render(brief=brief, say=labels(brief.language))


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("brief.html")
