"""What came back, and addresses that can't be reached."""

import datetime as dt
import re
import uuid

from coopwerf.kernel import clock
from coopwerf.kernel.action import action, announce, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused

from .. import addresses, policies, queries
from ..happenings import MailUndeliverable
from ..models import Bounce, Contact, Mail, Pace, Reach
from ..states import BlockReason, BounceKind, MailState

SOFT_UNTIL_BLOCKED = 5
"""So many mails that came back for now, one after the other, and an address is written to no more."""
CAME_BACK = (BlockReason.HARD.value, BlockReason.SOFT.value)
# 5.1.1 no such mailbox, 5.1.2 no such host, 5.1.3 no address, 5.1.6 moved, 5.1.10 takes no mail: RFC 3463, 7505.
_NOBODY = re.compile(r"^5\d\d[ -]5\.1\.(?:1|2|3|6|10)\b")


@action(verb="messages.mail_bounced")
def record_bounce(
    *,
    actor: Actor,
    now: dt.datetime,
    mail_id: uuid.UUID,
    kind: BounceKind,
    status: str,
    words: str,
    digest: str,
) -> bool:
    """Note that a mail came back; tell whether that is news.

    For good: its address is written to no more, and whose it is hears of it. For now: it is counted, and after
    `SOFT_UNTIL_BLOCKED` mails the address is left alone too. The same notice counts once, and each mail once.
    """
    row = Mail.objects.select_for_update(of=("self",)).filter(pk=mail_id).first()
    is_news = row is not None and not Bounce.objects.filter(pk=digest).exists()
    if is_news:
        assert row is not None
        counts = not row.bounces.filter(kind=kind.value).exists()
        Bounce.objects.create(
            digest=digest, mail=row, kind=kind.value, status=status[:20], words=words[:500], read_at=now
        )
        row.bounced_at, row.words = now, words[:2000]
        if kind is BounceKind.HARD and row.state in (MailState.DELIVERED, MailState.IN_DOUBT):
            row.state = MailState.BOUNCED.value
        row.save(update_fields=["bounced_at", "words", "state"])
        if counts and row.to_key:
            _count(row.to_key, kind, status, words, now, mail=row)
        if kind is BounceKind.HARD:
            announce(MailUndeliverable(row.id, row.party_id))
    audit("mail", mail_id, kind=kind.value, news=is_news)
    return is_news


@action(verb="messages.address_unblocked")
def unblock_address(*, actor: Actor, now: dt.datetime, address: str) -> None:
    """Write to an address again: its owner told that it works."""
    policies.may_see_outbox(actor).require()
    Reach.objects.filter(pk=address).delete()
    audit("address", None)


@action(verb="messages.address_tried_again")
def try_address_again(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, address: str) -> None:
    """Write again to somebody known here whose mail came back: they told the co-operative that it works.

    Should it come back once more, it is left alone again. Raises Refused coops.lacks_power, messages.contact_gone.
    """
    policies.may_write_news(actor, coop_id, clock.civil_date(now)).require()
    contact = queries.contact_by_email(coop_id, address)
    if contact is None:
        raise Refused("messages.contact_gone")
    forget_reach([addresses.key_of(address)])
    Contact.objects.filter(coop_id=coop_id, pk=contact.id, blocked_reason__in=[*CAME_BACK]).update(
        blocked_at=None, blocked_reason=""
    )
    audit("contact", contact.id)


@action(verb="messages.pace_set")
def set_pace(*, actor: Actor, now: dt.datetime, domain: str, a_minute: int | None) -> None:
    """Say how many mails a minute may go to a domain, all workers together; None lifts it.

    Raises Refused messages.pace_wrong.
    """
    policies.may_see_outbox(actor).require()
    known = domain_of(domain)
    if a_minute is None:
        Pace.objects.filter(pk=known).delete()
    elif 1 <= a_minute <= 100_000:
        Pace.objects.update_or_create(domain=known, defaults={"a_minute": a_minute, "next_at": now})
    else:
        raise Refused("messages.pace_wrong")
    audit("pace", None, a_minute=a_minute or 0)


def domain_of(text: str) -> str:
    """Return a domain as mail servers know it; raises Refused messages.pace_wrong."""
    try:
        known = text.strip().rpartition("@")[2].encode("idna").decode("ascii").lower()
    except UnicodeError:
        known = ""
    if not re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*", known) or len(known) > 255:
        raise Refused("messages.pace_wrong")
    return known


def _arrived_between(reach: Reach, mail: Mail) -> bool:
    """Tell whether a mail that didn't come back was taken between the last bounce of an address and this one."""
    taken = Mail.objects.filter(to_key=reach.pk, state=MailState.DELIVERED, bounced_at__isnull=True)
    return taken.filter(delivered_at__gt=reach.bounced_at, delivered_at__lt=mail.delivered_at or mail.made_at).exists()


def note_refusal(row: Mail, now: dt.datetime) -> None:
    """Block an address of which its mail server says at once that there is no such mailbox."""
    if row.to_key and _NOBODY.match(row.words):
        _count(row.to_key, BounceKind.HARD, row.words[4:].split(" ", 1)[0], row.words, now)


def forget_reach(keys: list[str]) -> None:
    """Forget how mail to addresses fares: whoever had them is forgotten, or showed that they work."""
    Reach.objects.filter(pk__in=keys).delete()


def _count(key: str, kind: BounceKind, status: str, words: str, now: dt.datetime, *, mail: Mail | None = None) -> None:
    Reach.objects.bulk_create([Reach(email_key=key, bounced_at=now)], ignore_conflicts=True)
    row = Reach.objects.select_for_update().get(pk=key)
    if row.soft_bounces and mail is not None and _arrived_between(row, mail):
        row.soft_bounces = 0
    row.bounced_at, row.status, row.words = now, status[:20], words[:500]
    if kind is BounceKind.SOFT:
        row.soft_bounces += 1
    if row.blocked_at is None and (kind is BounceKind.HARD or row.soft_bounces >= SOFT_UNTIL_BLOCKED):
        row.blocked_at = now
        row.reason = (BlockReason.HARD if kind is BounceKind.HARD else BlockReason.SOFT).value
    row.save()
