"""What an offer tells: its texts in each language, and the statutes that it refers to."""

import dataclasses
import datetime as dt
import hashlib
import uuid
from typing import Any

from coopwerf.coops import queries as coops
from coopwerf.documents import files
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import policies, queries
from ..models import Offer, OfferVersion
from ..queries import OfferWords
from ..states import OfferState
from .offers import LONGEST_TITLE, held

LONGEST = {
    "title": LONGEST_TITLE,
    "lead": policies.LONGEST_LEAD,
    "risk_sentence": policies.LONGEST_LINE,
    "statutes": 20 * policies.LONGEST_TEXT,
}
COPIED = ("texts", "statutes_name", "statutes_on", "statutes_file", "statutes_file_name", "statutes_file_size")


@action(verb="capital.offer_texts")
def write_texts(
    *,
    coop_id: uuid.UUID,
    offer_id: uuid.UUID,
    language: str,
    words: OfferWords,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Write what an offer tells in one language; where it was open, for a version that nobody can read yet."""
    row = held(coop_id, offer_id, actor, clock.civil_date(now))
    policies.may_change_terms(OfferState(row.state)).require()
    if language not in LANGUAGE_NAMES:
        raise Refused("capital.language_unknown")
    told = {name: str(text).replace("\r\n", "\n").strip() for name, text in dataclasses.asdict(words).items()}
    for name, text in told.items():
        longest = LONGEST.get(name, policies.LONGEST_TEXT)
        if len(text) > longest:
            raise Refused("capital.text_too_long", length=len(text), longest=longest, path=name)
    version = _writable(row, actor, now)
    version.texts = {**version.texts, language: told}
    version.save(update_fields=["texts", "recorded_at", "author"])
    audit("offer", row.id, language=language, version=version.number)


@action(verb="capital.statutes_named")
def name_statutes(
    *,
    coop_id: uuid.UUID,
    offer_id: uuid.UUID,
    name: str,
    on: dt.date,
    content: bytes | None = None,
    file_name: str = "",
    without_file: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Name the version of the statutes that holds, with its file as PDF or without one."""
    row = held(coop_id, offer_id, actor, clock.civil_date(now))
    policies.may_change_terms(OfferState(row.state)).require()
    if len(name) > 120:
        raise Refused("capital.text_too_long", length=len(name), longest=120, path="name")
    version = _writable(row, actor, now)
    version.statutes_name, version.statutes_on = name.strip(), on
    if content is not None:
        if len(content) > policies.LARGEST_FILE:
            raise Refused("capital.file_too_large", most=policies.LARGEST_FILE // 1_000_000, path="file")
        if not content.startswith(b"%PDF-"):
            raise Refused("capital.file_no_pdf", path="file")
        sha256 = hashlib.sha256(content).hexdigest()
        # Under its own hash: written again it is the same, and undone it is read by nobody.
        files.put(queries.statutes_place(coop_id, sha256), content)
        version.statutes_file, version.statutes_file_size = sha256, len(content)
        version.statutes_file_name = file_name[-120:]
    elif without_file:
        version.statutes_file, version.statutes_file_name, version.statutes_file_size = "", "", 0
    version.save()
    audit("offer", row.id, on=on, version=version.number, file=version.statutes_file[:16])


@action(verb="capital.offer_published")
def publish_texts(*, coop_id: uuid.UUID, offer_id: uuid.UUID, actor: Actor, now: dt.datetime) -> int:
    """Publish the texts that were written since an offer opened; return the number of the version.

    Who subscribes from now on accepts this version. Raises Refused with what it lacks, and capital.nothing_pending.
    """
    today = clock.civil_date(now)
    row = held(coop_id, offer_id, actor, today)
    facts = queries.offer_facts(coop_id, offer_id, today)
    assert facts is not None
    if facts.pending is None:
        raise Refused("capital.nothing_pending")
    law = queries.law_of(coop_id, facts.regime, today)
    for one in policies.hindrances(facts, coops.coop_facts(coop_id), law, queries.room(facts, today), today):
        if one.part != "terms":
            one.verdict.require()
    OfferVersion.objects.filter(coop_id=coop_id, offer=row, id=facts.pending.id).update(published_at=now)
    row.revision += 1
    row.save(update_fields=["revision"])
    audit("offer", row.id, version=facts.pending.number)
    return facts.pending.number


def _writable(row: Offer, actor: Actor, now: dt.datetime) -> OfferVersion:
    """Return the version that can still be written: the last one, or a new one after one that was published."""
    last = OfferVersion.objects.filter(coop_id=row.coop_id, offer=row).order_by("-number")[0]
    row.revision += 1
    row.save(update_fields=["revision"])
    if last.published_at is None:
        last.recorded_at, last.author_id = now, actor.party_id
        return last
    copied: dict[str, Any] = {name: getattr(last, name) for name in COPIED}
    return OfferVersion.objects.create(
        coop_id=row.coop_id, offer=row, number=last.number + 1, recorded_at=now, author_id=actor.party_id, **copied
    )
