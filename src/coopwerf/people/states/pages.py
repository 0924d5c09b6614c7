"""The pages of somebody's own account, and where else somebody belongs: packages above add theirs."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Collection, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclasses.dataclass(frozen=True, slots=True)
class AccountPage:
    """A page of somebody's own account: its tab, its address below `/me/`, and its place in the row."""

    code: str
    label: str | Promise
    url_name: str
    order: int


_account_pages: dict[str, AccountPage] = {}


def register_account_page(page: AccountPage) -> None:
    """Add a page to the account pages; packages call this when they are loaded. Its address takes no arguments."""
    _account_pages[page.code] = page


def account_pages() -> list[AccountPage]:
    """Return the account pages in their order."""
    return sorted(_account_pages.values(), key=lambda page: (page.order, page.code))


@dataclasses.dataclass(frozen=True, slots=True)
class Belonging:
    """Say where somebody belongs: the organisation's name, its address here, and as what, in the reader's language.

    `party_id` tells who of those for whom the reader may look: the reader, or one whom the reader represents.
    """

    party_id: uuid.UUID
    name: str
    url: str
    roles: tuple[str, ...]


Belongings = Callable[[Collection[uuid.UUID], dt.date], Sequence[Belonging]]
_belongings: list[Belongings] = []


def register_belongings(provider: Belongings) -> Belongings:
    """Let a package above say where parties belong on a date; may be used as a decorator."""
    if provider not in _belongings:
        _belongings.append(provider)
    return provider


def belongings(party_ids: Collection[uuid.UUID], on: dt.date) -> list[Belonging]:
    """Return where parties belong on a date: one entry per party and organisation, by name."""
    found: dict[tuple[uuid.UUID, str], Belonging] = {}
    for provider in _belongings:
        for one in provider(party_ids, on):
            before = found.get((one.party_id, one.url))
            roles = one.roles if before is None else (*before.roles, *one.roles)
            found[one.party_id, one.url] = dataclasses.replace(one, roles=roles)
    return sorted(found.values(), key=lambda one: (one.name, one.url, str(one.party_id)))


for _page in (
    AccountPage("me", pgettext_lazy("tab of the account", "About me"), "people:me", 10),
    AccountPage("signing-in", _("Signing in"), "people:signing-in", 20),
    AccountPage("data", _("My data"), "people:data", 30),
    AccountPage("acting", _("Acting for others"), "people:acting", 40),
):
    register_account_page(_page)
