"""Two co-operatives with the same kinds of content, and what stands of each in every blank of every address.

A new address with a blank must sign in here: `BLANKS` says what of a co-operative (or of a person) goes into it, or
`OPEN_BLANKS` why there is nothing in it that belongs to anybody.
"""

import csv
import dataclasses
import datetime as dt
import io
import re
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail, signing

from coopcalc.register import sheets
from coopwerf.capital import actions as offers
from coopwerf.capital.actions.subscriptions import mail_token
from coopwerf.capital.queries import OfferWords
from coopwerf.capital.states import Regime
from coopwerf.coops import actions as coops
from coopwerf.coops import queries as coop_queries
from coopwerf.coops.states import BodyKind, Role
from coopwerf.documents import actions as documents
from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.tenancy import tenant
from coopwerf.ledger import actions as books
from coopwerf.messages.actions import send_letter
from coopwerf.people import actions as people
from coopwerf.people.models import Representation
from coopwerf.people.states import LINK_SALT, Address, Proof, RepresentationKind, SignInWay
from coopwerf.register import actions as shares
from coopwerf.register import letters, queries
from coopwerf.register.models import Movement, RequestEvent, Standing
from coopwerf.register.spreadsheets import read_sheets
from coopwerf.register.states import Applicant, SharesAsked
from tests.cast import NOW, TODAY, Cast, Person, make_person

from . import bank_twins, building_twins, capital_twins, events_twins, founding_twins, message_twins

SINCE = dt.date(2026, 1, 1)


@dataclasses.dataclass(frozen=True)
class Twin:
    """A co-operative with one of each kind of content; `names` are words that stand nowhere but in its own pages."""

    cast: Cast
    mark: str
    number: int
    class_code: str
    body: uuid.UUID
    mandate: uuid.UUID
    invitation: uuid.UUID
    invitation_token: str
    stage: str
    member: uuid.UUID
    party: uuid.UUID
    movement: uuid.UUID
    standing: uuid.UUID
    import_id: uuid.UUID
    request: uuid.UUID
    request_token: str
    event: uuid.UUID
    request_party: uuid.UUID
    document: str
    letter: uuid.UUID
    look: uuid.UUID
    representation: uuid.UUID
    principal: uuid.UUID
    passkey: int
    session: int
    erasure: str
    leaver: Person
    offer: str
    question: uuid.UUID
    subscription: uuid.UUID
    subscription_key: uuid.UUID
    subscription_token: str
    account: str
    entry: uuid.UUID
    token: uuid.UUID
    bank: bank_twins.Bank
    built: building_twins.Built
    yard: founding_twins.Yard
    gathered: events_twins.Gathered
    mails: message_twins.Mails

    @property
    def names(self) -> tuple[str, ...]:
        """Return words that nobody outside may read."""
        return (f"Zilver{self.mark}", f"Goud{self.mark}", f"Brons{self.mark}", f"Koper{self.mark}", f"Lood{self.mark}")

    def address(self, route: str, slug: str) -> str:
        """Return an address with what is of this co-operative in its blanks, under a slug."""
        told = BLANKS[route]
        return re.sub(
            r"<(?:\w+:)?(\w+)>",
            lambda blank: slug if blank[1] == "slug" else str(told[blank[1]](self)),
            route,
        )


