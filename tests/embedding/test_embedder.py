import numpy as np
import pytest

from matcher.embedding.embedder import EmbeddedProfiles, embed_profiles
from matcher.errors import IndexUnavailableError
from matcher.profiles.profile import ClusterProfile, DraftProfile

PROFILES = (
    ClusterProfile(id="ge-a", name="Chairs", country="GE", offers=("oak", "pine"), seeks=("oak",)),
    DraftProfile(description="wine"),
    ClusterProfile(id="pl-b", name="Robots", country="PL", offers=("welding",)),
)


@pytest.fixture
def embedded(fake_encoder):
    return embed_profiles(PROFILES, fake_encoder)


def test_rows_follow_the_profiles(embedded, fake_encoder):
    assert embedded.ids == ("ge-a", "", "pl-b")
    said = ["Chairs. oak; pine. oak", "wine", "Robots. welding"]
    assert np.array_equal(embedded.facets["about"], fake_encoder.encode(said))
    assert np.array_equal(embedded.facets["offers"][0], fake_encoder.encode(["oak; pine"])[0])


def test_phrases_belong_to_their_profile(embedded, fake_encoder):
    assert embedded.phrases["offers"].starts.tolist() == [0, 2, 2, 3]
    assert embedded.phrases["seeks"].starts.tolist() == [0, 1, 1, 1]
    assert np.array_equal(
        embedded.phrases["offers"].vectors, fake_encoder.encode(["oak", "pine", "welding"])
    )


def test_what_a_profile_does_not_say_is_a_row_of_zeros(embedded):
    assert not embedded.facets["offers"][1].any()
    assert not embedded.facets["seeks"][1:].any()
    assert embedded.facets["about"].any(axis=1).all()


def test_arrays_are_contiguous_float32(embedded):
    for name, array in embedded.arrays.items():
        assert array.flags.c_contiguous, name
        counted = {"starts": np.int64, "phrases": np.int32}.get(name.partition("_")[2], np.float32)
        assert array.dtype == counted


def test_each_text_is_encoded_once_in_one_call(fake_encoder):
    embed_profiles(PROFILES, fake_encoder)
    assert len(fake_encoder.encoded) == len(set(fake_encoder.encoded))


def test_nothing_to_embed(fake_encoder):
    nobody = embed_profiles([], fake_encoder)
    silent = embed_profiles([DraftProfile()], fake_encoder)
    assert (len(nobody), nobody.dim) == (0, 64)
    assert silent.facets["about"].shape == (1, 64)
    assert not silent.facets["about"].any()


def test_arrays_round_trip(embedded):
    arrays = embedded.arrays | {"another_part": np.zeros(2)}
    again = EmbeddedProfiles.from_arrays(embedded.ids, arrays)
    assert again.ids == embedded.ids
    assert all(np.array_equal(again.arrays[name], embedded.arrays[name]) for name in again.arrays)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("about", np.zeros((2, 64), np.float32)),
        ("seeks", np.zeros((3, 8), np.float32)),
        ("phrases", np.zeros((9, 8), np.float32)),
        ("phrases", np.zeros((1, 64), np.float32)),
        ("offers_phrases", np.zeros(9, np.int32)),
        ("offers_phrases", np.array([0, -1, 0], np.int32)),
        ("seeks_phrases", np.zeros((1, 1), np.int32)),
        ("offers_starts", np.array([0, 3, 2, 3])),
        ("offers_starts", np.array([1, 2, 2, 3])),
        ("seeks_starts", np.array([0, 1])),
    ],
)
def test_arrays_that_do_not_fit_are_refused(embedded, name, value):
    with pytest.raises(IndexUnavailableError, match="matcher index"):
        EmbeddedProfiles.from_arrays(embedded.ids, embedded.arrays | {name: value})


def test_missing_array_is_refused(embedded):
    arrays = embedded.arrays
    del arrays["seeks"]
    with pytest.raises(IndexUnavailableError, match="matcher index"):
        EmbeddedProfiles.from_arrays(embedded.ids, arrays)


@pytest.mark.parametrize("rows", [[2, 0], [1], [], [0, 0]])
def test_taking_rows_equals_embedding_those_profiles(embedded, fake_encoder, rows):
    taken = embedded.take(rows)
    expected = embed_profiles([PROFILES[row] for row in rows], fake_encoder)
    assert taken.ids == expected.ids
    for name, vectors in expected.facets.items():
        assert np.array_equal(taken.facets[name], vectors), name
    for kind, group in expected.phrases.items():
        assert np.array_equal(taken.phrases[kind].vectors, group.vectors), kind
        assert np.array_equal(taken.phrases[kind].starts, group.starts), kind
