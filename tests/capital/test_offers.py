"""Setting up an offer: what it lacks, what may still change, what stays for ever."""

import dataclasses
import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from coopwerf.capital import actions, policies, queries
from coopwerf.capital.actions import offers as offer_actions
from coopwerf.capital.models import OfferVersion
from coopwerf.capital.queries import OfferWords
from coopwerf.capital.states import OfferState, Regime
from coopwerf.coops import queries as coops
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.register import actions as register
from tests.cast import NOW, TODAY, Cast
from tests.register.asking import asked
from tests.register.test_register import party

from .offering import DUTCH, FRENCH, IBAN, act, drafted, facts, opened, terms_of, with_shares, written

pytestmark = pytest.mark.django_db
BOARD = register.DecisionInput(body="board", on=TODAY, reference="this board, item 4")


@pytest.fixture
def wolken(wolkenwerf: Cast) -> Cast:
    """Return Wolkenwerf with a class A of 50 euro."""
    with_shares(wolkenwerf)
    return wolkenwerf


def lacking(cast: Cast, offer_id: object) -> list[str]:
    """Return the codes of what an offer lacks."""
    offer = facts(cast, offer_id)  # type: ignore[arg-type]
    with tenant(cast.id):
        law, room = queries.law_of(cast.id, offer.regime, TODAY), queries.room(offer, TODAY)
        found = policies.hindrances(offer, coops.coop_facts(cast.id), law, room, TODAY)
    return [one.verdict.code for one in found]


def issued(cast: Cast, family: str, shares: int, on: dt.date = TODAY) -> None:
    """Admit somebody with so many shares."""
    register.record_admission(
        actor=cast.secretary.actor,
        now=NOW,
        coop_id=cast.id,
        party_id=party(cast, family, "Lid"),
        on=on,
        decision=BOARD,
        shares=[register.SharesInput(share_class="A", quantity=shares)],
    )


def test_a_draft_begins_with_what_suits_most_and_says_what_it_lacks(wolken: Cast) -> None:
    """Every class, the law's amounts, today; then account, statutes and texts are still to be told."""
    offer_id = drafted(wolken)
    offer = facts(wolken, offer_id)
    assert (offer.state, offer.regime, offer.slug) == (
        OfferState.DRAFT,
        Regime.SMALL,
        "mail-en-cloud-waar-je-zelf-eigenaar",
    )
    assert (offer.ceiling, offer.per_person) == (Decimal("500000.00"), Decimal("5000.00"))
    assert [one.code for one in offer.classes] == ["A"]
    assert lacking(wolken, offer_id) == [
        "capital.no_bank_account",
        "capital.no_statutes_version",
        *["capital.untold"] * 5,
        "capital.no_statutes_text",
    ]
    with pytest.raises(Refused, match=r"capital\.not_ready"):
        actions.open_offer(**act(wolken), offer_id=offer_id)


