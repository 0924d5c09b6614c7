"""What followers are told: at once, or in the mail of the week; mended and taken back while it hasn't left."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from coopwerf.coops import queries as coops
from coopwerf.coops.queries import CoopFacts
from coopwerf.documents.queries import letterhead_of
from coopwerf.kernel import clock
from coopwerf.kernel.action import action, audit
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.ui.formats import LANGUAGES

from .. import queries, rendering
from ..audiences import Recipient
from ..bulk_mime import BulkText
from ..letters import FactRows, LetterText, Link, Paragraph, known_letters
from ..models import Bulk, Mail, News
from ..newspaper import ending
from ..states import BulkState, MailState, Rhythm
from ..topics import ALL, known_topics
from .bulk import bring_to, subject_of
from .newsletters import write_to_many

WEEKLY = "messages.weekly"


@action(verb="messages.followers_told")
def tell_followers(
    *,
    actor: Actor,
    now: dt.datetime,
    coop_id: uuid.UUID,
    topic: str,
    kind: str,
    facts: Any,
    about: uuid.UUID | None = None,
) -> None:
    """Tell whoever follows a topic: at once, or in the mail of the week. A worker writes to them: there may be many.

    `kind` is a declared letter, `facts` what it is written from; its first link leads to what is told. `about` is the
    id of what is told: that is told once, and can be mended or taken back while it hasn't left. Called by reactions
    and actions of packages above: their own policy decided. Raises Refused messages.no_topic, messages.unknown_letter.
    """
    if topic not in known_topics():
        raise Refused("messages.no_topic")
    texts, lines = _told(coops.coop_facts(coop_id), kind, facts, now)
    news_id = None
    if about is None or not News.objects.filter(coop_id=coop_id, topic=topic, about=about).exists():
        told = {"topic": topic, "code": kind, "lines": lines, "texts": _kept(texts), "about": about}
        news_id = News.objects.create(coop_id=coop_id, made_at=now, **told).id
        # The task knows this module: it is imported only when there is something to do.
        from ..tasks import defer_addressing

        defer_addressing(coop_id, news_id)
    audit("news", news_id, topic=topic)


@action(verb="messages.news_addressed")
def address_news(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, news_id: uuid.UUID) -> int:
    """Write something that was told to whoever wants to hear of it at once; return to how many.

    Once: what is addressed, or was taken back before it was, is written to nobody.
    """
    rows = News.objects.select_for_update(of=("self",)).filter(coop_id=coop_id, pk=news_id)
    row, many = rows.get(), 0
    if row.texts is not None:
        whom = queries.sift(coop_id, queries.followers_of(coop_id, row.topic, Rhythm.AT_ONCE), (), is_notice=False)
        if whom.reached:
            texts = {variant: BulkText(**text) for variant, text in row.texts.items()}
            row.bulk_id = write_to_many(coops.coop_facts(coop_id), row.code, texts, whom.reached, now)
        many = len(whom.reached)
        # The batch holds what it says from now on.
        row.texts = None
        row.save(update_fields=["texts", "bulk"])
    audit("news", news_id, mails=many)
    return many


@action(verb="messages.news_mended")
def mend_news(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, about: uuid.UUID, kind: str, facts: Any) -> int:
    """Tell something otherwise from now on: in mails that still wait, and in the mail of the week.

    Whoever has it, has it. Return how many mails still waited. What was never told changes nothing.
    """
    rows = _about(coop_id, about)
    waiting = 0
    if rows:
        texts, lines = _told(coops.coop_facts(coop_id), kind, facts, now)
        for row in rows:
            if row.gathered_at is None:
                row.lines = lines
            if row.texts is not None:
                row.texts = _kept(texts)
            row.save(update_fields=["lines", "texts"])
            if row.bulk_id is not None:
                Bulk.objects.filter(coop_id=coop_id, pk=row.bulk_id).update(texts=_kept(texts))
                for variant, text in texts.items():
                    waiting += _take_from_lanes(row.bulk_id, variant, text)
    audit("news", about, waiting=waiting)
    return waiting


@action(verb="messages.news_withdrawn")
def withdraw_news(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID, about: uuid.UUID) -> int:
    """Tell something no more: mails that still wait aren't sent, the mail of the week leaves it out.

    Return how many mails won't leave. What was never told changes nothing.
    """
    dropped = 0
    for row in _about(coop_id, about):
        row.gathered_at, row.texts = row.gathered_at or now, None
        row.save(update_fields=["gathered_at", "texts"])
        if row.bulk_id is not None:
            dropped += bring_to(coop_id, row.bulk_id, BulkState.STOPPED)
    audit("news", about, dropped=dropped)
    return dropped


def _kept(texts: Mapping[str, BulkText]) -> dict[str, Any]:
    """Return the texts of a batch as a row keeps them."""
    return {variant: dataclasses.asdict(text) for variant, text in texts.items()}


def _take_from_lanes(bulk_id: uuid.UUID, variant: str, text: BulkText) -> int:
    """Let mails that haven't left say something else: a lane that holds them would hand over what it read before."""
    mails = Mail.objects.filter(bulk_id=bulk_id, variant=variant, state__in=[MailState.WAITING, MailState.KEPT])
    return mails.update(subject=subject_of(text), claimed_by="")


