"""The only writers of who follows what."""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from coopwerf.coops import queries as coops
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.command import as_json
from coopwerf.kernel.refusals import Refused
from coopwerf.people.queries import Table
from coopwerf.ui.formats import LANGUAGES

from .. import addresses, consent, links, policies, queries, rendering
from ..follow_letters import CONFIRM, FORGET_ASKED, KNOWN, NAME_ASKED, FollowLetter, OwnLetter
from ..models import Contact, Following, Mail
from ..queries import FileFacts
from ..states import OptIn, Rhythm
from ..topics import ALL, known_topics
from .bounces import forget_reach
from .bulk import NEWSLETTER, drop_waiting
from .contacts import clean_name, confirm_contact, forget_contact, held, held_alone, know_contact
from .letters import send_letter
from .mails import keep_mail

ASKED_FOR = dt.timedelta(days=30)
"""How long somebody may take to confirm; then what was asked is forgotten."""
FOLLOW, PREFERENCES, LEAVE = "messages.follow", "messages.preferences", "messages.leave"
FORGET = "messages.forget"
MOST_IMPORTED = 20_000


@action(verb="messages.follow_asked")
def ask_to_follow(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    email: str,
    name: str,
    language: str,
    topics: Sequence[str],
    rhythm: Rhythm,
) -> None:
    """Let somebody ask to follow: they follow once they confirm by the mail that they get.

    Whoever follows already gets a mail with their own page instead. Nothing is returned: nobody learns whether an
    address is known. Raises Refused messages.address_wrong, messages.name_wrong, messages.no_topic.
    """
    wanted = _topics(topics)
    contact_id = know_contact(actor=actor, now=now, coop_id=coop_id, email=email, name=name, language=language)
    contact = queries.contact(coop_id, contact_id)
    there = {row.topic: row for row in Following.objects.filter(contact_id=contact_id, left_at__isnull=True)}
    has = {topic for topic, row in there.items() if row.confirmed_at is not None}
    fresh = set() if ALL in has else wanted - has
    for topic in sorted(fresh):
        row = there.get(topic) or Following(coop_id=coop_id, contact_id=contact_id, topic=topic)
        row.rhythm, row.language, row.words, row.how = rhythm.value, language, consent.NOW, OptIn.FORM.value
        row.asked_at = now
        row.save()
    # Who asked us to stop gets no mail because somebody typed their address.
    if contact.blocked is None:
        coop = coops.coop_facts(coop_id)
        purpose, route = (FOLLOW, "messages:follow-confirm") if fresh else (PREFERENCES, "messages:preferences")
        url = settings.BASE_URL + reverse(route, args=[coop.slug, links.sign(contact_id, purpose)])
        send_letter(
            actor=SYSTEM,
            now=now,
            coop_id=coop_id,
            template=CONFIRM if fresh else KNOWN,
            context=FollowLetter(coop=coop.name, topics=tuple(sorted(fresh or has)), url=url),
            contact_id=contact_id,
            language=language if fresh else "",
        )
    audit("contact", contact_id, topics=len(fresh))


@action(verb="messages.follow_confirmed")
def confirm_following(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, contact_id: uuid.UUID) -> int:
    """Let somebody follow what they asked for: they pressed the button behind the link in their mail.

    Return of how many topics it is true now. Raises Refused messages.contact_gone, messages.asked_long_ago.
    """
    confirm_contact(actor=actor, now=now, coop_id=coop_id, contact_id=contact_id)
    rows = Following.objects.filter(coop_id=coop_id, contact_id=contact_id, left_at__isnull=True)
    asked = rows.filter(confirmed_at__isnull=True)
    fresh = asked.filter(asked_at__gte=now - ASKED_FOR)
    # What they read last is the language they want.
    language = fresh.order_by("-asked_at", "id").values_list("language", flat=True).first()
    confirmed = fresh.update(confirmed_at=now)
    if not rows.filter(confirmed_at__isnull=False).exists():
        raise Refused("messages.asked_long_ago")
    changes = {"declined_at": None, **({"language": language} if language else {})}
    Contact.objects.filter(pk=contact_id).update(**changes)
    rhythm = rows.filter(confirmed_at=now).values_list("rhythm", flat=True).first()
    if rhythm:
        rows.update(rhythm=rhythm)
    audit("contact", contact_id, topics=confirmed)
    return rows.filter(confirmed_at__isnull=False).count()


