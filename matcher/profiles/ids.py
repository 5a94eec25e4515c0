"""Identifiers for clusters that come without one."""

import hashlib
import re
from collections.abc import Container

from anyascii import anyascii

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
"""Pattern of what `slug` makes."""

_MAX_SLUG = 100


def slug(text: str) -> str:
    """Small ASCII letters and digits joined by dashes; empty where `text` has neither."""
    plain = re.sub(r"['’`]", "", anyascii(text)).casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_MAX_SLUG].strip("-")


def make_id(country: str, name: str, taken: Container[str] = (), number: int = 1) -> str:
    """Make an identifier from country and name: the same for the same two, in any file.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code.
    name
        Name in any script; one without letters is replaced by a digest.
    taken
        Identifiers in use; a number is added to stay clear of them.
    number
        The first number to try, where lower ones are known to be in use; 1 stands for none.
    """
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    base = f"{country.lower()}-{slug(name) or digest}"
    key = base if number == 1 else f"{base}-{number}"
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    return key
