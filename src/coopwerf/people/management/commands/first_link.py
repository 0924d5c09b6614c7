"""`coopwerf first_link`: a link that signs an administrator in, for whoever has this machine."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.urls import reverse

from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.command import DomainCommand
from coopwerf.people import actions, queries


class Command(DomainCommand):
    """Print the link that makes the first administrator, or with --email one that signs an administrator in again."""

    help = "Print a link, good once and for 15 minutes, that signs the administrator in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --email."""
        parser.add_argument("--email", help="an administrator who can't receive mail; by default: the first one ever")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print `{"link": …}`; null where an administrator has signed in already."""
        now = clock.now()
        if options["email"]:
            token = actions.make_administrator_link(actor=SYSTEM, now=now, email=options["email"])
            self.say({"link": settings.BASE_URL + reverse("people:link", kwargs={"token": token})})
        elif queries.has_administrator():
            self.say({"link": None})
        else:
            token = actions.make_first_link(actor=SYSTEM, now=now)
            self.say({"link": settings.BASE_URL + reverse("people:first", kwargs={"token": token})})
