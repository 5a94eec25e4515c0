"""The map of Europe and the Eastern Partnership: its projection and its country outlines.

Map units are kilometres from the upper left corner of the frame, so that distances read off the
map are about true. The outlines, their origin and what was corrected in them are described in
``data/map/README.md``.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from math import cos, radians, remainder, sin, sqrt, tau
from types import MappingProxyType
from typing import Literal, NamedTuple

from matcher.config import DATA_DIR
from matcher.profiles.taxonomy import countries

WIDTH, HEIGHT = 5280, 4180
VIEW_BOX = f"0 0 {WIDTH} {HEIGHT}"
REST = "rest"
DISCLAIMER = (
    "The map shows borders as the United Nations recognises them: Crimea is part of Ukraine, "
    "Abkhazia and South Ossetia of Georgia, Transnistria of Moldova, Nagorno-Karabakh of "
    "Azerbaijan, and the whole island of Cyprus is drawn as one. Kosovo is shown without prejudice "
    "to positions on its status, in line with UN Security Council Resolution 1244 (1999) and the "
    "opinion of the International Court of Justice on its declaration of independence. Outlines "
    "are simplified; they express no opinion on the legal status of any territory."
)

Role = Literal["eu", "eap", "neighbour", "rest"]

_LEFT, _TOP = -2650.0, 2190.0
_EARTH_RADIUS = 6371.0
_ORIGIN_LAT, _ORIGIN_LON = radians(52), radians(20)
_PARALLELS = radians(43), radians(62)
_N = (sin(_PARALLELS[0]) + sin(_PARALLELS[1])) / 2
_C = cos(_PARALLELS[0]) ** 2 + 2 * _N * sin(_PARALLELS[0])


class Place(NamedTuple):
    """Where a marker goes; off the map, it sits on the edge of the frame nearest its direction."""

    x: float
    y: float
    on_map: bool


class Outline(NamedTuple):
    """A country's shape: SVG path data in map units.

    `dot` is a point inside a country that is too small to be seen on a phone, else ``None``.
    """

    role: Role
    path: str
    dot: tuple[int, int] | None


def _radius(lat: float) -> float:
    return _EARTH_RADIUS * sqrt(_C - 2 * _N * sin(lat)) / _N


def project(lat: float, lon: float) -> tuple[float, float]:
    """Map position of a place given in degrees (WGS 84), in kilometres right and down.

    Albers equal-area conic projection of the sphere, standard parallels 43 and 62 degrees north,
    origin 52 N 20 E: J. P. Snyder, Map Projections, USGS Professional Paper 1395 (1987),
    equations 14-1 to 14-6.

    Raises
    ------
    ValueError
        If the latitude or longitude is out of range.
    """
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"no place on Earth has latitude {lat} and longitude {lon}")
    angle = _N * remainder(radians(lon) - _ORIGIN_LON, tau)
    radius = _radius(radians(lat))
    x = radius * sin(angle)
    y = _radius(_ORIGIN_LAT) - radius * cos(angle)
    return x - _LEFT, _TOP - y


def place(lat: float, lon: float) -> Place:
    """Marker position of a place; one outside the frame is drawn back to the frame's edge.

    The edge point lies on the straight line from the middle of the map to the place, so that
    a cluster on La Réunion or the Canaries shows in the right direction instead of nowhere.
    """
    x, y = project(lat, lon)
    dx, dy = x - WIDTH / 2, y - HEIGHT / 2
    overshoot = max(abs(dx) / (WIDTH / 2), abs(dy) / (HEIGHT / 2))
    if overshoot <= 1:
        return Place(x, y, on_map=True)
    return Place(WIDTH / 2 + dx / overshoot, HEIGHT / 2 + dy / overshoot, on_map=False)


def _role(code: str) -> Role:
    if code == REST:
        return "rest"
    group = countries()[code].group
    return "eu" if group == "EU" else "eap" if group == "EaP" else "neighbour"


@lru_cache(maxsize=1)
def outlines() -> Mapping[str, Outline]:
    """Outlines by country code (ISO 3166-1 alpha-2; ``XK`` for Kosovo), in drawing order.

    The key ``"rest"`` holds the remaining land as one shape without inner borders.
    """
    content = json.loads((DATA_DIR / "map" / "outlines.json").read_text(encoding="utf-8"))
    dots = {code: (x, y) for code, (x, y) in content["dots"].items()}
    return MappingProxyType(
        {
            code: Outline(_role(code), path, dots.get(code))
            for code, path in content["paths"].items()
        }
    )
