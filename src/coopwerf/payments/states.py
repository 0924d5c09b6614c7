"""Kinds and states of statements, claims and matches, and their names."""

import enum
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coopwerf.ledger.states import MoneyPage, register_money_page

CURRENCY: Final = "EUR"
LONGEST_WORDS: Final = 500
MOST_PARTS: Final = 100
MOST_CERTAIN: Final = 500


class Family(enum.StrEnum):
    """Name a kind of statement, whatever its version: of one account and day only one kind is booked."""

    CAMT_053 = "camt.053"
    CAMT_052 = "camt.052"
    CAMT_054 = "camt.054"
    CODA = "coda"
    MT940 = "mt940"


FAMILY_NAMES: Final = {
    Family.CAMT_053: "camt.053",
    Family.CAMT_052: "camt.052",
    Family.CAMT_054: "camt.054",
    Family.CODA: "CODA",
    Family.MT940: "MT940",
}
"""What banks call them, in every language."""

BOOKED_FAMILIES: Final = frozenset({Family.CAMT_053, Family.CODA, Family.MT940})
"""camt.052 tells what isn't final, camt.054 explains what a statement books in one sum: neither is ever booked."""


def family_of(form: str) -> Family:
    """Return the kind of statement of a format such as `camt.053.001.08`."""
    return next(family for family in Family if form.startswith(family.value))


class StatementState(enum.StrEnum):
    """Say what was done with a statement."""

    HELD = "held"
    BOOKED = "booked"
    COMPARED = "compared"


STATEMENT_STATE_NAMES: Final = {
    StatementState.HELD: pgettext_lazy("statement", "waits for you"),
    StatementState.BOOKED: pgettext_lazy("statement", "booked"),
    StatementState.COMPARED: pgettext_lazy("statement", "compared, not booked"),
}
STATEMENT_TRANSITIONS: Final[Mapping[StatementState, frozenset[StatementState]]] = {
    # One that waits is only compared when another kind of statement was booked of the same days meanwhile.
    StatementState.HELD: frozenset({StatementState.BOOKED, StatementState.COMPARED}),
    StatementState.BOOKED: frozenset(),
    StatementState.COMPARED: frozenset(),
}


class ClaimKind(enum.StrEnum):
    """Say what a claim is for. Claims of different kinds are never netted by themselves."""

    CAPITAL = "capital"
    REFUND = "refund"
    EXIT = "exit"
    OTHER = "other"


CLAIM_KIND_NAMES: Final = {
    ClaimKind.CAPITAL: _("shares"),
    ClaimKind.REFUND: _("money to give back"),
    ClaimKind.EXIT: _("shares of somebody who left"),
    ClaimKind.OTHER: _("something else"),
}


class Direction(enum.StrEnum):
    """Say whether the co-operative is to receive money, or to pay it."""

    IN = "in"
    OUT = "out"


DIRECTION_NAMES: Final = {
    Direction.IN: pgettext_lazy("direction of money", "to pay to the co-operative"),
    Direction.OUT: pgettext_lazy("direction of money", "to be paid by the co-operative"),
}


class ClaimState(enum.StrEnum):
    """Say how far a claim has come."""

    OPEN = "open"
    SETTLED = "settled"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


CLAIM_STATE_NAMES: Final = {
    ClaimState.OPEN: pgettext_lazy("claim", "open"),
    ClaimState.SETTLED: pgettext_lazy("claim", "paid"),
    ClaimState.LAPSED: pgettext_lazy("claim", "lapsed"),
    ClaimState.CANCELLED: pgettext_lazy("claim", "cancelled"),
}
CLAIM_TRANSITIONS: Final[Mapping[ClaimState, frozenset[ClaimState]]] = {
    ClaimState.OPEN: frozenset({ClaimState.SETTLED, ClaimState.LAPSED, ClaimState.CANCELLED}),
    ClaimState.SETTLED: frozenset({ClaimState.OPEN, ClaimState.CANCELLED}),
    ClaimState.LAPSED: frozenset({ClaimState.OPEN, ClaimState.SETTLED, ClaimState.CANCELLED}),
    ClaimState.CANCELLED: frozenset({ClaimState.OPEN, ClaimState.SETTLED}),
}


class MatchKind(enum.StrEnum):
    """Say what an entry of the bank, or a part of it, was for."""

    CLAIM = "claim"
    ACCOUNT = "account"
    INTERNAL = "internal"
    RETURN = "return"
    REFUND = "refund"


MATCH_KIND_NAMES: Final = {
    MatchKind.CLAIM: _("for a request"),
    MatchKind.ACCOUNT: _("booked to an account"),
    MatchKind.INTERNAL: _("between our own accounts"),
    MatchKind.RETURN: _("came back"),
    MatchKind.REFUND: _("to be given back"),
}


class Answer(enum.StrEnum):
    """Say what who paid too much wants: it back, for what they still owe, or for more shares."""

    BACK = "back"
    OWED = "owed"
    SHARES = "shares"


ANSWER_NAMES: Final = {
    Answer.BACK: pgettext_lazy("what was paid too much", "to be given back"),
    Answer.OWED: pgettext_lazy("what was paid too much", "for what is still owed"),
    Answer.SHARES: pgettext_lazy("what was paid too much", "for more shares"),
}


class EntryState(enum.StrEnum):
    """Say how far an entry of the bank is explained."""

    OPEN = "open"
    PARTLY = "partly"
    MATCHED = "matched"


ENTRY_STATE_NAMES: Final = {
    EntryState.OPEN: pgettext_lazy("bank entry", "waits"),
    EntryState.PARTLY: pgettext_lazy("bank entry", "explained in part"),
    EntryState.MATCHED: pgettext_lazy("bank entry", "explained"),
}
ENTRY_TRANSITIONS: Final[Mapping[EntryState, frozenset[EntryState]]] = {
    EntryState.OPEN: frozenset({EntryState.PARTLY, EntryState.MATCHED}),
    EntryState.PARTLY: frozenset({EntryState.OPEN, EntryState.MATCHED}),
    EntryState.MATCHED: frozenset({EntryState.OPEN, EntryState.PARTLY}),
}

register_money_page(MoneyPage("bank", pgettext_lazy("money", "Bank"), "payments:inbox", 10))
register_money_page(MoneyPage("statements", pgettext_lazy("money", "Statements"), "payments:statements", 20))
register_money_page(MoneyPage("to-pay", pgettext_lazy("money", "To pay"), "payments:to-pay", 30))
register_money_page(MoneyPage("bank-accounts", pgettext_lazy("money", "Bank accounts"), "payments:accounts", 40))
