"""Scenarios are played through the real actions, as real people, at their time, and touch nothing real."""

import base64
import datetime as dt
import io
import json
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from coopwerf.coops import actions as coops
from coopwerf.coops.states import Role
from coopwerf.kernel import chain
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.models import AuditEntry
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import queries as people
from coopwerf.register import queries
from tests.cast import NOW, Cast, Person
from tests.payments import files

pytestmark = pytest.mark.django_db

PlayLines = Callable[..., tuple[list[dict[str, Any]], int]]


def line(
    do: str, known_as: str = "", /, *, at: str = "2026-03-02T10:00:00+01:00", who: str = "system", **told: Any
) -> Any:
    """Write a line."""
    return {"at": at, "as": who, "do": do, "with": told, **({"name": known_as} if known_as else {})}


FOUNDED = [
    line(
        "people.register_party",
        "amina",
        kind="person",
        family="Amrani",
        given="Amina",
        email="amina@werf.example",
        language="fr",
        valid_from="2000-01-01",
    ),
    line("coops.found_coop", "werf", who="amina@werf.example", name="De Proefwerf", language="nl", is_practice=True),
    line("coops.change_stage", who="amina@werf.example", coop_id="$werf.id", stage="be_cv", valid_from="2026-03-02"),
    line(
        "register.set_class_terms",
        "a",
        who="amina@werf.example",
        coop_id="$werf.id",
        code="A",
        valid_from="2026-03-02",
        nominal="25",
    ),
]
DECISION = {"body": "board", "on": "2026-03-03", "reference": "item 1"}


@pytest.fixture
def play(tmp_path: Path) -> PlayLines:
    """Return the function that plays lines and gives back what was printed, and the exit code."""

    def played(
        *lines: Mapping[str, Any] | str, stop: bool = False, coop: str | None = None
    ) -> tuple[list[dict[str, Any]], int]:
        file = tmp_path / "scenario.jsonl"
        file.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines))
        out, code = io.StringIO(), 0
        try:
            call_command("play", str(file), stop=stop, coop=coop, stdout=out)
        except SystemExit as end:
            code = int(end.code or 0)
        return [json.loads(text) for text in out.getvalue().splitlines()], code

    return played


def test_a_scenario_founds_and_admits(play: PlayLines) -> None:
    """Amina founds a co-operative for practice and admits herself with four shares; the register shows it."""
    told, code = play(
        *FOUNDED,
        line(
            "register.record_admission",
            "s1",
            at="2026-03-04T09:00:00+01:00",
            who="amina@werf.example",
            coop_id="$werf.id",
            party_id="$amina",
            on="2026-03-03",
            decision=DECISION,
            shares=[{"share_class": "A", "quantity": 4}],
        ),
        line(
            "register.record_issue",
            at="2026-03-05T09:00:00+01:00",
            who="amina@werf.example",
            coop_id="$werf.id",
            member_id="$s1.id",
            share_class="A",
            quantity=1,
            on="2026-03-05",
            decision={**DECISION, "reference": "item 2"},
        ),
    )
    assert code == 0, told
    assert [one["line"] for one in told] == [1, 2, 3, 4, 5, 6]
    assert all(one["ok"] for one in told)
    assert told[1]["result"]["is_practice"] is True
    assert told[4]["result"]["number"] == 1
    werf = uuid.UUID(told[1]["result"]["id"])
    with tenant(werf):
        (held,) = queries.lines(werf, dt.date(2026, 3, 31))
        assert (held.name, held.shares) == ("Amrani, Amina", 5)
        amina = AuditEntry.objects.get(coop_id=werf, verb="register.shares_issued")
        assert amina.actor_id == uuid.UUID(told[0]["result"])
        assert amina.at == dt.datetime(2026, 3, 5, 8, 0, tzinfo=dt.UTC)
        # As known on the fourth of March the fifth share wasn't there: the chain keeps the scenario's own time.
        then = chain.position_at(werf, dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC))
        assert queries.lines(werf, dt.date(2026, 3, 31), then)[0].shares == 4
        assert queries.verify(werf).ok
        assert chain.unsealed(werf) == 0


