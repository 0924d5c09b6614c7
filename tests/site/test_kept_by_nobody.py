"""Pages about people aren't kept by a browser that others use, nor by anything on the way."""

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("where", ["today/", "register/", "register/table.csv", "requests/", "bodies/", "settings/"])
def test_what_somebody_sees_is_kept_by_nobody(wolkenwerf: Cast, where: str) -> None:
    answer = wolkenwerf.secretary.browser().get(wolkenwerf.url(where))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]


def test_a_poster_may_be_kept(wolkenwerf: Cast) -> None:
    assert "no-store" not in Client().get(wolkenwerf.url()).headers.get("Cache-Control", "")
