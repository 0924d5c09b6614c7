"""Oneself, for programs."""

import datetime as dt
import uuid
from typing import Literal

from coopwerf.kernel.api import Answer, Call, Routes

from . import queries
from .states import Scope

routes = Routes("me")


class AddressOut(Answer):
    """Where somebody lives or has their seat."""

    street: str
    number: str
    box: str
    postcode: str
    town: str
    country: str


class TokenOut(Answer):
    """The token that is used: what it opens, until and including when."""

    id: uuid.UUID
    name: str
    scopes: list[Scope]
    expires_on: dt.date


class RepresentedOut(Answer):
    """Somebody for whom the owner of the token may act."""

    id: uuid.UUID
    name: str
    kind: Literal["person", "organisation"]


class MeOut(Answer):
    """Who acts with this token."""

    id: uuid.UUID
    name: str
    given: str
    family: str
    email: str
    language: Literal["nl", "fr", "en"]
    address: AddressOut | None
    acts_for: list[RepresentedOut]
    token: TokenOut


@routes.get("/me", scope=Scope.ME_READ, answers=MeOut)
def me(call: Call) -> MeOut:
    """Tell who acts with this token, and for whom they may act."""
    actor = call.actor
    assert actor.party_id is not None
    assert actor.account_id is not None
    on = call.today
    told = queries.particulars([actor.party_id, *actor.represents], on)
    own = told[actor.party_id]
    token = next(one for one in queries.tokens_of(actor.account_id) if one.id == call.known.token_id)
    account = queries.account_of(actor.party_id)
    address = own.address
    return MeOut(
        id=actor.party_id,
        name=own.spoken,
        given=own.name.given if own.name else "",
        family=own.name.family if own.name else "",
        email=account.email if account else "",
        language=call.known.language,  # type: ignore[arg-type]  # one of three, as the database holds it
        address=None
        if address is None
        else AddressOut(
            street=address.street,
            number=address.number,
            box=address.box,
            postcode=address.postcode,
            town=address.town,
            country=address.country,
        ),
        acts_for=[
            RepresentedOut(id=one, name=told[one].spoken, kind=told[one].kind.value)
            for one in sorted(actor.represents)
            if one in told
        ],
        token=TokenOut(id=token.id, name=token.name, scopes=list(token.scopes), expires_on=token.expires_on),
    )