def furnish(cast: Cast, mark: str, number: int, sting: str = "") -> Twin:
    """Put one of everything into a co-operative; `sting` stands in every name and text that somebody types."""
    act = {"actor": cast.secretary.actor, "now": NOW, "coop_id": cast.id}
    decision = shares.DecisionInput(body="board", on=SINCE, reference=f"Koper{mark}{sting}, item 1")
    code = f"Z{mark}"[:12]
    for one in (code, f"Y{mark}"):
        shares.set_class_terms(**act, code=one, valid_from=SINCE, nominal=Decimal(25))
    import_id = _import(cast, mark, sting)
    holder = make_person("Holder", f"Zilver{mark}{sting}", email=f"holder.{mark}@example.org".lower())
    admitted = shares.record_admission(
        **act,
        party_id=holder.party_id,
        on=SINCE,
        decision=decision,
        number=number,
        shares=[shares.SharesInput(share_class=code, quantity=2)],
    )
    noted = shares.record_request(
        **act,
        applicant=Applicant(
            given="Asker",
            family=f"Goud{mark}{sting}",
            address=Address(f"Steenweg{sting}", "1", "", "1000", "Brussel", "BE"),
            email=f"asker.{mark}@example.org".lower(),
        ),
        shares=SharesAsked(share_class=code, quantity=3),
        language="nl",
        asked_on=TODAY,
    )
    shares.record_request_payment(**act, request_id=noted.id, amount=Decimal("10.00"), on=TODAY)
    invitation = coops.invite(
        actor=cast.chair.actor,
        now=NOW,
        coop_id=cast.id,
        body_id=_board(cast),
        role=Role.DIRECTOR,
        email=f"invited.Lood{mark}@example.org",
        language="nl",
        valid_from=TODAY,
    )
    invited = re.findall(r"/invitation/([^/\s]+)/", str(mail.outbox[-1].body))
    committee = coops.add_body(
        actor=cast.chair.actor,
        now=NOW,
        coop_id=cast.id,
        kind=BodyKind.COMMITTEE,
        name=f"Brons{mark}{sting}",
        valid_from=SINCE,
    )
    mandate = coops.grant_mandate(
        actor=cast.chair.actor,
        now=NOW,
        coop_id=cast.id,
        party_id=holder.party_id,
        body_id=committee.id,
        role=Role.MEMBER,
        valid_from=SINCE,
    )
    document = documents.ask_document(
        **act,
        kind="register.certificate",
        language="nl",
        party_id=holder.party_id,
        params={"member": str(admitted.id)},
    )
    look = shares.inspect_class(**act, share_class=code)
    principal = people.register_represented(
        actor=cast.chair.actor,
        now=NOW,
        kind=RepresentationKind.GUARDIAN,
        agent_id=cast.chair.party_id,
        family=f"Zilver{mark}{sting}",
        given="Child",
        proof=Proof.DECLARED,
        valid_until=dt.date(2036, 1, 1),
    )
    leaver = make_person("Leaver", f"Lood{mark}{sting}", email=f"leaver.{mark}@example.org")
    asked = people.ask_erasure(actor=leaver.actor, now=NOW, party_id=leaver.party_id)
    passkey = Authenticator.objects.create(
        user=cast.chair.account, type="webauthn", data={"name": f"Koper{mark}{sting}", "credential": {}}
    )
    key = cast.chair.browser().session.session_key
    session = UserSession.objects.create(
        user=cast.chair.account, session_key=key, ip="203.0.113.0", data={"way": SignInWay.CODE.value}
    )
    booked = _booked(cast, mark, sting)
    question = _offer(cast, mark, code, sting)
    subscription = capital_twins.subscribed(cast, mark, code, sting)
    yard = founding_twins.told(cast, mark, sting)
    built = building_twins.built(cast, mark, sting, yard.report)
    gathered = events_twins.gathered(cast, mark, sting)
    with tenant(cast.id):
        return Twin(
            cast=cast,
            mark=mark,
            number=number,
            class_code=code,
            body=committee.id,
            mandate=mandate.id,
            invitation=invitation.id,
            invitation_token=invited[0],
            stage=coop_queries.stage_history(cast.id)[0].valid_from.isoformat(),
            member=admitted.id,
            party=holder.party_id,
            movement=Movement.objects.get(coop_id=cast.id).pk,
            standing=Standing.objects.get(coop_id=cast.id).pk,
            import_id=import_id,
            request=noted.id,
            request_token=noted.token,
            event=RequestEvent.objects.get(coop_id=cast.id, kind="paid").pk,
            request_party=queries.request_facts(cast.id, noted.id, TODAY).party_id,  # type: ignore[union-attr, arg-type]
            document=document.token,
            letter=_paper(cast, holder.party_id),
            look=look,
            representation=Representation.objects.get(principal_id=principal).pk,
            principal=principal,
            passkey=passkey.pk,
            session=session.pk,
            erasure=signing.dumps([str(asked), clock.now().isoformat()], salt=LINK_SALT),
            leaver=leaver,
            offer=f"offer-{mark}".lower(),
            question=question,
            subscription=subscription.id,
            subscription_key=subscription.key,
            subscription_token=mail_token(subscription.key),
            account=f"9.{mark}",
            entry=booked,
            bank=bank_twins.banked(cast, mark, sting, holder, number),
            built=built,
            token=_token(cast, mark, sting),
            yard=yard,
            gathered=gathered,
            mails=message_twins.written(cast, mark, sting),
        )


