"""What can't be so in a register is found at its position, by a stable code and a sentence."""

from collections.abc import Callable

import pytest

from coopcalc import register
from coopcalc.register import verify
from tests.coopcalc.registers import Book

PAIR = "00000000-0000-4000-8000-00000000000a"
NOBODY = "00000000-0000-4000-8000-00000000000b"


class Story:
    """Two members of one class, each with four paid shares since 2020."""

    def __init__(self) -> None:
        self.book = Book()
        self.a = self.book.share_class("A")
        self.b = self.book.share_class("B", price="50")
        self.anna = self.book.admit(1)
        self.bert = self.book.admit(2)
        self.annas = self.book.move(self.anna, self.a, "issue", 4, "100", "2020-02-01")
        self.berts = self.book.move(self.bert, self.a, "issue", 4, "100", "2020-02-01")

    def move(self, kind: str, quantity: int, paid: str, on: str = "2021-01-01", **more: str) -> None:
        self.book.move(self.anna, more.pop("share_class", self.a), kind, quantity, paid, on, **more)  # type: ignore[arg-type]

    def last_pair(self) -> str:
        return self.book.links[-1][0].split('"pair":"')[1][:36]

    def first_standing(self) -> str:
        return next(text for text, _ in self.book.links if '"kind":"standing"' in text).split('"id":"')[1][:36]

    def raw(self, old: str, new: str) -> None:
        """Write a movement that the builders would refuse."""
        self.move("issue", 1, "25")
        text, private = self.book.links[-1]
        self.book.links[-1] = (text.replace(old, new), private)

    def repeat_an_id(self) -> None:
        self.book.ids -= 1
        self.move("issue", 1, "25")


Act = Callable[[Story], object]

RIGHT: dict[str, Act] = {
    "transfer": lambda s: s.book.transfer(s.anna, s.bert, s.a, 3, "2021-01-01"),
    "exit and ending on one day": lambda s: (
        s.move("exit", -4, "-100"),
        s.book.standing(s.anna, "ended", "2021-01-01"),
    ),
    "correction and the right row": lambda s: (
        s.move("correction", -4, "-100", "2020-02-01", corrects=s.annas),
        s.move("issue", 3, "75", "2020-02-01"),
    ),
    "part paid": lambda s: (s.move("issue", 2, "10"), s.move("payment", 0, "40", "2021-06-01")),
    "conversion": lambda s: (
        s.move("conversion_out", -2, "-50", pair=PAIR),
        s.move("conversion_in", 2, "50", pair=PAIR, share_class=s.b, amount="50"),
    ),
    "a movement outside any membership, corrected": lambda s: (
        wrong := s.book.move(s.anna, s.a, "issue", 1, "0", "2019-01-01"),
        s.move("correction", -1, "0", "2019-01-01", corrects=wrong),
    ),
    "entries of the ledger, one of them taken back": lambda s: (
        wrong := s.book.entry({"550": "10.00", "499": "-10.00"}),
        s.book.entry({"550": "-10.00", "499": "10.00"}, number=2, reverses=wrong),
        s.book.entry({"410": "-7.50", "4891": "7.50"}, journal="shares"),
    ),
    "rows of a kind that this version doesn't know": lambda s: s.book.link("offer", '{"id":"x"}'),
}


@pytest.mark.parametrize("act", RIGHT.values(), ids=RIGHT)
def test_what_is_in_order_gives_no_finding(act: Act) -> None:
    story = Story()
    act(story)
    assert story.book.verify().findings == ()


