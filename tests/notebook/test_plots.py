import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt

from matcher import notebook
from matcher.notebook import maps, style
from matcher.web.pages.map import place

LONG = "A finding that takes so many words to tell that it cannot but fill more than a single line"


@pytest.fixture(autouse=True)
def look():
    mpl.use("agg")
    with mpl.rc_context():
        style.use()
        yield
    plt.close("all")


def _box(figure, text):
    return text.get_window_extent(figure.canvas.get_renderer())


def test_titles_and_small_print_stay_on_the_page():
    figure, _ = style.chart(LONG, LONG + " " + LONG, source=" ".join([LONG] * 4))
    figure.draw_without_rendering()
    boxes = [_box(figure, text) for text in figure.texts]
    width, height = figure.canvas.get_width_height()
    assert all(b.x0 >= 0 and b.x1 <= width and b.y0 >= 0 and b.y1 <= height for b in boxes)
    title, below, _ = boxes
    assert below.y1 <= title.y0 + 1


def test_small_print_stays_below_the_axes():
    figure, axes = style.chart("Title", "Units", source=" ".join([LONG] * 4))
    axes.plot([0, 1])
    axes.set_xlabel("x")
    figure.draw_without_rendering()
    assert _box(figure, figure.texts[-1]).y1 <= axes.xaxis.get_tightbbox().y0


def test_labels_are_moved_apart():
    figure, axes = style.chart("Title")
    axes.set(xlim=(0, 1), ylim=(0, 1))
    style.write_labels(axes, ["one label"] * 4, np.full((4, 2), 0.5))
    boxes = [_box(figure, text) for text in axes.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_the_same_chart_is_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        figure, axes = style.chart("Title", "Units")
        axes.bar([0, 1], [1, 2])
        style.save(figure, "chart", tmp_path / folder)
    for suffix in ("png", "svg"):
        one, other = ((tmp_path / f / f"chart.{suffix}").read_bytes() for f in "ab")
        assert one == other


def test_neighbouring_colours_differ_in_grey_print():
    def grey(colour):
        return np.dot(mpl.colors.to_rgb(colour), (0.299, 0.587, 0.114))

    assert abs(grey(style.SIDES["EU"]) - grey(style.SIDES["EaP"])) > 0.05
    assert len(set(style.PALETTE)) == len(style.PALETTE)


def test_names_are_cut_for_labels():
    assert style.shorten("short") == "short"
    assert len(style.shorten("x" * 80, 20)) == 20


@pytest.mark.parametrize(
    ("town", "lat", "lon", "country"),
    [
        ("Simferopol", 44.95, 34.1, "UA"),
        ("Donetsk", 48.0, 37.8, "UA"),
        ("Tskhinvali", 42.23, 43.97, "GE"),
        ("Sukhumi", 43.0, 41.02, "GE"),
        ("Tiraspol", 46.84, 29.63, "MD"),
    ],
)
def test_drawn_borders_are_those_of_the_united_nations(town, lat, lon, country):
    _, axes = style.chart("Map", source=maps.MAP_SOURCE)
    maps.draw_map(axes, {country: "#123456"})
    painted = [
        patch for patch in axes.patches if mpl.colors.to_hex(patch.get_facecolor()) == "#123456"
    ]
    assert any(patch.get_path().contains_point(place(lat, lon)[:2]) for patch in painted), town


def test_seats_are_placed_and_unknown_ones_left_out(analyst):
    clusters = notebook.profiles(analyst.clusters)
    seats = maps.positions(clusters)
    assert (np.isnan(seats[:, 0]) == clusters["lat"].isna().to_numpy()).all()


def test_maps_carry_the_disclaimer():
    assert "no opinion on the legal status" in maps.MAP_SOURCE
