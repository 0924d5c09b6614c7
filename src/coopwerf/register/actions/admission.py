"""Deciding on requests for membership: many at once, in one transaction, under one decision."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings
from django.urls import reverse

from coopwerf.coops import queries as coops
from coopwerf.documents.actions import Wish, ask_documents
from coopwerf.kernel import chain, clock
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.messages.actions import LetterTo, send_letters
from coopwerf.people import queries as people
from coopwerf.people.states import clean_text

from .. import letters, policies, queries
from ..happenings import MemberAdmitted, RequestsDecided
from ..models import MembershipRequest, RequestEvent
from ..states import OPEN_REQUESTS, RequestState
from .batch import Batch, DecisionInput
from .members import Admitted, Applicants, SharesInput, admit_into
from .movements import issue_into
from .requests import move, shares_told

CERTIFICATE = "register.certificate"
AT_ONCE = 1000
LONGEST_EXPLANATION = 2000


@dataclasses.dataclass(frozen=True, slots=True)
class AdmittedMany:
    """Say what a decision made: the new members in order, and how many members took more shares."""

    members: tuple[Admitted, ...]
    more: int
    shares: int


@action(verb="register.requests_admitted")
def admit_requests(
    *, coop_id: uuid.UUID, request_ids: Sequence[uuid.UUID], decision: DecisionInput, actor: Actor, now: dt.datetime
) -> AdmittedMany:
    """Admit everybody of these requests from the day of the decision: number them, issue their shares, write to them.

    All or nothing. Members who asked for more shares get these. Raises Refused register.requests_decided where
    somebody else was first, register.requests_incomplete, register.decided_before_asked.
    """
    decision, rows = _begin(coop_id, request_ids, decision, actor=actor, now=now)
    incomplete = sum(row.state != RequestState.COMPLETE for row in rows)
    if incomplete:
        raise Refused("register.requests_incomplete", count=incomplete)
    # The chain is the last lock of all: whoever follows the decision above takes theirs before it.
    _announce(rows, decision.on, are_admitted=True)
    chain.lock(coop_id)
    batch = Batch(coop_id=coop_id, now=now, author=actor.party_id)
    decision_id = batch.decision(decision)
    new = [row.party_id for row in rows if row.party_id is not None and not row.takes_more]
    applicants = Applicants(batch, new, decision.on)
    admitted: dict[uuid.UUID, Admitted] = {}
    for row in rows:
        if row.takes_more:
            _issue(batch, row, decision.on, decision_id)
        else:
            admitted[row.id] = _admit(batch, applicants, row, decision_id)
    batch.write()
    for row in rows:
        if row.id in admitted:
            row.member_id = admitted[row.id].id
    MembershipRequest.objects.bulk_update([row for row in rows if row.id in admitted], ["member"], batch_size=500)
    _decided(rows, RequestState.ADMITTED, decision, decision_id, actor=actor, now=now)
    numbers = {one.id: one.number for one in admitted.values()}
    numbers.update((row.member.id, row.member.number) for row in rows if row.takes_more and row.member is not None)
    _write_to_members(rows, numbers, decision.on, now=now)
    shares = sum(row.quantity for row in rows)
    audit(
        "decision",
        decision_id,
        admitted=len(admitted),
        more=len(rows) - len(admitted),
        shares=shares,
        paid=sum((row.paid for row in rows), Decimal("0.00")),
        on=decision.on,
    )
    for row in rows:
        if row.id in admitted:
            assert row.party_id is not None
            one = admitted[row.id]
            announce(
                MemberAdmitted(
                    coop_id=coop_id, member_id=one.id, party_id=row.party_id, number=one.number, on=decision.on
                )
            )
    return AdmittedMany(tuple(admitted.values()), len(rows) - len(admitted), shares)


@action(verb="register.requests_refused")
def refuse_requests(
    *,
    coop_id: uuid.UUID,
    request_ids: Sequence[uuid.UUID],
    decision: DecisionInput,
    ground: str,
    explanation: str = "",
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Refuse these requests on an objective ground of the statutes, and write to everybody; return how many.

    `ground` is a code of the co-operative's rule `admission.grounds` on the day of the decision. Raises Refused
    register.ground_unknown, register.requests_decided.
    """
    decision, rows = _begin(coop_id, request_ids, decision, actor=actor, now=now)
    grounds = queries.grounds(coop_id, decision.on)
    if ground not in grounds:
        raise Refused("register.ground_unknown", path="ground")
    if len(explanation) > LONGEST_EXPLANATION:
        raise Refused("people.too_long", path="explanation", longest=LONGEST_EXPLANATION, length=len(explanation))
    explanation = "\n".join(
        clean_text(line, field="explanation", longest=LONGEST_EXPLANATION) for line in explanation.splitlines()
    ).strip()
    _announce(rows, decision.on, are_admitted=False)
    chain.lock(coop_id)
    batch = Batch(coop_id=coop_id, now=now, author=actor.party_id)
    decision_id = batch.decision(decision)
    batch.write()
    told_why = {"ground": ground, "explanation": explanation}
    _decided(rows, RequestState.REFUSED, decision, decision_id, actor=actor, now=now, **told_why)
    coop = coops.coop_facts(coop_id)
    written = []
    for row in rows:
        assert row.party_id is not None
        told = letters.RefusalLetter(
            coop=coop.name,
            asked_on=row.asked_on,
            on=decision.on,
            reference=decision.reference,
            ground=grounds[ground],
            explanation=explanation,
            paid=row.paid,
            takes_more=row.takes_more,
        )
        written.append(LetterTo(template=letters.REFUSAL, context=told, party_id=row.party_id))
    send_letters(actor=SYSTEM, now=now, coop_id=coop_id, letters=written)
    audit("decision", decision_id, refused=len(rows), ground=ground, on=decision.on)
    return len(rows)


