"""The scoring model's file: what is read, and what is refused."""

import json

import pytest

from matcher.errors import UnreadableFileError
from matcher.matching.model import MODEL_FILE, ScoringModel


def test_the_file_reads_back_as_it_was_written(tmp_path):
    model = ScoringModel.load()
    copy = tmp_path / "model.json"
    copy.write_text(model.to_json(), encoding="utf-8")
    assert ScoringModel.load(copy) == model


def lacking_a_factor(text):
    content = json.loads(text)
    del content["weights"]["needs"]
    return json.dumps(content)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[:-40],
        lambda text: text.replace('"scale": ', '"scale": -'),
        lacking_a_factor,
    ],
)
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path, damage):
    file = tmp_path / "scoring_model.json"
    file.write_text(damage(MODEL_FILE.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="matcher train"):
        ScoringModel.load(file)


def test_a_missing_file_is_told_too(tmp_path):
    with pytest.raises(UnreadableFileError):
        ScoringModel.load(tmp_path / "none.json")
