"""The only writers of newsletters."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from coopwerf.coops import queries as coops
from coopwerf.coops.queries import CoopFacts
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.ui import markdown
from coopwerf.ui.formats import LANGUAGES

from .. import addresses, links, policies, queries, rendering
from ..audiences import Recipient, find, offered
from ..bulk_mime import BulkText, filled
from ..follow_letters import ON_PAPER, PaperNews
from ..models import Contact, Newsletter
from ..newspaper import texts_of
from ..states import NEWS_TRANSITIONS, BulkState, NewsState, Notice
from .bulk import NEWSLETTER, BulkReader, bring_to, write_bulk
from .following import LEAVE, PREFERENCES, know_many
from .letters import LetterTo, send_letters
from .mails import keep_mail

LONGEST_TEXT = 50_000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterTerms:
    """Whom a newsletter is for; `notice` says why nobody can leave it, where that is so."""

    audiences: tuple[str, ...]
    languages: tuple[str, ...] = ()
    reply_to: str = ""
    notice: Notice | None = None
    on_paper: bool = False


@action(verb="messages.newsletter_begun")
def draft_newsletter(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, audiences: Sequence[str] = ()) -> uuid.UUID:
    """Begin a newsletter, to these audiences, else to followers; return its id. Raises Refused messages.no_audience."""
    policies.may_write_news(actor, coop_id, clock.civil_date(now)).require()
    if set(audiences) - {one.code for one in offered(coop_id, clock.civil_date(now))}:
        raise Refused("messages.no_audience")
    row = Newsletter.objects.create(
        coop_id=coop_id,
        audiences=list(audiences) or (["followers"] if find("followers") else []),
        state=NewsState.DRAFT.value,
        made_by=actor.party_id,
        made_at=now,
        changed_at=now,
    )
    audit("newsletter", row.id)
    return row.id


@action(verb="messages.newsletter_written")
def write_newsletter(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    newsletter_id: uuid.UUID,
    language: str,
    subject: str,
    text: str,
) -> None:
    """Write a newsletter in one language; without subject and text it isn't sent in that language."""
    row = _draft(actor, now, coop_id, newsletter_id)
    if language not in LANGUAGES:
        raise ValueError(f"{language} is not a language of letters")
    subject, text = " ".join(markdown.known_signs(subject).split())[:200], markdown.known_signs(text).strip()
    if len(text) > LONGEST_TEXT:
        raise Refused("messages.text_too_long", most=LONGEST_TEXT)
    texts = {**row.texts, language: {"subject": subject, "text": text}}
    if not subject and not text:
        texts.pop(language)
    row.texts, row.changed_at = texts, now
    row.save(update_fields=["texts", "changed_at"])
    audit("newsletter", row.id, language=language)


@action(verb="messages.newsletter_addressed")
def address_newsletter(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, newsletter_id: uuid.UUID, terms: NewsletterTerms
) -> None:
    """Say whom a newsletter is for. Raises Refused messages.no_audience, messages.address_wrong."""
    row = _draft(actor, now, coop_id, newsletter_id)
    there = {*row.audiences, *(one.code for one in offered(coop_id, clock.civil_date(now)))}
    if not terms.audiences or set(terms.audiences) - there:
        raise Refused("messages.no_audience")
    # A notice goes to those whom it concerns by law: followers it doesn't.
    if terms.notice is not None and any(_is_public(code) for code in terms.audiences):
        raise Refused("messages.notice_to_followers")
    row.audiences, row.languages = list(terms.audiences), list(terms.languages)
    row.reply_to = addresses.parse(terms.reply_to).typed if terms.reply_to.strip() else ""
    row.notice = "" if terms.notice is None else terms.notice.value
    row.on_paper, row.changed_at = terms.on_paper, now
    row.save(update_fields=["audiences", "languages", "reply_to", "notice", "on_paper", "changed_at"])
    audit("newsletter", row.id, audiences=len(row.audiences))


@action(verb="messages.newsletter_dropped")
def delete_newsletter(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, newsletter_id: uuid.UUID) -> None:
    """Delete a draft."""
    row = _draft(actor, now, coop_id, newsletter_id)
    row.delete()
    audit("newsletter", newsletter_id)


