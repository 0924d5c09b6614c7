"""Reading what banks send: exactly, with its reasons where it can't be, and without deciding anything."""

import contextlib
import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

import coopcalc.bank as bank_package
from coopcalc.bank import Unreadable, collected
from coopcalc.bank.communication import is_communication, is_rf, structured_in
from coopcalc.bank.statement import Status
from coopwerf.kernel.refusals import Refused
from coopwerf.payments import reading
from coopwerf.payments.reading import masking, read_path
from coopwerf.payments.reading.refusing import CODES, translated

from .files import (
    OURS,
    THEIRS,
    camt,
    camt_entry,
    camt_statement,
    coda_move,
    coda_statement,
    mt940,
    read,
)

PERMANENT = "010806817183"
"""The communication of the Belgian banks' own example, +++010/8068/17183+++."""


def refused(content: str | bytes) -> Unreadable:
    """Read something that can't be read, and return why."""
    with pytest.raises(Unreadable) as caught:
        read(content)
    return caught.value


# What stands there


def test_a_camt_statement_with_two_accounts_and_two_days() -> None:
    """A file may hold several statements of several accounts; each adds up by itself."""
    content = camt(
        camt_statement([camt_entry("250.00")], closing="350.00"),
        camt_statement([camt_entry("12.10", side="DBIT")], opening="350.00", closing="337.90", number=2),
        camt_statement([], account="NL20INGB0001234567", opening="-5.00", closing="-5.00"),
    )
    found = read(content)
    assert [(one.head.account, one.head.number, str(one.end.difference)) for one in found] == [
        (OURS, 1, "0.00"),
        (OURS, 2, "0.00"),
        ("NL20INGB0001234567", 1, "0.00"),
    ]
    (came_in,) = found[0].entries
    assert (came_in.amount, came_in.name, came_in.iban, came_in.text) == (
        Decimal("250.00"),
        "Jana Peeters",
        THEIRS,
        "aandelen",
    )
    assert found[1].entries[0].amount == Decimal("-12.10")
    assert found[2].head.opening == Decimal("-5.00")


def test_a_statement_that_does_not_add_up_is_shown() -> None:
    """The bank says 300 in the end, its lines make 350: fifty are missing, and that is all."""
    (found,) = read(camt(camt_statement([camt_entry("250.00")], closing="300.00")))
    assert (found.end.is_balanced, found.end.difference) == (False, Decimal("-50.00"))
    (open_end,) = read(camt(camt_statement([camt_entry("250.00")])))
    assert (open_end.head.closing, open_end.end.difference, open_end.end.is_balanced) == (None, None, False)


@pytest.mark.parametrize(
    "remittance",
    [
        "<Strd><CdtrRefInf><Tp><CdOrPrtry><Prtry>BBA</Prtry></CdOrPrtry></Tp><Ref>010806817183</Ref></CdtrRefInf></Strd>",
        "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>BBA</Issr></Tp><Ref>+++010/8068/17183+++</Ref></CdtrRefInf></Strd>",
        "<Ustrd>+++010/8068/17183+++</Ustrd>",
        "<Ustrd>***010/8068/17183***</Ustrd>",
        "<Ustrd>voor Jana</Ustrd><Ustrd>010/8068/17183 bedankt</Ustrd>",
        "<Strd><AddtlRmtInf>010806817183</AddtlRmtInf></Strd>",
    ],
)
def test_the_communication_is_found_wherever_the_bank_puts_it(remittance: str) -> None:
    """One and the same communication, in six fields."""
    (found,) = read(camt(camt_statement([camt_entry("250.00", remittance=remittance)])))
    assert found.entries[0].reference == PERMANENT


def test_a_telephone_number_is_no_communication() -> None:
    """Twelve digits with a wrong check stay text."""
    (found,) = read(camt(camt_statement([camt_entry("5.00", remittance="<Ustrd>bel 010806817184</Ustrd>")])))
    assert (found.entries[0].reference, found.entries[0].text) == ("", "bel 010806817184")
    assert is_communication(PERMANENT)
    assert structured_in("zie RF18 5390 0754 7034") == "RF18539007547034"
    assert is_rf("RF18539007547034")
    assert not is_rf("RF19539007547034")


