"""How many entries a list from outside may have."""

from collections.abc import Sized
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


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
