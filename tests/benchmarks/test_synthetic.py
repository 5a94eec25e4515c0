import json
import subprocess
import sys
from collections import Counter
from statistics import mean

import numpy as np
import pytest

from benchmarks.synthetic import LISTS, NOTICE, shipped, synthetic_profiles
from matcher.profiles.profile import ClusterProfile


@pytest.fixture(scope="module")
def profiles():
    return list(synthetic_profiles(4000, seed=3))


def total_variation(ours, theirs):
    """Half the sum of the differences of two spreads: 0 where they are equal, at most 1."""
    counts = [Counter(values) for values in (ours, theirs)]
    parts = [{key: n / count.total() for key, n in count.items()} for count in counts]
    keys = parts[0].keys() | parts[1].keys()
    return sum(abs(parts[0].get(key, 0) - parts[1].get(key, 0)) for key in keys) / 2


def test_equal_seeds_give_equal_profiles_and_fewer_are_the_first_of_more(profiles):
    assert list(synthetic_profiles(1200, seed=3)) == profiles[:1200]
    assert list(synthetic_profiles(1200, seed=4)) != profiles[:1200]


def test_every_profile_says_that_it_is_synthetic(profiles):
    for profile in profiles:
        assert profile.id.split("-")[1] == "synthetic"
        assert profile.name.startswith("Synthetic cluster ")
        assert profile.description.startswith(NOTICE)
        assert not profile.sources and profile.website is None


def test_profiles_are_valid_and_different(profiles):
    assert len({profile.id for profile in profiles}) == len(profiles)
    assert len({profile.description for profile in profiles}) == len(profiles)
    for profile in profiles[:200]:
        assert ClusterProfile.model_validate_json(profile.model_dump_json()) == profile


@pytest.mark.parametrize("field", ["country", "kind", "label", "founded"])
def test_single_values_are_spread_as_the_shipped_ones(profiles, field):
    spreads = [[getattr(p, field) for p in group] for group in (profiles, shipped())]
    assert total_variation(*spreads) < 0.08


@pytest.mark.parametrize("field", ["ecosystems", "nace", "target_countries", *LISTS])
def test_lists_have_values_and_lengths_as_the_shipped_ones(profiles, field):
    groups = (profiles, shipped())
    assert total_variation(*([len(getattr(p, field)) for p in group] for group in groups)) < 0.08
    if field not in LISTS:
        values = ([value for p in group for value in getattr(p, field)] for group in groups)
        assert total_variation(*values) < 0.08


def test_phrases_are_those_of_the_shipped_clusters_of_the_same_ecosystem(profiles):
    for profile in profiles[:300]:
        alike = [p for p in shipped() if profile.ecosystems[0] in p.ecosystems]
        for kind in LISTS:
            assert set(getattr(profile, kind)) <= {said for p in alike for said in getattr(p, kind)}


def test_descriptions_are_about_as_long_as_the_shipped_ones(profiles):
    ours, theirs = (mean(len(p.description) for p in group) for group in (profiles, shipped()))
    assert ours == pytest.approx(theirs, rel=0.15)


def test_the_command_writes_one_profile_a_line():
    command = [sys.executable, "-m", "benchmarks", "synthetic", "7", "--seed", "3"]
    written = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    read = [ClusterProfile.model_validate(json.loads(line)) for line in written.splitlines()]
    assert read == list(synthetic_profiles(7, seed=3))


def test_members_vary_around_the_shipped_ones(profiles):
    known = [[p.members_total for p in group if p.members_total] for group in (profiles, shipped())]
    assert len(known[0]) / len(profiles) == pytest.approx(len(known[1]) / len(shipped()), abs=0.04)
    assert np.median(known[0]) == pytest.approx(np.median(known[1]), rel=0.2)
    assert len(set(known[0])) > len(set(known[1]))
