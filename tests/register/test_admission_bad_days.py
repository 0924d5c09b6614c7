"""Two board members at the same instant, a machine that dies in the middle, and a hundred people at once."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from decimal import Decimal

import pytest
from django.db import connections

from coopwerf.kernel import chain
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.models import Letter, Mail
from coopwerf.people.actions import register_parties
from coopwerf.people.states import Address, Name, NewParty, PartyKind
from coopwerf.register import actions, queries
from coopwerf.register.models import MembershipRequest, ShareClass
from coopwerf.register.states import RequestState
from tests.cast import BEGAN, NOW, TODAY, Cast

from .asking import BOARD, LATER, asked, decide
from .test_register import proof, with_class

__all__ = ["with_class"]


def many(coop: Cast, count: int) -> list[uuid.UUID]:
    """Let so many people wait for the board, all paid: written at once, since asking isn't what is tried here."""
    rows = [
        NewParty(
            PartyKind.PERSON,
            Name(f"Peeters {number}", "Jana"),
            Address("Kaai", str(number), "", "1000", "Brussel", "BE"),
            f"jana{number}@example.org",
            "",
            ("nl", "fr", "en")[number % 3],
            BEGAN.date(),
        )
        for number in range(count)
    ]
    made = register_parties(actor=SYSTEM, now=BEGAN, rows=rows)
    with tenant(coop.id):
        share_class = ShareClass.objects.get(coop_id=coop.id)
        requests = MembershipRequest.objects.bulk_create(
            MembershipRequest(
                coop_id=coop.id,
                state=RequestState.COMPLETE.value,
                kind="person",
                language="nl",
                party_id=one.party_id,
                share_class=share_class,
                quantity=2,
                amount_per_share=Decimal("25"),
                paid=Decimal("50"),
                asked_at=NOW,
                asked_on=TODAY,
                paid_on=TODAY,
            )
            for one in made
        )
    return [request.id for request in requests]


@pytest.mark.django_db(transaction=True)
def test_two_board_members_admit_at_the_same_instant(with_class: Cast) -> None:
    """Each with a connection of their own, past a barrier: everybody is admitted once, the second is told."""
    ids = [asked(with_class, f"Noor{number}", paid="75.00").id for number in range(5)]
    barrier = threading.Barrier(2)
    said: dict[str, object] = {}

    def admit(role: str) -> None:
        try:
            barrier.wait()
            said[role] = decide(with_class, *ids, who=getattr(with_class, role))
        except Refused as refusal:
            said[role] = refusal
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=admit, args=(role,)) for role in ("chair", "director")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    done = [one for one in said.values() if isinstance(one, actions.AdmittedMany)]
    told = [one for one in said.values() if isinstance(one, Refused)]
    assert [one.number for one in done[0].members] == [1, 2, 3, 4, 5]
    assert [one.code for one in told] == ["register.requests_decided"]
    with tenant(with_class.id):
        assert [line.number for line in queries.lines(with_class.id, BOARD.on)] == [1, 2, 3, 4, 5]
        assert Letter.objects.filter(template="register.welcome").count() == 5
    assert proof(with_class).ok


DIES = """
import os, signal, sys, uuid
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
import datetime as dt
from coopwerf.people.queries import actor_of
from coopwerf.register import actions
from coopwerf.register.actions import admission


def die(event):
    print("dying", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

admission.announce = die
on = dt.date.fromisoformat(sys.argv[3])
actions.admit_requests(
    actor=actor_of(uuid.UUID(sys.argv[1]), on=on),
    now=dt.datetime.fromisoformat(sys.argv[4]),
    coop_id=uuid.UUID(sys.argv[2]),
    request_ids=[uuid.UUID(one) for one in sys.argv[5:]],
    decision=actions.DecisionInput(body="board", on=on, reference="item 4"),
)
"""


@pytest.mark.django_db(transaction=True)
def test_a_machine_that_dies_in_the_middle_leaves_nothing_half_done(with_class: Cast) -> None:
    """A real SIGKILL once rows, numbers and letters are written: nothing of it is there, and then it works."""
    ids = [asked(with_class, f"Noor{number}", paid="75.00").id for number in range(4)]
    with tenant(with_class.id):
        head, mails = chain.head_of(with_class.id), Mail.objects.count()
    told = [str(with_class.chair.account.pk), str(with_class.id), BOARD.on.isoformat(), LATER.isoformat()]
    ended = subprocess.run(
        [sys.executable, "-c", DIES, *told, *map(str, ids)],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert "dying" in ended.stdout
    with tenant(with_class.id):
        assert chain.head_of(with_class.id) == head
        assert Mail.objects.count() == mails
        assert queries.last_number(with_class.id) == 0
        assert MembershipRequest.objects.filter(state=RequestState.COMPLETE).count() == 4
    assert [one.number for one in decide(with_class, *ids).members] == [1, 2, 3, 4]
    assert proof(with_class).ok


@pytest.mark.django_db
def test_a_hundred_are_admitted_within_three_seconds(with_class: Cast) -> None:
    """Thirty a second at least, with letters and certificates asked for."""
    ids = many(with_class, 100)
    decide(with_class, *many(with_class, 1))
    began = time.monotonic()
    done = decide(with_class, *ids)
    took = time.monotonic() - began
    assert len(done.members) == 100
    assert took < 100 / 30, f"{100 / took:.0f} a second"