def _about(coop_id: uuid.UUID, about: uuid.UUID) -> list[News]:
    return list(News.objects.select_for_update(of=("self",)).filter(coop_id=coop_id, about=about).order_by("id"))


def _told(
    coop: CoopFacts, kind: str, facts: Any, now: dt.datetime
) -> tuple[dict[str, BulkText], dict[str, dict[str, Any]]]:
    """Return a letter in each language: as a mail, and as a line of the week's."""
    if kind not in known_letters():
        raise Refused("messages.unknown_letter", letter=kind)
    letter = known_letters()[kind]
    if not isinstance(facts, letter.facts):
        raise TypeError(f"{kind} is written from {letter.facts.__name__}")
    letterhead = letterhead_of(coop.id, clock.civil_date(now))
    texts: dict[str, BulkText] = {}
    lines: dict[str, dict[str, Any]] = {}
    for language in LANGUAGES:
        with translation.override(coop.language_for(language)):
            told = letter.compose(facts)
            lines[language] = _line(told)
            texts[language] = rendering.bulk_text(
                told.subject,
                rendering.letter_blocks(told),
                letterhead=letterhead,
                language=language,
                ending=ending(coop, None, is_member=False),
            )
    return texts, lines


@action(verb="messages.week_told")
def tell_week(*, actor: Actor, now: dt.datetime, coop_id: uuid.UUID) -> int:
    """Write the mail of the week to whoever wants one: what is new of what they follow; return to how many.

    Where there is nothing new there is no mail.
    """
    fresh = list(News.objects.select_for_update().filter(coop_id=coop_id, gathered_at__isnull=True).order_by("made_at"))
    follows = queries.weekly_followers(coop_id)
    coop = coops.coop_facts(coop_id)
    letterhead = letterhead_of(coop_id, clock.civil_date(now))
    people = {one.id: one for one in queries.contacts(coop_id, follows.keys()).values()}
    texts: dict[str, BulkText] = {}
    readers: list[tuple[Recipient, str]] = []
    for contact_id, topics in sorted(follows.items()):
        mine = tuple(number for number, one in enumerate(fresh) if ALL in topics or one.topic in topics)
        if not mine or contact_id not in people:
            continue
        who = people[contact_id]
        # One text for all who read the same things in the same language.
        variant = f"{who.language}:{','.join(map(str, mine))}"
        if len(variant) > 60:
            variant = f"{who.language}:{uuid.uuid5(uuid.NAMESPACE_OID, variant)}"
        if variant not in texts:
            texts[variant] = _week(coop, [fresh[number] for number in mine], who.language, letterhead)
        readers.append((Recipient(who.email, who.name, who.language, contact_id=contact_id, has_asked=True), variant))
    whom = queries.sift(coop_id, (one for one, _variant in readers), (), is_notice=False)
    variants = {one.contact_id: variant for one, variant in readers}
    if whom.reached:
        write_to_many(coop, WEEKLY, texts, whom.reached, now, variants=variants)
    News.objects.filter(pk__in=[one.pk for one in fresh]).update(gathered_at=now)
    audit("news", None, news=len(fresh), mails=len(whom.reached))
    return len(whom.reached)


def _line(letter: LetterText) -> dict[str, Any]:
    """Return a letter as a line of the week's mail: its subject, how it begins, its facts, and where it leads."""
    teaser = next((one.text for one in letter.blocks if isinstance(one, Paragraph)), "")
    url = next((one.url for one in letter.blocks if isinstance(one, Link) and not one.is_secret), "")
    rows = [row for one in letter.blocks if isinstance(one, FactRows) for row in one.rows]
    return {"subject": letter.subject, "teaser": _cut(teaser, 300), "facts": rows, "url": url}


def _cut(text: str, most: int) -> str:
    """Return how a text begins, cut between two words."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def _week(coop: CoopFacts, news: Sequence[News], language: str, letterhead: Any) -> BulkText:
    with translation.override(coop.language_for(language)):
        blocks: list[Mapping[str, object]] = []
        for one in news:
            line = one.lines[language]
            blocks.append({"kind": "heading", "text": line["subject"]})
            if line["teaser"]:
                blocks.append({"kind": "paragraph", "text": line["teaser"]})
            if line.get("facts"):
                blocks.append({"kind": "facts", "rows": line["facts"]})
            if line["url"]:
                blocks.append({"kind": "link", "label": _("Read on"), "url": line["url"]})
        return rendering.bulk_text(
            _("The week at %(coop)s") % {"coop": coop.name},
            blocks,
            letterhead=letterhead,
            language=language,
            ending=ending(coop, None, is_member=False),
        )
