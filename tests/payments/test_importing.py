"""The treasurer brings the bank's files: everything in them is booked once, whatever they overlap."""

import datetime as dt
import io
from decimal import Decimal

import pytest

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions as ledger
from coopwerf.payments import actions, queries
from coopwerf.payments.states import StatementState
from coopwerf.register import queries as register
from tests.cast import TODAY, Cast

from .bank import SAVINGS, balance, bring, codes, counts, open_bank, statement, told, waiting
from .files import OURS, camt, camt_entry, camt_statement, coda_move, coda_statement, mt940

pytestmark = pytest.mark.django_db

COFFEE = camt_entry("3.00", side="DBIT", name="Koffiebar", ref="")


def bank_balance(coop: Cast, at: dt.date = TODAY) -> Decimal:
    """Return what the bank itself says."""
    with tenant(coop.id):
        return queries.bank_balance(coop.id, at)


def test_a_file_is_booked_once(wolkenwerf: Cast) -> None:
    """Two lines come in; the second time they are known; the ledger has bank, opening and what waits."""
    open_bank(wolkenwerf)
    file = camt(statement(camt_entry("250.00"), camt_entry("12.10", side="DBIT", ref="REF2")))
    assert counts(bring(wolkenwerf, file)) == (1, 2, 2, 0, 0)
    assert counts(bring(wolkenwerf, file)) == (1, 2, 0, 2, 0)
    assert (balance(wolkenwerf, "550"), balance(wolkenwerf, "499")) == (Decimal("337.90"), Decimal("-237.90"))
    assert waiting(wolkenwerf)[0].name == "Jana Peeters"
    assert bank_balance(wolkenwerf) == Decimal("337.90")
    assert bank_balance(wolkenwerf, dt.date(2026, 11, 19)) == 0
    with tenant(wolkenwerf.id):
        assert queries.unmatched(wolkenwerf.id, TODAY) == Decimal("237.90")
        assert len(queries.statements(wolkenwerf.id)) == 1
        assert register.verify(wolkenwerf.id).ok


def test_two_coffees_of_one_day_are_two(wolkenwerf: Cast) -> None:
    """In one file, or in a file of the morning and one of the afternoon; the file of the day adds none."""
    open_bank(wolkenwerf)
    assert bring(wolkenwerf, camt(statement(COFFEE, opening="100.00", number=1))).new == 1
    assert bring(wolkenwerf, camt(statement(COFFEE, opening="97.00", number=2))).new == 1
    whole = camt(statement(COFFEE, COFFEE, opening="100.00", number=3))
    assert counts(bring(wolkenwerf, whole)) == (1, 2, 0, 2, 0)
    assert (balance(wolkenwerf, "550"), bank_balance(wolkenwerf)) == (94, 94)


def test_overlapping_files_add_up_to_what_happened(wolkenwerf: Cast) -> None:
    """Ten days in four files that overlap, the last one first: as many new lines as there are."""
    open_bank(wolkenwerf)
    lines = [
        camt_entry(f"{10 + n % 2}.00", booked=f"2026-11-{n // 2 + 1:02d}", ref="", name="Zelfde") for n in range(20)
    ]
    new = 0
    for begin, end in ((12, 20), (0, 9), (5, 15), (0, 20)):
        opening = str(100 + sum(10 + n % 2 for n in range(begin)))
        done = bring(wolkenwerf, camt(statement(*lines[begin:end], opening=opening, number=begin * 100 + end)))
        new += done.new
        assert done.new + done.known == end - begin
    assert new == 20
    assert balance(wolkenwerf, "550") == bank_balance(wolkenwerf, dt.date(2026, 11, 30)) == 310
    with tenant(wolkenwerf.id):
        assert queries.gaps(wolkenwerf.id) == []


def test_a_statement_issued_again_adds_nothing(wolkenwerf: Cast) -> None:
    """The bank found the payer's name, wrote a new reference, and turned the lines around."""
    open_bank(wolkenwerf)
    bring(wolkenwerf, camt(statement(camt_entry("250.00", name="", ref="A1"), COFFEE)))
    again = camt(statement(COFFEE, camt_entry("250.00", name="Jana Peeters", ref="B7"), number=2))
    done = bring(wolkenwerf, again)
    assert (counts(done), codes(done)) == ((1, 2, 0, 2, 0), ["payments.known_by_amount"])
    assert "S2" in done.findings[0].message
    with tenant(wolkenwerf.id):
        facts = queries.statements(wolkenwerf.id)[0]
    assert facts.report == {"alike": 1, "alike_days": [["2026-11-20", "250.00"]]}
    page = wolkenwerf.treasurer.browser().get(wolkenwerf.url(f"bank/statements/{facts.id}/")).content.decode()
    assert "Reconnues au montant et au jour seulement" in page


