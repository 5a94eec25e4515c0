import pytest
from matcher.analysis import Matcher


@pytest.fixture(scope="session")
def analyst(real_settings, real_matcher):
    """The analysts' face on the shipped clusters and the real model; nobody may change it."""
    with Matcher.open(real_settings) as matcher:
        yield matcher


@pytest.fixture(scope="session")
def across(analyst):
    """All pairs of EaP and EU clusters."""
    return analyst.pairs("eap", "eu")
