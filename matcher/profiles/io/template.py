"""The workbook to fill in: drop-downs, examples, and a sheet that explains each column."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matcher.i18n.languages import Language
from matcher.i18n.message import Message
from matcher.profiles.io.formats import (
    CLUSTER_SHEET,
    COLUMNS_SHEET,
    EXAMPLES_SHEET,
    LISTS_SHEET,
)
from matcher.profiles.io.writers import column_width, row_of
from matcher.profiles.profile import INTENTS, KINDS, LABELS, LEGAL_FORMS, ClusterProfile
from matcher.profiles.taxonomy import countries, ecosystems

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_ROWS = 1_000
"""Rows with drop-downs."""

_EXPLANATIONS: Mapping[str, Message] = {
    "name": Message("Name of the cluster, in English if it has an English one. Needed."),
    "country": Message(
        "Country of the cluster: one of the list, its own name or its two-letter code. Needed."
    ),
    "native_name": Message("Name in your own language and script."),
    "acronym": Message("Short name."),
    "region": Message("Region or province."),
    "city": Message("Town of the seat."),
    "website": Message("Address of the website, such as https://example.org."),
    "founded": Message("Year of foundation, such as 2012."),
    "kind": Message("Kind of organisation: one of the list."),
    "members_total": Message("Number of all members, a whole number such as 44."),
    "members_sme": Message("Small and medium-sized firms among the members."),
    "members_large": Message("Large firms among the members."),
    "members_research": Message("Universities and research bodies among the members."),
    "members_public": Message("Public bodies among the members."),
    "employees_represented": Message("Employees of all members together."),
    "label": Message("Label of the European Cluster Excellence scheme, if there is one."),
    "label_year": Message("Year in which the label was given."),
    "ecosystems": Message(
        "Industrial ecosystems, most fitting first, separated by semicolons. The list offers one; "
        "type further ones behind it."
    ),
    "nace": Message("NACE divisions of the members, two digits each: 62; 63."),
    "technologies": Message("Technologies that members master, separated by semicolons."),
    "services": Message("Services to members, separated by semicolons."),
    "offers": Message("What you can give a partner, in English, separated by semicolons."),
    "seeks": Message("What you look for in a partner, in English, separated by semicolons."),
    "target_countries": Message("Countries of interest, separated by semicolons: PL; Germany."),
    "languages": Message("Languages you work in, separated by semicolons: en; Ukrainian."),
    "description": Message("Some sentences about the cluster, in English."),
    "native_description": Message("The same in your own language."),
    "management_fte": Message("Staff of the cluster management in full-time posts, such as 1.5."),
    "english_site": Message("Whether the website has an English version: yes or no."),
    "legal_form": Message("Legal form: one of the list."),
    "intents": Message(
        "What you want to achieve, separated by semicolons. The list offers one; type further "
        "ones behind it."
    ),
}
"""The columns of the template, in their order; an export has some more for staff."""

_CHOICES: Mapping[str, Sequence[str]] = {
    "country": [c.name for c in countries().values() if c.group != "other"],
    "kind": KINDS,
    "label": LABELS,
    "ecosystems": tuple(ecosystems().values()),
    "english_site": ("yes", "no"),
    "legal_form": LEGAL_FORMS,
    "intents": INTENTS,
}
_EXAMPLE_CLUSTERS = tuple(
    ClusterProfile.model_validate(values)
    for values in (
        {
            "id": "ua-example-furniture-cluster",
            "name": "Example Furniture Cluster",
            "country": "UA",
            "native_name": "Приклад меблевого кластера",
            "city": "Lviv",
            "website": "https://furniture.example.org",
            "founded": 2015,
            "kind": "cluster",
            "members_total": 44,
            "members_sme": 38,
            "ecosystems": ("construction",),
            "nace": ("16", "31"),
            "technologies": ("CNC processing of solid wood", "water-based coatings"),
            "offers": ("contract production of solid wood furniture", "oak and beech parts"),
            "seeks": ("buyers of furniture in Germany", "designers"),
            "target_countries": ("DE", "PL"),
            "languages": ("uk", "en"),
            "description": "An invented cluster that shows how the columns are filled in.",
            "management_fte": 1.5,
            "english_site": True,
            "legal_form": "ngo",
            "intents": ("market_access", "value_chain"),
        },
        {
            "id": "ro-example-digital-cluster",
            "name": "Example Digital Cluster",
            "country": "RO",
            "acronym": "EDC",
            "city": "Cluj-Napoca",
            "website": "https://digital.example.org",
            "kind": "cluster",
            "members_total": 60,
            "label": "silver",
            "label_year": 2024,
            "ecosystems": ("digital", "health"),
            "nace": ("62",),
            "technologies": ("machine learning", "data platforms for hospitals"),
            "offers": ("software for hospitals", "experience in European projects"),
            "seeks": ("partners for a Horizon Europe proposal",),
            "languages": ("ro", "en"),
            "description": "A second invented cluster; leave blank what you do not know.",
            "intents": ("joint_rd", "eu_proposal"),
        },
    )
)


def write_template(language: Language) -> bytes:
    """Write the XLSX workbook to fill in, with its explanations in a language.

    Headings and choices are in English, as in exports; the import reads whatever is typed.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_urls": False}) as book:
        _write_clusters(book, book.add_worksheet(CLUSTER_SHEET), language)
        _write_examples(book, book.add_worksheet(EXAMPLES_SHEET))
        explained = {
            field: (text, _CHOICES.get(field, ())) for field, text in _EXPLANATIONS.items()
        }
        write_explanations(book, book.add_worksheet(COLUMNS_SHEET), explained, language)
        _write_lists(book.add_worksheet(LISTS_SHEET))
    return buffer.getvalue()


