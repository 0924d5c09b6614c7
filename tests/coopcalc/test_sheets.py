"""Reading what people write in spreadsheets: cells, names, addresses, columns, and a whole register to and fro."""

import csv
import datetime as dt
import io
import string
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopcalc.register import sheets, table
from coopcalc.register.sheets import Field, Mend, Merge, Setting, Shape, Sheet, Unreadable
from coopcalc.register.sheets.addresses import AddressParts, read_address, read_own_domicile
from coopcalc.register.sheets.cells import belgian_number, communication_text, read_communication, read_member_number
from coopcalc.register.sheets.columns import known_field
from coopcalc.register.sheets.names import looks_like_organisation, name_key, proper, split_person
from coopcalc.register.sheets.reading import clean

TODAY = dt.date(2026, 11, 25)
GOLDEN = Path(__file__).parent / "golden"
MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}

dates = st.dates(dt.date(1930, 1, 1), TODAY)
amounts = st.decimals(min_value=0, max_value=999_999, places=2)


def golden(name: str) -> Iterator[list[str]]:
    """Yield the rows of a file of examples that somebody looked through."""
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.reader(file, delimiter="|") if row and not row[0].startswith("#"))


class TestDates:
    """Dates, however they are written."""

    @given(on=dates, form=st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%Y-%m-%d", "%d%m%Y"]))
    def test_day_first(self, on: dt.date, form: str) -> None:
        """Day, month, year with any sign between them, or ISO."""
        assert sheets.read_date(on.strftime(form), today=TODAY) == on

    @given(on=dates, language=st.sampled_from(["nl", "fr", "en"]))
    def test_in_words(self, on: dt.date, language: str) -> None:
        """3 mei 2019, 1er août 2019, 3 May 2019, May 3, 2019, 3-mei-2019."""
        month = MONTHS[language].split()[on.month - 1]
        day = "1er" if language == "fr" and on.day == 1 else str(on.day)
        for text in (f"{day} {month} {on.year}", f"{day}-{month[:3]}-{on.year}", f"{month} {on.day}, {on.year}"):
            if month[:3] in ("jui", "juin"[:3]) and "-" in text:
                continue  # juin and juillet begin the same
            assert sheets.read_date(text, today=TODAY) == on, text

    @given(on=dates)
    def test_day_numbers(self, on: dt.date) -> None:
        """What a spreadsheet stores where nobody told it that this is a date, as number or text."""
        number = (on - dt.date(1899, 12, 30)).days
        assert sheets.read_date(number, today=TODAY) == on
        assert sheets.read_date(str(number), today=TODAY) == on

    @given(on=dates)
    def test_month_first(self, on: dt.date) -> None:
        """Where the month comes first and the day can be no month, only one reading is left, in either order."""
        text = on.strftime("%m/%d/%Y")
        assert sheets.read_date(text, today=TODAY, month_first=True) == on
        if on.day > 12:
            assert sheets.read_date(text, today=TODAY) == on

    @given(on=st.dates(dt.date(1928, 1, 1), dt.date(2027, 12, 31)))
    def test_two_digits_are_the_last_such_year(self, on: dt.date) -> None:
        """03.05.19 is in 2019, 03.05.98 in 1998."""
        assert sheets.read_date(on.strftime("%d.%m.%y"), today=TODAY) == on

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("31/02/2019", "date_impossible"),
            ("2019", "date_unreadable"),
            ("mei 2019", "date_unreadable"),
            ("binnenkort", "date_unreadable"),
            (12, "date_unreadable"),
            ("01/01/0019", "date_impossible"),
            ("32-13-2019", "date_impossible"),
            ("#N/B", "date_unreadable"),
        ],
    )
    def test_no_date(self, text: Any, code: str) -> None:
        """What can't be a date is said to be none, never guessed."""
        with pytest.raises(Unreadable) as problem:
            sheets.read_date(text, today=TODAY)
        assert problem.value.code == code

    @pytest.mark.parametrize("text", ["", "  ", "-", "—", "../../....", None])
    def test_nothing(self, text: Any) -> None:
        """A dash is nothing."""
        assert sheets.read_date(text, today=TODAY) is None


