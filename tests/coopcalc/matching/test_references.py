"""What payments say they are for: read however people write it, and never guessed."""

from decimal import Decimal

import pytest
import segno
import segno.helpers
from hypothesis import given, settings
from hypothesis import strategies as some

from coopcalc.references import (
    LONGEST_NAME,
    Refused,
    clean_iban,
    country_of,
    epc_payload,
    format_communication,
    format_iban,
    format_rf,
    is_communication,
    is_iban,
    is_rf,
    make_communication,
    make_rf,
    nearly_in,
    neighbours,
    only_near,
    read_communication,
    references_in,
)

NUMBERS = some.integers(0, 10**10 - 1)
OURS = "123456789002"


@some.composite
def mistakes(choose: some.DrawFn) -> tuple[str, str]:
    """A communication, and what becomes of it with one typing mistake."""
    digits = make_communication(choose(NUMBERS))
    at = choose(some.integers(0, 11))
    kind = choose(some.sampled_from(["wrong", "swapped", "missing", "extra"]))
    digit = choose(some.sampled_from("0123456789"))
    if kind == "wrong":
        typed = digits[:at] + digit + digits[at + 1 :]
    elif kind == "swapped":
        at = min(at, 10)
        typed = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    elif kind == "missing":
        typed = digits[:at] + digits[at + 1 :]
    else:
        typed = digits[:at] + digit + digits[at:]
    return digits, typed


def test_a_communication_is_made_and_checked() -> None:
    assert make_communication(1234567890) == OURS
    assert format_communication(OURS) == "+++123/4567/89002+++"
    assert make_communication(97) == "000000009797", "nought is written 97"
    assert not is_communication("000000009700")
    assert not is_communication("١٢٣٤٥٦٧٨٩٠٠٢"), "other figures are no digits"
    with pytest.raises(Refused, match="at most ten digits"):
        make_communication(10**10)


@given(NUMBERS)
def test_what_is_made_is_read_back(number: int) -> None:
    digits = make_communication(number)
    assert is_communication(digits)
    assert read_communication(format_communication(digits)) == digits
    assert references_in(f"lidgeld {format_communication(digits)} 2026") == (digits,)


@pytest.mark.parametrize(
    "text",
    [
        "+++123/4567/89002+++",
        "***123/4567/89002***",
        "123/4567/89002",
        "123456789002",
        "123 4567 89002",
        "+++123 / 4567 / 89002+++",
        "aandelen 123.4567.89002 Amina",
        "123-4567-89002.",
        "VCS:123456789002",
        "op 15/03/2026 betaald: 123/4567/89002",
        "123/4567/89002 en nog 2026",
        "regel een 123/4567/\n89002",
    ],
)
def test_it_is_found_however_it_is_written(text: str) -> None:
    assert OURS in references_in(text)


