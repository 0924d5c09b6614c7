"""What the database writes as canonical text is to the letter what the actions write."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from coopcalc import chain as pure
from coopwerf.kernel import chain, relink
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.relink import Unfit, relinked
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions as ledger
from coopwerf.ledger.actions import Posting
from coopwerf.people import actions as people
from coopwerf.people import queries as people_queries
from coopwerf.people.states import Address, PartyKind
from coopwerf.register import actions
from coopwerf.register.actions import DecisionInput, SharesInput
from coopwerf.register.models import Decision, Particulars
from tests.cast import NOW
from tests.player.practice import practised

AWKWARD = 'Ann “\\Ni\u00f1a\\" \x7f O’Hé\u200d🦊 \u202fفاطمة <b>&amp;</b> \u2028 %(x)s {y}'


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> uuid.UUID:
    """Return a register of some hundred rows with every kind of row, names that need escapes, in many small windows."""
    monkeypatch.setattr(relink, "WINDOW", 37)
    coop_id = practised("Window")
    actions.fill_for_practice(
        actor=SYSTEM, now=NOW, coop_id=coop_id, members=60, first=dt.date(2020, 1, 1), last=dt.date(2024, 12, 31)
    )
    for kind, address in (
        (PartyKind.PERSON, None),
        (PartyKind.ORGANISATION, Address(AWKWARD, "1\\2", '"', "", "b", "BE")),
    ):
        party_id = people.register_party(
            actor=SYSTEM,
            now=NOW,
            kind=kind,
            family=AWKWARD,
            given="\\n",
            address=address,
            enterprise_no="BE0403019261" if address else "",
            language="fr",
            valid_from=dt.date(1999, 12, 31),
        )
        actions.record_admission(
            actor=SYSTEM,
            now=NOW,
            coop_id=coop_id,
            party_id=party_id,
            on=dt.date(2025, 1, 1),
            decision=DecisionInput(body="board", on=dt.date(2025, 1, 1), reference=AWKWARD),
            shares=[SharesInput(share_class="A", quantity=3, amount_per_share=Decimal("25.0125"), paid=Decimal("0"))],
        )
    whose = {"actor": SYSTEM, "now": NOW, "coop_id": coop_id}
    ledger.open_books(**whose, chart="be_mar", on=dt.date(2024, 1, 1))
    for number in range(3):
        one = {"party_id": party_id, "claim_id": uuid.uuid4(), "source_kind": "payments.entry", "source_id": party_id}
        money = {"paid": Decimal(number), "unpaid": Decimal("0.25")}
        shares = Posting(on=dt.date(2025, 1, 1), rule="shares_issued", amounts=money, **one)
        bank = Posting(on=dt.date(2025, 1, 1), rule="bank_in", amounts={"amount": Decimal("-1.10")})
        entries = ledger.post(**whose, postings=[shares, bank])
        ledger.reverse(**whose, entry_ids=entries)
    chain.seal(coop_id=coop_id, at=NOW)
    return coop_id


@pytest.mark.django_db
def test_both_ways_give_the_same_text(crowded: uuid.UUID) -> None:
    """Kind by kind: the text from SQL, and the text from Python of the same row; its hash is the one stored."""
    head = pure.Head.before_first(crowded)
    bodies: dict[int, str] = {}
    privates: dict[int, bytes] = {}
    with tenant(crowded):
        for model in chain.chained_models().values():
            rows = model._default_manager.filter(coop_id=crowded)  # type: ignore[misc]
            bodies.update({row.position: row.chain_body() for row in rows})
        for decision in Decision.objects.all():
            record = {"body": decision.body, "reference": decision.reference}
            privates[decision.position] = _private(decision.salt, record)
        for row in Particulars.objects.select_related("secret"):
            found = people_queries.record_of(row.name_id, row.address_id)
            assert found is not None
            privates[row.position] = _private(row.secret.salt, found)
        kinds = set()
        for position, link in enumerate(relinked(crowded), 1):
            head = head.after(link.text.decode())
            assert link.stored_hash.decode() == head.hash
            assert link.private == privates.get(position, b"")
            if position in bodies:
                assert f'"body":{bodies[position]},"kind":"' in link.text.decode()
            kinds.add(link.text.decode().rsplit('"kind":"', 1)[1].split('"')[0])
        assert str(head) == chain.head_of(crowded)
    written = {kind for kind, model in chain.chained_models().items() if model.BODY_SQL}
    assert written == {"decision", "journal", "member", "movement", "particulars", "standing"}
    assert kinds >= {*written, "audit", "class", "mandate"}


def _private(salt: str, record: dict[str, Any]) -> bytes:
    return pure.canonical({"record": record, "salt": salt}).encode()


FORGED = """
    INSERT INTO register_member (id, position, coop_id, number, party_id, party_kind)
    SELECT gen_random_uuid(), {}, coop_id, 999, party_id, party_kind FROM register_member LIMIT 1
"""
LAST_AUDIT = "SELECT row_id FROM kernel_chainlink WHERE kind = 'audit' ORDER BY position DESC LIMIT 1"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("deed", "code", "position"),
    [
        ("DELETE FROM register_movement WHERE position = 60", "row_missing", 60),
        ("UPDATE register_movement SET id = gen_random_uuid() WHERE position = 60", "row_missing", 60),
        (f"DELETE FROM kernel_auditentry WHERE id = ({LAST_AUDIT})", "row_missing", None),
        ("DELETE FROM kernel_chainlink WHERE position = 60", "position_gap", 60),
        ("UPDATE kernel_chainlink SET kind = 'dream' WHERE position = 60", "row_missing", 60),
        ("UPDATE register_movement SET position = 61 WHERE position = 60", "row_missing", 60),
        ("UPDATE register_movement SET position = 100000 WHERE position = 60", "row_missing", 60),
        (FORGED.format(60), "row_unlinked", 60),
        (FORGED.format(100000), "row_unlinked", 100000),
        (FORGED.format(-3), "row_unlinked", -3),
        ("UPDATE register_shareclassterms SET nominal = 'NaN'", "row_malformed", None),
    ],
)
def test_what_does_not_fit_is_named(
    crowded: uuid.UUID, behind_our_back: psycopg.Connection[Any], deed: str, code: str, position: int | None
) -> None:
    """A row that is gone, stands elsewhere, or that nobody linked, in any window."""
    kinds = behind_our_back.execute("SELECT kind FROM kernel_chainlink WHERE position IN (60, 61)").fetchall()
    if "register_movement" in deed and kinds[0][0] != "movement":
        deed, position = _elsewhere(behind_our_back, deed)
    try:
        behind_our_back.execute(deed.encode())
    except psycopg.errors.UniqueViolation:
        pytest.fail("choose another deed")
    with tenant(crowded), pytest.raises(Unfit) as unfit:
        list(relinked(crowded))
    assert unfit.value.code == code
    assert position is None or unfit.value.position == position


def _elsewhere(behind: psycopg.Connection[Any], deed: str) -> tuple[str, int]:
    """Do it to a movement whose neighbour is none."""
    found = behind.execute(
        """SELECT l.position FROM kernel_chainlink l JOIN kernel_chainlink n
           ON n.coop_id = l.coop_id AND n.position = l.position + 1
           WHERE l.kind = 'movement' AND n.kind <> 'movement' AND l.position > 50 ORDER BY 1 LIMIT 1"""
    ).fetchone()
    assert found is not None
    return deed.replace("60", str(found[0])).replace("= 61", f"= {found[0] + 1}"), found[0]