def test_a_returned_payment_says_why_and_who_it_was_for() -> None:
    """A refund of ours comes back: account closed. The other party is who isn't us, though we are its creditor."""
    returned = (
        "<NtryDtls><TxDtls><Refs><EndToEndId>REFUND-7</EndToEndId></Refs><RltdPties>"
        f"<Dbtr><Nm>Coop Werf</Nm></Dbtr><DbtrAcct><Id><IBAN>{OURS}</IBAN></Id></DbtrAcct>"
        f"<Cdtr><Nm>Jana</Nm></Cdtr><CdtrAcct><Id><IBAN>{THEIRS}</IBAN></Id></CdtrAcct></RltdPties>"
        "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls>"
    )
    (found,) = read(camt(camt_statement([camt_entry("50.00", more="<RvslInd>true</RvslInd>", details=returned)])))
    (entry,) = found.entries
    assert (entry.return_code, entry.name, entry.iban, entry.end_to_end) == ("AC04", "Jana", THEIRS, "REFUND-7")
    assert entry.is_reversal
    assert entry.amount == Decimal("50.00")


def test_a_batch_is_one_entry_with_its_payments() -> None:
    """The bank books three payments as one line, and explains them in a camt.054 or beside it."""
    one = (
        '<TxDtls><Amt Ccy="EUR">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<RltdPties><Dbtr><Pty><Nm>{}</Nm></Pty></Dbtr></RltdPties></TxDtls>"
    )
    details = "<NtryDtls><Btch><NbOfTxs>3</NbOfTxs></Btch>" + "".join(
        one.format(amount, name) for amount, name in (("25.00", "Ann"), ("50.00", "Bo"), ("75.00", "Cy"))
    )
    batch = camt_entry("150.00", details=details + "</NtryDtls>")
    (found,) = read(
        camt(
            camt_statement([batch], opening=None).replace("Stmt>", "Ntfctn>"),
            message="camt.054.001.08",
            tag="BkToCstmrDbtCdtNtfctn",
        )
    )
    (entry,) = found.entries
    assert (entry.amount, entry.batch, entry.name) == (Decimal("150.00"), 3, "")
    assert [(part.name, part.amount) for part in entry.details] == [
        ("Ann", Decimal("25.00")),
        ("Bo", Decimal("50.00")),
        ("Cy", Decimal("75.00")),
    ]


def test_foreign_money_pending_lines_zero_and_five_decimals() -> None:
    """What was ordered in dollars says so; a line that is only announced isn't money; decimals stay as they are."""
    ordered = '<AmtDtls><InstdAmt><Amt Ccy="USD">110.00</Amt></InstdAmt></AmtDtls>'
    (found,) = read(
        camt(
            camt_statement(
                [
                    camt_entry("100.00", transaction=ordered),
                    camt_entry("40.00").replace("<Sts>BOOK</Sts>", "<Sts><Cd>PDNG</Cd></Sts>"),
                    camt_entry("0.00"),
                    camt_entry("1.12345"),
                    camt_entry("8.85000"),
                    camt_entry("-3.00"),
                ],
                closing="207.97345",
            )
        )
    )
    dollars, pending, nothing, tiny, plain, negative = found.entries
    assert dollars.original == (Decimal("110.00"), "USD")
    assert pending.status is Status.PENDING
    assert str(nothing.amount) == "0.00"
    assert (str(tiny.amount), str(plain.amount), str(negative.amount)) == ("1.12345", "8.85", "-3.00")
    assert found.end.difference == Decimal("1.00")


