"""`Sentence`: English text that remembers what it was made of, so that it can be said again."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Self

Value = str | int | float | tuple[str, ...]


class Sentence(str):
    """A text in English that a face can say in another language.

    It is a plain `str` wherever nobody asks for more. A value that is a `Sentence` is a word of
    the domain, which can be said in another language, too; a plain string is quoted from a
    profile and stays as it is. A tuple is a list, joined by semicolons.

    Parameters
    ----------
    template
        Text with places to fill in, as `str.format` takes it.
    values
        What to fill in, by the name of the place.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str, **values: Value) -> Self:
        """Compose the English text."""
        shown = {k: "; ".join(v) if isinstance(v, tuple) else v for k, v in values.items()}
        made = super().__new__(cls, template.format(**shown))
        made.template, made.values = template, MappingProxyType(values)
        return made

    def __deepcopy__(self, _memo: object) -> Self:
        """Itself: it never changes."""
        return self


def plain(text: str) -> Sentence:
    """A text without places to fill in, whatever braces it may hold."""
    return Sentence(text.replace("{", "{{").replace("}", "}}"))


def joined(*sentences: str) -> Sentence:
    """Several sentences as one text; empty ones are left out."""
    kept = [sentence for sentence in sentences if sentence]
    places = " ".join(f"{{s{number}}}" for number in range(len(kept)))
    return Sentence(places, **{f"s{number}": text for number, text in enumerate(kept)})
