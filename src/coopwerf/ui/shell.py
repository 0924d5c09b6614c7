"""What a page knows about the house around it: the values that base.html reads from the context.

Every one has a default, so a page of the installation itself, or an error page without any context, still stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """Point to a page from a list of links: the navigation, tabs, the foot.

    `parts` are the pages below it: the navigation shows those of the current item in a line of their own.
    """

    label: str
    url: str
    current: bool = False
    count: int | None = None
    parts: Sequence["NavItem"] = ()


@dataclass(frozen=True, kw_only=True)
class Shell:
    """Hold what stands around a page's own content.

    `hue` is the co-operative's own hue, 0 to 359, or None for ours. `account` points to the signed-in person's page,
    or to the way in. `acting` names for whom they act, and leads to where that is changed. `foot` are lines of text,
    `foot_links` the links below them.
    """

    name: str = "Coopwerf"
    url: str = "/"
    hue: int | None = None
    nav: Sequence[NavItem] = ()
    account: NavItem | None = None
    acting: NavItem | None = None
    foot: Sequence[str] = ()
    foot_links: Sequence[NavItem] = field(default_factory=tuple)

    @property
    def part(self) -> NavItem | None:
        """Return the current item of the navigation where it has parts."""
        return next((one for one in self.nav if one.current and one.parts), None)

    @property
    def page(self) -> NavItem | None:
        """Return the current part of the current item."""
        return next((one for one in self.part.parts if one.current), None) if self.part is not None else None


def item(source: Any) -> NavItem:
    """Read a NavItem from itself, a mapping with its keys, or a (label, url) pair."""
    if isinstance(source, NavItem):
        return source
    if isinstance(source, dict):
        return NavItem(**source)
    label, url = source
    return NavItem(label=label, url=url)


def shell_from(context: Any) -> Shell:
    """Read the shell from a template context: keys coop_name, coop_url, coop_hue, nav, account, acting, foot,
    foot_links.
    """
    account, acting = context.get("account"), context.get("acting")
    return Shell(
        name=str(context.get("coop_name") or "Coopwerf"),
        url=str(context.get("coop_url") or "/"),
        hue=context.get("coop_hue"),
        nav=tuple(item(one) for one in context.get("nav") or ()),
        account=item(account) if account else None,
        acting=item(acting) if acting else None,
        foot=tuple(context.get("foot") or ()),
        foot_links=tuple(item(one) for one in context.get("foot_links") or ()),
    )
