"""The register to take along: on paper, as a table, from a page and from a terminal."""

import csv
import dataclasses
import datetime as dt
import io
import json
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from coopcalc.register.table import COLUMNS
from coopwerf.documents import actions as documents
from coopwerf.documents import papers, tasks
from coopwerf.documents import queries as made
from coopwerf.kernel import chain
from coopwerf.kernel.tenancy import tenant
from coopwerf.register import actions, queries
from coopwerf.register.actions import SharesInput
from coopwerf.register.states import Ending
from tests.cast import NOW, Cast, Person

from .test_register import BOARD, admit, party, with_class

__all__ = ["with_class"]
pytestmark = pytest.mark.django_db

STRANGE = ["=cmd()", "Okafor 🌻", "עמר الخطيب", "n" * 500, "O’Brien-D'Hondt", "@SUM(A1)"]


def history(coop: Cast) -> dict[str, actions.Admitted]:
    """Write a small history: part-paid shares, a transfer, an exit, an exclusion, and a correction."""
    jana = admit(coop, "Peeters", "Jana", 4, "60.00")
    piet = admit(coop, "Maes", "Piet", 2)
    els = admit(coop, "Claes", "Els", 2)
    common: dict[str, Any] = {"actor": coop.secretary.actor, "now": NOW, "coop_id": coop.id, "decision": BOARD}
    actions.record_transfer(
        **common,
        from_member_id=piet.id,
        to_member_id=jana.id,
        share_class="A",
        quantity=1,
        on=dt.date(2024, 6, 1),
    )
    actions.record_exit(
        **common,
        member_id=piet.id,
        share_class="A",
        quantity=1,
        value=Decimal("24.50"),
        on=dt.date(2025, 6, 30),
        ends_membership=True,
    )
    actions.record_exclusion(
        **common, member_id=els.id, share_class="A", quantity=2, on=dt.date(2025, 7, 1), ends_membership=True
    )
    return {"jana": jana, "piet": piet, "els": els}


def facts(coop: Cast, at: dt.date, known: int | None = None, **more: Any) -> papers.RegisterExtract:
    """Return what stands in the extract as of a date."""
    with tenant(coop.id):
        return queries.extract_facts(coop.id, at, known, **more)


def test_the_nine_things_stand_in_the_extract(with_class: Cast) -> None:
    """Totals, who and where, how much of what, what is paid, limits, transfers, rights, exits, exclusions."""
    history(with_class)
    told = facts(with_class, dt.date(2025, 12, 31))
    assert (told.members, told.shares, told.paid) == (1, 5, Decimal("85.00"))
    assert [(one.code, one.shares) for one in told.classes] == [("A", 5)]
    assert [(one.member_no, one.name, one.shares, one.paid) for one in told.holders] == [
        (1, "Peeters, Jana", 5, Decimal("85.00"))
    ]
    assert told.holders[0].domicile == "Dok-Noord 4, 9000 Gent"
    assert [(one.from_no, one.to_no, one.shares) for one in told.transfers] == [(2, 1, 1)]
    assert [(one.member_no, one.is_exclusion, one.shares, one.paid_out) for one in told.endings] == [
        (2, False, 1, Decimal("24.50")),
        (3, True, 2, None),
    ]
    words = " ".join(right.text for right in told.rights)
    assert "A transfer needs the approval of the board" in words
    assert "One vote for each member" in words
    assert "Members transfer freely to each other" in words


def test_last_new_year_is_what_it_was(with_class: Cast) -> None:
    """As of a date before the exits nobody has left; as known before a correction the old answer stays."""
    members = history(with_class)
    before = facts(with_class, dt.date(2024, 12, 31))
    assert (before.members, before.shares, before.endings) == (3, 8, ())
    with tenant(with_class.id):
        known = queries.last_change(with_class.id)
        movement = queries.movements_of(with_class.id, members["jana"].id)[0]
    actions.correct_movement(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        movement_id=movement.id,
        quantity=3,
        paid=Decimal("60.00"),
        decision=BOARD,
    )
    assert facts(with_class, dt.date(2024, 12, 31)).shares == 7
    assert facts(with_class, dt.date(2024, 12, 31), known) == before


