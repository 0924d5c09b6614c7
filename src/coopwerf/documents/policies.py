"""Who may ask for a document, and who may have it; who brings pictures, and who sees them."""

import datetime as dt
import uuid

from coopwerf.kernel.actor import Actor
from coopwerf.kernel.verdict import Verdict, allow, refuse

from . import pictures
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


def may_bring_picture(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Say whether an actor may bring pictures: whoever writes something in which pictures are shown."""
    if actor.is_system or any(use.may_bring(actor, coop_id, on) for use in pictures.uses()):
        return allow()
    return refuse("documents.no_pictures" if actor.is_person else "kernel.not_signed_in")


def pictures_shown(coop_id: uuid.UUID, picture_id: uuid.UUID) -> bool:
    """Tell whether anybody may see a picture, because something that is published shows it."""
    return any(use.is_shown(coop_id, picture_id) for use in pictures.uses())
