"""The workbook of an office: a merged title, odd headings, two sheets of people, sums, a double."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl

HEADING = ["Nr.", "Назва", "Country", "Час", "Min", "We look for", "Contact person", "E-mail"]
EAST: list[list[object]] = [
    [1, "Kharkiv IT Cluster", "Ukraine", "Kyiv", 1, None, "Person One", "one@example.org"],
    [2, "Львівський ІТ кластер", "Україна", "GMT+2", 1, None, "Person Two", "two@example.org"],
    [3, "Kharkiv-IT", "UA", "Kyiv", 1, None, None, None],
    [4, "Приклад Вино Кластер", "Молдова", "Chișinău", 1, "buyers of wine", None, None],
    [5, "Nameless Example Club", "Georgia", "GMT+4", 1, None, "Person Five", "five@example.org"],
]
WEST: list[list[object]] = [
    [1, "Košice IT Valley", "Slovakia", "Bratislava", 1, None, "Person Six", "six@example.org"],
    [2, "InfoTek Technology Cluster", "Poland", "Warsaw", 1, None, None, None],
]
CONSENTS = {"one@example.org": "herself, on the form of registration", "six@example.org": "yes"}


def untidy_workbook(day: date = date(2026, 11, 12), *, consents: bool = True) -> bytes:
    """An untidy workbook of seven organisations: one twice, two of them not in the data.

    One comes on that day alone, another on the next.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in (("EaP", EAST), ("EU", WEST)):
        sheet = book.create_sheet(title)
        sheet.append(["Matchmaking day: who comes"])
        sheet.merge_cells("A1:H1")
        sheet.append([])
        sheet.append([*HEADING, *(["Згода"] if consents else [])])
        for row in rows:
            sheet.append([*row, *([CONSENTS.get(str(row[7]))] if consents else [])])
        sheet.append(["TOTAL", None, None, None, sum(int(str(row[4])) for row in rows)])
    presence = book.create_sheet("Presence")
    presence.append(["Who", "Дата", "Arrives", "Leaves"])
    first, second = (f"{one:%d.%m.%Y}" for one in (day, day + timedelta(days=1)))
    presence.append(["Kharkiv IT Cluster", first, "9.00", "13h"])
    presence.append(["Košice IT Valley", second, "9.45", "12:00"])
    content = BytesIO()
    book.save(content)
    return content.getvalue()
