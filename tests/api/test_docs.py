"""What docs/reference/api.md shows is what comes out."""

import json
import re
import shlex
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from coopwerf.capital import queries as capital
from coopwerf.conf.api import api
from coopwerf.kernel import clock
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.states import Scope
from tests.cast import Cast, make_person
from tests.payments.bank import statement
from tests.payments.files import camt, camt_entry
from tests.settings import ROOT

from .programs import program
from .village import furnish

PAGE = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```sh\n(?P<asked>curl .*?)```\n(?:\n```json\n(?P<told>.*?)```\n)?", re.DOTALL)
ONES = ("/register", "/subscriptions?", "/ledger", "/bank", "/proof")


def sent(command: str, secret: str, **known: str) -> Any:
    """Send what a command of the page sends, with what its variables stand for."""
    text = command.replace("\\\n", " ")
    for name, value in {"TOKEN": secret, "BASE": "http://localhost", **known}.items():
        text = text.replace(f"${name}", value)
    words = shlex.split(text)
    method, heads, data, address = "GET", {"accept-language": "en"}, "", ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _colon, value = next(rest).partition(": ")
            heads[name.lower()] = value
        elif word == "-d":
            data = next(rest)
        elif word == "--data-binary":
            assert next(rest) == "@november.xml"
            data = camt(statement(camt_entry("9.00", ref="REF9"), number=2, opening="377.90", on="2026-11-21"))
        else:
            parts = urlsplit(word)
            address = f"{parts.path}?{parts.query}"
    kind = heads.pop("content-type", "application/octet-stream")
    return Client().generic(method, address, data, content_type=kind, headers=heads)


def shape(told: Any) -> Any:
    """Return the names in an answer, without what they hold."""
    if isinstance(told, dict):
        return {name: shape(value) for name, value in told.items()}
    if isinstance(told, list):
        return [shape(told[0])] if told else []
    return type(told).__name__


@pytest.mark.django_db
def test_examples(wolkenwerf: Cast) -> None:
    """Each command is answered, with the names and kinds of values that stand below it; its texts in English hold."""
    stories = furnish(wolkenwerf)
    member, board = program(stories["member"], *Scope), program(wolkenwerf.treasurer, *Scope)
    with tenant(wolkenwerf.id):
        offer = capital.offer_by_slug(wolkenwerf.id, "rek", clock.civil_date(clock.now()))
    assert offer is not None
    known = {"VERSION": str(offer.version.id), "LINE": str(stories["line"])}
    newcomer = program(make_person("Kris", email="kris@example.org"), *Scope)
    examples = list(EXAMPLE.finditer(PAGE))
    assert PAGE.count("curl ") == len(examples) > 6
    for example in examples:
        command = example["asked"]
        asks = board if any(part in command for part in ONES) else newcomer if "VERSION" in command else member
        answer = sent(command, asks.secret, **known)
        told = json.loads(example["told"]) if example["told"] else None
        wanted = (told or {}).get("status", 201 if "POST" in command else 200)
        assert answer.status_code == wanted, (command, answer.content)
        if told is not None:
            assert shape(answer.json()) == shape(told), command
        if told and "detail" in told:
            assert answer.json() == told


def test_every_scope_and_status_is_told() -> None:
    """The tables of the page are those of the application."""
    assert {scope for scope in Scope if f"`{scope.value}`" not in PAGE} == set()
    rows = PAGE.partition("| status | when |")[2].partition("\n\n")[0]
    told = {int(number) for number in re.findall(r"\b[45]\d\d\b", rows)}
    schema = api.get_openapi_schema()
    answered = {
        int(status)
        for methods in schema["paths"].values()
        for operation in methods.values()
        for status in operation["responses"]
        if int(status) >= 400
    }
    assert answered - {500} == told
