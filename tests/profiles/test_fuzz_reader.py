"""No bytes make the reader fail with anything but an error of ours."""

import contextlib
import io
import json
import re
import zipfile
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.config import DATA_DIR
from matcher.errors import MatcherError
from matcher.profiles.io.formats import Format
from matcher.profiles.io.readers import read_profiles
from matcher.profiles.io.writers import write_profiles
from matcher.profiles.profile import ClusterProfile

FORMATS = get_args(Format)
FEW = read_profiles(
    b"\n".join((DATA_DIR / "clusters.jsonl").read_bytes().splitlines()[:3]), form="jsonl"
).profiles
VALID = {form: write_profiles(FEW, form) for form in FORMATS}
with zipfile.ZipFile(io.BytesIO(VALID["xlsx"])) as book:
    PARTS = {name: book.read(name) for name in book.namelist()}
HARD = settings(suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def _no_language_model(monkeypatch):
    monkeypatch.setattr("matcher.profiles.io.readers.language_warning", lambda profile: None)


def check(content, form):
    with contextlib.suppress(MatcherError):
        report = read_profiles(content, form=form)
        assert all(isinstance(profile, ClusterProfile) for profile in report.profiles)
        assert len(report.profiles) <= report.rows
        bad = {problem.where for problem in report.problems}
        assert len(report.profiles) + len(bad) <= report.rows + 1
        for problem in (*report.problems, *report.warnings):
            str(problem).encode()


@pytest.mark.parametrize("form", [None, *FORMATS])
@HARD
@given(content=st.binary(max_size=300))
def test_any_bytes(form, content):
    check(content, form)


@pytest.mark.parametrize("form", [None, "csv", "json", "jsonl"])
@HARD
@given(text=st.text(max_size=200), start=st.sampled_from(["", "name,country\n", "[{", '{"name":']))
def test_any_text(form, text, start):
    check((start + text).encode(errors="surrogatepass"), form)


def packed(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def mutated(data, content):
    content = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, max(len(content) - 1, 0)))
        match data.draw(st.sampled_from(["change", "cut", "insert", "end"])):
            case "change":
                content[place : place + 1] = bytes([data.draw(st.integers(0, 255))])
            case "cut":
                del content[place : place + data.draw(st.integers(1, 40))]
            case "insert":
                content[place:place] = data.draw(st.binary(max_size=8))
            case "end":
                del content[place:]
    return bytes(content)


@pytest.mark.parametrize("form", FORMATS)
@HARD
@given(data=st.data())
def test_valid_files_with_bytes_changed_cut_or_added(form, data):
    check(mutated(data, VALID[form]), form)


@HARD
@given(data=st.data())
def test_workbooks_with_one_part_damaged(data):
    parts = dict(PARTS)
    victim = data.draw(st.sampled_from(sorted(parts)))
    parts[victim] = mutated(data, parts[victim])
    check(packed(parts), "xlsx")


@HARD
@given(data=st.data())
def test_workbooks_with_hostile_values_in_the_xml(data):
    values = st.sampled_from([b"-1", b"0", b"1e400", b"x", b"", b"99999999999999999999", b"&lt;"])
    parts = dict(PARTS)
    victim = data.draw(st.sampled_from(sorted(parts)))
    attributes = list(re.finditer(rb'(?<==")[^"]*(?=")|(?<=<v>)[^<]*', parts[victim]))
    if attributes:
        place = data.draw(st.sampled_from(attributes))
        value = data.draw(values)
        parts[victim] = parts[victim][: place.start()] + value + parts[victim][place.end() :]
    check(packed(parts), "xlsx")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@HARD
@given(st.dictionaries(st.sampled_from(list(ClusterProfile.model_fields)), JSON))
def test_any_json_value_in_any_field(values):
    check(json.dumps([values]).encode(), "json")
    check(json.dumps({"id": "ua-a", "name": "A", "country": "UA"} | values).encode(), "jsonl")
