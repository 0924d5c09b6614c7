"""Verify a register from nothing but its rows: recompute the chain, the commitments and what must hold in between.

No stored hash is trusted. The first broken position ends the reading of a chain, since nothing after it can be; what
doesn't add up in an unbroken chain is found in full.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, BinaryIO, Final

from coopcalc.chain import Head, commitment, genesis, instant, is_instant

from . import bodies, export
from .check import MESSAGES as CHECK_MESSAGES
from .check import Checker, Finding, MovementValues, StandingValues
from .fold import Rows
from .records import ClassTerms, Member, Movement, Particulars, Standing

CHAIN_MESSAGES: Final[Mapping[str, str]] = {
    "ancestor_beyond_end": "The head printed earlier is at position {asked}; this chain ends at {position}.",
    "ancestor_differs": "At position {position} this chain has another hash than the head printed earlier.",
    "body_malformed": "The link isn't what a link of kind “{kind}” must be.",
    "commitment_differs": "The private record isn't the one that was committed to.",
    "hash_differs": "The link and the chain before it don't have the hash that is stored: one of them was changed.",
    "head_differs": "The chain doesn't end in the head that its header names.",
    "line_malformed": "The line isn't a link, a hash and a private record with tabs between.",
    "links_missing": "The header promises {promised} links; this one and all after it are missing.",
    "links_unexpected": "The header promises {promised} links; this one is beyond them.",
    "not_canonical": "The link's text isn't in canonical form.",
    "not_text": "The line isn't UTF-8 text.",
    "position_gap": "Position {expected} should follow; the link says {found}.",
    "private_malformed": "The private record isn't in canonical form.",
    "time_backwards": "The link is dated before the one that it follows.",
    "private_unexpected": "There is a private record where none was committed to.",
}
MESSAGES: Final[Mapping[str, str]] = {**CHECK_MESSAGES, **CHAIN_MESSAGES}


class Broken(Exception):
    """The chain doesn't hold from a position on; `finding` says where and why."""

    def __init__(self, position: int, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.finding = Finding(position, code, facts)


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found. Members, shares and euros paid are over all dates, as known at the end.

    `entries` counts the entries of the ledger, `records` the private records that were there and fit, `erased` the
    commitments without one.
    """

    head: Head
    movements: int
    entries: int
    audit: int
    records: int
    erased: int
    members: int
    shares: Mapping[str, int]
    paid: Decimal
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Tell whether nothing was found."""
        return not self.findings

    @property
    def unbroken(self) -> bool:
        """Tell whether the chain itself holds, whatever its rows say."""
        return all(finding.code in CHECK_MESSAGES for finding in self.findings)


def message(finding: Finding) -> str:
    """Say in a sentence what a finding is."""
    return MESSAGES[finding.code].format(**{"position": finding.position, **finding.facts})


class Verifier:
    """Take a chain's links one by one, in order; `finish` gives the verification.

    With `rows`, what is read is put there as well, for a fold.
    """

    def __init__(self, coop_id: str, *, ancestor: Head | None = None, rows: Rows | None = None) -> None:
        self._heads: list[tuple[str, str]] = []
        self._moment = ""
        self._genesis = genesis(coop_id)
        self._digest = bytes.fromhex(self._genesis)
        self._position = 0
        self._ancestor = ancestor
        self._ancestor_position = -1 if ancestor is None else ancestor.position
        self._rows = rows
        self._checker = Checker()
        self._add_movement = self._checker.add_movement
        self._audit = 0
        self._records = 0
        self._erased = 0
        self._findings: list[Finding] = []
        self._met_ancestor()

    @property
    def head(self) -> Head:
        """Give the head recomputed so far."""
        return Head(self._position, self._digest.hex())

    def take(self, text: bytes, stored_hash: bytes, private: bytes = b"") -> None:
        """Take the next link: its text, the hash stored for it (hex), its private record where there is one.

        Raises Broken where the stored hash isn't the one that text and chain have: nothing after that can be judged.
        """
        position = self._position + 1
        digest = sha256(self._digest + text).digest()
        if digest.hex().encode() != stored_hash:
            raise self._mishashed(position, text)
        self._digest = digest
        self._position = position
        if position == self._ancestor_position:
            self._met_ancestor()
        try:
            words = text.decode()
        except UnicodeDecodeError:
            self._find(position, "not_text")
            return
        moment = words[7:34]
        if moment < self._moment:
            self._find(position, "time_backwards")
        self._moment = moment
        if self._rows is not None:
            self._heads.append((moment, digest.hex()))
        # The first letters of a body tell its kind apart: the time before them always takes the same room.
        start = words[45:49]
        if start == "amou" and (match := bodies.MOVEMENT.fullmatch(words)):
            values: Any = match.groups()
            if private or values[13] != str(position):
                self._placed(position, values[13], private)
            self._add_movement(position, values)
            if self._rows is not None:
                self._keep_movement(self._rows, position, values)
        elif start == "comm" and (match := bodies.PARTICULARS.fullmatch(words)):
            self._particulars(position, match.groups(), private)
        elif start == "aske" and (match := bodies.STANDING.fullmatch(words)):
            values = match.groups()
            if private or values[10] != str(position):
                self._placed(position, values[10], private)
            self._checker.add_standing(position, values)
            if self._rows is not None:
                self._keep_standing(self._rows, position, values)
        elif start == "auth" and (match := bodies.JOURNAL.fullmatch(words)):
            self._entry(position, match.groups(), private)
        elif start == 'id":' and (match := bodies.MEMBER.fullmatch(words)):
            self._member(position, match.groups(), private)
        elif start == "comm" and (match := bodies.DECISION.fullmatch(words)):
            self._decision(position, match.groups(), private)
        else:
            self._other(position, words, private)

    def finish(self, *, ended: Finding | None = None) -> Verification:
        """Judge the whole. `ended` says why no more links could be taken, where the chain broke."""
        if ended is not None:
            self._findings.append(ended)
        elif self._ancestor is not None and self._ancestor.position > self._position:
            self._find(self._position, "ancestor_beyond_end", asked=self._ancestor.position)
        findings = [*self._findings, *self._checker.finish()]
        findings.sort(key=lambda finding: finding.position)
        members, shares, paid = self._checker.totals()
        return Verification(
            head=self.head,
            movements=self._checker.movement_count,
            entries=self._checker.entry_count,
            audit=self._audit,
            records=self._records,
            erased=self._erased,
            members=members,
            shares=shares,
            paid=Decimal(paid).scaleb(-2),
            findings=tuple(findings),
        )

    def head_at(self, position: int) -> Head:
        """Give the head that was recomputed at a position up to the present one; only kept together with rows."""
        return Head(position, self._heads[position - 1][1]) if position else Head(0, self._genesis)

    def position_at(self, moment: datetime) -> int:
        """Find the last position that stood in the chain by a moment, 0 before the first; kept together with rows."""
        return bisect_right(self._heads, (instant(moment), "g"))

    def _met_ancestor(self) -> None:
        met = self._ancestor
        if met is not None and met.position == self._position and met.hash != self._digest.hex():
            self._find(self._position, "ancestor_differs")

    def _find(self, position: int, code: str, **facts: str | int) -> None:
        self._findings.append(Finding(position, code, facts))

    def _mishashed(self, position: int, text: bytes) -> Broken:
        """Tell a link that stands in the wrong place from one that was changed."""
        found = text[text.rfind(b":") + 1 : -1][:18]
        if found.isdigit() and int(found) != position:
            return Broken(position, "position_gap", expected=position, found=int(found))
        return Broken(position, "hash_differs")

    def _placed(self, position: int, found: str, private: bytes) -> None:
        if found != str(position):
            self._find(position, "position_gap", expected=position, found=int(found))
        if private:
            self._find(position, "private_unexpected")

    @staticmethod
    def _keep_movement(rows: Rows, position: int, values: MovementValues) -> None:
        amount, author, share_class, corrects, decision, row_id, kind, member, on, paid, pair, quantity, value, _ = (
            values
        )
        if day := _day(on):
            rows.movements.append(
                Movement(
                    position=position,
                    id=row_id,
                    member=member,
                    share_class=share_class,
                    kind=kind,
                    quantity=int(quantity),
                    amount_per_share=Decimal(amount),
                    paid=Decimal(paid),
                    on=day,
                    decision=decision,
                    pair=pair,
                    corrects=corrects,
                    value=None if value is None else Decimal(value),
                    author=author,
                )
            )

    @staticmethod
    def _keep_standing(rows: Rows, position: int, values: StandingValues) -> None:
        asked_on, author, decision, event, row_id, member, on, paid_on, reason, voids, _position = values
        if day := _day(on):
            rows.standings.append(
                Standing(
                    position=position,
                    id=row_id,
                    member=member,
                    event=event,
                    reason=reason,
                    on=day,
                    asked_on=_day(asked_on),
                    paid_on=_day(paid_on),
                    decision=decision,
                    voids=voids,
                    author=author,
                )
            )

    def _entry(self, position: int, parts: tuple[Any, ...], private: bytes) -> None:
        author, row_id, journal, lines, *rest = parts
        if private or rest[-1] != str(position):
            self._placed(position, rest[-1], private)
        self._checker.add_entry(position, (author, row_id, journal, *rest), bodies.JOURNAL_LINE.findall(lines))

    def _member(self, position: int, parts: tuple[str, ...], private: bytes) -> None:
        row_id, number, party, party_kind, found = parts
        self._placed(position, found, private)
        self._checker.add_member(position, row_id, int(number))
        if self._rows is not None:
            self._rows.members.append(
                Member(position=position, id=row_id, number=int(number), party=party, party_kind=party_kind)
            )

    def _particulars(self, position: int, parts: tuple[str, ...], private: bytes) -> None:
        committed, from_on, row_id, party, found = parts
        self._placed(position, found, b"")
        self._checker.add_particulars(position, row_id, from_on)
        record = self._record(position, committed, private)
        if self._rows is not None and (day := _day(from_on)):
            self._rows.particulars.append(
                Particulars(position=position, id=row_id, party=party, from_on=day, commitment=committed, record=record)
            )

    def _decision(self, position: int, parts: tuple[str, ...], private: bytes) -> None:
        committed, row_id, on, found = parts
        self._placed(position, found, b"")
        self._checker.add_decision(position, row_id, on)
        self._record(position, committed, private)

    def _other(self, position: int, text: str, private: bytes) -> None:
        try:
            link = bodies.read_canonical(text)
        except ValueError:
            self._find(position, "not_canonical")
            return
        at, body, kind, found = link.get("at"), link.get("body"), link.get("kind"), link.get("position")
        told = kind if isinstance(kind, str) else ""
        framed = len(link) == 4 and type(found) is int and isinstance(at, str) and is_instant(at)
        if not framed or not isinstance(body, dict) or not told or told in _STRICT:
            self._find(position, "body_malformed", kind=told[:40])
            return
        committed = body.get("commitment")
        self._placed(position, str(found), b"" if isinstance(committed, str) else private)
        if isinstance(committed, str):
            self._record(position, committed, private)
        if told == "audit":
            self._audit += 1
        elif told == "class":
            self._class(position, body)
        elif told == "mandate":
            for day in (body.get("from"), body.get("until")):
                if day is not None and _day(day) is None:
                    self._find(position, "date_invalid", date=str(day)[:40])

    def _class(self, position: int, body: Mapping[str, object]) -> None:
        class_id, code, from_on, terms = body.get("id"), body.get("code"), body.get("from"), body.get("terms")
        try:
            nominal, issue_price = _price(body.get("nominal")), _price(body.get("issue_price"))
            if not (isinstance(class_id, str) and isinstance(code, str) and isinstance(from_on, str)):
                raise TypeError("a class has an id, a code and a date")
        except (TypeError, InvalidOperation):
            self._find(position, "body_malformed", kind="class")
            return
        self._checker.add_class(position, class_id, code, from_on)
        if self._rows is not None and (day := _day(from_on)):
            self._rows.classes.append(
                ClassTerms(
                    position=position,
                    id=class_id,
                    code=code,
                    from_on=day,
                    nominal=nominal,
                    issue_price=issue_price,
                    terms=terms if isinstance(terms, dict) else {},
                )
            )

    def _record(self, position: int, committed: str, private: bytes) -> Mapping[str, object] | None:
        if not private:
            self._erased += 1
            return None
        record: Mapping[str, object] = {}
        try:
            text = private.decode()
            if (match := bodies.PRIVATE_PARTICULARS.fullmatch(text)) and self._rows is None:
                written, salt = match.groups()
            else:
                record, written, salt = bodies.read_private(text)
            computed = commitment(salt, written)
        except ValueError:
            self._find(position, "private_malformed")
            return None
        if computed != committed:
            self._find(position, "commitment_differs")
            return None
        self._records += 1
        return record


_STRICT: Final = frozenset({"movement", "standing", "member", "particulars", "decision", "journal"})


def _day(text: object) -> date | None:
    if not isinstance(text, str):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _price(value: object) -> Decimal | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError("an amount is text")
    return Decimal(value)


def verify_export(
    file: BinaryIO, *, ancestor: Head | None = None, rows: Rows | None = None
) -> tuple[export.Header, Verification, Verifier]:
    """Verify an exported register as a stream. Raises `export.Refused` for a file that isn't one."""
    lines = export.read_lines(file)
    header = export.read_header(next(lines, b""))
    verifier = Verifier(header.coop_id, ancestor=ancestor, rows=rows)
    ended: Finding | None = None
    take = verifier.take
    try:
        for line in lines:
            parts = line.split(b"\t")
            if len(parts) != 3 or not line.endswith(b"\n"):
                raise Broken(verifier.head.position + 1, "line_malformed")
            take(parts[0], parts[1], parts[2][:-1])
    except Broken as broken:
        ended = broken.finding
    head = verifier.head
    if ended is None and head.position != header.links:
        code = "links_missing" if head.position < header.links else "links_unexpected"
        ended = Finding(min(head.position, header.links) + 1, code, {"promised": header.links})
    elif ended is None and head != header.head:
        ended = Finding(head.position, "head_differs")
    return header, verifier.finish(ended=ended), verifier
