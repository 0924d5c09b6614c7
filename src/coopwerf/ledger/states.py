"""Journals, kinds and roles of accounts, why a period is opened again; and the pages about money."""

import argparse
import dataclasses
import datetime as dt
import enum
import re
import uuid
from collections.abc import Callable, Collection, Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coopcalc.books import AccountKind
from coopwerf.coops.states import Power

ACCOUNT_CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}", re.ASCII)
MOST_LINES: Final = 500
"""How many lines an entry written by hand may have."""

KIND_NAMES: Final = {
    AccountKind.ASSET: pgettext_lazy("kind of account", "What we have"),
    AccountKind.LIABILITY: pgettext_lazy("kind of account", "What we owe"),
    AccountKind.EQUITY: pgettext_lazy("kind of account", "Own means"),
    AccountKind.INCOME: pgettext_lazy("kind of account", "Income"),
    AccountKind.EXPENSE: pgettext_lazy("kind of account", "Costs"),
}


class Role(enum.StrEnum):
    """Say what an account is there for, whatever its number: posting rules speak of roles."""

    BANK = "bank"
    SUSPENSE = "suspense"
    INTERNAL = "internal"
    SUBSCRIPTIONS_RECEIVED = "subscriptions_received"
    CAPITAL = "capital"
    CAPITAL_UNPAID = "capital_unpaid"
    REFUNDS_DUE = "refunds_due"
    EXITS_DUE = "exits_due"
    OPENING = "opening"
    RESERVES = "reserves"
    BANK_COSTS = "bank_costs"
    INTEREST = "interest"
    GIFTS = "gifts"
    OTHER_INCOME = "other_income"
    OTHER_COSTS = "other_costs"


ROLE_NAMES: Final = {
    Role.BANK: _("money at a bank"),
    Role.SUSPENSE: _("movements that nobody has explained yet"),
    Role.INTERNAL: _("transfers between our own accounts"),
    Role.SUBSCRIPTIONS_RECEIVED: _("paid for shares that aren’t issued yet"),
    Role.CAPITAL: _("contributions on shares"),
    Role.CAPITAL_UNPAID: _("shares issued and not paid yet"),
    Role.REFUNDS_DUE: _("to be paid back"),
    Role.EXITS_DUE: _("due to who left"),
    Role.OPENING: _("the other side of opening balances"),
    Role.RESERVES: _("reserves"),
    Role.BANK_COSTS: _("bank charges"),
    Role.INTEREST: _("interest received"),
    Role.GIFTS: _("gifts received"),
    Role.OTHER_INCOME: _("other income"),
    Role.OTHER_COSTS: _("other costs"),
}

ROLE_KINDS: Final = {
    Role.BANK: {AccountKind.ASSET},
    Role.SUSPENSE: {AccountKind.ASSET, AccountKind.LIABILITY},
    Role.INTERNAL: {AccountKind.ASSET, AccountKind.LIABILITY},
    Role.SUBSCRIPTIONS_RECEIVED: {AccountKind.LIABILITY, AccountKind.EQUITY},
    Role.CAPITAL: {AccountKind.EQUITY, AccountKind.LIABILITY},
    Role.CAPITAL_UNPAID: {AccountKind.ASSET, AccountKind.EQUITY},
    Role.REFUNDS_DUE: {AccountKind.LIABILITY},
    Role.EXITS_DUE: {AccountKind.LIABILITY},
    Role.OPENING: {AccountKind.EQUITY},
    Role.RESERVES: {AccountKind.EQUITY},
    Role.BANK_COSTS: {AccountKind.EXPENSE},
    Role.INTEREST: {AccountKind.INCOME},
    Role.GIFTS: {AccountKind.INCOME},
    Role.OTHER_INCOME: {AccountKind.INCOME},
    Role.OTHER_COSTS: {AccountKind.EXPENSE},
}
"""Which kinds of account can have a role."""

FOLLOWS: Final = frozenset(
    {
        Role.BANK,
        Role.SUSPENSE,
        Role.INTERNAL,
        Role.SUBSCRIPTIONS_RECEIVED,
        Role.CAPITAL,
        Role.CAPITAL_UNPAID,
        Role.REFUNDS_DUE,
        Role.EXITS_DUE,
    }
)
"""Roles whose accounts follow the bank, the register or the claims: what is written there by hand shows."""


