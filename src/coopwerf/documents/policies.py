"""Who may ask for a document, and who may have it."""

import datetime as dt

from coopwerf.kernel.actor import Actor
from coopwerf.kernel.verdict import Verdict, allow, refuse

from .papers.kinds import Wanted, known_kinds
from .queries import DocumentFacts
from .states import DocumentState


def may_ask(actor: Actor, kind: str, wanted: Wanted, on: dt.date) -> Verdict:
    """Say whether an actor may ask for a document: the installation itself may, others as its kind says."""
    if kind not in known_kinds():
        return refuse("documents.unknown_kind", kind=kind)
    if actor.is_system:
        return allow()
    if not actor.is_person:
        return refuse("kernel.not_signed_in")
    return known_kinds()[kind].may_ask(actor, wanted, on)


def may_read(actor: Actor, document: DocumentFacts, on: dt.date) -> Verdict:
    """Say whether an actor may have a document: whom it concerns, and whom its kind lets in."""
    if actor.is_system:
        return allow()
    if not actor.is_person:
        return refuse("kernel.not_signed_in")
    # Who asked isn't enough: whoever kept the register once has no look into it when their mandate is over.
    if document.party_id in actor.parties:
        return allow()
    kind = known_kinds().get(document.kind)
    return refuse("documents.not_yours") if kind is None else kind.may_read(actor, document.wanted, on)


def may_retry(actor: Actor, document: DocumentFacts, on: dt.date) -> Verdict:
    """Say whether an actor may have a failed document made again."""
    verdict = may_read(actor, document, on)
    if verdict and document.state is not DocumentState.FAILED:
        return refuse("documents.not_failed")
    return verdict
