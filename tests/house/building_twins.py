"""What is built in each of two co-operatives that look alike: a step, a partner, a call for help, who answers it."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from coopwerf.founding import actions, queries
from coopwerf.founding.actions import CallTerms, PartnerTerms, Profile
from coopwerf.founding.actions.help_mails import PURPOSE
from coopwerf.founding.queries import CallWords, ProjectWords, StepWords
from coopwerf.founding.states import ConsentWay, EvidenceKind, HelpKind, PartnerKind, Season
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import links
from coopwerf.messages import queries as contacts
from tests.cast import NOW, Cast


@dataclasses.dataclass(frozen=True)
class Built:
    """The ids and addresses of what is built in one of them."""

    step: uuid.UUID
    evidence: uuid.UUID
    partner: uuid.UUID
    call: uuid.UUID
    slug: str
    money: uuid.UUID
    offer: uuid.UUID
    contact: uuid.UUID
    token: str
    report: str
    translation: uuid.UUID


def built(cast: Cast, mark: str, sting: str, report: str) -> Built:
    """Build one of everything; what anybody may read bears another word than what is for the inside only."""
    act: dict[str, Any] = {"actor": cast.chair.actor, "now": NOW, "coop_id": cast.id}
    open_, hidden = f"Steen{mark}{sting}", f"Lood{mark}{sting}"
    step = actions.write_step(**act, season=Season.of(dt.date(2027, 4, 1)), texts={"nl": StepWords(open_[:120], open_)})
    actions.promise_step(**act, step_id=step)
    proof = actions.add_evidence(
        **act, step_id=step, kind=EvidenceKind.LINK, title=open_[:120], url="https://example.org/"
    )
    terms = PartnerTerms(
        name=hidden[:120],
        kind=PartnerKind.FUND,
        since=dt.date(2026, 1, 1),
        role={"nl": hidden},
    )
    kept = actions.write_partner(**act, terms=terms)
    agreed = dataclasses.replace(
        terms, name=open_[:120], agreed_on=dt.date(2026, 1, 1), agreed_how=ConsentWay.MAIL, agreed_by=hidden[:120]
    )
    actions.write_partner(**act, terms=agreed)
    words = {"nl": ProjectWords(open_, open_)}
    actions.write_profile(**act, profile=Profile(themes=("energy",), region="BE-BRU", texts=words))
    actions.list_project(**act)
    texts = {"nl": CallWords(f"Hulp {open_}"[:120], open_)}
    money = actions.write_call(**act, terms=CallTerms(kind=HelpKind.MONEY, amount=Decimal(500), texts=texts))
    asked = CallTerms(kind=HelpKind.TASK, minutes=15, places=9, texts=texts, where=open_[:120])
    call = actions.write_call(**act, terms=asked)
    actions.open_call(**act, call_id=call)
    email = f"helper.{mark}@example.org".lower()
    whose = {"name": f"Goud{mark}", "email": email, "language": "nl"}
    actor = {"actor": VISITOR, "now": NOW, "coop_id": cast.id}
    actions.offer_help(**actor, **whose, call_id=call, key=uuid7(), words=hidden, may_name=True)
    actions.ask_question(**actor, **whose, call_id=call, key=uuid7(), words=hidden)
    with tenant(cast.id):
        found = contacts.contact_by_email(cast.id, email)
        assert found is not None
    actions.confirm_help(**actor, contact_id=found.id)
    with tenant(cast.id):
        (offer,) = queries.offers_for(cast.id, call)
        facts = queries.call_facts(cast.id, call)
        assert facts is not None
        token = links.sign(found.id, PURPOSE)
        told = queries.report_by_slug(cast.id, report)
        assert told is not None
    wanted = actions.ask_translation(**act, report_id=told.id, language="en")
    actions.offer_help(**actor, **whose, call_id=wanted, key=uuid7(), words=hidden)
    actions.confirm_help(**actor, contact_id=found.id)
    with tenant(cast.id):
        (translates,) = queries.offers_for(cast.id, wanted)
    return Built(step, proof, kept, call, facts.slug, money, offer.id, found.id, token, report, translates.id)


_C = "/c/<slug:slug>/"
_S = _C + "roadmap/desk/<uuid:step_id>/"
_P = _C + "partners/desk/<uuid:partner_id>/"
_D = _C + "help/desk/<uuid:call_id>/"
_H = _C + "help/<slug:call>/"
PUBLIC = (_H,)
"""Pages of what is built for everybody: under the slug of their own co-operative anybody reads them."""


def blanks() -> dict[str, dict[str, Callable[[Any], Any]]]:
    """Return what stands in the blanks of the addresses of the yard."""
    step = {"step_id": lambda twin: twin.built.step}
    partner = {"partner_id": lambda twin: twin.built.partner}
    call = {"call_id": lambda twin: twin.built.call}
    slug = {"call": lambda twin: twin.built.slug}
    return {
        _S: step,
        _S + "place/": step,
        _S + "evidence/": step,
        _S + "evidence/<uuid:evidence_id>/remove/": {**step, "evidence_id": lambda twin: twin.built.evidence},
        _S + "<str:what>/": {**step, "what": lambda twin: "move"},
        _P: partner,
        _P + "remove/": partner,
        _P + "logo/": partner,
        _P + "logo/away/": partner,
        _C + "help/desk/offers/<uuid:offer_id>/": {"offer_id": lambda twin: twin.built.offer},
        _D: call,
        _D + "write/": call,
        _D + "open/": call,
        _D + "close/": call,
        _D + "delete/": call,
        _D + "talk/<uuid:contact_id>/": {**call, "contact_id": lambda twin: twin.built.contact},
        _C + "help/mine/<str:token>/": {"token": lambda twin: twin.built.token},
        _C + "help/mine/<str:token>/<uuid:offer_id>/": {
            "token": lambda twin: twin.built.token,
            "offer_id": lambda twin: twin.built.translation,
        },
        _H: slug,
        _H + "answer/": slug,
        _H + "ask/": slug,
    }


def posts(own: Built, theirs: Built) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the forms of the yard that take an id, filled in with another's: where, and with what."""
    told = {"title_nl": "x", "minutes": "15", "places": "1", "lowers": str(theirs.money), "worth": "5"}
    yield "help/desk/new/", told
    for do in ("withdraw", "name", "no-name"):
        yield f"help/mine/{own.token}/", {"do": do, "offer": str(theirs.offer)}
    yield "help/desk/translations/", {"want": f"{theirs.report} fr"}
    yield f"help/mine/{own.token}/", {"do": "write", "call": str(theirs.call), "words": "x", "key": str(uuid7())}


CODES = "agreed_how earlier kind listed minutes part project region skill themes"
"""Fields of the yard's pages that hold no id; a `project` is named as in the address of its own public page."""
