"""What the register does when something happens to people, and the kinds of documents that it knows."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coopwerf.coops import policies as coop_policies
from coopwerf.coops import queries as coops
from coopwerf.coops.states import (
    COOPERATIVES,
    FirstStep,
    Power,
    SettingsPage,
    register_first_step,
    register_settings_page,
)
from coopwerf.documents import papers
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM, Actor
from coopwerf.kernel.happenings import reacts_to
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.kernel.verdict import Verdict
from coopwerf.messages import audiences
from coopwerf.messages.audiences import Recipient
from coopwerf.people import policies as people_policies
from coopwerf.people import queries as people
from coopwerf.people.happenings import AddressChanged, NameChanged, PartyErased
from coopwerf.people.states import register_belongings

from . import actions, policies, queries
from .actions.particulars import chain_particulars, forget_salts
from .belonging import memberships
from .privacy import gather, hindrance, kept, subjects, tell


@reacts_to(NameChanged)
def commit_to_name(event: NameChanged, *, actor: Actor, now: dt.datetime) -> None:
    """Commit to a changed name in every register in which the party stands."""
    chain_particulars(event.party_id, event.valid_from, author=actor.party_id, now=now)


@reacts_to(AddressChanged)
def commit_to_address(event: AddressChanged, *, actor: Actor, now: dt.datetime) -> None:
    """Commit to a changed domicile or seat in every register in which the party stands."""
    chain_particulars(event.party_id, event.valid_from, author=actor.party_id, now=now)


@reacts_to(PartyErased)
def forget_who_it_was(event: PartyErased, *, actor: Actor, now: dt.datetime) -> None:
    """Delete the salts of what was erased in every register, and what was typed in requests and spreadsheets."""
    forget_salts(event.party_id, kept_name_ids=event.kept_name_ids, kept_address_ids=event.kept_address_ids)
    for coop in coops.all_coops():
        with tenant(coop.id):
            is_there = (
                queries.requests_about(coop.id, event.party_id)
                or queries.unconfirmed_from(coop.id, event.emails).exists()
                or queries.open_imports_with(coop.id, event.emails, event.names)
            )
        if is_there:
            actions.forget_person(
                actor=actor,
                now=now,
                coop_id=coop.id,
                party_id=event.party_id,
                emails=sorted(event.emails),
                names=sorted(event.names),
            )


CERTIFICATE, EXTRACT, MEMBER_LIST = "register.certificate", "register.extract", "register.member_list"


def _member_of(wanted: papers.Wanted) -> uuid.UUID | None:
    """Return the member whom a document is about: the one in its params, else the party's latest membership."""
    told = wanted.params.get("member")
    if told is not None:
        try:
            facts = queries.member_facts(wanted.coop_id, uuid.UUID(str(told)))
        except ValueError:
            facts = None
        if facts is None or wanted.party_id not in (None, facts.party_id):
            raise Refused("register.member_unknown")
        return facts.id
    if wanted.party_id is None:
        return None
    memberships = queries.members_of_party(wanted.coop_id, wanted.party_id)
    if not memberships:
        raise Refused("register.member_unknown")
    return memberships[-1].id


def build_certificate(wanted: papers.Wanted, now: dt.datetime) -> papers.Certificate:
    """Write down that a certificate is made, and return what stands on it."""
    member_id = _member_of(wanted)
    if member_id is None or wanted.document_id is None:
        raise Refused("register.no_document_for_whom")
    return actions.issue_certificate(
        actor=SYSTEM,
        now=now,
        coop_id=wanted.coop_id,
        document_id=wanted.document_id,
        member_id=member_id,
        as_of=wanted.as_of or clock.civil_date(now),
        known_position=wanted.known_position,
    )


def build_extract(wanted: papers.Wanted, now: dt.datetime) -> papers.RegisterExtract:
    """Return the share register as of a date, or one member's part of it."""
    at = wanted.as_of or clock.civil_date(now)
    return queries.extract_facts(wanted.coop_id, at, wanted.known_position, member_id=_member_of(wanted))


