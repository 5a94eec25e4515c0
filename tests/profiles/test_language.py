"""Which profiles are told not to be in English."""

import subprocess
import sys

import pytest

from matcher.profiles import language
from matcher.profiles.io.readers import read_profiles
from matcher.profiles.language import detect, foreign_language, language_warning, non_english
from matcher.profiles.profile import DraftProfile

UKRAINIAN = "Кластер об'єднує розробників програмного забезпечення та шукає партнерів у ЄС."
GEORGIAN = "ქართული ავეჯის კლასტერი აერთიანებს მწარმოებლებს."
ENGLISH = "The cluster unites software companies of the city and looks for partners in the EU."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (UKRAINIAN, "uk"),
        (GEORGIAN, "ka"),
        ("კლასტერი", "ka"),
        ("Հայկական ոսկերիչների միություն", "hy"),
        ("Συστάδα επιχειρήσεων", "el"),
        ("Мы объединяем производителей мебели и ищем партнёров", "ru"),
        ("Wir suchen Partner für Forschung und Entwicklung in der Region", "de"),
        ("Szukamy partnerów do projektów badawczych w Unii Europejskiej", "pl"),
        ("Clusterul caută parteneri pentru proiecte europene de cercetare", "ro"),
        (ENGLISH, None),
        ("IT outsourcing; embedded systems; fintech; gamedev", None),
        ("Software", None),
        ("Möbel", None),
        ("", None),
        ("12345 !!!", None),
        (f"{ENGLISH} Its own name is «Харківський ІТ кластер».", None),
    ],
)
def test_language_of_a_text(text, language):
    assert foreign_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("меблі", "uk"),
        ("Шукаємо покупців", "uk"),
        ("мебель из дуба", "ru"),
        ("şərab", "az"),
        ("biz serab istehsalcisiyiq ve alici axtaririq", "az"),
        ("Cautam parteneri pentru mobila si lemn", "ro"),
        ("ღვინო", "ka"),
        ("գինի", "hy"),
        ("oil and gas service park", "en"),
        ("Wir suchen Partner", "de"),
        ("asdfgh", None),
        ("12345 !!!", None),
        ("", None),
        ("\ud800", None),
    ],
)
def test_short_texts_are_told_as_well(text, language):
    assert detect(text) == language


NAMES = (
    *("Київ Львів", "Олена Коваленко", "Москва Минск", "Иван Петров", "Варна, Бургас, Пловдив"),
    *("Hochschule Furtwangen Universität", "Alba Iulia, Cluj-Napoca, Chișinău, Timișoara"),
    "Minalogic Grenoble, Auvergne-Rhône-Alpes, République Française",
)
FEW_WORDS = (
    *("меблі", "мебель", "робота", "вино і мед", "ищем партнёров", "Шукаємо нових покупців"),
    *("Szukamy inwestorów zagranicznych", "Wissenschaft und Forschung", "producători de mobilă"),
)


@pytest.mark.parametrize("text", [*NAMES, *FEW_WORDS])
def test_names_and_few_words_show_no_language(text):
    assert foreign_language(text) == (None if text[0] < "Ё" else "und")
    warning = language_warning(DraftProfile(description=text))
    assert warning is None or "a language other than English" in str(warning)


@pytest.mark.parametrize(
    "text", [UKRAINIAN, *FEW_WORDS, *NAMES, "Laser", "Mobilya ve tekstil üretimi"]
)
def test_one_language_that_is_sure_is_what_weighing_all_would_give(text, monkeypatch):
    told = detect(text)
    monkeypatch.setattr(language, "_sure", lambda line, candidates: None)
    assert told == detect(text)


def test_a_profile_is_judged_by_description_offers_and_seeks():
    assert non_english(DraftProfile(description=ENGLISH, native_name=UKRAINIAN)) is None
    assert non_english(DraftProfile(description=ENGLISH, offers=("розробка програм",))) is not None
    assert non_english(DraftProfile(seeks=(GEORGIAN,))) == "ka"
    assert non_english(DraftProfile()) is None
    assert language_warning(DraftProfile(description=ENGLISH)) is None


def test_an_import_warns_by_line_and_keeps_the_row():
    report = read_profiles(f"name,country,About us\nA,UA,{ENGLISH}\nB,GE,{GEORGIAN}\n".encode())
    assert [p.name for p in report.profiles] == ["A", "B"]
    assert [(str(w.where), w.field) for w in report.warnings] == [("line 3", "About us")]
    assert "Georgian" in str(report.warnings[0].message)


def test_shipped_profiles_are_english_without_waking_the_model(few_clusters):
    script = (
        "import sys; from pathlib import Path;"
        "from matcher.profiles.io.readers import read_profiles;"
        "report = read_profiles(Path(sys.argv[1]));"
        "assert not report.warnings; assert 'fasttext' not in sys.modules;"
        "assert 'openpyxl' not in sys.modules; assert 'torch' not in sys.modules"
    )
    file = few_clusters / "clusters.jsonl"
    subprocess.run([sys.executable, "-c", script, file], check=True)