def test_globalised_coda_movements_keep_their_details() -> None:
    """One credit of 75 euro, of which the bank tells the three payments; the total is counted once."""
    moves = [
        coda_move(1, "75.00", code="10150000", name="", account=""),
        coda_move(1, "25.00", detail=1, code="50150000", structured=f"101{PERMANENT}"),
        coda_move(1, "50.00", detail=2, code="50150000", communication="aandelen voor mijn kind"),
        coda_move(2, "10.00", structured=f"102{PERMANENT}"),
    ]
    (found,) = read(coda_statement(moves, closing="185.00"))
    assert found.end.is_balanced
    whole, single = found.entries
    assert [(part.amount, part.reference, part.text) for part in whole.details] == [
        (Decimal("25.00"), PERMANENT, ""),
        (Decimal("50.00"), "", "aandelen voor mijn kind"),
    ]
    assert (single.reference, single.name, single.iban, single.bank_ref) == (
        PERMANENT,
        "JANA PEETERS",
        THEIRS,
        "BANKREF2",
    )


def test_coda_with_several_statements_a_return_and_a_wrong_total() -> None:
    """Two accounts in one file; a payment that came back; a statement whose closing balance is wrong is still shown."""
    content = coda_statement([coda_move(1, "20.00", return_reason="AM04")], closing="120.00") + coda_statement(
        [coda_move(1, "20.00", communication="+++010/8068/17183+++")],
        closing="150.00",
        total="20.00",
        account=THEIRS,
        number=7,
    )
    first, second = read(content)
    assert (first.entries[0].return_code, first.entries[0].is_reversal) == ("AM04", True)
    assert (second.head.account, second.head.number) == (THEIRS, 7)
    assert (second.end.is_balanced, second.end.difference) == (False, Decimal("30.00"))
    assert second.entries[0].reference == PERMANENT


def test_mt940_of_dutch_banks() -> None:
    """ING and ABN AMRO put words between slashes, Rabobank as well; the reversal of a credit goes out."""
    (found,) = read(
        mt940(
            ":61:2611201120C275,00NTRFEREF//00000000001005",
            ":86:/EREF/EV12341REP1231456T1234//CNTP/NL32INGB0000012345/INGBNL2",
            "A/ING BANK NV INZAKE WEB///REMI/USTD//EV10001REP1000000T1000/",
            ":61:2611201120RC25,00NTRFNONREF",
            ":86:/TRTP/SEPA OVERBOEKING/IBAN/NL46ABNA0499998748/BIC/ABNANL2A/NAME/J",
            ". DE VRIES/REMI/aandelen/RTRN/MS03/EREF/NOTPROVIDED",
        )
    )
    assert found.head.account == "NL20INGB0001234567"
    assert found.end.is_balanced
    ing, abn = found.entries
    assert (ing.iban, ing.name, ing.text, ing.end_to_end) == (
        "NL32INGB0000012345",
        "ING BANK NV INZAKE WEB",
        "EV10001REP1000000T1000",
        "EV12341REP1231456T1234",
    )
    assert (abn.amount, abn.name, abn.return_code, abn.is_reversal) == (Decimal("-25.00"), "J. DE VRIES", "MS03", True)


# Charsets


def test_letters_with_accents_survive_what_the_file_says_of_itself() -> None:
    """UTF-8 with and without mark, UTF-16, Latin-1 that says so, and Latin-1 that calls itself UTF-8."""
    content = camt(camt_statement([camt_entry("1.00", name="Zoë Çelik")]))
    for raw in (
        content.encode(),
        b"\xef\xbb\xbf" + content.encode(),
        content.replace("UTF-8", "UTF-16").encode("utf-16"),
        content.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        content.encode("latin-1"),
    ):
        assert read(raw)[0].entries[0].name == "Zoë Çelik"
    (found,) = read(coda_statement([coda_move(1, "5.00", name="ZOË ÇELIK")], closing="105.00").encode("cp1252"))
    assert found.entries[0].name == "ZOË ÇELIK"


# What can't be read


