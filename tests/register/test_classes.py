"""Share classes on their pages: opened once, given other terms from a date on, never forgotten."""

import datetime as dt
from decimal import Decimal

import pytest

from coopwerf.kernel.tenancy import tenant
from coopwerf.register import queries
from tests.cast import TODAY, Cast, Person

pytestmark = pytest.mark.django_db

TOLD = {
    "code": "A",
    "name": "gebruikers",
    "nominal": "25,00",
    "issue_price": "",
    "holders": "all",
    "minimum": "1",
    "maximum": "",
    "votes": "member",
    "transfer": "board",
    "dividend": "on",
    "valid_from": "01-03-2021",
}


def test_a_class_is_opened_and_its_terms_change_from_a_date(wolkenwerf: Cast) -> None:
    chair = wolkenwerf.chair.browser()
    assert "/settings/classes/new/" in chair.get(wolkenwerf.url("settings/classes/")).text
    opened = chair.post(wolkenwerf.url("settings/classes/new/"), TOLD, follow=True)
    assert opened.redirect_chain == [(wolkenwerf.url("settings/classes/"), 302)]
    assert "gebruikers" in opened.text
    assert "€ 25,00".replace(" ", "\u00a0") in opened.text
    later = {**TOLD, "nominal": "30", "issue_price": "32,5", "valid_from": "01-01-2025"}
    changed = chair.post(wolkenwerf.url("settings/classes/A/"), later, follow=True)
    assert "32,50" in changed.text
    assert "25,00" in changed.text
    with tenant(wolkenwerf.id):
        before, after = (queries.terms(wolkenwerf.id, "A", on) for on in (dt.date(2024, 12, 31), TODAY))
    assert (before.nominal, before.issue_price) == (Decimal(25), Decimal(25))
    assert (after.nominal, after.issue_price, after.valid_from) == (Decimal(30), Decimal("32.5"), dt.date(2025, 1, 1))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("code", "A B"),
        ("code", ""),
        ("nominal", "gratis"),
        ("nominal", "0"),
        ("nominal", "-25"),
        ("nominal", "1000000000000"),
        ("nominal", "25,123456"),
        ("maximum", "0"),
        ("minimum", "een half"),
        ("valid_from", "31-02-2024"),
        ("valid_from", "01-01-1700"),
        ("holders", "cats"),
    ],
)
def test_what_cannot_be_meant_is_said_beside_its_field(wolkenwerf: Cast, field: str, typed: str) -> None:
    answer = wolkenwerf.chair.browser().post(wolkenwerf.url("settings/classes/new/"), {**TOLD, field: typed})
    assert answer.status_code == 200
    assert f'id="id_{field}' in answer.text
    assert 'aria-invalid="true"' in answer.text or "field__error" in answer.text
    assert "gebruikers" in answer.text
    with tenant(wolkenwerf.id):
        assert queries.all_terms(wolkenwerf.id, TODAY) == []


def test_the_most_cannot_be_less_than_the_least(wolkenwerf: Cast) -> None:
    answer = wolkenwerf.chair.browser().post(
        wolkenwerf.url("settings/classes/new/"), {**TOLD, "minimum": "5", "maximum": "3"}
    )
    assert answer.status_code == 200
    assert "5" in answer.text


def test_a_code_is_used_once(wolkenwerf: Cast) -> None:
    chair = wolkenwerf.chair.browser()
    chair.post(wolkenwerf.url("settings/classes/new/"), TOLD)
    again = chair.post(wolkenwerf.url("settings/classes/new/"), {**TOLD, "nominal": "50"})
    assert again.status_code == 200
    with tenant(wolkenwerf.id):
        assert len(queries.class_history(wolkenwerf.id, "A")) == 1


def test_who_may_look_and_who_may_settle(wolkenwerf: Cast, nederwerf: Cast, stranger: Person) -> None:
    wolkenwerf.chair.browser().post(wolkenwerf.url("settings/classes/new/"), TOLD)
    auditor = wolkenwerf.auditor.browser()
    assert auditor.get(wolkenwerf.url("settings/classes/")).status_code == 200
    for path in ("settings/classes/new/", "settings/classes/A/"):
        assert auditor.post(wolkenwerf.url(path), TOLD).status_code == 403
    for outsider in (nederwerf.chair, stranger):
        for path in ("settings/classes/", "settings/classes/new/", "settings/classes/A/"):
            assert outsider.browser().get(wolkenwerf.url(path)).status_code == 403
    assert wolkenwerf.chair.browser().get(wolkenwerf.url("settings/classes/Z/")).status_code == 404


def test_a_dutch_cooperative_without_shares_needs_none(nederwerf: Cast) -> None:
    page = nederwerf.chair.browser().get(nederwerf.url("settings/classes/")).text
    assert "settings/classes/new/" in page
    assert 'aria-current="page"' in page
    with tenant(nederwerf.id):
        assert not queries.has_shares(nederwerf.id, TODAY)
    register = nederwerf.chair.browser().get(nederwerf.url("register/")).text
    assert "€" not in register
