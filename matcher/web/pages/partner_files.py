"""Lists of partners as files for spreadsheets, no cell read as a formula."""

import io
from collections.abc import Sequence

from matcher.i18n.languages import Language
from matcher.matching.recommendation import Evidence, PartnerList, Recommendation
from matcher.profiles.io.cells import csv_of
from matcher.profiles.profile import ClusterProfile
from matcher.web.http.languages import current_language
from matcher.web.pages.words import EVIDENCE, LEVELS

Cell = str | int | float
_COLUMNS = (
    ("Rank", 6),
    ("Name", 40),
    ("Country", 16),
    ("City", 16),
    ("Website", 30),
    ("How good", 18),
    ("Score", 8),
    ("Fit for you", 10),
    ("Fit for them", 10),
    ("Confidence", 10),
    ("Why they suit you", 60),
    ("Why they would agree", 60),
    ("What matches", 60),
    ("Keep in mind", 50),
    ("Known links", 30),
    ("Id", 36),
)
_CELL_LIMIT = 32_767


def partners_csv(answer: PartnerList, clusters: Sequence[ClusterProfile]) -> bytes:
    """Write the list as CSV."""
    return csv_of(_rows(answer, clusters))


def partners_xlsx(answer: PartnerList, clusters: Sequence[ClusterProfile]) -> bytes:
    """Write the list as an Excel workbook; texts are stored as texts."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet("partners")
        sheet.freeze_panes(1, 2)
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for column, (_, width) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width)
        for number, row in enumerate(_rows(answer, clusters)):
            for column, cell in enumerate(row):
                style = wrapped if number else bold
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell[:_CELL_LIMIT], style)
                else:
                    sheet.write_number(number, column, cell, style)
    return buffer.getvalue()


def _rows(answer: PartnerList, clusters: Sequence[ClusterProfile]) -> list[list[Cell]]:
    language = current_language()
    head: list[Cell] = [language.gettext(title) for title, _ in _COLUMNS]
    pairs = zip(answer.partners, clusters, strict=True)
    return [head, *(_row(partner, cluster, language) for partner, cluster in pairs)]


def _row(partner: Recommendation, cluster: ClusterProfile, language: Language) -> list[Cell]:
    return [
        partner.rank,
        partner.name,
        language.country(partner.country),
        cluster.city or "",
        cluster.website or "",
        language.gettext(LEVELS[partner.level]),
        round(partner.score, 3),
        round(partner.fit_for_you, 3),
        round(partner.fit_for_them, 3),
        round(partner.confidence, 3),
        " ".join(map(language.say, partner.reasons)),
        " ".join(map(language.say, partner.reasons_for_them)),
        "\n".join(_evidence(one, language) for one in partner.evidence),
        " ".join(map(language.say, partner.cautions)),
        "; ".join(link.name for link in partner.known_links),
        partner.id,
    ]


def _evidence(one: Evidence, language: Language) -> str:
    """One line: what it is, then the two phrases that met."""
    kind = language.gettext(EVIDENCE[one.kind])
    return f"{kind}: {language.say(one.yours)} – {language.say(one.theirs)}"
