"""Which request a bank line may be for: explained, exact, and never surer than it may be."""

import datetime as dt
import json
import re
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from coopcalc.bank import Detail
from coopcalc.matching import POINTS, Candidate, Index, Payment, Proposal, Reason, propose
from coopcalc.matching.terms import WORDS
from coopcalc.references import format_communication, make_communication
from tests.coopcalc.matching.test_references import mistakes

OWN, OTHER, EVER = make_communication(1001), make_communication(2002), make_communication(9_000_000_001)
IBAN, ELSEWHERE = "BE68539007547034", "NL91ABNA0417164300"


def euro(text: str) -> Decimal:
    return Decimal(text)


def amina(**changes: Any) -> Candidate:
    return Candidate(
        **{
            "claim": "amina",
            "party": "p1",
            "amount": euro("250.00"),
            "references": (OWN,),
            "permanent": (EVER,),
            "names": ("Amina El Amrani",),
            **changes,
        }
    )


def bart(**changes: Any) -> Candidate:
    return Candidate(
        **{
            "claim": "bart",
            "party": "p2",
            "amount": euro("100.00"),
            "references": (OTHER,),
            "names": ("Bart Peeters",),
            **changes,
        }
    )


def only(line: Payment, *candidates: Candidate) -> Proposal:
    (found,) = propose(line, candidates)
    assert found.score == sum(reason.points for reason in found.reasons)
    return found


def test_a_payment_that_fits_in_every_way_has_a_hundred() -> None:
    line = Payment(amount=euro("250.00"), name="EL AMRANI AMINA", iban=IBAN, reference=OWN)
    found = only(line, amina(ibans=(IBAN,)), bart())
    assert found.codes == ("communication_exact", "iban_known", "name_same", "amount_exact")
    assert (found.score, found.is_certain, found.amount) == (100, True, euro("250.00"))


def test_it_says_why_in_three_languages() -> None:
    line = Payment(amount=euro("1200"), name="Amina El Amrani", text=f"aandelen {format_communication(OWN)}")
    found = only(line, amina(amount=euro("1250")))
    assert [reason.said("nl") for reason in found.reasons] == [
        "De mededeling +++000/0001/00131+++ van dit verzoek staat in de tekst.",
        "De rekeninghouder heeft de naam van deze persoon.",
        "Er is €\u00a01.200,00 betaald en €\u00a01.250,00 staat open: €\u00a050,00 ontbreekt nog.",
    ]
    assert found.reasons[2].said("fr").startswith("1\u202f200,00\u00a0€ ont été payés")
    assert found.reasons[2].said("en").startswith("€1,200.00 was paid")


def test_a_line_of_a_bank_is_a_line() -> None:
    assert only(Detail(amount=euro("250"), reference=OWN), amina()).is_certain  # type: ignore[arg-type]


def test_short_is_certain_and_too_much_is_not() -> None:
    """A part payment is for what its communication says; too much is for a human being to part."""
    short = only(Payment(amount=euro("100"), reference=OWN), amina())
    assert (short.codes, short.amount, short.is_certain) == (
        ("communication_exact", "amount_short"),
        euro("100"),
        True,
    )
    over = only(Payment(amount=euro("300"), reference=OWN), amina())
    assert (over.codes, over.amount, over.is_certain) == (("communication_exact", "amount_over"), euro("250"), False)


def test_a_second_payment_is_recognised() -> None:
    twice = only(Payment(amount=euro("250"), reference=OWN), amina(amount=euro("0")))
    assert (twice.codes, twice.amount, twice.is_certain) == (("communication_exact", "already_paid"), 0, False)


def test_the_permanent_communication() -> None:
    """It is certain while one request is open, and asks once there are two: capital and dues are never mixed."""
    line = Payment(amount=euro("250"), reference=EVER)
    assert only(line, amina()).is_certain
    dues = amina(claim="dues", amount=euro("25"), references=(OTHER,))
    first, second = propose(line, [amina(), dues])
    assert (first.claim, first.is_certain) == ("amina", False)
    assert (second.claim, second.codes) == ("dues", ("communication_permanent", "amount_over"))