def test_every_refusal_says_where_and_what() -> None:
    """A file that is cut off, no bank's file, another kind of XML, an amount in the wrong place."""
    whole = camt(camt_statement([camt_entry("250.00")], closing="350.00"))
    assert refused(whole[: len(whole) // 2]).code == "file_cut_short"
    assert refused(b"").code == "file_empty"
    assert (refused(b"%PDF-1.7 ...").code, refused(b"%PDF-1.7 ...").facts) == ("other_kind", {"kind": "PDF"})
    assert refused("naam;bedrag;datum\nJana;25;2026-11-20\n").facts == {"kind": "CSV"}
    assert refused("Beste penningmeester,").code == "unknown_kind"
    assert refused("<html><body>Session expired</body></html>").code == "no_statement"
    other = refused(camt(message="pain.001.001.09", tag="CstmrCdtTrfInitn"))
    assert other.code == "no_statement"
    wrong = refused(camt(camt_statement([camt_entry("1.000,00")])))
    assert (wrong.code, wrong.facts["text"]) == ("no_amount", "1.000,00")
    assert wrong.path is not None
    assert wrong.path.endswith("Ntry/Amt")
    assert refused(camt(camt_statement([camt_entry("NaN")]))).code == "no_amount"
    no_side = refused(camt(camt_statement([camt_entry("1.00", side="")])))
    assert (no_side.code, no_side.facts) == ("element_missing", {"element": "CdtDbtInd"})
    assert refused(camt(camt_statement([camt_entry("1.00", booked="2026-13-20")]))).code == "no_date"
    assert refused(camt()).path == "Document/BkToCstmrStmt/Stmt"


def test_coda_that_lost_something_on_its_way() -> None:
    """A record less than the trailer counts; a file without an end; a line in the wrong place."""
    whole = coda_statement([coda_move(1, "20.00")], closing="120.00")
    lines = whole.splitlines(keepends=True)
    assert refused("".join(lines[:3] + lines[4:])).code == "records_missing"
    assert refused("".join(lines[:-1])).code == "file_cut_short"
    assert refused(whole + lines[2]).code == "record_out_of_place"
    garbled = lines[2][:47] + "999999" + lines[2][53:]
    broken = refused("".join([*lines[:2], garbled, *lines[3:]]))
    assert (broken.code, broken.line) == ("record_unreadable", 3)


def test_entities_are_refused_before_they_can_grow() -> None:
    """A billion laughs, and a file that wants to read another of ours."""
    grown = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{grown}'
    assert refused(camt(camt_statement(), start=laughs + "]>")).code == "declares_entities"
    outside = '<!DOCTYPE x [<!ENTITY other SYSTEM "file:///etc/hostname">]>'
    assert refused(camt(camt_statement(), start=outside)).code == "declares_entities"
    deep = camt("<Stmt>" + "<a>" * 100 + "</a>" * 100 + "</Stmt>")
    assert refused(deep).code == "too_deep"


@given(st.binary(max_size=400))
def test_whatever_comes_is_read_or_refused(raw: bytes) -> None:
    """Bytes of all kinds end in statements or in a refusal, never in another error."""
    for start in (b"", b"<?xml", b":20:x\n:61:", coda_statement().encode()[:260]):
        with contextlib.suppress(Unreadable):
            list(reading.read(io.BytesIO(start + raw)))


@given(st.data())
def test_a_file_with_one_change_is_read_or_refused(data: st.DataObject) -> None:
    """A byte changed, lost or doubled in a good file of each kind."""
    whole = data.draw(
        st.sampled_from(
            [
                camt(camt_statement([camt_entry("250.00")], closing="350.00")).encode(),
                coda_statement([coda_move(1, "20.00")], closing="120.00").encode(),
                mt940(":61:2611201120C250,00NTRFNONREF", ":86:x").encode(),
            ]
        )
    )
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + data.draw(st.integers(0, 40)) :]
    with contextlib.suppress(Unreadable):
        list(reading.read(io.BytesIO(changed)))


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_every_reason_has_a_sentence_with_its_facts(language: str) -> None:
    """Whatever a reader refuses is said in words: its line, its element and what else it names."""
    sources = [Path(bank_package.__file__).parent, Path(reading.__file__).parent]
    codes = {
        code
        for folder in sources
        for file in folder.glob("*.py")
        for code in re.findall(r'Unreadable\(\s*"(\w+)"', file.read_text())
    } | {"file_cut_short", "not_well_formed"}
    assert codes == set(CODES)
    facts = dict.fromkeys(("version", "element", "most", "reason", "text", "kind", "message", "record"), "x")
    for code in codes:
        with translation.override(language), pytest.raises(Refused) as caught, translated():
            raise Unreadable(code, line=7, path="Document/Stmt", told=1, found=2, **facts)
        assert "%(" not in caught.value.message


# Size


def _many(entries: int) -> Iterator[bytes]:
    head, tail = camt(camt_statement(["@"], closing=f"{100 + entries}.00")).encode().split(b"@")
    one = camt_entry("1.00", remittance="<Ustrd>" + "aandelen " * 12 + "</Ustrd>").encode()
    yield head
    for _number in range(entries):
        yield one
    yield tail


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Ten thousand entries and forty thousand take the same memory, in a process of their own."""

    def memory(entries: int) -> int:
        file = tmp_path / f"{entries}.xml"
        file.write_bytes(b"".join(_many(entries)))
        done = subprocess.run([sys.executable, "-c", _COUNTS, str(file)], capture_output=True, text=True, check=True)
        events, peak = done.stdout.split()
        assert int(events) == entries + 2
        return int(peak)

    small = memory(10_000)
    assert memory(40_000) < small + 2_000


@pytest.mark.exhaustive
def test_a_file_of_two_hundred_megabytes(tmp_path: Path) -> None:
    """Every entry of a very large file is read, printed, and adds up; the command stays below 300 MB."""
    file = tmp_path / "large.xml"
    with file.open("wb") as opened:
        opened.writelines(_many(450_000))
    assert file.stat().st_size > 200_000_000
    with (tmp_path / "out.json").open("wb") as out:
        running = subprocess.Popen([sys.executable, "-m", "coopwerf", "bank", "read", str(file)], stdout=out)
        peak = 0
        while running.poll() is None:
            peak = max(peak, _peak_of(running.pid))
            time.sleep(0.05)
    assert running.returncode == 0
    assert 10_000 < peak < 300_000
    assert b'"balanced": true' in (tmp_path / "out.json").read_bytes()[-200:]


_COUNTS = """
import re, sys
from coopwerf.payments.reading import read_path
events = sum(1 for _ in read_path(sys.argv[1]))
print(events, re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read()).group(1))
"""


def _peak_of(pid: int) -> int:
    """Return the most memory that a process has held so far, in kB; 0 once it is gone."""
    try:
        found = re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found.group(1)) if found else 0


# Files that others made


def test_every_camt_sample_is_read_but_the_wrong_one(shared_data: Path) -> None:
    """Versions 1 to 8 of three messages; the wrong one lacks its statement."""
    files = sorted((shared_data / "bank/camt/samples").glob("*.xml"))
    assert len(files) == 26
    for file in files:
        if file.name == "camt053.v2.wrong.xml":
            with pytest.raises(Unreadable) as caught:
                list(read_path(file))
            assert (caught.value.code, caught.value.path) == ("element_missing", "Document/BkToCstmrStmt/Stmt")
        else:
            assert list(collected(read_path(file))), file.name


def test_every_coda_sample_adds_up(shared_data: Path) -> None:
    """Opening balance and movements make the closing balance in all four."""
    files = sorted((shared_data / "bank/coda").glob("*.cod"))
    assert len(files) == 4
    for file in files:
        for statement in collected(read_path(file)):
            assert statement.entries, file.name
            assert statement.end.is_balanced, file.name


def test_mt940_samples_agree_with_the_reading_beside_them(shared_data: Path) -> None:
    """The amounts, with a reversal's sign where the expected reading leaves it out, and the last closing balance."""
    files = sorted((shared_data / "bank/mt940").glob("*.sta"))
    assert len(files) == 10
    for file in files:
        expected = _expected(file.with_suffix(".yml").read_text())
        found = [abs(entry.amount) for one in collected(read_path(file)) for entry in one.entries]
        assert found == expected, file.name


