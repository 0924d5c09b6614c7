"""Tickets: one for each person of a registration, with a code and the words by which a desk finds them."""

import uuid
from collections.abc import Sequence

from django.utils.crypto import salted_hmac

from coopcalc.register.sheets import fold
from coopwerf.kernel.refusals import Refused

from .. import queries
from ..models import Registration, Ticket, TicketWord
from ..states import name_key, new_code


def keyed(what: str, text: str) -> str:
    """Return a keyed hash, by which something is found again and never read."""
    return salted_hmac(f"coopwerf.events.{what}", text, algorithm="sha256").hexdigest()


def issue(row: Registration, people: Sequence[str], whose: str) -> list[Ticket]:
    """Make a ticket for each person of a registration; `whose` is what tells two people of one name apart."""
    known = set(Ticket.objects.filter(registration_id=row.id).values_list("place", flat=True))
    places = [place for place in range(1, 100) if place not in known]
    codes = _codes(row.gathering_id, len(people))
    tickets = Ticket.objects.bulk_create(
        [
            Ticket(
                coop_id=row.coop_id,
                gathering_id=row.gathering_id,
                registration_id=row.id,
                place=place,
                name=name,
                name_key=name_key(name),
                code=code,
                who_key=keyed("who", f"{row.coop_id} {whose} {fold(name)}"),
            )
            for place, name, code in zip(places, people, codes, strict=False)
        ]
    )
    _spell(tickets)
    return tickets


def _spell(tickets: Sequence[Ticket]) -> None:
    """Let the names on tickets be found by the first letters of each of their words."""
    TicketWord.objects.filter(ticket_id__in=[one.id for one in tickets]).delete()
    TicketWord.objects.bulk_create(
        [
            TicketWord(coop_id=one.coop_id, gathering_id=one.gathering_id, ticket_id=one.id, word=word)
            for one in tickets
            for word in dict.fromkeys(one.name_key.split())
        ]
    )


def _codes(gathering_id: uuid.UUID, count: int) -> list[str]:
    """Draw codes that no other ticket of a gathering has."""
    drawn: set[str] = set()
    while len(drawn) < count:
        drawn |= {new_code() for _each in range(count - len(drawn))}
        drawn -= set(Ticket.objects.filter(gathering_id=gathering_id, code__in=drawn).values_list("code", flat=True))
    return sorted(drawn)


def reissue(row: Registration, people: Sequence[str]) -> None:
    """Give tickets to whoever is new, and take those of who doesn't come; whoever came in once keeps theirs."""
    tickets = list(Ticket.objects.filter(registration_id=row.id).order_by("place"))
    left = list(people)
    gone = []
    for ticket in tickets:
        if ticket.name in left:
            left.remove(ticket.name)
        else:
            gone.append(ticket)
    # A name that was mended keeps its code: the paper in somebody's pocket still opens the door.
    renamed = list(zip(gone, left, strict=False))
    for ticket, name in renamed:
        ticket.name, ticket.name_key = name, name_key(name)
        ticket.who_key = keyed("who", f"{row.coop_id} {row.contact_id} {fold(name)}")
    Ticket.objects.bulk_update([one for one, _name in renamed], ["name", "name_key", "who_key"])
    _spell([one for one, _name in renamed])
    unused = gone[len(renamed) :]
    if any(queries.passages(row.coop_id, one.id) for one in unused):
        raise Refused("events.came_already", path="people")
    Ticket.objects.filter(id__in=[one.id for one in unused]).delete()
    if left[len(renamed) :]:
        issue(row, left[len(renamed) :], str(row.contact_id))
