"""Somebody passes by before anything is there."""

import pytest

from .conftest import Visit

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_yard_is_empty_and_says_how_to_begin(visit: Visit, language: str, script: bool) -> None:
    somebody = visit(language, phone=True, script=script)
    somebody.open("/")
    somebody.shot("hub-empty")
