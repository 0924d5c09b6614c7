"""Lists that are brought along, and what a secretary does for followers: who asked to be left stays left."""

import datetime as dt
import re
from typing import Any

import pytest

from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import actions, queries, tasks
from coopwerf.messages.actions import following
from coopwerf.messages.models import Contact, Following
from coopwerf.messages.states import BlockReason, Rhythm
from tests.cast import NOW, Cast, Person

from .test_following import NOOR, bring, choose, followed, follows

pytestmark = pytest.mark.django_db


def brought(coop: Cast, *emails: str, by: Person | None = None) -> following.Imported:
    """Bring a list of addresses along."""
    agreed_on = NOW - dt.timedelta(days=400)
    rows = [following.FollowerInput(email, "", "nl", agreed_on, line) for line, email in enumerate(emails, 2)]
    how: dict[str, Any] = {"actor": (by or coop.secretary).actor, "now": NOW, "coop_id": coop.id}
    return actions.import_followers(**how, rows=rows, source="Infoavonden", topics=["all"], rhythm=Rhythm.AT_ONCE)


def test_who_unticked_everything_is_not_brought_back(wolkenwerf: Cast) -> None:
    """Neither who left by the link of a mail, nor who only chose to follow nothing any more."""
    contact_id = followed(wolkenwerf)
    choose(wolkenwerf, contact_id, topics=[], newsletters=True)
    assert brought(wolkenwerf, NOOR) == following.Imported(added=0, known=0, left=1)
    assert follows(wolkenwerf, contact_id) == set()


def test_who_asked_and_stands_in_a_list_follows_once(wolkenwerf: Cast) -> None:
    """They had not confirmed yet what the list says that they agreed to elsewhere."""
    asked = {"email": NOOR, "name": "", "language": "nl", "topics": ["all"], "rhythm": Rhythm.WEEKLY}
    actions.ask_to_follow(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, **asked)  # type: ignore[arg-type]
    assert brought(wolkenwerf, NOOR, NOOR.upper()) == following.Imported(added=1, known=0, left=0)
    with tenant(wolkenwerf.id):
        [row] = Following.objects.all()
        assert (row.how, row.confirmed_at) == ("import", NOW - dt.timedelta(days=400))


def test_a_list_that_is_too_long_is_refused_whole(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_IMPORTED", 2)
    assert brought(wolkenwerf, "a@example.org", "b@example.org").added == 2
    with pytest.raises(Refused) as refused:
        brought(wolkenwerf, "c@example.org", "d@example.org", "e@example.org")
    assert refused.value.code == "messages.list_too_long"
    with tenant(wolkenwerf.id):
        assert Contact.objects.count() == 2


def test_only_who_writes_news_decides_over_followers_whatever_page_asks(wolkenwerf: Cast, nederwerf: Cast) -> None:
    contact_id = followed(wolkenwerf)
    whose: dict[str, Any] = {"now": NOW, "coop_id": wolkenwerf.id}
    for nosy in (wolkenwerf.director, wolkenwerf.auditor, nederwerf.secretary):
        deeds = (
            lambda nosy=nosy: brought(wolkenwerf, "a@example.org", by=nosy),
            lambda nosy=nosy: actions.take_out(**whose, actor=nosy.actor, email=NOOR),
            lambda nosy=nosy: actions.try_address_again(**whose, actor=nosy.actor, address=NOOR),
        )
        for deed in deeds:
            with pytest.raises(Refused) as refused:
                deed()
            assert refused.value.code == "coops.lacks_power"
    assert follows(wolkenwerf, contact_id) == {"all"}


@pytest.mark.parametrize("reason", list(BlockReason))
def test_a_secretary_tries_again_whose_mail_came_back_and_nobody_who_asked_us_to_stop(
    wolkenwerf: Cast, reason: BlockReason
) -> None:
    contact_id = followed(wolkenwerf)
    whose: dict[str, Any] = {"now": NOW, "coop_id": wolkenwerf.id}
    actions.block_contact(**whose, actor=SYSTEM, contact_id=contact_id, reason=reason)
    actions.try_address_again(**whose, actor=wolkenwerf.secretary.actor, address=NOOR)
    with tenant(wolkenwerf.id):
        now = queries.contact(wolkenwerf.id, contact_id).blocked
    assert now == (None if reason in (BlockReason.HARD, BlockReason.SOFT) else reason)


def test_who_was_typed_long_ago_and_asks_today_is_not_forgotten_meanwhile(wolkenwerf: Cast) -> None:
    """Somebody typed their address months ago; today they ask to follow, and have a month to confirm it."""
    whose: dict[str, Any] = {"actor": VISITOR, "coop_id": wolkenwerf.id}
    typed = {"email": NOOR, "name": "", "language": "nl"}
    contact_id = actions.know_contact(**whose, now=NOW, **typed)
    later = NOW + dt.timedelta(days=90)
    actions.ask_to_follow(**whose, now=later, **typed, topics=["all"], rhythm=Rhythm.WEEKLY)
    tasks.forget_strangers(wolkenwerf.id, later + dt.timedelta(days=7))
    soon = later + dt.timedelta(days=8)
    assert actions.confirm_following(**whose, now=soon, contact_id=contact_id) == 1


def test_all_that_is_wrong_in_a_list_is_said_at_once(wolkenwerf: Cast) -> None:
    """In the order of its lines, and of very many the first twenty: whoever mends it uploads it once more."""
    lines = ["e-mail,datum", "ok@example.org,2025-01-01", "noor,2025-01-01", "", "jos@example.org,gisteren"]
    wrong = "\n".join([*lines, "mie,2999-01-01"])
    page = bring(wolkenwerf, wrong).content.decode()  # type: ignore[attr-defined]
    assert sorted(set(re.findall(r"Regel (\d+):", page))) == ["3", "5", "6"]
    many = "e-mail,datum\n" + "noor,2999-01-01\n" * 40
    page = bring(wolkenwerf, many).content.decode()  # type: ignore[attr-defined]
    assert "Regel 11:" in page, "each of them has two mistakes"
    assert "Regel 12:" not in page
    assert "En nog 30 regels." in page
    with tenant(wolkenwerf.id):
        assert not Contact.objects.exists()


@pytest.mark.parametrize("cut", ['2025-01-01;"houdt van katten', '"2025-01-01', '2025-01-01;"houdt" van katten'])
def test_a_quotation_mark_takes_no_lines_away(wolkenwerf: Cast, cut: str) -> None:
    """What isn't closed would hide everybody below it: the list is refused, and nobody is brought along."""
    text = f"e-mail;datum;opmerking\nok@example.org;{cut}\nhidden@example.org;2025-01-01;\n"
    page = bring(wolkenwerf, text).content.decode()  # type: ignore[attr-defined]
    assert "aanhalingsteken" in page
    with tenant(wolkenwerf.id):
        assert not Contact.objects.exists()
