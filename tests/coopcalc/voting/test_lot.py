"""The lot: nobody can choose it, everybody can recompute it."""

from hashlib import sha256

import pytest

from coopcalc.voting import NO_LOT, Drawn, Part, Refused, Seeded, draw, seed_of
from tests.coopcalc.voting.elections import election

BOARD = election("1 An; 1 Bo; 1 Cé", seats=1)


def test_the_order_is_that_of_the_hashes_of_seed_item_and_name() -> None:
    tie = draw(Seeded("2026:x", "Chair"), BOARD, [3, 1, 2], decides="seat", stage=4)
    hashes = {
        number: sha256(f"2026:x:Chair:{name}".encode()).hexdigest()
        for number, name in ((1, "An"), (2, "Bo"), (3, "Cé"))
    }
    assert tie.hashes == hashes
    assert tie.order == tuple(sorted(hashes, key=lambda number: hashes[number]))
    assert tie.chosen == tie.order[0]
    assert (tie.tied, tie.stage, tie.item) == ((1, 2, 3), 4, "Chair")


@pytest.mark.parametrize("texts", [("\udcff", ""), ("2026", "\ud800")])
def test_what_is_no_text_is_no_seed(texts: tuple[str, str]) -> None:
    """Bytes that aren't UTF-8 reach us from a terminal as half a character."""
    with pytest.raises(Refused) as refused:
        Seeded(*texts)
    assert refused.value.code == "lot_malformed"


def test_an_exclusion_falls_on_the_last() -> None:
    lot = Seeded("2026")
    kept = draw(lot, BOARD, [1, 2, 3], decides="seat", stage=1)
    out = draw(lot, BOARD, [1, 2, 3], decides="exclusion", stage=1)
    assert kept.order == out.order
    assert (kept.chosen, out.chosen) == (kept.order[0], kept.order[-1])


def test_the_item_is_the_title_unless_something_else_is_said() -> None:
    assert draw(Seeded("s"), BOARD, [1, 2], decides="seat", stage=1).item == "Board"


def test_without_a_lot_nothing_is_decided_but_the_order_of_naming() -> None:
    assert draw(NO_LOT, BOARD, [1, 2], decides="order", stage=1).chosen in (1, 2)
    for decides in ("seat", "surplus", "exclusion"):
        with pytest.raises(Refused) as refused:
            draw(NO_LOT, BOARD, [2, 1], decides=decides, stage=3)  # type: ignore[arg-type]
        assert refused.value.code == f"lot_needed_{decides}"
        assert refused.value.facts == {"names": "An, Bo", "stage": 3}


def test_a_draw_by_hand_has_its_order_and_no_hashes() -> None:
    tie = draw(Drawn(("Cé", "An", "Bo"), ("Noor", "Piet")), BOARD, [1, 2, 3], decides="seat", stage=1)
    assert (tie.order, tie.chosen, tie.hashes, tie.item) == ((3, 1, 2), 3, {}, None)
    with pytest.raises(Refused, match="Bo must be put in order"):
        draw(Drawn(("Cé", "An")), BOARD, [1, 2], decides="seat", stage=1)
    with pytest.raises(Refused, match="twice"):
        Drawn(("An", "An"))


NOOR, AMINA = Part("Noor", "salt of Noor", "river"), Part("Amina", "salt of Amina", "bread")
COMMITTED = {"Noor": NOOR.commitment(), "Amina": AMINA.commitment()}


def test_a_commitment_is_the_hash_of_name_salt_and_part() -> None:
    assert NOOR.commitment() == sha256(b"Noor\nsalt of Noor\nriver").hexdigest()


def test_a_seed_is_the_hash_of_the_parts_in_the_order_of_the_names() -> None:
    expected = sha256(b"bread\nriver").hexdigest()
    assert seed_of([NOOR, AMINA], COMMITTED) == expected
    assert seed_of([AMINA, NOOR], COMMITTED) == expected


@pytest.mark.parametrize(
    ("parts", "commitments", "code"),
    [
        ([NOOR], COMMITTED, "part_missing"),
        ([NOOR, AMINA], {"Noor": NOOR.commitment()}, "part_uncommitted"),
        ([NOOR, AMINA, Part("Amina", "salt of Amina", "bread")], COMMITTED, "part_repeated"),
        ([NOOR, Part("Amina", "salt of Amina", "beer")], COMMITTED, "part_differs"),
        ([NOOR, Part("Amina", "another salt", "bread")], COMMITTED, "part_differs"),
        ([], {}, "parts_none"),
    ],
)
def test_a_part_that_was_not_committed_makes_no_seed(parts: list[Part], commitments: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        seed_of(parts, commitments)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "texts",
    [("", "s", "p"), ("n", "", "p"), ("n", "s", ""), ("n", "s", "a\nb"), ("n\n", "s", "p"), ("n", "s", "\udcff")],
)
def test_a_part_is_three_lines(texts: tuple[str, str, str]) -> None:
    with pytest.raises(Refused) as refused:
        Part(*texts)
    assert refused.value.code == "part_malformed"