class TestAmounts:
    """Amounts and numbers of shares."""

    @given(amount=amounts, before=st.sampled_from(["", "€ ", "€", "EUR "]), behind=st.sampled_from(["", " €", " euro"]))
    def test_written_anyhow(self, amount: Decimal, before: str, behind: str) -> None:
        """1.250,00 and 1,250.00, 1 250,00 and 1250.00."""
        english = f"{amount:,.2f}"
        dutch = english.translate(str.maketrans(",.", ".,"))
        french = english.replace(",", "\u202f").replace(".", ",")
        for text in (english, dutch, french, f"{amount:.2f}", f"{amount:.2f}".replace(".", ",")):
            assert sheets.read_money(f"{before}{text}{behind}") == amount

    @given(whole=st.integers(0, 999_999))
    def test_whole_euros(self, whole: int) -> None:
        """25,- and € 1.250,- are whole amounts; a point before three digits groups thousands."""
        grouped = f"{whole:,}".replace(",", ".")
        for text in (f"{whole},-", f"€ {grouped},-", f"{whole}.--", grouped, str(whole)):
            assert sheets.read_money(text) == whole

    @given(number=st.integers(0, 10_000_000))
    def test_counts(self, number: int) -> None:
        """A whole number, with a word behind it or as a decimal without fraction."""
        for cell in (number, Decimal(number), str(number), f"{number} aandelen", f"{number},0", f"{number:,}"):
            assert sheets.read_count(cell) == number

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("2,5", "count_broken"),
            ("veel", "count_unreadable"),
            ("10000000000", "count_impossible"),
            (Decimal("0.5"), "count_broken"),
        ],
    )
    def test_no_count(self, text: Any, code: str) -> None:
        """Half a share is none."""
        with pytest.raises(Unreadable) as problem:
            sheets.read_count(text)
        assert problem.value.code == code

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("25,0055", "amount_fractions"),
            ("1.2.3", "amount_unreadable"),
            ("abc", "amount_unreadable"),
            ("0,005", "amount_fractions"),
            ("99999999999", "amount_impossible"),
        ],
    )
    def test_no_amount(self, text: str, code: str) -> None:
        """No cent is rounded away, no billion believed."""
        with pytest.raises(Unreadable) as problem:
            sheets.read_money(text)
        assert problem.value.code == code

    @given(base=st.integers(0, 9_999_999_999), wrong=st.integers(1, 96))
    def test_communications(self, base: int, wrong: int) -> None:
        """The check digits are 97 for nought; another check is a slip."""
        check = base % 97 or 97
        digits = f"{base:010d}{check:02d}"
        assert read_communication(communication_text(digits)) == digits
        assert read_communication(digits) == digits
        assert read_communication(int(digits)) == digits
        slip = f"{base:010d}{(check + wrong - 1) % 97 + 1:02d}"
        with pytest.raises(Unreadable):
            read_communication(communication_text(slip))

    @pytest.mark.parametrize(("text", "number"), [("C-0012", 12), ("lid 7", 7), ("0045", 45), (12, 12), ("n° 3", 3)])
    def test_member_numbers(self, text: Any, number: int) -> None:
        """Letters and noughts before a number say nothing."""
        assert read_member_number(text) == number

    @pytest.mark.parametrize("text", ["12a", "2019-004", "0", "-4", "twaalf", Decimal("1.5")])
    def test_no_member_number(self, text: Any) -> None:
        """What isn't a number from 1 is none."""
        with pytest.raises(Unreadable):
            read_member_number(text)

    @pytest.mark.parametrize("text", ["BE0123456749", "0123.456.749", "123456749"])
    def test_enterprise_numbers(self, text: str) -> None:
        """Written with or without country, points and leading nought."""
        assert belgian_number(text) == "BE0123456749"
        with pytest.raises(ValueError):
            belgian_number(text[:-1] + "8")


names = st.text(string.ascii_letters + "'- éëïçñ", min_size=1, max_size=30)


