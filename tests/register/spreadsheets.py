"""Spreadsheets as co-operatives have them, made up the same way each time: for tests, journeys and the bench."""

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font


def _list(text: str) -> list[str]:
    return [" ".join(one.split()) for one in text.split("|")]


GIVEN = _list(
    """
    Jan | An | Pieter | Marie | Koen | Fatima | Luc | Els | Mohamed | Sofie | Jean | Claire | Tom | Leen | Youssef |
    Hilde | Wim | Nadia | Bart | Anne | Karim | Lotte | Philippe | Greet | Dirk | Amélie | Stijn | Ilse | Omar |
    Katrien
    """
)
FAMILY = _list(
    """
    Peeters | Janssens | Maes | Van den Berg | De Smet | D'Hondt | Willems | Mertens | Claes | Goossens | Wouters |
    Van Damme | Dubois | Lambert | Dupont | Martin | El Idrissi | Benali | Hermans | Vermeulen | Van de Velde | De
    Backer | Lemmens | Michiels | Jacobs | Aerts | Coppens | Smets | Bogaert | Segers | Van der Meer | Thijs | Nijs
    | Roels | Baert | Cools
    """
)
STREETS = _list(
    """
    Kerkstraat | Stationsstraat | Rue Haute | Molenstraat | Dok-Noord | Avenue Louise | Nieuwstraat | Schoolstraat |
    Rue de la Loi
    """
)
TOWNS = (
    ("9000", "Gent"),
    ("1000", "Brussel"),
    ("2000", "Antwerpen"),
    ("3000", "Leuven"),
    ("9100", "Sint-Niklaas"),
    ("4000", "Liège"),
)
ORGANISATIONS = (
    "De Kringwinkel vzw",
    "Nubo SC",
    "Stroomcoop CV",
    "Atelier Zéro asbl",
    "Boekhandel Zondvloed BV",
    "Stichting Wijkwerf",
)
MONTHS = _list(
    """
    januari | februari | maart | april | mei | juni | juli | augustus | september | oktober | november | december
    """
)

CUT_OVER = dt.date(2026, 10, 31)


@dataclass
class Made:
    """A spreadsheet with what is in it once its doubtful rows are mended.

    `doubtful` maps the lines that can't be booked as they are to their code; `mends` says for each of them what a
    secretary does: `{"values": {field: text}}` or `{"answer": "same"}`.
    """

    name: str
    content: bytes
    members: int
    left: int
    shares: int
    paid: Decimal
    at: dt.date = CUT_OVER
    doubtful: dict[int, str] = field(default_factory=dict)
    mends: dict[int, dict[str, Any]] = field(default_factory=dict)

    def write_to(self, folder: Path) -> Path:
        """Write the file into a folder and return its path."""
        path = folder / self.name
        path.write_bytes(self.content)
        return path


def communication(number: int) -> str:
    """Return a structured communication that passes its check."""
    base = f"{1_000_000_000 + number:010d}"
    check = int(base) % 97 or 97
    digits = f"{base}{check:02d}"
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"


def enterprise_number(number: int) -> str:
    """Return a Belgian enterprise number that passes its check."""
    base = 4_000_000 + number * 7
    return f"BE 0{base:07d}"[:11] + f"{97 - int(f'0{base:07d}') % 97:02d}"


