"""What comes along may come along, and is named."""

import pytest

from tools import licences


def test_every_part_has_a_licence_that_goes_with_ours() -> None:
    """Packages that run with us, and what is copied into the repository."""
    assert len(licences.requirements()) > 30
    assert "\n".join(map(str, licences.refused())) == ""


def test_the_list_is_up_to_date() -> None:
    """THIRD-PARTY.md says what is installed."""
    assert licences.PAGE.read_text() == licences.page(), "run: python -m tools.licences"


@pytest.mark.parametrize("expression", ["GPL-3.0-only", "MIT AND AGPL-3.0-only", "Proprietary", "unknown", ""])
def test_what_does_not_go_together_is_refused(expression: str) -> None:
    """Strong copyleft, closed, or silent."""
    assert not licences.is_allowed(expression)


def test_one_alternative_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two licences offered we take the one that suits; a package that offers none is named."""
    assert licences.is_allowed("GPL-2.0-only OR MIT")
    assert licences.is_allowed("(BSD-2-Clause AND MPL-2.0)")
    monkeypatch.setitem(licences.STATED, "django", "AGPL-3.0-only")
    assert [finding.problem for finding in licences.refused()] == ["django is under “AGPL-3.0-only”"]