def test_the_same_amount_follows_from_somebody_else(wolkenwerf: Cast) -> None:
    """In, out, and in again within a day: the third has the balances of the first, and is other money."""
    open_bank(wolkenwerf)
    story = [
        ("100.00", camt_entry("150.00", ref="IN-1")),
        ("250.00", camt_entry("150.00", ref="OUT-1", side="DBIT", name="Leverancier")),
        ("100.00", camt_entry("150.00", ref="IN-2", name="Omar Haddad", iban=SAVINGS, remittance="<Ustrd>ik</Ustrd>")),
    ]
    files = [camt(statement(line, opening=opening, number=n)) for n, (opening, line) in enumerate(story, start=1)]
    for file in files:
        assert counts(bring(wolkenwerf, file)) == (1, 1, 1, 0, 0)
    for file in files:
        assert counts(bring(wolkenwerf, file)) == (1, 1, 0, 1, 0)
    assert (balance(wolkenwerf, "550"), bank_balance(wolkenwerf)) == (250, 250)
    assert {line.name for line in waiting(wolkenwerf)} >= {"Jana Peeters", "Omar Haddad"}


def test_a_statement_that_doesnt_add_up_waits_for_a_reason(wolkenwerf: Cast) -> None:
    """The treasurer says why it is booked anyway; that is kept. A second time nothing is asked."""
    open_bank(wolkenwerf)
    file = camt(statement(camt_entry("250.00"), closing="351.00"))
    done = bring(wolkenwerf, file)
    assert (counts(done), codes(done)) == ((1, 1, 0, 0, 1), ["payments.does_not_add_up"])
    assert "1.00" in done.findings[0].message
    assert waiting(wolkenwerf) == []
    assert counts(bring(wolkenwerf, file)) == (1, 1, 0, 0, 1)
    (statement_id,) = done.statement_ids
    for why in ("", "  x "):
        with pytest.raises(Refused) as refused:
            actions.book_anyway(**told(wolkenwerf), statement_id=statement_id, because=why)
        assert refused.value.code == "payments.because_missing"
    booked = actions.book_anyway(**told(wolkenwerf), statement_id=statement_id, because="De bank bevestigt het saldo")
    assert booked.new == 1
    with tenant(wolkenwerf.id):
        (facts,) = queries.statements(wolkenwerf.id)
    assert (facts.state, facts.because) == (StatementState.BOOKED, "De bank bevestigt het saldo")
    assert facts.decided_by == wolkenwerf.treasurer.party_id
    assert counts(bring(wolkenwerf, file)) == (1, 1, 0, 1, 0)
    with pytest.raises(Refused) as refused:
        actions.book_anyway(**told(wolkenwerf), statement_id=statement_id, because="nog eens")
    assert refused.value.code == "payments.statement_decided"


def test_a_statement_without_closing_balance_waits_too(wolkenwerf: Cast) -> None:
    """And is booked at once where the reason comes along; later the bank's own balance is there again."""
    open_bank(wolkenwerf)
    file = camt(camt_statement([camt_entry("250.00")], opening="100.00", closing=None))
    assert codes(bring(wolkenwerf, file)) == ["payments.balance_missing"]
    assert counts(bring(wolkenwerf, file, because="Nagekeken op papier")) == (1, 1, 1, 0, 0)
    assert bank_balance(wolkenwerf) == 350 == balance(wolkenwerf, "550")
    again = camt(statement(camt_entry("250.00"), COFFEE, number=2))
    assert counts(bring(wolkenwerf, again)) == (1, 2, 1, 1, 0)
    assert bank_balance(wolkenwerf) == 347 == balance(wolkenwerf, "550")


