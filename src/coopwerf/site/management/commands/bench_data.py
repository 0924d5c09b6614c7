"""`coopwerf bench-data`: a co-operative for practice with very many invented members."""

import datetime as dt
import time
import uuid
from decimal import Decimal
from typing import Any

from django.core.management.base import CommandParser
from django.db import connection

from coopwerf.coops import actions as coops
from coopwerf.coops import queries as coop_queries
from coopwerf.coops.states import BodyKind, Role, Stage
from coopwerf.kernel import chain, clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.command import DomainCommand
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import actions as people
from coopwerf.people.states import Address, PartyKind
from coopwerf.register import actions as register
from coopwerf.register import queries

FIRST = dt.date(2012, 1, 2)
OFFICERS = (
    (Role.CHAIR, "Ada", "Bosmans"),
    (Role.SECRETARY, "Bilal", "Haddad"),
    (Role.TREASURER, "Céline", "Fontaine"),
    # A board of twenty, so that twenty people can look into the register at once.
    *((Role.DIRECTOR, f"Director{number}", "Maes") for number in range(1, 18)),
)
MOVES_EVERY = 500
AT = dt.time(9, tzinfo=dt.UTC)


class Command(DomainCommand):
    """Make a co-operative for practice with many invented members and three movements each, to try a machine with."""

    help = "Make a co-operative for practice with very many invented members."
    # Only the owner of the tables may COPY into those that are closed between co-operatives.
    runs_as = "owner"

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --members, --seed and --until."""
        parser.add_argument("--members", type=int, default=100_000)
        parser.add_argument("--seed", type=int, default=1, help="another seed makes another story")
        parser.add_argument(
            "--until", type=dt.date.fromisoformat, help="the last day of the story; today where left out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print `{"coop", "slug", "members", "movements", "head", "seconds"}`."""
        began = time.monotonic()
        now = clock.now()
        last = options["until"] or clock.civil_date(now)
        coop_id = _found(f"Proef {options['members']}")
        movements = register.fill_for_practice(
            actor=SYSTEM,
            now=now,
            coop_id=coop_id,
            members=options["members"],
            first=FIRST,
            last=last,
            seed=options["seed"],
        )
        _move_house(coop_id, options["members"], now)
        chain.seal(coop_id=coop_id, at=now)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        self.say(
            {
                "coop": coop_id,
                "slug": coop_queries.coop_facts(coop_id).slug,
                "members": options["members"],
                "movements": movements,
                "head": chain.head_of(coop_id),
                "seconds": f"{time.monotonic() - began:.1f}",
            }
        )


def _found(name: str) -> uuid.UUID:
    """Found a recognised CV with a board and two share classes."""
    now = dt.datetime.combine(FIRST, AT)
    parties = [
        people.register_party(
            actor=SYSTEM,
            now=now,
            kind=PartyKind.PERSON,
            family=family,
            given=given,
            email=f"{given.lower().replace('é', 'e')}.{family.lower()}@bench.example",
            language="nl",
            valid_from=dt.date(1970, 1, 1),
            address=Address("Werfkaai", "1", "", "1080", "Brussel", "BE"),
        )
        for _role, given, family in OFFICERS
    ]
    coop = coops.found_coop(actor=SYSTEM, now=now, name=name, language="nl", is_practice=True, founder_id=parties[0])
    coops.change_stage(actor=SYSTEM, now=now, coop_id=coop.id, stage=Stage.CV_RECOGNISED, valid_from=FIRST)
    with tenant(coop.id):
        board = next(body.id for body in coop_queries.bodies(coop.id) if body.kind is BodyKind.BOARD)
    for (role, _given, _family), party_id in zip(OFFICERS, parties, strict=True):
        coops.grant_mandate(
            actor=SYSTEM, now=now, coop_id=coop.id, party_id=party_id, body_id=board, role=role, valid_from=FIRST
        )
    for code, nominal in (("A", Decimal("25")), ("B", Decimal("250"))):
        register.set_class_terms(actor=SYSTEM, now=now, coop_id=coop.id, code=code, valid_from=FIRST, nominal=nominal)
    return coop.id


def _move_house(coop_id: uuid.UUID, members: int, now: dt.datetime) -> None:
    """Give every five hundredth member another address, from this year on."""
    for number in range(MOVES_EVERY, members + 1, MOVES_EVERY):
        with tenant(coop_id):
            found = queries.member_by_number(coop_id, number)
        if found is not None:
            people.change_address(
                actor=SYSTEM,
                now=now,
                party_id=found.party_id,
                coop_id=coop_id,
                street="Nieuwstraat",
                number=str(number // MOVES_EVERY),
                postcode="9000",
                town="Gent",
                country="BE",
                valid_from=clock.civil_date(now).replace(month=1, day=1),
            )