WRONG: dict[str, tuple[str, Act]] = {
    "more than was held": ("shares_negative", lambda s: s.move("exit", -5, "-100")),
    "before it was held": (
        "shares_negative",
        lambda s: (s.move("exit", -4, "-100", "2020-01-15"), s.move("issue", 4, "100", "2022-01-01")),
    ),
    "at an amount at which none are held": ("lot_negative", lambda s: s.move("exit", -1, "-25", amount="20")),
    "paid more than asked": ("paid_out_of_bounds", lambda s: s.move("payment", 0, "0.01")),
    "paid less than nothing": ("paid_out_of_bounds", lambda s: s.move("payment", 0, "-100.01")),
    "paid without shares": ("paid_out_of_bounds", lambda s: s.move("exit", -4, "-99")),
    "transfer of one side": ("pair_missing", lambda s: s.move("transfer_out", -1, "-25", pair=PAIR)),
    "transfer without a pair": ("pair_missing", lambda s: s.move("transfer_out", -1, "-25")),
    "transfer to oneself": (
        "pair_unlike",
        lambda s: (s.move("transfer_out", -1, "-25", pair=PAIR), s.move("transfer_in", 1, "25", pair=PAIR)),
    ),
    "transfer with three sides": (
        "pair_unlike",
        lambda s: (
            s.book.transfer(s.anna, s.bert, s.a, 1, "2021-01-01"),
            s.move("exit", -1, "-25", pair=s.last_pair()),
        ),
    ),
    "transfer that loses a share": (
        "pair_unbalanced",
        lambda s: (
            s.move("transfer_out", -2, "-50", pair=PAIR),
            s.book.move(s.bert, s.a, "transfer_in", 1, "25", "2021-01-01", pair=PAIR),
        ),
    ),
    "transfer on two dates": (
        "pair_unlike",
        lambda s: (
            s.move("transfer_out", -1, "-25", pair=PAIR),
            s.book.move(s.bert, s.a, "transfer_in", 1, "25", "2021-01-02", pair=PAIR),
        ),
    ),
    "split that makes value": (
        "pair_unbalanced",
        lambda s: (
            s.move("split", -4, "-100", pair=PAIR),
            s.move("split", 41, "100", pair=PAIR, amount="2.5"),
        ),
    ),
    "a conversion within a class": (
        "pair_unlike",
        lambda s: (s.move("conversion_out", -1, "-25", pair=PAIR), s.move("conversion_in", 1, "25", pair=PAIR)),
    ),
    "an issue that takes": ("sign_wrong", lambda s: s.move("issue", -1, "-25")),
    "an exit that gives": ("sign_wrong", lambda s: s.move("exit", 1, "25")),
    "a payment of shares": ("sign_wrong", lambda s: s.move("payment", 1, "25")),
    "a payment of nothing": ("sign_wrong", lambda s: s.move("payment", 0, "0")),
    "a kind that isn't one": ("kind_unknown", lambda s: s.move("gift", 1, "25")),
    "a correction of nothing": ("corrects_unknown", lambda s: s.move("correction", -4, "-100", "2020-02-01")),
    "a correction of a stranger": ("corrects_unknown", lambda s: s.move("correction", -4, "-100", corrects=NOBODY)),
    "a correction by half": (
        "correction_differs",
        lambda s: s.move("correction", -3, "-75", "2020-02-01", corrects=s.annas),
    ),
    "a correction on another date": (
        "correction_differs",
        lambda s: s.move("correction", -4, "-100", "2020-02-02", corrects=s.annas),
    ),
    "a correction of somebody else": (
        "correction_differs",
        lambda s: s.move("correction", -4, "-100", "2020-02-01", corrects=s.berts),
    ),
    "an exit that claims to correct": (
        "correction_differs",
        lambda s: s.move("exit", -4, "-100", "2020-02-01", corrects=s.annas),
    ),
    "a correction twice": (
        "corrected_twice",
        lambda s: (
            s.move("issue", 4, "100", "2020-02-01"),
            s.move("correction", -4, "-100", "2020-02-01", corrects=s.annas),
            s.move("correction", -4, "-100", "2020-02-01", corrects=s.annas),
        ),
    ),
    "before the admission": ("member_not_admitted", lambda s: s.move("issue", 1, "25", "2019-12-31")),
    "after the end": (
        "member_not_admitted",
        lambda s: (
            s.move("exit", -4, "-100", "2021-01-01"),
            s.book.standing(s.anna, "ended", "2021-01-01"),
            s.move("issue", 1, "25", "2021-01-02"),
        ),
    ),
    "ended and still holding": ("holds_after_end", lambda s: s.book.standing(s.anna, "ended", "2021-01-01")),
    "admitted twice": ("standing_order", lambda s: s.book.standing(s.anna, "admitted", "2021-01-01")),
    "ended before admitted": ("standing_order", lambda s: s.book.standing(s.book.member(3), "ended", "2021-01-01")),
    "expelled": ("event_unknown", lambda s: s.book.standing(s.book.member(3), "expelled", "2021-01-01")),
    "voiding what isn't there": (
        "voids_unknown",
        lambda s: s.book.standing(s.anna, "ended", "2021-01-01", voids=NOBODY),
    ),
    "voiding another date": (
        "void_differs",
        lambda s: s.book.standing(s.anna, "admitted", "2020-01-02", voids=s.first_standing()),
    ),
    "voiding twice": (
        "voided_twice",
        lambda s: [s.book.standing(s.anna, "admitted", "2020-01-01", voids=s.first_standing()) for _ in "12"],
    ),
    "a number twice": ("member_number_repeated", lambda s: s.book.admit(2)),
    "a stranger's shares": ("member_unknown", lambda s: s.book.move(NOBODY, s.a, "issue", 1, "25", "2021-01-01")),
    "a stranger's standing": ("member_unknown", lambda s: s.book.standing(NOBODY, "admitted", "2021-01-01")),
    "a class that isn't there": ("class_unknown", lambda s: s.move("issue", 1, "25", share_class=NOBODY)),
    "a decision that isn't there": ("decision_unknown", lambda s: s.move("issue", 1, "25", decision=NOBODY)),
    "a date that isn't one": ("date_invalid", lambda s: s.raw('"2021-01-01"', '"2021-02-30"')),
    "a date before 1800": ("date_invalid", lambda s: s.raw('"2021-01-01"', '"1799-12-31"')),
    "an entry out of balance": ("entry_unbalanced", lambda s: s.book.entry({"550": "10.00", "499": "-9.99"})),
    "an entry of one line": ("entry_short", lambda s: s.book.entry({"550": "10.00"})),
    "a line of nothing": ("entry_short", lambda s: s.book.entry({"550": "10.00", "499": "-10.00", "110": "0.00"})),
    "a gap between entries": (
        "entry_number",
        lambda s: (
            s.book.entry({"550": "10.00", "499": "-10.00"}),
            s.book.entry({"550": "10.00", "499": "-10.00"}, number=3),
        ),
    ),
    "a reversal of nothing": (
        "reverses_unknown",
        lambda s: s.book.entry({"550": "10.00", "499": "-10.00"}, reverses=NOBODY),
    ),
    "a reversal that isn't the opposite": (
        "reversal_differs",
        lambda s: (
            wrong := s.book.entry({"550": "10.00", "499": "-10.00"}),
            s.book.entry({"550": "-9.00", "499": "9.00"}, number=2, reverses=wrong),
        ),
    ),
    "an entry taken back twice": (
        "reversed_twice",
        lambda s: (
            wrong := s.book.entry({"550": "10.00", "499": "-10.00"}),
            s.book.entry({"550": "-10.00", "499": "10.00"}, number=2, reverses=wrong),
            s.book.entry({"550": "-10.00", "499": "10.00"}, number=3, reverses=wrong),
        ),
    ),
    "an id twice": ("id_repeated", lambda s: s.repeat_an_id()),
}


@pytest.mark.parametrize(("code", "act"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_found_where_it_stands(code: str, act: Act) -> None:
    story = Story()
    before = len(story.book.links)
    act(story)
    verification = story.book.verify()
    found = [finding for finding in verification.findings if finding.code == code]
    assert found, [finding.code for finding in verification.findings]
    positions = (
        range(1, len(story.book.links) + 1)
        if code == "holds_after_end"
        else range(before + 1, len(story.book.links) + 1)
    )
    assert found[0].position in positions
    assert verify.message(found[0]).endswith(".")
    assert verification.unbroken


def test_every_finding_of_the_check_is_provoked_by_a_test() -> None:
    assert {code for code, _act in WRONG.values()} == set(register.check.MESSAGES)