def test_an_interim_report_is_never_booked(wolkenwerf: Cast) -> None:
    """A camt.052 is compared with what is booked; the finding says what to bring instead."""
    open_bank(wolkenwerf)
    report = camt(
        camt_statement([camt_entry("250.00")], closing="350.00").replace("Stmt>", "Rpt>"),
        message="camt.052.001.08",
        tag="BkToCstmrAcctRpt",
    )
    done = bring(wolkenwerf, report)
    assert (counts(done), codes(done)) == ((1, 1, 0, 0, 1), ["payments.never_booked"])
    bring(wolkenwerf, camt(statement(camt_entry("250.00"))))
    assert counts(bring(wolkenwerf, report)) == (1, 1, 0, 1, 0)
    assert balance(wolkenwerf, "550") == 350


def test_a_notice_explains_what_the_statement_books_in_one_sum(wolkenwerf: Cast) -> None:
    """Three payments of fifty in one line: the camt.054 names who paid."""
    open_bank(wolkenwerf)
    bring(wolkenwerf, camt(statement(camt_entry("150.00", details="", ref="BATCH7"))))
    assert waiting(wolkenwerf)[0].details == ()
    parts = "".join(
        f'<TxDtls><Amt Ccy="EUR">50.00</Amt><RltdPties><Dbtr><Nm>{name}</Nm></Dbtr></RltdPties></TxDtls>'
        for name in ("Jana Peeters", "Piet Maes", "Els Claes")
    )
    notice = camt(
        camt_statement(
            [camt_entry("150.00", details=f"<NtryDtls>{parts}</NtryDtls>", ref="BATCH7")], opening=None
        ).replace("Stmt>", "Ntfctn>"),
        message="camt.054.001.08",
        tag="BkToCstmrDbtCdtNtfctn",
    )
    done = bring(wolkenwerf, notice)
    assert (done.new, done.known, codes(done)) == (0, 1, ["payments.explains_batches"])
    (line,) = waiting(wolkenwerf)
    assert [(one.name, one.amount) for one in line.details] == [
        ("Jana Peeters", 50),
        ("Piet Maes", 50),
        ("Els Claes", 50),
    ]
    assert balance(wolkenwerf, "550") == 250


def test_the_same_days_in_another_format_are_compared(wolkenwerf: Cast) -> None:
    """CODA leads; the camt of the same day agrees, and one with a line more is reported; neither is booked."""
    open_bank(wolkenwerf)
    coda = coda_statement([coda_move(1, "250.00"), coda_move(2, "50.00")], closing="400.00")
    assert bring(wolkenwerf, coda, name="x.cod").new == 2
    entries = [camt_entry("250.00"), camt_entry("50.00", ref="REF2")]
    done = bring(wolkenwerf, camt(statement(*entries)))
    assert (counts(done), codes(done)) == ((1, 2, 0, 2, 0), ["payments.formats_agree"])
    done = bring(wolkenwerf, camt(statement(*entries, camt_entry("7.00", ref="REF3"), number=2)))
    assert (counts(done), codes(done)) == ((1, 3, 0, 2, 1), ["payments.formats_differ"])
    with tenant(wolkenwerf.id):
        facts = queries.statements(wolkenwerf.id)[0]
    assert (facts.state, facts.report["missing_days"]) == (StatementState.COMPARED, [["2026-11-20", "7.00"]])
    assert balance(wolkenwerf, "550") == 400
    # The next day no CODA came of: there camt leads.
    later = camt(statement(camt_entry("7.00", booked="2026-11-21"), opening="400.00", on="2026-11-21", number=3))
    assert bring(wolkenwerf, later).new == 1