def _write_clusters(book: "Workbook", sheet: "Worksheet", language: Language) -> None:
    _write_heading(book, sheet)
    for column, field in enumerate(_EXPLANATIONS):
        sheet.data_validation(1, column, _ROWS, column, _validation(field, language))


def _validation(field: str, language: Language) -> dict[str, Any]:
    """What a cell of a column shows when it is chosen, and what it offers."""
    hint = {"input_message": language.say(_EXPLANATIONS[field])[:255]}
    if field not in _CHOICES:
        return {"validate": "any", **hint}
    letter = chr(ord("A") + list(_CHOICES).index(field))
    last = len(_CHOICES[field]) + 1
    return {
        "validate": "list",
        "source": f"={LISTS_SHEET}!${letter}$2:${letter}${last}",
        "show_error": False,  # what is typed otherwise is read as well, or named with advice
        **hint,
    }


def _write_heading(book: "Workbook", sheet: "Worksheet") -> None:
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 1)
    for column, field in enumerate(_EXPLANATIONS):
        sheet.set_column(column, column, column_width(field))
        sheet.write_string(0, column, field, bold)


def _write_examples(book: "Workbook", sheet: "Worksheet") -> None:
    _write_heading(book, sheet)
    for number, profile in enumerate(_EXAMPLE_CLUSTERS, start=1):
        cells = row_of(profile, "xlsx")
        for column, field in enumerate(_EXPLANATIONS):
            sheet.write(number, column, cells[field])


def write_explanations(
    book: "Workbook",
    sheet: "Worksheet",
    columns: Mapping[str, tuple[Message, Sequence[str]]],
    language: Language,
) -> None:
    """Write the sheet that tells of each column what to write, and among what to choose."""
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 70, wrapped)
    titles = (Message("Column"), Message("What to write"), Message("Choices"))
    sheet.write_row(0, 0, [language.say(title) for title in titles], bold)
    for number, (column, (text, choices)) in enumerate(columns.items(), start=1):
        sheet.write_string(number, 0, column, bold)
        sheet.write_string(number, 1, language.say(text), wrapped)
        sheet.write_string(number, 2, "; ".join(choices), wrapped)


def _write_lists(sheet: "Worksheet") -> None:
    sheet.hide()
    for column, (field, choices) in enumerate(_CHOICES.items()):
        sheet.write_column(0, column, [field, *choices])
