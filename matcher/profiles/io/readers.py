"""Import: a file of any of the four formats to profiles, every bad row named, good rows kept."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from matcher.errors import FieldProblem, UnreadableFileError
from matcher.i18n.message import Message
from matcher.profiles.ids import make_id
from matcher.profiles.io.countries import country_of
from matcher.profiles.io.files import content_of, raw_tables
from matcher.profiles.io.formats import MAX_COLUMNS, MAX_PROBLEMS, MAX_ROWS, Format, format_of
from matcher.profiles.io.headers import (
    Guess,
    Heading,
    MissingColumnsError,
    guess,
    is_contact,
    mapped,
)
from matcher.profiles.io.raw import Meaning, RawFile, RawRow, RawTables
from matcher.profiles.io.remarks import Warnings
from matcher.profiles.io.rows import NEEDED, Candidate, shown
from matcher.profiles.io.spellings import is_blank, is_total
from matcher.profiles.io.values import Remark
from matcher.profiles.language import language_warning
from matcher.profiles.profile import ClusterProfile

_EXAMPLES = 20
_BY_EXAMPLE = 0.6


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
    meaning = mapped(mapping or {})
    return _Import(raw_tables(content, form or kind, meaning), meaning).report()


class _Import:
    """One reading of one file."""

    def __init__(self, raw: RawTables, meaning: Meaning) -> None:
        self._field_of = meaning
        self._warnings = Warnings(raw.notes)
        self._unknown: set[str] = set()
        self._examples: dict[str, str] = {}
        self._ids: dict[str, Candidate] = {}
        self._numbers: dict[str, int] = {}
        self._faults = 0
        self._tables = self._complete(raw.tables)

    def report(self) -> ImportReport:
        candidates = deque(self._candidates())
        rows = len(candidates)
        if not rows:
            self._warnings.add("file", Message("holds no clusters"))
        self._note_ids(candidates)
        profiles: dict[str, ClusterProfile] = {}
        lines: dict[str, Message] = {}
        problems: list[FieldProblem] = []
        while candidates:
            candidate = candidates.popleft()
            profile = self._profile(candidate)
            if profile and profile.id in profiles:
                message = Message(
                    "the same id as {line}; each id stands once", line=lines[profile.id]
                )
                candidate.refuse(message, "id")
            elif profile:
                profiles[profile.id], lines[profile.id] = profile, candidate.where
                self._judge_language(candidate, profile)
            problems += self._told(candidate)
        return ImportReport(
            tuple(profiles.values()), tuple(problems), self._warnings.all(), rows, self._headings()
        )

    def _headings(self) -> tuple[Heading, ...]:
        return tuple(self._heading(text, example) for text, example in self._examples.items())

    def _heading(self, text: str, example: str) -> Heading:
        field = self._field_of(text)
        near = None if field else guess(text)
        if not field and not near and country_of(example):
            near = Guess("country", _BY_EXAMPLE)
        if not near:
            return Heading(text, field, example=example)
        return Heading(text, field, near.field, near.sureness, example)

    def _complete(self, tables: Sequence[RawFile]) -> list[RawFile]:
        """Tables that have the needed columns; what there is to tell of headings is noted."""
        complete = [table for table in tables if not self._missing(table)]
        if not complete:
            raise self._no_heading(tables[0])
        for table in tables:
            if table in complete:
                self._note_heading(table)
            else:
                message = Message(
                    "was left out: its heading has no column for {names}",
                    names=self._missing(table),
                )
                self._warnings.add(table.title, message)
        return complete

    def _missing(self, table: RawFile) -> str:
        if table.columns is None:
            return ""
        fields = {self._field_of(column) for column in table.columns} | table.defaults.keys()
        return " and ".join(name for name in NEEDED if name not in fields)

    def _no_heading(self, table: RawFile) -> MissingColumnsError:
        columns = table.columns or ()
        self._examples.update(dict.fromkeys(columns, ""))
        for row in islice(table.rows, _EXAMPLES):
            for column, value in row.cells:
                self._note_example(column, value)
        return MissingColumnsError(
            Message(
                "The heading (line {line}) has no column for {names}. Name the columns as in an "
                "export, such as name and country, or say which columns hold them; found: {found}.",
                line=str(table.header_line),
                names=self._missing(table),
                found=", ".join(map(self._with_guess, columns[:10])),
            ),
            self._headings(),
        )

    def _with_guess(self, column: str) -> str:
        near = self._heading(column, self._examples[column]).suggestion
        return f"{shown(column)} ({near}?)" if near else shown(column)

    def _note_heading(self, table: RawFile) -> None:
        for note in table.notes:
            self._warnings.add(note.where, note.message, note.field)
        for place, column in enumerate(table.columns or (), start=1):
            self._examples.setdefault(column, "")
            if self._field_of(column) is None and column != f"column {place}":
                self._warn_unknown(table.place(table.header_line), column)

    def _warn_unknown(self, where: Message, column: str) -> None:
        if column in self._unknown:
            return
        self._unknown.add(column)
        if len(self._unknown) > MAX_COLUMNS:
            raise UnreadableFileError(
                Message(
                    "The file has more than {most} fields that are not known here. Check that the "
                    "right file was chosen, and delete those that are not needed.",
                    most=str(MAX_COLUMNS),
                )
            )
        message = _left_out(column)
        if message:
            self._warnings.add(where, message, shown(column))

    def _note_example(self, column: str, value: object) -> None:
        if not self._examples.get(column):
            self._examples[column] = shown("" if value is None else str(value).strip())

    def _candidates(self) -> Iterator[Candidate]:
        rows = ((table, row) for table in self._tables for row in table.rows)
        for number, (table, row) in enumerate(rows, start=1):
            if number > MAX_ROWS:
                raise UnreadableFileError(
                    Message(
                        "The file has more than {most} rows. Split it into smaller files.",
                        most=f"{MAX_ROWS:,}",
                    )
                )
            if self._adds_up(table, row):
                message = Message("is a row of totals and was left out")
                self._warnings.add(table.place(row.line), message)
                continue
            candidate = self._candidate(table, row)
            faults = sum(remark.fault for _, remark in candidate.remarks)
            self._count_faults(faults + len(candidate.problems))
            yield candidate

    def _count_faults(self, faults: int) -> None:
        """Stop at a file that is wrong through and through, before all of it has been judged."""
        self._faults += faults
        if self._faults > MAX_PROBLEMS:
            raise UnreadableFileError(
                Message(
                    "More than {most} values of the file are wrong. Check that the right file was "
                    "chosen, correct the first lines, and try those alone.",
                    most=f"{MAX_PROBLEMS:,}",
                )
            )

    def _adds_up(self, table: RawFile, row: RawRow) -> bool:
        """Whether a row of a table says "total" where its name should be, and has no country."""
        if table.columns is None or not any(is_total(str(value)) for _, value in row.cells):
            return False
        needed = [str(value) for column, value in row.cells if self._field_of(column) in NEEDED]
        return all(is_blank(text) or is_total(text) for text in needed)

    def _candidate(self, table: RawFile, row: RawRow) -> Candidate:
        candidate = Candidate(table, row.line)
        if row.fault:
            candidate.problems.append((None, row.fault))
            return candidate
        if row.note:
            self._warnings.add(candidate.where, row.note)
        for column, value in row.cells:
            self._note_example(column, value)
            name = self._field_of(column)
            if name:
                candidate.put(name, column, value)
            elif value is not None and str(value).strip():
                self._warn_unknown(candidate.where, column)
        for name, value in table.defaults.items():
            candidate.values.setdefault(name, value)
        return candidate

    def _note_ids(self, candidates: Iterable[Candidate]) -> None:
        """Remember the ids that the file states, for made ones to stay clear of them."""
        for candidate in candidates:
            key = candidate.values.get("id")
            if isinstance(key, str):
                self._ids.setdefault(key, candidate)

    def _profile(self, candidate: Candidate) -> ClusterProfile | None:
        if candidate.is_broken:
            return None
        if not candidate.problems:
            self._give_id(candidate)
        profile = candidate.profile()
        if profile:
            return profile
        self._count_faults(candidate.leave_out_faults())
        if candidate.problems:
            return None
        self._give_id(candidate)
        return candidate.profile()

    def _give_id(self, candidate: Candidate) -> None:
        name, country = candidate.values.get("name"), candidate.values.get("country")
        if "id" in candidate.values or not isinstance(name, str) or not isinstance(country, str):
            return
        name = " ".join(name.split())
        plain = make_id(country, name)
        key = make_id(country, name, self._ids, self._numbers.get(plain, 1))
        self._numbers[plain] = int(key.removeprefix(plain)[1:] or 1)
        if key != plain:
            line = self._ids[plain].where
            message = Message("{line} has the id {id}; kept as {key}", line=line, id=plain, key=key)
            candidate.remarks.append((candidate.column("name"), Remark(message)))
        candidate.values["id"] = key
        self._ids[key] = candidate

    def _judge_language(self, candidate: Candidate, profile: ClusterProfile) -> None:
        message = language_warning(profile)
        if message:
            self._warnings.add(candidate.where, message, candidate.column("description"))

    def _told(self, candidate: Candidate) -> Iterator[FieldProblem]:
        """Problems of a row; its remarks join the warnings."""
        for column, remark in candidate.remarks:
            self._warnings.remark(candidate.table.sheet, candidate.where, remark, column)
        for column, message in dict.fromkeys(candidate.problems):
            yield FieldProblem(candidate.where, message, column)


def _left_out(column: str) -> Message | None:
    """What to tell of a column that is not read; nothing of running numbers."""
    if is_contact(column):
        return Message("holds data about persons, which profiles do not keep; it was left out")
    near = guess(column)
    if not near:
        return Message("is not a known field and was not read")
    if not near.field:
        return None
    return Message(
        "is not a known field and was not read; the nearest known field is {field}",
        field=near.field,
    )