def test_a_whole_offer_opens_pauses_opens_again_and_closes(wolken: Cast) -> None:
    """Each step leaves one entry in the trail; nothing leads out of closed."""
    offer_id = written(wolken)
    assert lacking(wolken, offer_id) == []
    actions.open_offer(**act(wolken), offer_id=offer_id)
    assert facts(wolken, offer_id).takes(TODAY)
    actions.pause_offer(**act(wolken), offer_id=offer_id)
    assert not facts(wolken, offer_id).takes(TODAY)
    actions.open_offer(**act(wolken), offer_id=offer_id)
    actions.close_offer(**act(wolken), offer_id=offer_id)
    with pytest.raises(Refused, match=r"capital\.state"):
        actions.open_offer(**act(wolken), offer_id=offer_id)
    with pytest.raises(Refused, match=r"capital\.offer_closed"):
        actions.change_offer(**act(wolken), offer_id=offer_id, terms=terms_of(facts(wolken, offer_id)))
    with tenant(wolken.id):
        told = AuditEntry.objects.filter(subject_id=offer_id, verb__startswith="capital.").order_by("id")
        verbs = list(told.values_list("verb", flat=True))
    assert verbs[-4:] == [
        "capital.offer_opened",
        "capital.offer_paused",
        "capital.offer_opened",
        "capital.offer_closed",
    ]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"classes": ()}, "capital.no_class"),
        ({"iban": ""}, "capital.no_bank_account"),
        ({"regime": Regime.FEW}, "capital.few_not_public"),
        ({"regime": Regime.NOTE}, "capital.no_paper"),
        ({"per_person": None}, "capital.per_person_above_law"),
        ({"per_person": Decimal("5000.01")}, "capital.per_person_above_law"),
        ({"per_person": Decimal("49.00")}, "capital.price_above_person"),
        ({"ceiling": Decimal("500000.01")}, "capital.ceiling_above_law"),
        ({"opens_on": dt.date(2026, 1, 1), "closes_on": dt.date(2026, 11, 1)}, "capital.closes_in_past"),
        ({"languages": ("fr",)}, "capital.language_of_coop"),
        ({"languages": ("nl", "fr", "en")}, "capital.untold"),
    ],
)
def test_what_keeps_an_offer_from_opening(wolken: Cast, terms: dict[str, object], code: str) -> None:
    """Each reason is told by itself, and its way out with it."""
    offer_id = written(wolken)
    actions.change_offer(**act(wolken), offer_id=offer_id, terms=terms_of(facts(wolken, offer_id), **terms))
    assert code in lacking(wolken, offer_id)
    with pytest.raises(Refused):
        actions.open_offer(**act(wolken), offer_id=offer_id)
    assert facts(wolken, offer_id).state is OfferState.DRAFT


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"iban": "BE71 0961 2345 6760"}, "capital.iban_wrong"),
        ({"slug": "Een rek"}, "capital.slug_wrong"),
        ({"slug": "new"}, "capital.slug_wrong"),
        ({"languages": ()}, "capital.language_unknown"),
        ({"languages": ("nl", "de")}, "capital.language_unknown"),
        ({"ceiling": Decimal(0)}, "capital.amount_out_of_bounds"),
        ({"target": Decimal("0.001")}, "capital.amount_out_of_bounds"),
        ({"target": Decimal("200000.01")}, "capital.target_above_ceiling"),
        ({"closes_on": dt.date(2020, 1, 1)}, "capital.dates_turned"),
        ({"payment_days": 0}, "capital.payment_days"),
        ({"classes": ("A", "Q")}, "capital.class_unknown"),
        ({"holder": "x" * 71}, "capital.text_too_long"),
    ],
)
def test_terms_that_cannot_be_meant(wolken: Cast, terms: dict[str, object], code: str) -> None:
    """They are refused when they are written, and nothing is kept of them."""
    offer_id = written(wolken)
    before = facts(wolken, offer_id)
    with pytest.raises(Refused, match=code):
        actions.change_offer(**act(wolken), offer_id=offer_id, terms=terms_of(before, **terms))
    assert facts(wolken, offer_id) == before