class Journal(enum.StrEnum):
    """Name the books in which entries are numbered, each from 1 without gaps."""

    OPENING = "opening"
    BANK = "bank"
    MATCHING = "matching"
    SHARES = "shares"
    GENERAL = "general"


JOURNAL_NAMES: Final = {
    Journal.OPENING: pgettext_lazy("journal", "Opening"),
    Journal.BANK: pgettext_lazy("journal", "Bank"),
    Journal.MATCHING: pgettext_lazy("journal", "Matching"),
    Journal.SHARES: pgettext_lazy("journal", "Shares"),
    Journal.GENERAL: pgettext_lazy("journal", "General"),
}

JOURNAL_MARKS: Final = {
    Journal.OPENING: "O",
    Journal.BANK: "B",
    Journal.MATCHING: "M",
    Journal.SHARES: "S",
    Journal.GENERAL: "G",
}
"""The letter before an entry's number: B-12."""


class ReopenReason(enum.StrEnum):
    """Say why a closed period is opened again."""

    MISTAKE = "mistake"
    LATE_DOCUMENT = "late_document"
    ACCOUNTANT = "accountant"
    AUDITOR = "auditor"
    OTHER = "other"


REOPEN_NAMES: Final = {
    ReopenReason.MISTAKE: _("a mistake was found"),
    ReopenReason.LATE_DOCUMENT: _("a document came late"),
    ReopenReason.ACCOUNTANT: _("the accountant asked for it"),
    ReopenReason.AUDITOR: _("the auditor asked for it"),
    ReopenReason.OTHER: _("another reason"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class MoneyPage:
    """A page about money: its tab, its address, its place, and who sees it."""

    code: str
    label: str | Promise
    url_name: str
    order: int
    power: Power = Power.SEE_BOOKS


_money_pages: dict[str, MoneyPage] = {}


def register_money_page(page: MoneyPage) -> None:
    """Add a page to those about money; packages above call this when they are loaded. Its address takes the slug."""
    _money_pages[page.code] = page


def money_pages(powers: Collection[Power]) -> list[MoneyPage]:
    """Return the pages about money for somebody with these powers, in their order."""
    return sorted(
        (page for page in _money_pages.values() if page.power in powers), key=lambda page: (page.order, page.code)
    )


register_money_page(MoneyPage("books", _("Books"), "ledger:books", 50))


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """What an entry follows from, as packages above name it: a label, and the address of its page."""

    label: str | Promise
    url: Callable[[str, uuid.UUID], str]


_sources: dict[str, Source] = {}


def register_source(kind: str, label: str | Promise, url: Callable[[str, uuid.UUID], str]) -> None:
    """Say where what entries of a source kind follow from is found: `url(slug, source_id)` gives its address."""
    _sources[kind] = Source(label, url)


def source_of(kind: str) -> Source | None:
    """Return what is known of a kind of source."""
    return _sources.get(kind)


@dataclasses.dataclass(frozen=True, slots=True)
class BooksWord:
    """A word after `coopwerf books`, brought by a package above: its help, its arguments, and what it does.

    `do` gets the command (to `say` something, or raise SystemExit(FINDING)), the moment `now`, and its arguments by
    name, `coop` too.
    """

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    do: Callable[..., None]


_books_words: dict[str, BooksWord] = {}


def register_books_word(word: BooksWord) -> None:
    """Add a word to the command `coopwerf books`; packages above call this when they are loaded."""
    _books_words[word.name] = word


def books_words() -> list[BooksWord]:
    """Return the words that packages above brought, by name."""
    return [word for _name, word in sorted(_books_words.items())]


@dataclasses.dataclass(frozen=True, slots=True)
class BooksTask:
    """What waits to be done in the books, said by a package above: a title, a sentence, an address, and what to do."""

    title: str | Promise
    text: str | Promise
    url: str
    act: str | Promise


BooksTasks = Callable[[uuid.UUID, str, dt.date], Iterable[BooksTask]]
_books_tasks: list[BooksTasks] = []


def register_books_tasks(finder: BooksTasks) -> BooksTasks:
    """Let a package above say what waits: `finder(coop_id, slug, today)`; its rows are open. May be a decorator."""
    if finder not in _books_tasks:
        _books_tasks.append(finder)
    return finder


def books_tasks(coop_id: uuid.UUID, slug: str, today: dt.date) -> list[BooksTask]:
    """Return what packages above say is waiting in the books."""
    return [task for finder in _books_tasks for task in finder(coop_id, slug, today)]