@action(verb="messages.newsletter_tried")
def try_newsletter(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, newsletter_id: uuid.UUID, email: str
) -> list[str]:
    """Send a newsletter to oneself, once in each language in which it is written; return these.

    Raises Refused messages.nothing_written.
    """
    row = _draft(actor, now, coop_id, newsletter_id)
    coop = coops.coop_facts(coop_id)
    texts = texts_of(coop, queries.newsletter(coop_id, newsletter_id), clock.civil_date(now))
    if not texts:
        raise Refused("messages.nothing_written")
    home = settings.BASE_URL + reverse("messages:follow", args=[coop.slug])
    for language, text in texts.items():
        with translation.override(coop.language_for(language)):
            fills = {"salutation": _("Hello,"), "manage": home, "leave": home}
            keep_mail(
                actor=SYSTEM,
                now=now,
                to=email,
                subject=_("Test: %(subject)s") % {"subject": text.subject},
                text=filled(text.text, fills),
                html=filled(text.html, fills),
                sender=rendering.sender_of(coop.name),
                reply_to=row.reply_to,
                headers={"Content-Language": language},
            )
    audit("newsletter", row.id, languages=len(texts))
    return list(texts)


@action(verb="messages.newsletter_planned")
def plan_newsletter(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, newsletter_id: uuid.UUID, at: dt.datetime | None
) -> None:
    """Say when a newsletter leaves by itself; None takes that back.

    Raises Refused messages.in_the_past and what hinders it.
    """
    row = _draft(actor, now, coop_id, newsletter_id)
    if at is not None:
        policies.may_send(queries.newsletter(coop_id, newsletter_id)).require()
        if at <= now:
            raise Refused("messages.in_the_past")
    row.send_at, row.state = at, (NewsState.DRAFT if at is None else NewsState.SCHEDULED).value
    row.save(update_fields=["send_at", "state"])
    audit("newsletter", row.id, at=at or "")


@action(verb="messages.newsletter_released")
def release_newsletter(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, newsletter_id: uuid.UUID) -> None:
    """Let a newsletter leave now: a worker writes it to everybody. Raises Refused what hinders it."""
    row = _draft(actor, now, coop_id, newsletter_id)
    policies.may_send(queries.newsletter(coop_id, newsletter_id)).require()
    row.send_at, row.state = now, NewsState.SCHEDULED.value
    row.save(update_fields=["send_at", "state"])
    audit("newsletter", row.id)
    # The task knows this module: it is imported only when there is something to do.
    from ..tasks import defer_newsletter

    defer_newsletter(coop_id, newsletter_id)


@action(verb="messages.newsletter_sent")
def send_newsletter(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, newsletter_id: uuid.UUID) -> int:
    """Write a newsletter to everybody whom it is for; return to how many.

    Each person once, whatever audiences they stand in; nobody whose mail comes back or who left. Sending it again
    raises Refused messages.sent_already.
    """
    policies.may_write_news(actor, coop_id, clock.civil_date(now)).require()
    row = _held(coop_id, newsletter_id)
    if NewsState(row.state) not in (NewsState.DRAFT, NewsState.SCHEDULED):
        raise Refused("messages.sent_already")
    # A worker saw that it is due; meanwhile somebody may have put it off, or kept it back.
    if actor.is_system and not (row.state == NewsState.SCHEDULED and row.send_at is not None and row.send_at <= now):
        raise Refused("kernel.changed_meanwhile")
    policies.may_send(queries.newsletter(coop_id, newsletter_id)).require()
    coop = coops.coop_facts(coop_id)
    whom = queries.audience_of(queries.newsletter(coop_id, newsletter_id), coop_id, clock.civil_date(now))
    texts = texts_of(coop, queries.newsletter(coop_id, newsletter_id), clock.civil_date(now))
    row.bulk_id = write_to_many(
        coop, NEWSLETTER, texts, whom.reached, now, reply_to=row.reply_to, is_notice=bool(row.notice)
    )
    row.unreached, row.papers = len(whom.unreached), 0
    if row.on_paper:
        row.papers = _print(coop, row, whom.unreached, now)
        row.unreached -= row.papers
    row.state, row.sent_at = NewsState.SENDING.value, now
    row.number = (Newsletter.objects.filter(coop_id=coop_id).aggregate(last=Max("number"))["last"] or 0) + 1
    row.save()
    audit("newsletter", row.id, mails=len(whom.reached), papers=row.papers, unreached=row.unreached)
    return len(whom.reached)


