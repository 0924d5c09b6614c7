"""What banks do that no sample shows, and a file without people that still does the same."""

import io
import re
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopcalc.bank import Unreadable
from coopcalc.bank.communication import is_communication
from coopwerf.payments import reading
from coopwerf.payments.reading import masking, read_path

from .files import OURS, THEIRS, camt, camt_entry, camt_statement, coda_move, coda_statement, mt940, read

PERMANENT = "010806817183"
BALANCE = '<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>'


def without_people(content: str | bytes, *, amounts: bool = False) -> bytes:
    """Return the file without people in it."""
    raw = content.encode() if isinstance(content, str) else content
    return b"".join(masking.masked(io.BytesIO(raw), masking.Mask(amounts=amounts)))


# camt


@pytest.mark.parametrize(
    ("balances", "opening", "closing"),
    [
        ((("OPBD", "100"), ("CLBD", "101"), ("CLAV", "900"), ("FWAV", "900")), "100.00", "101.00"),
        ((("PRCD", "100"), ("CLBD", "101")), "100.00", "101.00"),
        ((("OPBD", "100"), ("ITBD", "101")), "100.00", "101.00"),
        ((("ITBD", "100"), ("ITBD", "101")), "100.00", "101.00"),
        ((("ITBD", "100"), ("CLBD", "101")), "100.00", "101.00"),
        ((("ITBD", "101"),), None, "101.00"),
        ((("CLAV", "101"), ("OPAV", "100")), None, None),
    ],
)
def test_which_balances_count(balances: tuple[tuple[str, str], ...], opening: str | None, closing: str | None) -> None:
    """Booked balances open and close; those between are the first and last of a page or a day; available ones never."""
    told = "".join(BALANCE.format(*one) for one in balances)
    (found,) = read(camt(camt_statement([told, camt_entry("1.00")], opening=None)))
    shown = [None if one is None else str(one) for one in (found.end.head.opening, found.end.head.closing)]
    assert shown == [opening, closing]
    assert found.end.is_balanced == (opening is not None)


def test_amounts_as_xml_allows_them() -> None:
    """A decimal may begin or end with its point."""
    (found,) = read(camt(camt_statement([camt_entry("100."), camt_entry(".50"), camt_entry("+2")])))
    assert [str(entry.amount) for entry in found.entries] == ["100.00", "0.50", "2.00"]


def test_a_message_in_its_envelope_and_one_of_a_version_to_come() -> None:
    """A portal's envelope is no hindrance, nor a prefix, nor a version that we don't know yet."""
    whole = camt(camt_statement([camt_entry("1.00")]), message="camt.053.001.13").split("?>", 1)[1]
    enveloped = f"<BusMsg xmlns='urn:x'><AppHdr><Fr><Nm>B</Nm></Fr></AppHdr>{whole}</BusMsg>"
    prefixed = re.sub(r"<(/?)(\w)", r"<\1n:\2", whole).replace("xmlns=", "xmlns:n=")
    for content in (whole, enveloped, prefixed):
        (found,) = read(content)
        assert (found.head.format, found.head.account, len(found.entries)) == ("camt.053.001.13", OURS, 1)
    with pytest.raises(Unreadable) as caught:
        read("<BusMsg><AppHdr/><Other/></BusMsg>")
    assert caught.value.code == "no_statement"


@pytest.mark.parametrize("giant", ["<AddtlNtryInf>{}</AddtlNtryInf>", "<!--{}-->", '<X y="{}"/>'])
def test_one_giant_piece_does_not_fill_the_memory(giant: str) -> None:
    """A text, a comment or an attribute longer than any bank's is refused before it is read to its end."""
    content = camt(camt_statement([camt_entry("1.00", more=giant.format("x" * 4_000_000))]))
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert caught.value.code == "text_too_long"


# CODA


def test_a_coda_movement_without_a_value_date() -> None:
    """Six noughts mean that the bank doesn't know it; the day of booking is known."""
    move = coda_move(1, "20.00")
    move[0] = move[0][:47] + "000000" + move[0][53:]
    (found,) = read(coda_statement([move, coda_move(2, "5.00")], closing="125.00"))
    assert [(str(entry.booked), entry.value and str(entry.value)) for entry in found.entries] == [
        ("2026-11-20", None),
        ("2026-11-20", "2026-11-20"),
    ]
    assert found.end.is_balanced


