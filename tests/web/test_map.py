"""The map: every country lies where it is, with the borders that the disclaimer states."""

import json
import re
from math import dist, hypot, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.config import DATA_DIR
from matcher.profiles.taxonomy import country_group
from matcher.web.pages.map import (
    DISCLAIMER,
    HEIGHT,
    REST,
    VIEW_BOX,
    WIDTH,
    outlines,
    place,
    project,
)

OUTLINES = DATA_DIR / "map" / "outlines.json"
Ring = list[tuple[float, float]]

CONTROL_POINTS = {
    "Simferopol": (44.95, 34.10, "UA"),
    "Sevastopol": (44.60, 33.53, "UA"),
    "Kerch": (45.36, 36.47, "UA"),
    "Yalta": (44.50, 34.16, "UA"),
    "Donetsk": (48.00, 37.80, "UA"),
    "Luhansk": (48.57, 39.33, "UA"),
    "Mariupol": (47.10, 37.55, "UA"),
    "Tskhinvali": (42.23, 43.97, "GE"),
    "Sukhumi": (43.00, 41.02, "GE"),
    "Tiraspol": (46.84, 29.62, "MD"),
    "Khankendi": (39.82, 46.75, "AZ"),
    "Nakhchivan": (39.21, 45.41, "AZ"),
    "Nicosia": (35.17, 33.36, "CY"),
    "Famagusta": (35.12, 33.94, "CY"),
    "Kyrenia": (35.33, 33.32, "CY"),
    "Akrotiri": (34.60, 32.97, "CY"),
    "Pristina": (42.66, 21.16, "XK"),
    "Kaliningrad": (54.71, 20.51, "RU"),
    "Belfast": (54.60, -5.93, "GB"),
    "Mariehamn": (60.10, 19.94, "FI"),
    "Valletta": (35.89, 14.50, "MT"),
    "Luxembourg": (49.61, 6.13, "LU"),
}


def rings(path: str) -> list[Ring]:
    """Rings of SVG path data made of absolute starts and relative steps."""
    found = []
    for part in re.findall(r"M([^z]*)z", path):
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        steps = list(zip(numbers[::2], numbers[1::2], strict=True))
        x, y = steps[0]
        ring: Ring = [(x, y)]
        for dx, dy in steps[1:]:
            x, y = x + dx, y + dy
            ring.append((x, y))
        found.append(ring)
    return found


SHAPES = {code: rings(outline.path) for code, outline in outlines().items()}


def inside(point: tuple[float, float], shape: list[Ring]) -> bool:
    """Even-odd rule by ray casting, the rule that the drawing fills by."""
    x, y = point
    crossings = 0
    for ring in shape:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                crossings += 1
    return crossings % 2 == 1


def to_segment(point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    (x, y), (x1, y1), (x2, y2) = point, a, b
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    t = max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length)) if length else 0
    return hypot(x - x1 - t * (x2 - x1), y - y1 - t * (y2 - y1))


def distance(point: tuple[float, float], shape: list[Ring]) -> float:
    """Kilometres from a point to a shape; 0 inside."""
    if inside(point, shape):
        return 0.0
    return min(
        (to_segment(point, a, b) for r in shape for a, b in zip(r, r[1:] + r[:1], strict=True)),
        default=inf,
    )


def countries_at(lat: float, lon: float) -> list[str]:
    point = project(lat, lon)
    return [code for code, shape in SHAPES.items() if inside(point, shape)]


@pytest.mark.parametrize(("lat", "lon", "code"), CONTROL_POINTS.values(), ids=CONTROL_POINTS)
def test_control_point_lies_in_its_country_and_in_no_other(lat, lon, code):
    assert countries_at(lat, lon) == [code]


@pytest.mark.parametrize(("lat", "lon"), [(43.3, 34.0), (56.0, 19.0), (60.0, -9.5), (42.0, 51.0)])
def test_the_open_sea_belongs_to_nobody(lat, lon):
    assert countries_at(lat, lon) == []


def test_all_eu_and_eastern_partnership_countries_are_drawn_and_tinted():
    roles = {code: outline.role for code, outline in outlines().items()}
    assert {code for code, role in roles.items() if role == "eu"} == country_group("EU")
    assert {code for code, role in roles.items() if role == "eap"} == country_group("EaP")
    assert {"TR", "RU", "NO", "GB", "CH", "RS", "XK"} <= {
        code for code, role in roles.items() if role == "neighbour"
    }
    assert roles[REST] == "rest"
    assert next(iter(roles)) == REST


