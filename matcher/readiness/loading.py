"""Reads the rule files, and names the rule and field of every mistake in them."""

import tomllib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from matcher.config import DATA_DIR
from matcher.errors import FieldProblem, InvalidInputError, UnreadableFileError
from matcher.profiles.taxonomy import country_group
from matcher.readiness.rules import (
    CallFile,
    CautionFile,
    LabelFile,
    Programme,
    ProgrammeFile,
    QuestionFile,
    RegistrationFile,
    Rule,
    RuleBook,
    SourceFile,
    When,
)

RULES_DIR = DATA_DIR / "readiness"
_FILES: Mapping[str, type[BaseModel]] = {
    "registration": RegistrationFile,
    "labels": LabelFile,
    "programmes": ProgrammeFile,
    "calls": CallFile,
    "cautions": CautionFile,
    "questions": QuestionFile,
    "sources": SourceFile,
}
_TEXTS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here; check the spelling",
    "string_too_short": "is empty",
    "too_short": "needs at least one entry",
}


@lru_cache(maxsize=1)
def rule_book() -> RuleBook:
    """Shipped rules, read once per process."""
    return load_rules(RULES_DIR)


def load_rules(folder: Path) -> RuleBook:
    """Read and check the rule files of a folder.

    Raises
    ------
    UnreadableFileError
        If a file is absent or is not TOML.
    InvalidInputError
        If rules are wrong; each problem names the file and rule, the field, and what is wrong.
    """
    parts: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for name, model in _FILES.items():
        content = _read(folder / f"{name}.toml")
        try:
            parts[name] = model.model_validate(content)
        except ValidationError as error:
            problems += [_problem(f"{name}.toml", content, item) for item in error.errors()]
    if not problems:
        book = RuleBook(**parts)
        problems += _disagreements(book)
    if problems:
        listed = "; ".join(map(str, problems))
        raise InvalidInputError(f"The readiness rules contain mistakes: {listed}", problems)
    return book


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"{path.name} is not a TOML file: {error}") from error
    except OSError as error:
        raise UnreadableFileError(f"{path.name} cannot be read: {error.strerror}") from error


def _problem(file: str, content: object, error: ErrorDetails) -> FieldProblem:
    where, here = file, content
    field: list[str] = []
    for step in error["loc"]:
        if isinstance(here, Mapping) and here.get("kind") == step:
            continue  # pydantic names the kind of a check as if it were a key
        here = _inside(here, step)
        field.append(f"number {step + 1}" if isinstance(step, int) else step)
        if isinstance(here, Mapping) and "id" in here:
            where, field = f"{file}, {here['id']}", []
    return FieldProblem(where, _message(error), ".".join(field) or None)


def _inside(container: object, step: str | int) -> object:
    if isinstance(container, Mapping):
        return container.get(step)
    if isinstance(container, list) and isinstance(step, int) and step < len(container):
        return container[step]
    return None


def _message(error: ErrorDetails) -> str:
    return _TEXTS.get(error["type"], error["msg"].removeprefix("Value error, "))


def _disagreements(book: RuleBook) -> Iterator[FieldProblem]:
    yield from _repeated_ids(book)
    for place, field, what, missing in _dangling(book):
        yield FieldProblem(place, f"there is no {what} {missing!r}", field)
    for code in sorted(country_group("EaP")):
        if code not in book.registration.regimes:
            yield FieldProblem("registration.toml", f"{code} has no line", "regimes")
        for programme in book.programmes.programmes:
            place = f"programmes.toml, {programme.id}"
            entry = programme.entry(code)
            if entry is None:
                yield FieldProblem(place, f"{code} has no line", "countries")
            elif entry.status == "excluded" and not _is_excluded(code, programme, book):
                message = f"no rule of cautions.toml shuts {code} out"
                yield FieldProblem(place, message, f"countries.{code}.status")


def _is_excluded(code: str, programme: Programme, book: RuleBook) -> bool:
    return any(
        rule.when == When(country=code)
        and rule.verdict == "not_met"
        and programme.id in rule.programmes
        for rule in book.cautions.cautions
    )


def _repeated_ids(book: RuleBook) -> Iterator[FieldProblem]:
    ids = [item.id for item in (*_judged(book), *book.calls.calls, *book.cautions.cautions)]
    for name, times in Counter(ids).items():
        if times > 1:
            yield FieldProblem(name, "the id is used twice; give each rule its own", "id")


def _judged(book: RuleBook) -> Iterator[Rule | Programme]:
    yield from book.registration.rules
    yield from book.labels.rules
    yield from book.programmes.programmes


def _dangling(book: RuleBook) -> Iterator[tuple[str, str, str, str]]:
    """Find names of what is not there: their place, field, what they should name, the name."""
    for place, field, what, names, known in _named(book):
        for name in names:
            if name not in known:
                yield place, field, what, name


def _named(book: RuleBook) -> Iterator[tuple[str, str, str, Iterable[str], Container[str]]]:
    programmes = {programme.id for programme in book.programmes.programmes}
    rules, regions = {rule.id for rule in _judged(book)}, book.programmes.regions
    for place, cited in _cited(book, ""):
        yield place, "sources", "source", cited, book.sources.sources
    for rule in book.registration.rules:
        yield rule.id, "waivers", "waiver", rule.waivers, book.registration.waivers
    for question in book.questions.questions:
        yield f"questions.toml, {question.id}", "rules", "rule", question.rules, rules
    for call in book.calls.calls:
        yield f"calls.toml, {call.id}", "programme", "programme", [call.programme], programmes
    for programme in book.programmes.programmes:
        for code, line in programme.countries.items():
            place, known = f"programmes.toml, {programme.id}", regions.get(code, {})
            yield place, f"countries.{code}.regions", f"[regions.{code}]", line.regions, known
    for caution in book.cautions.cautions:
        place, when = f"cautions.toml, {caution.id}", caution.when
        yield place, "programmes", "programme", caution.programmes, {*programmes, "all"}
        known = regions.get(when.country or "", {})
        yield place, "when.regions", f"[regions.{when.country}]", when.regions, known


def _cited(node: object, place: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Walk the rules; yield each place that cites sources, and what it cites."""
    if isinstance(node, BaseModel):
        values = dict(node)
        place = values.get("id", place)
        if isinstance(values.get("sources"), tuple):
            yield place, values.pop("sources")
        node = values
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _cited(value, f"{place}, {key}")
    elif isinstance(node, tuple):
        for value in node:
            yield from _cited(value, place)
