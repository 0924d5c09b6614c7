"""A role offered by mail: who may offer it, what the link does, and what it doesn't."""

import datetime as dt
import re
import uuid

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django.fixtures import Settings

from coopwerf.coops import actions, queries
from coopwerf.coops.models import Invitation
from coopwerf.coops.queries import InvitationFacts
from coopwerf.coops.states import BodyKind, Power, Role
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.queries import account_by_email, language_of

from ..cast import NOW, TODAY, Cast, MakePerson, Person

pytestmark = pytest.mark.django_db


def body(coop: Cast, kind: BodyKind) -> uuid.UUID:
    """Return a body of a co-operative."""
    with tenant(coop.id):
        return next(one.id for one in queries.bodies(coop.id, TODAY) if one.kind is kind)


def invite(coop: Cast, email: str, *, language: str = "nl", role: Role = Role.DIRECTOR) -> tuple[InvitationFacts, str]:
    """Let the chair offer a role on the board; return the invitation and the token that was mailed."""
    facts = actions.invite(
        actor=coop.chair.actor,
        now=NOW,
        coop_id=coop.id,
        body_id=body(coop, BodyKind.BOARD),
        role=role,
        email=email,
        language=language,
        valid_from=TODAY,
    )
    found = re.search(r"/invitation/([^/\s]+)/", str(mail.outbox[-1].body))
    assert found
    return facts, found[1]


def board(coop: Cast, on: dt.date = TODAY) -> set[uuid.UUID]:
    """Return who sits on the board."""
    with tenant(coop.id):
        return {one.party_id for one in queries.office_holders(coop.id, on, body=BodyKind.BOARD)}


def test_somebody_new_takes_up_a_role(wolkenwerf: Cast) -> None:
    """Opening the link changes nothing; with their name and the button the mandate is theirs, and they can sign in."""
    _facts, token = invite(wolkenwerf, "jana@example.org", language="fr")
    assert mail.outbox[-1].to == ["jana@example.org"]
    visitor, page = Client(headers={"accept-language": "fr"}), wolkenwerf.url(f"invitation/{token}/")
    for _again in range(2):
        assert visitor.get(page).status_code == 200
    assert account_by_email("jana@example.org") is None
    response = visitor.post(page, {"given": "Jana", "family": "De Wit"})
    assert response.status_code == 302
    account = account_by_email("jana@example.org")
    assert account is not None
    assert language_of([account.party_id]) == {account.party_id: "fr"}
    assert account.party_id in board(wolkenwerf)
    assert Power.ADMIT_MEMBERS in _powers(wolkenwerf, account.party_id)


def _powers(coop: Cast, party_id: uuid.UUID) -> frozenset[Power]:
    with tenant(coop.id):
        return queries.powers_of(coop.id, [party_id], TODAY)


def test_somebody_who_signed_in_takes_it_with_one_button(wolkenwerf: Cast, stranger: Person) -> None:
    """Whoever is known gives no name again; the page says as whom they accept."""
    _facts, token = invite(wolkenwerf, "another@example.org")
    browser, page = stranger.browser(), wolkenwerf.url(f"invitation/{token}/")
    assert "De rol aanvaarden als Ines Maes" in strip_tags(browser.get(page).content.decode())
    assert browser.post(page).status_code == 302
    assert stranger.party_id in board(wolkenwerf)
    assert browser.get(wolkenwerf.url("bodies/")).status_code == 200


def test_a_link_works_once(wolkenwerf: Cast, stranger: Person, person: MakePerson) -> None:
    """Whoever comes second is told that the role was accepted; they get nothing."""
    jana = person("Jana")
    _facts, token = invite(wolkenwerf, jana.email)
    page = wolkenwerf.url(f"invitation/{token}/")
    jana.browser().post(page)
    response = stranger.browser().post(page)
    assert response.status_code == 410
    assert "al aanvaard" in response.content.decode()
    assert board(wolkenwerf) >= {jana.party_id}
    assert stranger.party_id not in board(wolkenwerf)
    with pytest.raises(Refused, match="invitation_gone"):
        actions.accept_invitation(actor=stranger.actor, now=NOW, coop_id=wolkenwerf.id, token=token)