def _token(cast: Cast, mark: str, sting: str) -> uuid.UUID:
    """Make a token of the chair for a program."""
    now = clock.now()
    last = clock.civil_date(now) + dt.timedelta(days=30)
    told = {"name": f"Lood{mark}{sting}"[:60], "scopes": ["me.read"], "expires_on": last}
    return people.make_token(actor=cast.chair.actor, now=now, **told).id


def _import(cast: Cast, mark: str, sting: str) -> uuid.UUID:
    """Bring a spreadsheet with a doubtful row, its columns chosen."""
    text = io.StringIO()
    head = ("Lidnr", "Naam", "Adres", "Aandelen", "Bedrag per aandeel", f"Koper{sting}")
    row = ("1", f"Brons{mark}{sting}", f"Kerkstraat 1 {sting}", f"2,5{sting}", "25", f"Koper{sting}")
    csv.writer(text, delimiter=";").writerows((head, row))
    content = text.getvalue().encode()
    found = read_sheets(io.BytesIO(content))
    act = {"actor": cast.secretary.actor, "now": NOW, "coop_id": cast.id}
    import_id = shares.bring_spreadsheet(**act, file_name=f"Koper{mark}{sting}.csv", content=content, found=found)
    choices = queries.Choices(header=1, columns=sheets.guess(found[0]).columns, shape=sheets.Shape.OPENING, at=SINCE)
    shares.choose_columns(**act, import_id=import_id, choices=choices, heads={})
    return import_id


def _paper(cast: Cast, party_id: uuid.UUID) -> uuid.UUID:
    """Write a letter that waits to be printed."""
    told = letters.RequestLetter(coop=cast.coop.name, name="Holder", shares=None, url="https://example.org/", days=14)
    return send_letter(
        actor=SYSTEM,
        now=NOW,
        coop_id=cast.id,
        template=letters.NOTED,
        context=told,
        party_id=party_id,
        on_paper=True,
    ).id


def _offer(cast: Cast, mark: str, code: str, sting: str) -> uuid.UUID:
    """Open an offer that tells everything with these words, with a question; return the question's id."""
    act = {"actor": cast.chair.actor, "now": NOW, "coop_id": cast.id}
    words = OfferWords(*(f"Offer{mark}{sting}" for _field in dataclasses.fields(OfferWords)))
    offer_id = offers.draft_offer(**act, title="Draft", language="nl")
    terms = offers.OfferTerms(
        slug=f"offer-{mark}".lower(),
        classes=(code,),
        languages=("nl",),
        opens_on=SINCE,
        ceiling=Decimal(100_000),
        per_person=Decimal(5000),
        regime=Regime.OTHER,
        paper=f"Offer{mark}{sting}",
        iban="BE71 0961 2345 6769",
        holder=f"Offer{mark}{sting}"[:70],
    )
    offers.change_offer(**act, offer_id=offer_id, terms=terms)
    offers.write_texts(**act, offer_id=offer_id, language="nl", words=words)
    offers.name_statutes(**act, offer_id=offer_id, name=f"Offer{mark}{sting}", on=SINCE)
    offers.open_offer(**act, offer_id=offer_id)
    told = {"nl": (f"Offer{mark}{sting}", f"Offer{mark}{sting}")}
    return offers.write_question(**act, offer_id=offer_id, texts=told)


def _booked(cast: Cast, mark: str, sting: str) -> uuid.UUID:
    """Open the books, with an account of their own and an entry that somebody wrote."""
    act = {"actor": cast.chair.actor, "now": NOW, "coop_id": cast.id}
    books.open_books(**act, chart="be_mar", on=SINCE)
    books.add_account(**act, code=f"9.{mark}", name=f"Goud{mark}{sting}", kind="expense")
    lines = [
        books.ManualLine(account=f"9.{mark}", amount=Decimal(5)),
        books.ManualLine(account="440", amount=-Decimal(5)),
    ]
    return books.record_manual(**act, on=SINCE, lines=lines, words=f"Koper{mark}{sting}")


def _board(cast: Cast) -> uuid.UUID:
    with tenant(cast.id):
        return next(one.id for one in coop_queries.bodies(cast.id) if one.kind is BodyKind.BOARD)


