"""Import: a file of any of the four formats to profiles, every bad row named, good rows kept."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from matcher.errors import FieldProblem, UnreadableFileError
from matcher.profiles.ids import make_id
from matcher.profiles.io.files import content_of, raw_file
from matcher.profiles.io.formats import MAX_COLUMNS, MAX_PROBLEMS, MAX_ROWS, Format, format_of
from matcher.profiles.io.headers import Heading, MissingColumnsError, guess, is_contact, mapped
from matcher.profiles.io.raw import RawFile, RawRow
from matcher.profiles.io.values import convert
from matcher.profiles.language import language_warning
from matcher.profiles.problems import field_problems
from matcher.profiles.profile import ClusterProfile, DraftProfile

_NEEDED = ("name", "country")
_SHOWN = 60
_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file held.

    Attributes
    ----------
    profiles
        The good rows, in the order of the file.
    problems
        Why the other rows were refused; one row may have several.
    warnings
        What was read but deserves a look.
    rows
        Number of rows in the file, good and bad, blank ones not counted.
    headings
        Every heading of the file, in its order, with what its column was read as.

    Notes
    -----
    What the file itself gave a profile, blank cells not counted, is the profile's
    ``model_fields_set``: of all other fields it says nothing. The id alone may be made.
    """

    profiles: tuple[ClusterProfile, ...]
    problems: tuple[FieldProblem, ...]
    warnings: tuple[FieldProblem, ...]
    rows: int
    headings: tuple[Heading, ...] = ()


def read_profiles(
    source: Path | bytes,
    *,
    name: str | None = None,
    form: Format | None = None,
    mapping: Mapping[str, str] | None = None,
) -> ImportReport:
    """Read cluster profiles from a CSV, XLSX, JSONL or JSON file.

    Parameters
    ----------
    source
        The file, or its content.
    name
        Name of the file that `source` is the content of; its suffix tells the format.
    form
        The format, where it is known; else suffix and content tell it.
    mapping
        Heading as it stands in the file -> name of the field that it stands for, or ``""`` to
        leave its column out. Headings that are not named keep their usual meaning.

    Returns
    -------
    ImportReport
        Profiles, and all problems by line, column and reason.

    Raises
    ------
    UnreadableFileError
        Where the file as a whole cannot be read; the text says what to do. It is a
        `MissingColumnsError`, which tells the headings, where no column is the name or country.
    InvalidInputError
        `mapping` names a field that does not exist.
    """
    content = content_of(source)
    if isinstance(source, Path):
        name = name or source.name
    kind = format_of(content, name)
    return _Import(raw_file(content, form or kind), mapping or {}).report()


@dataclass(slots=True)
class _Candidate:
    """A row on its way to a profile: values by field, and the column each came from."""

    line: int
    values: dict[str, object] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    problems: list[FieldProblem] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)
    unusable: bool = False

    @property
    def where(self) -> str:
        return f"line {self.line}"

    def refuse(self, message: str, name: str | None = None) -> None:
        column = self.columns.get(name, name) if name else None
        self.problems.append(FieldProblem(self.where, message, column))
        if name:
            self.faulty.add(name)

    def note(self, error: ValidationError, skip: Collection[str]) -> None:
        self.problems += field_problems(error, where=self.where, columns=self.columns, skip=skip)