class TestNames:
    """Names as they are typed."""

    @pytest.mark.parametrize(("typed", "order", "family", "given_name"), list(golden("sheets-names.txt")))
    def test_golden(self, typed: str, order: str, family: str, given_name: str) -> None:
        """Capitals, commas, particles and titles, as looked through by people."""
        found = split_person(typed, is_family_first=order == "family", lower_particles=order == "dutch")
        assert (found.family, found.given) == (family, given_name)

    @given(name=names)
    def test_proper_keeps_the_letters(self, name: str) -> None:
        """Only capitals change, and once is enough."""
        once = proper(name)
        assert once.casefold().split() == name.casefold().split() or not name.split()
        assert proper(once) == once or len([c for c in once if c.isalpha()]) < 4

    @given(family=names, given_name=names)
    def test_the_same_person_has_the_same_key(self, family: str, given_name: str) -> None:
        """Whichever way round, however loud."""
        assert name_key(family, given_name) == name_key(f"{given_name.upper()} {family.lower()}")

    @pytest.mark.parametrize(
        "name",
        [
            "De Kringwinkel vzw",
            "Nubo SC",
            "A.S.B.L. Zéro",
            "Stroomcoop cvba-so",
            "Stichting Dorp",
            "OCMW Gent",
            "BV Bakker",
        ],
    )
    def test_organisations(self, name: str) -> None:
        """A legal form, or what it calls itself."""
        assert looks_like_organisation(name)

    @pytest.mark.parametrize("name", ["Jan Peeters", "Sa Maria", "Van Coop Jan", "Stassen An", "Marc De Bver"])
    def test_people(self, name: str) -> None:
        """Nobody is taken for a company by accident."""
        assert not looks_like_organisation(name.replace("Coop", "Koop"))


part = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Zs"]) | st.just(" "), max_size=20
)


class TestAddresses:
    """Addresses from one cell."""

    @pytest.mark.parametrize(
        ("typed", "street", "number", "box", "postcode", "town", "country"), list(golden("sheets-addresses.txt"))
    )
    def test_golden(
        self, typed: str, street: str, number: str, box: str, postcode: str, town: str, country: str
    ) -> None:
        """Dutch and French order, boxes, postcodes with letters, countries, lines."""
        assert read_address(typed.replace("\\n", "\n")) == AddressParts(street, number, box, postcode, town, country)

    @given(parts=st.builds(AddressParts, part, part, part, part, part, st.sampled_from(["BE", "NL", "FR", "ZZ"])))
    @settings(max_examples=500)
    def test_our_own_are_written_again_to_the_letter(self, parts: AddressParts) -> None:
        """Whatever stands in the register's column reads back to parts that write the same."""
        kept = {key: " ".join(value.split()) for key, value in asdict(parts).items()}
        if not any(value for key, value in kept.items() if key != "country"):
            return
        text = table.domicile_text(kept)
        assert table.domicile_text(asdict(read_own_domicile(text))) == text


@pytest.mark.parametrize(("header", "field"), list(golden("sheets-headers.txt")))
def test_headers(header: str, field: str) -> None:
    """Headers in three languages, abbreviated, with signs and remarks."""
    found = known_field(header)
    assert (found.value if found else "") == field


def read(text: str) -> Sheet:
    """Read rows of CSV with semicolons."""
    rows = csv.reader(io.StringIO(text), delimiter=";")
    return Sheet("", tuple(sheets.trimmed((line, [cell or None for cell in row]) for line, row in enumerate(rows, 1))))


def plan(sheet: Sheet, **changes: Any) -> sheets.Plan:
    """Plan a sheet as it is guessed."""
    found = sheets.guess(sheet)
    told = {"today": TODAY, "at": TODAY, "header": found.header, "columns": found.columns, "shape": found.shape}
    return sheets.plan_import(sheet, Setting(**{**told, "is_own": found.is_own, **changes}))