def test_a_gap_between_statements_shows(wolkenwerf: Cast) -> None:
    """Number 2 is missing: by its number, and by the balance that jumps."""
    open_bank(wolkenwerf)
    bring(wolkenwerf, camt(statement(camt_entry("250.00"), number=1)))
    late = statement(camt_entry("5.00", booked="2026-11-22"), opening="390.00", number=3, on="2026-11-22")
    bring(wolkenwerf, camt(late))
    with tenant(wolkenwerf.id):
        (gap,) = queries.gaps(wolkenwerf.id)
    assert (gap.kind, gap.after, gap.before, gap.missing) == (
        "balance",
        dt.date(2026, 11, 20),
        dt.date(2026, 11, 22),
        40,
    )
    middle = statement(camt_entry("40.00", booked="2026-11-21"), opening="350.00", number=2, on="2026-11-21")
    assert bring(wolkenwerf, camt(middle)).new == 1
    with tenant(wolkenwerf.id):
        assert queries.gaps(wolkenwerf.id) == []
    empty = statement(opening="395.00", number=6, on="2026-11-24")
    bring(wolkenwerf, camt(empty))
    with tenant(wolkenwerf.id):
        (gap,) = queries.gaps(wolkenwerf.id)
    assert (gap.kind, gap.first_missing, gap.last_missing) == ("number", 4, 5)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_several_statements_of_a_day_join_in_whatever_order_they_come(wolkenwerf: Cast, order: tuple[int, ...]) -> None:
    """Three of one day, at whose end the account holds what it began with, and one of the day before."""
    open_bank(wolkenwerf)
    files = [
        statement(camt_entry("20.00", booked="2026-11-19", ref="A"), opening="80.00", number=1, on="2026-11-19"),
        statement(camt_entry("50.00", ref="B"), opening="100.00", number=2),
        statement(camt_entry("30.00", side="DBIT", ref="C"), opening="150.00", number=3),
        statement(camt_entry("20.00", side="DBIT", ref="D"), opening="120.00", number=4),
    ]
    for place in order:
        assert bring(wolkenwerf, camt(files[place]), name=f"{place}.xml").new == 1
    with tenant(wolkenwerf.id):
        assert queries.gaps(wolkenwerf.id) == []
        assert queries.bank_balance(wolkenwerf.id, TODAY) == 100


def test_files_that_overlap_within_a_day_leave_no_gap(wolkenwerf: Cast) -> None:
    """The first ends with the middle of three lines, the second begins with it."""
    open_bank(wolkenwerf)
    lines = [camt_entry("50.00", ref="A"), camt_entry("30.00", ref="B"), camt_entry("20.00", ref="C")]
    bring(wolkenwerf, camt(statement(*lines[:2])))
    assert bring(wolkenwerf, camt(statement(*lines[1:], opening="150.00")), name="later.xml").new == 1
    with tenant(wolkenwerf.id):
        assert queries.gaps(wolkenwerf.id) == []
        assert queries.bank_balance(wolkenwerf.id, TODAY) == 200


def test_an_unknown_account_is_named(wolkenwerf: Cast) -> None:
    """Nothing else in the file: it is refused with the number. Once the account is added, it is booked."""
    open_bank(wolkenwerf)
    file = camt(statement(camt_entry("250.00"), account=SAVINGS))
    with pytest.raises(Refused) as refused:
        bring(wolkenwerf, file)
    assert refused.value.code == "payments.account_unknown"
    assert SAVINGS in refused.value.message
    both = camt(statement(camt_entry("250.00")), statement(camt_entry("250.00"), account=SAVINGS))
    done = bring(wolkenwerf, both)
    assert (counts(done), codes(done)) == ((2, 2, 1, 0, 1), ["payments.account_unknown"])
    open_bank(wolkenwerf, SAVINGS)
    assert counts(bring(wolkenwerf, both)) == (2, 2, 1, 1, 0)
    assert (balance(wolkenwerf, "550"), balance(wolkenwerf, "551")) == (350, 350)


def test_a_local_number_means_the_account_that_ends_with_it(wolkenwerf: Cast) -> None:
    """MT940 writes the Dutch account with its IBAN or by its last digits."""
    open_bank(wolkenwerf, "NL20INGB0001234567")
    file = mt940(":61:2611201120C250,00NTRFNONREF", ":86:Jana Peeters aandelen")
    assert bring(wolkenwerf, file, name="x.sta").new == 1
    assert bring(wolkenwerf, file.replace("NL20INGB0001234567EUR", "0001234567"), name="y.sta").known == 1


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([camt_entry("250.00", currency="USD")], "payments.foreign_currency"),
        ([camt_entry("250.00123")], "payments.fraction_of_cent"),
        ([camt_entry("9999999999999.00")], "payments.amounts_too_large"),
    ],
)
def test_what_cant_be_booked_is_refused_with_a_sentence(wolkenwerf: Cast, entries: list[str], code: str) -> None:
    """Another currency, fractions of a cent, more than books can hold."""
    open_bank(wolkenwerf)
    file = camt(camt_statement(entries, closing="350.00"))
    with pytest.raises(Refused) as refused:
        bring(wolkenwerf, file)
    assert refused.value.code == code
    assert refused.value.message
    two = camt(camt_statement(entries, closing="350.00"), statement(camt_entry("1.00"), number=2))
    done = bring(wolkenwerf, two)
    assert (codes(done), done.new, done.refused) == ([code], 1, 1)
    assert [line.amount for line in waiting(wolkenwerf)] == [1]


