"""What changes hands in a history: conversions, splits and transfers, in each way that people write them."""

from decimal import Decimal

import pytest

from coopcalc.register import sheets
from tests.coopcalc.test_sheets import plan, read

HISTORY = "Datum;Nr;Naam;Beweging;Klasse;Aandelen;Bedrag per aandeel;Gestort;Aan lid"
MAES, OKAFOR = "01/02/2019;1;Maes;inschrijving;A;4;25;50;", "01/02/2019;2;Okafor;inschrijving;A;6;25;150;"


def history(*rows: str) -> sheets.Plan:
    """Plan a history in which Maes took four half paid shares, and Okafor six."""
    return plan(read("\n".join([HISTORY, MAES, OKAFOR, *rows])))


def moved(found: sheets.Plan, number: int) -> list[tuple[str, str, int, Decimal, Decimal]]:
    """Return what happened to a member after the first issue."""
    (member,) = [one for one in found.members if one.number == number]
    return [(m.kind.value, m.share_class, m.quantity, m.amount_per_share, m.paid) for m in member.moves[1:]]


class TestChanges:
    """Conversions, splits and transfers in a history, in each way that they are written."""

    @pytest.mark.parametrize(
        "rows",
        [
            ["01/02/2020;1;Maes;omzetting;A → B;2;;;"],
            ["01/02/2020;1;Maes;conversion;A naar klasse B;2;25;25;"],
            ["01/02/2020;1;Maes;omzetting naar klasse B;A;2;;;"],
            ["01/02/2020;1;Maes;omzetting van A in B;;2;;;"],
            ["01/02/2020;1;Maes;conversion sortante;A;2;;;", "01/02/2020;1;Maes;conversion entrante;B;2;;;"],
            ["01/02/2020;1;Maes;conversion_out;A;-2;25;-25;", "01/02/2020;1;Maes;conversion_in;B;2;25;25;"],
            ["01/02/2020;1;Maes;omzetting;B;2;;;", "01/02/2020;1;Maes;omzetting;A;-2;;;"],
        ],
    )
    def test_a_conversion(self, rows: list[str]) -> None:
        """One row with both classes, or a row for each side: as many shares, the same amount, what is paid on them."""
        found = history(*rows)
        assert found.doubts == ()
        assert sorted(moved(found, 1)) == [("conversion_in", "B", 2, 25, 25), ("conversion_out", "A", -2, 25, -25)]

    @pytest.mark.parametrize(
        ("rows", "codes"),
        [
            (["01/02/2020;1;Maes;omzetting;A;2;;;"], ["conversion_half"]),
            (["01/02/2020;1;Maes;omzetting in;B;2;;;"], ["conversion_half"]),
            (
                ["01/02/2020;1;Maes;omzetting uit;A;2;;;", "01/02/2020;1;Maes;omzetting in;B;3;;;"],
                ["conversion_half", "conversion_half"],
            ),
            (
                ["01/02/2020;1;Maes;omzetting uit;A;2;;;", "01/02/2020;2;Okafor;omzetting in;B;2;;;"],
                ["conversion_half", "conversion_half"],
            ),
            (
                ["01/02/2020;1;Maes;omzetting uit;A;2;25;;", "01/02/2020;1;Maes;omzetting in;B;2;50;;"],
                ["conversion_amount"],
            ),
            (
                ["01/02/2020;1;Maes;omzetting uit;A;2;;25;", "01/02/2020;1;Maes;omzetting in;B;2;;50;"],
                ["conversion_paid"],
            ),
            (["01/02/2020;1;Maes;omzetting;A → B;5;;;"], ["not_enough"]),
            (["01/02/2020;1;Maes;omzetting;A → A;2;;;"], ["conversion_half"]),
        ],
    )
    def test_half_a_conversion(self, rows: list[str], codes: list[str]) -> None:
        """One side without the other, or two that differ, are doubtful."""
        assert [doubt.code for doubt in history(*rows).doubts] == codes

    @pytest.mark.parametrize(
        "rows",
        [
            ["01/02/2020;;;splitsing 1:5;A;;;;"],
            ["01/02/2020;;Tous les membres;division par 5;A;;;;"],
            [
                "01/02/2020;1;Maes;split;A;-4;25;-50;",
                "01/02/2020;1;Maes;split;A;20;5;50;",
                "01/02/2020;2;Okafor;split;A;-6;25;;",
                "01/02/2020;2;Okafor;split;A;30;5;;",
            ],
            ["01/02/2020;1;Maes;splitsing x5;A;;;;", "01/02/2020;2;Okafor;splitsing x5;A;30;;;"],
            ["01/02/2020;1;Maes;splitsing;A;16;5;;", "01/02/2020;2;Okafor;splitsing;A;30;5;;"],
        ],
    )
    def test_a_split(self, rows: list[str]) -> None:
        """One row for the class with its factor, or rows for each member: old shares out, new ones in."""
        found = history(*rows, "01/02/2021;1;Maes;uittreding;A;20;;;")
        assert found.doubts == ()
        assert sorted(moved(found, 1)) == [
            ("exit", "A", -20, 5, -50),
            ("split", "A", -4, 25, -50),
            ("split", "A", 20, 5, 50),
        ]
        assert found.sums.shares == {"A": 30}
        assert found.sums.paid == {"A": Decimal(150)}
        assert found.prices == {"A": Decimal(25)}

    def test_a_split_has_its_own_column(self) -> None:
        """A column tells how many shares one share became."""
        text = f"{HISTORY};Factor\n{MAES};\n{OKAFOR};\n01/02/2020;;;split;A;;;;;10\n"
        found = plan(read(text))
        assert (found.doubts, found.sums.shares) == ((), {"A": 100})

    @pytest.mark.parametrize(
        ("rows", "codes"),
        [
            (["01/02/2020;;;splitsing;A;;;;"], ["split_unclear"]),
            (["01/02/2020;;;splitsing 1:1;A;;;;"], ["split_factor"]),
            (["01/02/2020;;;splitsing 1:7;A;;;;"], ["split_amount"]),
            (["01/02/2020;;;splitsing 1:5;B;;;;"], ["split_nothing"]),
            (
                ["01/02/2020;1;Maes;splitsing;A;16;;;", "01/02/2020;2;Okafor;splitsing x5;A;;;;"],
                ["split_unclear", "split_partly"],
            ),
            (["01/02/2020;1;Maes;splitsing x5;A;7;;;"], ["split_not_all"]),
            (["01/02/2020;1;Maes;splitsing x5;A;;;;"], ["split_partly"]),
            (["01/02/2020;;;splitsing 1:5;A;;;;", "01/03/2020;1;Maes;bijkoop;A;1;;;"], ["amount_missing"]),
        ],
    )
    def test_a_doubtful_split(self, rows: list[str], codes: list[str]) -> None:
        """Without factor, with one that doesn't divide, or for some of the members: doubtful."""
        assert [doubt.code for doubt in history(*rows).doubts] == codes

    def test_a_split_asks_for_amounts(self) -> None:
        """Where no column says what a share was worth, nobody knows whether that is before or after."""
        rows = "Datum;Nr;Naam;Beweging;Aandelen\n01/02/2019;1;Maes;inschrijving;4\n01/02/2020;;;splitsing 1:5;\n"
        assert [doubt.code for doubt in plan(read(rows), amount=Decimal(25)).doubts] == ["split_without_amounts"]

    @pytest.mark.parametrize(
        "rows",
        [
            ["01/02/2020;2;Okafor;overdracht;A;3;;;1"],
            ["01/02/2020;2;Okafor;cession sortante;A;3;;;", "01/02/2020;1;Maes;reprise;A;3;;;"],
            ["01/02/2020;2;Okafor;overdracht;A;-3;;;", "01/02/2020;1;Maes;overdracht;A;3;;;"],
            ["01/02/2020;1;Maes;overname;A;3;;;2"],
            ["01/02/2020;2;Okafor;transfer out;A;3;;;1", "01/02/2020;1;Maes;transfer in;A;3;;;2"],
        ],
    )
    def test_a_transfer(self, rows: list[str]) -> None:
        """Both sides, or one with the number of the other."""
        found = history(*rows)
        assert found.doubts == ()
        assert moved(found, 1) == [("transfer_in", "A", 3, 25, 75)]
        assert moved(found, 2) == [("transfer_out", "A", -3, 25, -75)]

    @pytest.mark.parametrize(
        ("rows", "codes"),
        [
            (["01/02/2020;2;Okafor;overdracht;A;3;;;"], ["transfer_half"]),
            (["01/02/2020;1;Maes;overname;A;3;;;"], ["transfer_half"]),
            (
                ["01/02/2020;2;Okafor;cession sortante;A;3;;;", "01/02/2020;1;Maes;reprise;A;2;;;"],
                ["transfer_unlike", "transfer_unlike"],
            ),
            (
                ["01/02/2020;2;Okafor;cession sortante;A;3;;;1", "02/02/2020;1;Maes;reprise;A;3;;;"],
                ["transfer_unlike", "transfer_unlike"],
            ),
            (["01/01/2020;1;Maes;storting;A;;;0,01;", "01/02/2020;1;Maes;overdracht;A;3;;;2"], ["which_paid"]),
        ],
    )
    def test_half_a_transfer(self, rows: list[str], codes: list[str]) -> None:
        """A side that is missing, or tells another day, class or number, is said."""
        assert [doubt.code for doubt in history(*rows).doubts] == codes
