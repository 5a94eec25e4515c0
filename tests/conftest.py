"""Fixtures that every room's tests may use."""

import pytest
from support import FakeEncoder


@pytest.fixture
def fake_encoder():
    """A small deterministic encoder: no model is loaded, texts that share words are close."""
    return FakeEncoder()