@pytest.mark.parametrize(
    "text", ["", "1234567890021", "tel. 0475123456", "123456789003", "12345678900A2", "123,4567,89002"]
)
def test_other_numbers_are_none(text: str) -> None:
    assert references_in(text) == ()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "communication_signs"),
        ("12a", "communication_signs"),
        ("12345678900", "communication_length"),
        ("123456789003", "communication_check"),
    ],
)
def test_what_somebody_types_wrong_is_said(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_communication(typed)
    assert refused.value.code == code
    assert all(refused.value.message(language) for language in ("en", "nl", "fr"))


@settings(max_examples=300)
@given(mistakes())
def test_a_mistake_leads_back(pair: tuple[str, str]) -> None:
    """One wrong, swapped, missing or too many: the check notices, and the one known near is found."""
    digits, typed = pair
    if typed == digits:
        return
    assert digits in neighbours(typed) or is_communication(typed)
    if len(typed) == 12:
        assert not is_communication(typed), "modulo 97 notices each wrong digit and each swap"
    assert typed in nearly_in(f"aandeel {typed} dank") or is_communication(typed)
    assert only_near(typed, {digits, make_communication(77)}) in (digits, "")


def test_two_near_are_none() -> None:
    """Where two known ones are as near, nobody guesses."""
    typed, near = next(
        (f"{number:012d}", sorted(neighbours(f"{number:012d}")))
        for number in range(123456789003, 123456790000)
        if len(neighbours(f"{number:012d}")) > 1
    )
    assert only_near(typed, {near[0]}) == near[0]
    assert only_near(typed, set(near)) == ""
    assert only_near(OURS, {OURS, near[0]}) == "", "a right one is no mistake"


def test_creditor_references() -> None:
    assert is_rf("RF18 5390 0754 7034")
    assert is_rf("rf18539007547034")
    assert not is_rf("RF19 5390 0754 7034")
    assert make_rf("539007547034") == "RF18539007547034"
    assert format_rf("RF18539007547034") == "RF18 5390 0754 7034"
    assert references_in("voor RF18 5390 0754 7034 dank je") == ("RF18539007547034",)
    assert references_in("van BE68 5390 0754 7034") == (), "a Belgian account has the same check"
    assert references_in("surf18 5390 0754 7035") == ()
    with pytest.raises(Refused):
        make_rf("é")


@pytest.mark.parametrize(
    "typed", ["BE68 5390 0754 7034", "be68539007547034", "IBAN: BE68-5390-0754-7034", "BE68.5390.0754.7034 "]
)
def test_an_account_is_cleaned(typed: str) -> None:
    assert clean_iban(typed) == "BE68539007547034"
    assert format_iban("BE68539007547034") == "BE68 5390 0754 7034"


def test_foreign_accounts_are_accounts() -> None:
    assert clean_iban("NL91 ABNA 0417 1643 00") == "NL91ABNA0417164300"
    assert clean_iban("gb33bukb20201555555555") == "GB33BUKB20201555555555"
    assert country_of("NL91ABNA0417164300") == "NL"
    assert country_of("310123456701") == ""
    assert format_iban("310-1234567-01") == "310-1234567-01"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "iban_empty"),
        ("310-1234567-01", "iban_signs"),
        ("BEO8 5390 0754 7034", "iban_signs"),
        ("XX68 5390 0754 7034", "iban_country"),
        ("BE68 5390 0754 703", "iban_length"),
        ("BE68 5390 0754 7043", "iban_check"),
        # Right by the international check, wrong by Belgium's own.
        ("BE98 5390 0754 7069", "iban_check"),
    ],
)
def test_a_wrong_account_says_what_is_wrong(typed: str, code: str) -> None:
    assert not is_iban(typed)
    with pytest.raises(Refused) as refused:
        clean_iban(typed)
    assert refused.value.code == code
    assert all(refused.value.message(language) for language in ("en", "nl", "fr"))


def test_the_code_to_scan() -> None:
    payload = epc_payload(
        name="Coopwerf cv", iban="BE68 5390 0754 7034", amount=Decimal("250"), text=format_communication(OURS)
    )
    assert payload.split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "",
        "Coopwerf cv",
        "BE68539007547034",
        "EUR250.00",
        "",
        "",
        "+++123/4567/89002+++",
    ]


def test_the_code_says_the_same_as_another_maker() -> None:
    """Beside segno's own: the same square."""
    ours = epc_payload(name="Ami", iban="BE68539007547034", amount=Decimal("12.34"), reference="RF18 5390 0754 7034")
    theirs = segno.helpers.make_epc_qr(
        "Ami", "BE68539007547034", Decimal("12.34"), reference="RF18539007547034", encoding="utf-8"
    )
    assert segno.make_qr(ours, error="m", encoding="utf-8", boost_error=False) == theirs


def test_long_and_strange_names_fit() -> None:
    long = "Coöperatieve Vennootschap voor Hernieuwbare Energie in de Vlaamse Ardennen en Omstreken"
    lines = epc_payload(name=long, iban="BE68539007547034", amount=Decimal("1"), text="a\nb").split("\n")
    assert len(lines[5]) <= LONGEST_NAME
    assert long.startswith(lines[5] + " ")
    assert lines[10] == "a b", "a text can't smuggle in another line"
    full = epc_payload(name="é" * 70, iban="BE68539007547034", amount=Decimal("1"), text="ü" * 140)
    assert len(full.encode()) <= 331
    with pytest.raises(Refused, match="too long"):
        epc_payload(name="字" * 70, iban="BE68539007547034", amount=Decimal("1"), text="字" * 140)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "epc_name"),
        ({"amount": Decimal("0")}, "epc_amount"),
        ({"amount": Decimal("0.005")}, "epc_amount"),
        ({"amount": Decimal("1000000000")}, "epc_amount"),
        ({"text": "x" * 141}, "epc_text"),
        ({"text": "x", "reference": "RF18539007547034"}, "epc_both"),
        ({"reference": OURS}, "epc_reference"),
        ({"iban": "TR33 0006 1005 1978 6457 8413 26"}, "epc_country"),
    ],
)
def test_what_no_code_can_hold(changes: dict[str, object], code: str) -> None:
    given_ = {"name": "Ami", "iban": "BE68539007547034", "amount": Decimal("1"), **changes}
    with pytest.raises(Refused) as refused:
        epc_payload(**given_)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert all(refused.value.message(language) for language in ("en", "nl", "fr"))
