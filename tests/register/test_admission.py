"""Deciding on requests for membership: many in one go, by whom, and what can't be decided."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.test import Client

from coopwerf.coops import actions as coops
from coopwerf.coops.states import ShareWord
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages.models import Letter, Mail
from coopwerf.register import actions, queries
from coopwerf.register.actions import DecisionInput
from coopwerf.register.models import MembershipRequest
from coopwerf.register.states import RequestState
from tests.cast import NOW, TODAY, Cast, Person

from .asking import BOARD, LATER, asked, decide, last_mail, link_in, typed
from .test_register import proof, with_class

__all__ = ["with_class"]
pytestmark = pytest.mark.django_db

# Deciding


def test_five_are_admitted_and_one_is_refused_in_their_own_language(with_class: Cast) -> None:
    """One decision each: numbers in the order of asking, one audit entry with counts, letters in French."""
    ids = [asked(with_class, f"Noor{n}", n, f"{25 * n}.00", email=f"n{n}@example.org").id for n in range(1, 6)]
    refused = asked(with_class, "Piet", 1).id
    before = {mail.id for mail in Mail.objects.all()}
    done = decide(with_class, *reversed(ids))
    assert [one.number for one in done.members] == [1, 2, 3, 4, 5]
    assert done.shares == 15
    with tenant(with_class.id):
        (entry,) = AuditEntry.objects.filter(verb="register.requests_admitted")
    assert entry.facts["admitted"] == 5
    welcomes = Mail.objects.exclude(id__in=before)
    assert {mail.headers["Content-Language"] for mail in welcomes} == {"fr"}
    assert welcomes.count() == 5
    count = actions.refuse_requests(
        actor=with_class.chair.actor,
        now=LATER,
        coop_id=with_class.id,
        request_ids=[refused],
        decision=BOARD,
        ground="conditions",
        explanation="Vous n’habitez pas la commune.",
    )
    assert count == 1
    with tenant(with_class.id):
        letter = Letter.objects.get(template="register.refusal")
    assert letter.channel == "paper"
    assert letter.content is not None
    assert "admission des statuts" in str(letter.content)
    assert "Vous n’habitez pas la commune." in str(letter.content)
    page = with_class.auditor.browser().get(with_class.url("requests/"), {"state": "refused"}).content.decode()
    assert "Vandamme, Piet" in page
    assert proof(with_class).ok


def test_letters_to_many_say_the_cooperative_s_own_word(with_class: Cast) -> None:
    """Wolkenwerf says part: so do the letters that go out together, as those that go out alone."""
    coops.change_profile(
        actor=with_class.chair.actor, now=NOW, coop_id=with_class.id, valid_from=TODAY, share_word=ShareWord.PART.value
    )
    decide(with_class, asked(with_class, paid="75.00", email="noor@example.org").id)
    assert "Parts émises" in last_mail().text
    assert "Actions" not in last_mail().text


def test_what_cannot_be_decided_says_why_and_does_nothing(with_class: Cast) -> None:
    """Incomplete, without reference, in the future, before it was asked, on no ground, nobody chosen."""
    ready, unpaid = asked(with_class, paid="75.00").id, asked(with_class, "Piet").id
    wrong = [
        ("requests_incomplete", [ready, unpaid], BOARD),
        ("decision_without_reference", [ready], DecisionInput(body="board", on=BOARD.on, reference="  ")),
        ("date_in_future", [ready], DecisionInput(body="board", on=dt.date(2030, 1, 1), reference="x")),
        ("decided_before_asked", [ready], DecisionInput(body="board", on=dt.date(1900, 1, 1), reference="x")),
        ("nothing_chosen", [], BOARD),
        ("requests_decided", [uuid.uuid4()], BOARD),
    ]
    for code, ids, decision in wrong:
        with pytest.raises(Refused, match=code):
            actions.admit_requests(
                actor=with_class.chair.actor, now=LATER, coop_id=with_class.id, request_ids=ids, decision=decision
            )
    with pytest.raises(Refused, match="ground_unknown"):
        actions.refuse_requests(
            actor=with_class.chair.actor,
            now=LATER,
            coop_id=with_class.id,
            request_ids=[ready],
            decision=BOARD,
            ground="looks",
        )
    with tenant(with_class.id):
        assert queries.lines(with_class.id, BOARD.on) == []
        assert MembershipRequest.objects.filter(state=RequestState.COMPLETE).count() == 1


def test_bad_input_on_the_decision_page_keeps_what_was_chosen(with_class: Cast) -> None:
    """Without a reference, with an impossible date: the same page, the same five people, a sentence."""
    one = asked(with_class, paid="75.00").id
    browser = with_class.chair.browser()
    for on, reference in (("31-02-2026", "x"), ("25-11-2026", ""), ("25-11-2099", "x")):
        page = browser.post(
            with_class.url("requests/decide/"), {"as": "admit", "r": str(one), "on": on, "reference": reference}
        ).content.decode()
        assert "alert" in page
        assert str(one) in page
    with tenant(with_class.id):
        assert queries.last_number(with_class.id) == 0


def test_other_classes_and_their_limits_hold(with_class: Cast, client: Client) -> None:
    """A class for organisations with a maximum: the form says so beside the number."""
    actions.set_class_terms(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        code="B",
        valid_from=dt.date(2021, 3, 1),
        nominal=Decimal("250"),
        holders="organisations",
        minimum=2,
        maximum=4,
    )
    number = {"as": "organisation", "family": "Buurtwerk", "enterprise_no": "0123.456.749", "agent_given": "Ines"}
    for wrong in (
        {"share_class": "B"},
        {**number, "agent_family": "Maes", "share_class": "B", "quantity": "5"},
        {**number, "agent_family": "Maes", "share_class": "B", "quantity": "1"},
    ):
        assert "id_quantity-error" in typed(client, with_class, **wrong).content.decode()
    assert typed(client, with_class, **number, agent_family="Maes", share_class="B", quantity="4").status_code == 302


# Who may do what


@pytest.mark.parametrize(
    ("address", "role", "status"),
    [
        ("requests/", "auditor", 200),
        ("requests/", "director", 200),
        ("requests/new/", "auditor", 403),
        ("requests/new/", "director", 403),
        ("requests/new/", "treasurer", 200),
        ("requests/decide/", "auditor", 403),
    ],
)
def test_roles_see_what_their_mandate_allows(with_class: Cast, address: str, role: str, status: int) -> None:
    """An auditor looks, a director decides, a treasurer keeps."""
    assert getattr(with_class, role).browser().get(with_class.url(address)).status_code == status


def test_strangers_and_other_cooperatives_see_and_do_nothing(
    with_class: Cast, nederwerf: Cast, stranger: Person, host: Person, client: Client
) -> None:
    """Not the list, not a request, not a payment, not a decision; and elsewhere a link opens nothing."""
    one = asked(with_class, paid="75.00").id
    for person in (nederwerf.chair, stranger, host):
        browser = person.browser()
        for address in ("requests/", f"requests/{one}/", "requests/new/"):
            answer = browser.get(with_class.url(address))
            assert answer.status_code == 403
            assert "Vandamme" not in answer.content.decode()
        assert (
            browser.post(with_class.url(f"requests/{one}/paid/"), {"amount": "1", "on": "23-11-2026"}).status_code
            == 403
        )
        assert (
            browser.post(
                with_class.url("requests/decide/"), {"as": "admit", "r": str(one), "on": "25-11-2026", "reference": "x"}
            ).status_code
            == 403
        )
        with pytest.raises(Refused):
            decide(with_class, one, who=person)
    assert nederwerf.chair.browser().get(nederwerf.url(f"requests/{one}/")).status_code == 404
    with pytest.raises(Refused, match="requests_decided"):
        actions.admit_requests(
            actor=nederwerf.chair.actor, now=LATER, coop_id=nederwerf.id, request_ids=[one], decision=BOARD
        )
    typed(client, with_class)
    other = link_in(last_mail()).replace(with_class.coop.slug, nederwerf.coop.slug)
    assert client.get(other).status_code == 404


def test_nobody_else_withdraws_or_confirms(with_class: Cast, stranger: Person, client: Client) -> None:
    """A request can't be withdrawn by its id alone; a wrong secret opens nothing."""
    one = asked(with_class).id
    for actor in (VISITOR, stranger.actor, with_class.director.actor):
        with pytest.raises(Refused):
            actions.withdraw_request(actor=actor, now=NOW, coop_id=with_class.id, request_id=one)
    assert client.post(with_class.url(f"join/{'x' * 43}/"), {"do": "confirm"}).status_code == 404


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_every_page_speaks_three_languages(with_class: Cast, client: Client, language: str) -> None:
    """Form, sent, status, list, request, decision: each in the reader's language, in every state."""
    head = {"accept-language": language}
    for kind in ("person", "organisation", "minor"):
        page = client.get(with_class.url("join/"), {"as": kind}, headers=head)
        assert f'<html lang="{language}"' in page.content.decode()
    assert client.get(with_class.url("join/sent/"), headers=head).status_code == 200
    typed(client, with_class)
    here = link_in(last_mail())
    assert client.get(here, headers=head).status_code == 200
    client.post(here, {"do": "confirm"})
    assert client.get(here, headers=head).status_code == 200
    ready, other = asked(with_class, "Jan", paid="75.00").id, asked(with_class, "Piet").id
    with_class.chair.account.party.language = language
    with_class.chair.account.party.save()
    board = with_class.chair.browser()
    for address in (
        "requests/",
        "requests/?state=incomplete",
        "requests/?state=admitted",
        "requests/new/",
        f"requests/{ready}/",
        f"requests/{other}/",
        f"requests/{other}/withdraw/",
        f"requests/decide/?as=admit&r={ready}",
        f"requests/decide/?as=refuse&r={ready}&r={other}",
    ):
        page = board.get(with_class.url(address))
        assert page.status_code == 200, address
        assert f'<html lang="{language}"' in page.content.decode(), address
    decide(with_class, ready)
    assert board.get(with_class.url(f"requests/{ready}/")).status_code == 200