@action(verb="messages.follow_agreed")
def follow_by_form(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    contact_id: uuid.UUID,
    topics: Sequence[str],
    language: str,
    words: int,
    asked_at: dt.datetime,
) -> int:
    """Let somebody follow what they ticked in another form, now that they pressed the button behind a mailed link.

    `words` is the wording that stood there, `asked_at` when they ticked it. What they follow already stays as it is,
    with how often they hear of it. Return how many topics were added. Raises Refused messages.contact_gone,
    messages.no_topic.
    """
    row = held(coop_id, contact_id)
    wanted = _topics(topics)
    there = {one.topic: one for one in Following.objects.filter(contact_id=contact_id, left_at__isnull=True)}
    has = {topic: one for topic, one in there.items() if one.confirmed_at is not None}
    rhythm = next((one.rhythm for one in has.values()), Rhythm.AT_ONCE.value)
    fresh = set() if ALL in has else wanted - has.keys()
    for topic in sorted(fresh):
        one = there.get(topic) or Following(coop_id=coop_id, contact_id=contact_id, topic=topic)
        one.rhythm, one.language, one.words, one.how = rhythm, language, words, OptIn.FORM.value
        one.asked_at, one.confirmed_at = asked_at, now
        one.save()
    if row.declined_at is not None:
        row.declined_at = None
        row.save(update_fields=["declined_at"])
    audit("contact", contact_id, topics=len(fresh))
    return len(fresh)


@action(verb="messages.follow_changed")
def choose_following(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    contact_id: uuid.UUID,
    topics: Sequence[str],
    rhythm: Rhythm,
    language: str,
    newsletters: bool = True,
) -> None:
    """Let somebody say on their own page what they follow, how often, and in which language.

    Raises Refused messages.contact_gone.
    """
    row = held(coop_id, contact_id)
    wanted = _topics(topics) if topics else set()
    if language not in LANGUAGES:
        raise ValueError(f"{language} is not a language of letters")
    there = Following.objects.filter(coop_id=coop_id, contact_id=contact_id, left_at__isnull=True)
    there.exclude(topic__in=wanted).update(left_at=now)
    there.filter(confirmed_at__isnull=True).update(confirmed_at=now, how=OptIn.PAGE.value, words=consent.NOW)
    there.update(rhythm=rhythm.value)
    known = set(there.values_list("topic", flat=True))
    Following.objects.bulk_create(
        Following(
            coop_id=coop_id,
            contact_id=contact_id,
            topic=topic,
            rhythm=rhythm.value,
            language=language,
            words=consent.NOW,
            how=OptIn.PAGE.value,
            asked_at=now,
            confirmed_at=now,
        )
        for topic in sorted(wanted - known)
    )
    row.language = language
    row.declined_at = None if newsletters else row.declined_at or now
    row.confirmed_at = row.confirmed_at or now
    # Whoever wants to hear something wants mail, whatever they said before; and reads it there.
    if wanted:
        row.blocked_at, row.blocked_reason = None, ""
    if wanted or newsletters:
        forget_reach([row.email_key])
    row.save(update_fields=["language", "declined_at", "confirmed_at", "blocked_at", "blocked_reason"])
    if not wanted:
        drop_waiting(coop_id, row.email_key, keep=NEWSLETTER if newsletters else "")
    audit("contact", contact_id, topics=len(wanted))