def test_coda_details_of_details_are_counted_once() -> None:
    """A batch of batches: the payments at the bottom are the details, and make the whole."""
    moves = [
        coda_move(1, "75.00", code="30150000", name=""),
        coda_move(1, "75.00", detail=1, code="70150000", name=""),
        coda_move(1, "25.00", detail=2, code="90150000", name="ANN"),
        coda_move(1, "50.00", detail=3, code="90150000", name="BO"),
    ]
    (found,) = read(coda_statement(moves, closing="175.00"))
    (entry,) = found.entries
    assert [(part.name, part.amount) for part in entry.details] == [("ANN", Decimal(25)), ("BO", Decimal(50))]
    assert found.end.is_balanced


def test_a_broken_record_among_thousands_is_found_at_once() -> None:
    """The line of what can't be read is named without reading everything anew for each record."""
    lines = coda_statement([coda_move(number, "1.00") for number in range(1, 3001)], closing="3100.00").splitlines(True)
    at = 7002
    assert lines[at - 1].startswith("21")
    lines[at - 1] = lines[at - 1][:47] + "999999" + lines[at - 1][53:]
    began = time.process_time()
    with pytest.raises(Unreadable) as caught:
        read("".join(lines))
    assert (caught.value.code, caught.value.line) == ("record_unreadable", at)
    assert time.process_time() - began < 10


# MT940


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            (
                ":61:2611201120C250,00N101EREF",
                "NL21ABNA0531206745",
                ":86:/EREF/X1/ORDP//NAME/J DE VRIES/REMI/aandelen/ISDT/2026-11-20",
            ),
            ("J DE VRIES", "NL21ABNA0531206745", "aandelen", "", "X1"),
        ),
        (
            (
                ":61:2611201120C250,00N654NONREF",
                ":86:SEPA OVERBOEKING                 IBAN: NL46ABNA0499998748",
                "BIC: ABNANL2A                    NAAM: J DE VRIES",
                "OMSCHRIJVING: aandelen +++010/8068/17183+++",
            ),
            ("J DE VRIES", "NL46ABNA0499998748", "aandelen +++010/8068/17183+++", PERMANENT, ""),
        ),
        (
            (
                ":61:2611201120C250,00NTRFKREF+//B1",
                ":86:166?00GUTSCHRIFT?20EREF+E1?21SVWZ+Anteile?30GEBABEBB?31BE71096123456769?32JANA?33PEETERS",
            ),
            ("JANA PEETERS", THEIRS, "Anteile", "", "E1"),
        ),
        (
            (":61:2611201120C250,00NTRFNONREF", ":86:166>00GUTSCHRIFT>20SVWZ+Anteile>31BE71096123456769>32JANA"),
            ("JANA", THEIRS, "Anteile", "", ""),
        ),
        (
            (":61:2611201120C250,00NTRFNONREF", f":86:van {THEIRS} J PEETERS zie {PERMANENT}"),
            ("", THEIRS, f"van {THEIRS} J PEETERS zie {PERMANENT}", PERMANENT, ""),
        ),
    ],
)
def test_mt940_as_rabobank_abn_amro_and_german_banks_write_it(
    lines: tuple[str, ...], expected: tuple[str, str, str, str, str]
) -> None:
    """The other account under field 61, words with colons, numbers with a question mark or another sign, free words."""
    (found,) = read(mt940(*lines))
    (entry,) = found.entries
    assert (entry.name, entry.iban, entry.text, entry.reference, entry.end_to_end) == expected
    made = without_people(mt940(*lines))
    (after,) = read(made)[0].entries
    for one, other in ((entry.name, after.name), (entry.iban, after.iban), (entry.text, after.text)):
        assert len(one) == len(other)
        assert one != other or not one
    assert is_communication(after.reference) == is_communication(entry.reference)