def test_only_a_taken_address_is_told_as_one(wolken: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else the database refuses isn't the address: nobody is sent to look for another one in vain."""
    offer_id = written(wolken)
    monkeypatch.setattr(offer_actions, "_checked", lambda terms: terms.iban)
    with pytest.raises(IntegrityError, match="capital_offer_payment_days"), transaction.atomic():
        actions.change_offer(**act(wolken), offer_id=offer_id, terms=terms_of(facts(wolken, offer_id), payment_days=0))


def test_two_offers_do_not_share_an_address(wolken: Cast) -> None:
    """The second of a name gets a number; asking for a taken one is refused."""
    written(wolken)
    other = drafted(wolken)
    with pytest.raises(Refused, match=r"capital\.slug_taken"):
        actions.change_offer(**act(wolken), offer_id=other, terms=terms_of(facts(wolken, other), slug="rek"))
    assert facts(wolken, drafted(wolken)).slug.endswith("-2")


def test_what_people_rely_on_stays_once_it_is_open(wolken: Cast) -> None:
    """Until when, how much and how long one has to pay may change; account, classes, address and first day not."""
    offer_id = opened(wolken)
    with_shares(wolken, "B", "250.00")
    told = facts(wolken, offer_id)
    kept = (
        {"slug": "ander-rek"},
        {"iban": "NL91 ABNA 0417 1643 00"},
        {"opens_on": TODAY + dt.timedelta(days=1)},
        {"classes": ("A", "B")},
        {"languages": ("nl",)},
        {"regime": Regime.NOTE, "paper": "x"},
    )
    for other in kept:
        with pytest.raises(Refused, match=r"capital\.open_keeps"):
            actions.change_offer(**act(wolken), offer_id=offer_id, terms=terms_of(told, **other))
    actions.change_offer(
        **act(wolken),
        offer_id=offer_id,
        terms=terms_of(told, ceiling=Decimal(300_000), closes_on=dt.date(2027, 8, 31), payment_days=30),
    )
    assert facts(wolken, offer_id).ceiling == Decimal("300000.00")
    with pytest.raises(Refused, match=r"capital\.ceiling_above_law"):
        actions.change_offer(**act(wolken), offer_id=offer_id, terms=terms_of(told, ceiling=Decimal(500_001)))


def test_new_texts_wait_until_they_are_published_and_old_ones_stay(wolken: Cast) -> None:
    """Who subscribed to version 1 can read it for ever; nobody can change it, not even past the application."""
    offer_id = opened(wolken)
    first = facts(wolken, offer_id).version
    assert (first.number, first.published_at) == (1, NOW)
    actions.write_texts(
        **act(wolken), offer_id=offer_id, language="nl", words=dataclasses.replace(DUTCH, risk_sentence="Ik weet het.")
    )
    waiting = facts(wolken, offer_id)
    assert waiting.version == first
    assert waiting.pending is not None
    assert (waiting.pending.number, waiting.pending.published_at) == (2, None)
    assert waiting.pending.texts["fr"] == FRENCH
    assert actions.publish_texts(**act(wolken), offer_id=offer_id) == 2
    now = facts(wolken, offer_id)
    assert (now.version.number, now.pending) == (2, None)
    with tenant(wolken.id):
        told = queries.version_facts(wolken.id, first.id)
        assert told is not None
        assert told.texts["nl"].risk_sentence == DUTCH.risk_sentence
        with pytest.raises(DatabaseError), transaction.atomic():
            OfferVersion.objects.filter(id=first.id).update(texts={})
        with pytest.raises(DatabaseError), transaction.atomic():
            OfferVersion.objects.filter(id=first.id).delete()
    with pytest.raises(Refused, match=r"capital\.nothing_pending"):
        actions.publish_texts(**act(wolken), offer_id=offer_id)


def test_half_a_text_is_not_published(wolken: Cast) -> None:
    """A language that lacks something keeps the new version back; the page goes on with the old one."""
    offer_id = opened(wolken)
    actions.write_texts(**act(wolken), offer_id=offer_id, language="fr", words=OfferWords(title="Seulement un titre"))
    with pytest.raises(Refused, match=r"capital\.untold"):
        actions.publish_texts(**act(wolken), offer_id=offer_id)
    assert facts(wolken, offer_id).words("fr").title == FRENCH.title


def test_only_a_draft_can_be_deleted(wolken: Cast) -> None:
    """What nobody could read goes; what was open stays."""
    actions.delete_draft(**act(wolken), offer_id=drafted(wolken))
    offer_id = opened(wolken)
    with pytest.raises(Refused, match=r"capital\.only_draft"):
        actions.delete_draft(**act(wolken), offer_id=offer_id)
    with tenant(wolken.id):
        assert [one.id for one in queries.offers(wolken.id, TODAY)] == [offer_id]


def test_who_manages_no_offers_does_nothing(wolken: Cast, nederwerf: Cast) -> None:
    """A director, an auditor and the chair of another co-operative are refused; the treasurer isn't."""
    offer_id = written(wolken)
    for somebody in (wolken.director, wolken.auditor, nederwerf.chair):
        who = {"actor": somebody.actor, "now": NOW, "coop_id": wolken.id}
        with pytest.raises(Refused, match=r"coops\.lacks_power"):
            actions.open_offer(**who, offer_id=offer_id)
        with pytest.raises(Refused, match=r"coops\.lacks_power"):
            actions.draft_offer(**who, title="Mijn aanbod", language="nl")
    with pytest.raises(Refused, match=r"capital\.offer_gone"):
        actions.open_offer(actor=nederwerf.chair.actor, now=NOW, coop_id=nederwerf.id, offer_id=offer_id)


def test_a_dutch_co_operative_offers_under_its_own_law(nederwerf: Cast) -> None:
    """There is no small offer in the Netherlands that we know of: an information document, with its reference."""
    with_shares(nederwerf)
    offer_id = actions.draft_offer(
        actor=nederwerf.chair.actor, now=NOW, coop_id=nederwerf.id, title="Een dak", language="nl"
    )
    offer = facts(nederwerf, offer_id)
    assert (offer.regime, offer.ceiling, offer.per_person) == (Regime.NOTE, Decimal("5000000.00"), None)
    assert "capital.no_paper" in lacking(nederwerf, offer_id)


def test_the_ceiling_counts_what_was_issued_before(wolken: Cast) -> None:
    """With 100,000 issued in the last twelve months an offer can bring in 400,000 more; a year later all of it."""
    for number in range(20):
        issued(wolken, f"Lid{number}", 100, TODAY - dt.timedelta(days=30))
    offer_id = written(wolken)
    actions.change_offer(
        **act(wolken), offer_id=offer_id, terms=terms_of(facts(wolken, offer_id), ceiling=Decimal("400000.01"))
    )
    assert lacking(wolken, offer_id) == ["capital.ceiling_above_law"]
    actions.change_offer(
        **act(wolken), offer_id=offer_id, terms=terms_of(facts(wolken, offer_id), ceiling=Decimal("400000.00"))
    )
    actions.open_offer(**act(wolken), offer_id=offer_id)
    with tenant(wolken.id):
        room = queries.room(facts(wolken, offer_id), TODAY)
    assert room is not None
    assert room.room_on == dt.date(2027, 10, 24)


def test_what_an_offer_brings_in_counts_once_and_gives_room_back(wolken: Cast) -> None:
    """Asked for counts; withdrawn gives room back; admitted counts as issued and not twice."""
    offer_id = opened(wolken, ceiling=Decimal("10000.00"), target=None)
    request = asked(wolken, "Noor", 60, "")
    offer = facts(wolken, offer_id)
    with tenant(wolken.id):
        room, progress = queries.room(offer, TODAY), queries.progress(offer)
    assert room is not None
    assert (progress.unpaid, progress.paid, progress.people) == (Decimal("3000.00"), Decimal("0.00"), 1)
    assert room.requested == Decimal("3000.00")
    register.record_request_payment(
        actor=wolken.secretary.actor, now=NOW, coop_id=wolken.id, request_id=request.id, amount=Decimal(3000), on=TODAY
    )
    register.admit_requests(
        actor=wolken.chair.actor, now=NOW, coop_id=wolken.id, request_ids=[request.id], decision=BOARD
    )
    second = asked(wolken, "Omar", 100, "")
    with tenant(wolken.id):
        room, progress = queries.room(offer, TODAY), queries.progress(offer)
    assert room is not None
    assert (progress.admitted, progress.unpaid, progress.people) == (Decimal("3000.00"), Decimal("5000.00"), 2)
    assert (room.left, room.admitted, room.requested) == (Decimal("2000.00"), Decimal("3000.00"), Decimal("5000.00"))
    verdict = policies.fits_room(room, Decimal("2050.00"))
    assert verdict.code == "capital.room_ceiling"
    register.withdraw_request(actor=wolken.secretary.actor, now=NOW, coop_id=wolken.id, request_id=second.id)
    with tenant(wolken.id):
        again = queries.room(offer, TODAY)
    assert again is not None
    assert again.left == Decimal("5000.00")


@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_once(wolken: Cast) -> None:
    """Both press the button at the same instant: one opens it, the other is told that it changed."""
    offer_id = written(wolken)
    told: list[str] = []
    gate = threading.Barrier(2)

    def press() -> None:
        gate.wait(10)
        try:
            actions.open_offer(**act(wolken), offer_id=offer_id)
            told.append("opened")
        except Refused as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    people = [threading.Thread(target=press) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(told) == ["capital.state", "opened"]
    assert IBAN.replace(" ", "") == facts(wolken, offer_id).iban
