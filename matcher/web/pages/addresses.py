"""Addresses that leave the site: in search engines, letters and codes.

They begin with the setting `public_url` and never with what a request calls its host, which its
sender chooses.
"""

from typing import Any

from flask import current_app, request, url_for

CONFIG = "PUBLIC_URL"


def public_address(endpoint: str, **values: Any) -> str | None:
    """Return the whole address of a page; ``None`` where the setting is missing."""
    start: str | None = current_app.config[CONFIG]
    if start is None:
        return None
    return start + url_for(endpoint, **values).removeprefix(request.script_root)
