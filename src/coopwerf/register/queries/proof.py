"""The register as a chain of links, rebuilt from its rows as they now stand: to verify it, and to export it."""

import dataclasses
import uuid
from collections.abc import Iterator

from coopcalc import chain as pure
from coopcalc.register.check import Finding
from coopcalc.register.export import Header, header_line, link_line
from coopcalc.register.verify import Broken, Verification, Verifier
from coopwerf.coops import queries as coops
from coopwerf.kernel import chain
from coopwerf.kernel.relink import Relinked, Unfit, relinked
from coopwerf.kernel.snapshot import snapshot

from .asof import ask


def links(coop_id: uuid.UUID) -> Iterator[Relinked]:
    """Yield the chain of a co-operative, every text rebuilt from the row that it is about, as a stream.

    Raises Broken at the first position without a row, or whose row stands elsewhere.
    """
    try:
        yield from relinked(coop_id)
    except Unfit as unfit:
        raise Broken(unfit.position, unfit.code, **unfit.facts) from None


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
        # What is only counted up from the rows has no position of its own, and comes after the row that broke it.
        findings=tuple(sorted(findings, key=lambda finding: (finding.position == 0, finding.position))),
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
