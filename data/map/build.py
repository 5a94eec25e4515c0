"""Builds ``outlines.json`` from the npm package ``world-atlas`` 2.0.2 (Natural Earth 4.1.0).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    pip install shapely==2.2.0
    python data/map/build.py package/countries-10m.json

Lines are simplified arc by arc, before countries are put together: an arc that two countries
share is simplified once, so that no gap opens between them.
"""

import hashlib
import heapq
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from shapely import Geometry, MultiPolygon, Point, Polygon, box, make_valid, unary_union
from shapely.geometry.base import BaseMultipartGeometry

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from matcher.profiles.taxonomy import countries, country_group  # noqa: E402
from matcher.web.pages.map import HEIGHT, REST, WIDTH, project  # noqa: E402

SOURCE_SHA256 = "3bc6f1d367a9bcec479841bae0e76092f512838411d0cef124e92eec4db45f79"
SIMPLIFY_KM2 = 14.0  # a corner stays if it spans a triangle of at least this size
SMALLEST_KM2 = 70.0  # islands and enclaves below this size are left out
DOT_BELOW_KM2 = 3000.0
MARGIN_KM = 30  # drawn beyond the frame, so that no cut edge shows
# A landmass of the Russian feature that holds this point is Ukraine's Crimea.
SIMFEROPOL = (44.95, 34.1)

# What the source draws apart belongs to these countries.
PARTS_OF = {
    "N. Cyprus": "CY",
    "Cyprus U.N. Buffer Zone": "CY",
    "Akrotiri": "CY",
    "Dhekelia": "CY",
    "Åland": "FI",
}
# The source's own spellings, where they differ from the taxonomy's English names.
NAMES = {
    "Bosnia and Herz.": "BA",
    "Macedonia": "MK",
    "Turkey": "TR",
    "Vatican": "VA",
    "Baikonur": "KZ",
    "Faeroe Is.": "FO",
}
# Drawn in neutral grey, each with its own outline.
NEIGHBOURS = {
    *("AD", "AL", "BA", "CH", "GB", "IS", "LI", "MC", "ME", "MK", "NO", "RS", "RU", "SM", "TR"),
    *("VA", "XK"),
}
# Land beyond, drawn as one shape without inner borders.
BEYOND = {
    *("DZ", "EG", "FO", "GG", "GI", "IL", "IM", "IQ", "IR", "JE", "JO", "KG", "KW", "KZ", "LB"),
    *("LY", "MA", "PS", "SA", "SY", "TM", "TN", "UZ"),
}
Ring = list[tuple[float, float]]


def read_topology(path: Path) -> dict[str, Any]:
    """Read the source, checked to be the very file that the corrections were made for."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != SOURCE_SHA256:
        raise SystemExit(f"{path} is not countries-10m.json of world-atlas 2.0.2")
    topology: dict[str, Any] = json.loads(content)
    return topology


def outline_key(name: str) -> str | None:
    """Find the outline that a source feature goes into; ``None`` where it is not drawn."""
    known = {country.name: code for code, country in countries().items()}
    code = PARTS_OF.get(name) or NAMES.get(name) or known.get(name)
    if code in country_group("EU") | country_group("EaP") | NEIGHBOURS:
        return code
    return REST if code in BEYOND else None


def decode_arcs(topology: dict[str, Any]) -> list[Ring]:
    """Decode all arcs to map units, simplified (TopoJSON specification, section 2.1.4)."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        arc: Ring = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            lon = min(max(x * sx + tx, -180.0), 180.0)
            arc.append(project(min(max(y * sy + ty, -90.0), 90.0), lon))
        arcs.append(simplify(arc))
    return arcs