def test_two_references_in_one_line() -> None:
    """A parent pays for two: together it fits, and nothing is certain."""
    line = Payment(amount=euro("350"), text=f"{OWN} {OTHER}", name="Karim El Amrani")
    found = only(line, amina(), bart())
    assert found.together == (("amina", euro("250.00")), ("bart", euro("100.00")))
    assert found.codes[-2:] == ("paid_by_other", "amounts_together")
    assert not found.is_certain
    assert [one.is_certain for one in propose(replace(line, amount=euro("250")), [amina(), bart()])] == [False, False]


def test_several_requests_of_one_person_add_up() -> None:
    three = [
        amina(claim="a", amount=euro("100"), references=(), due=dt.date(2026, 3, 1)),
        amina(claim="b", amount=euro("25"), references=(), due=dt.date(2026, 2, 1)),
        amina(claim="c", amount=euro("60"), references=(), due=dt.date(2026, 1, 1)),
    ]
    line = Payment(amount=euro("125"), name="Amina El Amrani")
    first, rest = propose(line, three)
    assert first.together == (("b", euro("25")), ("a", euro("100")))
    assert [reason.said("en") for reason in first.reasons][-1] == "Together, 2 open requests come to exactly €125.00."
    assert rest.claim == "c"


def test_mistyped_leads_there_but_is_never_certain() -> None:
    typed = OWN[:4] + "7" + OWN[5:]
    found = only(Payment(amount=euro("250"), text=f"aandelen {typed}", name="Amina El Amrani"), amina(), bart())
    assert found.codes == ("communication_mistyped", "name_same", "amount_exact")
    assert not found.is_certain
    assert typed in found.reasons[0].said("en")
    assert format_communication(OWN) in found.reasons[0].said("en")


def test_without_a_reference_account_and_name_speak() -> None:
    line = Payment(amount=euro("250"), name="AMINA EL AMRANI", iban=" nl91 abna 0417 1643 00")
    assert only(line, amina(ibans=(ELSEWHERE,)), bart()).codes == ("iban_known", "name_same", "amount_exact")
    assert only(replace(line, iban=""), amina(names=("A. Benali", "Amina El Amrani"))).codes[0] == "name_earlier"
    assert only(replace(line, iban="", name="EL AMRANI A"), amina()).codes[0] == "name_alike"


def test_who_said_that_they_would_pay_is_recognised() -> None:
    """A mother was named as the payer: her name speaks, also of a gift to somebody whose name nobody knows yet."""
    line = Payment(amount=euro("250"), name="DUBOIS MARTINE")
    assert only(line, amina(payers=("Martine Dubois",)), bart()).codes == ("payer_named", "amount_exact")
    assert only(line, amina(names=(), payers=("Martine Dubois",)), bart()).codes == ("payer_named", "amount_exact")
    exact = Payment(amount=euro("250"), name="DUBOIS MARTINE", reference=OWN)
    assert only(exact, amina(payers=("Martine Dubois",))).codes == (
        "communication_exact",
        "payer_named",
        "amount_exact",
    )


def test_an_account_that_pays_for_several() -> None:
    """A parent's account is known for two children: weaker, and the name doesn't count against it."""
    line = Payment(amount=euro("100"), name="Karim El Amrani", iban=IBAN)
    found = propose(line, [amina(ibans=(IBAN,)), bart(ibans=(IBAN,))])
    assert [one.claim for one in found] == ["bart", "amina"]
    assert found[0].codes == ("iban_shared", "amount_exact")


def test_paid_by_somebody_else() -> None:
    found = only(Payment(amount=euro("250"), name="Karim Benali", iban=IBAN, reference=OWN), amina(), bart())
    assert found.codes == ("communication_exact", "paid_by_other", "amount_exact")
    assert found.is_certain