def test_a_refusal_is_told_and_the_scenario_goes_on(play: PlayLines) -> None:
    """The member count doesn't move on a refused line; with --stop nothing comes after it."""
    lines = [
        *FOUNDED,
        line("coops.change_look", coop_id="$werf.id", hue=400),
        line("coops.change_look", "look", coop_id="$werf.id", hue=20),
    ]
    told, code = play(*lines)
    assert code == 1
    assert told[4] == {"line": 5, "ok": False, "code": "coops.hue_out_of_range", "message": told[4]["message"]}
    assert told[4]["message"]
    assert told[5]["result"]["hue"] == 20
    lines[0] = {**lines[0], "with": {**lines[0]["with"], "email": "other@werf.example"}}
    told, code = play(*lines, stop=True)
    assert (len(told), code) == (5, 1)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"quantity": "2.5"}, "site.play_arguments"),
        ({"quantity": 2.5}, "site.play_arguments"),
        ({"quantity": 0}, "register.quantity_too_small"),
        ({"quantity": -1}, "register.quantity_too_small"),
        ({"quantity": 10**12}, "register.quantity_too_large"),
        ({"on": "1700-01-01"}, None),
        ({"on": "2126-01-01"}, "register.date_in_future"),
        ({"member_id": "$werf.nothing"}, "site.play_reference"),
        ({"member_id": str(uuid.uuid4())}, "register.member_unknown"),
        ({"surprise": 1}, "site.play_arguments"),
    ],
)
def test_bad_values_are_refused_line_by_line(play: PlayLines, wrong: Mapping[str, Any], code: str | None) -> None:
    """Zero, negative, half and immense numbers of shares, dates of another century, and what isn't there."""
    good = {"coop_id": "$werf.id", "member_id": "$a", "share_class": "A", "quantity": 1, "on": "2026-03-02"}
    told, _exit = play(*FOUNDED, line("register.record_issue", **{**good, "decision": DECISION, **wrong}))
    assert not told[4]["ok"]
    assert told[4]["code"] == code or code is None
    assert "Traceback" not in told[4]["message"]


@pytest.mark.parametrize(
    ("lines", "code", "number"),
    [
        (["{"], "site.play_json", 1),
        (["[1]"], "site.play_json", 1),
        (['{"at": "2026-03-02T10:00:00Z", "at": "2026-03-02T10:00:00Z"}'], "site.play_json", 1),
        (["", "# a remark", '{"as": "system", "do": "coops.found_coop"}'], "site.play_missing", 3),
        ([line("coops.found_coop", at="2026-03-02T10:00:00")], "site.play_time", 1),
        ([line("coops.found_coop", at="tomorrow")], "site.play_time", 1),
        ([{**line("coops.found_coop"), "because": "why not"}], "site.play_key", 1),
        ([line("coops.found_everything")], "kernel.unknown_action", 1),
        ([line("coops.found_coop", who="somebody")], "site.play_missing", 1),
        ([{**line("coops.found_coop"), "with": []}], "site.play_missing", 1),
        ([line("coops.found_coop", "two words")], "site.play_name", 1),
        ([line("coops.add_body", coop_id="$nobody.id")], "site.play_reference", 1),
        ([line("coops.add_body", coop_id="$")], "site.play_reference", 1),
        ([*FOUNDED, FOUNDED[0]], "site.play_name", 5),
        ([FOUNDED[0], line("coops.found_coop", at="2026-03-01T00:00:00Z")], "site.play_backwards", 2),
    ],
)
def test_a_malformed_line_is_named_and_nothing_is_played(
    play: PlayLines, lines: list[Any], code: str, number: int
) -> None:
    """The file is read whole before the first line is played."""
    before = AuditEntry.objects.count()
    with pytest.raises(Refused) as refused:
        play(*lines)
    assert (refused.value.code, refused.value.line) == (code, number)
    assert refused.value.message
    assert AuditEntry.objects.count() == before


