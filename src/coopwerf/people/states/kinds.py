"""Kinds, languages and transitions."""

import datetime as dt
import enum
from collections.abc import Mapping


class PartyKind(enum.StrEnum):
    """Tell human beings and organisations apart."""

    PERSON = "person"
    ORGANISATION = "organisation"


class Language(enum.StrEnum):
    """Name a language in which we write to people."""

    NL = "nl"
    FR = "fr"
    EN = "en"


class RepresentationKind(enum.StrEnum):
    """Say in which way somebody acts for another."""

    ORGANISATION = "organisation"
    GUARDIAN = "guardian"


class Proof(enum.StrEnum):
    """Say on what it rests that somebody may act for another."""

    DECLARED = "declared"
    STATUTES = "statutes"
    GAZETTE = "gazette"
    TRADE_REGISTER = "trade_register"
    BIRTH_CERTIFICATE = "birth_certificate"
    COURT = "court"


class TicketPurpose(enum.StrEnum):
    """Say what a mailed link and code are good for."""

    SIGN_IN = "sign_in"
    STEP_UP = "step_up"
    NEW_EMAIL = "new_email"
    FIRST_ADMINISTRATOR = "first_administrator"


class SignInWay(enum.StrEnum):
    """Say how somebody signed in."""

    CODE = "code"
    LINK = "link"
    PASSKEY = "passkey"
    FIRST_LINK = "first_link"


class RequestKind(enum.StrEnum):
    """Say what somebody asks to be done with their data."""

    EXPORT = "export"
    ERASURE = "erasure"


class RequestState(enum.StrEnum):
    """Say how far a request about data has come."""

    ASKED = "asked"
    DONE = "done"
    WITHDRAWN = "withdrawn"


REQUEST_TRANSITIONS: Mapping[RequestState, frozenset[RequestState]] = {
    RequestState.ASKED: frozenset({RequestState.DONE, RequestState.WITHDRAWN}),
    RequestState.DONE: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
}

WAITING = dt.timedelta(days=7)
"""How long somebody may change their mind after confirming an erasure."""

LINK_DAYS = 2
"""How many days the mailed link to confirm an erasure works."""
LINK_SALT = "people.erasure"
