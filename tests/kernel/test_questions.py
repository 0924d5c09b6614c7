"""Questions that pages ask often: they find what Django finds, and nothing of a co-operative that isn't open."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.db.models import QuerySet

from coopwerf.coops.models import Body, Mandate
from coopwerf.kernel.questions import Question, ask
from coopwerf.kernel.tenancy import tenant
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db


def held(coop_id: uuid.UUID, role: str, on: dt.date, known: int) -> QuerySet[Mandate]:
    """Write down which mandates with one role are held on a date."""
    rows = Mandate.objects.filter(coop_id=coop_id, role=role, valid_from__lte=on, position__lte=known)
    return rows.select_related("body", "voided_by").order_by("-valid_from", "id")


def test_a_question_finds_what_django_finds_each_time_it_is_asked(wolkenwerf: Cast) -> None:
    question = Question(held)
    with tenant(wolkenwerf.id):
        for role in ("chair", "secretary", "nobody", "director", "chair"):
            facts = {"coop_id": wolkenwerf.id, "role": role, "on": TODAY, "known": 2**62}
            found, expected = question(**facts), list(held(**facts))
            assert found == expected
            assert bool(found) == (role != "nobody")
            for one, other in zip(found, expected, strict=True):
                fields = [field.attname for field in Mandate._meta.concrete_fields]
                assert [getattr(one, name) for name in fields] == [getattr(other, name) for name in fields]
                assert one.body.name == other.body.name
        assert question(coop_id=wolkenwerf.id, role="chair", on=dt.date(1900, 1, 1), known=2**62) == []
        assert question(coop_id=wolkenwerf.id, role="chair", on=TODAY, known=0) == []


def test_what_is_related_comes_with_the_same_question(
    wolkenwerf: Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    question = Question(held)
    with tenant(wolkenwerf.id), django_assert_num_queries(1):  # type: ignore[operator]
        assert [one.body.kind for one in question(coop_id=wolkenwerf.id, role="chair", on=TODAY, known=2**62)]


def test_a_prepared_question_shows_nothing_of_a_co_operative_that_is_closed(wolkenwerf: Cast, nederwerf: Cast) -> None:
    question = Question(held)

    def chairs(coop: Cast) -> list[Mandate]:
        return question(coop_id=coop.id, role="chair", on=TODAY, known=2**62)

    with tenant(wolkenwerf.id):
        for _ in range(8):
            assert [one.party_id for one in chairs(wolkenwerf)] == [wolkenwerf.chair.party_id]
            assert chairs(nederwerf) == []
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%coops_mandate%'")
            assert cursor.fetchone()[0] == 1
    assert chairs(wolkenwerf) == []
    with tenant(nederwerf.id):
        assert [one.party_id for one in chairs(nederwerf)] == [nederwerf.chair.party_id]
        assert chairs(wolkenwerf) == []


def test_a_value_is_never_part_of_the_text(wolkenwerf: Cast) -> None:
    evil = "'; DROP TABLE coops_mandate; --"
    assert ask("SELECT %(told)s::text, %(told)s::text", {"told": evil}) == [(evil, evil)]
    with tenant(wolkenwerf.id):
        assert Question(held)(coop_id=wolkenwerf.id, role=evil, on=TODAY, known=2**62) == []
        assert Mandate.objects.exists()


def test_a_question_that_changes_one_of_its_values_is_refused() -> None:
    def longer(name: str) -> QuerySet[Body]:
        return Body.objects.filter(name=f"{name} and more")

    with pytest.raises(TypeError, match="longer changes \\['name'\\]"):
        Question(longer)(name="board")
