"""The only writers of contacts."""

import datetime as dt
import re
import unicodedata
import uuid

from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.ui.formats import LANGUAGES

from .. import addresses, links
from ..happenings import ContactForgotten
from ..models import Contact, Following, Letter, Mail
from ..states import BlockReason
from .bounces import forget_reach
from .bulk import drop_waiting
from .mails import empty_mails

LONGEST_NAME = 120
_LINK = re.compile(r"://|www\.|\S@\S", re.I)


@action(verb="messages.contact_known")
def know_contact(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, email: str, name: str, language: str
) -> uuid.UUID:
    """Find whoever has an address in a co-operative, or make them; return their id.

    Whoever types an address may be anybody: a name or language that is known is never overwritten, and a name is
    added only while nobody has confirmed the address. Raises Refused messages.address_wrong, messages.name_wrong.
    """
    address, name = addresses.parse(email), clean_name(name)
    if language not in LANGUAGES:
        raise ValueError(f"{language} is not a language of letters")
    # Two forms sent at once make one contact: the second waits, and finds.
    Contact.objects.bulk_create(
        [
            Contact(
                coop_id=coop_id,
                email=address.typed,
                email_key=address.key,
                name=name,
                language=language,
                salt=links.new_salt(),
                known_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    row = Contact.objects.get(coop_id=coop_id, email_key=address.key, forgotten_at__isnull=True)
    if name and not row.name and row.confirmed_at is None:
        row.name = name
        row.save(update_fields=["name"])
    audit("contact", row.id)
    return row.id


@action(verb="messages.contact_confirmed")
def confirm_contact(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    """Note that somebody who reads a contact's mail said it is theirs; doing so again changes nothing.

    The caller read a signed link, by the press of a button. Raises Refused messages.contact_gone.
    """
    row = held(coop_id, contact_id)
    if row.confirmed_at is None:
        row.confirmed_at = now
        row.save(update_fields=["confirmed_at"])
    # Whoever read a mail there can be reached there.
    forget_reach([row.email_key])
    audit("contact", row.id)


@action(verb="messages.contact_changed")
def change_contact(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, contact_id: uuid.UUID, name: str, language: str
) -> None:
    """Let somebody mend their name and language; the caller read their signed link.

    Raises Refused messages.contact_gone, messages.name_wrong.
    """
    row = held(coop_id, contact_id)
    if language not in LANGUAGES:
        raise ValueError(f"{language} is not a language of letters")
    row.name, row.language = clean_name(name), language
    row.save(update_fields=["name", "language"])
    audit("contact", row.id)


@action(verb="messages.links_revoked")
def revoke_links(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    """Make every signed link of a contact worthless: one of them came into other hands."""
    row = held(coop_id, contact_id)
    row.salt = links.new_salt()
    row.save(update_fields=["salt"])
    audit("contact", row.id)


@action(verb="messages.contact_blocked")
def block_contact(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    contact_id: uuid.UUID,
    reason: BlockReason,
) -> None:
    """Write no more to a contact, and keep why."""
    row = held(coop_id, contact_id)
    if row.blocked_at is None:
        row.blocked_at, row.blocked_reason = now, reason.value
        row.save(update_fields=["blocked_at", "blocked_reason"])
        drop_waiting(coop_id, row.email_key, also_notices=True)
    audit("contact", row.id, reason=reason.value)


@action(verb="messages.contact_forgotten")
def forget_contact(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    """Forget somebody: address, name, links, and what was written to them; an id stays where rows point to it.

    Other packages forget their part when they hear of it. Forgetting again changes nothing.
    """
    row = held_alone(coop_id, contact_id)
    if row is None:
        raise Refused("messages.contact_gone")
    if row.forgotten_at is None:
        announce(ContactForgotten(coop_id, row.id))
        theirs = Letter.objects.filter(coop_id=coop_id, contact_id=row.id, mail__isnull=False).values_list("mail_id")
        mail_ids = [mail_id for (mail_id,) in theirs]
        drop_waiting(coop_id, row.email_key, also_notices=True)
        forget_reach([row.email_key])
        mail_ids += Mail.objects.filter(bulk_of=coop_id, to_key=row.email_key).values_list("pk", flat=True)
        empty_mails(mail_ids, now)
        Mail.objects.filter(pk__in=mail_ids).update(to="", to_key="")
        # What they agreed to stays with the id alone: when, to which words, and that they left.
        Following.objects.filter(coop_id=coop_id, contact_id=row.id, left_at__isnull=True).update(left_at=now)
        Following.objects.filter(coop_id=coop_id, contact_id=row.id).update(source="")
        row.email = row.email_key = row.name = row.blocked_reason = ""
        row.salt, row.blocked_at, row.forgotten_at = links.new_salt(), None, now
        row.save()
    audit("contact", row.id)


def clean_name(name: str) -> str:
    """Return a name in one line, without control characters; raises Refused messages.name_wrong for what is none."""
    plain = "".join(" " if unicodedata.category(c)[0] == "C" and c not in "\u200c\u200d" else c for c in name)
    whole = " ".join(unicodedata.normalize("NFC", plain).split())
    # A form must not be a way to have advertisements mailed to strangers.
    if len(whole) > LONGEST_NAME or _LINK.search(whole):
        raise Refused("messages.name_wrong", most=LONGEST_NAME)
    return whole


def held(coop_id: uuid.UUID, contact_id: uuid.UUID) -> Contact:
    """Hold a contact who is known; raises Refused messages.contact_gone."""
    # Not more than is needed: letters and comments that are being written refer to this row.
    rows = Contact.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(coop_id=coop_id, pk=contact_id, forgotten_at__isnull=True).first()
    if row is None:
        raise Refused("messages.contact_gone")
    return row


def held_alone(coop_id: uuid.UUID, contact_id: uuid.UUID) -> Contact | None:
    """Hold a contact who is to be forgotten, or was; None where there is none.

    Firmer than `held`: what somebody is writing that refers to them is seen, and forgotten too.
    """
    return Contact.objects.select_for_update(of=("self",)).filter(coop_id=coop_id, pk=contact_id).first()
