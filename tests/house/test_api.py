"""Addresses for programs: each with its scope, each name in their document once, none without a token."""

import enum
import inspect
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from django.test import Client
from pydantic import BaseModel

from coopwerf.conf.api import api
from coopwerf.kernel.api.routes import Route, Routes, Token
from coopwerf.kernel.web import Door
from coopwerf.people.states import Scope
from tests.cast import Cast

from .addresses import addresses


def routes() -> list[Route]:
    """Return every address for programs."""
    assert api
    return Routes.known


def test_every_address_needs_a_scope() -> None:
    """What is handed to the framework is guarded by a token with the scope that was declared."""
    known = {scope.value for scope in Scope}
    operations = [
        operation
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
    ]
    assert len(operations) == len(routes()) > 20
    for operation in operations:
        guards = operation.auth_callbacks
        assert [type(one) for one in guards] == [Token], operation.path
        assert guards[0].scope in known
        assert operation.openapi_extra["x-scope"] == guards[0].scope


def test_what_changes_something_needs_a_scope_to_write_and_a_key() -> None:
    """Reading opens no writing; and whatever is done, is done once."""
    for route in routes():
        is_writing = route.scope.endswith(".write")
        assert is_writing == (route.method != "GET"), route.path
        assert ("key" in inspect.signature(route.view).parameters) == is_writing, route.path


def test_every_scope_opens_something() -> None:
    """Nobody is asked to give what opens nothing."""
    assert {scope.value for scope in Scope} == {str(route.scope) for route in routes()}


def classes(kind: Any) -> Iterator[type]:
    """Yield the models and the sets of choices in a type."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            if not any(hasattr(one, "json_schema") for one in field.metadata):
                yield from classes(field.annotation)
    elif isinstance(kind, type) and issubclass(kind, enum.Enum):
        yield kind
    elif not any(hasattr(one, "json_schema") for one in getattr(kind, "__metadata__", ())):
        for part in get_args(kind):
            yield from classes(part)


def test_the_document_knows_each_name_once() -> None:
    """Two things with one name would be told as one of them."""
    named: dict[str, set[type]] = defaultdict(set)
    for route in routes():
        kinds = [route.answers, *(one.annotation for one in inspect.signature(route.view).parameters.values())]
        for kind in kinds:
            for found in classes(kind):
                named[found.__name__].add(found)
    assert {name: kinds for name, kinds in named.items() if len(kinds) > 1} == {}


@pytest.mark.django_db
def test_nobody_comes_in_without_a_token(wolkenwerf: Cast) -> None:
    """Neither a visitor nor whoever signed in with a browser: a cookie counts for nothing."""
    found = [one for one in addresses() if one.access.door is Door.TOKEN]
    assert len(found) > 20
    for browser in (Client(), wolkenwerf.chair.browser()):
        for address in found:
            for send in (browser.get, browser.post):
                answer = send(address.filled(wolkenwerf.coop.slug))
                assert answer.status_code in (401, 405), address.route
                assert answer.headers["Content-Type"] == "application/problem+json", address.route