def test_nothing_of_a_broken_file_stands_on_standard_error(tmp_path: Path) -> None:
    """The library that reads MT940 tells its log what it reads; a refusal is one line, and a log holds no names."""
    file = tmp_path / "x.sta"
    file.write_text(mt940(":61:PEETERS JANA", ":86:x"))
    done = subprocess.run(
        [sys.executable, "-m", "coopwerf", "bank", "read", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "PEETERS" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


# Without people


HIDDEN = camt_entry("1.00", name="@")


@pytest.mark.parametrize(
    "content",
    [
        camt(camt_statement([HIDDEN.replace("@", "<![CDATA[Jana Peeters]]>")])),
        camt(camt_statement([HIDDEN.replace("@", "Jana<!-- Peeters -->")])),
        camt(camt_statement([HIDDEN.replace("@", "Jana<b/>Peeters")])),
        camt(camt_statement([HIDDEN.replace("@", "<?who Peeters Jana?>")])),
        camt(camt_statement([HIDDEN.replace("@", "&#74;ana &amp; Peeters")])),
        camt(camt_statement([camt_entry("1.00", more='<X who="Peeters Jana"/>')])),
        camt(camt_statement([camt_entry("1.00", more="<Tp>Peeters</Tp><Cd>Peeters</Cd><BIC>Peeters Jana</BIC>")])),
        camt(camt_statement([camt_entry("1.00", more="<Prtry>Peeters Jana</Prtry><Issr>Peeters</Issr>")])),
        coda_statement([coda_move(1, "1.00", communication="Jana Peeters")], closing="101.00"),
        mt940(":61:2611201120C275,00NTRFEREF", ":86:/CNTP/NL32INGB0000012345/INGBNL2A/Jana/Peeters//REMI/USTD//x/"),
        mt940(":NS:22Peeters Jana", ":61:2611201120C275,00NTRFJana//Peeters", "Jana Peeters", ":86:x"),
        mt940(":61:2611201120C275,00NTRFNONREF", ":86:/TRTP/SEPA OVERBOEKING/NA", "ME/Jana Pe", "eters/REMI/Jana"),
        "Jana Peeters\r\n" + mt940(":61:2611201120C275,00NTRFNONREF", ":86:166?00X?20SVWZ+Jana?32Peeters"),
    ],
)
def test_names_are_found_wherever_they_hide(content: str) -> None:
    """Also in comments, attributes, numbered letters, between slashes, over two lines, in fields that few banks use."""
    made = without_people(content).decode()
    assert len(made) == len(content)
    for secret in ("Jana", "Peeters", "&#74;", "Pe\r\neters", THEIRS, OURS):
        assert secret not in made
    before, after = read(content), read(made)
    assert [entry.amount for one in after for entry in one.entries] == [
        entry.amount for one in before for entry in one.entries
    ]


def test_the_charset_and_its_faults_stay() -> None:
    """A file that isn't written in what it says of itself still isn't, and is read in the same way."""
    content = camt(camt_statement([camt_entry("1.00", name="Zoë Çelik")]))
    for raw in (
        b"\xef\xbb\xbf" + content.encode(),
        content.replace("UTF-8", "UTF-16").encode("utf-16"),
        content.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        content.encode("latin-1"),
        coda_statement([coda_move(1, "5.00", name="ZOË ÇELIK")], closing="105.00").encode("cp1252"),
    ):
        made = without_people(raw)
        assert len(made) == len(raw)
        assert made[:2] == raw[:2]
        (entry,) = read(made)[0].entries
        assert re.fullmatch(r"\w\w[éë] [éë]\w{4}", entry.name, re.IGNORECASE), entry.name
        assert "elik" not in entry.name.lower()
        for whole in ("utf-8", "utf-16"):
            assert _reads_as(raw, whole) == _reads_as(made, whole)


def _reads_as(raw: bytes, charset: str) -> bool:
    try:
        raw.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def test_the_same_account_and_communication_stay_the_same_and_right() -> None:
    """Two payments of the same person are seen to be; spaces and signs in a text stay where they were."""
    words = f"van BE71 0961 2345 6769 voor Jana +++010/8068/17183+++ of {PERMANENT}, RF18 5390 0754 7034"
    made = without_people(camt(camt_statement([camt_entry("1.00", remittance=f"<Ustrd>{words}</Ustrd>")])))
    (entry,) = read(made)[0].entries
    shape = re.fullmatch(
        r"\w{3} (BE\d\d(?: \d{4}){3}) \w{4} \w{4} \+{3}(\d{3}/\d{4}/\d{5})\+{3} \w\w (\d{12}), (RF\d\d(?: \d{4}){3})",
        entry.text,
    )
    assert shape is not None, entry.text
    assert shape.group(1).replace(" ", "") == entry.iban != THEIRS
    assert shape.group(2).replace("/", "") == shape.group(3) == entry.reference
    assert is_communication(entry.reference)


def test_amounts_go_only_where_that_is_asked() -> None:
    """The same amount becomes the same other one, of the same length; nought stays nought."""
    files = [
        camt(camt_statement([camt_entry("250.00"), camt_entry("0.00")], closing="350.00")),
        coda_statement([coda_move(1, "250.00"), coda_move(2, "0.00")], closing="350.00"),
        mt940(":61:2611201120C250,00NTRFNONREF", ":86:x", ":61:2611201120C0,00NTRFNONREF", ":86:x"),
    ]
    for content in files:
        kept, changed = read(without_people(content)), read(without_people(content, amounts=True))
        assert [str(entry.amount) for entry in kept[0].entries] == ["250.00", "0.00"]
        first, nothing = changed[0].entries
        assert first.amount != Decimal(250)
        assert len(str(first.amount.quantize(Decimal("0.01")))) == len("250.00")
        assert nothing.amount == 0
        assert len(without_people(content, amounts=True)) == len(content)


@given(st.text(max_size=60))
def test_a_mask_keeps_the_shape_of_any_text(text: str) -> None:
    """Letters stay letters, figures figures, signs signs; the same key gives the same."""
    mask = masking.Mask(b"k" * 32)
    made = mask.text(text)
    assert made == mask.text(text)
    assert len(made) == len(text)
    assert len(made.encode()) == len(text.encode())
    for one, other in zip(text, made, strict=True):
        assert one.isdecimal() == other.isdecimal() or not one.isascii()
        assert one == other or one.isalnum()


@given(st.binary(max_size=200), st.integers(0, 2))
def test_whatever_comes_is_masked_or_refused(raw: bytes, kind: int) -> None:
    """Bytes of all kinds end in a file or in a refusal, never in another error; names of a known place never stay."""
    start = (
        camt(camt_statement([camt_entry("1.00", name="PEETERS")])).encode()[:-40],
        coda_statement([coda_move(1, "1.00", name="PEETERS")]).encode(),
        mt940(":61:2611201120C1,00NTRFNONREF", ":86:/NAME/PEETERS/REMI/x").encode(),
    )[kind]
    try:
        made = b"".join(masking.masked(io.BytesIO(start + raw), masking.Mask(b"k" * 32)))
    except Unreadable:
        return
    if b"PEETERS" not in raw:
        assert b"PEETERS" not in made


def test_samples_without_people(shared_data: Path) -> None:
    """Every sample, masked, says the same of amounts and days and nothing of names, accounts and words."""
    files = [file for file in sorted((shared_data / "bank").rglob("*")) if file.suffix in (".xml", ".cod", ".sta")]
    assert len(files) == 40
    for file in files:
        if file.name == "camt053.v2.wrong.xml":
            continue
        raw = file.read_bytes()
        made = without_people(raw)
        assert len(made) == len(raw), file.name
        before, after = list(read_path(file)), list(reading.read(io.BytesIO(made)))
        assert [(type(one), getattr(one, "amount", None), getattr(one, "booked", None)) for one in before] == [
            (type(one), getattr(one, "amount", None), getattr(one, "booked", None)) for one in after
        ], file.name
        for statement in read(raw):
            for entry in statement.entries:
                for part in (entry, *entry.details):
                    said = (part.name, part.iban, part.reference, part.end_to_end, *re.findall(r"\w{6,}", part.text))
                    for secret in said:
                        assert len(secret) < 4 or secret.encode() not in made, (file.name, secret)