def test_the_amount_alone_speaks_last_and_only_when_it_is_rare() -> None:
    line = Payment(amount=euro("100"), name="Unknown Person")
    assert only(line, amina(), bart()).codes == ("amount_exact",)
    many = [bart(claim=f"c{n}", party=f"q{n}", references=()) for n in range(4)]
    assert propose(line, many) == ()


def test_money_out_is_matched_with_money_owed() -> None:
    back = amina(claim="refund", is_out=True, references=(OTHER,))
    assert only(Payment(amount=euro("-250"), reference=OTHER), amina(), back).claim == "refund"
    assert only(Payment(amount=euro("250"), reference=OWN), amina(), back).claim == "amina"
    assert propose(Payment(amount=euro("0"), reference=OWN), [amina()]) == ()


def test_five_at_most() -> None:
    many = [amina(claim=f"c{n}", party=f"q{n}", references=()) for n in range(9)]
    found = propose(Payment(amount=euro("250"), name="Amina El Amrani"), many)
    assert [one.claim for one in found] == ["c0", "c1", "c2", "c3", "c4"]


def test_reasons_are_kept_and_said_again() -> None:
    line = Payment(amount=euro("300"), reference=OWN, name="X Y")
    for one in only(line, amina()).reasons:
        kept = Reason.from_json(json.loads(json.dumps(one.as_json())))
        assert kept == one
        assert kept.said("fr") == one.said("fr")


def test_every_reason_has_points_and_a_sentence() -> None:
    assert set(POINTS) == set(WORDS.tables("en")["sentence"])
    best = ("communication_exact", "iban_known", "name_same", "amount_exact")
    assert sum(POINTS[code] for code in best) == 100


# What always holds

NAMES = some.sampled_from(
    ["Amina El Amrani", "Bart Peeters", "B. Peeters", "An Peeters", "Peeters-Claes Bart", "Zonnig cv", ""]
)
IBANS = some.sampled_from([IBAN, ELSEWHERE, ""])
AMOUNTS = some.sampled_from([euro(text) for text in ("0", "25", "50", "75", "100.00", "125")])
REFERENCES = some.sampled_from([make_communication(n) for n in (1, 2, 3, 11, 12, 500)])


@some.composite
def requests(choose: some.DrawFn) -> list[Candidate]:
    """Up to eight requests of up to four people, with references that lie near each other."""
    return [
        Candidate(
            claim=f"c{number}",
            party=choose(some.sampled_from(["p1", "p2", "p3", ""])),
            amount=choose(AMOUNTS),
            is_out=choose(some.booleans()),
            references=tuple(choose(some.sets(REFERENCES, max_size=1))),
            permanent=tuple(choose(some.sets(REFERENCES, max_size=1))),
            names=tuple(choose(some.lists(NAMES, max_size=2))),
            ibans=tuple(sorted(choose(some.sets(IBANS, max_size=2)) - {""})),
            due=choose(some.none() | some.just(dt.date(2026, 1, 1))),
        )
        for number in range(choose(some.integers(0, 8)))
    ]


@some.composite
def lines(choose: some.DrawFn) -> Payment:
    return Payment(
        amount=choose(AMOUNTS) * choose(some.sampled_from([1, -1])),
        name=choose(NAMES),
        iban=choose(IBANS),
        reference=choose(REFERENCES | some.just("")),
        text=choose(REFERENCES | some.just("") | REFERENCES.map(lambda one: one[1:])),
    )


@settings(max_examples=300)
@given(lines(), requests(), some.randoms(use_true_random=False))
def test_order_says_nothing_and_scores_add_up(line: Payment, candidates: list[Candidate], dice: Any) -> None:
    found = propose(line, candidates)
    shuffled = candidates[:]
    dice.shuffle(shuffled)
    assert propose(line, shuffled) == found
    by_claim = {one.claim: one for one in candidates}
    for one in found:
        assert one.score == sum(reason.points for reason in one.reasons)
        assert all(reason.points == POINTS[reason.code] for reason in one.reasons)
        assert all(reason.said(language) for reason in one.reasons for language in ("en", "nl", "fr"))
        assert one.amount <= by_claim[one.claim].amount
        assert one.amount <= abs(line.amount)
        assert by_claim[one.claim].is_out == (line.amount < 0)
        if one.together:
            assert sum(amount for _, amount in one.together) == abs(line.amount)
            assert one.together[0][0] == one.claim
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len({one.claim for one in found}) == len(found)
    assert sum(one.is_certain for one in found) <= 1


