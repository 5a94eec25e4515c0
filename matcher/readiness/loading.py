"""Reads the rule files, and names the rule and field of every mistake in them."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from matcher.config import DATA_DIR
from matcher.errors import FieldProblem, InvalidInputError, UnreadableFileError
from matcher.profiles.profile import LABELS
from matcher.profiles.taxonomy import country_group
from matcher.readiness.rules import (
    LabelFile,
    Programme,
    ProgrammeFile,
    QuestionFile,
    RegistrationFile,
    Rule,
    RuleBook,
    SourceFile,
)

RULES_DIR = DATA_DIR / "readiness"
_FILES: Mapping[str, type[BaseModel]] = {
    "registration": RegistrationFile,
    "labels": LabelFile,
    "programmes": ProgrammeFile,
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
        elif isinstance(here, Mapping) and "as_of" in here:
            where, field = f"{where}, edition {here['as_of']}", []
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
    yield from _unknown_sources(book)
    yield from _misplaced_rules(book)
    for programme in book.programmes.programmes:
        yield from _matrix_problems(programme, book)
    known = {rule.id for rule in _judged(book)}
    for question in book.questions.questions:
        for name in question.rules:
            if name not in known:
                yield FieldProblem(
                    f"questions.toml, {question.id}", f"there is no rule {name!r}", "rules"
                )


def _judged(book: RuleBook) -> Iterator[Rule | Programme]:
    yield from book.registration.rules
    yield from book.labels.rules
    yield from book.programmes.programmes


def _repeated_ids(book: RuleBook) -> Iterator[FieldProblem]:
    seen: set[str] = set()
    for rule in _judged(book):
        if rule.id in seen:
            yield FieldProblem(rule.id, "the id is used twice; give each rule its own", "id")
        seen.add(rule.id)


def _unknown_sources(book: RuleBook) -> Iterator[FieldProblem]:
    cited = [(rule.id, rule.sources) for rule in _judged(book)]
    cited += [
        (f"waiver {key}", waiver.sources) for key, waiver in book.registration.waivers.items()
    ]
    cited += [
        (f"regime {key}", regime.sources) for key, regime in book.registration.regimes.items()
    ]
    for programme in book.programmes.programmes:
        for edition in programme.editions:
            place = f"{programme.id}, edition {edition.as_of}"
            cited.append((place, edition.sources))
            cited += [
                (f"{place}, {code}", line.sources) for code, line in edition.countries.items()
            ]
    for place, names in cited:
        for name in names:
            if name not in book.sources.sources:
                yield FieldProblem(place, f"{name!r} is not listed in sources.toml", "sources")


def _misplaced_rules(book: RuleBook) -> Iterator[FieldProblem]:
    for rule in book.registration.rules:
        for name in rule.waivers:
            if name not in book.registration.waivers:
                yield FieldProblem(rule.id, f"there is no waiver {name!r}", "waivers")
    for rule in book.labels.rules:
        if rule.level is None:
            yield FieldProblem(rule.id, f"name the label: {', '.join(LABELS)}", "level")
    for code in sorted(country_group("EaP") | {"EU"}):
        if code not in book.registration.regimes:
            yield FieldProblem("registration.toml", f"{code} is missing", "regimes")


def _matrix_problems(programme: Programme, book: RuleBook) -> Iterator[FieldProblem]:
    for edition in programme.editions:
        place = f"programmes.toml, {programme.id}, edition {edition.as_of}"
        for code in sorted((country_group("EaP") | {"EU"}) - edition.countries.keys()):
            yield FieldProblem(place, f"{code} is missing", "countries")
        for code, line in edition.countries.items():
            for region in line.regions:
                if region not in book.programmes.regions.get(code, {}):
                    message = f"{region!r} is not listed under [regions.{code}]"
                    yield FieldProblem(place, message, f"countries.{code}.regions")
