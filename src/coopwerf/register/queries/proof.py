"""The register as a chain of links, rebuilt from its rows as they now stand: to verify it, and to export it."""

import dataclasses
import uuid
from collections.abc import Iterator
from typing import Any

from coopcalc import chain as pure
from coopcalc.register.check import Finding
from coopcalc.register.export import Header, header_line, link_line
from coopcalc.register.verify import Broken, Verification, Verifier
from coopwerf.coops import queries as coops
from coopwerf.kernel import chain
from coopwerf.kernel.snapshot import snapshot
from coopwerf.people import queries as people

from ..models import Decision, Particulars
from .asof import ask

Rows = Iterator[tuple[int, uuid.UUID, str]]


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """A link rebuilt from its row: canonical text, the stored hash, the private record where there is one."""

    text: bytes
    stored_hash: bytes
    private: bytes


def links(coop_id: uuid.UUID) -> Iterator[Link]:
    """Yield the chain of a co-operative, every text rebuilt from the row that it is about, as a stream.

    Raises Broken at the first position without a row, or whose row stands elsewhere.
    """
    rows: dict[str, Rows] = {kind: chain.rows_of(model, coop_id) for kind, model in chain.chained_models().items()}
    rows[chain.AUDIT] = chain.audit_rows(coop_id)
    privates = {"decision": _decision_records(coop_id), "particulars": _particulars_records(coop_id)}
    expected = 0
    for expected, stored in enumerate(chain.stored_links(coop_id), start=1):
        position, kind = stored.position, stored.kind
        if position != expected:
            raise Broken(expected, "position_gap", expected=expected, found=position)
        found = _next(rows[kind], position, kind) if kind in rows else None
        if found is None or found[0] != position or found[1] != stored.row_id:
            raise Broken(position, "row_missing", kind=kind)
        text = pure.link_text(position=position, at=pure.instant(stored.at), kind=kind, body=found[2])
        private = next(privates[kind]) if kind in privates else b""
        yield Link(text.encode(), stored.hash.encode(), private)
    for kind, rest in rows.items():
        extra = _next(rest, expected, kind)
        if extra is not None:
            raise Broken(extra[0], "row_unlinked", kind=kind)


def _next(rows: Rows, position: int, kind: str) -> tuple[int, uuid.UUID, str] | None:
    try:
        return next(rows, None)
    except (ValueError, TypeError, KeyError):
        # A value that no action could have written has no canonical text.
        raise Broken(position, "row_malformed", kind=kind) from None


def _private(salt: str, record: dict[str, Any]) -> bytes:
    return pure.canonical({"record": record, "salt": salt}).encode()


def _decision_records(coop_id: uuid.UUID) -> Iterator[bytes]:
    rows = Decision.objects.filter(coop_id=coop_id).order_by("position").values_list("salt", "body", "reference")
    for salt, body, reference in rows.iterator(chunk_size=5000):
        yield _private(salt, {"body": body, "reference": reference})


def _particulars_records(coop_id: uuid.UUID) -> Iterator[bytes]:
    """Yield the private record of each row of particulars by position; empty where an erasure took name or salt."""
    rows = Particulars.objects.filter(coop_id=coop_id).order_by("position")
    chunk: list[tuple[uuid.UUID, uuid.UUID | None, str | None]] = []
    for name_id, address_id, salt in rows.values_list("name_id", "address_id", "secret__salt").iterator(
        chunk_size=5000
    ):
        chunk.append((name_id, address_id, salt))
        if len(chunk) == 5000:
            yield from _particulars_chunk(chunk)
            chunk = []
    yield from _particulars_chunk(chunk)


def _particulars_chunk(chunk: list[tuple[uuid.UUID, uuid.UUID | None, str | None]]) -> Iterator[bytes]:
    records = people.records_of([(name_id, address_id) for name_id, address_id, _salt in chunk])
    for name_id, address_id, salt in chunk:
        record = records.get((name_id, address_id))
        yield b"" if record is None or salt is None else _private(salt, record)


