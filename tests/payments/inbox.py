"""A bank inbox to tell stories with: people who owe, and what the bank brought."""

import dataclasses
import uuid
from decimal import Decimal

from coopcalc.references import format_communication
from coopwerf.kernel.tenancy import tenant
from coopwerf.payments import queries
from coopwerf.payments.queries import ClaimFacts, EntryFacts
from tests.cast import Cast, Person, make_person

from .bank import bring_entries, claim, open_bank, paid_with, written
from .files import camt_entry


@dataclasses.dataclass(frozen=True)
class Inbox:
    """Who owes what, and the lines that wait: of each kind one."""

    coop: Cast
    people: dict[str, Person]
    claims: dict[str, ClaimFacts]
    lines: dict[str, EntryFacts]

    def url(self, rest: str = "") -> str:
        """Return an address of this bank."""
        return self.coop.url(f"bank/{rest}")

    def line(self, who: str, rest: str = "") -> str:
        """Return an address about a line."""
        return self.url(f"lines/{self.lines[who].id}/{rest}")

    def entry(self, who: str) -> EntryFacts:
        """Return a line as it is now."""
        with tenant(self.coop.id):
            found = queries.entry_facts(self.coop.id, self.lines[who].id)
        assert found is not None
        return found

    def owed(self, who: str) -> ClaimFacts:
        """Return a request as it is now."""
        with tenant(self.coop.id):
            found = queries.claim_facts(self.coop.id, self.claims[who].id)
        assert found is not None
        return found

    def matches(self, who: str) -> list[queries.MatchFacts]:
        """Return what was said of a line."""
        entry_id = self.lines[who].id
        with tenant(self.coop.id):
            return queries.matches_of_entries(self.coop.id, [entry_id])[entry_id]


def furnish(coop: Cast) -> Inbox:
    """Open a bank, let five people owe, and bring a statement in which they pay, each in a way of their own."""
    open_bank(coop)
    people = {
        "noor": make_person("Noor", "Vandamme", email="noor@inbox.example"),
        "luc": make_person("Luc", "Peeters", email="luc@inbox.example"),
        "tarik": make_person("Tarik", "El Amrani", email="tarik@inbox.example"),
        "fatou": make_person("Fatou", "Diallo", email="fatou@inbox.example"),
        "ana": make_person("Ana", "De Smet", email="ana@inbox.example"),
    }
    amounts = {"noor": "150.00", "luc": "50.00", "tarik": "250.00", "fatou": "250.00", "ana": "100.00"}
    claims = {who: claim(coop, amounts[who], person) for who, person in people.items()}
    typed = claims["ana"].digits
    typed = typed[:3] + str((int(typed[3]) + 1) % 10) + typed[4:]
    told = {
        "noor": camt_entry("150.00", name="VANDAMME - OKAFOR", remittance="<Ustrd>aandelen noor</Ustrd>"),
        "luc": paid_with(claims["luc"], "50.00", name="PEETERS LUC"),
        "tarik": paid_with(claims["tarik"], "200.00", name="EL AMRANI TARIK"),
        "fatou": camt_entry("300.00", name="DIALLO FATOU", remittance=written(claims["fatou"])),
        "ana": camt_entry("100.00", name="A. DE SMET", remittance=f"<Ustrd>{typed} aandeel</Ustrd>"),
        "gift": camt_entry("25.00", name="J. MAES", remittance="<Ustrd>gift, doe zo voort!</Ustrd>"),
        "bank": camt_entry("7.50", side="DBIT", name="", remittance="<Ustrd>beheerskosten kwartaal</Ustrd>"),
    }
    entries = bring_entries(coop, *told.values())
    return Inbox(coop, people, claims, dict(zip(told, entries, strict=True)))


def shown(digits: str) -> str:
    """Write a communication as pages show it."""
    return format_communication(digits)


def some_id() -> uuid.UUID:
    """Return an id that belongs to nothing."""
    return uuid.uuid4()


def euro(text: str) -> Decimal:
    """Return an amount."""
    return Decimal(text)
