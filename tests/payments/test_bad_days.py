"""Bad days at the bank: a machine that dies at any moment, two treasurers at once, two imports at once."""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connections
from django.db.models import Sum

from coopwerf.capital import queries as capital
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import queries as books
from coopwerf.ledger.states import Journal
from coopwerf.payments import actions, queries
from coopwerf.payments.actions.importing import opened
from coopwerf.payments.models import BankEntry, BankEntryWords, Statement, StatementDay, StatementFile
from coopwerf.register import queries as register
from tests.cast import TODAY, Cast

from .bank import balance, bring, bring_entries, claim, claim_now, counts, entry, open_bank, paid_with, statement, told
from .files import camt, camt_details, camt_entry

pytestmark = pytest.mark.django_db(transaction=True)

LINES = 120
IMPORTS = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from django.core.management import call_command
from coopwerf.payments.actions import booking
booking.AT_ONCE = 40
print("ready", flush=True)
call_command("bank", "import", sys.argv[1], "--coop", sys.argv[2])
print("done", flush=True)
"""


SUM = sum((Decimal(n % 7 + 1) for n in range(LINES)), Decimal(0))


def three_statements(place: int) -> str:
    """Return the file of that place: three statements of an account, each a day later and with many lines."""
    made = []
    for number in range(place * 3, place * 3 + 3):
        day = f"2026-{number // 20 + 1:02d}-{number % 20 + 1:02d}"
        lines = [camt_entry(f"{n % 7 + 1}.00", booked=day, ref="") for n in range(LINES)]
        made.append(statement(*lines, opening=str(100 + number * SUM), number=number + 1, on=day))
    return camt(*made)


def importing(file: Path, coop: Cast) -> "subprocess.Popen[str]":
    """Begin an import in a process of its own; return once it is about to read the file."""
    running = subprocess.Popen(
        [sys.executable, "-c", IMPORTS, str(file), coop.coop.slug],
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    return running


def undisturbed(coop: Cast, files: list[Path]) -> float:
    """Let imports come to their end; return how many seconds the last took since it was about to read its file."""
    took = 0.0
    for file in files:
        running = importing(file, coop)
        began = time.monotonic()
        assert running.wait() == 0
        took = time.monotonic() - began
        assert running.stdout is not None
        running.stdout.close()
    return took


def kills(coop: Cast, files: list[Path], times: int, longest: float) -> list[Path]:
    """Kill so many imports at random moments of the time that one takes; return the files that were begun.

    A file that an import brought to its end before is followed by the next one.
    """
    dice = random.Random(20261126)
    place = killed = 0
    while killed < times:
        running = importing(files[place], coop)
        time.sleep(dice.uniform(0, longest))
        running.send_signal(signal.SIGKILL)
        came_to_end = running.wait() == 0
        assert running.stdout is not None
        running.stdout.close()
        killed += not came_to_end
        place += came_to_end
    return files[: place + 1]


def held(coop: Cast) -> dict[str, object]:
    """Count everything that imports leave behind."""
    with tenant(coop.id):
        tables = (BankEntry, BankEntryWords, Statement, StatementDay, StatementFile)
        counted: dict[str, object] = {table.__name__: table.objects.count() for table in tables}
        days = [dt.date(2026, month, 2) for month in range(1, 12)]
        waiting = [queries.unmatched(coop.id, day) for day in days]
        assert [capital.proof(coop.id, day).difference for day in days] == [0] * len(days)
        assert waiting == [-balance(coop, "499", day) for day in days]
        return counted | {
            "waiting": waiting,
            "bank": balance(coop, "550"),
            "entries": books.counts(coop.id)[Journal.BANK],
        }


def see_it_whole(coop: Cast, files: list[Path]) -> None:
    """See that everything of the files is there once: lines, words, postings, balances, the chain, the files."""
    for file in files:
        done = bring(coop, file.read_text())
        assert counts(done) in ((3, 3 * LINES, 3 * LINES, 0, 0), (3, 3 * LINES, 0, 3 * LINES, 0))
    count, total = len(files), 3 * len(files) * SUM
    with tenant(coop.id):
        assert BankEntry.objects.count() == BankEntryWords.objects.count() == 3 * LINES * count
        assert BankEntry.objects.aggregate(sum=Sum("amount"))["sum"] == total
        assert (Statement.objects.count(), StatementFile.objects.count()) == (3 * count, count)
        assert StatementDay.objects.count() == 3 * count
        assert queries.bank_balance(coop.id, TODAY) == balance(coop, "550") == total + 100
        assert -balance(coop, "499") == total == queries.unmatched(coop.id, TODAY)
        assert queries.gaps(coop.id) == []
        assert register.verify(coop.id).ok
        assert capital.proof(coop.id, TODAY).difference == 0
        for row in StatementFile.objects.all():
            with opened(row.stored) as kept:
                assert kept.read().decode() in {file.read_text() for file in files}


@pytest.mark.parametrize("times", [4, pytest.param(50, marks=pytest.mark.exhaustive)])
def test_an_import_killed_at_any_moment_leaves_no_trace(
    wolkenwerf: Cast, nederwerf: Cast, tmp_path: Path, times: int
) -> None:
    """A real SIGKILL, again and again: after it nothing is half there, and the same files then go in once.

    Everything is then as in a co-operative whose imports nobody disturbed: lines, postings, what waits on each day.
    """
    open_bank(wolkenwerf)
    open_bank(nederwerf)
    files = [tmp_path / f"bank{place}.xml" for place in range(times)]
    for place, file in enumerate(files):
        file.write_text(three_statements(place))
    longest = undisturbed(nederwerf, files[:1])
    files = kills(wolkenwerf, files, times, longest)
    with tenant(wolkenwerf.id):
        assert BankEntry.objects.count() % (3 * LINES) == 0
    see_it_whole(wolkenwerf, files)
    undisturbed(nederwerf, files)
    assert held(wolkenwerf) == held(nederwerf)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Do several things at the same moment, each with a connection of its own; return what came of each."""
    barrier = threading.Barrier(len(calls))
    said: list[object] = [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            barrier.wait()
            said[place] = call()
        except Refused as refused:
            said[place] = refused.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_two_treasurers_accept_the_same_line(wolkenwerf: Cast) -> None:
    """One is first; the other gets a sentence; the claim is paid once."""
    open_bank(wolkenwerf)
    first, second = claim(wolkenwerf), claim(wolkenwerf)
    (line,) = bring_entries(wolkenwerf, paid_with(first))
    said = at_once(
        *(
            lambda claim_id=one.id: actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=claim_id)
            for one in (first, second)
        )
    )
    assert sorted(str(type(one).__name__) for one in said) == ["Accepted", "str"]
    assert "payments.explained_already" in said
    assert claim_now(wolkenwerf, first.id).paid + claim_now(wolkenwerf, second.id).paid == 250
    assert balance(wolkenwerf, "499") == 0