def test_a_link_withdrawn_late_or_invented_does_nothing(wolkenwerf: Cast, stranger: Person) -> None:
    """After fourteen days it is too late; what was withdrawn is gone; another co-operative doesn't know it."""
    _facts, late = invite(wolkenwerf, "late@example.org")
    after = NOW + dt.timedelta(days=14)
    with pytest.raises(Refused, match="invitation_gone"):
        actions.accept_invitation(actor=stranger.actor, now=after, coop_id=wolkenwerf.id, token=late)
    facts, token = invite(wolkenwerf, "sorry@example.org")
    chair = wolkenwerf.chair.browser()
    assert chair.post(wolkenwerf.url(f"bodies/invitations/{facts.id}/withdraw/")).status_code == 302
    assert stranger.browser().post(wolkenwerf.url(f"invitation/{token}/")).status_code == 410
    assert stranger.browser().get(wolkenwerf.url("invitation/nonsense/")).status_code == 404
    assert stranger.party_id not in board(wolkenwerf)


def test_another_co_operative_does_not_know_the_link(wolkenwerf: Cast, nederwerf: Cast, stranger: Person) -> None:
    """A token opens its own co-operative only."""
    _facts, token = invite(wolkenwerf, "x@example.org")
    assert stranger.browser().get(nederwerf.url(f"invitation/{token}/")).status_code == 404
    with pytest.raises(Refused, match="invitation_gone"):
        actions.accept_invitation(actor=stranger.actor, now=NOW, coop_id=nederwerf.id, token=token)


def test_an_address_with_an_account_signs_in_first(wolkenwerf: Cast, stranger: Person) -> None:
    """Nobody becomes somebody else by typing a name: the link holder is sent to sign in, and comes back."""
    _facts, token = invite(wolkenwerf, stranger.email)
    page = wolkenwerf.url(f"invitation/{token}/")
    visitor = Client(headers={"accept-language": "nl"})
    response = visitor.post(page, {"given": "Ines", "family": "Maes"})
    assert "Meld je eerst aan" in response.content.decode()
    assert stranger.party_id not in board(wolkenwerf)
    there = re.search(r'href="([^"]*next=[^"]*)"', response.content.decode())
    assert there
    assert there[1].startswith(reverse("people:sign-in"))
    with pytest.raises(Refused, match="sign_in_first"):
        actions.accept_invitation(
            actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, token=token, given="Ines", family="Maes"
        )


def test_only_the_hash_of_a_token_is_kept(wolkenwerf: Cast) -> None:
    """Whoever reads the table can't take up a role."""
    facts, token = invite(wolkenwerf, "x@example.org")
    with tenant(wolkenwerf.id):
        kept = Invitation.objects.values().get(pk=facts.id)
    assert token not in str(kept.values())


def test_who_may_invite(wolkenwerf: Cast, nederwerf: Cast, host: Person, stranger: Person) -> None:
    """Chair and secretary do; a director, a chair elsewhere, the host and a stranger don't."""
    board_id = body(wolkenwerf, BodyKind.BOARD)
    for somebody in (wolkenwerf.director, wolkenwerf.auditor, nederwerf.chair, host, stranger):
        with pytest.raises(Refused, match="lacks_power"):
            actions.invite(
                actor=somebody.actor,
                now=NOW,
                coop_id=wolkenwerf.id,
                body_id=board_id,
                role=Role.CHAIR,
                email="x@example.org",
                language="nl",
            )
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"email": "not an address"}, "people.email_wrong"),
        ({"email": ""}, "people.email_missing"),
        ({"role": Role.AUDITOR}, "coops.role_not_in_body"),
        ({"language": "de"}, "people.language_unknown"),
        ({"valid_from": dt.date(1700, 1, 1)}, "coops.date_unlikely"),
    ],
)
def test_an_invitation_that_cannot_be(wolkenwerf: Cast, given: dict[str, object], code: str) -> None:
    """A sentence for each; nothing is mailed."""
    whole: dict[str, object] = {"email": "x@example.org", "role": Role.DIRECTOR, "language": "nl", "valid_from": TODAY}
    with pytest.raises(Refused) as said:
        actions.invite(
            actor=wolkenwerf.chair.actor,
            now=NOW,
            coop_id=wolkenwerf.id,
            body_id=body(wolkenwerf, BodyKind.BOARD),
            **{**whole, **given},  # type: ignore[arg-type]
        )
    assert said.value.code == code
    assert mail.outbox == []


