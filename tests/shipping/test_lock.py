"""pyproject.toml, the lock files and this environment say the same."""

import subprocess
import sys
from pathlib import Path

import pytest

from matcher.config import PROJECT_DIR

SCRIPT = Path("deploy/lock.py")


def check(root):
    """The complaints of the script in a project folder."""
    command = [sys.executable, root / SCRIPT, "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == bool(done.stdout)
    return done.stdout.splitlines()


@pytest.fixture
def project(tmp_path):
    """A copy of what the script reads, which may be changed."""
    for name in (SCRIPT, "pyproject.toml", "requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((PROJECT_DIR / name).read_bytes())
    return tmp_path


def replace(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_everything_agrees():
    assert check(PROJECT_DIR) == []


def test_an_environment_that_differs_is_told(project):
    replace(project / "requirements.txt", "anyascii==0.3.3", "anyascii==0.3.9")
    assert check(project) == [
        "requirements.txt has anyascii 0.3.9, installed is 0.3.3: run `make setup`."
    ]


def test_a_lock_outside_the_ranges_is_told(project):
    replace(project / "pyproject.toml", '"anyascii>=0.3.3,<0.4"', '"anyascii>=9"')
    assert check(project) == [
        f"{lock} has anyascii 0.3.3, pyproject.toml asks for anyascii>=9: run `make lock`."
        for lock in ("requirements.txt", "requirements-dev.txt")
    ]


def test_what_a_lock_lacks_is_told_transitive_ones_too(project):
    replace(project / "requirements.txt", "mpmath==1.3.0\n", "")
    assert check(project) == [
        "requirements.txt lacks mpmath, which pyproject.toml brings: run `make lock`."
    ]
