"""Kinds, languages and transitions."""

import datetime as dt
import enum
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _


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


class SecurityChange(enum.StrEnum):
    """Say what changed in how somebody signs in; they get a mail about it."""

    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    SECOND_STEP_ADDED = "second_step_added"
    SECOND_STEP_REMOVED = "second_step_removed"
    CODES_RENEWED = "codes_renewed"
    CODE_USED = "code_used"
    TOKEN_MADE = "token_made"  # noqa: S105  # what changed


SECURITY_CHANGE_NAMES = {
    SecurityChange.PASSKEY_ADDED: _("A passkey was added: it signs you in without a mail."),
    SecurityChange.PASSKEY_REMOVED: _("A passkey was removed: it signs nobody in any more."),
    SecurityChange.SECOND_STEP_ADDED: _("A second step was added: after the mail we ask for a code of your app."),
    SecurityChange.SECOND_STEP_REMOVED: _("The second step was removed: the mail alone is enough again."),
    SecurityChange.CODES_RENEWED: _("New recovery codes were made; the earlier ones stopped working."),
    SecurityChange.CODE_USED: _("A recovery code was used to sign in. It doesn't work a second time."),
    SecurityChange.TOKEN_MADE: _("A token for programs was made: whoever has it acts as you, within what it opens."),
}


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

MAJORITY = 18
"""Years until somebody acts alone (Belgian civil code, article 388; Dutch civil code, article 1:233)."""