class TestPlan:
    """A whole sheet."""

    def test_two_rows_of_one_member(self) -> None:
        """The same number and name is the same member: two lots, the first date, and one member."""
        found = plan(
            read(
                "Lidnr;Naam;Aantal aandelen;Bedrag per aandeel;Datum toetreding\n"
                "7;MAES ANNA;2;25;01/02/2019\n"
                "7;Anna Maes;3;30;01/02/2017\n"
                "Totaal;;5;;\n"
            )
        )
        (anna,) = found.members
        assert (anna.admitted_on, [(m.quantity, m.amount_per_share) for m in anna.moves]) == (
            dt.date(2017, 2, 1),
            [(2, 25), (3, 30)],
        )
        assert (found.sums.file_shares, found.sums.is_agreed, found.doubts) == (5, True, ())

    def test_merged_cells_speak_for_the_rows_below(self) -> None:
        """A name over two rows belongs to both; a figure over two rows counts once."""
        sheet = Sheet(
            "",
            tuple(
                sheets.trimmed(
                    [
                        (1, ["Nr", "Naam", "Aandelen", "Bedrag per aandeel"]),
                        (2, [1, "Maes, Anna", 4, 25]),
                        (3, [None, None, 2, 50]),
                        (4, [2, "Okafor, Daniel", 6, 25]),
                        (5, [None, None, None, 30]),
                    ]
                )
            ),
            (Merge(2, 3, 0, 0), Merge(2, 3, 1, 1), Merge(4, 5, 0, 0), Merge(4, 5, 1, 1), Merge(4, 5, 2, 2)),
        )
        found = plan(sheet)
        assert [(m.number, sum(move.quantity for move in m.moves)) for m in found.members] == [(1, 6), (2, 6)]

    def test_leavers_hold_nothing(self) -> None:
        """Who left is a member of before; what the list still notes for them is told, and explains the total row."""
        found = plan(
            read(
                "Naam;Aandelen;Bedrag per aandeel;Gestort;Toetreding;Uittreding\n"
                "Maes, Anna;4;25;100;01/02/2019;\n"
                "Okafor, Daniel;2;25;50;01/02/2019;30/06/2022\n"
                "TOTAAL;6;;150;;\n"
            )
        )
        assert (found.sums.members, found.sums.left, found.sums.all_shares) == (1, 1, 4)
        assert (found.sums.left_shares, found.sums.is_agreed, found.sums.leavers_explain) == (2, False, True)

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            ("1;;2;25;50;01/02/2019;", ""),
            ("1;Maes, Anna;2;25;60;01/02/2019;", "paid_too_much"),
            ("1;Maes, Anna;-2;25;50;01/02/2019;", "count_impossible"),
            ("1;Maes, Anna;2;0;50;01/02/2019;", "amount_impossible"),
            ("1;Maes, Anna;2;25;50;01/02/2031;", "admitted_after"),
            ("1;Maes, Anna;2;25;50;;", "admission_missing"),
            ("1;Maes, Anna;2;25;50;01/02/2019;01/02/2018", "end_before_start"),
            ("1;Maes, Anna;2;25;50;01/02/2019;01/02/2027", "ended_after"),
            ("x1x;Maes, Anna;2;25;50;01/02/2019;", "number_unreadable"),
            ("1;Jan & An Maes;2;25;50;01/02/2019;", "two_names"),
            (f"1;{'x' * 501};2;25;50;01/02/2019;", "too_long"),
            ("1;Maes, Anna;2;25;vijftig;01/02/2019;", "amount_unreadable"),
            ("1;Maes, Anna;1000000000000;25;50;01/02/2019;", "count_impossible"),
        ],
    )
    def test_doubts(self, row: str, code: str) -> None:
        """Each slip is a doubt of its own, on its line."""
        found = plan(read(f"Lidnr;Naam;Aandelen;Bedrag per aandeel;Gestort;Toetreding;Uittreding\n{row}\n"))
        codes = [(doubt.line, doubt.code) for doubt in found.doubts]
        assert codes == [(2, code or "name_missing")]

    def test_a_turned_date_is_suggested(self) -> None:
        """A date after the cut-over that lies before it turned round: the page offers that."""
        found = plan(read("Naam;Aandelen;Prijs;Toetreding\nMaes, Anna;1;25;03/12/2026\n"), at=dt.date(2026, 10, 31))
        assert found.doubts[0].suggestion == "12-03-2026"

    def test_mends(self) -> None:
        """Another value, an answer and a row left out: each silences its doubt."""
        sheet = read(
            "Nr;Naam;Adres;Aandelen;Prijs\n1;Maes, Anna;Kerkstraat 1;2,5;25\n2;Anna MAES;Kerkstraat 1;1;25\n3;;;4;25\n"
        )
        codes = [doubt.code for doubt in plan(sheet).doubts]
        assert codes == ["count_broken", "same_person", "name_missing"]
        found = plan(
            sheet,
            mends={
                2: Mend(values={"shares": "2"}),
                3: Mend(answers={"same_person": "same"}),
                4: Mend(skip="nobody knows"),
            },
        )
        assert (found.is_bookable, len(found.members), found.sums.all_shares) == (True, 1, 3)
        assert found.skipped == {4: "nobody knows"}

    def test_a_total_row_isnt_a_member_called_total(self) -> None:
        """An oil company may be a member."""
        found = plan(read("Nr;Naam;Aandelen;Prijs\n1;Total Belgium NV;4;25\n2;Maes, Anna;1;25\n;Totaal;5;\n"))
        assert [member.name for member in found.members] == ["Total Belgium NV", "Maes, Anna"]

    def test_without_amount_nothing_is_booked(self) -> None:
        """No column says what a share is worth: the sheet as a whole waits for that."""
        assert plan(read("Nr;Naam;Aandelen\n1;Maes, Anna;4\n")).problems == ("no_amount",)
        assert plan(read("Nr;Naam;Aandelen\n1;Maes, Anna;4\n"), amount=Decimal(25)).is_bookable

    def test_what_most_paid_for_a_share(self) -> None:
        """Where no column says what a share is worth, what nearly all paid for one is offered, never a mere guess."""
        rows = "".join(f"{line};Maes {line};{line};{line * 125},00\n" for line in range(1, 10))
        head = "Nr;Naam;Aantal aandelen;Gestort\n"
        for text, amount in [
            (head + rows + "10;Claes Bo;2,5;312,50\n11;Vos Iris;2;\n", Decimal(125)),
            (head + rows + "10;Claes Bo;2;100\n11;Vos Iris;2;100\n12;Bos Ad;4;100\n", None),
            (head + "1;Maes An;2;\n", None),
            (rows.join(["Nr;Naam;Aantal aandelen;Totaal\n", ""]), None),
        ]:
            sheet = read(text)
            found = sheets.guess(sheet)
            assert sheets.usual_amount(sheet, found.header, found.columns) == amount, text

    def test_an_empty_date_of_a_spreadsheet_is_none(self) -> None:
        """1 January 1900 is what Excel makes of nothing: the admission is asked, and nobody has left on that day."""
        found = plan(
            read(
                "Nr;Naam;Lid sinds;Datum uittreding\n"
                "1;Maes Anna;01/01/1900;\n"
                "2;Claes Bo;30/12/1899;\n"
                "3;Vos Iris;02/01/1900;\n"
                "4;Bos Ad;03/05/2019;1/1/1900\n"
            )
        )
        assert [(doubt.line, doubt.code) for doubt in found.doubts] == [
            (2, "admission_missing"),
            (3, "admission_missing"),
        ]
        assert found.sums.left == 0

    def test_doubtful_shares_are_no_member_without_shares(self) -> None:
        """Whoever is asked about isn't also told to hold nothing."""
        found = plan(
            read("Nr;Naam;Aandelen;Gestort\n1;Maes Anna;2,5;50\n2;Claes Bo;0;0\n3;Vos An;2;50\n"), amount=Decimal(25)
        )
        assert [doubt.code for doubt in found.doubts] == ["count_broken"]
        assert found.notes["without_shares"] == 1

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            (["01/02/2019;1;Maes;uittreding;4"], "not_enough"),
            (["01/02/2019;1;Maes;inschrijving;4", "01/02/2020;1;Maes;gegoocheld;4"], "movement_unknown"),
            (["01/02/2019;1;Maes;inschrijving;4", "01/02/2020;1;Maes;overdracht;4"], "transfer_half"),
            (["01/02/2029;1;Maes;inschrijving;4"], "date_in_future"),
            ([";1;Maes;inschrijving;4"], "date_missing"),
            (["01/02/2019;1;Maes;inschrijving;"], "shares_missing"),
        ],
    )
    def test_doubts_of_a_history(self, rows: list[str], code: str) -> None:
        """What can't have happened is doubtful."""
        found = plan(read("\n".join(["Datum;Nr;Naam;Beweging;Aandelen", *rows])), amount=Decimal(25))
        assert code in [doubt.code for doubt in found.doubts]


