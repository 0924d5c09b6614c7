"""Forgetting people with what they said and wrote; the letters, pictures and private data of reports."""

import datetime as dt
import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coopwerf.coops import queries as coops
from coopwerf.documents import pictures
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import actions as telling
from coopwerf.messages import queries as messages
from coopwerf.messages import topics
from coopwerf.messages.happenings import ContactForgotten
from coopwerf.people import queries as people
from coopwerf.people.happenings import PartyErased
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import actions, letters, policies, queries
from ..happenings import ReportCorrected, ReportPublished, ReportTakenBack, ReportTranslated
from ..privacy import gather, gather_of_contact, tell

__all__ = ["letters"]


@reacts_to(ContactForgotten)
def empty_comments(event: ContactForgotten, *, actor: Actor, now: dt.datetime) -> None:
    """Empty what somebody without an account said, and take their name off translations."""
    if queries.comments_about(event.coop_id, event.contact_id) or queries.translations_by_contact(
        event.coop_id, event.contact_id
    ):
        actions.forget_comments_of(actor=actor, now=now, coop_id=event.coop_id, contact_id=event.contact_id)


@reacts_to(PartyErased)
def forget_writer(event: PartyErased, *, actor: Actor, now: dt.datetime) -> None:
    """Take somebody who was erased off reports, and empty what they answered."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            is_there = queries.has_traces(coop.id, event.party_id, event.emails)
        if is_there:
            actions.forget_reports_of(
                actor=actor, now=now, coop_id=coop.id, party_id=event.party_id, emails=sorted(event.emails)
            )


@reacts_to(ReportPublished)
def tell_followers(event: ReportPublished, *, actor: Actor, now: dt.datetime) -> None:
    """Tell whoever follows reports that this one was published, once."""
    telling.tell_followers(
        actor=SYSTEM,
        now=now,
        coop_id=event.coop_id,
        topic=letters.REPORTS,
        kind=letters.TOLD,
        facts=_told(event.coop_id, event.report_id),
        about=event.report_id,
    )


@reacts_to(ReportCorrected)
@reacts_to(ReportTranslated)
def tell_otherwise(event: ReportCorrected | ReportTranslated, *, actor: Actor, now: dt.datetime) -> None:
    """Let mails that haven't left tell what a report tells now, in the languages in which it does."""
    telling.mend_news(
        actor=SYSTEM,
        now=now,
        coop_id=event.coop_id,
        about=event.report_id,
        kind=letters.TOLD,
        facts=_told(event.coop_id, event.report_id),
    )


@reacts_to(ReportTakenBack)
def tell_no_more(event: ReportTakenBack, *, actor: Actor, now: dt.datetime) -> None:
    """Tell nobody else of a report that was a mistake."""
    telling.withdraw_news(actor=SYSTEM, now=now, coop_id=event.coop_id, about=event.report_id)


def _told(coop_id: uuid.UUID, report_id: uuid.UUID) -> letters.ToldLetter:
    coop, found = coops.coop_facts(coop_id), queries.report_facts(coop_id, report_id)
    assert found is not None
    return letters.ToldLetter(
        coop=coop.name,
        titles={language: found.words(language).title for language in LANGUAGE_NAMES},
        leads={language: found.words(language).lead for language in LANGUAGE_NAMES},
        told_in={language: found.told_in(language) for language in LANGUAGE_NAMES},
        url=settings.BASE_URL + reverse("founding:report", kwargs={"slug": coop.slug, "report": found.slug}),
    )


topics.declare(letters.REPORTS, name=_("Reports from the yard"), told=_("when a report is published"), order=20)
people.register_export("founding", gather)
people.register_erased("founding", tell)
messages.register_contact_export("founding", gather_of_contact)
messages.register_contact_need("founding", queries.writing_contacts)
pictures.register_use(
    "founding",
    pictures.Use(
        is_shown=queries.is_picture_shown,
        is_used=queries.is_picture_used,
        may_bring=policies.may_bring_pictures,
    ),
)