def test_two_treasurers_accept_the_same_payment_within_a_line(wolkenwerf: Cast) -> None:
    """The line holds enough for both, the payment doesn't: the second one is told."""
    open_bank(wolkenwerf)
    asked = [claim(wolkenwerf, "100.00"), claim(wolkenwerf, "100.00")]
    (line,) = bring_entries(wolkenwerf, camt_entry("200.00", details=camt_details("100.00", "100.00")))
    said = at_once(
        *(
            lambda claim_id=one.id: actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=claim_id, detail=1)
            for one in asked
        )
    )
    assert "payments.detail_explained" in said
    assert entry(wolkenwerf, line.id).open == 100


def test_two_treasurers_pay_one_claim_from_two_lines(wolkenwerf: Cast) -> None:
    """The claim takes one of them; the other line waits on."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf)
    one, two = bring_entries(wolkenwerf, paid_with(asked), paid_with(asked, ref="R2"))
    said = at_once(
        *(
            lambda entry_id=line.id: actions.accept(**told(wolkenwerf), entry_id=entry_id, claim_id=asked.id)
            for line in (one, two)
        )
    )
    assert "payments.claim_paid" in said
    assert claim_now(wolkenwerf, asked.id).paid == 250
    assert sorted((entry(wolkenwerf, one.id).open, entry(wolkenwerf, two.id).open)) == [0, 250]


def test_two_give_the_same_people_a_communication(wolkenwerf: Cast) -> None:
    """Each person has one, and each one given is counted once."""
    open_bank(wolkenwerf)
    people = [wolkenwerf.director.party_id, wolkenwerf.treasurer.party_id, wolkenwerf.chair.party_id]
    said = at_once(*[lambda: actions.give_communications(**told(wolkenwerf), party_ids=people)] * 2)
    assert sorted(said, key=str) == [0, 3]
    with tenant(wolkenwerf.id):
        assert set(queries.permanent_of(wolkenwerf.id, people)) == set(people)


def test_one_undoes_while_another_undoes(wolkenwerf: Cast) -> None:
    """Once is enough; the second is told."""
    open_bank(wolkenwerf)
    asked = claim(wolkenwerf)
    (line,) = bring_entries(wolkenwerf, paid_with(asked))
    (match_id,) = actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=asked.id).match_ids
    said = at_once(*[lambda: actions.undo_match(**told(wolkenwerf), match_id=match_id)] * 2)
    assert "payments.undone_already" in said
    assert claim_now(wolkenwerf, asked.id).paid == 0
    assert balance(wolkenwerf, "499") == -250


def test_two_bring_the_same_file(wolkenwerf: Cast) -> None:
    """Each line is new for one of them only."""
    open_bank(wolkenwerf)
    file = camt(statement(*(camt_entry("3.00", ref="") for _ in range(30))))
    said = at_once(*[lambda: bring(wolkenwerf, file)] * 2)
    assert sorted(one.new for one in said if isinstance(one, actions.Imported)) == [0, 30]
    with tenant(wolkenwerf.id):
        assert BankEntry.objects.count() == 30


def test_all_certain_while_others_accept(wolkenwerf: Cast) -> None:
    """Two press “accept all certain” at the same moment: each line once, nobody waits for ever."""
    open_bank(wolkenwerf)
    asked = [claim(wolkenwerf, "5.00") for _ in range(20)]
    bring_entries(wolkenwerf, *(paid_with(one, "5.00", ref=f"R{n}") for n, one in enumerate(asked)))
    said = at_once(*[lambda: actions.accept_certain(**told(wolkenwerf))] * 2)
    assert sum(len(one) for one in said if isinstance(one, list)) == 20
    assert all(claim_now(wolkenwerf, one.id).paid == 5 for one in asked)
    with tenant(wolkenwerf.id):
        assert register.verify(wolkenwerf.id).ok
