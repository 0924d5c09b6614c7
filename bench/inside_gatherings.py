"""A gathering of today with very many registered, for the desks: made at once, not by so many letters."""

import datetime as dt
import uuid


def _announced(coop_id: uuid.UUID, places: int, ahead: dt.timedelta) -> uuid.UUID:
    """Announce a gathering with so many places; return its id."""
    from coopwerf.events import actions
    from coopwerf.events.states import GatheringWords, Kind, When, Where, on_the_wall
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM

    now = clock.now()
    act = {"actor": SYSTEM, "now": now, "coop_id": coop_id}
    begins = on_the_wall(now + ahead, "Europe/Brussels").replace(tzinfo=None, microsecond=0)
    plan = actions.GatheringPlan(
        kind=Kind.ASSEMBLY_DAY,
        when=When(begins=begins, ends=begins + dt.timedelta(hours=3)),
        where=Where(town="Gent", address="De Werf"),
        capacity=places,
    )
    gathering_id = actions.draft_gathering(**act, title=f"Assembly {now:%H%M%S}", language="nl", plan=plan)
    words = GatheringWords(title="Assembly day", lead="All together.")
    actions.write_gathering(**act, gathering_id=gathering_id, language="nl", words=words)
    actions.announce_gathering(**act, gathering_id=gathering_id)
    return gathering_id


def few_places(coop_id: uuid.UUID, slug: str, places: int = 300) -> dict[str, str]:
    """Announce a gathering with few places for next week; return by which name its page goes."""
    from coopwerf.events import queries
    from coopwerf.kernel.tenancy import tenant

    gathering_id = _announced(coop_id, places, dt.timedelta(days=7))
    with tenant(coop_id):
        found = queries.gathering(coop_id, gathering_id)
    assert found is not None
    return {"slug": found.slug}


def registered(coop_id: uuid.UUID, slug: str) -> dict[str, int]:
    """Count who has a place at the newest gathering and who waits; `odd` are those who wait before somebody seated."""
    from coopwerf.events.models import Gathering, Registration
    from coopwerf.kernel.tenancy import tenant

    with tenant(coop_id):
        newest = Gathering.objects.filter(coop_id=coop_id).latest("made_at")
        rows = list(
            Registration.objects.filter(gathering_id=newest.id).order_by("number").values_list("state", "number")
        )
    held = [number for state, number in rows if state == "held"]
    waiting = [number for state, number in rows if state == "waiting"]
    odd = sum(number < max(held, default=0) for number in waiting)
    return {
        "held": len(held),
        "waiting": len(waiting),
        "odd": odd + len(rows) - len({number for _state, number in rows}),
    }


def gathering(coop_id: uuid.UUID, slug: str, people: int = 20_000, desks: int = 3) -> dict[str, object]:
    """Announce a gathering, let so many have a place; return the links of its desks, codes, and names."""
    from coopwerf.events import actions, queries
    from coopwerf.events.actions.registrations import page_token
    from coopwerf.events.models import Registration, Ticket, TicketWord
    from coopwerf.events.states import name_key, new_code
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.kernel.ids import uuid7
    from coopwerf.kernel.rows import take_stock
    from coopwerf.kernel.tenancy import tenant
    from coopwerf.kernel.tokens import token_hash

    now = clock.now()
    act = {"actor": SYSTEM, "now": now, "coop_id": coop_id}
    gathering_id = _announced(coop_id, people, dt.timedelta(hours=1))
    codes: set[str] = set()
    while len(codes) < people:
        codes.add(new_code())
    given = ("Noor", "Emile", "Fatma", "Jan", "Louise", "Wim", "Aisha", "Pieter", "Sofie", "Karim")
    names = [f"{given[n % 10]} Proef{chr(97 + n % 26)}{chr(97 + n // 26 % 26)} {n}" for n in range(people)]
    rows, tickets = [], []
    for number, (name, code) in enumerate(zip(names, sorted(codes), strict=True), start=1):
        key = uuid.uuid4()
        row = Registration(
            id=uuid7(),
            coop_id=coop_id,
            gathering_id=gathering_id,
            key=key,
            token_hash=token_hash(page_token(key)),
            number=number,
            people=1,
            state="seated",
            language="nl",
            sent_at=now,
            confirmed_at=now,
            told="",
        )
        rows.append(row)
        tickets.append(
            Ticket(
                coop_id=coop_id,
                gathering_id=gathering_id,
                registration_id=row.id,
                place=1,
                name=name,
                name_key=name_key(name),
                code=code,
                who_key=str(number),
            )
        )
    with tenant(coop_id):
        Registration.objects.bulk_create(rows, batch_size=2000)
        Ticket.objects.bulk_create(tickets, batch_size=2000)
        words_of = [(one, word) for one in tickets for word in dict.fromkeys(one.name_key.split())]
        TicketWord.objects.bulk_create(
            [
                TicketWord(coop_id=coop_id, gathering_id=gathering_id, ticket_id=one.id, word=word)
                for one, word in words_of
            ],
            batch_size=5000,
        )
    # They came over weeks: the database would have looked at its tables long ago.
    take_stock()
    made = [
        actions.open_desk(**act, gathering_id=gathering_id, name=f"Desk {number}") for number in range(1, desks + 1)
    ]
    return {
        "gathering": str(gathering_id),
        "desks": [queries.desk_token(one) for one in made],
        "codes": [one.code for one in tickets],
        "names": names,
    }


def received(coop_id: uuid.UUID, slug: str) -> dict[str, int]:
    """Count who came to the newest gathering, and what was noted of them."""
    from coopwerf.events import queries
    from coopwerf.events.models import Passage
    from coopwerf.kernel.tenancy import tenant

    with tenant(coop_id):
        newest = max(queries.all_gatherings(coop_id, limit=500), key=lambda one: one.made_at)
        _inside, came = queries.inside(newest.id)
        return {"came": came, "rows": Passage.objects.filter(gathering_id=newest.id).count()}