@action(verb="messages.follow_left")
def leave(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    """Let somebody leave everything that can be left, at once: what waits for them isn't sent any more.

    Leaving again changes nothing. Raises Refused messages.contact_gone.
    """
    row = held(coop_id, contact_id)
    left = Following.objects.filter(coop_id=coop_id, contact_id=contact_id, left_at__isnull=True).update(left_at=now)
    if row.declined_at is None:
        row.declined_at = now
        row.save(update_fields=["declined_at"])
    drop_waiting(coop_id, row.email_key)
    audit("contact", contact_id, topics=left)


@action(verb="messages.taken_out")
def take_out(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, email: str) -> None:
    """Take somebody out of what they follow, who asked for it by telephone or letter; they get no more newsletters.

    An address that nobody knows yet is remembered, so that a list which is brought along later leaves it out. Raises
    Refused coops.lacks_power, messages.address_wrong.
    """
    policies.may_write_news(actor, coop_id, clock.civil_date(now)).require()
    language = coops.coop_facts(coop_id).language
    contact_id = know_contact(actor=actor, now=now, coop_id=coop_id, email=email, name="", language=language)
    leave(actor=actor, now=now, coop_id=coop_id, contact_id=contact_id)
    audit("contact", contact_id)


@action(verb="messages.own_data_mailed")
def mail_own_data(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    """Mail somebody everything that is stored about them, as JSON.

    To their address alone: who was passed a newsletter on has its links too, and learns nothing by them. Raises Refused
    messages.contact_gone.
    """
    row = held(coop_id, contact_id)
    coop = coops.coop_facts(coop_id)
    with translation.override(coop.language_for(row.language)):
        pieces = queries.contact_pieces(coop_id, contact_id)
        told = {piece.key: list(piece.rows) for piece in pieces if isinstance(piece, Table)}
        content = json.dumps(json.loads(as_json({"coop": coop.name, **told})), indent=2, ensure_ascii=False)
        mail_id = keep_mail(
            actor=SYSTEM,
            now=now,
            to=row.email,
            subject=_("What %(coop)s stores about you") % {"coop": coop.name},
            text=_("Everything that %(coop)s stores about you is in the file.") % {"coop": coop.name},
            sender=rendering.sender_of(coop.name),
            headers={"Content-Language": row.language},
            files=[FileFacts(f"{coop.slug}.json", "application/json", content.encode())],
        )
    # Who is forgotten is forgotten in this mail too.
    Mail.objects.filter(pk=mail_id).update(bulk_of=coop_id)
    audit("contact", contact_id)


@action(verb="messages.forget_asked")
def ask_to_forget(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    """Mail somebody the page on which they have themselves forgotten.

    To their address alone: who was passed a newsletter on has its links too, and forgets nobody by them. Raises Refused
    messages.contact_gone.
    """
    held(coop_id, contact_id)
    _ask_by_mail(coop_id, contact_id, now, FORGET_ASKED, route="messages:forget-confirm", purpose=FORGET)
    audit("contact", contact_id)


@action(verb="messages.name_asked")
def ask_for_name(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, contact_id: uuid.UUID, name: str) -> None:
    """Mail somebody the page on which they confirm what they want to be called; until then their name stays.

    Raises Refused messages.contact_gone, messages.name_wrong.
    """
    held(coop_id, contact_id)
    told = clean_name(name)
    purpose = links.name_purpose(told)
    _ask_by_mail(coop_id, contact_id, now, NAME_ASKED, route="messages:name-confirm", purpose=purpose, name=told)
    audit("contact", contact_id)


def _ask_by_mail(
    coop_id: uuid.UUID,
    contact_id: uuid.UUID,
    now: dt.datetime,
    template: str,
    *,
    route: str,
    purpose: str,
    name: str | None = None,
) -> None:
    coop = coops.coop_facts(coop_id)
    url = settings.BASE_URL + reverse(route, args=[coop.slug, links.sign(contact_id, purpose)])
    send_letter(
        actor=SYSTEM,
        now=now,
        coop_id=coop_id,
        template=template,
        context=OwnLetter(
            coop=coop.name, name=name or "", url=url if name is None else f"{url}?{urlencode({'name': name})}"
        ),
        contact_id=contact_id,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class FollowerInput:
    """Somebody of a list that is brought along: when they agreed, in which language they read, on which line."""

    email: str
    name: str
    language: str
    agreed_on: dt.datetime
    line: int


@dataclasses.dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list: how many follow now, did already, or left once and weren't brought back."""

    added: int
    known: int
    left: int


@action(verb="messages.followers_imported")
def import_followers(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    rows: Sequence[FollowerInput],
    source: str,
    topics: Sequence[str],
    rhythm: Rhythm,
) -> Imported:
    """Bring a list along, with the day on which each agreed and where the list comes from.

    Nobody is asked again, and who left here once isn't brought back. Raises Refused coops.lacks_power,
    messages.no_topic, messages.no_source, messages.list_too_long, messages.address_wrong and messages.agreed_later with
    the line.
    """
    today = clock.civil_date(now)
    policies.may_write_news(actor, coop_id, today).require()
    wanted, source = _topics(topics), " ".join(source.split())[:200]
    if not source:
        raise Refused("messages.no_source")
    if len(rows) > MOST_IMPORTED:
        raise Refused("messages.list_too_long", most=MOST_IMPORTED)
    fault = next(policies.faults_of(((one.line, one.email, one.agreed_on) for one in rows), today), None)
    if fault is not None:
        raise fault
    read: dict[str, tuple[FollowerInput, addresses.Address]] = {}
    for one in rows:
        address = addresses.parse(one.email)
        read.setdefault(address.key, (one, address))
    ids = know_many(coop_id, [(address, one.name, one.language, one.agreed_on) for one, address in read.values()], now)
    left = queries.left_before(coop_id, ids.values())
    declined = set(
        Contact.objects.filter(coop_id=coop_id, pk__in=ids.values(), declined_at__isnull=False).values_list(
            "pk", flat=True
        )
    )
    there = Following.objects.filter(coop_id=coop_id, contact_id__in=ids.values(), left_at__isnull=True)
    has = set(there.filter(confirmed_at__isnull=False).values_list("contact_id", flat=True))
    fresh = {key: contact_id for key, contact_id in ids.items() if contact_id not in has | left | declined}
    there.filter(confirmed_at__isnull=True, contact_id__in=fresh.values()).delete()
    Following.objects.bulk_create(
        (
            Following(
                coop_id=coop_id,
                contact_id=contact_id,
                topic=topic,
                rhythm=rhythm.value,
                language=read[key][0].language,
                words=consent.ELSEWHERE,
                how=OptIn.IMPORT.value,
                source=source,
                asked_at=read[key][0].agreed_on,
                confirmed_at=read[key][0].agreed_on,
            )
            for key, contact_id in fresh.items()
            for topic in sorted(wanted)
        ),
        batch_size=2000,
    )
    done = Imported(len(fresh), len(has), len(ids) - len(fresh) - len(has))
    audit("followers", None, added=done.added, known=done.known, left=done.left)
    return done


def know_many(
    coop_id: uuid.UUID, people: Sequence[tuple[addresses.Address, str, str, dt.datetime | None]], now: dt.datetime
) -> dict[str, uuid.UUID]:
    """Find or make many contacts (address, name, language, since when it is known to be theirs); return ids by key."""
    keys = [address.key for address, *_rest in people]
    found = dict(
        Contact.objects.filter(coop_id=coop_id, email_key__in=keys, forgotten_at__isnull=True).values_list(
            "email_key", "pk"
        )
    )
    fresh = [
        Contact(
            coop_id=coop_id,
            email=address.typed,
            email_key=address.key,
            name=_plain(name),
            language=language if language in LANGUAGES else "en",
            salt=links.new_salt(),
            known_at=now,
            confirmed_at=confirmed_at,
        )
        for address, name, language, confirmed_at in people
        if address.key not in found
    ]
    Contact.objects.bulk_create(fresh, batch_size=2000, ignore_conflicts=True)
    if fresh:
        made = Contact.objects.filter(
            coop_id=coop_id, email_key__in=[row.email_key for row in fresh], forgotten_at__isnull=True
        )
        found.update(made.values_list("email_key", "pk"))
    return found


def _plain(name: str) -> str:
    """Return a name that fits a salutation; what is none is left out."""
    try:
        return clean_name(name)
    except Refused:
        return ""


@action(verb="messages.asked_forgotten")
def forget_unconfirmed(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID) -> int:
    """Forget what was asked a month ago and never confirmed; return how many topics."""
    old = Following.objects.filter(coop_id=coop_id, confirmed_at__isnull=True, asked_at__lt=now - ASKED_FOR)
    number, _each = old.delete()
    audit("following", None, topics=number)
    return number


@action(verb="messages.stranger_forgotten")
def forget_stranger(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, contact_id: uuid.UUID) -> bool:
    """Forget an address that nobody confirmed in a month, and that nothing needs any more; tell whether it was so."""
    held_alone(coop_id, contact_id)
    # Somebody may have come back meanwhile.
    is_stranger = bool(queries.strangers(coop_id, now - ASKED_FOR, [contact_id]))
    if is_stranger:
        forget_contact(actor=actor, now=now, coop_id=coop_id, contact_id=contact_id)
    audit("contact", contact_id, forgotten=is_stranger)
    return is_stranger


def _topics(topics: Sequence[str]) -> set[str]:
    wanted = {ALL} if ALL in topics else set(topics)
    if not wanted or wanted - {ALL, *known_topics()}:
        raise Refused("messages.no_topic")
    return wanted