def test_five_decimals_that_say_nothing_are_two(wolkenwerf: Cast) -> None:
    """The schema allows 250.00000; it is 250.00."""
    open_bank(wolkenwerf)
    assert bring(wolkenwerf, camt(statement(camt_entry("250.00000"), closing="350.00"))).new == 1


def test_nought_and_what_is_only_announced(wolkenwerf: Cast) -> None:
    """A line of nought counts and moves nothing; a pending one is no money yet."""
    open_bank(wolkenwerf)
    pending = camt_entry("99.00", ref="REF3").replace("<Sts>BOOK</Sts>", "<Sts>PDNG</Sts>")
    file = camt(statement(camt_entry("250.00"), camt_entry("0.00", ref="REF2"), closing="350.00").replace(
        "</Stmt>", f"{pending}</Stmt>"
    ))  # fmt: skip
    done = bring(wolkenwerf, file)
    assert counts(done) == (1, 2, 2, 0, 0)
    assert counts(bring(wolkenwerf, file)) == (1, 2, 0, 2, 0)
    assert [line.amount for line in waiting(wolkenwerf)] == [250]


def test_what_was_before_the_books_is_the_opening_balance(wolkenwerf: Cast) -> None:
    """The books begin in the middle of the statement; an earlier statement later moves the opening back."""
    open_bank(wolkenwerf, on=dt.date(2026, 11, 10))
    lines = [camt_entry("10.00", booked="2026-11-09", ref="A"), camt_entry("20.00", booked="2026-11-20", ref="B")]
    done = bring(wolkenwerf, camt(statement(*lines, on="2026-11-09")))
    assert (counts(done), codes(done)) == ((1, 2, 1, 0, 1), ["payments.before_books"])
    assert balance(wolkenwerf, "550", dt.date(2026, 11, 10)) == 110
    assert bank_balance(wolkenwerf, dt.date(2026, 11, 10)) == 110
    assert (balance(wolkenwerf, "550"), bank_balance(wolkenwerf)) == (130, 130)


def test_an_earlier_statement_moves_the_opening_balance_back(wolkenwerf: Cast) -> None:
    """November came first, October follows: on each day bank and ledger agree."""
    open_bank(wolkenwerf)
    bring(wolkenwerf, camt(statement(camt_entry("250.00"), opening="140.00", number=2)))
    early = statement(camt_entry("40.00", booked="2026-10-05", ref="O"), number=1, on="2026-10-05")
    bring(wolkenwerf, camt(early))
    for at in (dt.date(2026, 10, 4), dt.date(2026, 10, 5), dt.date(2026, 11, 19), dt.date(2026, 11, 20), TODAY):
        assert balance(wolkenwerf, "550", at) == bank_balance(wolkenwerf, at), at
    assert balance(wolkenwerf, "550") == 390


def test_lines_of_a_closed_period_are_dated_on_the_first_open_day(wolkenwerf: Cast) -> None:
    """The file of October comes after October was closed; the finding says so."""
    open_bank(wolkenwerf)
    ledger.close_period(**told(wolkenwerf), until=dt.date(2026, 10, 31))
    done = bring(wolkenwerf, camt(statement(camt_entry("40.00", booked="2026-10-05"), on="2026-10-05")))
    assert codes(done) == ["payments.period_closed"]
    assert balance(wolkenwerf, "550", dt.date(2026, 10, 31)) == 0
    assert balance(wolkenwerf, "550") == 140
    assert waiting(wolkenwerf)[0].posted_on == dt.date(2026, 11, 1)


def test_a_file_that_breaks_off_books_nothing(wolkenwerf: Cast) -> None:
    """The first statement is fine, the second stops in the middle: all or nothing."""
    open_bank(wolkenwerf)
    file = camt(statement(camt_entry("250.00")), statement(camt_entry("5.00"), opening="350.00", number=2))
    with pytest.raises(Refused) as refused:
        bring(wolkenwerf, file[:-150])
    assert refused.value.code in ("payments.file_cut_short", "payments.not_well_formed")
    assert waiting(wolkenwerf) == []
    with tenant(wolkenwerf.id):
        assert queries.statements(wolkenwerf.id) == []
    assert bring(wolkenwerf, file).new == 2


