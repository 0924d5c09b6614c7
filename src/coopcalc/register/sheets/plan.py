"""What an import would book, said before anything is booked: members, movements, sums, and what is doubtful."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from decimal import Decimal
from typing import Any, Final

from ..records import MovementKind
from .addresses import AddressParts
from .cells import belgian_number
from .columns import Field, Shape

ZERO: Final = Decimal("0.00")
PERSON: Final = "person"
ORGANISATION: Final = "organisation"

# What somebody may answer to a doubt besides writing the right value.
SAME: Final = "same"
DIFFERENT: Final = "different"
KEEP: Final = "keep"
CLEAR: Final = "clear"
FILL: Final = "fill"


def belgian_enterprise_number(text: str, country: str) -> str:
    """Check an enterprise number without the application: a Belgian one; others are taken as they are written."""
    return belgian_number(text) if country in ("", "BE") else "".join(text.split()).upper()


def plain_email(text: str) -> str:
    """Return an e-mail address in small letters; raises ValueError where it can't be one."""
    name, at, host = text.strip().lower().rpartition("@")
    if not (name and at and "." in host) or any(character.isspace() or character in ",;" for character in text.strip()):
        raise ValueError(text)
    return f"{name}@{host}"


def plain_phone(text: str) -> str:
    """Return a telephone number; raises ValueError where it has no digits."""
    if sum(character.isdigit() for character in text) < 5:
        raise ValueError(text)
    return text


@dataclass(frozen=True, slots=True)
class Checks:
    """How numbers and addresses are checked; each returns what is kept, and raises ValueError."""

    enterprise_no: Callable[[str, str], str] = belgian_enterprise_number
    email: Callable[[str], str] = plain_email
    phone: Callable[[str], str] = plain_phone


@dataclass(frozen=True, slots=True)
class Mend:
    """What somebody said about a row: other values, an answer to a doubt by its code, or why it is left out."""

    values: Mapping[str, str] = made(default_factory=dict)
    answers: Mapping[str, str] = made(default_factory=dict)
    skip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a sheet is to be read.

    `at` is the cut-over date. `share_class` holds where no column tells the class, `amount` where neither the row nor
    `prices` (by class code) tells the amount per share. `answers` are answers to every doubt of a code.
    `classes` says of which class a column is, where each class has columns of its own.
    """

    today: dt.date
    at: dt.date
    header: int
    columns: Mapping[int, Field]
    shape: Shape = Shape.OPENING
    is_own: bool = False
    month_first: bool = False
    country: str = "BE"
    language: str = "nl"
    share_class: str = "A"
    amount: Decimal | None = None
    prices: Mapping[str, Decimal] = made(default_factory=dict)
    may_open_classes: bool = True
    answers: Mapping[str, str] = made(default_factory=dict)
    mends: Mapping[int, Mend] = made(default_factory=dict)
    checks: Checks = made(default_factory=Checks)
    classes: Mapping[int, str] = made(default_factory=dict)

    @property
    def has_shares(self) -> bool:
        """Tell whether a column tells shares."""
        return Field.SHARES in self.columns.values()


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is doubtful about a row: a code, the field and what stands there, facts for a sentence, possible answers.

    `suggestion` is a value that would mend it.
    """

    line: int
    code: str
    field: str = ""
    value: str = ""
    facts: Mapping[str, Any] = made(default_factory=dict)
    answers: tuple[str, ...] = ()
    suggestion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A movement to be booked. `pair` is a number that both sides of a transfer share."""

    line: int
    kind: MovementKind
    share_class: str
    quantity: int
    amount_per_share: Decimal
    paid: Decimal
    on: dt.date
    value: Decimal | None = None
    pair: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPlan:
    """A member to be booked, under a number, with what it holds and how it came to that."""

    line: int
    number: int
    kind: str
    family: str
    given: str = ""
    legal_form: str = ""
    enterprise_no: str = ""
    address: AddressParts = made(default_factory=AddressParts)
    email: str = ""
    phone: str = ""
    language: str = "nl"
    admitted_on: dt.date
    asked_on: dt.date | None = None
    paid_on: dt.date | None = None
    ended_on: dt.date | None = None
    ending: str = "unknown"
    communication: str = ""
    moves: tuple[Move, ...] = ()

    @property
    def name(self) -> str:
        """Return the name as the register writes it."""
        return f"{self.family}, {self.given}" if self.given else self.family


@dataclass(frozen=True, slots=True)
class Sums:
    """Members, shares and paid amounts per class: what would be booked, and what the file's own total row says."""

    members: int
    left: int
    shares: Mapping[str, int]
    paid: Mapping[str, Decimal]
    left_shares: int = 0
    left_paid: Decimal = ZERO
    file_line: int | None = None
    file_members: int | None = None
    file_shares: int | None = None
    file_paid: Decimal | None = None

    @property
    def all_shares(self) -> int:
        """Return the shares of all classes together."""
        return sum(self.shares.values())

    @property
    def all_paid(self) -> Decimal:
        """Return what is paid on all shares together."""
        return sum(self.paid.values(), ZERO)

    @property
    def is_agreed(self) -> bool:
        """Tell whether the file's total row, where there is one, says the same."""
        return (
            self.file_members in (None, self.members)
            and self.file_shares in (None, self.all_shares)
            and self.file_paid in (None, self.all_paid)
        )

    @property
    def leavers_explain(self) -> bool:
        """Tell whether the difference is just what those who left are still noted with."""
        return (
            not self.is_agreed
            and self.file_shares in (None, self.all_shares + self.left_shares)
            and self.file_paid in (None, self.all_paid, self.all_paid + self.left_paid)
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything an import would book, and what stands in its way.

    `problems` concern the file as a whole, by code; `notes` count what was taken for granted, by code; `prices` gives
    the amount per share of each class that occurs; `skipped` tells the rows left out, with the reason given.
    """

    members: tuple[MemberPlan, ...]
    doubts: tuple[Doubt, ...]
    sums: Sums
    problems: tuple[str, ...] = ()
    notes: Mapping[str, int] = made(default_factory=dict)
    prices: Mapping[str, Decimal] = made(default_factory=dict)
    first_dates: Mapping[str, dt.date] = made(default_factory=dict)
    skipped: Mapping[int, str] = made(default_factory=dict)

    @property
    def is_bookable(self) -> bool:
        """Tell whether nothing stands in the way."""
        return bool(self.members) and not self.doubts and not self.problems


class Notebook:
    """Collect doubts and notes while rows are read; answers that were given silence their doubts."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.doubts: list[Doubt] = []
        self.notes: Counter[str] = Counter()

    @property
    def name_field(self) -> Field:
        """Return the column in which names stand."""
        told = self.setting.columns.values()
        return next((field for field in (Field.NAME, Field.FAMILY, Field.ORGANISATION) if field in told), Field.NAME)

    def answer(self, line: int, code: str) -> str:
        """Return what was answered to a doubt: for its row, else for all of its code; empty when nothing was."""
        mend = self.setting.mends.get(line)
        return (mend.answers.get(code, "") if mend else "") or self.setting.answers.get(code, "")

    def doubt(
        self,
        line: int,
        code: str,
        field: str = "",
        value: str = "",
        *,
        answers: tuple[str, ...] = (),
        suggestion: str = "",
        **facts: Any,
    ) -> str:
        """Note a doubt, unless it is answered; return the answer."""
        told = self.answer(line, code)
        if told and told in answers:
            return told
        self.doubts.append(Doubt(line, code, field, value, facts, answers, suggestion))
        return ""
