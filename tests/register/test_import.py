"""Bringing a register along: a spreadsheet as it is kept, mended where it is doubtful, booked whole or not at all."""

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from coopcalc.register import sheets, table
from coopcalc.register.sheets import Mend, Plan
from coopwerf.kernel import chain
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.rows import take_stock
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import actions as people
from coopwerf.people import queries as accounts
from coopwerf.register import actions, queries
from coopwerf.register.models import Member
from coopwerf.register.spreadsheets import importing, read_sheets
from tests.cast import NOW, TODAY, Cast, Person

from .spreadsheets import CUT_OVER, Made, belgian_cv, dutch_cooperative, eventful_history, history
from .test_register import admit, proof, with_class

__all__ = ["with_class"]
pytestmark = pytest.mark.django_db


def planned(coop: Cast, made: Made, *, mended: bool = False) -> tuple[sheets.Setting, Plan]:
    """Read a spreadsheet as the page and the command do, with or without its mends."""
    found = read_sheets(io.BytesIO(made.content))
    with tenant(coop.id):
        choices = importing.choices(found, made.name, today=TODAY, at=made.at)
        sheet, setting = queries.import_setting(coop.id, found, choices, today=TODAY)
    if mended:
        setting = replace(setting, mends={line: mend_of(made, line) for line in made.mends})
    return setting, sheets.plan_import(sheet, setting)


def mend_of(made: Made, line: int) -> Mend:
    """Return what a secretary says about a doubtful row."""
    told = made.mends[line]
    answers = {made.doubtful[line]: told["answer"]} if "answer" in told else {}
    return Mend(values=told.get("values", {}), answers=answers)


def book(coop: Cast, made: Made, *, actor: Person | None = None) -> actions.Imported:
    """Book a spreadsheet with its mends."""
    setting, plan = planned(coop, made, mended=True)
    assert plan.is_bookable, (plan.problems, plan.doubts)
    return actions.import_register(
        actor=(actor or coop.secretary).actor,
        now=NOW,
        coop_id=coop.id,
        at=setting.at,
        members=plan.members,
        prices=plan.prices,
        first_dates=plan.first_dates,
        reference=made.name,
    )


def as_csv(coop: Cast, at: dt.date) -> str:
    """Return the register as our own table."""
    out = io.StringIO()
    with tenant(coop.id):
        table.write_csv(out, queries.table_rows(coop.id, at))
    return out.getvalue()


def test_a_cooperative_brings_641_members(wolkenwerf: Cast) -> None:
    """Four rows are doubtful; mended, 641 members hold 5,473 shares, and everything can be checked."""
    made = belgian_cv()
    _setting, plan = planned(wolkenwerf, made)
    assert {doubt.line: doubt.code for doubt in plan.doubts} == made.doubtful
    booked = book(wolkenwerf, made)
    assert (booked.members, booked.left, booked.shares, booked.paid) == (641, 24, {"A": 5473}, made.paid)
    with tenant(wolkenwerf.id):
        totals = queries.totals(wolkenwerf.id, CUT_OVER)
        assert (totals.members, totals.left, totals.shares, totals.paid) == (641, 24, {"A": 5473}, made.paid)
        assert queries.all_terms(wolkenwerf.id, TODAY)[0].nominal == Decimal("25")
        jan = queries.lines_page(wolkenwerf.id, CUT_OVER, text="4")[0]
    assert (jan.name, jan.domicile) == ("Van de Velde, Omar", "Dok-Noord 5, 9100 Sint-Niklaas, BE")
    assert proof(wolkenwerf).ok


def test_the_database_knows_at_once_how_much_came(wolkenwerf: Cast) -> None:
    """It had seen an empty register; planned as if that still were, its first page would take minutes."""
    take_stock()
    book(wolkenwerf, belgian_cv())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples FROM pg_class WHERE relname IN ('register_member', 'people_partyname')"
        )
        assert all(seen >= 641 for _table, seen in cursor.fetchall())


@pytest.mark.parametrize(("language", "words"), [("nl", "begint op"), ("fr", "commence le"), ("en", "begins on")])
def test_before_the_day_of_the_spreadsheet_the_register_says_what_it_does_not_know(
    wolkenwerf: Cast, language: str, words: str
) -> None:
    """A sum of shares of a day before the cut-over would be untrue: the page, the paper and the totals say so."""
    book(wolkenwerf, belgian_cv())
    browser = wolkenwerf.secretary.browser()
    people.change_language(
        actor=wolkenwerf.secretary.actor, now=NOW, party_id=wolkenwerf.secretary.party_id, language=language
    )
    day_before = CUT_OVER - dt.timedelta(days=1)
    for where in ("register/", "register/members/1/"):
        assert words in browser.get(wolkenwerf.url(where), {"on": day_before.isoformat()}).content.decode()
        assert words not in browser.get(wolkenwerf.url(where), {"on": CUT_OVER.isoformat()}).content.decode()
    with tenant(wolkenwerf.id):
        assert queries.register_paper(wolkenwerf.id, day_before).begins == CUT_OVER
        assert queries.register_paper(wolkenwerf.id, CUT_OVER).begins is None
        booked_at = int(chain.head_of(wolkenwerf.id).split(":")[0])
        assert queries.begins_after(wolkenwerf.id, day_before, known=0) is None
        assert queries.begins_after(wolkenwerf.id, day_before, known=booked_at) == CUT_OVER