def test_who_may_bring_files(wolkenwerf: Cast) -> None:
    """The auditor looks on; without books there is nothing to book in."""
    with pytest.raises(Refused) as refused:
        bring(wolkenwerf, camt(statement(camt_entry("250.00"))))
    assert refused.value.code == "ledger.not_open"
    open_bank(wolkenwerf)
    with pytest.raises(Refused) as refused:
        actions.import_statements(**told(wolkenwerf, wolkenwerf.auditor.actor), name="x", file=io.BytesIO(b"x"))
    assert refused.value.code == "coops.lacks_power"


def test_accounts_at_banks(wolkenwerf: Cast) -> None:
    """The first is the main one; a number with a wrong digit is refused with what to check; each once."""
    first = open_bank(wolkenwerf)
    second = open_bank(wolkenwerf, SAVINGS)
    with tenant(wolkenwerf.id):
        assert [(one.iban, one.ledger_code, one.is_main) for one in queries.accounts(wolkenwerf.id)] == [
            (OURS, "550", True),
            (SAVINGS, "551", False),
        ]
    actions.change_bank_account(**told(wolkenwerf), account_id=second, is_main=True, holder="Wolkenwerf")
    with tenant(wolkenwerf.id):
        main = queries.main_account(wolkenwerf.id)
    assert main is not None
    assert (main.id, main.holder) == (second, "Wolkenwerf")
    assert first != second
    for iban, code in (
        (OURS, "payments.account_exists"),
        ("BE68 5390 0754 7035", "payments.iban_check"),
        ("BE68 5390 0754 703", "payments.iban_length"),
        ("", "payments.iban_empty"),
    ):
        with pytest.raises(Refused) as refused:
            actions.open_bank_account(**told(wolkenwerf), iban=iban, holder="Wolkenwerf")
        assert (refused.value.code, bool(refused.value.message)) == (code, True)


def test_a_line_of_an_account_that_came_back_is_booked(wolkenwerf: Cast) -> None:
    """In, out, and in again with the same amount: three numbered statements of one day, of three people."""
    open_bank(wolkenwerf)
    told = (
        (camt_entry("150.00", ref="IN-1", name="Jana Peeters"), "100.00"),
        (camt_entry("150.00", ref="OUT-1", side="DBIT", name="Leverancier"), "250.00"),
        (camt_entry("150.00", ref="IN-2", name="Omar Haddad", iban="BE43068999999501"), "100.00"),
    )
    for number, (line, opening) in enumerate(told, start=1):
        assert counts(bring(wolkenwerf, camt(statement(line, opening=opening, number=number)))) == (1, 1, 1, 0, 0)
    assert balance(wolkenwerf, "550") == 250


def test_the_next_statement_may_end_where_it_began(wolkenwerf: Cast) -> None:
    """In; then, in a second statement of the day, out and in again from the same account: three lines."""
    open_bank(wolkenwerf)
    paid = camt_entry("150.00", ref="")
    first = statement(paid, number=1)
    second = statement(camt_entry("150.00", ref="", side="DBIT", name="Leverancier"), paid, opening="250.00", number=2)
    assert counts(bring(wolkenwerf, camt(first))) == (1, 1, 1, 0, 0)
    done = bring(wolkenwerf, camt(second))
    assert (counts(done), codes(done)) == ((1, 2, 2, 0, 0), ["payments.looks_known"])
    with tenant(wolkenwerf.id):
        facts = queries.statements(wolkenwerf.id)[0]
    assert facts.report == {"again": 1, "again_days": [["2026-11-20", "150.00"]]}
    page = wolkenwerf.treasurer.browser().get(wolkenwerf.url(f"bank/statements/{facts.id}/")).content.decode()
    assert "Nouvelles, mais semblables" in page
    both = bring(wolkenwerf, camt(first, second))
    assert (counts(both), codes(both)) == ((2, 3, 0, 3, 0), [])
    assert balance(wolkenwerf, "550") == bank_balance(wolkenwerf, dt.date(2026, 11, 30)) == 250
