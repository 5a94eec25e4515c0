"""How texts are cut for the models."""

from hypothesis import given
from hypothesis import strategies as st

from matcher.embedding.parts import Part, parts, windows

ENGLISH = "We unite forty small wineries and look for buyers in Germany."
UKRAINIAN = "Кластер об'єднує виробників меблів. Шукаємо партнерів."
ROMANIAN = "Producem mobilă din lemn masiv și căutăm distribuitori."


def test_a_text_in_one_language_is_left_as_it_is():
    for text, english in ((ENGLISH, True), (UKRAINIAN, False), ("3D printing", True), ("?", True)):
        assert parts(text) == (Part(text, english),)


def test_a_mixed_text_is_cut_where_the_language_changes():
    assert parts(f"{ENGLISH} Members: 40.\n{UKRAINIAN} {ROMANIAN}") == (
        Part(f"{ENGLISH} Members: 40.", True),
        Part(f"{UKRAINIAN} {ROMANIAN}", False),
    )


def test_short_names_take_the_language_around_them():
    assert parts(f"{ROMANIAN} Wood Cluster. {ROMANIAN}")[0].english is False
    assert len(parts(f"{ROMANIAN} Wood Cluster. {ROMANIAN}")) == 1


@given(st.text(max_size=300), st.integers(1, 40))
def test_windows_fit_and_nothing_is_lost(text, size):
    cut = list(windows(text, lambda piece: len(piece) <= size))
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(len(piece) <= size for piece in cut)


def test_windows_end_with_sentences_where_they_can():
    text = "One sentence here. Another one there. A third one. And the last."
    assert list(windows(text, lambda piece: len(piece) < 40)) == [
        "One sentence here. Another one there.",
        "A third one. And the last.",
    ]
