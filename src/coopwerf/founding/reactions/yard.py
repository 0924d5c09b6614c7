"""A helper who is forgotten is forgotten here; a co-operative that reaches a stage shows it in the directory."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from coopwerf.coops.happenings import StageReached
from coopwerf.coops.states import FirstStep, Power, register_first_step
from coopwerf.documents import pictures
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.messages import audiences
from coopwerf.messages import queries as messages
from coopwerf.messages.audiences import Recipient
from coopwerf.messages.happenings import ContactForgotten
from coopwerf.people import queries as people

from .. import actions, letters, policies, queries
from ..happenings import ReportPublished, ReportTakenBack
from ..privacy import gather_help, gather_help_of_contact

__all__ = ["letters"]


@reacts_to(ContactForgotten)
def forget_helper(event: ContactForgotten, *, actor: Actor, now: dt.datetime) -> None:
    """Forget what somebody wrote who is forgotten."""
    actions.forget_helper(actor=SYSTEM, now=now, coop_id=event.coop_id, contact_id=event.contact_id)


@reacts_to(StageReached)
def show_stage(event: StageReached, *, actor: Actor, now: dt.datetime) -> None:
    """Let the directory say how far a listed project has come; a stage to come is shown on its day."""
    if event.valid_from <= clock.civil_date(now) and queries.listed(event.coop_id):
        actions.refresh_entry(actor=SYSTEM, now=now, coop_id=event.coop_id)


def helpers(coop_id: uuid.UUID, on: dt.date) -> Iterable[Recipient]:
    """Return who helps, or has helped: whoever has a place of a call for help."""
    return [
        Recipient(one.email, one.name, one.language, contact_id=one.id)
        for one in messages.contacts(coop_id, queries.helpers(coop_id)).values()
        if one.forgotten_at is None
    ]


audiences.declare("helpers", name=_("Helpers"), recipients=helpers, order=30)


register_first_step(
    FirstStep(
        code="yard",
        label=_("Open your yard"),
        text=_(
            "Tell in ten lines where you stand, promise three steps, share your page. Whoever reads it can follow you."
        ),
        url_name="founding:yard",
        power=Power.KEEP_YARD,
        is_open=lambda coop_id: not queries.told(coop_id).count,
    )
)


def refresh(coop_id: uuid.UUID, now: dt.datetime) -> None:
    """Let the directory say how many reports a listed project has, and of when the last one is."""
    if queries.listed(coop_id):
        actions.refresh_entry(actor=SYSTEM, now=now, coop_id=coop_id)


@reacts_to(ReportPublished)
def count_report(event: ReportPublished, *, actor: Actor, now: dt.datetime) -> None:
    """Let the directory count a report that can be read from now on."""
    refresh(event.coop_id, now)


@reacts_to(ReportTakenBack)
def count_no_more(event: ReportTakenBack, *, actor: Actor, now: dt.datetime) -> None:
    """Let the directory not count a report that was a mistake."""
    refresh(event.coop_id, now)


pictures.register_use(
    "founding_logos",
    pictures.Use(is_shown=queries.is_logo_shown, is_used=queries.is_logo, may_bring=policies.may_bring_logos),
)
messages.register_contact_export("founding_help", gather_help_of_contact)
messages.register_contact_need("founding_help", queries.helping_contacts)
people.register_export("founding_help", gather_help)
