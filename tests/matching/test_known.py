"""What was computed is kept for the next question, up to a size."""

from matcher.matching.known import Kept


def made(kept, key):
    """Whether a result had to be made."""
    calls = []
    assert kept.get(key, lambda: calls.append(key) or f"of {key}") == f"of {key}"
    return bool(calls)


def test_a_result_is_made_once():
    kept = Kept(2)
    assert [made(kept, key) for key in "aabb"] == [True, False, True, False]


def test_what_was_not_used_for_longest_goes_first():
    kept = Kept(2)
    assert [made(kept, key) for key in "abac"] == [True, True, False, True]
    assert not made(kept, "a")
    assert made(kept, "b")


def test_nothing_is_kept_without_room():
    kept = Kept(0)
    assert [made(kept, "a"), made(kept, "a")] == [True, True]
