"""The comparison with other libraries: that its task is right, and its limits hold."""

import json

import numpy as np
import pytest
from support import FakeEncoder

import benchmarks.peers
from benchmarks.peers import measured
from benchmarks.peers.contract import PEERS
from benchmarks.peers.data import COUNTRIES, ECOSYSTEMS, is_task, read_task, write_task
from benchmarks.peers.measure import questions
from benchmarks.peers.ours import Ours
from benchmarks.peers.picture import draw
from benchmarks.peers.table import tables


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("peers") / "3000"
    write_task(folder, 3000, FakeEncoder())
    return folder


@pytest.fixture(scope="module")
def task(folder):
    return read_task(folder)


def true_ten(task, name, place):
    chosen = task.filters[name][place]
    rows = np.flatnonzero(task.mask(chosen))
    scores = task.vectors[rows] @ task.questions[place]
    return rows[np.argsort(-scores)][:10].tolist()


def test_filters_are_of_different_selectivity(task):
    rows = [np.mean([task.mask(one).sum() for one in chosen]) for chosen in task.filters.values()]
    assert rows == sorted(rows, reverse=True)
    assert rows[0] > 0.6 * len(task) and rows[-1] < 0.05 * len(task)


def test_a_filter_means_country_and_ecosystem(task):
    chosen = task.filters["narrow"][0]
    for row in range(200):
        met = COUNTRIES[task.country[row]] in chosen.countries
        met &= ECOSYSTEMS[task.ecosystem[row]] == chosen.ecosystem
        assert task.mask(chosen)[row] == met


def test_recall_counts_true_hits_that_meet_the_filter(task):
    for name in task.filters:
        for place in range(20):
            best = true_ten(task, name, place)
            assert task.recall(name, place, best) == 1
            if len(best) == 10:
                assert task.recall(name, place, best[:7] * 2) == pytest.approx(0.7)
    outside = np.flatnonzero(~task.mask(task.filters["narrow"][0]))
    assert task.recall("narrow", 0, outside) == 0


def test_our_engine_finds_the_true_ten(task, tmp_path):
    peer = Ours()
    peer.build(task, tmp_path)
    for name in task.filters:
        said = questions(peer, task, name)
        assert said["recall"] >= 0.99
        assert said["questions"] == len(task.questions)


def test_only_a_whole_task_counts_as_one(folder, tmp_path):
    assert is_task(folder) and not is_task(tmp_path)


def test_a_peer_is_measured_in_a_process_of_its_own(folder, tmp_path):
    result = measured("ours", folder, minutes=2, gigabytes=4)
    assert not result["ended"]
    assert [step["step"] for step in result["steps"]][:2] == ["build", "wide"]
    text = tables([{"rows": 3000, "peer": "ours", **result}])
    assert "3,000 rows" in text and text.count("(1.000)") == 3
    draw([{"rows": 3000, "peer": "ours", **result}], tmp_path / "growth.png")
    assert (tmp_path / "growth.png").read_bytes().startswith(b"\x89PNG")


def test_a_peer_past_its_limit_is_ended_and_said_so(folder):
    slow = measured("ours", folder, minutes=0, gigabytes=4)
    large = measured("ours", folder, minutes=2, gigabytes=0.001)
    assert "not within" in slow["ended"] and "more than" in large["ended"]
    text = tables([{"rows": 3000, "peer": "ours", **slow}])
    assert "not within 0 minutes" in text


def test_a_peer_that_is_not_installed_is_told_apart(folder, monkeypatch):
    monkeypatch.setitem(PEERS, "nobody", "nothing:Nobody")
    assert measured("nobody", folder, minutes=1, gigabytes=4)["ended"] == "failed (status 1)"


def test_of_several_runs_the_last_one_counts(tmp_path, capsys, folder):
    lines = [
        {"rows": 10, "peer": "ours", "steps": [], "ended": "failed (status 1)"},
        {"rows": 10, "peer": "ours", "steps": [], "ended": "more than 1 GB"},
    ]
    (tmp_path / "results.jsonl").write_text("\n".join(map(json.dumps, lines)))
    benchmarks.peers.main(["--table", "--folder", str(tmp_path)])
    printed = capsys.readouterr().out
    assert "more than 1 GB" in printed and "failed" not in printed
