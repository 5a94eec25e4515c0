"""Attempts of which one in eight does on purpose what its target says, for the harness to see."""

from collections.abc import Callable

from matcher.errors import UnreadableFileError


def attempt(target: str, number: int) -> tuple[object, Callable[[], None]]:
    """Refused, where the number is odd; broken, where it is 4; else read."""

    def read() -> None:
        if number % 2:
            raise UnreadableFileError("refused")
        if number == 4:
            exec(target, {})

    return None, read