Told = Mapping[str, Callable[[Twin], Any]]
_C = "/c/<slug:slug>/"
_A = _C + "books/accounts/<str:code>/"
_E = _C + "books/entries/<uuid:entry_id>/"
_I = _C + "register/import/<uuid:import_id>/"
_R = _C + "requests/<uuid:request_id>/"
_ACCOUNT: Told = {"code": lambda twin: twin.account}
_ENTRY: Told = {"entry_id": lambda twin: twin.entry}
_B = _C + "bank/"
_L = _B + "lines/<uuid:entry_id>/"
_LINE: Told = {"entry_id": lambda twin: twin.bank.line}
_IMPORT: Told = {"import_id": lambda twin: twin.import_id}
_REQUEST: Told = {"request_id": lambda twin: twin.request}
_DOCUMENT: Told = {"token": lambda twin: twin.document}
_NUMBER: Told = {"number": lambda twin: twin.number}
_CODE: Told = {"code": lambda twin: twin.class_code}
_OFFER: Told = {"offer": lambda twin: twin.offer}
_O = _C + "offers/<slug:offer>/"
_S = _C + "shares/<slug:offer>/"
_U = _C + "subscriptions/<uuid:subscription_id>/"
_SUBSCRIPTION: Told = {"subscription_id": lambda twin: twin.subscription}
_REPORT: Told = {"report": lambda twin: twin.yard.report}
_COMMENT: Told = {"comment_id": lambda twin: twin.yard.comment}
_Y = _C + "reports/<slug:report>/"
_W = _C + "writing/<slug:report>/"
_N = _C + "newsletters/<uuid:newsletter_id>/"
_NEWSLETTER: Told = {"newsletter_id": lambda twin: twin.mails.newsletter}
_OWN: Told = {"token": lambda twin: twin.mails.own}
_PASSKEY: Told = {"passkey_id": lambda twin: twin.passkey}


def _gathered(told: Mapping[str, Callable[[events_twins.Gathered], Any]]) -> Told:
    return {name: lambda twin, of=of: of(twin.gathered) for name, of in told.items()}  # type: ignore[misc]


