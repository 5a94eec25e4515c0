"""Every command as its user runs it, in a process of its own where speed or imports matter."""

import json
import subprocess
import sys

import pytest

from matcher.accounts.opinions import Opinions
from matcher.config import Settings

KHARKIV = "ua-kharkiv-it-cluster"


def test_recommend_prints_partners_with_reasons(run):
    result = run("recommend", "Kharkiv IT", "-k", 3)
    assert result.exit_code == 0, result.output
    assert "Partners for Kharkiv IT Cluster" in result.output
    assert "fit for you" in result.output
    assert "likely a good match, 0." in result.output or "worth a talk, 0." in result.output


def test_recommend_json_has_the_documented_keys(run):
    answer = json.loads(run("recommend", KHARKIV, "--json").stdout)
    assert {"cluster", "query", "partners", "generation", "model", "weights"} <= answer.keys()
    assert len(answer["partners"]) == 10
    keys = {"id", "name", "country", "rank", "score", "fit_for_you", "fit_for_them", "confidence"}
    keys |= {"reasons", "caution", "contributions", "known_links", "level", "evidence", "cautions"}
    shares = {"factor", "contribution", "yours", "theirs"}
    for partner in answer["partners"]:
        assert keys <= partner.keys()
        assert all(shares <= share.keys() for share in partner["contributions"])


def test_recommend_takes_filters_weights_and_exclusions(run):
    options = ("--country", "PL", "--country", "RO", "--not-kind", "technology_park")
    options += ("--weight", "markets=0", "--intent", "joint_rd", "--not-for-us", "pl-infotech")
    answer = json.loads(run("recommend", KHARKIV, *options, "--json").stdout)
    assert {partner["country"] for partner in answer["partners"]} <= {"PL", "RO"}
    assert "pl-infotech" not in {partner["id"] for partner in answer["partners"]}
    assert answer["query"]["weights"] == {"markets": 0}


def test_recommend_for_a_text_and_for_a_profile_file(run, tmp_path):
    text = json.loads(run("recommend", "--text", "Makers of solid wood furniture", "--json").stdout)
    assert text["cluster"] is None
    file = tmp_path / "profile.csv"
    file.write_text("name,country,description\nOak,GE,Makers of solid wood furniture\n")
    drawn = json.loads(run("recommend", "--profile", file, "--json").stdout)
    assert len(drawn["partners"]) == 10


def test_recommend_says_what_it_read_from_a_text(run):
    text = "We unite wine makers. We seek importers in Poland and offer wine tours."
    shown = run("recommend", "--text", text, "-k", 3).output
    assert "Read: wine" in shown
    assert "countries sought: Poland" in shown
    assert "You seek: importers" in shown


def test_recommend_lists_weak_fits_and_suspended_countries_on_demand(run):
    few = json.loads(run("recommend", KHARKIV, "-k", 100, "--json").stdout)
    more = json.loads(run("recommend", KHARKIV, "-k", 100, "--include-weak", "--json").stdout)
    assert len(few["partners"]) < len(more["partners"]) == 100
    options = ("--scope", "eap", "--json")
    away = json.loads(run("recommend", KHARKIV, *options).stdout)
    there = json.loads(run("recommend", KHARKIV, *options, "--include-suspended").stdout)
    assert there["eligible"] > away["eligible"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("recommend", "Zzyzx Quux"), "No cluster is called"),
        (("recommend", "HTP"), "can mean several clusters"),
        (("recommend",), "exactly one way"),
        (("recommend", KHARKIV, "-k", "0"), "k: must be at least 1"),
        (("recommend", KHARKIV, "-k", "10000"), "k: must be at most 100"),
        (("recommend", KHARKIV, "--country", "XX"), "unknown country code"),
        (("recommend", KHARKIV, "--weight", "luck=2"), "no weight called"),
        (("recommend", KHARKIV, "--weight", "trades=9"), "weights.trades: must be at most 5"),
        (("recommend", KHARKIV, "--kind", "foo"), "filters.kinds: "),
        (("train", "--output", "/proc/nowhere/models"), "/proc/nowhere: No such"),
        (("recommend", "--text", " "), "empty"),
        (("explain", KHARKIV, "nobody at all"), "No cluster is called"),
    ],
)
def test_bad_input_is_told_in_one_plain_message(run, arguments, told):
    result = run(*arguments)
    assert result.exit_code == 1
    assert told in result.stderr
    assert "Traceback" not in result.output


def test_explain_shows_both_sides(run):
    shown = run("explain", KHARKIV, "ClujIT").output
    assert "What the score is made of" in shown
    assert "Side by side" in shown
    told = json.loads(run("explain", KHARKIV, "ClujIT", "--json").stdout)
    assert {"a", "b", "contributions", "differences", "ineligible_because"} <= told.keys()


