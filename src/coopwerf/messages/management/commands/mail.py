"""`coopwerf mail`: what came back, and what is in doubt."""

import sys
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from coopwerf.kernel import clock, command
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.messages import actions, queries, tasks
from coopwerf.messages.states import MailState


class Command(command.DomainCommand):
    """Look after the mail of an installation."""

    help = "Read mail that came back, show what is in doubt, and keep a pace for a domain."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what comes after the name."""
        self.subcommand(
            parser, "bounce", self.bounce, help="Read one message that came back, from standard input.", coop=False
        )
        self.subcommand(
            parser,
            "returned",
            self.returned,
            help="Read what came back from where COOPWERF_BOUNCES says, and take it out of there.",
            coop=False,
        )
        self.subcommand(parser, "doubts", self.doubts, help="List mails of which nobody knows.", coop=False)
        pace = self.subcommand(
            parser, "pace", self.pace, help="Keep a pace for a domain; without one, list them.", coop=False
        )
        pace.add_argument("domain", nargs="?", metavar="DOMAIN")
        pace.add_argument("a_minute", nargs="?", type=int, metavar="MAILS", help="a minute; 0 lifts the pace")

    def bounce(self, **options: Any) -> None:
        """Read one message from standard input, as a mail server pipes it."""
        self.say({"was": tasks.note_returned(sys.stdin.buffer.read())})

    def returned(self, **options: Any) -> None:
        """Read the box in which mail comes back."""
        if not settings.BOUNCES_URL:
            raise Refused("messages.no_box")
        self.say(dict(sorted(tasks.take_returned(settings.BOUNCES_URL).items())))

    def doubts(self, **options: Any) -> None:
        """List mails in doubt; 1 when there are any."""
        found = list(self._doubts())
        self.say(found)
        if found:
            raise SystemExit(command.FINDING)

    def _doubts(self) -> Iterator[dict[str, Any]]:
        for row in queries.outbox(state=MailState.IN_DOUBT.value):
            one = queries.mail(row.id)
            if one is not None:
                yield {"id": one.id, "to": one.to, "message_id": one.message_id, "claimed_at": one.claimed_at}

    def pace(self, *, domain: str | None, a_minute: int | None, **options: Any) -> None:
        """Set, lift or list paces."""
        if domain is not None:
            if a_minute is None:
                raise Refused("messages.pace_wrong")
            actions.set_pace(actor=SYSTEM, now=clock.now(), domain=domain, a_minute=a_minute or None)
        self.say({one.domain: one.a_minute for one in queries.paces()})
