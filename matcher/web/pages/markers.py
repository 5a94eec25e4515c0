"""Where the clusters of a list go on the map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, sin

from matcher.profiles.profile import DraftProfile
from matcher.web.pages.map import HEIGHT, WIDTH, Place, place

_MARGIN = 350.0
_NARROWEST = 1500.0
_RADIUS = 0.026
_TURN = 2.4


@dataclass(frozen=True, slots=True)
class Marker:
    """A point of the map, in map units; `number` is ``None`` for the asker."""

    x: float
    y: float
    number: int | None
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A cut-out of the map.

    Attributes
    ----------
    view_box
        The cut-out, as SVG takes it.
    markers
        The partners; none covers another.
    asker
        Who asks, where its place is known.
    radius
        Of a marker, in map units.
    dots
        SVG path of points without a number.
    unplaced
        Numbers of the partners whose place is not known.
    """

    view_box: str
    markers: tuple[Marker, ...]
    asker: Marker | None
    radius: float
    unplaced: tuple[int, ...]
    dots: str


def picture(
    asker: DraftProfile,
    partners: Sequence[DraftProfile],
    *,
    beside: Sequence[tuple[float, float]] = (),
) -> Picture | None:
    """Draw the map around an asker and its partners; ``None`` where nobody has coordinates.

    Parameters
    ----------
    asker, partners
        The partners are numbered from 1.
    beside
        Latitude and longitude of what is shown as mere dots, the partners among them. A number
        that finds no room at its own dot is then left out instead of moved.
    """
    places = {
        number: _place(partner)
        for number, partner in enumerate(partners, start=1)
        if partner.lat is not None
    }
    home = _place(asker) if asker.lat is not None else None
    dots = sorted({place(lat, lon)[:2] for lat, lon in beside})
    if not places and home is None:
        return None
    left, top, width, height = _frame(
        [*((x, y) for x, y, _ in places.values()), *dots, *([home[:2]] if home else [])]
    )
    radius = _RADIUS * max(width, height * 0.9)
    taken = [(home.x, home.y)] if home else []
    markers = []
    for number, where in places.items():
        x, y = _free(where, taken, 1.9 * radius)
        if beside and (x, y) != where[:2]:
            continue
        taken.append((x, y))
        partner = partners[number - 1]
        markers.append(Marker(x, y, number, partner.id or "", partner.name or ""))
    own = Marker(home.x, home.y, None, asker.id or "", asker.name or "") if home else None
    box = f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}"
    unplaced = tuple(number for number in range(1, len(partners) + 1) if number not in places)
    drawn = "".join(f"M{x:.0f} {y:.0f}h0" for x, y in dots)
    return Picture(box, tuple(markers), own, radius, unplaced, drawn)


def _place(profile: DraftProfile) -> Place:
    return place(profile.lat or 0.0, profile.lon or 0.0)


def _frame(places: Iterable[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Left, top, width and height of a cut-out that holds all places, four to three or wider."""
    xs, ys = zip(*places, strict=True)
    width = max(max(xs) - min(xs) + 2 * _MARGIN, _NARROWEST)
    height = max(max(ys) - min(ys) + 2 * _MARGIN, 0.75 * width)
    width = min(max(width, height * 1.15), WIDTH)
    height = min(height, HEIGHT)
    left = min(max((min(xs) + max(xs) - width) / 2, 0), WIDTH - width)
    top = min(max((min(ys) + max(ys) - height) / 2, 0), HEIGHT - height)
    return left, top, width, height


def _free(where: Place, taken: list[tuple[float, float]], apart: float) -> tuple[float, float]:
    """Draw the place itself, or the nearest on a spiral around it that touches no other marker."""
    for step in range(400):
        away = apart * 0.16 * step**0.75
        x, y = where.x + away * cos(step * _TURN), where.y + away * sin(step * _TURN)
        if all(hypot(x - other[0], y - other[1]) >= apart for other in taken):
            return x, y
    return where.x, where.y
