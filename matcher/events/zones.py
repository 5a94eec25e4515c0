"""Time zones as people name them: ``Europe/Kyiv``, Kyiv, GMT+4."""

import re
from collections.abc import Mapping
from functools import lru_cache
from zoneinfo import available_timezones

from matcher.profiles.names import plain

_OFFSET = re.compile(r"(?:gmt|utc)?\s*([+\u2212-])\s*0?(\d{1,2})(?:[:.]?00)?", re.IGNORECASE)
_REGIONS = ("Europe", "Asia", "America", "Africa", "Australia", "Atlantic", "Pacific", "Indian")


def zone_of(text: str) -> str:
    """Return the IANA name of the zone that a text names, by itself, its city or its offset.

    Raises
    ------
    ValueError
        It names none.
    """
    text = text.strip()
    if text in available_timezones():
        return text
    if offset := _OFFSET.fullmatch(text):
        # The sign of these names is that of POSIX: four hours ahead of UTC is Etc/GMT-4.
        name = f"Etc/GMT{'-' if offset[1] == '+' else '+'}{int(offset[2])}"
        if name in available_timezones():
            return name
    found = _zones().get(plain(text).removesuffix(" time"))
    if found is None:
        raise ValueError(
            f"unknown time zone {text!r}; use an IANA name, such as Europe/Kyiv, a city or GMT+4"
        )
    return found


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, str]:
    """Zones by their plain names and by their cities, the first regions first."""
    names = {plain(zone): zone for zone in available_timezones()}
    for region in reversed(_REGIONS):
        for zone in sorted(available_timezones(), reverse=True):
            if zone.startswith(f"{region}/"):
                names[plain(zone.rpartition("/")[2])] = zone
    return names