def triangle(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Measure the area of a triangle."""
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def simplify(arc: Ring) -> Ring:
    """Leave the least telling corners out of an arc; both ends stay.

    M. Visvalingam and J. D. Whyatt, Line generalisation by repeated elimination of points,
    The Cartographic Journal 30 (1993).
    """
    before, after = list(range(-1, len(arc) - 1)), list(range(1, len(arc) + 1))
    alive = [True] * len(arc)
    size = {i: triangle(*arc[i - 1 : i + 2]) for i in range(1, len(arc) - 1)}
    queue = [(area, i) for i, area in size.items()]
    heapq.heapify(queue)
    closed = arc[0] == arc[-1]
    left = len(arc)
    while queue and left > (5 if closed else 2):
        area, i = heapq.heappop(queue)
        if not alive[i] or area != size[i]:
            continue
        if area >= SIMPLIFY_KM2:
            break
        alive[i] = False
        left -= 1
        a, b = before[i], after[i]
        after[a], before[b] = b, a
        for j in (a, b):
            if j in size:
                corner = triangle(arc[before[j]], arc[j], arc[after[j]])
                size[j] = max(area, corner)
                heapq.heappush(queue, (size[j], j))
    return [point for point, kept in zip(arc, alive, strict=True) if kept]


def ring_of(indices: list[int], arcs: list[Ring]) -> Ring:
    """Stitch a ring from its arcs; a negative index means the arc backwards."""
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return ring


def polygons(feature: dict[str, Any], arcs: list[Ring]) -> list[Geometry]:
    """Build the polygons of a feature."""
    parts = [feature["arcs"]] if feature["type"] == "Polygon" else feature["arcs"]
    found = []
    for part in parts:
        outer, *holes = (ring_of(indices, arcs) for indices in part)
        if len(outer) >= 4:
            polygon = Polygon(outer, [hole for hole in holes if len(hole) >= 4])
            found.append(polygon if polygon.is_valid else make_valid(polygon))
    return found


def collect(topology: dict[str, Any]) -> dict[str, Geometry]:
    """Gather one geometry per outline, cut to the frame, with the borders corrected."""
    arcs = decode_arcs(topology)
    frame = box(-MARGIN_KM, -MARGIN_KM, WIDTH + MARGIN_KM, HEIGHT + MARGIN_KM)
    crimea = Point(project(*SIMFEROPOL))
    pieces: dict[str, list[Geometry]] = defaultdict(list)
    for feature in topology["objects"]["countries"]["geometries"]:
        code = outline_key(feature["properties"]["name"])
        if code is None:
            continue
        for polygon in polygons(feature, arcs):
            if polygon.intersects(frame):
                owner = "UA" if code == "RU" and polygon.contains(crimea) else code
                pieces[owner].append(polygon)
    return {code: unary_union(parts).intersection(frame) for code, parts in pieces.items()}


def keep(geometry: Geometry) -> list[Polygon]:
    """Choose the polygons worth drawing, largest first: the main one and what is large enough.

    Holes of the same small size are closed too, so that a left-out enclave leaves no gap.
    """
    parts = geometry.geoms if isinstance(geometry, BaseMultipartGeometry) else [geometry]
    solid = sorted((part for part in parts if isinstance(part, Polygon)), key=lambda p: -p.area)
    seen = [part for part in solid if part is solid[0] or part.area >= SMALLEST_KM2]
    return [
        Polygon(part.exterior, [h for h in part.interiors if Polygon(h).area >= SMALLEST_KM2])
        for part in seen
    ]


def path_data(ring: Ring) -> str:
    """Write a ring as an SVG path: an absolute start, then relative steps, in whole kilometres."""
    points = [(round(x), round(y)) for x, y in ring[:-1]]
    points = [p for i, p in enumerate(points) if p != points[i - 1]]
    (x, y), *rest = points
    text = f"M{x} {y}l"
    for nx, ny in rest:
        text += f" {nx - x} {ny - y}"
        x, y = nx, ny
    return text.replace("l ", "l").replace(" -", "-") + "z"


def main(source: Path) -> None:
    """Write ``outlines.json`` beside this file."""
    shapes = {code: keep(geometry) for code, geometry in collect(read_topology(source)).items()}
    order = [REST, *sorted(shapes.keys() - {REST})]
    paths, dots = {}, {}
    for code in order:
        rings = [r for p in shapes[code] for r in (p.exterior, *p.interiors)]
        paths[code] = "".join(
            path_data(list(ring.coords)) for ring in rings if len(ring.coords) > 3
        )
        whole = MultiPolygon(shapes[code])
        if code in country_group("EU") | country_group("EaP") and whole.area < DOT_BELOW_KM2:
            point = shapes[code][0].representative_point()
            dots[code] = [round(point.x), round(point.y)]
    content = {"width": WIDTH, "height": HEIGHT, "paths": paths, "dots": dots}
    text = json.dumps(content, indent=0, ensure_ascii=False)
    (HERE / "outlines.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