def test_check_names_bad_rows_and_imports_nothing(run, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("name,country,members\nGood,GE,12\nBad,Atlantis,7\n")
    result = run("check", file)
    assert result.exit_code == 2
    assert "line 3, country" in result.stderr
    assert "1 of 2 rows are good" in result.stdout
    assert json.loads(run("check", file, "--json").stdout)["good"] == 1


def test_import_keeps_good_rows_and_strict_keeps_none(own_run, tmp_path):
    run = own_run
    file = tmp_path / "rows.csv"
    file.write_text("name,country,members\nAlpha Wines,GE,12\nBad,Atlantis,7\n")
    refused = run("import", file, "--strict")
    assert refused.exit_code == 1
    assert run("recommend", "Alpha Wines").exit_code == 1
    taken = run("import", file)
    assert taken.exit_code == 2
    assert "1 added" in taken.stdout
    assert run("recommend", "Alpha Wines").exit_code == 0


def test_export_without_a_known_ending_asks_for_the_format(run, tmp_path):
    result = run("export", tmp_path / "all.pdf")
    assert result.exit_code == 2
    assert "--format" in result.stderr


def test_evaluate_on_given_pairs(run, tmp_path):
    file = tmp_path / "pairs.csv"
    file.write_text(f"cluster_id,partner_id\n{KHARKIV},ro-cluj-it-cluster\n")
    report = json.loads(run("evaluate", "--pairs", file, "--json").stdout)
    part = report["slices"]["eap_eu"]
    assert (part["clusters"], part["pairs"]) == (1, 1)
    assert {"value", "low", "high"} == part["rankers"]["matcher"]["ndcg@10"].keys()
    assert {"random", "ecosystem", "tfidf", "embedding"} <= part["rankers"].keys()
    file.write_text("cluster_id,partner_id\nua-nobody,ro-cluj-it-cluster\n")
    refused = run("evaluate", "--pairs", file)
    assert refused.exit_code == 1
    assert "line 2, cluster_id" in refused.stderr


def test_evaluate_on_graded_pairs(run, few_judged, monkeypatch):
    from matcher.evaluation import graded

    made, evaluate = [], graded.evaluate_graded

    def once(*given):
        made.append(made[0] if made else evaluate(*given))
        return made[-1]

    monkeypatch.setattr(graded, "evaluate_graded", once)
    report = json.loads(run("evaluate", "--judged", "--json").stdout)
    part = report["slices"]["clusters"]
    assert part["clusters"] == len(few_judged)
    assert {"value", "low", "high"} == part["rankers"]["matcher"]["good@10"].keys()
    assert {"random", "ecosystem", "tfidf", "embedding", "fusion"} <= part["rankers"].keys()
    assert {"texts/en", "texts/uk", "texts/not_en"} <= report["slices"].keys()
    assert "loss when a group of features is left out" in run("evaluate", "--judged").stdout
    assert len(made) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--split", "dev"), "'dev' is not one of 'all', 'time'"),
        (("--judged", "--split", "all"), "--judged goes with none of"),
        (("--opinions",), "--opinions goes with --judged"),
    ],
)
def test_evaluate_refuses_what_has_no_meaning(run, arguments, told):
    result = run("evaluate", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr


def test_train_writes_both_models_to_a_folder(run, few_judged, monkeypatch, tmp_path):
    grades = few_judged.values()
    asker, good = next(iter(few_judged)), sum(one == 2 for own in grades for one in own.values())
    more = next(one for own in grades for one in own if one not in few_judged[asker])
    monkeypatch.setattr(Opinions, "grades", lambda _: {asker: {more: 2}, "eu-no-asker": {more: 2}})
    told = json.loads(run("train", "--opinions", "--output", tmp_path / "models", "--json").stdout)
    assert told["scoring_model"]["training"]["grades"][2] == good + 1
    for key in ("scoring_model", "need_model"):
        written = json.loads((tmp_path / "models" / f"{key}.json").read_bytes())
        assert written == told[key]
    assert any(line.startswith("scoring model: ") for line in told["changes"])


def test_doctor_hides_the_database_password(run, monkeypatch):
    url = "postgresql://user:secret@127.0.0.1:1/none"
    monkeypatch.setattr("matcher.doctor.get_settings", lambda: Settings(database_url=url))
    shown = run("doctor").output
    assert "secret" not in shown
    assert "127.0.0.1" in shown


def test_help_and_an_answer_import_only_what_they_need():
    def imported(code):
        code += "; import sys; print(*sys.modules)"
        command = [sys.executable, "-c", code]
        return set(
            subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        )

    heavy = {"torch", "sklearn", "scipy", "pandas", "flask"}
    shown = imported(
        "from click.testing import CliRunner; from matcher.cli import main;"
        "CliRunner().invoke(main, ['--help'])"
    )
    assert not (heavy | {"faiss", "numpy", "pydantic", "sqlalchemy"}) & shown
    answering = imported("import matcher.cli.render, matcher.matcher, matcher.matching.serialise")
    reading = {"rapidfuzz", "openpyxl", "matcher.profiles.io.readers"}
    assert not (heavy | reading | {"matcher.matching.landscape"}) & answering
