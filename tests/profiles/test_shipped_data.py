"""The data that ships: valid, consistent, documented."""

import json
import re
from typing import get_args

import pytest

from matcher.config import DATA_DIR
from matcher.profiles.io.formats import Format
from matcher.profiles.io.readers import read_profiles
from matcher.profiles.io.writers import write_profiles
from matcher.profiles.partnership import Partnership
from matcher.profiles.profile import ClusterProfile
from matcher.profiles.taxonomy import countries, country_group, ecosystems, nace_divisions

LINES = (DATA_DIR / "clusters.jsonl").read_text(encoding="utf-8").splitlines()
PARTNERSHIPS = [
    Partnership.model_validate_json(line)
    for line in (DATA_DIR / "partnerships.jsonl").read_text(encoding="utf-8").splitlines()
]
FORMS = get_args(Format)
CARD = (DATA_DIR / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def profiles(shipped_report):
    return shipped_report.profiles


def test_every_record_is_valid(shipped_report, profiles):
    assert (shipped_report.problems, shipped_report.warnings) == ((), ())
    assert len(profiles) == len(LINES) == 1204
    assert [p.id for p in profiles] == sorted(p.id for p in profiles)


def test_reading_changes_no_record(profiles):
    for line, profile in zip(LINES, profiles, strict=True):
        record = json.loads(line)
        assert profile.model_dump(mode="json", include=set(record)) == record


@pytest.mark.parametrize("number", range(len(FORMS)))
def test_every_record_survives_export_and_import(profiles, number):
    """Each record in one form; that forms are read alike is tested elsewhere."""
    own, form = profiles[number :: len(FORMS)], FORMS[number]
    assert read_profiles(write_profiles(own, form), form=form).profiles == own


def test_partnerships_point_to_records(profiles):
    ids = {profile.id for profile in profiles}
    assert len(PARTNERSHIPS) == len({p.id for p in PARTNERSHIPS}) == 290
    assert {key for p in PARTNERSHIPS for key in p.member_ids} <= ids


def test_taxonomies_are_complete(profiles):
    assert (len(ecosystems()), len(nace_divisions())) == (14, 88)
    assert (len(country_group("EU")), len(country_group("EaP"))) == (27, 6)
    assert {p.country for p in profiles} == country_group("EU") | country_group("EaP")
    assert "EL" not in countries()


@pytest.mark.parametrize("model", [ClusterProfile, Partnership])
def test_the_card_documents_every_field(model):
    documented = set(
        re.findall(r"`([a-z0-9_]+)`", "\n".join(re.findall(r"^\| `.*?\|", CARD, re.M)))
    )
    assert set(model.model_fields) <= documented


def test_the_card_documents_every_file():
    files = [
        p.relative_to(DATA_DIR).as_posix()
        for p in (*DATA_DIR.glob("*.*"), *DATA_DIR.glob("taxonomy/*"))
    ]
    assert [name for name in files if name != "README.md" and f"`{name}`" not in CARD] == []


def test_the_card_counts_what_is_there(profiles):
    eu = sum(profile.group == "EU" for profile in profiles)
    assert f"{eu} from the EU, {len(profiles) - eu} from the Eastern Partnership" in CARD
