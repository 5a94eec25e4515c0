import subprocess
import sys

import pandas as pd
import pytest

from matcher.errors import MissingPackageError
from matcher.notebook import links, partnerships, profiles
from matcher.profiles.profile import ClusterProfile


def test_profiles_keep_unknown_apart_from_zero():
    one = ClusterProfile(id="ua-a", name="A", country="UA", members_total=0, nace=("62", "63"))
    other = ClusterProfile(id="pl-b", name="B", country="PL")
    frame = profiles([one, other])
    assert frame.loc["ua-a", "members_total"] == 0
    assert frame.loc["pl-b", "members_total"] is pd.NA
    assert list(frame["group"]) == ["EaP", "EU"]
    assert list(frame.explode("nace")["nace"].dropna()) == ["62", "63"]
    assert frame["completeness"].between(0, 1).all()


def test_no_profiles_make_an_empty_frame():
    assert "country" in profiles([])


def test_all_shipped_records_are_there(analyst):
    clusters = profiles(analyst.clusters)
    assert len(clusters) == len(analyst.clusters)
    assert clusters.index.is_unique
    documented = partnerships(analyst.partnerships)
    assert len(documented) == len(analyst.partnerships)
    assert (documented["profiled"] <= documented["members"]).all()


def test_a_pair_that_is_documented_twice_is_one_link(analyst):
    found = links(analyst.partnerships, analyst.clusters)
    assert not found.duplicated(["a", "b"]).any()
    assert (found["a"] < found["b"]).all()
    assert found["partnerships"].max() > 1
    assert len(links([], [])) == 0


def test_the_service_and_the_command_line_never_import_pandas():
    code = (
        "import sys, matcher, matcher.cli, matcher.web, matcher.matcher\n"
        "sys.exit('pandas' in sys.modules or 'matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_pandas_a_table_says_what_to_install(matcher, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    answer = matcher.recommend("ua-kharkiv-it-cluster", k=3)
    with pytest.raises(MissingPackageError, match=r"pip install 'cluster-matcher\[notebooks\]'"):
        answer.to_frame()


def test_the_public_names_are_where_they_should_be():
    code = (
        "import matcher\n"
        "for name in matcher.__all__: getattr(matcher, name)\n"
        "try: matcher.nothing\n"
        "except AttributeError as error: assert 'nothing' in str(error)\n"
        "else: raise SystemExit(1)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