def test_our_own_table_comes_back_to_the_letter(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Export, import elsewhere, export again: the same file, leavers, numbers and lots included."""
    book(wolkenwerf, belgian_cv())
    before = as_csv(wolkenwerf, TODAY)
    copy = Made("register-wolkenwerf-2026-11-23.csv", before.encode(), 0, 0, 0, Decimal(0), at=TODAY)
    book(nederwerf, copy)
    assert as_csv(nederwerf, TODAY) == before
    assert before.count("\n") > 660
    assert proof(nederwerf).ok


def test_an_erased_member_keeps_the_number(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Who left and was erased comes along without a name: the number stays taken, and everything checks."""
    lines = [
        ",".join(table.COLUMNS),
        "1,person,,,,,0,,0.00,2019-05-03,2021-06-30",
        '2,person,"\'=cmd()|x, Anna","Kerkstraat 1, 9000 Gent, BE",,A,4,25.00,100.00,2019-05-03,',
        '2,person,"\'=cmd()|x, Anna","Kerkstraat 1, 9000 Gent, BE",,A,1,30.00,10.00,2019-05-03,',
        "3,organisation,Nubo SC 😀,,BE0123456749,,0,,0.00,2020-01-01,",
    ]
    text = "".join(f"{line}\n" for line in lines)
    book(wolkenwerf, Made("register.csv", text.encode(), 0, 0, 0, Decimal(0), at=TODAY))
    assert as_csv(wolkenwerf, TODAY) == text
    assert proof(wolkenwerf).ok
    with tenant(wolkenwerf.id):
        content = queries.register_sheet(wolkenwerf.id, TODAY, made_at=NOW)
    book(nederwerf, Made("register.xlsx", content, 0, 0, 0, Decimal(0), at=TODAY))
    assert as_csv(nederwerf, TODAY) == text


def test_members_without_shares(nederwerf: Cast) -> None:
    """A Dutch coöperatie of fifteen brings its list: no classes, no shares, one who left."""
    booked = book(nederwerf, dutch_cooperative())
    assert (booked.members, booked.left, booked.shares, booked.known) == (15, 1, {}, 2)
    with tenant(nederwerf.id):
        names = [line.name for line in queries.lines(nederwerf.id, TODAY)]
    assert names[:3] == ["de Boer, Femke", "van Dam, Gijs", "van der Meer, Sanne"]
    assert proof(nederwerf).ok


def test_who_governs_is_the_same_person_as_the_member(nederwerf: Cast) -> None:
    """Femke chairs, and stands in the list with the same name and address for mail: it is her own membership."""
    made = dutch_cooperative()
    made.content = made.content
    book(nederwerf, made)
    with tenant(nederwerf.id):
        found = queries.memberships(nederwerf.id, frozenset({nederwerf.chair.party_id}), TODAY)
    assert [member.number for member in found] == [1]


def test_one_sign_in_reaches_what_both_registers_say(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Femke chairs one co-operative, and stands with her address in the file of another: she finds her shares there."""
    chair = nederwerf.chair
    rows = "Naam;E-mail;Aandelen;Bedrag per aandeel\nVan Dam, Gijs;gijs@example.net;1;25\n"
    rows += f"Elders, Femke;{chair.email};4;25\n"
    booked = book(wolkenwerf, Made("leden.csv", rows.encode(), 2, 0, 5, Decimal(125), at=TODAY))
    assert (booked.members, booked.known) == (2, 0)
    signed_in = accounts.actor_by_email(chair.email, on=TODAY)
    assert signed_in.party_id == chair.party_id
    assert len(signed_in.also) == 1
    with tenant(wolkenwerf.id):
        (own,) = queries.memberships(wolkenwerf.id, signed_in.parties, TODAY)
        assert queries.member_by_number(wolkenwerf.id, own.number).party_id in signed_in.also
    assert own.number == 2
    stranger = accounts.actor_by_email(nederwerf.secretary.email, on=TODAY)
    assert stranger.also == frozenset()


def test_a_full_history(wolkenwerf: Cast) -> None:
    """A row per movement: issues, a payment, a transfer, and an exit that ended a membership."""
    booked = book(wolkenwerf, history())
    assert (booked.members, booked.left, booked.shares) == (3, 1, {"A": 27})
    with tenant(wolkenwerf.id):
        anna = queries.member_by_number(wolkenwerf.id, 1)
        assert anna is not None
        kinds = [move.kind for move in queries.movements_of(wolkenwerf.id, anna.id)]
        then = queries.totals(wolkenwerf.id, dt.date(2021, 12, 31))
        assert queries.begins_after(wolkenwerf.id, dt.date(2021, 12, 31)) is None, "a history knows every day"
        line = queries.holdings_of(wolkenwerf.id, anna.id, TODAY)
    assert kinds == ["issue", "transfer_in", "exit"]
    assert (then.members, then.shares, then.paid) == (3, {"A": 34}, Decimal("850.00"))
    assert line is not None
    assert line.ended_on == dt.date(2022, 6, 30)
    assert proof(wolkenwerf).ok


def test_a_history_with_conversions_and_a_split(wolkenwerf: Cast) -> None:
    """Shares become another class, and five of a fifth each: booked as if recorded here, and it verifies."""
    made = eventful_history()
    booked = book(wolkenwerf, made)
    assert (booked.shares, booked.paid) == ({"A": 41, "B": 6}, made.paid)
    with tenant(wolkenwerf.id):
        daniel = queries.member_by_number(wolkenwerf.id, 2)
        assert daniel is not None
        moves = [(m.kind, m.quantity, m.paid) for m in queries.movements_of(wolkenwerf.id, daniel.id)]
        before, after = (queries.totals(wolkenwerf.id, day) for day in (dt.date(2021, 5, 31), dt.date(2021, 6, 1)))
        nominals = [queries.terms(wolkenwerf.id, "A", day).nominal for day in (dt.date(2021, 5, 31), TODAY)]
    assert sorted(moves) == sorted(
        [
            ("issue", 10, Decimal("125.00")),
            ("conversion_out", -2, Decimal("-25.00")),
            ("conversion_in", 2, Decimal("25.00")),
            ("split", -8, Decimal("-100.00")),
            ("split", 40, Decimal("100.00")),
            ("transfer_out", -10, Decimal("-25.00")),
        ]
    )
    assert (before.shares, after.shares) == ({"A": 8, "B": 6}, {"A": 40, "B": 6})
    assert before.paid == after.paid == Decimal("225.00")
    assert nominals == [Decimal("25.0000"), Decimal("5.0000")]
    assert proof(wolkenwerf).ok


def test_a_register_with_members_takes_no_spreadsheet(with_class: Cast) -> None:
    """What stands is never mixed with what comes along: the second import is refused, and changes nothing."""
    admit(with_class, "Peeters", "Jana", 4)
    with pytest.raises(Refused) as refused:
        book(with_class, dutch_cooperative())
    assert refused.value.code == "register.import_not_empty"
    with tenant(with_class.id):
        assert Member.objects.count() == 1


def test_one_act_one_entry(wolkenwerf: Cast) -> None:
    """The import leaves one entry with counts, beside that of the people it registered."""
    book(wolkenwerf, dutch_cooperative())
    with tenant(wolkenwerf.id):
        (entry,) = AuditEntry.objects.filter(verb="register.imported")
        registered = AuditEntry.objects.get(verb="people.registered_many")
    assert entry.facts["members"] == 15
    assert registered.facts == {"parties": 16}


def test_only_who_may_import(wolkenwerf: Cast, nederwerf: Cast, stranger: Person) -> None:
    """Neither a director, nor an auditor, nor the secretary of another co-operative, nor a stranger may."""
    for person in (wolkenwerf.director, wolkenwerf.auditor, nederwerf.secretary, stranger):
        with pytest.raises(Refused) as refused:
            book(wolkenwerf, dutch_cooperative(), actor=person)
        assert refused.value.code in ("coops.lacks_power", "kernel.not_signed_in")


def test_what_does_not_fit_together_is_refused(wolkenwerf: Cast) -> None:
    """Whoever calls the action with holdings that can't be gets a refusal, and nothing is written."""
    setting, plan = planned(wolkenwerf, history())
    anna = plan.members[0]
    for wrong in (
        replace(anna, moves=anna.moves[1:]),
        replace(anna, ended_on=dt.date(2018, 1, 1)),
        replace(anna, moves=anna.moves[:1]),
        replace(anna, number=2),
    ):
        with pytest.raises(Refused) as refused:
            actions.import_register(
                actor=wolkenwerf.secretary.actor,
                now=NOW,
                coop_id=wolkenwerf.id,
                at=setting.at,
                members=[wrong, *plan.members[1:]],
                reference="x",
            )
        assert refused.value.code in ("register.import_inconsistent", "register.number_used")
    with tenant(wolkenwerf.id):
        assert Member.objects.count() == 0


class TestTerminal:
    """The same from a terminal."""

    def run(self, capsys: Any, *arguments: str) -> tuple[int, Any]:
        """Run `coopwerf register import` and return its exit code and answer."""
        import json

        code = 0
        try:
            call_command("register", "import", *arguments)
        except SystemExit as end:
            code = int(end.code or 0)
        return code, json.loads(capsys.readouterr().out)

    def test_a_dry_run_writes_nothing(self, wolkenwerf: Cast, tmp_path: Path, capsys: Any) -> None:
        """It says what would be booked and what is doubtful, and ends as a finding."""
        made = belgian_cv()
        path = made.write_to(tmp_path)
        code, told = self.run(capsys, str(path), "--dry-run", "--coop", wolkenwerf.coop.slug)
        assert code == 1
        assert set(told) == {"members", "shares", "paid", "doubtful"}
        assert [row["line"] for row in told["doubtful"]] == sorted(made.doubtful)
        assert told["doubtful"][1]["message"] == "The date “31/02/2019” doesn't exist."
        with tenant(wolkenwerf.id):
            assert Member.objects.count() == 0

    def test_doubtful_rows_are_not_booked(self, wolkenwerf: Cast, tmp_path: Path, capsys: Any) -> None:
        """Without mending, the real run is a finding too, and writes nothing."""
        path = belgian_cv().write_to(tmp_path)
        code, told = self.run(capsys, str(path), "--coop", wolkenwerf.coop.slug)
        assert (code, len(told["doubtful"])) == (1, 4)
        with tenant(wolkenwerf.id):
            assert Member.objects.count() == 0

    def test_a_table_of_mends_puts_rows_right(self, wolkenwerf: Cast, tmp_path: Path, capsys: Any) -> None:
        """Another value, an answer, a row left out with its reason: the rest is booked."""
        made = belgian_cv()
        rows = ["line;column;value"]
        for line, mend in made.mends.items():
            told = {made.doubtful[line]: mend["answer"]} if "answer" in mend else mend["values"]
            rows += [f"{line};{column};{value}" for column, value in told.items()]
        rows.append("6;skip;never paid")
        path, mends = made.write_to(tmp_path), tmp_path / "mends.csv"
        mends.write_text("\n".join(rows))
        coop = ("--coop", wolkenwerf.coop.slug)
        code, told = self.run(capsys, str(path), "--mend", str(mends), *coop)
        assert (code, told["members"], told["doubtful"]) == (0, 640, [])
        mends.write_text("line;column;value\n6;colour;green\n")
        with pytest.raises(Refused) as refused:
            call_command("register", "import", str(path), "--dry-run", "--mend", str(mends), *coop)
        assert (refused.value.code, refused.value.line) == ("register.import_column_unknown", 2)

    def test_it_books(self, nederwerf: Cast, tmp_path: Path, capsys: Any) -> None:
        """Nothing is doubtful: it is booked, and told with the head of the chain."""
        path = dutch_cooperative().write_to(tmp_path)
        code, told = self.run(capsys, str(path), "--coop", nederwerf.coop.slug)
        assert (code, told["members"], told["doubtful"]) == (0, 15, [])
        with tenant(nederwerf.id):
            assert chain.head_of(nederwerf.id) == told["head"]

    def test_columns_can_be_told(self, wolkenwerf: Cast, tmp_path: Path, capsys: Any) -> None:
        """Headers that nobody could guess are told by letter, the class and its amount too."""
        path = tmp_path / "x.csv"
        path.write_text("wie;hoeveel;sinds wanneer\nMaes, Anna;4;2019-05-03\n")
        code, told = self.run(
            capsys,
            str(path),
            "--columns",
            "A=name,hoeveel=shares,C=admitted_on",
            "--header",
            "1",
            "--class",
            "B=50",
            "--coop",
            wolkenwerf.coop.slug,
        )
        assert (code, told["shares"], told["paid"]) == (0, {"B": 4}, "200.00")

    @pytest.mark.parametrize("arguments", [["--sheet", "Nope"], ["--columns", "ZZZ=paid"], ["--class", "A=nul"]])
    def test_what_is_not_there_is_refused(self, wolkenwerf: Cast, tmp_path: Path, arguments: list[str]) -> None:
        """A sheet, column or amount that can't be is refused in a sentence."""
        path = dutch_cooperative().write_to(tmp_path)
        with pytest.raises(Refused):
            call_command("register", "import", str(path), "--coop", wolkenwerf.coop.slug, *arguments)