def _expected(text: str) -> list[Decimal]:
    """Return the amounts of the transactions in an expected reading, which is YAML with objects in it."""
    at = text.find("transactions:")
    lines = text[at:].splitlines() if at >= 0 else []
    amounts = []
    for place, line in enumerate(lines):
        if line.strip() == "amount: !!python/object:mt940.models.Amount":
            amounts.append(abs(Decimal(lines[place + 1].split("'")[1])))
    return amounts


# The commands


def bank(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command."""
    return subprocess.run([sys.executable, "-m", "coopwerf", "bank", *words], capture_output=True, text=True)


def test_bank_read_prints_what_stands_there(tmp_path: Path) -> None:
    """JSON as promised; and a refusal with code, sentence, line and element, without half a list before it."""
    file = tmp_path / "statement.xml"
    file.write_text(camt(camt_statement([camt_entry("250.00")], closing="300.00")))
    done = bank("read", str(file))
    assert done.returncode == 0, done.stderr
    (told,) = json.loads(done.stdout)
    assert {key: told[key] for key in ("format", "account", "currency", "opening", "closing", "balanced")} == {
        "format": "camt.053.001.08",
        "account": OURS,
        "currency": "EUR",
        "opening": "100.00",
        "closing": "300.00",
        "balanced": False,
    }
    assert told["difference"] == "-50.00"
    assert told["entries"][0]["amount"] == "250.00"
    assert set(told["entries"][0]) >= {"booked", "value", "name", "iban", "reference", "text", "bank_ref", "details"}
    file.write_text(camt(camt_statement([camt_entry("250.00"), camt_entry("x")])))
    done = bank("read", str(file))
    assert (done.returncode, done.stdout) == (2, "")
    refusal = json.loads(done.stderr)
    assert refusal["code"] == "payments.no_amount"
    assert refusal["path"].endswith("Ntry/Amt")
    assert refusal["line"] == 1
    assert "“x”" in refusal["message"]


def test_a_file_without_people_has_the_same_shape(tmp_path: Path) -> None:
    """Names, accounts and words are others'; amounts, dates and lengths are the same, and it reads the same way."""
    sources = {
        "a.xml": camt(
            camt_statement([camt_entry("250.00", name="Zoë Peeters", remittance=f"<Ustrd>{PERMANENT}</Ustrd>")])
        ).encode(),
        "b.cod": coda_statement([coda_move(1, "20.00", structured=f"101{PERMANENT}")], closing="120.00").encode(),
        "c.sta": mt940(
            ":61:2611201120C250,00NTRFNONREF",
            ":86:/TRTP/SEPA OVERBOEKING/IBAN/NL46ABNA0499998748/BIC/ABNANL2A/NAME/PEETERS/REMI/aandelen",
        ).encode(),
    }
    for name, raw in sources.items():
        made = b"".join(masking.masked(io.BytesIO(raw)))
        for secret in (
            b"Peeters",
            b"PEETERS",
            b"Zo\xc3\xab",
            THEIRS.encode(),
            OURS.encode(),
            b"0499998748",
            b"aandelen",
        ):
            assert secret not in made, name
        assert PERMANENT.encode() not in made
        assert len(made.decode()) == len(raw.decode())
        (before,), (after,) = read(raw), read(made)
        assert [entry.amount for entry in after.entries] == [entry.amount for entry in before.entries]
        assert [entry.booked for entry in after.entries] == [entry.booked for entry in before.entries]
        assert after.end.difference == before.end.difference
        assert is_communication(after.entries[0].reference) == is_communication(before.entries[0].reference)
    file = tmp_path / "b.cod"
    file.write_bytes(sources["b.cod"])
    done = bank("anonymise", str(file), "--output", str(tmp_path / "out.cod"))
    assert done.returncode == 0, done.stderr
    assert read((tmp_path / "out.cod").read_bytes())[0].end.is_balanced
