"""Registering as plain values: how far somebody has come, whom they bring, what they need, and codes of tickets."""

import dataclasses
import datetime as dt
import enum
import secrets
import uuid
from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

from coopcalc.register.sheets import fold
from coopwerf.kernel.refusals import Refused
from coopwerf.people.states import clean_text

MOST_TOGETHER: Final = 10
"""How many people one registration brings at most."""
HOLD_FOR: Final = dt.timedelta(minutes=30)
"""How long a place is kept for an address that isn't confirmed."""
MOST_HELD_AGAINST_OTHERS: Final = 40
"""How many places one place on the network holds unconfirmed when others come; beyond these it gives way to them."""
CODE_LETTERS: Final = "CDFHJKLMNPRTVWXY"
"""Letters of codes: none looks like another or like a digit, and without vowels there are no words in them."""
LONGEST_NAME: Final = 120
LONGEST_NEED: Final = 500


class RegistrationState(enum.StrEnum):
    """Say how far a registration has come; whether its address is confirmed is a date beside it."""

    HELD = "held"
    WAITING = "waiting"
    OFFERED = "offered"
    SEATED = "seated"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


_S = RegistrationState
REGISTRATION_TRANSITIONS: Final[Mapping[RegistrationState, frozenset[RegistrationState]]] = {
    # One place on the network that holds many for addresses it hasn't confirmed gives way to others.
    _S.HELD: frozenset({_S.SEATED, _S.WAITING, _S.LAPSED, _S.CANCELLED}),
    _S.WAITING: frozenset({_S.OFFERED, _S.SEATED, _S.LAPSED, _S.CANCELLED}),
    _S.OFFERED: frozenset({_S.SEATED, _S.LAPSED, _S.CANCELLED}),
    _S.SEATED: frozenset({_S.LAPSED, _S.CANCELLED}),
    # Whoever answers late isn't lost: they are seated while there is room, else they wait.
    _S.LAPSED: frozenset({_S.SEATED, _S.WAITING, _S.CANCELLED}),
    _S.CANCELLED: frozenset(),
}
"""From which state a registration comes to which other."""

REGISTRATION_STATE_NAMES: Final = {
    _S.HELD: pgettext_lazy("registration", "Not confirmed yet"),
    _S.WAITING: pgettext_lazy("registration", "On the waiting list"),
    _S.OFFERED: pgettext_lazy("registration", "A place is offered"),
    _S.SEATED: pgettext_lazy("registration", "Registered"),
    _S.LAPSED: pgettext_lazy("registration", "Lapsed"),
    _S.CANCELLED: pgettext_lazy("registration", "Cancelled"),
}

HOLDING: Final = (_S.HELD, _S.OFFERED, _S.SEATED)
"""The states in which a registration takes places."""
OPEN: Final = (_S.HELD, _S.WAITING, _S.OFFERED, _S.SEATED)
"""The states in which an address has a registration already."""


class Source(enum.StrEnum):
    """Say where somebody registered."""

    PAGE = "page"
    DESK = "desk"


class Told(enum.StrEnum):
    """Name the letter about a registration that is still to be written; none is empty."""

    NOTHING = ""
    CONFIRM = "confirm"
    TICKET = "ticket"
    WAITING = "waiting"
    OFFERED = "offered"
    LAPSED = "lapsed"
    SESSION = "session"
    REMINDER = "reminder"
    MOVED = "moved"
    STILL = "still"
    CALLED_OFF = "called_off"
    WITHDRAWN = "withdrawn"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What people need to take part: personal, for the organisers only, and forgotten some days after the gathering."""

    languages: str = ""
    children: int = 0
    access: str = ""

    @property
    def is_nothing(self) -> bool:
        """Tell whether nothing is needed."""
        return not (self.languages or self.children or self.access)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who comes (by name, one line each), to which sessions, and what they need."""

    people: tuple[str, ...]
    sessions: tuple[uuid.UUID, ...] = ()
    needs: Needs = Needs()


def clean_people(people: tuple[str, ...]) -> tuple[str, ...]:
    """Return names as we keep them; raises Refused events.nobody_named, events.too_many_together."""
    named = tuple(name for name in (clean_text(one, field="people", longest=LONGEST_NAME) for one in people) if name)
    if not named:
        raise Refused("events.nobody_named", path="people")
    if len(named) > MOST_TOGETHER:
        raise Refused("events.too_many_together", path="people", most=MOST_TOGETHER)
    return named


def clean_needs(needs: Needs) -> Needs:
    """Return needs as we keep them; raises Refused."""
    if not 0 <= needs.children <= 20:
        raise Refused("events.children_out_of_bounds", path="children", most=20)
    return Needs(
        languages=clean_text(needs.languages, field="languages", longest=LONGEST_NEED),
        children=needs.children,
        access=clean_text(needs.access, field="access", longest=LONGEST_NEED),
    )


def name_key(name: str) -> str:
    """Return a name as it is looked for: folded, with a blank before each of its words."""
    return f" {fold(name)}"


def new_code() -> str:
    """Return the code of a ticket: eight letters drawn, and one that tells when another was misread."""
    drawn = "".join(secrets.choice(CODE_LETTERS) for _letter in range(8))
    return drawn + _check(drawn)


def _check(letters: str) -> str:
    """Return the check letter (Luhn modulo 16): one wrong letter, and most that changed places, don't pass."""
    total = 0
    for place, letter in enumerate(reversed(letters)):
        value = CODE_LETTERS.index(letter) * (2 if place % 2 == 0 else 1)
        total += value // 16 + value % 16
    return CODE_LETTERS[-total % 16]


def read_code(text: str) -> str:
    """Return a code as we keep it, from how it is typed or scanned, or the empty string where it can't be one."""
    tail = text.strip().rstrip("/").rpartition("/")[2]
    letters = "".join(letter for letter in tail.upper() if letter.isalnum())
    if len(letters) != 9 or any(letter not in CODE_LETTERS for letter in letters):
        return ""
    return letters if _check(letters[:8]) == letters[8] else ""


def written_code(code: str) -> str:
    """Write a code in three groups of three letters."""
    return "-".join((code[:3], code[3:6], code[6:]))


def offer_until(now: dt.datetime, begins: dt.datetime) -> dt.datetime:
    """Return until when an offered place is kept: a day, less as the gathering comes near, never after it begins."""
    left = begins - now
    if left > dt.timedelta(days=3):
        kept = dt.timedelta(days=1)
    elif left > dt.timedelta(days=1):
        kept = dt.timedelta(hours=6)
    else:
        kept = dt.timedelta(hours=1)
    return min(now + kept, begins)
