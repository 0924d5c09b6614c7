"""Parties: how people and organisations are named, where they live, as of a date and as known on a date."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from coopwerf.kernel.actor import SYSTEM, VISITOR
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.refusals import Refused
from coopwerf.people import actions, policies, queries
from coopwerf.people.states import Address, Name, NewParty, PartyKind, clean_enterprise_no

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def an(given: str, family: str, **more: Any) -> uuid.UUID:
    """Register a person."""
    facts = {"language": "nl", "valid_from": dt.date(2020, 1, 1), **more}
    return actions.register_party(
        actor=SYSTEM, now=more.pop("now", NOW), kind=PartyKind.PERSON, family=family, given=given, **facts
    )


def test_a_name_holds_from_its_date_and_a_correction_is_a_later_row() -> None:
    ada = an("Ada", "Peeters")
    actions.change_name(
        actor=SYSTEM, now=NOW + DAY, party_id=ada, family="Janssens", given="Ada", valid_from=dt.date(2023, 6, 1)
    )
    actions.change_name(
        actor=SYSTEM, now=NOW + 2 * DAY, party_id=ada, family="Peters", given="Ada", valid_from=dt.date(2020, 1, 1)
    )

    def name(at: dt.date, known: dt.datetime | None = None) -> str:
        return queries.particulars_of(ada, at, known).display

    assert name(dt.date(2019, 1, 1)) == "Peters, Ada"
    assert name(dt.date(2021, 1, 1)) == "Peters, Ada"
    assert name(dt.date(2021, 1, 1), NOW + DAY) == "Peeters, Ada"
    assert name(dt.date(2023, 6, 1)) == "Janssens, Ada"
    assert name(dt.date(2026, 1, 1), NOW) == "Peeters, Ada"


def test_names_and_addresses_are_never_changed_or_deleted_in_place() -> None:
    ada = an("Ada", "Peeters", address=Address("Dorp", "1", "", "9000", "Gent", "BE"))
    for table in ("people_partyname", "people_partyaddress"):
        for statement in (
            f"UPDATE {table} SET valid_from = '2000-01-01' WHERE party_id = %s",
            f"DELETE FROM {table} WHERE party_id = %s",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [ada])
    assert queries.particulars_of(ada, NOW.date()).domicile == "Dorp 1, 9000 Gent"


def test_people_stand_in_the_order_a_reader_expects() -> None:
    families = [
        "emma",
        "Émile",
        "IJsbrand",
        "de Vries",
        "anna",
        "Ångström",
        "Çelik",
        "Ébène",
        "Ada",
        "Øster",
        "d’Hondt",
    ]
    made = [an("", family) for family in families]
    known = queries.particulars(made, NOW.date())
    shown = [one.display for one in sorted(known.values(), key=lambda one: one.sort_key)]
    assert shown == [
        "Ada", "Ångström", "anna", "Çelik", "d’Hondt", "de Vries", "Ébène", "Émile", "emma", "IJsbrand", "Øster",
    ]  # fmt: skip


def test_looking_up_ignores_accents_and_capitals_and_stays_among_those_one_may_know() -> None:
    zoe, other = an("Zoë", "D’Hondt", email="zoe@example.org"), an("Zoé", "Maes")
    assert {one.party_id for one in queries.find_parties("ZOE", at=NOW.date())} == {zoe, other}
    assert [one.party_id for one in queries.find_parties("hondt zoe", at=NOW.date())] == [zoe]
    assert [one.party_id for one in queries.find_parties("zoe@exam", at=NOW.date())] == [zoe]
    assert [one.party_id for one in queries.find_parties("zoe", at=NOW.date(), among=[other])] == [other]
    assert queries.find_parties("  ", at=NOW.date()) == []


def test_two_people_who_look_the_same_are_pointed_out() -> None:
    ada = an("Ada", "Peeters", email="ada@example.org")
    firm = actions.register_party(
        actor=SYSTEM, now=NOW, kind=PartyKind.ORGANISATION, family="Bakkerij Zon",
        enterprise_no="BE 0123.456.749", language="fr",
    )  # fmt: skip
    answers = queries.duplicates(
        [
            queries.Candidate("PEETERS", "ada"),
            queries.Candidate("Ada", "Peeters"),
            queries.Candidate("Somebody", "", "ADA@example.org"),
            queries.Candidate("Zon", "", "", "BE0123456749"),
            queries.Candidate("Nobody"),
        ]
    )
    assert answers == [{ada: {"name"}}, {ada: {"name"}}, {ada: {"email"}}, {firm: {"enterprise_no"}}, {}]


def test_any_number_of_particulars_is_one_query(django_assert_num_queries: Any) -> None:
    rows = [NewParty(PartyKind.PERSON, Name(f"Member {n}", "A"), Address(street="S", town="T")) for n in range(50)]
    made = actions.register_parties(actor=SYSTEM, now=NOW, rows=rows)
    with django_assert_num_queries(1):
        known = queries.particulars([one.party_id for one in made], NOW.date())
    assert [known[one.party_id].record() for one in made] == [one.record() for one in made]
    first = made[0]
    assert first.name_id
    assert queries.record_of(first.name_id, first.address_id) == first.record()


def test_a_bulk_with_one_bad_row_names_its_line_and_writes_nothing() -> None:
    rows = [
        NewParty(PartyKind.PERSON, Name("Good")),
        NewParty(PartyKind.ORGANISATION, Name("Bad", enterprise_no="BE0123456748")),
    ]
    with pytest.raises(Refused) as caught:
        actions.register_parties(actor=SYSTEM, now=NOW, rows=rows)
    assert (caught.value.code, caught.value.line) == ("people.enterprise_number_wrong", 2)
    assert queries.find_parties("good", at=NOW.date()) == []


def test_an_address_that_is_taken_gives_no_account_and_tells_nothing() -> None:
    first, second = an("Ada", "Peeters", email="home@example.org"), an("Bob", "Peeters", email="Home@Example.org")
    account = queries.account_by_email("HOME@example.org")
    assert account is not None
    assert account.party_id == first
    assert queries.account_of(second) is None
    assert queries.email_of([first, second]) == {first: "home@example.org", second: "home@example.org"}


@pytest.mark.parametrize(
    ("written", "country", "kept"),
    [
        ("0123.456.749", "BE", "BE0123456749"),
        ("be 0123 456 749", "", "BE0123456749"),
        ("BTW BE 0123.456.749", "", "BE0123456749"),
        ("KvK 12345678", "", "NLKVK12345678"),
        ("12345678", "NL", "NLKVK12345678"),
        ("RSIN 111222333", "NL", "NLRSIN111222333"),
        ("NL123456789B13", "", "NL123456789B13"),
        ("FR40303265045", "", "FR40303265045"),
        ("", "BE", ""),
    ],
)
def test_enterprise_numbers_are_kept_in_one_form(written: str, country: str, kept: str) -> None:
    assert clean_enterprise_no(written, country) == kept


@pytest.mark.parametrize(
    "written", ["0123.456.748", "BE1", "KVK 1234", "RSIN 111222334", "XX12", "hello", "😀", "\x00"]
)
def test_enterprise_numbers_that_fail_their_check_are_refused(written: str) -> None:
    with pytest.raises(Refused) as caught:
        clean_enterprise_no(written, "BE")
    assert caught.value.code == "people.enterprise_number_wrong"


@pytest.mark.parametrize(
    ("given", "family", "display"),
    [
        ("  Jan\tPiet ", "O'Brien\x00", "O'Brien, Jan Piet"),
        ("", "👩‍👩‍👧 Familie", "👩‍👩‍👧 Familie"),
        ("يوسف", "حداد", "حداد, يوسف"),
        ("evil\u202egnp", "x", "x, evilgnp"),
        ("Zoe\u0308", "=cmd()", "=cmd(), Zoë"),
        ("a" * 200, "b" * 500, "b" * 500 + ", " + "a" * 200),
    ],
)
def test_names_as_people_really_have_them(given: str, family: str, display: str) -> None:
    assert queries.particulars_of(an(given, family), NOW.date()).display == display


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"family": "\x00 \n"}, "people.name_missing"),
        ({"family": "b" * 501}, "people.too_long"),
        ({"family": "x", "email": "no address"}, "people.email_wrong"),
        ({"family": "x", "phone": "call me"}, "people.phone_wrong"),
        ({"family": "x", "language": "de"}, "people.language_unknown"),
        ({"family": "x", "address": Address(street="s", country="Belgium")}, "people.country_wrong"),
        ({"family": "x", "valid_from": dt.date(1, 1, 1)}, "people.date_impossible"),
        ({"family": "x", "valid_from": dt.date(2100, 1, 1)}, "people.date_impossible"),
    ],
)
def test_what_can_not_be_registered(facts: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        actions.register_party(actor=VISITOR, now=NOW, kind=PartyKind.PERSON, **{"language": "nl", **facts})
    assert caught.value.code == code


def test_nobody_changes_the_name_of_somebody_else() -> None:
    ada = an("Ada", "Peeters")
    with pytest.raises(Refused) as caught:
        actions.change_name(actor=VISITOR, now=NOW, party_id=ada, family="Mallory", valid_from=NOW.date())
    assert caught.value.code == "people.not_yours"


def test_an_action_entrusts_somebody_with_the_particulars_of_one_party_and_with_nothing_else() -> None:
    """Whoever is entrusted stays who they are in the trail, stands for nobody, and can't erase or look."""
    ada, ines = an("Ada", "Peeters"), an("Ines", "Maes")
    entrusted = VISITOR.entrusted_with(ada)
    moved = {
        "now": NOW,
        "street": "Kaai",
        "number": "1",
        "postcode": "1000",
        "town": "Brussel",
        "valid_from": NOW.date(),
    }
    actions.change_address(actor=entrusted, party_id=ada, **moved)
    assert AuditEntry.objects.get(verb="people.address_changed", subject_id=ada).actor_kind == "visitor"
    with pytest.raises(Refused, match="not_yours"):
        actions.change_address(actor=entrusted, party_id=ines, **moved)
    assert not entrusted.parties
    for verdict in (
        policies.may_change_own(entrusted, ada),
        policies.may_appoint(entrusted, ada),
        policies.may_download(entrusted, ada, NOW),
        policies.may_erase(entrusted, ada, NOW.date()),
    ):
        assert verdict.code == "people.not_yours"


def test_what_stands_there_already_is_no_change() -> None:
    ada = an("Ada", "Peeters")
    with pytest.raises(Refused) as caught:
        actions.change_name(actor=SYSTEM, now=NOW, party_id=ada, family=" Peeters ", given="Ada", valid_from=NOW.date())
    assert caught.value.code == "people.unchanged"
