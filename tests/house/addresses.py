"""Every address of the application, with something in each of its blanks."""

import dataclasses
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from coopwerf.kernel.web import Access, access_of

# What stands in a blank when its address is tried: of the right form, and nobody's.
SAMPLES = {
    "int": "7",
    "hue": "184",
    "path": "x/y",
    "slug": "x",
    "str": "x" * 43,
    "uuid": str(uuid.UUID(int=7, version=4)),
    "uuidstr": str(uuid.UUID(int=7, version=4)),
}
_BLANK = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


@dataclasses.dataclass(frozen=True)
class Address:
    """An address with its blanks, its view and for whom it is open."""

    route: str
    view: Callable[..., Any]
    access: Access

    def filled(self, slug: str) -> str:
        """Return the address inside a co-operative, with a sample in each other blank."""

        def sample(blank: re.Match[str]) -> str:
            if blank["name"] == "slug" and self.route.startswith("/c/"):
                return slug
            return SAMPLES[blank["kind"] or "str"]

        return _BLANK.sub(sample, self.route)


def addresses() -> list[Address]:
    """Return every address in the order of the resolver."""
    return list(_below(get_resolver().url_patterns, "/"))


def _below(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Address]:
    for pattern in patterns:
        assert isinstance(pattern.pattern, RoutePattern), f"{pattern}: write it with path(), so that it can be tried"
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, route)
        else:
            yield Address(route, pattern.callback, access_of(pattern.callback))