cells = (
    st.none()
    | st.integers(-(10**12), 10**12)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)
    | st.dates()
    | st.text(max_size=30)
    | st.sampled_from(
        ["Totaal", "ja", "1.250,00", "31/02/2019", "Jan & An", "x@y", "+++123/4567/89002+++", "A", "€ 25"]
    )
)


@given(
    heads=st.lists(
        st.sampled_from([*(field.value.replace("_", " ") for field in Field), "Naam", "?"]), min_size=1, max_size=12
    ),
    rows=st.lists(st.lists(cells, max_size=12), max_size=8),
    shape=st.sampled_from(list(Shape)),
)
@settings(max_examples=300, deadline=None)
def test_nothing_in_a_sheet_breaks_the_plan(heads: list[str], rows: list[list[Any]], shape: Shape) -> None:
    """Whatever stands in it: a plan with its doubts, whose members fit together where nothing is doubtful."""
    sheet = Sheet("x", tuple(sheets.trimmed(enumerate([list(heads), *rows], 1))))
    assert sheets.from_json(sheets.to_json([sheet])) == (sheet,)
    found = plan(sheet, shape=shape, amount=Decimal(25))
    if found.is_bookable:
        assert len({member.number for member in found.members}) == len(found.members)
        for member in found.members:
            held: dict[Any, tuple[int, Decimal]] = {}
            for move in member.moves:
                key = (move.share_class, move.amount_per_share)
                shares, paid = held.get(key, (0, Decimal(0)))
                held[key] = shares + move.quantity, paid + move.paid
                assert 0 <= held[key][1] <= held[key][0] * move.amount_per_share
                assert member.admitted_on <= move.on <= (member.ended_on or TODAY)