class _Import:
    """One reading of one file."""

    def __init__(self, raw: RawFile, mapping: Mapping[str, str]) -> None:
        self._raw = raw
        self._field_of = mapped(mapping)
        self._examples: dict[str, str] = dict.fromkeys(raw.columns or (), "")
        self._warnings: list[FieldProblem] = list(raw.notes)
        self._unknown: set[str] = set()
        self._ids: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._faults = 0
        if raw.columns is not None:
            self._check_heading(raw.columns, f"line {raw.header_line}")

    def report(self) -> ImportReport:
        candidates = deque(self._candidates())
        rows = len(candidates)
        if not rows:
            self._warn("file", "holds no clusters")
        self._note_ids(candidates)
        profiles: dict[str, ClusterProfile] = {}
        lines: dict[str, int] = {}
        problems: list[FieldProblem] = []
        while candidates:
            candidate = candidates.popleft()
            profile = self._profile(candidate)
            if profile and profile.id in profiles:
                first = lines[profile.id]
                candidate.refuse(f"the same id as line {first}; each id stands once", "id")
            elif profile:
                profiles[profile.id], lines[profile.id] = profile, candidate.line
                self._judge_language(candidate, profile)
            problems += candidate.problems
            self._require_few(len(problems))
        return ImportReport(
            tuple(profiles.values()),
            tuple(problems),
            tuple(self._warnings),
            rows,
            self._headings(),
        )

    def _headings(self) -> tuple[Heading, ...]:
        return tuple(self._heading(text, example) for text, example in self._examples.items())

    def _heading(self, text: str, example: str) -> Heading:
        field = self._field_of(text)
        near = None if field else guess(text)
        return Heading(
            text,
            field,
            near.field if near else None,
            near.sureness if near else 0.0,
            example,
        )

    def _warn(self, where: str, message: str, column: str | None = None) -> None:
        self._warnings.append(FieldProblem(where, message, column))

    def _check_heading(self, columns: tuple[str, ...], where: str) -> None:
        fields = {self._field_of(column) for column in columns}
        missing = [name for name in _NEEDED if name not in fields]
        if missing:
            self._note_examples()
            raise MissingColumnsError(
                f"The heading (line {self._raw.header_line}) has no column for "
                f"{' and '.join(missing)}. Name the columns as in an export, such as name and "
                f"country; found: {', '.join(map(_shown, columns[:10]))}.",
                self._headings(),
            )
        for place, column in enumerate(columns, start=1):
            if self._field_of(column) is None and column != f"column {place}":
                self._warn_unknown(where, column)

    def _warn_unknown(self, where: str, column: str) -> None:
        if column not in self._unknown:
            self._unknown.add(column)
            if len(self._unknown) > MAX_COLUMNS:
                raise UnreadableFileError(
                    f"The file has more than {MAX_COLUMNS} fields that are not known here. "
                    "Check that the right file was chosen, and delete those that are not needed."
                )
            self._warn(where, _left_out(column), _shown(column))

    def _note_examples(self) -> None:
        for row in islice(self._raw.rows, _EXAMPLES):
            for column, value in row.cells:
                self._note_example(column, value)

    def _note_example(self, column: str, value: object) -> None:
        if not self._examples.get(column):
            self._examples[column] = _shown("" if value is None else str(value).strip())

    def _candidates(self) -> Iterator[_Candidate]:
        for number, row in enumerate(self._raw.rows, start=1):
            if number > MAX_ROWS:
                raise UnreadableFileError(
                    f"The file has more than {MAX_ROWS:,} rows. Split it into smaller files."
                )
            candidate = self._candidate(row)
            self._faults += len(candidate.problems)
            self._require_few(self._faults)
            yield candidate

    @staticmethod
    def _require_few(problems: int) -> None:
        """Stop at a file that is wrong through and through, before all of it has been judged."""
        if problems > MAX_PROBLEMS:
            raise UnreadableFileError(
                f"More than {MAX_PROBLEMS:,} values of the file are wrong. Check that the right "
                "file was chosen, correct the first lines, and try those alone."
            )

    def _candidate(self, row: RawRow) -> _Candidate:
        candidate = _Candidate(row.line)
        if row.fault:
            candidate.refuse(row.fault)
            candidate.unusable = True
            return candidate
        if row.note:
            self._warn(candidate.where, row.note)
        for column, value in row.cells:
            self._note_example(column, value)
            name = self._field_of(column)
            if name:
                _put(candidate, name, column, value)
            elif value is not None and str(value).strip():
                self._warn_unknown(candidate.where, column)
        return candidate

    def _note_ids(self, candidates: Iterable[_Candidate]) -> None:
        """Remember the ids that the file states, for made ones to stay clear of them."""
        for candidate in candidates:
            key = candidate.values.get("id")
            if isinstance(key, str):
                self._ids.setdefault(key, candidate.line)

    def _profile(self, candidate: _Candidate) -> ClusterProfile | None:
        if not candidate.problems:
            self._give_id(candidate)
        return _validated(candidate)

    def _give_id(self, candidate: _Candidate) -> None:
        name, country = candidate.values.get("name"), candidate.values.get("country")
        if "id" in candidate.values or not isinstance(name, str) or not isinstance(country, str):
            return
        name = " ".join(name.split())
        plain = make_id(country, name)
        key = make_id(country, name, self._ids, self._numbers.get(plain, 1))
        self._numbers[plain] = int(key.removeprefix(plain)[1:] or 1)
        if key != plain:
            message = f"line {self._ids[plain]} has the id {plain} already; kept as {key}"
            self._warn(candidate.where, str(message), candidate.columns.get("name"))
        candidate.values["id"] = key
        self._ids[key] = candidate.line

    def _judge_language(self, candidate: _Candidate, profile: ClusterProfile) -> None:
        message = language_warning(profile)
        if message:
            self._warn(candidate.where, str(message), candidate.columns.get("description"))


def _left_out(column: str) -> str:
    if is_contact(column):
        return "holds data about persons, which profiles do not keep; it was left out"
    near = guess(column)
    hint = f"; the nearest known field is {near.field}" if near and near.field else ""
    return f"is not a known field and was not read{hint}"


def _put(candidate: _Candidate, name: str, column: str, value: object) -> None:
    """Convert a cell and note it, unless another column of the row has claimed the field."""
    converted, messages = convert(name, value)
    column = _shown(column)
    if converted in (None, []) and not messages:
        if name in _NEEDED:
            candidate.columns.setdefault(name, column)
        return
    if name in candidate.values and candidate.values[name] != converted:
        other = candidate.columns[name]
        candidate.refuse(f"differs from column {other}, which means the same field", column)
        return
    candidate.columns[name] = column
    for message in messages:
        candidate.refuse(message, name)
    if not messages:
        candidate.values[name] = converted


def _validated(candidate: _Candidate) -> ClusterProfile | None:
    """Profile of a row without problems; else all its problems are noted in the candidate."""
    if candidate.unusable:
        return None
    try:
        profile = ClusterProfile.model_validate(candidate.values)
    except ValidationError as error:
        _note_problems(candidate, error)
        return None
    return None if candidate.problems else profile


def _note_problems(candidate: _Candidate, error: ValidationError) -> None:
    # An id is made as soon as name and country are right, so its absence says nothing new.
    skip = candidate.faulty | (set() if "id" in candidate.values else {"id"})
    wrong = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]} | skip
    candidate.note(error, skip)
    if wrong & {"lat", "lon"}:
        wrong |= {"lat", "lon"}
    # Rules that join fields are checked only once the fields are right: judge the good ones.
    good = {name: value for name, value in candidate.values.items() if name not in wrong}
    if wrong:
        try:
            DraftProfile.model_validate(good)
        except ValidationError as joint:
            candidate.note(joint, skip)


def _shown(text: str) -> str:
    """Spelling of a column that is safe to print: no control characters, not too long."""
    printable = "".join(char if char.isprintable() else "�" for char in text)
    return printable if len(printable) <= _SHOWN else printable[: _SHOWN - 1] + "…"