def test_dollars_in_a_text(play: PlayLines) -> None:
    """Two dollar signs at the beginning are one, and no reference."""
    told, code = play(
        FOUNDED[0],
        line("coops.found_coop", "w", who="amina@werf.example", name="$$ave", language="en", is_practice=True),
    )
    assert code == 0
    assert told[1]["result"]["name"] == "$ave"


# What is real stays as it is.


def refused_upon_wolkenwerf(play: PlayLines, coop: Cast, *lines: Mapping[str, Any]) -> list[str]:
    """Play lines after a founding; return the codes, and make sure that nothing was left in Wolkenwerf."""
    with tenant(coop.id):
        before = chain.head_of(coop.id), AuditEntry.objects.filter(coop_id=coop.id).count()
    told, code = play(*FOUNDED, *lines)
    assert code == 1
    with tenant(coop.id):
        assert (chain.head_of(coop.id), AuditEntry.objects.filter(coop_id=coop.id).count()) == before
    return [one["code"] for one in told[len(FOUNDED) :]]


def test_a_real_co_operative_is_not_touched(play: PlayLines, wolkenwerf: Cast) -> None:
    """Neither as the installation, nor as its chair, nor by naming it in any argument."""
    chair = wolkenwerf.chair.email
    codes = refused_upon_wolkenwerf(
        play,
        wolkenwerf,
        line("coops.change_look", coop_id=str(wolkenwerf.id), hue=7),
        line("coops.change_look", who=chair, coop_id=str(wolkenwerf.id).upper(), hue=7),
        line("coops.mark_practice", coop_id=str(wolkenwerf.id)),
        line("people.register_party", kind="person", family="X", language="nl", coop_id=str(wolkenwerf.id)),
        line("coops.found_coop", who=chair, name="Real", language="nl"),
        line("coops.found_coop", who=chair, name="Real", language="nl", is_practice=False),
        line("coops.host_coop", name="Real", language="nl", email="x@example.org"),
    )
    assert codes == [
        "kernel.not_practice",
        "kernel.not_practice",
        "site.play_not_here",
        "kernel.not_practice",
        "kernel.not_practice",
        "kernel.not_practice",
        "site.play_not_here",
    ]
    assert not [coop for coop in coops_here() if coop.name == "Real"]


def coops_here() -> Any:
    """Return every co-operative."""
    from coopwerf.coops.queries import all_coops

    return all_coops()


def test_real_people_stay_as_they_are(play: PlayLines, wolkenwerf: Cast, stranger: Person, host: Person) -> None:
    """A chair, a host and somebody without co-operative can't be renamed or reached otherwise, even by themselves."""
    wanted = {"family": "Changed", "valid_from": "2026-03-01"}
    codes = refused_upon_wolkenwerf(
        play,
        wolkenwerf,
        *(
            line("people.change_name", party_id=str(one.party_id), **wanted)
            for one in (wolkenwerf.chair, stranger, host)
        ),
        line("people.change_name", who=stranger.email, party_id=str(stranger.party_id), **wanted),
        line("people.change_name", party_id=str(wolkenwerf.chair.party_id), coop_id="$werf.id", **wanted),
        line("people.change_email", account_id=str(stranger.account.pk), email="mine@example.org"),
        line("people.first_administrator", token="x", family="X", given="Y", email="x@example.org", language="nl"),
    )
    assert codes == ["site.play_somebody_real"] * 5 + ["site.play_not_here"] * 2
    assert people.particulars_of(stranger.party_id, NOW.date()).display == "Maes, Ines"


def test_people_of_the_scenario_may_change(play: PlayLines, wolkenwerf: Cast) -> None:
    """Whom the scenario made may move; once she joins a real co-operative, no later scenario may touch her."""
    told, code = play(
        *FOUNDED,
        line("people.change_name", party_id="$amina", family="Amrani-Peeters", given="Amina", valid_from="2026-03-02"),
    )
    assert code == 0, told
    amina = told[0]["result"]
    again = line("people.change_name", party_id=amina, family="Later", given="Amina", valid_from="2026-03-03")
    assert play(again)[1] == 0  # known to a co-operative for practice, and to no other
    with tenant(wolkenwerf.id):
        (board, *_rest) = [body for body in bodies(wolkenwerf) if body.kind == "board"]
    coops.grant_mandate(
        actor=SYSTEM,
        now=NOW,
        coop_id=wolkenwerf.id,
        party_id=uuid.UUID(amina),
        body_id=board.id,
        role=Role.DIRECTOR,
        valid_from=NOW.date(),
    )
    told, code = play({**again, "with": {**again["with"], "family": "Real"}})
    assert (code, told[0]["code"]) == (1, "site.play_somebody_real")