texts = st.text(max_size=40).map(clean)
lots = st.tuples(st.sampled_from(["A", "B", "x-1"]), st.integers(1, 999), st.sampled_from(["25", "12.5", "0.3333"]))


@st.composite
def registers(draw: st.DrawFn) -> list[table.Row]:
    """Make a register as our own table writes it."""
    rows: list[table.Row] = []
    for number in sorted(draw(st.sets(st.integers(1, 10**6), max_size=6))):
        kind = draw(st.sampled_from(["person", "organisation"]))
        family, given_name = draw(texts.filter(bool)), draw(texts) if kind == "person" else ""
        address = {key: draw(texts)[:20].strip() for key in ("street", "number", "box", "postcode", "town")}
        domicile = table.domicile_text({**address, "country": "BE"}) if any(address.values()) else ""
        ended = draw(st.booleans())
        held = [] if ended else sorted(draw(st.sets(lots, max_size=3)))
        name = f"{family}, {given_name}" if given_name else family
        first = (str(number), kind, name, domicile, "")
        last = ("2019-05-03", "2022-06-30" if ended else "")
        seen = {}
        for code, shares, amount in held:
            seen[code, amount] = shares
        for (code, amount), shares in sorted(seen.items(), key=lambda item: (item[0][0], Decimal(item[0][1]))):
            price = table.short_price(Decimal(amount).quantize(Decimal("0.0001")))
            rows.append(
                (*first, code, str(shares), price, f"{int(Decimal(amount) * shares * 100) / Decimal(100):.2f}", *last)
            )
        if not seen:
            rows.append((*first, "", "0", "", "0.00", *last))
    return rows


@given(rows=registers())
@settings(max_examples=300, deadline=None)
def test_our_own_table_reads_back_to_the_letter(rows: list[table.Row]) -> None:
    """Names with emoji, commas, formulas and any script: what was exported is what would be booked."""
    if not rows:
        return
    out = io.StringIO()
    table.write_csv(out, rows)
    lines = csv.reader(io.StringIO(out.getvalue(), newline=""))
    sheet = Sheet("", tuple(sheets.trimmed((n, [cell or None for cell in row]) for n, row in enumerate(lines, 1))))
    found = plan(sheet)
    assert found.doubts == ()
    again: list[table.Row] = []
    for member in found.members:
        address = asdict(member.address)
        domicile = "" if member.address.is_empty else table.domicile_text(address)
        first = (str(member.number), member.kind, member.name, domicile, member.enterprise_no)
        last = (member.admitted_on.isoformat(), member.ended_on.isoformat() if member.ended_on else "")
        for move in member.moves:
            again.append(
                (
                    *first,
                    move.share_class,
                    str(move.quantity),
                    table.short_price(move.amount_per_share),
                    f"{move.paid:.2f}",
                    *last,
                )
            )
        if not member.moves:
            again.append((*first, "", "0", "", "0.00", *last))
    assert again == rows