@settings(max_examples=200)
@given(lines(), requests())
def test_a_line_before_it_changes_nothing(line: Payment, candidates: list[Candidate]) -> None:
    """An index remembers, but what it remembers makes no difference."""
    index = Index(candidates)
    for name in ("B. Peeters", "Peeters Bart Claes Zonnig Amina"):
        propose(Payment(amount=euro("1"), name=name), index)
    assert propose(line, index) == propose(line, candidates)


@settings(max_examples=200)
@given(lines(), requests(), requests())
def test_what_changed_is_as_if_made_anew(line: Payment, before: list[Candidate], after: list[Candidate]) -> None:
    """An index in which requests were replaced, added and dropped says what a fresh one says."""
    index = Index(before)
    propose(line, index)
    for one in after:
        index.put(one)
    for gone in {one.claim for one in before} - {one.claim for one in after}:
        index.drop(gone)
    assert len(index) == len(after)
    assert propose(line, index) == propose(line, after)


@settings(max_examples=300)
@given(mistakes(), some.booleans(), AMOUNTS)
def test_a_mistake_is_never_certain(pair: tuple[str, str], in_text: bool, amount: Decimal) -> None:
    digits, typed = pair
    if typed == digits:
        return
    line = Payment(amount=amount, text=typed) if in_text else Payment(amount=amount, reference=typed)
    for one in propose(line, [amina(references=(digits,)), bart()]):
        assert not one.is_certain
        assert "communication_exact" not in one.codes


@settings(max_examples=100)
@given(lines(), requests())
def test_certain_is_exact_and_alone(line: Payment, candidates: list[Candidate]) -> None:
    for one in propose(line, candidates):
        if one.is_certain:
            request = next(each for each in candidates if each.claim == one.claim)
            said = {line.reference, line.text} & {*request.references, *request.permanent}
            assert said
            assert abs(line.amount) <= request.amount
            others = [each for each in candidates if each.is_out == request.is_out and each.claim != one.claim]
            assert not any(line.reference in each.references for each in others if line.reference)


@pytest.mark.parametrize("count", [20_000])
def test_many_lines_take_seconds(count: int) -> None:
    """A fifth of the largest file: 10,000 requests, each third line without a usable reference."""
    families = [f"Fam{chr(97 + n % 26)}{chr(97 + n // 26)}en" for n in range(600)]
    given_names = ["Jan", "An", "Els", "Marie", "Omar", "Fatima"]
    candidates = [
        Candidate(
            claim=f"c{n}",
            party=f"p{n}",
            amount=euro("250"),
            references=(make_communication(n * 7),),
            names=(f"{given_names[n % 6]} {families[n * 7 % 600]}",),
        )
        for n in range(10_000)
    ]
    index = Index(candidates)
    began = time.process_time()
    found = 0
    for n in range(count):
        one = candidates[n * 13 % 10_000]
        reference = one.references[0] if n % 3 else ""
        name = one.names[0] if n % 2 else f"Onbekend{n} Jan"
        found += bool(propose(Payment(amount=one.amount, name=name, reference=reference), index))
    assert found > count * 2 // 3
    assert time.process_time() - began < 15


def test_the_documentation_has_the_same_points() -> None:
    """What is published is what counts."""
    page = (Path(__file__).parents[3] / "docs" / "how-it-works" / "matching.md").read_text(encoding="utf-8")
    assert {code: int(points) for code, points in re.findall(r"\| `(\w+)` \| (-?\d+) \|", page)} == dict(POINTS)
