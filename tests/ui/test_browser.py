"""The gallery in a real browser: readable, reachable, nothing beside the screen; on a phone and a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from .conftest import audit

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Look = Callable[..., Page]
PAGES = ["/ui/", "/ui/page/poster/", "/ui/page/form/", "/ui/page/question/", "/ui/page/error/"]

SMALL_WORDS = """() => {
  const small = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, element = text.parentElement;
    if (!text.data.trim() || !element.checkVisibility()) continue;
    let size = parseFloat(getComputedStyle(element).fontSize);
    const svg = element.closest('svg');
    if (svg && svg.viewBox.baseVal.width) size *= svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    if (size < 12) small.push(`${text.data.trim().slice(0, 30)}: ${size.toFixed(1)}px`);
  }
  return small;
}"""

SMALL_TARGETS = """() => {
  const small = [];
  const targets = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  for (const element of document.querySelectorAll(targets)) {
    if (!element.checkVisibility() || element.closest('.skip')) continue;
    const target = element.closest('label') || element;
    const box = target.getBoundingClientRect();
    const inSentence = element.matches('a') && getComputedStyle(element).display === 'inline';
    if (inSentence) continue;
    const size = `${box.width}x${box.height}`;
    if (box.height < 43.5 || box.width < 24) small.push(`${element.outerHTML.slice(0, 80)}: ${size}`);
  }
  return small;
}"""

BESIDE = """() => [...document.querySelectorAll('body *')].filter((e) => {
  const box = e.getBoundingClientRect();
  return e.checkVisibility() && box.right > innerWidth + 1 && !e.closest('.table-scroll, .table--cards thead, svg');
}).map((e) => e.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(look: Look, path: str, width: int) -> None:
    """WCAG 2.2 AA as far as a machine can tell."""
    assert audit(look(path, width=width, lang="fr")) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_at_night(look: Look, width: int) -> None:
    """The same in the colours of the night."""
    assert audit(look("/ui/", width=width, dark=True)) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("hue", [0, 60, 120, 240, 322])
@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_other_hues_and_languages(look: Look, hue: int, lang: str, theme: str) -> None:
    """The same for a co-operative's own hue."""
    assert audit(look(f"/ui/?theme={theme}&hue={hue}&lang={lang}", width=390)) == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["nl", "fr", "en"])
def test_on_a_phone_words_are_large_enough_and_nothing_hangs_out(look: Look, path: str, lang: str) -> None:
    """No letter under 12 px, drawings included; no target under 44 px; nothing beside the screen."""
    page = look(path, width=390, lang=lang)
    page.evaluate("() => document.querySelectorAll('details').forEach((folded) => { folded.open = true; })")
    assert page.evaluate(SMALL_WORDS) == []
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.evaluate(BESIDE) == []


@pytest.mark.parametrize("width", [320, 360, 768, 1024])
def test_no_width_makes_a_page_scroll_sideways(look: Look, width: int) -> None:
    """From the narrowest phone to a small laptop, in the longest language."""
    page = look("/ui/", width=width, lang="fr")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_everything_is_there_without_script(look: Look) -> None:
    """Menu, languages, reasons and tables open without a line of JavaScript."""
    page = look("/ui/", width=390, lang="nl", script=False)
    page.locator("details.nav > summary").click()
    page.get_by_role("button", name="Français").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Éléments de construction"
    page.locator("#chart summary").first.click()
    assert page.locator("#chart table").is_visible()


def test_the_keyboard_reaches_the_content_first(look: Look) -> None:
    """The first stop skips the head; the ring around it can be seen."""
    page = look("/ui/page/form/", lang="nl")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Naar de inhoud"
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("() => parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2


def test_forced_colours_keep_every_edge(look: Look) -> None:
    """With the system's own colours a button still has an edge, and the building still has a shape."""
    page = look("/ui/", lang="nl")
    page.emulate_media(forced_colors="active")
    button = page.locator("#buttons .btn").first
    assert button.evaluate("(e) => getComputedStyle(e).borderTopStyle") == "solid"
    assert button.evaluate(
        "(e) => getComputedStyle(e).borderTopColor !== getComputedStyle(document.body).backgroundColor"
    )
    wall = page.locator("#thermometer .built")
    assert wall.evaluate("(e) => getComputedStyle(e).fill") != "none"


def test_printing_leaves_the_tools_out(look: Look) -> None:
    """On paper: the content, without navigation, buttons and filters."""
    page = look("/ui/", lang="nl")
    page.emulate_media(media="print")
    hidden = [
        page.locator(what).first.is_visible() for what in (".site-head", "#buttons .btn", ".filters", ".action-bar")
    ]
    assert hidden == [False] * 4
    assert page.locator("#table table").is_visible()