@dataclasses.dataclass(frozen=True, slots=True)
class Proof:
    """What verifying a register in the database found."""

    verification: Verification
    unsealed: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Tell whether everything holds."""
        return not self.findings


def verify(coop_id: uuid.UUID, ancestor: pure.Head | None = None) -> Proof:
    """Recompute the chain from the rows, every commitment, what must hold between them, and the derived totals.

    `ancestor` is a head printed earlier that must stand in this chain.
    """
    with snapshot():
        return _verify(coop_id, ancestor)


def _verify(coop_id: uuid.UUID, ancestor: pure.Head | None) -> Proof:
    verifier = Verifier(str(coop_id), ancestor=ancestor)
    ended: Finding | None = None
    try:
        for link in links(coop_id):
            verifier.take(link.text, link.stored_hash, link.private)
    except Broken as broken:
        ended = broken.finding
    if ended is None and chain.stored_head(coop_id) != str(verifier.head):
        ended = Finding(verifier.head.position, "head_differs")
    verification = verifier.finish(ended=ended)
    findings = [*verification.findings, *_missing_records(coop_id), *_wrong_codes(coop_id), *_wrong_days(coop_id)]
    return Proof(
        verification=verification,
        unsealed=chain.unsealed(coop_id),
        findings=tuple(sorted(findings, key=lambda finding: finding.position)),
    )


def _missing_records(coop_id: uuid.UUID) -> list[Finding]:
    """Find names, addresses and salts that are gone, or were given to somebody else, although nobody was erased."""
    rows = ask(
        """
        SELECT p.position FROM register_particulars p
        JOIN people_party y ON y.id = p.party_id
        LEFT JOIN register_particularssalt s ON s.particulars_id = p.id
        LEFT JOIN people_partyname n ON n.id = p.name_id
        LEFT JOIN people_partyaddress a ON a.id = p.address_id
        WHERE p.coop_id = %(coop)s AND y.erased_at IS NULL
          AND (s.salt IS NULL OR n.id IS NULL OR (p.address_id IS NOT NULL AND a.id IS NULL)
               OR n.party_id <> p.party_id OR a.party_id <> p.party_id)
        ORDER BY p.position LIMIT 20
        """,
        coop=coop_id,
    )
    return [Finding(row[0], "record_missing") for row in rows]


def _wrong_codes(coop_id: uuid.UUID) -> list[Finding]:
    """Find classes whose code isn't the one in their terms, or that are gone."""
    rows = ask(
        """
        SELECT t.position, t.code
        FROM register_shareclassterms t LEFT JOIN register_shareclass k ON k.id = t.share_class_id
        WHERE t.coop_id = %(coop)s AND k.code IS DISTINCT FROM t.code ORDER BY t.position LIMIT 20
        """,
        coop=coop_id,
    )
    return [Finding(row[0], "class_code_differs", {"share_class": row[1]}) for row in rows]


def _wrong_days(coop_id: uuid.UUID) -> list[Finding]:
    """Find days whose derived totals aren't the sum of their rows."""
    rows = ask(
        """
        WITH added AS (
            SELECT "on", share_class_id, sum(quantity) AS shares, sum(paid) AS paid, 0 AS members, 0 AS ended
            FROM register_movement WHERE coop_id = %(coop)s GROUP BY "on", share_class_id
            UNION ALL
            SELECT "on", NULL, 0, 0.00,
                   sum((CASE event WHEN 'admitted' THEN 1 ELSE -1 END)
                       * (CASE WHEN voids_id IS NULL THEN 1 ELSE -1 END)),
                   sum((CASE event WHEN 'ended' THEN 1 ELSE 0 END) * (CASE WHEN voids_id IS NULL THEN 1 ELSE -1 END))
            FROM register_standing WHERE coop_id = %(coop)s GROUP BY "on"
        )
        SELECT coalesce(a."on", d."on")
        FROM added a
        FULL JOIN (SELECT * FROM register_daytotal WHERE coop_id = %(coop)s) d
          ON d."on" = a."on" AND d.share_class_id IS NOT DISTINCT FROM a.share_class_id
        WHERE (coalesce(a.shares, 0), coalesce(a.paid, 0), coalesce(a.members, 0), coalesce(a.ended, 0))
           IS DISTINCT FROM (coalesce(d.shares, 0), coalesce(d.paid, 0), coalesce(d.members, 0), coalesce(d.ended, 0))
        ORDER BY 1 LIMIT 20
        """,
        coop=coop_id,
    )
    return [Finding(0, "day_total_differs", {"on": row[0].isoformat()}) for row in rows]


MESSAGES = {
    "class_code_differs": "The class has another code than “{share_class}” in its terms.",
    "day_total_differs": "The derived totals of {on} aren't the sum of the rows of that day.",
    "record_missing": "A name, address or salt is gone, or was given to somebody else, although nobody was erased.",
    "row_malformed": "The row of kind “{kind}” that stands here holds a value that nobody could have recorded.",
    "row_missing": "The row of kind “{kind}” that stood here is gone, or stands elsewhere.",
    "row_unlinked": "A row of kind “{kind}” stands in the register without a link in the chain.",
}


def export(coop_id: uuid.UUID) -> Iterator[bytes]:
    """Yield the lines of the export file of a register, which `python -m coopcalc.register verify` checks.

    The caller holds a snapshot, so that the header and all that follows are of one moment.
    """
    coop = coops.coop_facts(coop_id)
    head = pure.Head.parse(chain.head_of(coop_id))
    yield header_line(Header(str(coop.id), coop.slug, coop.name, head, head.position))
    for link in links(coop_id):
        yield link_line(link.text.decode(), link.stored_hash.decode(), link.private.decode())
