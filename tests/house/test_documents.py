"""What is written about the house leads somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.settings import ROOT

# Made from the running application by the journeys.
PICTURES = {"docs/img/register.png"}


def pages() -> list[Path]:
    """Return every page of documentation: of the house, in docs, of the packages."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/*.md")])


def dead_links(page: Path, text: str) -> Iterator[str]:
    """Yield links to files that aren't there."""
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        # A picture kept beside a text goes by its number there, in the documents that tell of it.
        if "://" in target or target.startswith(("mailto:", "picture:")):
            continue
        path = (page.parent / target).resolve()
        if not path.exists() and path.relative_to(ROOT).as_posix() not in PICTURES:
            yield target


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """A file that was moved takes its links along."""
    assert list(dead_links(page, page.read_text())) == []


def test_a_dead_link_is_found() -> None:
    """Files that are gone; not addresses on the web, nor pages that are there."""
    text = "[a](gone.md) [b](README.md#words) [c](https://example.org/x) ![d](docs/none.png)"
    assert list(dead_links(ROOT / "README.md", text)) == ["gone.md", "docs/none.png"]


def test_every_decision_is_listed() -> None:
    """The list of decisions names each of them, numbered without gaps, with its three parts."""
    folder = ROOT / "docs" / "adr"
    decisions = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in decisions] == list(range(1, len(decisions) + 1))
    listed = (folder / "README.md").read_text()
    for name in decisions:
        assert f"({name})" in listed
        text = (folder / name).read_text()
        for part in ("**Context.**", "**Decision.**", "**What it costs.**"):
            assert part in text, f"{name} lacks {part}"
