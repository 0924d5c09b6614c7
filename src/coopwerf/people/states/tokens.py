"""Personal tokens: what a program may do in somebody's name."""

import enum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

TOKEN_PREFIX: Final = "cw_"  # noqa: S105  # how each begins
"""How a token begins, so that whoever finds one in a file or a log knows what it is."""
LONGEST_DAYS: Final = 366
"""A token ends after a year at most."""
MOST_TOKENS: Final = 20


class Scope(enum.StrEnum):
    """Say what a token opens: at most what its owner may, and of that only this."""

    ME_READ = "me.read"
    COOPS_READ = "coops.read"
    OFFERS_READ = "offers.read"
    SUBSCRIPTIONS_READ = "subscriptions.read"
    SUBSCRIPTIONS_WRITE = "subscriptions.write"
    REGISTER_READ = "register.read"
    BANK_READ = "bank.read"
    BANK_WRITE = "bank.write"
    LEDGER_READ = "ledger.read"
    PROOF_READ = "proof.read"


SCOPE_NAMES: Final[dict[Scope, str | Promise]] = {
    Scope.ME_READ: pgettext_lazy("scope of a token", "Read who I am, and what I have"),
    Scope.COOPS_READ: pgettext_lazy("scope of a token", "Read about co-operatives"),
    Scope.OFFERS_READ: pgettext_lazy("scope of a token", "Read offers of shares"),
    Scope.SUBSCRIPTIONS_READ: pgettext_lazy("scope of a token", "Read subscriptions and requests"),
    Scope.SUBSCRIPTIONS_WRITE: pgettext_lazy("scope of a token", "Ask for shares in my name"),
    Scope.REGISTER_READ: pgettext_lazy("scope of a token", "Read the register of members"),
    Scope.BANK_READ: pgettext_lazy("scope of a token", "Read the bank"),
    Scope.BANK_WRITE: pgettext_lazy("scope of a token", "Bring bank files and say what lines were for"),
    Scope.LEDGER_READ: pgettext_lazy("scope of a token", "Read the books"),
    Scope.PROOF_READ: pgettext_lazy("scope of a token", "Read whether register, books and bank agree"),
}
"""What each scope is called where somebody makes a token."""
