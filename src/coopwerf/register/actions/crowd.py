"""A crowd of invented members and what happens to them month by month: the same for the same number and seed."""

import dataclasses
import datetime as dt
import random
from decimal import Decimal

from coopwerf.people.states import Address, Name, NewParty, PartyKind

GIVEN = [
    "Amina",
    "Jan",
    "Lucía",
    "Pieter",
    "Marie-Claire",
    "Joris",
    "Noé",
    "Fatima",
    "Bram",
    "Chloé",
    "Sven",
    "Inès",
    "Wout",
    "Élodie",
    "Karim",
    "Lotte",
    "Jérôme",
    "Ans",
    "Tuur",
    "Zoë",
    "Youssef",
    "Griet",
    "Maxime",
    "Hilde",
    "Benoît",
    "Roos",
    "Mehdi",
    "Anneleen",
    "François",
    "Saar",
]
FAMILY = [
    "Peeters",
    "Janssens",
    "Maes",
    "Dubois",
    "El Idrissi",
    "De Smet",
    "Lambert",
    "Claes",
    "Van den Broeck",
    "Martin",
    "Okafor",
    "Dupont",
    "’t Hooft",
    "Wouters",
    "Nguyen",
    "D’Hondt",
    "Simon",
    "Benali",
    "Van de Velde",
    "Leclercq",
    "Öztürk",
    "Hermans",
    "Laurent",
    "Demir",
    "Goossens",
    "Renard",
    "Van Dijk",
    "Çelik",
    "Michiels",
    "Gérard",
    "de Boer",
    "Verstraete",
    "Mbeki",
    "Lejeune",
    "Van Acker",
    "Aerts",
    "Thijs",
    "Bogaert",
    "Moreau",
    "Pauwels",
]
STREETS = ("Kerkstraat", "Rue Haute", "Dok-Noord", "Bergstraat", "Avenue Louise", "Stationsplein", "Chaussée de Wavre")
TOWNS = (
    ("1000", "Brussel", "BE"),
    ("9000", "Gent", "BE"),
    ("2000", "Antwerpen", "BE"),
    ("4000", "Liège", "BE"),
    ("5000", "Namur", "BE"),
    ("3000", "Leuven", "BE"),
    ("3811 AB", "Amersfoort", "NL"),
)
FORMS = ("vzw", "cv", "asbl", "sc", "bv")

# Of a hundred members, how many go which way; together they make three hundred movements.
WAYS = (
    *("takes more, twice",) * 48,
    *("pays in two parts",) * 20,
    *("passes a share on",) * 10,
    *("leaves",) * 8,
    *("is corrected",) * 2,
    *("takes more",) * 12,
)
LONGEST_WAIT = 40
CENT = Decimal("0.01")


@dataclasses.dataclass(frozen=True, slots=True)
class Deed:
    """What happens to a member in a month: `what` is issue, payment, transfer, exit or correction."""

    member: int
    what: str
    share_class: int
    quantity: int
    paid: int
    """In whole shares' worth: what is paid is this many times the price, halves as -1."""
    other: int = 0


@dataclasses.dataclass(slots=True)
class Month:
    """A meeting of the board and what it decided: who came in, and what else happened."""

    on: dt.date
    joins: list[int] = dataclasses.field(default_factory=list)
    deeds: list[Deed] = dataclasses.field(default_factory=list)


def months_between(first: dt.date, last: dt.date) -> list[Month]:
    """Return a meeting on the tenth of every month, from the month after the first day to the last day."""
    found: list[Month] = []
    year, month = first.year, first.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        on = dt.date(year, month, 10)
        if on > last:
            return found
        found.append(Month(on))


def story(members: int, first: dt.date, last: dt.date, seed: int) -> list[Month]:
    """Return what happens between two days to so many members, who join evenly over the whole time."""
    dice = random.Random(seed)
    months = months_between(first, last)
    end = len(months) - 1
    loyal = 0
    for number in range(1, members + 1):
        joined = (number - 1) * len(months) // members
        months[joined].joins.append(number)
        way = WAYS[(number * 37) % 100] if loyal else WAYS[0]
        share_class = 1 if number % 11 == 0 else 0
        quantity = 2 * dice.randint(1, 10)
        early = min(joined + dice.randint(1, LONGEST_WAIT), end)
        late = min(early + dice.randint(1, LONGEST_WAIT), end)
        more = dice.randint(1, 8)

        def deed(
            month: int, what: str, count: int, paid: int, other: int = 0, *, who: int = number, of: int = share_class
        ) -> None:
            months[month].deeds.append(Deed(who, what, of, count, paid, other))

        if way == "pays in two parts":
            deed(joined, "issue", quantity, quantity // 2)
            deed(early, "payment", 0, quantity // 2)
            deed(late, "issue", more, more)
            continue
        deed(joined, "issue", quantity, quantity)
        deed(early, "issue", more, more)
        if way == "takes more, twice":
            loyal = number
            deed(late, "issue", 1, 1)
        elif way == "passes a share on":
            deed(late, "transfer", 1, 1, loyal)
        elif way == "leaves":
            deed(late, "exit", quantity + more, quantity + more)
        elif way == "is corrected":
            deed(late, "correction", more + 1, more + 1)
    return months


def invented(number: int) -> NewParty:
    """Return who member `number` is: nine in ten are people, most of them with an address for mail."""
    postcode, town, country = TOWNS[number % len(TOWNS)]
    address = Address(STREETS[number * 7 % len(STREETS)], str(1 + number % 240), "", postcode, town, country)
    family = FAMILY[number * 13 % len(FAMILY)]
    language = "fr" if number % 3 == 0 else "nl"
    if number % 11 == 0:
        name = Name(f"{family} & {FAMILY[number * 5 % len(FAMILY)]} {number}", "", FORMS[number % len(FORMS)], "")
        return NewParty(PartyKind.ORGANISATION, name, address, "", "", language, dt.date(2000, 1, 1))
    mail = f"member{number}@bench.example" if number % 5 else ""
    given = f"{GIVEN[number % len(GIVEN)]} {GIVEN[number * 7 % len(GIVEN)]}"
    return NewParty(PartyKind.PERSON, Name(family, given), address, mail, "", language, dt.date(1980, 1, 1))


def communication(number: int) -> str:
    """Return the structured communication of member `number`: ten digits and their check."""
    return f"{number:010d}{number % 97 or 97:02d}"
