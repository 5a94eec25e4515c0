import pytest


@pytest.fixture(scope="session")
def analyst(real_matcher):
    """The shipped clusters and the real model; nobody may change it."""
    return real_matcher


@pytest.fixture(scope="session")
def across(analyst):
    """All pairs of EaP and EU clusters."""
    return analyst.pair_scores("eap", "eu")