BLANKS: dict[str, Told] = {
    **{route: _gathered(told) for route, told in events_twins.BLANKS.items()},
    _B + "accounts/<uuid:account_id>/": {"account_id": lambda twin: twin.bank.account},
    _L: _LINE,
    _L + "accept/": _LINE,
    _L + "account/": _LINE,
    _L + "ask/": _LINE,
    _L + "other/": _LINE,
    _L + "pair/": _LINE,
    _L + "refund/": _LINE,
    _L + "split/": _LINE,
    _B + "matches/<uuid:match_id>/undo/": {"match_id": lambda twin: twin.bank.match},
    _B + "statements/<uuid:statement_id>/": {"statement_id": lambda twin: twin.bank.held},
    _B + "to-pay/<uuid:claim_id>/account/": {"claim_id": lambda twin: twin.bank.to_pay},
    _A: _ACCOUNT,
    _A + "change/": _ACCOUNT,
    _E: _ENTRY,
    _E + "forget/": _ENTRY,
    _E + "reverse/": _ENTRY,
    _C + "bodies/<uuid:body_id>/": {"body_id": lambda twin: twin.body},
    _C + "bodies/invitations/<uuid:invitation_id>/withdraw/": {"invitation_id": lambda twin: twin.invitation},
    _C + "bodies/mandates/<uuid:mandate_id>/end/": {"mandate_id": lambda twin: twin.mandate},
    _C + "documents/<str:token>/": _DOCUMENT,
    _C + "documents/<str:token>/again/": _DOCUMENT,
    _C + "documents/<str:token>/file/": _DOCUMENT,
    _C + "invitation/<str:token>/": {"token": lambda twin: twin.invitation_token},
    _C + "join/<str:token>/": {"token": lambda twin: twin.request_token},
    _C + "letters/<uuid:letter_id>/printed/": {"letter_id": lambda twin: twin.letter},
    _O: _OFFER,
    _O + "move/<str:to>/": {**_OFFER, "to": lambda twin: "pause"},
    _O + "preview/": _OFFER,
    _O + "questions/": _OFFER,
    _O + "questions/<uuid:question_id>/": {**_OFFER, "question_id": lambda twin: twin.question},
    _O + "questions/<uuid:question_id>/remove/": {**_OFFER, "question_id": lambda twin: twin.question},
    _O + "questions/new/": _OFFER,
    _O + "statutes/": _OFFER,
    _O + "terms/": _OFFER,
    _O + "texts/<str:language>/": {**_OFFER, "language": lambda twin: "nl"},
    _S: _OFFER,
    _S + "ask/": _OFFER,
    _S + "ask/sent/": _OFFER,
    _S + "picture-<str:language>.png": {**_OFFER, "language": lambda twin: "nl"},
    _S + "poster-<str:language>.pdf": {**_OFFER, "language": lambda twin: "nl"},
    _S + "statutes/<int:number>/": {**_OFFER, "number": lambda twin: 1},
    _S + "texts/<int:number>/": {**_OFFER, "number": lambda twin: 1},
    _S + "take/": _OFFER,
    _S + "take/afresh/": _OFFER,
    _S + "take/check/": _OFFER,
    _S + "take/who/": _OFFER,
    _C + "payment/<str:token>/": {"token": lambda twin: twin.bank.asked},
    _C + "subscription/<str:token>/": {"token": lambda twin: twin.subscription_token},
    _U: _SUBSCRIPTION,
    _U + "address/": _SUBSCRIPTION,
    _U + "again/": _SUBSCRIPTION,
    _U + "confirm/": _SUBSCRIPTION,
    _U + "lapse/": _SUBSCRIPTION,
    _U + "mail/": _SUBSCRIPTION,
    _U + "until/": _SUBSCRIPTION,
    _U + "withdraw/": _SUBSCRIPTION,
    _C + "pictures/<uuid:picture_id>/<str:name>": {
        "picture_id": lambda twin: twin.yard.picture,
        "name": lambda twin: "shared.jpg",
    },
    _Y: _REPORT,
    _Y + "comment/": _REPORT,
    _Y + "comment/sent/": _REPORT,
    _Y + "versions/<int:number>/": {**_REPORT, "number": lambda twin: 1},
    _C + "comments/<uuid:comment_id>/object/": _COMMENT,
    _C + "comments/<uuid:comment_id>/<str:token>/": {**_COMMENT, "token": lambda twin: twin.yard.token},
    _C + "writing/comments/<uuid:comment_id>/": {"comment_id": lambda twin: twin.yard.held},
    _W: _REPORT,
    _W + "authors/": _REPORT,
    _W + "authors/<str:token>/": {**_REPORT, "token": lambda twin: twin.yard.invitation},
    _W + "move/<str:to>/": {**_REPORT, "to": lambda twin: "sign"},
    _W + "pictures/": _REPORT,
    _W + "pictures/<int:place>/away/": {**_REPORT, "place": lambda twin: 1},
    _W + "preview/": _REPORT,
    _W + "translations/<str:language>/": {**_REPORT, "language": lambda twin: "fr"},
    _C + "follow/<str:token>/": {"token": lambda twin: twin.mails.confirm},
    _C + "following/<str:token>/": _OWN,
    _C + "following/<str:token>/data/": _OWN,
    _C + "following/<str:token>/forget/": _OWN,
    _C + "forget/<str:token>/": {"token": lambda twin: twin.mails.forget},
    _C + "name/<str:token>/": {"token": lambda twin: twin.mails.name},
    _C + "leave/<str:token>/": {"token": lambda twin: twin.mails.leave},
    _N: _NEWSLETTER,
    _N + "audience/": _NEWSLETTER,
    _N + "do/<str:what>/": {**_NEWSLETTER, "what": lambda twin: "try"},
    _N + "preview/<str:language>/": {**_NEWSLETTER, "language": lambda twin: "nl"},
    _N + "send/": _NEWSLETTER,
    _N + "texts/<str:language>/": {**_NEWSLETTER, "language": lambda twin: "nl"},
    _C + "register/classes/<str:code>/": _CODE,
    _I: _IMPORT,
    _I + "answer/": _IMPORT,
    _I + "book/": _IMPORT,
    _I + "columns/": _IMPORT,
    _I + "drop/": _IMPORT,
    _I + "rows/<int:line>/": {**_IMPORT, "line": lambda twin: 2},
    _C + "register/members/<int:number>/": _NUMBER,
    _C + "register/members/<int:number>/certificate/": _NUMBER,
    _C + "register/members/<int:number>/change/<str:what>/": {**_NUMBER, "what": lambda twin: "name"},
    _C + "register/movements/<uuid:movement_id>/correct/": {"movement_id": lambda twin: twin.movement},
    _C + "register/standings/<uuid:standing_id>/correct/": {"standing_id": lambda twin: twin.standing},
    _R: _REQUEST,
    _R + "address/": _REQUEST,
    _R + "paid/": _REQUEST,
    _R + "paid/<uuid:event_id>/back/": {**_REQUEST, "event_id": lambda twin: twin.event},
    _R + "shares/": _REQUEST,
    _R + "withdraw/": _REQUEST,
    _C + "settings/classes/<str:code>/": _CODE,
    _C + "settings/stage/<str:date>/": {"date": lambda twin: twin.stage},
    _C + "today/certificate/<int:number>/": _NUMBER,
    "/me/acting/<uuid:representation_id>/end/": {"representation_id": lambda twin: twin.representation},
    "/me/data/erase/<str:token>/": {"token": lambda twin: twin.erasure},
    "/me/signing-in/passkeys/<int:passkey_id>/": _PASSKEY,
    "/me/signing-in/passkeys/<int:passkey_id>/remove/": _PASSKEY,
    "/me/signing-in/tokens/<uuid:token_id>/revoke/": {"token_id": lambda twin: twin.token},
    "/me/signing-in/sessions/<int:session_id>/end/": {"session_id": lambda twin: twin.session},
    "/host/coops/<uuid:coop_id>/": {"coop_id": lambda twin: twin.cast.id},
}
"""What of a co-operative, or of one of its people, stands in the blanks of an address."""
BLANKS.update(building_twins.blanks())

