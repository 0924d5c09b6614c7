"""Who may see the outbox, send letters, print them; what is wrong in a list that is brought along."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator

from coopwerf.coops import policies as coops
from coopwerf.coops.states import Power
from coopwerf.kernel import clock
from coopwerf.kernel.actor import Actor
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.verdict import Verdict, allow, refuse

from . import addresses
from .letters import known_letters
from .queries import LetterFacts, MailFacts, NewsletterFacts
from .states import Channel, MailState


def may_see_outbox(actor: Actor) -> Verdict:
    """Say whether an actor may read the mail that leaves this installation: its administrator only."""
    return allow() if actor.is_system or actor.is_administrator else refuse("kernel.not_administrator")


def may_send_again(actor: Actor, mail: MailFacts, *, has_server: bool) -> Verdict:
    """Say whether an actor may send a mail again that is kept, refused, given up, came back or is in doubt."""
    verdict = may_see_outbox(actor)
    if not verdict:
        return verdict
    if mail.state is MailState.DELIVERED:
        return refuse("messages.already_delivered")
    if mail.state in (MailState.WAITING, MailState.SENDING):
        return refuse("messages.already_waiting")
    if mail.state is MailState.DROPPED:
        return refuse("messages.dropped")
    if mail.blanked_at is not None:
        return refuse("messages.blanked")
    return allow() if has_server else refuse("messages.no_smtp")


def may_consider_delivered(actor: Actor, mail: MailFacts) -> Verdict:
    """Say whether an actor may take a mail as delivered: one in doubt only."""
    verdict = may_see_outbox(actor)
    if verdict and mail.state is not MailState.IN_DOUBT:
        return refuse("messages.not_in_doubt")
    return verdict


def may_send_letter(actor: Actor, letter: str, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Say whether an actor may send a letter: as the package that declared it says."""
    if letter not in known_letters():
        return refuse("messages.unknown_letter", letter=letter)
    return known_letters()[letter].may_send(actor, coop_id, on)


def may_see_letters(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Say whether an actor may see whom a co-operative wrote to, and print what goes on paper."""
    return coops.may_do(actor, coop_id, Power.KEEP_REGISTER, on)


def may_write_news(actor: Actor, coop_id: uuid.UUID, on: dt.date) -> Verdict:
    """Say whether an actor may write to followers and members in the name of a co-operative."""
    return coops.may_do(actor, coop_id, Power.WRITE_NEWS, on)


def may_send(newsletter: NewsletterFacts) -> Verdict:
    """Say whether a newsletter is ready to leave: written in a language at least, and for somebody."""
    if not any(one.is_whole for one in newsletter.texts.values()):
        return refuse("messages.nothing_written")
    half = sorted(language for language, one in newsletter.texts.items() if not one.is_whole)
    if half:
        return refuse("messages.half_written", language=half[0])
    if not newsletter.audiences:
        return refuse("messages.no_audience")
    return allow()


def may_print(actor: Actor, letter: LetterFacts, on: dt.date) -> Verdict:
    """Say whether an actor may note that a letter was printed."""
    verdict = may_see_letters(actor, letter.coop_id, on)
    if verdict and letter.channel is not Channel.PAPER:
        return refuse("messages.not_on_paper")
    return verdict


def faults_of(rows: Iterable[tuple[int, str, dt.datetime]], today: dt.date) -> Iterator[Refused]:
    """Yield what is wrong in a list that is brought along (lines, addresses, when they agreed), line by line."""
    for line, email, agreed_on in rows:
        try:
            addresses.parse(email)
        except Refused as refusal:
            yield Refused(refusal.code, line=line, **refusal.facts)
        if clock.civil_date(agreed_on) > today:
            yield Refused("messages.agreed_later", line=line)
