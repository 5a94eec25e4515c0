"""The most that is taken from outside for an event, the same from every face."""

from collections.abc import Sized
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

LONGEST_MINUTES = 600
"""Of a meeting, and of the pause between two."""

LONGEST_SCHEDULING = 60
"""Seconds of work on one schedule."""

MOST_PLACES = 300
"""Tables, and rooms online, that are made by their number."""

GREATEST_SEED = 2**31 - 1

MOST_SLOTS = 500
MOST_BREAKS = 100
MOST_PARTICIPANTS = 2_000
MOST_WISHES = 20_000
MOST_WINDOWS = 50
"""Stretches in which one participant is present."""

MOST_PROBLEMS = 100
"""Contradictions of one event that are told; whoever mends these is told the next."""


@dataclass(frozen=True, slots=True)
class AtMost:
    """Bound of a list in a model, looked at before any entry is.

    `max_length` reads, and complains of, every entry of a list that is too long: a megabyte of
    wrong ones would cost seconds and hundreds of megabytes.
    """

    count: int

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Count, then read."""
        return core_schema.no_info_before_validator_function(self._few, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Tell the bound to whoever reads the description."""
        return handler(schema) | {"maxItems": self.count}

    def _few(self, value: Any) -> Any:
        if isinstance(value, Sized) and len(value) > self.count:
            raise PydanticCustomError(
                "too_long", "has more than {max_length} entries", {"max_length": self.count}
            )
        return value
