"""Nothing that somebody typed in a report is lost by a button that leads further."""

import dataclasses

import pytest

from tests.cast import Cast

from .reporting import DUTCH, drafted, facts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("do", "leads"), [("publish", "move/publish/"), ("schedule", "move/schedule/"), ("picture", "pictures/")]
)
def test_a_button_that_leads_further_keeps_what_was_typed(wolkenwerf: Cast, do: str, leads: str) -> None:
    """Who publishes, plans or brings a picture in the middle of writing loses no word."""
    report_id = drafted(wolkenwerf)
    browser = wolkenwerf.secretary.browser()
    here = wolkenwerf.url("writing/de-servers-staan-recht/")
    assert f'name="do" value="{do}" form="words"' in browser.get(here).text
    typed = {**dataclasses.asdict(DUTCH), "lead": "Nog niet bewaard", "takes_comments": "on", "do": do}
    answer = browser.post(here, {**typed, "revision": str(facts(wolkenwerf, report_id).revision)})
    assert answer.headers["Location"] == here + leads
    assert facts(wolkenwerf, report_id).written.words.lead == "Nog niet bewaard"
