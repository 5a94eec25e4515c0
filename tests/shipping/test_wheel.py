"""The wheel works by itself: outside a checkout, beside what a plain installation brings alone."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

import pytest
from postgres import free_port, wait_for

from matcher.config import PROJECT_DIR

KHARKIV = "ua-kharkiv-it-cluster"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without asking any index."""
    folder = tmp_path_factory.mktemp("dist")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, PROJECT_DIR], check=True)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """Python of an environment that has the wheel and the packages of requirements.txt only."""
    folder = tmp_path_factory.mktemp("plain")
    venv.create(folder)
    python = folder / "bin" / "python"
    options = ("--quiet", "--no-deps", "--no-index")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", *options, wheel]
    subprocess.run(pip, check=True)
    borrow(Path(sysconfig.get_path("purelib", vars={"base": str(folder)})))
    return python


def borrow(packages):
    """Link the locked packages of this environment into another, as nothing need be downloaded."""
    lines = (PROJECT_DIR / "requirements.txt").read_text().splitlines()
    for name in (line.split("==")[0] for line in lines if "==" in line):
        found = distribution(name)
        for top in {file.parts[0] for file in found.files} - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(found.locate_file(top))


@pytest.fixture
def call(python, tmp_path):
    """Run a command of that environment in an empty folder, as somebody without any settings."""
    folder = tmp_path / "anywhere"
    folder.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    surroundings = {
        **kept,
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "share"),
        "OMP_NUM_THREADS": "1",
    }

    def start(*command, **settings):
        return subprocess.Popen(
            [python.parent / command[0], *command[1:]],
            cwd=folder,
            env={**surroundings, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def output(process):
    """What a command prints; it must not fail or write anything into its folder."""
    told, complaints = process.communicate(timeout=300)
    assert process.returncode == 0, complaints
    return told


def test_the_wheel_carries_the_data_and_no_code_beside_its_own(wheel):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    folder = PROJECT_DIR / "data"
    data = {p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")}
    shipped = {f"matcher/{p.relative_to(PROJECT_DIR)}" for p in data}
    assert {name for name in names if name.startswith("matcher/data/")} == shipped
    assert {name.split("/")[0] for name in names} == {"matcher"}
    assert "matcher/py.typed" in names


def test_a_plain_installation_is_complete_without_tables_and_pictures(call):
    code = (
        "from importlib.util import find_spec; import matcher.web;"
        "print(find_spec('pandas'), find_spec('matplotlib'))"
    )
    assert output(call("python", "-c", code)) == "None None\n"


def test_doctor_finds_the_data_and_names_a_home_of_the_user(call, tmp_path):
    told = output(call("matcher", "doctor")).replace("\n", "").replace(" ", "")
    assert str(tmp_path / "share" / "cluster-matcher") in told
    assert not (tmp_path / "share").exists()
    assert list((tmp_path / "anywhere").iterdir()) == []


def test_recommend_and_serve_work_from_any_folder(call, tmp_path, real_settings, real_matcher):
    home = tmp_path / "share" / "cluster-matcher"
    shutil.copytree(real_settings.home, home)
    answer = json.loads(output(call("matcher", "recommend", KHARKIV, "--json")))
    assert len(answer["partners"]) == 10
    port = free_port()
    with serving(call("matcher", "serve", MATCHER_PORT=str(port)), port) as get:
        page = get(f"/api/v1/clusters/{KHARKIV}/partners")
        assert [p["id"] for p in page["partners"]] == [p["id"] for p in answer["partners"]]
    assert list((tmp_path / "anywhere").iterdir()) == []


@contextmanager
def serving(process, port):
    """A service that is up, as a function that gets JSON from it; it ends in order."""

    def get(path):
        assert process.poll() is None, process.communicate()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return json.load(answer)

    def up():
        try:
            return get("/readyz")
        except OSError:
            return None

    try:
        wait_for(up, "the service does not start", 120)
        yield get
        process.terminate()
        process.communicate(timeout=60)
        assert process.returncode == 0
    finally:
        process.kill()
