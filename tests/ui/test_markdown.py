"""Markdown: what people write is shown, what could do harm isn't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwerf.ui import markdown


def _figure(key: str, words: str) -> str:
    return (
        f'<figure class="figure"><img src="/pictures/{key}.jpg" alt="{words}" width="8"></figure>' if key == "7" else ""
    )


def test_what_people_write() -> None:
    """Headings begin under the page's own, lines break where they were broken, addresses can be followed."""
    text = (
        "# Roof\n\nTwo lines\nof *ours*.\n\n## Rent\n\n1. one\n2. two\n\nhttps://werf.example and <jana@werf.example>"
    )
    made = markdown.html(text, level=3)
    assert "<h3>Roof</h3>" in made
    assert "<h4>Rent</h4>" in made
    assert "Two lines<br>\nof <em>ours</em>." in made
    assert '<a href="https://werf.example" rel="noopener">https://werf.example</a>' in made
    assert '<a href="mailto:jana@werf.example" rel="noopener">jana@werf.example</a>' in made
    assert "<ol>\n<li>one</li>" in made


def test_tables_are_read_by_their_heads() -> None:
    """A table stays a table."""
    assert "<th>Who</th>" in markdown.html("| Who | What |\n|---|---|\n| Jana | roof |")


def test_a_picture_is_one_that_was_kept() -> None:
    """No reader's browser asks a stranger for a picture."""
    text = "![the roof](picture:7) ![gone](picture:8) ![theirs](https://spy.example/x.gif)"
    made = markdown.html(text, picture=_figure)
    assert made.count("<img") == 1
    assert 'alt="the roof"' in made
    assert "gone" in made
    assert "theirs" in made
    assert "spy.example" not in made


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<svg/onload=alert(1)>",
        '![x](picture:7"onload=alert(1))',
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "`<script>`",
        "| <script>alert(1)</script> |\n|---|\n| x |",
    ],
)
def test_nothing_in_it_runs(attack: str) -> None:
    """HTML is text, and a link leads to a page or a mail."""
    made = markdown.html(attack, picture=_figure).lower()
    tags = [tag.split(">")[0] for tag in made.split("<")[1:]]
    assert not any("script" in tag or " on" in tag or "svg" in tag or "data:" in tag for tag in tags)


def test_of_a_stranger_no_search_engine_follows_a_link() -> None:
    """So that comments don't pay for those who sell links."""
    made = markdown.html("https://pills.example", by_anybody=True)
    assert 'rel="nofollow ugc noopener"' in made


@given(st.text(max_size=200))
def test_any_text_becomes_harmless(text: str) -> None:
    """Whatever is typed, nothing but our own tags comes out, and the plain words can be had."""
    made = markdown.html(text)
    tags = {tag.split(">")[0].split(" ")[0].strip("/") for tag in made.split("<")[1:]}
    assert tags <= markdown._TAGS
    assert len(markdown.beginning(text, 40)) <= 40


def test_plain_words() -> None:
    """A mail reads like the page, without its marks."""
    text = "# Roof\n\n- *one*\n- [two](https://x.example)\n\n> said\n\n```\ncode\n```\n\n3. three"
    assert markdown.plain(text) == "Roof\n\n- one\n\n- two (https://x.example)\n\nsaid\n\ncode\n\n3. three"
    assert markdown.plain("https://x.example") == "https://x.example"
    assert markdown.beginning("# Roof\n\nThe roof is on, and it holds.", 26) == "Roof The roof is on, and…"
    assert markdown.beginning("Roof") == "Roof"


def test_ten_thousand_brackets_take_no_time() -> None:
    """A text made to be slow isn't."""
    assert markdown.html("[" * 10_000 + "*" * 10_000 + "> " * 2_000)


def test_a_small_text_makes_no_huge_page() -> None:
    """Three kilobytes of a comment, as a table of which each row is filled up, were two thirds of a megabyte."""
    broad = "|".join("a" * 375) + "\n" + "|".join("-" * 375) + "\n" + "a\n" * 750
    assert len(markdown.html(broad)) < 20_000
    narrow = "|".join("a" * 20) + "\n" + "|".join("-" * 20) + "\n" + "a\n" * 1400
    assert "<td" in markdown.html(narrow)
    assert "<td" not in markdown.html(narrow, by_anybody=True)
    assert len(markdown.html(narrow, by_anybody=True)) < 20_000