def bodies(coop: Cast) -> Any:
    """Return the bodies of a co-operative."""
    from coopwerf.coops.queries import bodies as found

    return found(coop.id)


def test_a_co_operative_that_is_there_is_named(play: PlayLines, wolkenwerf: Cast) -> None:
    """With --coop lines call it $coop; a real one stays closed, and one that isn't there is told."""
    assert play(*FOUNDED)[1] == 0
    again = line("coops.change_look", who="amina@werf.example", coop_id="$coop.id", hue=20)
    told, code = play(again, coop="de-proefwerf")
    assert code == 0, told
    told, code = play({**again, "as": wolkenwerf.chair.email}, coop=wolkenwerf.coop.slug)
    assert (code, told[0]["code"]) == (1, "kernel.not_practice")
    with pytest.raises(Refused, match=r"kernel\.coop_unknown"):
        play(again, coop="nowhere")
    with pytest.raises(Refused, match=r"site\.play_reference"):
        play(again)


def test_nobody_is_not_somebody(play: PlayLines) -> None:
    """A line as somebody who has no account, or who doesn't represent whom they act for, is refused."""
    told, _code = play(
        *FOUNDED,
        line("coops.change_look", who="nobody@example.org", coop_id="$werf.id", hue=3),
        {**line("coops.change_look", who="amina@werf.example", coop_id="$werf.id", hue=3), "for": "$werf.id"},
        line("coops.change_look", who="visitor", coop_id="$werf.id", hue=3),
    )
    assert [one["code"] for one in told[4:]] == ["site.play_nobody", "people.not_yours", "kernel.not_signed_in"]


def test_a_scenario_brings_a_bank_file(play: PlayLines) -> None:
    """Somebody is asked to pay, the bank's file says so, and what is certain is accepted; a file goes in as base64."""
    chair = {"who": "amina@werf.example", "at": "2026-11-20T18:00:00+01:00"}
    asked = {"party_id": "$amina", "kind": "capital", "source_kind": "", "source_id": None, "due_on": "2026-11-30"}
    begun = [
        *FOUNDED,
        line("ledger.open_books", **chair, coop_id="$werf.id", chart="be_mar", on="2026-03-02"),
        line("payments.open_bank_account", **chair, coop_id="$werf.id", iban=files.OURS, holder="De Proefwerf"),
        line("payments.open_claim", "owed", at=chair["at"], coop_id="$werf.id", amount="25.00", **asked),
    ]
    told, code = play(*begun)
    assert code == 0, told
    digits = told[-1]["result"]["digits"]
    ref = f"<Strd><CdtrRefInf><Ref>{digits}</Ref></CdtrRefInf></Strd>"
    paid = files.camt_entry("25.00", remittance=ref)
    content = files.camt(files.camt_statement([paid], opening="0.00", closing="25.00"))
    coop_id = told[1]["result"]["id"]
    brought = {"coop_id": coop_id, "name": "bank.xml", "file": base64.b64encode(content.encode()).decode()}
    told, code = play(
        line("payments.import_statements", "bank", **chair, **brought),
        line("payments.accept_certain", **chair, coop_id=coop_id),
        line("payments.import_statements", **chair, **{**brought, "file": "no base64!"}),
    )
    assert [one["ok"] for one in told] == [True, True, False], told
    assert (told[0]["result"]["new"], told[0]["result"]["known"]) == (1, 0)
    assert len(told[1]["result"]) == 1
    assert told[2]["code"] == "site.play_arguments"
