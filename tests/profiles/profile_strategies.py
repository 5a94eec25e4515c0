"""Hypothesis strategies for profiles with awkward texts in every field."""

from datetime import date

from hypothesis import strategies as st

from matcher.profiles.io.decoding import is_lost, mended
from matcher.profiles.io.spellings import is_blank
from matcher.profiles.profile import INTENTS, KINDS, LABELS, LEGAL_FORMS, ClusterProfile
from matcher.profiles.taxonomy import countries, country_group, ecosystems, nace_divisions
from matcher.profiles.trades import trades

AWKWARD = st.sampled_from(
    [
        "=1+1",
        "+49 30",
        "-5 %",
        "@SUM(A1)",
        "'quoted'",
        "'=1",
        "''",
        "a;b",
        "a\\;b",
        "c:\\d\\",
        "\\",
        ";",
        'say "hi"',
        "one\ntwo",
        "one\r\ntwo",
        "a\rb",
        "x;\n=2",
        "tab\there",
        "_x000D_",
        "_x005F_",
        "n/a",
        "-",
        "Харків",
        "ქართული",
        "\ufeffx",
        "\uffff",
        "\ufffe",
        "\u2028z",
        "1,5",
        "0012",
        "1e5",
        "yes",
        "＝1",
        "<b>&amp;",
        "sep=;",
        "😀",
    ]
)
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"])
FREE = st.text(st.one_of(CHARACTERS, st.sampled_from("=+-@';,\\\"\t\n\r")), max_size=30)


def texts(limit):
    joined = st.lists(st.one_of(AWKWARD, FREE), min_size=1, max_size=3).map(" ".join)
    return joined.map(lambda text: text[:limit].strip()).filter(is_legible)


def is_legible(text):
    """Whether a text says something, in letters that no reader would want to mend."""
    line = " ".join(text.split())  # as names and phrases are kept
    says = not is_blank(text) and not is_lost(text) and (mended(text), mended(line)) == (text, line)
    return says and not set(text) & set("\x7f•▪●◦‣∙■□○➢✓✔·")


def lists(items, size=4):
    return st.lists(items, max_size=size).map(tuple)


# Alone in a cell, Namibia's code says that nothing is available.
COUNTRIES = lists(st.sampled_from(list(countries()))).filter(lambda codes: set(codes) != {"NA"})
LINE = texts(300)
PHRASES = lists(texts(200))
COUNT = st.integers(0, 10_000_000)
YEAR = st.integers(1500, 2100)
ADDRESS = st.sampled_from(
    [
        "https://example.org",
        "http://a.example/x;y?z=1,2",
        "https://пример.example/\\a",
        "http://b.c/'",
    ]
)


@st.composite
def profiles(draw, key="x"):
    country = draw(st.sampled_from(sorted(country_group("EU") | country_group("EaP"))))
    maybe = {
        "native_name": LINE,
        "acronym": LINE,
        "region": LINE,
        "nuts2": st.from_regex(r"[A-Z]{2}[0-9A-Z]{2}", fullmatch=True),
        "city": LINE,
        "website": ADDRESS,
        "founded": YEAR,
        "kind": st.sampled_from(KINDS),
        "members_total": COUNT,
        "members_sme": COUNT,
        "members_large": COUNT,
        "members_research": COUNT,
        "members_public": COUNT,
        "employees_represented": COUNT,
        "label": st.sampled_from(LABELS),
        "label_year": YEAR,
        "description": texts(2000),
        "native_description": texts(2000),
        "management_fte": st.floats(0, 10_000),
        "recognised_programme": st.booleans(),
        "english_site": st.booleans(),
        "legal_form": st.sampled_from(LEGAL_FORMS),
        "registered_in": LINE,
        "owner_country_over_50": st.sampled_from(("RU", "DE")),
        "capacity": COUNT,
        "as_of": YEAR,
        "last_verified": st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    }
    values = {name: draw(st.none() | strategy) for name, strategy in maybe.items()}
    if draw(st.booleans()):
        values |= {"lat": draw(st.floats(-90, 90)), "lon": draw(st.floats(-180, 180))}
    return ClusterProfile(
        id=f"{country.lower()}-{key}",
        name=draw(LINE),
        country=country,
        ecosystems=draw(lists(st.sampled_from(list(ecosystems())))),
        nace=draw(lists(st.sampled_from(list(nace_divisions())))),
        technologies=draw(PHRASES),
        services=draw(PHRASES),
        offers=draw(PHRASES),
        seeks=draw(PHRASES),
        target_countries=draw(COUNTRIES),
        opt_in_countries=draw(COUNTRIES),
        languages=draw(lists(st.from_regex(r"[a-z]{2}", fullmatch=True).filter(is_legible))),
        intents=draw(lists(st.sampled_from(INTENTS))),
        visibility=draw(st.sampled_from(["public", "private", "hidden"])),
        sources=draw(lists(ADDRESS)),
        trades=draw(lists(st.sampled_from(list(trades())))),
        origins=draw(lists(st.sampled_from(["offers=owner", "seeks=staff", "name=public_page"]))),
        **values,
    )
