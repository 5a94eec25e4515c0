"""Models as reviewed JSON files that training writes."""

from pathlib import Path
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from matcher.errors import UnreadableFileError


class ReviewedFile(BaseModel):
    """What such a file holds; `path` is where it is shipped, `kind` what it is called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: ClassVar[Path]
    kind: ClassVar[str]

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read a file, the shipped one when none is named.

        Raises
        ------
        UnreadableFileError
            There is none, or it is damaged or of another version.
        """
        path = path or cls.path
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise UnreadableFileError(
                f"{path.name} is no {cls.kind} of this version; restore it, or write it anew: "
                "matcher train"
            ) from error

    def to_json(self) -> str:
        """The text of the file."""
        return self.model_dump_json(indent=2) + "\n"
