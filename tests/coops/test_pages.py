"""What people see and do on the pages about a co-operative itself."""

import re

import pytest

from ..cast import Cast

pytestmark = pytest.mark.django_db

SETTINGS = [
    "settings/",
    "settings/profile/",
    "settings/stage/",
    "settings/rules/",
    "settings/rules/votes.basis/",
    "settings/look/",
]
BODIES = ["bodies/", "bodies/history/", "bodies/add/", "bodies/mandates/new/", "bodies/invite/"]


def text(response: object) -> str:
    """Return what a page says, without its marks."""
    content = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode())  # type: ignore[attr-defined]
    return " ".join(content.replace("\xa0", " ").split())


@pytest.mark.parametrize("page", SETTINGS + BODIES)
@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_every_page_stands_in_every_language(wolkenwerf: Cast, page: str, language: str) -> None:
    """The chair opens each page; it has one heading."""
    browser = wolkenwerf.chair.browser()
    wolkenwerf.chair.account.party.language = language
    wolkenwerf.chair.account.party.save()
    response = browser.get(wolkenwerf.url(page))
    assert response.status_code == 200
    assert response.content.count(b"<h1") == 1
    assert response.headers["Content-Language"] == language