def _announce(rows: Sequence[MembershipRequest], on: dt.date, *, are_admitted: bool) -> None:
    announce(
        RequestsDecided(
            coop_id=rows[0].coop_id,
            request_ids=tuple(row.id for row in rows),
            are_admitted=are_admitted,
            on=on,
        )
    )


def _begin(
    coop_id: uuid.UUID,
    request_ids: Sequence[uuid.UUID],
    decision: DecisionInput,
    *,
    actor: Actor,
    now: dt.datetime,
) -> tuple[DecisionInput, list[MembershipRequest]]:
    """Check who and when, lock the requests and see that all of them are still there to be decided."""
    today = clock.civil_date(now)
    policies.may_decide_requests(actor, coop_id, today).require()
    policies.fits_today(decision.on, today).require()
    reference = clean_text(decision.reference, field="reference", longest=200)
    if not reference:
        raise Refused("register.decision_without_reference", path="reference")
    wanted = frozenset(request_ids)
    if not wanted:
        raise Refused("register.nothing_chosen")
    if len(wanted) > AT_ONCE:
        raise Refused("register.too_many_chosen", most=AT_ONCE)
    rows = list(
        MembershipRequest.objects.select_for_update(of=("self",))
        .select_related("share_class", "member")
        .filter(coop_id=coop_id, id__in=wanted)
        .order_by("id")
    )
    decided = len(wanted) - sum(row.state in OPEN_REQUESTS for row in rows)
    if decided:
        raise Refused("register.requests_decided", count=decided)
    first = max(row.asked_on for row in rows)
    if first > decision.on:
        raise Refused("register.decided_before_asked", path="on", asked=first, on=decision.on)
    return DecisionInput(body=decision.body, on=decision.on, reference=reference), rows


def _admit(batch: Batch, applicants: Applicants, row: MembershipRequest, decision_id: uuid.UUID) -> Admitted:
    assert row.party_id is not None
    shares = []
    if row.share_class is not None:
        shares.append(
            SharesInput(
                share_class=row.share_class.code,
                quantity=row.quantity,
                amount_per_share=row.amount_per_share,
                paid=row.paid,
            )
        )
    return admit_into(
        batch,
        applicants=applicants,
        party_id=row.party_id,
        on=applicants.on,
        decision_id=decision_id,
        shares=shares,
        asked_on=row.asked_on,
        paid_on=row.paid_on,
    )


def _issue(batch: Batch, row: MembershipRequest, on: dt.date, decision_id: uuid.UUID) -> None:
    assert row.member_id is not None
    assert row.share_class is not None
    issue_into(
        batch,
        member_id=row.member_id,
        share_class=row.share_class.code,
        quantity=row.quantity,
        on=on,
        decision_id=decision_id,
        amount_per_share=row.amount_per_share,
        paid=row.paid,
    )


def _decided(
    rows: Sequence[MembershipRequest],
    state: RequestState,
    decision: DecisionInput,
    decision_id: uuid.UUID,
    *,
    actor: Actor,
    now: dt.datetime,
    ground: str = "",
    explanation: str = "",
) -> None:
    events = []
    for row in rows:
        move(row, state)
        events.append(
            RequestEvent(
                coop_id=row.coop_id,
                request=row,
                kind=state.value,
                on=decision.on,
                at=now,
                author_id=actor.party_id,
            )
        )
    MembershipRequest.objects.filter(id__in=[row.id for row in rows]).update(
        state=state.value,
        decided_at=now,
        decided_on=decision.on,
        decision_id=decision_id,
        reference=decision.reference,
        ground=ground,
        explanation=explanation,
    )
    RequestEvent.objects.bulk_create(events, batch_size=2000)


def _write_to_members(
    rows: Sequence[MembershipRequest], numbers: dict[uuid.UUID, int], on: dt.date, *, now: dt.datetime
) -> None:
    """Send everybody their welcome, or word of their new shares, with their certificate."""
    coop_id = rows[0].coop_id
    coop = coops.coop_facts(coop_id)
    word = coops.share_word(coop_id, on)
    languages = people.language_of([row.party_id for row in rows if row.party_id is not None])
    url = settings.BASE_URL + reverse("site:today", kwargs={"slug": coop.slug})
    wishes, written = [], []
    for row in rows:
        assert row.party_id is not None
        wishes.append(Wish(party_id=row.party_id, language=languages[row.party_id], params={"member": row.member_id}))
    certificates = ask_documents(actor=SYSTEM, now=now, coop_id=coop_id, kind=CERTIFICATE, wishes=wishes, as_of=on)
    for row, certificate in zip(rows, certificates, strict=True):
        assert row.party_id is not None
        assert row.member_id is not None
        written.append(
            LetterTo(
                template=letters.MORE_SHARES if row.takes_more else letters.WELCOME,
                context=letters.WelcomeLetter(
                    coop=coop.name, number=numbers[row.member_id], on=on, shares=shares_told(row, word), url=url
                ),
                party_id=row.party_id,
                attachments=[certificate],
            )
        )
    send_letters(actor=SYSTEM, now=now, coop_id=coop_id, letters=written)