OPEN_BLANKS = {
    "/c/<slug:slug>/books/export/<str:what>.<str:form>": "which table and which form, the same for all",
    "/c/<slug:slug>/": "a poster, for everybody",
    "/c/<slug:slug>/reports/feed-<str:language>.atom": "a language, the same for all",
    "/c/<slug:slug>/news/<int:number>/": "the number of a newsletter in the archive, from 1 on in each",
    "/c/<slug:slug>/register/record/<str:kind>/": "the kind of a form, the same for all",
    "/c/<slug:slug>/settings/rules/<str:key>/": "the name of a rule, the same for all",
    "/confirm/<str:token>/": "a secret on paper, for whoever holds it",
    "/host/outbox/<uuid:mail_id>/": "mails of the installation, for its administrator only",
    "/host/outbox/<uuid:mail_id>/again/": "mails of the installation, for its administrator only",
    "/host/outbox/<uuid:mail_id>/delivered/": "mails of the installation, for its administrator only",
    "/host/outbox/<uuid:mail_id>/html/": "mails of the installation, for its administrator only",
    "/sign-in/address/<str:token>/": "a secret in a mail, for whoever reads it",
    "/sign-in/first/<str:token>/": "a secret on the machine, before anybody is here",
    "/sign-in/link/<str:token>/": "a secret in a mail, for whoever reads it",
    "/ui/hue-<hue:hue>.css": "a colour",
    "/ui/page/<slug:name>/": "an invented page",
}
"""Addresses whose blanks hold nothing that belongs to anybody, or a secret that is proof by itself, and why."""

TOKENS = frozenset(route for route, told in BLANKS.items() if route.startswith(_C) and "<str:token>" in route) - {
    _C + "documents/<str:token>/",
    _C + "documents/<str:token>/again/",
    _C + "documents/<str:token>/file/",
}
"""Secrets that were mailed: under the slug of their own co-operative they open what they are for, to anybody."""

FOR_EVERYBODY = frozenset(
    route
    for route in BLANKS
    if route.startswith((_S, _Y, _C + "comments/", _C + "pictures/", *building_twins.PUBLIC, events_twins.PUBLIC))
)
"""Pages of offers, reports, comments and gatherings: under the slug of their own co-operative anybody reads them."""

LEADS_BACK = {
    "/c/<slug:slug>/today/certificate/<int:number>/": "a number that isn't one's own is told so on one's own page",
    "/me/signing-in/sessions/<int:session_id>/end/": "a session that is over and one that is another's look the same",
    "/me/signing-in/tokens/<uuid:token_id>/revoke/": "a token that is over and one that is another's look the same",
}
"""Addresses that answer with a sentence on one's own page instead of 404: they change nothing either."""