@action(verb="messages.newsletter_moved")
def move_newsletter(
    *, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, newsletter_id: uuid.UUID, to: NewsState
) -> None:
    """Pause a newsletter that is on its way, let it go on, or stop it: who has it has it, nobody else gets it."""
    policies.may_write_news(actor, coop_id, clock.civil_date(now)).require()
    row = _held(coop_id, newsletter_id)
    if row.bulk_id is None or to not in NEWS_TRANSITIONS[NewsState(row.state)]:
        raise Refused("kernel.changed_meanwhile")
    states = {
        NewsState.PAUSED: BulkState.PAUSED,
        NewsState.SENDING: BulkState.OPEN,
        NewsState.STOPPED: BulkState.STOPPED,
    }
    row.state = to.value
    row.save(update_fields=["state"])
    bring_to(coop_id, row.bulk_id, states[to])
    audit("newsletter", row.id, to=to.value)


def write_to_many(
    coop: CoopFacts,
    code: str,
    texts: Mapping[str, BulkText],
    reached: Sequence[tuple[Recipient, addresses.Address]],
    now: dt.datetime,
    *,
    reply_to: str = "",
    is_notice: bool = False,
    variants: Mapping[uuid.UUID | None, str] | None = None,
) -> uuid.UUID:
    """Write a batch: each reader with a salutation and links of their own."""
    # Whoever the register knows is written to there: the address is theirs.
    ids = know_many(coop.id, [(address, one.name, one.language, now) for one, address in reached], now)
    salts = dict(Contact.objects.filter(coop_id=coop.id, pk__in=ids.values()).values_list("pk", "salt"))
    manage, leave = (
        settings.BASE_URL + reverse(route, args=[coop.slug, "TOKEN"])
        for route in ("messages:preferences", "messages:leave")
    )
    hello = {}
    for language in LANGUAGES:
        with translation.override(coop.language_for(language)):
            hello[language] = (_("Dear %(name)s,"), _("Hello,"))
    fallback = next(iter(texts))
    readers = []
    for one, address in reached:
        contact_id = ids[address.key]
        variant = (variants or {}).get(one.contact_id) or (one.language if one.language in texts else fallback)
        dear, nameless = hello[texts[variant].language]
        fills = {"salutation": dear % {"name": one.name} if one.name else nameless}
        if not is_notice:
            salt = salts[contact_id]
            fills["manage"] = manage.replace("TOKEN", links.sign_with(contact_id, salt, PREFERENCES))
            fills["leave"] = leave.replace("TOKEN", links.sign_with(contact_id, salt, LEAVE))
        readers.append(BulkReader(address.typed, address.key, variant, fills))
    return write_bulk(
        now=now,
        coop_id=coop.id,
        code=code,
        texts=texts,
        sender=rendering.sender_of(coop.name),
        reply_to=reply_to,
        list_id="" if is_notice else f"<news.{coop.slug}.{rendering.message_host()}>",
        readers=readers,
    )


def _print(coop: CoopFacts, row: Newsletter, unreached: Sequence[Recipient], now: dt.datetime) -> int:
    """Write a newsletter on paper to members whom no mail reaches; return to how many."""
    papers = []
    for language, told in row.texts.items():
        if told["subject"] and told["text"]:
            paragraphs = tuple(part for part in markdown.plain(told["text"]).split("\n\n") if part.strip())
            papers.append((language, PaperNews(subject=told["subject"], paragraphs=paragraphs)))
    texts = dict(papers)
    fallback = texts.get(coop.language) or next(iter(texts.values()))
    letters = [
        LetterTo(
            template=ON_PAPER,
            context=texts.get(one.language, fallback),
            party_id=one.party_id,
            on_paper=True,
        )
        for one in unreached
        if one.party_id is not None
    ]
    if letters:
        send_letters(actor=SYSTEM, now=now, coop_id=coop.id, letters=letters)
    return len(letters)


def _is_public(code: str) -> bool:
    found = find(code)
    return found is not None and found.is_public


def _held(coop_id: uuid.UUID, newsletter_id: uuid.UUID) -> Newsletter:
    row = Newsletter.objects.select_for_update(of=("self",)).filter(coop_id=coop_id, pk=newsletter_id).first()
    if row is None:
        raise Refused("messages.newsletter_gone")
    return row


def _draft(actor: Actor, now: dt.datetime, coop_id: uuid.UUID, newsletter_id: uuid.UUID) -> Newsletter:
    policies.may_write_news(actor, coop_id, clock.civil_date(now)).require()
    row = _held(coop_id, newsletter_id)
    if NewsState(row.state) not in (NewsState.DRAFT, NewsState.SCHEDULED):
        raise Refused("messages.sent_already")
    return row