def test_countries_too_small_for_a_phone_have_a_dot_inside_themselves():
    dots = {code: outline.dot for code, outline in outlines().items() if outline.dot}
    assert set(dots) == {"MT", "LU"}
    for code, dot in dots.items():
        assert inside((dot[0] + 0.5, dot[1] + 0.5), SHAPES[code])


def test_every_shipped_cluster_lies_in_or_near_its_own_country():
    strays = {}
    for line in (DATA_DIR / "clusters.jsonl").read_text(encoding="utf-8").splitlines():
        cluster = json.loads(line)
        # The map ends north of the Canaries; what lies there is shown at its edge.
        if cluster["lat"] is not None and cluster["lat"] > 33:
            marker = place(cluster["lat"], cluster["lon"])
            away = distance((marker.x, marker.y), SHAPES[cluster["country"]])
            if away > 25 or not marker.on_map:
                strays[cluster["id"]] = round(away)
    assert strays == {}


def test_borders_are_shared_without_gap_or_overlap():
    # A grid over inland Europe: every point belongs to exactly one country.
    for lat in range(460, 520, 7):
        for lon in range(160, 300, 7):
            found = countries_at(lat / 10, lon / 10)
            assert len(found) == 1, (lat / 10, lon / 10, found)


def test_the_file_is_small_and_made_for_this_frame():
    content = json.loads(OUTLINES.read_text(encoding="utf-8"))
    assert OUTLINES.stat().st_size <= 120_000
    assert (content["width"], content["height"]) == (WIDTH, HEIGHT)
    assert f"0 0 {WIDTH} {HEIGHT}" == VIEW_BOX
    assert all(re.fullmatch(r"(M-?\d+ ?-?\d+l[-\d ]+z)+", p) for p in content["paths"].values())


def test_projected_distances_are_about_true():
    # Great-circle distances on the 6371 km sphere.
    for a, b, kilometres in [
        ((50.45, 30.52), (52.23, 21.01), 690),  # Kyiv - Warsaw
        ((41.72, 44.79), (40.41, 49.87), 449),  # Tbilisi - Baku
        ((38.72, -9.14), (60.17, 24.94), 3364),  # Lisbon - Helsinki
    ]:
        assert dist(project(*a), project(*b)) == pytest.approx(kilometres, rel=0.06)


def test_projection_is_equal_area():
    def cell(lat: float, lon: float, step: float = 0.01) -> float:
        (x1, y1), (x2, y2), (x3, y3) = (
            project(lat, lon),
            project(lat + step, lon),
            project(lat, lon + step),
        )
        return abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1))

    # On the sphere a cell's area falls with the cosine of the latitude: cos 40 / cos 60.
    assert cell(40, 45) / cell(60, 10) == pytest.approx(1.5321, rel=1e-3)


def test_north_is_up_and_east_is_right():
    kyiv, helsinki, baku = project(50.45, 30.52), project(60.17, 24.94), project(40.41, 49.87)
    assert helsinki[1] < kyiv[1] < baku[1]
    assert helsinki[0] < kyiv[0] < baku[0]


@pytest.mark.parametrize(("lat", "lon"), [(91, 0), (0, 181), (float("nan"), 0)])
def test_impossible_coordinates_are_refused(lat, lon):
    with pytest.raises(ValueError, match="no place on Earth"):
        project(lat, lon)


@pytest.mark.parametrize(
    ("lat", "lon", "edge"),
    [
        (28.1, -15.4, "left"),  # Las Palmas de Gran Canaria
        (-21.1, 55.5, "bottom"),  # Saint-Denis, La Réunion
        (55.0, 82.9, "right"),  # Novosibirsk
    ],
)
def test_a_place_off_the_map_is_marked_on_the_edge_towards_it(lat, lon, edge):
    marker = place(lat, lon)
    assert not marker.on_map
    on_edge = {
        "left": marker.x == 0,
        "right": marker.x == pytest.approx(WIDTH),
        "bottom": marker.y == pytest.approx(HEIGHT),
    }
    assert on_edge[edge]


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_marker_is_within_the_frame(lat, lon):
    marker = place(lat, lon)
    assert -1e-6 <= marker.x <= WIDTH + 1e-6
    assert -1e-6 <= marker.y <= HEIGHT + 1e-6
    if marker.on_map:
        assert (marker.x, marker.y) == project(lat, lon)


def test_the_disclaimer_names_every_contested_place():
    for name in (
        "Crimea",
        "Abkhazia",
        "South Ossetia",
        "Transnistria",
        "Nagorno-Karabakh",
        "Cyprus",
        "Kosovo",
    ):
        assert name in DISCLAIMER
