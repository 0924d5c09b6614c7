"""Registers made up for tests: a book that writes rows as the application does, and exports them."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from coopcalc import chain, register

COOP = "6f1c2b7e-0d1e-4c55-9a53-0a4f6c1de001"
NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
ZERO = Decimal("0.00")


@dataclass
class Book:
    """A register in the making: every call adds a link, and gives the id of its row."""

    coop: str = COOP
    links: list[tuple[str, str]] = field(default_factory=list)
    ids: int = 0
    at: dt.datetime = NOON

    def new_id(self) -> str:
        self.ids += 1
        return str(uuid.UUID(int=(0xC0FFEE << 96) + self.ids))

    def link(self, kind: str, body: str, private: str = "") -> None:
        moment = self.at + dt.timedelta(microseconds=len(self.links))
        text = chain.link_text(position=len(self.links) + 1, at=moment, kind=kind, body=body)
        self.links.append((text, private))

    def share_class(
        self, code: str = "A", *, price: str = "25", from_on: str = "2010-01-01", class_id: str | None = None
    ) -> str:
        class_id = class_id or self.new_id()
        amount = Decimal(price)
        self.link(
            "class",
            register.class_body(
                id=class_id, code=code, from_on=day(from_on), nominal=amount, issue_price=amount, terms={"votes": 1}
            ),
        )
        return class_id

    def decision(self, on: str = "2020-01-01", reference: str = "RvB 1") -> str:
        decision, record, salt = self.new_id(), {"body": "board", "reference": reference}, f"{self.ids:032x}"
        body = register.decision_body(id=decision, on=day(on), commitment=chain.commitment(salt, record))
        self.link("decision", body, register.private_text(record=record, salt=salt))
        return decision

    def member(self, number: int, name: str = "", *, kind: str = "person", from_on: str = "2020-01-01") -> str:
        member, party = self.new_id(), self.new_id()
        self.link("member", register.member_body(id=member, number=number, party=party, party_kind=kind))
        self.particulars(party, name or f"Member {number}", kind=kind, from_on=from_on)
        return member

    def particulars(
        self,
        party: str,
        name: str,
        *,
        kind: str = "person",
        from_on: str = "2020-01-01",
        domicile: Mapping[str, str | None] | None = None,
    ) -> None:
        address = domicile or {
            "street": "Kerkstraat",
            "number": "1",
            "box": None,
            "postcode": "1000",
            "town": "Brussel",
            "country": "BE",
        }
        record = {"name": name, "kind": kind, "domicile": dict(address), "enterprise_no": None}
        row, salt = self.new_id(), f"{self.ids:032x}"
        body = register.particulars_body(
            id=row, party=party, from_on=day(from_on), commitment=chain.commitment(salt, record)
        )
        self.link("particulars", body, register.private_text(record=record, salt=salt))

    def standing(
        self, member: str, event: str, on: str, *, decision: str | None = None, voids: str | None = None
    ) -> str:
        row = self.new_id()
        body = register.standing_body(
            id=row,
            member=member,
            event=event,
            reason="request",
            on=day(on),
            asked_on=day(on),
            paid_on=None,
            decision=decision,
            voids=voids,
        )
        self.link("standing", body)
        return row

    def admit(self, number: int, on: str = "2020-01-01", *, name: str = "", kind: str = "person") -> str:
        member = self.member(number, name, kind=kind, from_on=on)
        self.standing(member, "admitted", on)
        return member

    def move(
        self,
        member: str,
        share_class: str,
        kind: str,
        quantity: int,
        paid: str | int,
        on: str,
        *,
        amount: str = "25",
        pair: str | None = None,
        corrects: str | None = None,
        decision: str | None = None,
    ) -> str:
        row = self.new_id()
        body = register.movement_body(
            id=row,
            member=member,
            share_class=share_class,
            kind=kind,
            quantity=quantity,
            amount_per_share=Decimal(amount),
            paid=Decimal(paid),
            on=day(on),
            decision=decision,
            pair=pair,
            corrects=corrects,
        )
        self.link("movement", body)
        return row

    def transfer(self, giver: str, taker: str, share_class: str, quantity: int, on: str, amount: str = "25") -> None:
        pair, paid = self.new_id(), Decimal(amount) * quantity
        self.move(giver, share_class, "transfer_out", -quantity, str(-paid), on, pair=pair, amount=amount)
        self.move(taker, share_class, "transfer_in", quantity, str(paid), on, pair=pair, amount=amount)

    def entry(
        self, lines: Mapping[str, str], *, journal: str = "bank", number: int = 1, reverses: str | None = None
    ) -> str:
        """Write an entry of the ledger: amounts by account, debit positive."""
        row_id = self.new_id()
        written = [
            register.journal_line(account=account, amount=Decimal(amount), party=None, claim=None)
            for account, amount in lines.items()
        ]
        body = register.journal_body(
            id=row_id,
            journal=journal,
            number=number,
            on=day("2026-03-02"),
            rule="bank_in",
            source_kind="payments.entry",
            source=row_id,
            reverses=reverses,
            author=None,
            lines=written,
        )
        self.link("journal", body)
        return row_id

    def audit(self, verb: str = "register.admitted") -> None:
        body = {"id": self.new_id(), "verb": verb, "at": chain.instant(self.at), "actor": None, "facts": {"count": 1}}
        self.link("audit", chain.canonical(body))

    def head(self) -> chain.Head:
        head = chain.Head.before_first(self.coop)
        for text, _private in self.links:
            head = head.after(text)
        return head

    def export(self) -> bytes:
        return export(self.coop, self.links)

    def verify(self, ancestor: chain.Head | None = None) -> register.Verification:
        return register.verify_export(BytesIO(self.export()), ancestor=ancestor)[1]

    def rows(self) -> register.Rows:
        rows = register.Rows()
        register.verify_export(BytesIO(self.export()), rows=rows)
        return rows

    def fold(self, at: str, known: int | None = None) -> register.Register:
        return register.fold(self.rows(), at=day(at), known=known)

    def write(self, path: Path) -> Path:
        path.write_bytes(self.export())
        return path


def export(coop: str, links: list[tuple[str, str]]) -> bytes:
    """Export links with the hashes that they have, so that a test may tamper before or after."""
    head = chain.Head.before_first(coop)
    lines: list[bytes] = []
    for text, private in links:
        head = head.after(text)
        lines.append(register.link_line(text, head.hash, private))
    header = register.header_line(register.Header(coop, "de-werf", "De Werf", head, len(links)))
    return header + b"".join(lines)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def big_book(members: int, movements_each: int = 3) -> Book:
    """Make a valid register of any size: admissions with shares, payments on them, transfers and leavers."""
    book = Book()
    share_class = book.share_class()
    decision = book.decision()
    ids = [book.admit(number, f"2020-01-{number % 28 + 1:02d}") for number in range(1, members + 1)]
    for turn in range(movements_each):
        for index, member in enumerate(ids):
            on = f"202{1 + turn}-0{index % 9 + 1}-15"
            book.move(member, share_class, "issue", 2, "50" if index % 5 else "25", on, decision=decision)
            if index % 10 == 0:
                book.audit()
    return book
