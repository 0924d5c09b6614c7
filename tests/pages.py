"""Somebody who walks through pages without a browser: reads them, fills in their forms, follows their links."""

import dataclasses
import html.parser
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client

from tests.house.test_languages import english_only, is_english, read

Values = Mapping[str, Any]


@dataclasses.dataclass
class Form:
    """A form as it stands on a page: where it goes, what it holds already, and its buttons as (name, value)."""

    action: str
    method: str
    values: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    names: set[str] = dataclasses.field(default_factory=set)
    buttons: list[tuple[str, str]] = dataclasses.field(default_factory=list)


class _Forms(html.parser.HTMLParser):
    """Read the forms of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.waiting: list[tuple[str, str, dict[str, str | None]]] = []
        self.open: Form | None = None
        self.select: tuple[Form, str] | None = None
        self.first_option: str | None = None
        self.area: tuple[Form, str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or something that is filled in."""
        given = dict(attrs)
        if tag == "form":
            self.open = Form(urljoin(self.address, given.get("action") or ""), (given.get("method") or "get").lower())
            self.forms.append(self.open)
            if given.get("id"):
                self.by_id[str(given["id"])] = self.open
        form = self.by_id.get(str(given["form"])) if given.get("form") else self.open
        if form is None:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "button" and (given.get("type") or "submit") == "submit":
            if "disabled" not in given and given.get("aria-disabled") != "true":
                form.buttons.append((name, value))
        elif tag == "input" and name and "disabled" not in given:
            form.names.add(name)
            kind = given.get("type") or "text"
            if kind not in ("checkbox", "radio", "file", "submit") or "checked" in given:
                form.values.setdefault(name, []).append(value or ("on" if kind == "checkbox" else ""))
        elif tag == "select" and name:
            form.names.add(name)
            self.select, self.first_option = (form, name), None
        elif tag == "option" and self.select:
            if self.first_option is None:
                self.first_option = value
            if "selected" in given:
                self.select[0].values[self.select[1]] = [value]
        elif tag == "textarea" and name:
            form.names.add(name)
            self.area = (form, name, [])

    def handle_data(self, data: str) -> None:
        """Note what stands in a text area."""
        if self.area:
            self.area[2].append(data)

    def handle_endtag(self, tag: str) -> None:
        """Leave a form, a choice or a text area."""
        if tag == "form":
            self.open = None
        elif tag == "select" and self.select:
            form, name = self.select
            if self.first_option is not None:
                form.values.setdefault(name, [self.first_option])
            self.select = None
        elif tag == "textarea" and self.area:
            form, name, told = self.area
            form.values[name] = ["".join(told).removeprefix("\n")]
            self.area = None


class Walker:
    """Somebody with a browser that only reads and sends; every page is looked at for words of another language."""

    def __init__(self, client: Client, language: str) -> None:
        self.client = client
        self.language = language
        self.known = english_only(language) if language != "en" else frozenset()
        self.address = "/"
        self.page = ""
        self.seen: list[str] = []

    def open(self, address: str) -> str:
        """Go to an address; return the page."""
        return self._look(self.client.get(address, follow=True), address)

    def send(self, action: str = "", *, button: tuple[str, str] | None = None, **values: Any) -> str:
        """Fill in the last form that goes to an address ending so and has these fields and this button; send it."""
        form = self.form(action, button, *values)
        # Who presses Enter or the main button: the one that says nothing of its own, else the first.
        name, value = button or min(form.buttons, key=lambda one: one != ("", ""))
        data = dict(form.values)
        data.update((field, told if isinstance(told, list) else [told]) for field, told in values.items())
        if name:
            data[name] = [value]
        send = self.client.get if form.method == "get" else self.client.post
        return self._look(send(form.action, data, follow=True), form.action)

    def form(self, action: str = "", button: tuple[str, str] | None = None, *fields: str) -> Form:
        """Return the last form of the page that goes there, has these fields, and this button, not grey."""
        reader = _Forms(self.address)
        reader.feed(self.page)
        found = [
            form
            for form in reader.forms
            if urlsplit(form.action).path.endswith(action)
            and form.names.issuperset(fields)
            and (button in form.buttons if button else form.buttons)
        ]
        assert found, f"{self.address} has no such form: {action} {button} {fields} in {reader.forms}"
        return found[-1]

    def links(self, part: str) -> Sequence[str]:
        """Return the addresses on the page that have a part, each once, in order."""
        return list(dict.fromkeys(link for link in read(self.page).links if part in link))

    def says(self, *words: str) -> None:
        """Hold the page to its words."""
        text = " ".join(" ".join(read(self.page).texts).split())
        for word in words:
            assert " ".join(word.split()) in text, f"{self.address} doesn't say {word!r}: {text[:1500]}"

    def _look(self, answer: Any, address: str) -> str:
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        if answer.redirect_chain:
            address = urljoin(address, answer.redirect_chain[-1][0])
        self.address, self.page = address, answer.content.decode()
        self.seen.append(urlsplit(address).path)
        assert f'<html lang="{self.language}"' in self.page, address
        foreign = [text for text in read(self.page).texts if self.known and is_english(text, self.known)]
        assert foreign == [], f"{address}: {foreign}"
        return self.page