def test_a_corrected_transfer_leaves_the_list(with_class: Cast) -> None:
    """A transfer that never was doesn't stand among the transfers, unless one asks as known then."""
    members = history(with_class)
    with tenant(with_class.id):
        moved = next(
            one for one in queries.movements_of(with_class.id, members["jana"].id) if one.kind == "transfer_in"
        )
        known = queries.last_change(with_class.id)
    actions.correct_movement(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        movement_id=moved.id,
        quantity=1,
        on=dt.date(2024, 5, 1),
        decision=BOARD,
    )
    assert [one.on for one in facts(with_class, NOW.date()).transfers] == [dt.date(2024, 5, 1)]
    assert [one.on for one in facts(with_class, NOW.date(), known).transfers] == [dt.date(2024, 6, 1)]


def test_one_members_part_is_about_one_member(with_class: Cast) -> None:
    """Piet's extract tells his transfer and exit, and of others only with whom he dealt."""
    members = history(with_class)
    told = facts(with_class, NOW.date(), member_id=members["piet"].id)
    assert told.holder == "Piet Maes"
    assert told.holders == ()
    assert len(told.transfers) == len(told.endings) == 1
    assert "Claes" not in str(told)


def test_a_dutch_list_names_last_years_leavers(nederwerf: Cast) -> None:
    """Who left within a year before the date is on it, who left earlier isn't; nothing about shares."""
    common: dict[str, Any] = {
        "actor": nederwerf.secretary.actor,
        "now": NOW,
        "coop_id": nederwerf.id,
        "decision": BOARD,
    }
    for number, name in enumerate(("Fatma", "Sjoerd", "Corrie")):
        admitted = actions.record_admission(
            **common, party_id=party(nederwerf, name), on=dt.date(2024, 2, 1), shares=()
        )
        if number:
            actions.record_ending(
                **common,
                member_id=admitted.id,
                reason=Ending.EXIT,
                on=dt.date(2024, 3, 1) if number == 1 else dt.date(2026, 1, 31),
            )
    with tenant(nederwerf.id):
        told = queries.member_list_facts(nederwerf.id, dt.date(2026, 11, 23))
        assert queries.wants_member_list(nederwerf.id, NOW.date())
        assert isinstance(queries.register_paper(nederwerf.id, NOW.date()), papers.MemberList)
    assert [one.name for one in told.members] == ["Fatma"]
    assert [(one.name, one.ended_on) for one in told.leavers] == [("Corrie", dt.date(2026, 1, 31))]
    assert "aren't liable" in told.liability


@pytest.mark.parametrize(("on", "since"), [((2026, 11, 23), (2025, 11, 23)), ((2028, 2, 29), (2027, 2, 28))])
def test_the_year_of_leavers_ends_on_a_day_that_is_there(
    nederwerf: Cast, on: tuple[int, int, int], since: tuple[int, int, int]
) -> None:
    """A year before 29 February is 28 February."""
    with tenant(nederwerf.id):
        assert queries.leavers_since(nederwerf.id, dt.date(*on)) == dt.date(*since)


def test_the_secretary_asks_and_gets_the_paper(with_class: Cast) -> None:
    """From the page to the PDF: asked, made by the worker, with the head of the chain on it."""
    history(with_class)
    browser = with_class.secretary.browser()
    address = with_class.url("register/extract/")
    assert browser.get(address).status_code == 200
    answer = browser.post(address, {"on": "31-12-2025", "known": "", "form": "register.extract", "language": "fr"})
    assert answer.status_code == 302
    token = answer["Location"].split("/")[-2]
    with tenant(with_class.id):
        document = made.document_by_token(with_class.id, token)
    assert document is not None
    assert (document.kind, document.language, document.as_of) == ("register.extract", "fr", dt.date(2025, 12, 31))
    tasks.make(str(with_class.id), str(document.id))
    with tenant(with_class.id):
        document = made.document(with_class.id, document.id)
        assert document.head == chain.head_at(with_class.id, int(document.head.partition(":")[0]))
        assert made.file_of(document).startswith(b"%PDF-1.7")
    assert document.name == "wolkenwerf-register-2025-12-31.pdf"
    assert document.token in browser.get(address).content.decode()


