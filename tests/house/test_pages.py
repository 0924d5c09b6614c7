"""A page with thirty rows asks the database as often as a page with three."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast

from .addresses import addresses
from .all_pages import PAGES


def queries_of(browser: Client, address: str) -> list[str]:
    """Return what a page asks; it must be there."""
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address)
    assert answer.status_code == 200, address
    return [query["sql"] for query in asked.captured_queries]


@pytest.mark.django_db
@pytest.mark.parametrize("route", PAGES)
def test_queries_do_not_grow_with_rows(route: str, wolkenwerf: Cast) -> None:
    """Three rows, thirty rows, the same number of questions."""
    builder = PAGES[route]
    few = builder(wolkenwerf, 3)
    queries_of(*few)  # what is cached on first sight doesn't count
    asked_for_few = queries_of(*few)
    many = builder(wolkenwerf, 30)
    queries_of(*many)
    asked_for_many = queries_of(*many)
    assert len(asked_for_many) == len(asked_for_few), "\n".join(asked_for_many)


def test_pages_that_sign_in_exist() -> None:
    """A route that was renamed doesn't stay here unnoticed."""
    assert set(PAGES) - {address.route for address in addresses()} == set()


@pytest.mark.django_db
def test_a_page_that_asks_per_row_is_found(monkeypatch: pytest.MonkeyPatch, wolkenwerf: Cast) -> None:
    """The test itself can fail."""
    from . import test_pages

    asked = iter((["a"], ["a"], ["a"], ["a", "b"]))
    monkeypatch.setattr(test_pages, "queries_of", lambda browser, address: next(asked))
    with pytest.raises(AssertionError):
        test_pages.test_queries_do_not_grow_with_rows(next(iter(PAGES)), wolkenwerf)
