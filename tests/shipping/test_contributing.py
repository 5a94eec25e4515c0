import re

import pytest

from matcher.config import PROJECT_DIR

GUIDE = (PROJECT_DIR / "CONTRIBUTING.md").read_text(encoding="utf-8")
MADE = {".matcher-test", ".venv", ".venv/bin/python"}


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w.-]*[/.][\w./-]+)`", GUIDE)) - MADE))
def test_every_path_of_the_guide_exists(path):
    assert path == "tables.py" or (PROJECT_DIR / path).exists()


def test_every_target_of_the_guide_exists():
    rules = (PROJECT_DIR / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"`make ([\w-]+)`", GUIDE))
    assert targets
    assert targets <= set(re.findall(r"^([\w-]+):", rules, re.M))
