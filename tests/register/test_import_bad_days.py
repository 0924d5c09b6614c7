"""Bad days while a register is brought along: a machine that dies, two people at once, and a large one in time."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connections

from coopwerf.kernel import chain
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.models import Party
from coopwerf.register import actions, queries
from coopwerf.register.models import Decision, Member, Movement, PaymentCommunication, ShareClass
from tests.cast import NOW, Cast

from .spreadsheets import dutch_cooperative, many
from .test_import import book, planned
from .test_register import proof

# The register is written, its members are registered, and then the power fails: before the transaction ends.
DIES = """
import os, signal, sys, uuid
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from coopwerf.register.actions import importing
from coopwerf.register.models import Member
from django.core.management import call_command


def die(*given):
    assert Member.objects.count() == 300
    print("dying", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


importing._booked = die
call_command("register", "import", sys.argv[1], "--coop", sys.argv[2])
"""


@pytest.mark.django_db(transaction=True)
def test_a_machine_that_dies_in_the_middle_leaves_nothing_half_done(wolkenwerf: Cast, tmp_path: Path) -> None:
    """A real SIGKILL once every row is written: nothing of it is there, and the same file then goes in whole."""
    made = many(300)
    path = made.write_to(tmp_path)
    with tenant(wolkenwerf.id):
        head, parties = chain.head_of(wolkenwerf.id), Party.objects.count()
    ended = subprocess.run(
        [sys.executable, "-c", DIES, str(path), wolkenwerf.coop.slug],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert "dying" in ended.stdout
    with tenant(wolkenwerf.id):
        assert chain.head_of(wolkenwerf.id) == head
        assert Party.objects.count() == parties
        for table in (Member, Movement, Decision, ShareClass, PaymentCommunication):
            assert table.objects.count() == 0, table
    booked = book(wolkenwerf, made)
    assert (booked.members, booked.shares, booked.paid) == (300, {"A": made.shares}, made.paid)
    assert proof(wolkenwerf).ok


@pytest.mark.django_db(transaction=True)
def test_two_people_import_at_once(nederwerf: Cast) -> None:
    """Chair and secretary, each with a connection of their own: one wins, the other is told."""
    setting, plan = planned(nederwerf, dutch_cooperative())
    barrier = threading.Barrier(2)
    said: dict[str, object] = {}

    def bring(role: str) -> None:
        try:
            barrier.wait()
            said[role] = actions.import_register(
                actor=getattr(nederwerf, role).actor,
                now=NOW,
                coop_id=nederwerf.id,
                at=setting.at,
                members=plan.members,
                reference="ledenlijst.xlsx",
            )
        except Refused as refusal:
            said[role] = refusal
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=bring, args=(role,)) for role in ("chair", "secretary")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(isinstance(one, actions.Imported) for one in said.values()) == 1
    assert [one.code for one in said.values() if isinstance(one, Refused)] == ["register.import_not_empty"]
    with tenant(nederwerf.id):
        assert queries.last_number(nederwerf.id) == 16
        assert Member.objects.count() == 16
    assert proof(nederwerf).ok


@pytest.mark.exhaustive
@pytest.mark.django_db
def test_twenty_thousand_rows_in_time(wolkenwerf: Cast) -> None:
    """Its dry run within 20 seconds, its booking within 60, and it can be checked."""
    made = many(20_000)
    began = time.monotonic()
    setting, plan = planned(wolkenwerf, made)
    dry = time.monotonic() - began
    assert plan.is_bookable
    assert dry < 20, dry
    began = time.monotonic()
    booked = actions.import_register(
        actor=wolkenwerf.secretary.actor,
        now=NOW,
        coop_id=wolkenwerf.id,
        at=setting.at,
        members=plan.members,
        prices=plan.prices,
        first_dates=plan.first_dates,
        reference=made.name,
    )
    took = time.monotonic() - began
    assert (booked.members, booked.shares, booked.paid) == (20_000, {"A": made.shares}, made.paid)
    assert dry + took < 60, took
    assert proof(wolkenwerf).ok
