"""The same person, as banks write names."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from coopcalc.matching import is_alike, is_same, name_form


@pytest.mark.parametrize(
    ("paid", "known"),
    [
        ("PEETERS JAN", "Jan Peeters"),
        ("Dhr. Jan Peeters", "Jan Peeters"),
        ("VAN DEN BERGHE MARIE-CLAIRE", "Marie-Claire Vandenberghe"),
        ("Berghe, Marie van den", "Marie Van den Berghe"),
        ("D'HONDT ELS", "Els D’Hondt"),
        ("DHONDT ELS", "Els D'Hondt"),
        ("Søren Bœuf Łukasz", "soren boeuf lukasz"),
        ("ZONNIG GENT CV", "Zonnig Gent cvba"),
        ("François Lefèvre", "LEFEVRE FRANCOIS"),
    ],
)
def test_the_same(paid: str, known: str) -> None:
    assert is_same(name_form(paid), name_form(known))


@pytest.mark.parametrize(
    ("paid", "known"),
    [
        ("J. PEETERS", "Jan Peeters"),
        ("PEETERS L", "Luc Peeters"),
        ("PEETERS-JANSSENS MARIE", "Marie Janssens"),
        ("M. et Mme DUPONT Jean", "Jean Dupont Martin"),
        ("PEETERS JAN EN JANSSENS MARIE", "Marie Janssens"),
        ("Jansens Marie", "Marie Janssens"),
        ("Janssnes Marie", "Marie Janssens"),
        ("VANDEPUTTE MARIE-CHRISTINE-JO", "Marie-Christine-Josephine Vandeputte"),
        ("Zonnig Gent energie", "Zonnig"),
    ],
)
def test_alike(paid: str, known: str) -> None:
    assert not is_same(name_form(paid), name_form(known))
    assert is_alike(name_form(paid), name_form(known))


@pytest.mark.parametrize(
    ("paid", "known"),
    [
        ("Peeters An", "Jan Peeters"),
        ("Peeters", "Jan Peeters"),
        ("", "Jan Peeters"),
        ("Jan Peeters", ""),
        ("J. P.", "Jan Peeters"),
        ("Janssens Marie", "Hanssens Marie"),
        ("Jansens Marei", "Marie Janssens"),
        ("cv", "bv"),
    ],
)
def test_somebody_else(paid: str, known: str) -> None:
    assert not is_same(name_form(paid), name_form(known))
    assert not is_alike(name_form(paid), name_form(known))


@given(some.text(max_size=40))
def test_anything_is_a_name(name: str) -> None:
    form = name_form(name)
    assert list(form.words) == sorted(form.words)
    assert is_same(form, name_form(name.upper().lower())) or not form.words or name.upper().lower() != name.lower()