@pytest.mark.parametrize(
    ("given", "beside"),
    [
        ({"on": ""}, "id_on-error"),
        ({"on": "1-1-1700"}, "id_on-error"),
        ({"known": "yesterday"}, "id_known-error"),
        ({"known": "-5"}, "id_known-error"),
        ({"form": "exe"}, "id_form-error"),
        ({"on": "31-12-9999"}, "id_on-error"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(with_class: Cast, given: dict[str, str], beside: str) -> None:
    """Bad input keeps the form, with a sentence."""
    whole = {"on": "31-12-2025", "known": "", "form": "csv", "language": "nl", **given}
    page = with_class.secretary.browser().post(with_class.url("register/extract/"), whole).content.decode()
    assert beside in page


def test_as_known_on_a_day(with_class: Cast) -> None:
    """A date is taken as the evening of that day: nothing was known before the first row."""
    history(with_class)
    browser = with_class.secretary.browser()
    given = {"on": "31-12-2025", "known": "01-01-2020", "form": "csv", "language": "nl"}
    answer = browser.post(with_class.url("register/extract/"), given, follow=True)
    assert answer.content.decode().strip() == ",".join(COLUMNS)


def test_a_spreadsheet_holds_what_the_table_holds(with_class: Cast) -> None:
    """Strange names stay texts in XLSX; CSV and XLSX tell the same, cell by cell."""
    for name in STRANGE:
        admit(with_class, name, "=given()", 2, "12.34")
    browser = with_class.secretary.browser()
    text = browser.get(with_class.url("register/table.csv"), {"on": "2026-01-01"}).content.decode()
    content = browser.get(with_class.url("register/table.xlsx"), {"on": "2026-01-01"}).content
    plain = list(csv.reader(io.StringIO(text)))
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    for line, row in zip(plain, sheet.iter_rows(), strict=True):
        cells = [cell.value for cell in row]
        assert [cell.data_type for cell in row if isinstance(cell.value, str)] == ["s"] * sum(
            isinstance(one, str) for one in cells
        )
        if line[0] == "member_no":
            assert cells == list(COLUMNS)
            continue
        assert (str(cells[0]), cells[2], str(cells[6])) == (line[0], line[2].removeprefix("'"), line[6])
        assert Decimal(str(cells[8])) == Decimal(line[8])
        assert cells[9].date().isoformat() == line[9]  # type: ignore[union-attr]


@pytest.mark.parametrize("rest", ["extract/", "table.xlsx", "table.csv"])
def test_others_get_nothing(with_class: Cast, nederwerf: Cast, stranger: Person, host: Person, rest: str) -> None:
    """Another co-operative's secretary, a stranger and the host are refused; the auditor is let in."""
    history(with_class)
    for person in (nederwerf.secretary, stranger, host):
        assert person.browser().get(with_class.url(f"register/{rest}")).status_code == 403
        assert person.browser().post(with_class.url("register/members/1/certificate/")).status_code == 403
    assert with_class.auditor.browser().get(with_class.url(f"register/{rest}")).status_code == 200


def test_a_long_register_comes_in_volumes(with_class: Cast) -> None:
    """More than five thousand rows are cut into volumes, handed over together, each with the same head."""
    people = [(number, f"Peeters {number}") for number in range(1, 5203)]
    told = facts(with_class, NOW.date())
    line = papers.HolderLine(
        member_no=1,
        name="x",
        domicile="Dok-Noord 4, 9000 Gent",
        code="A",
        shares=1,
        amount_per_share=Decimal(25),
        paid=Decimal(25),
        admitted_on=dt.date(2024, 1, 1),
    )
    long = papers.RegisterExtract(
        as_of=told.as_of,
        known_position=told.known_position,
        members=len(people),
        shares=len(people),
        paid=Decimal(25) * len(people),
        classes=told.classes,
        holders=tuple(
            papers.HolderLine(
                member_no=number,
                name=name,
                domicile=line.domicile,
                code="A",
                shares=1,
                amount_per_share=line.amount_per_share,
                paid=line.paid,
                admitted_on=line.admitted_on,
            )
            for number, name in people
        ),
        rights=told.rights,
    )
    with tenant(with_class.id):
        setting = papers.Setting(
            letterhead=made.letterhead_of(with_class.id, NOW.date()), language="nl", at=NOW, head="1:" + "a" * 64
        )
    cut = long.papers(setting)
    assert [paper.rows for paper in cut] == [5000, 202]
    file = papers.set_file([dataclasses.replace(cut[1], name="register-1"), cut[1]], "nl", NOW)
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())


def test_the_terminal_gives_the_same(with_class: Cast, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """`coopwerf register show` as PDF, XLSX, CSV and totals."""
    history(with_class)

    def show(*words: str) -> bytes:
        call_command("register", "show", "--coop", "wolkenwerf", "--at", "2025-12-31", *words)
        return capsysbinary.readouterr().out

    assert show("--format", "pdf").startswith(b"%PDF-1.7")
    assert show("--format", "pdf", "--language", "fr", "--known", "3").startswith(b"%PDF-1.7")
    assert load_workbook(io.BytesIO(show("--format", "xlsx"))).active["C2"].value == "Peeters, Jana"  # type: ignore[index]
    assert b"Peeters, Jana" in show()
    assert json.loads(show("--totals"))["shares"] == {"A": 5}


def test_a_member_gets_their_own_part_and_no_other(with_class: Cast, person: Any) -> None:
    """An ordinary member asks for their own certificate and extract, and for nobody else's."""
    lotte = person("Lotte", "Smet")
    actions.record_admission(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        party_id=lotte.party_id,
        on=dt.date(2024, 2, 1),
        decision=BOARD,
        shares=[SharesInput(share_class="A", quantity=1)],
    )
    admit(with_class, "Peeters", "Jana", 4)
    browser = lotte.browser()
    for paper in ("certificate", "extract"):
        own = browser.post(with_class.url("register/members/1/certificate/"), {"paper": paper})
        assert own.status_code == 302
        token = own["Location"].split("/")[-2]
        with tenant(with_class.id):
            document = made.document_by_token(with_class.id, token)
        assert document is not None
        tasks.make(str(with_class.id), str(document.id))
        assert b"".join(browser.get(own["Location"] + "file/").streaming_content).startswith(b"%PDF")  # type: ignore[arg-type]
        assert browser.post(with_class.url("register/members/2/certificate/"), {"paper": paper}).status_code == 403
    assert browser.post(with_class.url("register/members/99/certificate/")).status_code == 403
    assert browser.get(with_class.url("register/extract/")).status_code == 403


def test_the_whole_register_cannot_be_asked_under_a_members_name(with_class: Cast, person: Any) -> None:
    """Naming oneself as whom it concerns doesn't open another's part."""
    lotte = person("Lotte", "Smet")
    actions.record_admission(
        actor=with_class.secretary.actor,
        now=NOW,
        coop_id=with_class.id,
        party_id=lotte.party_id,
        on=dt.date(2024, 2, 1),
        decision=BOARD,
    )
    jana = admit(with_class, "Peeters", "Jana", 4)
    document = documents.ask_document(
        actor=lotte.actor,
        now=NOW,
        coop_id=with_class.id,
        kind="register.extract",
        language="nl",
        party_id=lotte.party_id,
        params={"member": str(jana.id)},
    )
    tasks.make(str(with_class.id), str(document.id))
    with tenant(with_class.id):
        assert made.document(with_class.id, document.id).reason == "register.member_unknown"
