"""Somebody with a phone or a computer, who looks at every page that opens and finds nothing wrong with it."""

import contextlib
import functools
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response
from pypdf import PdfReader

from tests.browser import WATCH, audit
from tools import translations

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "shots"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

WORDS = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (element.closest('[lang]') === document.documentElement) found.push(walk.currentNode.data.trim());
  }
  return found;
}"""
BESIDE = """() => [...document.querySelectorAll('body *')].filter((e) => {
  const box = e.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1 && !e.closest('.table-scroll, .table--cards thead, svg');
}).map((e) => e.outerHTML.slice(0, 100))"""


@functools.cache
def english() -> dict[str, frozenset[str]]:
    """Return by language the sentences that have a translation of their own, so that they are English here.

    None as long as a sentence still waits for its translation: that is told by the house, not by a journey.
    """
    found: dict[str, set[str]] = {"nl": set(), "fr": set()}
    if list(translations.findings()):
        return {}
    for language, sentences in found.items():
        for catalogue in (ROOT / "src" / "coopwerf").glob(f"*/locale/{language}/LC_MESSAGES/django.po"):
            for entry in polib.pofile(str(catalogue)).translated_entries():
                if len(entry.msgid) > 5 and entry.msgstr and entry.msgstr != entry.msgid:
                    sentences.add(entry.msgid)
        for catalogue in (ROOT / "src" / "coopwerf").glob(f"*/locale/{language}/LC_MESSAGES/django.po"):
            sentences -= {entry.msgstr for entry in polib.pofile(str(catalogue))}
    return {language: frozenset(sentences - {"English"}) for language, sentences in found.items()}


def words_of(content: bytes) -> str:
    """Return the words of a PDF, with single blanks between them."""
    pages = PdfReader(io.BytesIO(content)).pages
    text = " ".join(page.extract_text() for page in pages).replace("\u00ad", "").replace("\u200b", "")
    text = unicodedata.normalize("NFKC", text)  # “ff” in a hash is one glyph on paper
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


class Visitor:
    """A person at a screen: opens pages, presses buttons, follows links, and looks at what comes."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        language: str,
        phone: bool = False,
        script: bool = True,
        shots: str = "",
    ) -> None:
        self.url = url
        self.language = language
        self.phone = phone
        self.script = script
        self.shots = shots
        self.wrong: list[str] = []
        self.status = 0
        self.pages = 0
        self.context = browser.new_context(
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            locale=f"{language}-BE" if language != "en" else "en-GB",
            timezone_id="Europe/Brussels",
            reduced_motion="reduce",
            java_script_enabled=script,
            accept_downloads=True,
        )
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.page.add_init_script(WATCH)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._note)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"{self.page.url}: {message.text}")

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.status = response.status
        elif response.status >= 400:
            self.wrong.append(f"{response.url}: {response.status}")

    # Going somewhere

    def open(self, path: str) -> None:
        """Go to an address of the site, or to a whole one."""
        self.page.goto(path if path.startswith("http") else f"{self.url}{path}")
        self.look()

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        """Click the first link that is called so."""
        self._click((within or self.page.locator("body")).get_by_role("link", name=name).first)

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press the first button that is called so, and look at the page that comes."""
        self._click((within or self.page.locator("body")).get_by_role("button", name=name).first)

    def take(self, ending: str) -> None:
        """Click the first visible link in the content that leads to an address with this ending."""
        self._click(self.page.locator(f'main a[href$="{ending}"]:visible').first)

    def go(self, where: Locator) -> None:
        """Click something that leads to another page."""
        self._click(where)

    @property
    def path(self) -> str:
        """Return where we are."""
        return self.page.url.removeprefix(self.url)

    def _click(self, what: Locator) -> None:
        with self.page.expect_navigation():
            what.click()
        self.look()

    def fill(self, **fields: str) -> None:
        """Fill in fields by their names in the form; choices by their value."""
        for name, value in fields.items():
            self.put(name, value)

    def put(self, name: str, value: str) -> None:
        """Fill in one field."""
        fields = self.page.locator(f'main [name="{name}"]')
        folded = self.page.locator("main details:not([open])").filter(has=self.page.locator(f'[name="{name}"]'))
        if folded.count():
            folded.first.locator("summary").click()
        kind = fields.first.get_attribute("type") or fields.first.evaluate("(e) => e.localName")
        if kind == "radio":
            self.page.locator(f'main [name="{name}"][value="{value}"]').check()
        elif kind == "checkbox":
            fields.first.set_checked(value == "on")
        elif kind == "select":
            fields.first.select_option(value)
        elif kind == "file":
            fields.first.set_input_files(value)
        else:
            fields.first.fill(value)

    def send(self) -> None:
        """Press the button of the first form of the page's content that has one."""
        self._click(self.page.locator('main form button[type="submit"], main form button:not([type])').first)

    @contextlib.contextmanager
    def downloads(self) -> Iterator[dict[str, Any]]:
        """Wait for a file, and put its name and content into what is given."""
        told: dict[str, Any] = {}
        with self.page.expect_download() as coming:
            yield told
        told["name"] = coming.value.suggested_filename
        told["content"] = Path(coming.value.path()).read_bytes()

    def paper(self) -> tuple[str, str]:
        """Wait until the document that was asked for is made, take it along, and return its name and its words."""
        ready = self.page.locator('main a[href$="/file/"]')
        for _look in range(60):
            if ready.count():
                break
            self.page.wait_for_timeout(500)
            self.page.reload()
        self.look()
        with self.downloads() as told:
            ready.first.click()
        assert told["content"].startswith(b"%PDF")
        return told["name"], words_of(told["content"])

    # Looking

    @property
    def text(self) -> str:
        """Return the words of the page's content."""
        return self.page.locator("main").inner_text()

    @property
    def title(self) -> str:
        """Return the page's main heading."""
        return self.page.locator("h1").first.inner_text()

    def says(self, *words: str) -> None:
        """Find all these words on the page."""
        said = " ".join(self.text.replace("\u00a0", " ").replace("\u202f", " ").split())
        for each in words:
            assert each in said, f"“{each}” is not in:\n{said}"

    def look(self) -> None:
        """Find the page in order: it came, nothing was blocked or failed, everybody can read it, in one language."""
        page = self.page
        page.wait_for_load_state("load")
        self.pages += 1
        assert self.status < 400, f"{page.url}: {self.status}\n{self.text}"
        if self.script:
            assert page.evaluate("() => window.violations || []") == [], page.url
            found = audit(page)  # without script axe-core waits for ever
            assert found == [], f"{page.url}: {found}"
        assert self.wrong == []
        lang = page.locator("html").get_attribute("lang")
        assert lang == self.language, f"{page.url} is in {lang}"
        if self.language in english():
            leaked = set(page.evaluate(WORDS)) & english()[self.language]
            assert leaked == set(), f"English at {page.url}: {leaked}"
        if self.phone:
            assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"], (
                f"{page.url} is wider than a phone: {page.evaluate(BESIDE)}"
            )

    def shot(self, name: str) -> None:
        """Keep pictures of the page, by day and by night."""
        SHOTS.mkdir(exist_ok=True)
        size = "phone" if self.phone else "desk"
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.page.screenshot(path=SHOTS / f"{self.shots}{name}-{size}-{scheme}.png", full_page=True)
        self.page.emulate_media(color_scheme="light")

    def picture(self, name: str) -> None:
        """Keep what fits on the screen, as the pages about us show it."""
        SHOTS.mkdir(exist_ok=True)
        self.page.evaluate("() => scrollTo(0, 0)")
        self.page.screenshot(path=SHOTS / f"{name}.png")

    def leave(self) -> None:
        """Close the browser's window."""
        self.context.close()
