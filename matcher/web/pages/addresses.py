"""Addresses that leave the site: in search engines, letters and codes.

They begin with the setting `public_url` and never with what a request calls its host, which its
sender chooses.
"""

from typing import Any

from flask import request, url_for

from matcher.web.http.context import current_settings


def public_address(endpoint: str, **values: Any) -> str | None:
    """Return the whole address of a page; ``None`` where the setting is missing."""
    start = current_settings().public_url
    if start is None:
        return None
    return start + url_for(endpoint, **values).removeprefix(request.script_root)