def _person(number: int) -> tuple[str, str]:
    return GIVEN[number * 7 % len(GIVEN)], FAMILY[(number * 5 + number // len(FAMILY)) % len(FAMILY)]


def _name(number: int) -> str:
    """Write a name as somebody typed it: in capitals, with a comma, or with the family name ahead."""
    given, family = _person(number)
    match number % 4:
        case 0:
            return f"{family.upper()} {given.upper()}"
        case 1:
            return f"{family}, {given}"
        case 2:
            return f"{family.upper()} {given}"
        case _:
            return f"{family} {given}"


def _address(number: int) -> tuple[str, str, str]:
    postcode, town = TOWNS[number % len(TOWNS)]
    street = f"{STREETS[number % len(STREETS)]} {number % 180 + 1}"
    if number % 9 == 0:
        street += f" bus {number % 7 + 1}"
    return (street.upper() if number % 4 == 0 else street), postcode, town.upper() if number % 4 == 0 else town


def _day(number: int) -> dt.date:
    return dt.date(2015, 3, 2) + dt.timedelta(days=number * 6 % 4000)


def _date(number: int) -> Any:
    """Write a date in one of the ways that are met, some with month and day turned round where only that can be."""
    on = _day(number)
    match number % 7:
        case 0:
            return f"{on:%d/%m/%Y}"
        case 1:
            return f"{on.day} {MONTHS[on.month - 1]} {on.year}"
        case 2:
            return f"{on:%d.%m.%y}"
        case 3 if on.day > 12:
            return f"{on:%m/%d/%Y}"
        case 4:
            return (on - dt.date(1899, 12, 30)).days
        case _:
            return on


def _money(amount: Decimal, number: int) -> Any:
    match number % 5:
        case 0:
            return f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
        case 1:
            return f"€ {amount:.2f}".replace(".", ",")
        case 2 if amount == amount.to_integral_value():
            return f"{amount:.0f},-"
        case 3:
            return f"{amount:,.2f}"
        case _:
            return float(amount)


HEADER = [
    "Lidnr.", "Naam en voornaam", "Adres", "Postcode", "Gemeente", "KBO-nummer", "E-mail", "Aantal aandelen",
    "Bedrag per aandeel", "Gestort", "Datum toetreding", "Uitgetreden op", "Mededeling",
]  # fmt: skip


def belgian_cv(members: int = 641, shares: int = 5473, left: int = 24) -> Made:
    """Return a Belgian CV with shares of 25 euro: leavers, part-payments, merged cells, a total, four doubtful rows.

    Rows 1 to 3 are a title; the header stands on line 4. Of the four doubtful rows one is a person who stands in the
    list twice, one has a date that doesn't exist, one half a share, one a communication that fails its check.
    """
    rows: list[list[Any]] = []
    merges: list[tuple[int, int]] = []
    made = Made("leden-en-aandelen.xlsx", b"", members, left, shares, Decimal("0.00"))
    first = 5
    taken = 0
    for number in range(1, members + left + 1):
        line = first + len(rows)
        is_left = number % (members // left) == 9 and number // (members // left) < left
        is_last = number == members + left
        count = shares - taken if is_last else 1 + number * number % 17 % 15
        count = 0 if is_left else count
        taken += count
        due = Decimal(25) * count
        settled = Decimal("12.50") * count if number % 11 == 3 and not is_last else due
        made.paid += settled
        street, postcode, town = _address(number)
        is_organisation = number % 60 == 5
        name = f"{ORGANISATIONS[number // 60 % 6]}" if is_organisation else _name(number)
        if is_organisation and number > 360:
            name = name.replace(" ", f" {number} ", 1)
        row = [
            number, name, street, postcode if number % 2 else int(postcode), town,
            enterprise_number(number) if is_organisation else None,
            f"lid{number}@example.org" if number % 3 else None,
            count or None, 25 if number % 2 else "€ 25", _money(settled, number) if count else None,
            _date(number), (_day(number) + dt.timedelta(days=300)) if is_left else None,
            communication(number) if number % 10 == 0 else None,
        ]  # fmt: skip
        if number % 97 == 0 and count > 1 and settled == due:
            # Two subscriptions of one member: number, name and address are merged over both rows.
            half = count // 2
            row[7], row[9] = half, float(25 * half)
            second = [None] * 7 + [count - half, 25, float(25 * (count - half)), _day(number), None, None]
            merges.append((line, line + 1))
            rows.extend((row, second))
            continue
        rows.append(row)
    _make_doubtful(rows, first, made)
    total = ["Totaal", None, None, None, None, None, None, shares, None, _money(made.paid, 0), None, None, None]
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Aandelenregister"
    sheet["A1"] = "Wolkenwerf CV: leden en aandelen"
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.merge_cells("A1:M1")
    sheet["A2"] = "toestand op 31 oktober 2026"
    for place, title in enumerate(HEADER, 1):
        sheet.cell(4, place, title).font = Font(bold=True)
    for place, row in enumerate([*rows, [], total]):
        for column, value in enumerate(row, 1):
            if value is not None:
                sheet.cell(first + place, column, value)
    for top, bottom in merges:
        for column in "ABCDEFG":
            sheet.merge_cells(f"{column}{top}:{column}{bottom}")
    notes = book.create_sheet("Nota's")
    notes["A1"] = "Vragen aan Bram"
    notes["A2"] = "Wie belt de leden zonder adres?"
    made.content = _saved(book)
    return made


def _make_doubtful(rows: list[list[Any]], first: int, made: Made) -> None:
    """Spoil four rows, and say how each is mended."""

    def line_of(number: int) -> int:
        return next(place for place, row in enumerate(rows) if row[0] == number)

    # Number 118 is number 117 again, at the same address: their shares belong together.
    twin, again = line_of(117), line_of(118)
    for column in (1, 2, 3, 4, 5):
        rows[again][column] = rows[twin][column]
    made.members -= 1
    made.doubtful[first + again] = "same_person"
    made.mends[first + again] = {"answer": "same"}
    place = line_of(230)
    rows[place][10] = "31/02/2019"
    made.doubtful[first + place] = "date_impossible"
    made.mends[first + place] = {"values": {"admitted_on": "28/02/2019"}}
    place = line_of(341)
    made.mends[first + place] = {"values": {"shares": str(rows[place][7])}}
    rows[place][7] = f"{rows[place][7]},5"
    made.doubtful[first + place] = "count_broken"
    place = line_of(500)
    made.mends[first + place] = {"values": {"communication": communication(500)}}
    rows[place][12] = "+++100/0000/50000+++"
    made.doubtful[first + place] = "communication_check"
    # One more member, so that there are as many as were asked for once the twins are one.
    extra = list(rows[-1])
    given, family = _person(9999)
    extra[0], extra[1], extra[2], extra[6] = rows[-1][0] + 1, f"{family} {given}", "Werfplein 1", "laatste@example.org"
    extra[5], extra[7], extra[9], extra[12] = None, 1, 25, None
    rows[-1][7] -= 1
    rows[-1][9] = float(25 * rows[-1][7])
    rows.append(extra)
    made.members += 1


def dutch_cooperative() -> Made:
    """Return a Dutch coöperatie of 15 members without shares, one of whom left last spring."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Ledenlijst"
    sheet.append(
        [
            "Lidnummer",
            "Voornaam",
            "Achternaam",
            "Adres",
            "Postcode",
            "Woonplaats",
            "E-mailadres",
            "Lid sinds",
            "Einde lidmaatschap",
        ]
    )
    people = _list(
        """
    Femke de Boer | Gijs van Dam | Sanne van der Meer | Daan Bakker | Lotte Visser | Thijs Smit | Roos Meijer | Kees
    de Groot | Fatima El Amrani | Jeroen van den Heuvel | Anja Mulder | Bas Hendriks | Mila Dekker | Henk Brouwer |
    Saskia IJsselstein | Ruben Vos
    """
    )
    for number, name in enumerate(people, 1):
        given, _, family = name.partition(" ")
        left = dt.date(2026, 3, 31) if number == 14 else None
        row = [
            number,
            given,
            family,
            f"Lange Gracht {number * 3}",
            f"38{10 + number} A{chr(64 + number)}",
            "Amersfoort",
        ]
        sheet.append([*row, f"{given.lower()}@example.org", dt.date(2022, 5, 2) + dt.timedelta(days=40 * number), left])
    return Made("ledenlijst.xlsx", _saved(book), 15, 1, 0, Decimal("0.00"))


def many(rows: int = 20_000, *, as_csv: bool = False) -> Made:
    """Return a register of so many members with one holding each, nothing doubtful: for measuring."""
    table: list[list[Any]] = [[*HEADER]]
    made = Made("register.csv" if as_csv else "register.xlsx", b"", rows, 0, 0, Decimal("0.00"))
    for number in range(1, rows + 1):
        street, postcode, town = _address(number)
        count = 1 + number % 20
        settled = Decimal(25 * count) if number % 11 else Decimal("12.50") * count
        made.shares += count
        made.paid += settled
        table.append(
            [
                number,
                _name(number),
                f"{street} / {number}",
                postcode,
                town,
                None,
                f"lid{number}@example.org",
                count,
                25,
                str(settled) if as_csv else float(settled),
                _date(number),
                None,
                communication(number),
            ]
        )
    if as_csv:
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows(table)
        made.content = text.getvalue().encode("cp1252")
        return made
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Leden")
    for row in table:
        sheet.append(row)
    made.content = _saved(book)
    return made


def history() -> Made:
    """Return a full history of four members: issues, a payment, a transfer told in one row, an exit."""
    rows = [
        [
            "Datum",
            "Lidnr",
            "Naam",
            "Adres",
            "Beweging",
            "Aantal aandelen",
            "Bedrag per aandeel",
            "Betaald",
            "Aan lid",
            "Uitbetaald",
        ],
        ["2019-03-01", 1, "Maes, Anna", "Kerkstraat 1, 9000 Gent", "inschrijving", 4, "25", "100", None, None],
        ["2019-03-01", 2, "Okafor, Daniel", "Kerkstraat 2, 9000 Gent", "inschrijving", 10, "25", "125", None, None],
        ["2020-01-15", 2, "Okafor, Daniel", None, "storting", None, "25", "125", None, None],
        ["2020-06-30", 3, "Nubo SC", "Rue Haute 3, 1000 Bruxelles", "inschrijving", 20, "25", "500", None, None],
        ["2021-05-04", 2, "Okafor, Daniel", None, "overdracht", 4, "25", "100", 1, None],
        ["2022-06-30", 1, "Maes, Anna", None, "uittreding", 8, "25", "200", None, "200"],
        ["2023-02-01", 4, "Peeters, Jana", "Kerkstraat 9, 9000 Gent", "souscription", 1, "25", "25", None, None],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter="\t").writerows(rows)
    return Made("bewegingen.csv", text.getvalue().encode("utf-16"), 3, 1, 27, Decimal("675.00"))


def eventful_history() -> Made:
    """Return a full history with conversions told in one row and in two, and a split of a whole class.

    Anna's four shares of 25 become B; two of Daniel's too; then each A becomes five of 5; Daniel gives ten of those to
    Jana, who comes in afterwards with one more; half of Daniel's were paid for.
    """
    rows = [
        ["Datum", "Lidnr", "Naam", "Beweging", "Soort", "Aantal", "Bedrag per aandeel", "Betaald", "Aan lid"],
        ["01-03-2019", 1, "Maes, Anna", "inschrijving", "A", 4, "25", "100", None],
        ["01-03-2019", 2, "Okafor, Daniel", "inschrijving", "A", 10, "25", "125", None],
        ["15-01-2020", 1, "Maes, Anna", "omzetting", "A → B", 4, None, None, None],
        ["15-01-2020", 2, "Okafor, Daniel", "omzetting uit", "A", 2, None, None, None],
        ["15-01-2020", 2, "Okafor, Daniel", "omzetting in", "B", 2, None, None, None],
        ["01-06-2021", None, "Alle vennoten", "splitsing 1:5", "A", None, None, None, None],
        ["04-05-2022", 3, "Peeters, Jana", "inschrijving", "A", 1, "5", "5", None],
        ["05-05-2022", 2, "Okafor, Daniel", "overdracht", "A", 10, None, None, 3],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return Made("verrichtingen.csv", text.getvalue().encode(), 3, 0, 47, Decimal("230.00"))


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
