"""How fast bank lines are matched: 100,000 of them with 10,000 open requests."""

import random
import time
from collections.abc import Iterator
from decimal import Decimal

from coopcalc.matching import Candidate, Index, Payment, propose
from coopcalc.references import make_communication

from .figures import Figure
from .measures import Place

LINES = 100_000
REQUESTS = 10_000
_GIVEN = ["Jan", "An", "Marie", "Piet", "Els", "Luc", "Bart", "Karen", "Fatima", "Omar", "Sofie", "Tom", "Lotte", "Wim"]
_BEGIN = ["Peet", "Janss", "Maes", "Jacob", "Mert", "Will", "Claes", "Gooss", "Wout", "De", "Van den ", "Vander", "Dub"]
_END = [
    "ers",
    "ens",
    "en",
    "s",
    "ois",
    "ert",
    "ont",
    "oy",
    "on",
    "ent",
    "els",
    "sens",
    "mans",
    "inck",
    "aert",
    "yn",
    "eau",
]
_AMOUNTS = [Decimal("50.00"), Decimal("100.00"), Decimal("250.00"), Decimal("500.00")]


def requests(count: int, dice: random.Random) -> list[Candidate]:
    """Return open requests of as many people; half of them have paid before."""
    families = [f"{start}{end}" for start in _BEGIN for end in _END]
    return [
        Candidate(
            claim=f"c{number:06}",
            party=f"p{number}",
            amount=dice.choice(_AMOUNTS),
            references=(make_communication(1_000_000 + number * 7),),
            permanent=(make_communication(5_000_000_000 + number),),
            names=(f"{dice.choice(_GIVEN)} {dice.choice(families)}",),
            ibans=(f"BE{number:014}",) if number % 2 else (),
        )
        for number in range(count)
    ]


def lines(count: int, candidates: list[Candidate], dice: random.Random) -> list[Payment]:
    """Return payments: seven in ten with their communication, one mistyped, one with a name only, one unknown."""
    made = []
    for number in range(count):
        one = dice.choice(candidates)
        name, digits = one.names[0].upper(), one.references[0]
        kind = number % 10
        if kind < 7:
            made.append(Payment(amount=one.amount, name=name, iban="BE71096123456769", reference=digits))
        elif kind == 7:
            at = dice.randrange(12)
            typed = f"{digits[:at]}{(int(digits[at]) + 3) % 10}{digits[at + 1 :]}"
            made.append(Payment(amount=one.amount, name=name, text=f"storting {typed}"))
        elif kind == 8:
            given, _, family = name.partition(" ")
            made.append(Payment(amount=one.amount, name=f"{given[0]}. {family}", text="aandelen"))
        else:
            made.append(Payment(amount=Decimal("17.35"), name=f"Onbekend{number} Jan", text="factuur 15/03/2026"))
    return made


def matching(place: Place) -> Iterator[Figure]:
    """Match every line once; nothing is kept between them but the index of the requests."""
    dice = random.Random(2026)
    candidates = requests(REQUESTS, dice)
    payments = lines(LINES, candidates, dice)
    began = time.perf_counter()
    index = Index(candidates)
    certain = sum(any(one.is_certain for one in propose(line, index)) for line in payments)
    took = time.perf_counter() - began
    if certain != LINES * 7 // 10:
        raise RuntimeError(f"{certain} lines are certain")
    data = f"{LINES:,} lines, {REQUESTS:,} open requests"
    yield Figure("match bank lines with open requests", took, "s", bound=20, data=data)