def build_member_list(wanted: papers.Wanted, now: dt.datetime) -> papers.MemberList:
    """Return the list of members as of a date, with the leavers of the year before."""
    at = wanted.as_of or clock.civil_date(now)
    return queries.member_list_facts(wanted.coop_id, at, wanted.known_position)


def _own_or_keeper(actor: Actor, wanted: papers.Wanted, on: dt.date) -> Verdict:
    return policies.may_have_paper(actor, wanted.coop_id, wanted.party_id, on)


def _keeper(actor: Actor, wanted: papers.Wanted, on: dt.date) -> Verdict:
    return policies.may_see_register(actor, wanted.coop_id, on)


papers.declare(
    CERTIFICATE,
    name=_("Certificate"),
    build=build_certificate,
    may_ask=_own_or_keeper,
    may_read=_own_or_keeper,
    confirmed_at=queries.confirmed_at,
)
papers.declare(
    EXTRACT, name=_("Extract of the register"), build=build_extract, may_ask=_own_or_keeper, may_read=_own_or_keeper
)
papers.declare(MEMBER_LIST, name=_("List of members"), build=build_member_list, may_ask=_keeper, may_read=_keeper)


@coop_policies.register_acquaintances
def members_called(coop_id: uuid.UUID, words: str, on: dt.date) -> list[uuid.UUID]:
    """Return the members of a day whose name or number matches, for who gives mandates; a page of them is enough."""
    return [line.party_id for line in queries.lines_page(coop_id, on, text=words, state="member")]


@coop_policies.register_describer
def numbers_of(coop_id: uuid.UUID, party_ids: Collection[uuid.UUID], on: dt.date) -> dict[uuid.UUID, str]:
    """Return the member numbers of a day, for who must tell people of one name apart."""
    found: dict[uuid.UUID, list[str]] = {}
    for one in queries.memberships(coop_id, frozenset(party_ids), on):
        found.setdefault(one.party_id, []).append(str(one.number))
    return {party_id: gettext("member %(number)s") % {"number": ", ".join(held)} for party_id, held in found.items()}


@people_policies.register_keeper
def keeps_particulars(actor: Actor, party_id: uuid.UUID, coop_id: uuid.UUID, on: dt.date) -> bool:
    """Tell whether somebody keeps the register in which a party stands, and so its name and domicile."""
    return bool(policies.may_keep_particulars(actor, coop_id, party_id, on))


@people_policies.register_contact_keeper
def keeps_contact(actor: Actor, party_id: uuid.UUID, coop_id: uuid.UUID, on: dt.date) -> bool:
    """Tell whether a keeper may also say how a party is reached: nothing of it stands in another co-operative."""
    return bool(policies.may_keep_contact(actor, coop_id, party_id, on))


register_belongings(memberships)
people.register_export("register", gather)
people.register_erased("register", tell)
people.register_law("register", kept)
people_policies.register_hindrance(hindrance)
people.register_subjects(subjects)


register_first_step(
    FirstStep(
        code="import",
        label=_("Bring your register"),
        text=_(
            "You have members already? Bring the spreadsheet in which you keep them: names, addresses, shares and what "
            "is paid, as they stand there. You see everything before it counts."
        ),
        url_name="register:import-start",
        power=Power.IMPORT_REGISTER,
        is_open=lambda coop_id: not queries.last_number(coop_id),
    )
)

register_settings_page(
    SettingsPage("classes", _("Share classes"), "register:classes", 50, COOPERATIVES, Power.SEE_REGISTER)
)


def members_to_write_to(coop_id: uuid.UUID, on: dt.date) -> Iterable[Recipient]:
    """Return the members of a day, as they are written to; who has no address too."""
    lines = [line for line in queries.lines(coop_id, on) if line.ended_on is None or line.ended_on > on]
    ids = [line.party_id for line in lines]
    emails, languages = people.email_of(ids), people.language_of(ids)
    return [
        Recipient(emails.get(line.party_id, ""), line.spoken, languages[line.party_id], party_id=line.party_id)
        for line in lines
    ]


audiences.declare("members", name=_("Members"), recipients=members_to_write_to, order=20)
