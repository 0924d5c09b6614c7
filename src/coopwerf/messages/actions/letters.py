"""Letters of a co-operative: by mail, or on paper."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from coopwerf.coops import queries as coops
from coopwerf.documents import actions as documents
from coopwerf.documents import queries as document_queries
from coopwerf.documents.papers import Letterhead
from coopwerf.documents.queries import letterhead_of
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.people import queries as people

from .. import policies, queries, rendering
from ..addresses import key_of
from ..letters import LetterText, Link, block_data, known_letters
from ..models import Letter, Mail
from ..queries import LetterFacts
from ..states import Channel, MailState
from .mails import new_mail, put

LETTER_KIND = "messages.letter"
PRINT_KIND = "messages.print_file"
MOST_PRINTED = 500
"""Letters in one file: more come into the next one."""


@action(verb="messages.letter_sent")
def send_letter(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    template: str,
    context: Any,
    party_id: uuid.UUID | None = None,
    contact_id: uuid.UUID | None = None,
    email: str = "",
    name: str = "",
    language: str = "",
    attachments: Sequence[uuid.UUID] = (),
    on_paper: bool = False,
) -> LetterFacts:
    """Write to somebody in the name of a co-operative, by e-mail, or on paper where there is no address.

    `template` is the code of a declared letter and `context` its facts. To a party or a contact, in their
    language; to an `email` of nobody known yet, with `name` and `language` (by default the co-operative's).
    `attachments` are documents of this co-operative: the mail leaves when they are made. Raises Refused
    messages.unknown_letter, messages.nobody, messages.contact_gone, messages.address_wrong and what the letter's
    policy refuses.
    """
    on = clock.civil_date(now)
    policies.may_send_letter(actor, template, coop_id, on).require()
    kind = known_letters()[template]
    if not isinstance(context, kind.facts):
        raise TypeError(f"{template} is written from {kind.facts.__name__}")
    coop = coops.coop_facts(coop_id)
    if party_id is not None:
        name = people.particulars_of(party_id, on).spoken
        language = people.language_of([party_id])[party_id]
        email = "" if on_paper else email or _reachable(people.email_of([party_id])).get(party_id, "")
    elif contact_id is not None:
        whom = queries.contact(coop_id, contact_id)
        if whom.forgotten_at is not None:
            raise Refused("messages.contact_gone")
        email, name, language = whom.email, whom.greeted, language or whom.language
    elif not email:
        raise Refused("messages.nobody")
    language = language or coop.language
    with translation.override(coop.language_for(language)):
        letter = kind.compose(context)
        row = Letter(
            coop_id=coop_id,
            party_id=party_id,
            contact_id=contact_id,
            template=template,
            language=language,
            enclosed=[str(document_id) for document_id in attachments],
            made_at=now,
        )
        if email:
            row.channel = Channel.MAIL.value
            row.mail = _keep_letter(
                letter,
                now=now,
                coop_id=coop_id,
                party_id=party_id,
                email=email,
                name=name,
                language=language,
                attachments=attachments,
            )
        else:
            row.channel = Channel.PAPER.value
            row.content = _on_paper(letter, name)
    row.save(force_insert=True)
    if row.channel == Channel.PAPER.value:
        asked = documents.ask_document(
            actor=SYSTEM,
            now=now,
            coop_id=coop_id,
            kind=LETTER_KIND,
            language=language,
            party_id=party_id,
            params={"letter": row.id},
        )
        row.document_id = asked.id
        row.save(update_fields=["document_id"])
    audit("letter", row.id, template=template, channel=row.channel, party=party_id, enclosed=list(attachments))
    return queries.letter(coop_id, row.id)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LetterTo:
    """One of many letters: which, its facts, to whom, with which documents of this co-operative.

    To a party or a contact; or to an `email` of nobody known yet, with `name` and `language`.
    """

    template: str
    context: Any
    party_id: uuid.UUID | None = None
    contact_id: uuid.UUID | None = None
    email: str = ""
    name: str = ""
    language: str = ""
    attachments: Sequence[uuid.UUID] = ()
    on_paper: bool = False


@action(verb="messages.letters_sent")
def send_letters(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, letters: Sequence[LetterTo]) -> list[uuid.UUID]:
    """Write many letters at once, as `send_letter` does one; return their ids, in the same order.

    Few questions to the database, whatever their number. Raises what `send_letter` raises, for any of them.
    """
    on = clock.civil_date(now)
    for template in sorted({letter.template for letter in letters}):
        policies.may_send_letter(actor, template, coop_id, on).require()
    coop = coops.coop_facts(coop_id)
    ids = {letter.party_id for letter in letters if letter.party_id is not None}
    names, languages, emails = people.particulars(ids, on), people.language_of(ids), _reachable(people.email_of(ids))
    contacts = queries.contacts(coop_id, {one.contact_id for one in letters if one.contact_id is not None})
    letterhead = letterhead_of(coop_id, on)
    rows: list[Letter] = []
    mails: list[Mail] = []
    for letter in letters:
        kind = known_letters()[letter.template]
        if not isinstance(letter.context, kind.facts):
            raise TypeError(f"{letter.template} is written from {kind.facts.__name__}")
        name, language, email = letter.name, letter.language or coop.language, letter.email
        if letter.party_id is not None:
            name, language = names[letter.party_id].spoken, languages[letter.party_id]
            email = "" if letter.on_paper else emails.get(letter.party_id, "")
        elif letter.contact_id is not None:
            whom = contacts.get(letter.contact_id)
            if whom is None or whom.forgotten_at is not None:
                raise Refused("messages.contact_gone")
            email, name, language = whom.email, whom.greeted, letter.language or whom.language
        elif not email:
            raise Refused("messages.nobody")
        row = Letter(
            coop_id=coop_id,
            party_id=letter.party_id,
            contact_id=letter.contact_id,
            template=letter.template,
            language=language,
            enclosed=[str(document_id) for document_id in letter.attachments],
            made_at=now,
        )
        with translation.override(coop.language_for(language)):
            text = kind.compose(letter.context)
            if email:
                row.channel = Channel.MAIL.value
                row.mail = _letter_mail(
                    text,
                    letterhead,
                    now=now,
                    coop_id=coop_id,
                    party_id=letter.party_id,
                    email=email,
                    name=name,
                    language=language,
                    attachments=letter.attachments,
                )
                mails.append(row.mail)
            else:
                row.channel = Channel.PAPER.value
                row.content = _on_paper(text, name)
        rows.append(row)
    on_paper = [row for row in rows if row.channel == Channel.PAPER]
    if on_paper:
        asked = documents.ask_documents(
            actor=SYSTEM,
            now=now,
            coop_id=coop_id,
            kind=LETTER_KIND,
            wishes=[
                documents.Wish(party_id=row.party_id, language=row.language, params={"letter": row.id})
                for row in on_paper
            ],
        )
        for row, document_id in zip(on_paper, asked, strict=True):
            row.document_id = document_id
    Mail.objects.bulk_create(mails, batch_size=500)
    Letter.objects.bulk_create(rows, batch_size=1000)
    waiting = [mail.id for mail in mails if mail.state == MailState.WAITING]
    if waiting:
        # The task knows this module: it is imported only when there is something to do.
        from ..tasks import defer_deliveries

        defer_deliveries(waiting)
    audit("letter", None, letters=len(rows), papers=len(on_paper))
    return [row.id for row in rows]


@action(verb="messages.print_file_asked")
def ask_print_file(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, language: str) -> uuid.UUID:
    """Have the letters that wait to be printed in one language put into one file, in postal order; return its id.

    Raises Refused coops.lacks_power, messages.nothing_to_print.
    """
    policies.may_see_letters(actor, coop_id, clock.civil_date(now)).require()
    ids = queries.letters_in_postal_order(coop_id, language, clock.civil_date(now))[:MOST_PRINTED]
    if not ids:
        raise Refused("messages.nothing_to_print")
    asked = documents.ask_document(
        actor=actor, now=now, coop_id=coop_id, kind=PRINT_KIND, language=language, params={"letters": ids}
    )
    audit("letter", None, document=asked.id, letters=len(ids))
    return asked.id


@action(verb="messages.print_file_printed")
def mark_file_printed(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, document_id: uuid.UUID) -> int:
    """Note that the letters of a file were printed and posted; return how many."""
    policies.may_see_letters(actor, coop_id, clock.civil_date(now)).require()
    ids = _in_file(coop_id, document_id)
    rows = Letter.objects.filter(coop_id=coop_id, pk__in=ids, channel=Channel.PAPER, printed_at__isnull=True)
    printed = rows.update(printed_at=now, printed_by=actor.party_id)
    audit("letter", None, document=document_id, letters=printed)
    return printed


@action(verb="messages.letter_printed")
def mark_printed(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, letter_id: uuid.UUID) -> None:
    """Note that a letter on paper was printed; doing so again changes nothing.

    Raises Refused coops.lacks_power, messages.letter_gone, messages.not_on_paper.
    """
    row = Letter.objects.select_for_update(of=("self",)).filter(coop_id=coop_id, pk=letter_id).first()
    if row is None:
        raise Refused("messages.letter_gone")
    policies.may_print(actor, queries.letter(coop_id, letter_id), clock.civil_date(now)).require()
    if row.printed_at is None:
        row.printed_at, row.printed_by = now, actor.party_id
        row.save(update_fields=["printed_at", "printed_by"])
    audit("letter", row.id)


def _in_file(coop_id: uuid.UUID, document_id: uuid.UUID) -> list[str]:
    found = document_queries.document(coop_id, document_id)
    return list(found.params.get("letters", [])) if found.kind == PRINT_KIND else []


def _reachable(emails: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, str]:
    """Return the addresses that can be reached: whose mail comes back for good gets letters on paper."""
    keys = {party_id: key_of(email) for party_id, email in emails.items()}
    blocked = queries.blocked_among([key for key in keys.values() if key])
    return {party_id: email for party_id, email in emails.items() if keys[party_id] not in blocked}


def _keep_letter(letter: LetterText, *, now: dt.datetime, coop_id: uuid.UUID, **whom: Any) -> Mail:
    letterhead = letterhead_of(coop_id, clock.civil_date(now))
    return put(_letter_mail(letter, letterhead, now=now, coop_id=coop_id, **whom))


def _letter_mail(
    letter: LetterText,
    letterhead: Letterhead,
    *,
    now: dt.datetime,
    coop_id: uuid.UUID,
    party_id: uuid.UUID | None,
    email: str,
    name: str,
    language: str,
    attachments: Sequence[uuid.UUID],
) -> Mail:
    """Return the mail that carries a letter, in the active language, not yet stored."""
    text, html = rendering.letter_bodies(
        letter,
        salutation=_salutation(name),
        closing=_("Kind regards,"),
        letterhead=letterhead,
        language=language,
    )
    return new_mail(
        now=now,
        to=email,
        sender=rendering.sender_of(letterhead.coop),
        reply_to="",
        subject=letter.subject,
        text=text,
        html=html,
        headers={"Content-Language": language},
        party_id=party_id,
        documents=[(coop_id, document_id) for document_id in attachments],
        secrets=[block.url for block in letter.blocks if isinstance(block, Link) and block.is_secret],
        is_letter=True,
    )


def _on_paper(letter: LetterText, name: str) -> dict[str, Any]:
    return {
        "subject": letter.subject,
        "salutation": _salutation(name),
        "blocks": [block_data(block) for block in letter.blocks],
        "closing": _("Kind regards,"),
    }


def _salutation(name: str) -> str:
    """Return how a letter begins, in the active language."""
    return _("Dear %(name)s,") % {"name": name} if name else _("Hello,")
