"""Every error that the product raises on purpose.

One root, so that a face can catch what it can explain and let the rest surface as a defect.
`code` is stable: the API publishes it as the problem type, the command line as its exit text.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing that is wrong with an input.

    Attributes
    ----------
    where
        The place: a field name, or a row with its line number (``"line 4"``).
    message
        What is wrong and what to do, in plain English.
    field
        The field or column concerned, when `where` is a row.
    """

    where: str
    message: str
    field: str | None = None

    def __str__(self) -> str:
        place = f"{self.where}, {self.field}" if self.field else self.where
        return f"{place}: {self.message}"


class MatcherError(Exception):
    """Root of all deliberate errors; its text is fit to be shown to the user.

    `retry_after` is the number of seconds after which the same may work, where time helps.
    """

    code = "error"
    retry_after: int | None = None


class InvalidInputError(MatcherError):
    """The input breaks a rule; `problems` names each place."""

    code = "invalid-input"

    def __init__(self, message: str, problems: Sequence[FieldProblem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class UnreadableFileError(MatcherError):
    """The file as a whole cannot be read: wrong format, damaged, too large."""

    code = "unreadable-file"


class ClusterNotFoundError(MatcherError):
    """No cluster goes by that name; `suggestions` holds the ids and names nearest to it."""

    code = "cluster-not-found"

    def __init__(self, name: str, suggestions: Sequence[tuple[str, str]] = ()) -> None:
        hint = "; ".join(f"{label} ({key})" for key, label in suggestions)
        super().__init__(
            f"No cluster is called {name!r}." + (f" Did you mean: {hint}?" if hint else "")
        )
        self.name = name
        self.suggestions = tuple(suggestions)


class AmbiguousNameError(MatcherError):
    """Several clusters go by that name; `candidates` lists their ids and names."""

    code = "ambiguous-name"

    def __init__(self, name: str, candidates: Sequence[tuple[str, str]] = ()) -> None:
        listed = "; ".join(f"{label} ({key})" for key, label in candidates)
        super().__init__(
            f"{name!r} can mean several clusters{listed and f': {listed}'}. Ask with the id."
        )
        self.name = name
        self.candidates = tuple(candidates)


class ModelUnavailableError(MatcherError):
    """The embedding model cannot be loaded or is not the one expected."""

    code = "model-unavailable"


class IndexUnavailableError(MatcherError):
    """No usable index generation; the text says what is damaged and how to rebuild."""

    code = "index-unavailable"


class StoreUnavailableError(MatcherError):
    """The database cannot be opened or migrated."""

    code = "store-unavailable"


class StoreBusyError(StoreUnavailableError):
    """Somebody else is writing to the database, for longer than this could wait."""

    retry_after = 2


class TooManyJobsError(MatcherError):
    """So many jobs wait or run that no other is taken."""

    code = "too-many-requests"
    retry_after = 30

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"{limit} jobs wait or run already. Wait until some have ended, or cancel them."
        )


class IndexBusyError(MatcherError):
    """Another process is rebuilding the index; `holder` is its process id where known."""

    code = "index-busy"
    retry_after = 30

    def __init__(self, holder: str) -> None:
        super().__init__(
            f"The index is being rebuilt by process {holder}. Wait until it has finished, or stop "
            "it, and try again."
        )
        self.holder = holder


class MissingPackageError(MatcherError):
    """Something was asked for that needs an optional package; the text names the extra."""

    code = "missing-package"

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"This needs the package {package}, which is not installed. Install it: "
            f"pip install 'cluster-matcher[{extra}]'"
        )


class NotFoundError(MatcherError):
    """There is nothing of that kind by that id."""

    code = "not-found"


class ConflictError(MatcherError):
    """Somebody else has changed the thing meanwhile; read it again and repeat the change."""

    code = "conflict"


class JobCancelledError(MatcherError):
    """Nobody wants a piece of long work any more, or nobody may."""

    code = "job-cancelled"

    def __init__(self, key: int, reason: str = "it was cancelled") -> None:
        super().__init__(f"Job {key} has ended early: {reason}.")


class JobLostError(MatcherError):
    """The process that did a piece of long work has ended before it was done."""

    code = "job-lost"

    def __init__(self, key: int) -> None:
        super().__init__(
            f"The service that worked on job {key} has stopped before it was done. Start it again."
        )
