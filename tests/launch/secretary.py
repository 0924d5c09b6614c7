"""What a secretary does with an installation, as a process of its own that can be killed.

`python -m tests.launch.secretary DATA_DIR found 12` founds Wolkenwerf with twelve members; `admit` goes on admitting
until it is stopped and prints each number once it is committed; `ask register.extract 3` asks for three papers and
prints their ids; `meet 7` registers somebody who belongs nowhere; `erase ID middle` begins an erasure and waits in
its middle, `erase ID after` when it is written and nothing else was done yet.
"""

import datetime as dt
import sys
import time
import uuid
from decimal import Decimal

from coopwerf.conf.cli import close_connections
from coopwerf.conf.database import open_database
from coopwerf.conf.embedded import Places
from coopwerf.conf.environment import prepare_environment

FOUNDED = dt.date(2021, 3, 1)


def main(data_dir: str, what: str, *words: str) -> None:
    """Do one of these things."""
    places = Places.of(data_dir)
    prepare_environment(places, role="web")
    import django

    django.setup()
    with open_database(places):
        try:
            {"found": found, "admit": admit, "ask": ask, "meet": meet, "erase": erase}[what](*words)
        finally:
            close_connections()


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def _party(number: int, email: str = "") -> uuid.UUID:
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.people import actions as people
    from coopwerf.people.states import Address, PartyKind

    return people.register_party(
        actor=SYSTEM,
        now=clock.now(),
        kind=PartyKind.PERSON,
        family=f"Peeters-{number}",
        given="Lieve",
        email=email,
        language="nl",
        valid_from=dt.date(1980, 1, 1),
        address=Address("Bergstraat", str(number), "", "1000", "Brussel", "BE"),
    )


def _admit_one(coop_id: uuid.UUID, number: int) -> int:
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.register import actions as register

    return register.record_admission(
        actor=SYSTEM,
        now=clock.now(),
        coop_id=coop_id,
        party_id=_party(number),
        on=dt.date(2024, 2, 1),
        decision=register.DecisionInput(body="board", on=dt.date(2024, 1, 10), reference="2024-01-10, punt 3"),
        shares=[register.SharesInput(share_class="A", quantity=1 + number % 9, paid=Decimal(25 * (number % 2)))],
    ).number


def found(members: str) -> None:
    """Found Wolkenwerf, a Belgian CV, with so many members."""
    from coopwerf.coops import actions as coops
    from coopwerf.coops.states import Stage
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.people import queries as people
    from coopwerf.people.models import Account
    from coopwerf.register import actions as register

    chair = _party(0, "amina@example.org")
    account = Account.objects.get(party_id=chair)
    actor = people.actor_of(account.pk, on=clock.civil_date(clock.now()))
    coop = coops.found_coop(actor=actor, now=clock.now(), name="Wolkenwerf", language="nl")
    coops.change_stage(actor=actor, now=clock.now(), coop_id=coop.id, stage=Stage.CV, valid_from=FOUNDED)
    register.set_class_terms(
        actor=SYSTEM, now=clock.now(), coop_id=coop.id, code="A", valid_from=FOUNDED, nominal=Decimal(25)
    )
    for number in range(1, int(members) + 1):
        _admit_one(coop.id, number)


def admit() -> None:
    """Admit people until somebody ends it."""
    from coopwerf.coops import queries as coops

    coop = coops.coop_for_command(None)
    number = 1000
    while True:
        _say(_admit_one(coop.id, number))
        number += 1


def ask(kind: str, times: str) -> None:
    """Ask for papers."""
    from coopwerf.coops import queries as coops
    from coopwerf.documents import actions as documents
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM

    coop = coops.coop_for_command(None)
    for _time in range(int(times)):
        asked = documents.ask_document(
            actor=SYSTEM, now=clock.now(), coop_id=coop.id, kind=kind, language="nl", as_of=dt.date(2025, 1, 1)
        )
        _say(asked.id)
        time.sleep(0.01)


def meet(number: str) -> None:
    """Register somebody who belongs nowhere, and print their id."""
    _say(_party(int(number), f"lieve.{number}@example.org"))


def erase(party_id: str, where: str) -> None:
    """Begin to erase somebody, say when we are there, and wait to be killed."""
    from django.db import transaction

    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.kernel.happenings import reacts_to
    from coopwerf.people import actions as people
    from coopwerf.people.happenings import PartyErased

    def wait() -> None:
        _say(where)
        time.sleep(600)

    @reacts_to(PartyErased, order=1000 if where == "middle" else 0)
    def linger(event: PartyErased, **_more: object) -> None:
        if where == "middle":
            wait()
        else:
            # The first of what is done after the commit: the rest waits behind it.
            transaction.on_commit(wait)

    people.erase_party(actor=SYSTEM, now=clock.now(), party_id=uuid.UUID(party_id))


if __name__ == "__main__":
    main(*sys.argv[1:])
