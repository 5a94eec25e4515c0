"""`Message`: a text for readers, kept as a template and its parts until a language is chosen."""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pydantic_core import core_schema

if TYPE_CHECKING:
    from matcher.i18n.languages import Language


class Message:
    """A text that each face writes in its reader's language; `str` gives it in English.

    A part that is itself a message is translated along with it; a plain string is quoted, from a
    profile for example, and stays as it is. A tuple is a list, joined by semicolons.

    Parameters
    ----------
    template
        English text with places to fill in, as `str.format` takes it.
    parts
        What to fill in, by the name of the place.
    """

    def __init__(
        self, template: str, **parts: "str | float | Message | tuple[str | Message, ...]"
    ) -> None:
        self.template: Final = template
        self.parts: Final[Mapping[str, object]] = MappingProxyType(parts)

    @cached_property
    def english(self) -> str:
        """English text; what is kept of pairs is written in each answer, so it is made once."""
        shown = {
            name: "; ".join(map(str, part)) if isinstance(part, tuple) else part
            for name, part in self.parts.items()
        }
        return self.template.format(**shown)

    def __str__(self) -> str:
        """Give the English text."""
        return self.english

    def in_(self, language: "Language") -> str:
        """Give the text in a language."""
        return language.say(self)

    def __repr__(self) -> str:
        """Show the English text."""
        return f"Message({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        """Tell whether template and parts are the same."""
        if not isinstance(other, Message):
            return NotImplemented
        return (self.template, self.parts) == (other.template, other.parts)

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self.template)

    def __deepcopy__(self, _memo: object) -> "Message":
        """Return itself, for it never changes."""
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: object) -> core_schema.CoreSchema:
        """Describe it as a string in JSON."""
        to_text = core_schema.to_string_ser_schema()
        return core_schema.is_instance_schema(cls, serialization=to_text)


def plain(text: str) -> Message:
    """Make a message without places to fill in, whatever braces the text holds."""
    return Message(text.replace("{", "{{").replace("}", "}}"))


def joined(*messages: Message | None) -> Message:
    """Join several messages into one text; absent ones are left out."""
    kept = {f"s{number}": message for number, message in enumerate(filter(None, messages))}
    return Message(" ".join(f"{{{name}}}" for name in kept), **kept)


Text = str | Message
"""Words for a reader: a plain string is quoted and stays as it is."""