def test_fifty_invitations_a_day(wolkenwerf: Cast) -> None:
    """A slip in a script doesn't mail the whole town."""
    for number in range(50):
        invite(wolkenwerf, f"m{number}@example.org")
    with pytest.raises(Refused, match="too_many_invitations"):
        invite(wolkenwerf, "one.more@example.org")


def test_a_host_makes_one_for_others_and_sees_nothing(host: Person) -> None:
    """The coordinator is invited; the host gets neither mandate nor a look, and can't invite once somebody manages."""
    coop = actions.host_coop(actor=host.actor, now=NOW, name="Zonnedak", language="fr", email="luc@example.org")
    found = re.search(r"/invitation/([^/\s]+)/", str(mail.outbox[-1].body))
    assert found
    assert "Zonnedak vous invite" in mail.outbox[-1].subject
    assert host.browser().get(f"/c/{coop.slug}/bodies/").status_code == 403
    assert host.browser().get(reverse("coops:hand-over", kwargs={"coop_id": coop.id})).context["verdict"]
    Client().post(f"/c/{coop.slug}/invitation/{found[1]}/", {"given": "Luc", "family": "Dubois"})
    luc = account_by_email("luc@example.org")
    assert luc is not None
    with tenant(coop.id):
        assert queries.holders_of(coop.id, Power.MANAGE_MANDATES, TODAY) == {luc.party_id}
    assert not host.browser().get(reverse("coops:hand-over", kwargs={"coop_id": coop.id})).context["verdict"]


def test_whoever_is_known_by_the_address_is_sent_to_sign_in(wolkenwerf: Cast, stranger: Person) -> None:
    """A member who was never here isn't asked who they are: the name would be refused."""
    _facts, token = invite(wolkenwerf, stranger.email)
    page = Client(headers={"accept-language": "nl"}).get(wolkenwerf.url(f"invitation/{token}/"))
    assert 'name="given"' not in page.text
    assert "/sign-in/?next=" in page.text
    _facts, token = invite(wolkenwerf, "jana@example.org")
    page = Client(headers={"accept-language": "nl"}).get(wolkenwerf.url(f"invitation/{token}/"))
    assert 'name="given"' in page.text


def test_an_invitation_that_stays_in_the_outbox_says_so(
    wolkenwerf: Cast, person: MakePerson, settings: Settings
) -> None:
    """Without a mail server nothing is on its way; only the administrator is shown where it waits."""
    secretary = wolkenwerf.secretary.browser()
    for server, is_kept in (("", True), ("smtp://localhost:25", False)):
        settings.SMTP_URL = server
        given = {"email": f"jana{len(server)}@example.org", "language": "nl", "valid_from": "25-11-2026"}
        form = secretary.get(wolkenwerf.url("bodies/invite/")).context["form"]
        seat = next(
            code for _name, group in form.fields["seat"].choices if isinstance(group, list) for code, _seat in group
        )
        page = secretary.post(wolkenwerf.url("bodies/invite/"), {**given, "seat": seat}, follow=True)
        assert ("wacht in het postvak uit" in page.text) is is_kept
        assert ("Hier vertrekt nog geen mail" in page.text) is is_kept
        assert "/host/outbox/" not in page.text
