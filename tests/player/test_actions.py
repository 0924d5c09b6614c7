"""What can be done here is listed, with the arguments that it takes."""

import datetime as dt
import io
import json
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from pydantic import ValidationError

from coopwerf.register.actions import DecisionInput, SharesInput
from coopwerf.register.states import Ending
from coopwerf.site.player import Playable, playables

ID = "01990000-0000-7000-8000-000000000001"


def listed() -> dict[str, Any]:
    """Return what the command prints, by name."""
    out = io.StringIO()
    call_command("actions", format="json", stdout=out)
    return {one["name"]: one for one in json.loads(out.getvalue())}


def sample(schema: Mapping[str, Any], within: Mapping[str, Any]) -> Any:
    """Make a value that fits a schema, every optional part filled in."""
    if "$ref" in schema:
        return sample(within["$defs"][schema["$ref"].rsplit("/", 1)[-1]], within)
    if "anyOf" in schema:
        return sample(next(one for one in schema["anyOf"] if one.get("type") != "null"), within)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    match schema.get("type"):
        case "object":
            return {name: sample(one, within) for name, one in schema.get("properties", {}).items()}
        case "array":
            several = schema.get("prefixItems", [schema["items"]] if "items" in schema else [])
            return [sample(one, within) for one in several]
        case "integer":
            return 1
        case "boolean":
            return True
        case "null":
            return None
        case "string":
            if "pattern" in schema:
                return "25.00"
            formats = {"uuid": ID, "date": "2026-03-02", "date-time": "2026-03-02T10:00:00Z", "binary": "YQ=="}
            return formats.get(schema.get("format", ""), "text")
    return "anything"


def from_inside(schema: Any) -> bool:
    """Tell whether a part of a schema can't be written down, because only our own code can make it."""
    if isinstance(schema, dict):
        return schema.get("not") == {} or any(map(from_inside, schema.values()))
    return isinstance(schema, list) and any(map(from_inside, schema))


@pytest.mark.parametrize("act", playables().values(), ids=lambda act: act.name)
def test_each_action_says_what_it_takes(act: Playable) -> None:
    """The schema leaves out who and when, and a value made from it is taken."""
    told = act.as_dict()
    schema = told["arguments"]
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert not {"actor", "now"} & schema.get("properties", {}).keys()
    assert told["says"]
    assert told["in_coop"] == ("coop_id" in schema.get("properties", {}))
    if from_inside(schema):
        assert not told["playable"], "what a scenario can't write down isn't for scenarios"
        return
    value = sample(schema, schema)
    assert act.read(json.dumps(value)).keys() == value.keys()


def test_arguments_come_out_as_the_action_takes_them() -> None:
    """Ids, dates, amounts as text, enums and the shapes inside become what Python knows."""
    told = playables()["register.record_admission"].read(
        json.dumps(
            {
                "coop_id": ID,
                "party_id": ID,
                "on": "2026-03-02",
                "decision": {"body": "board", "on": "2026-03-01", "reference": "4b"},
                "shares": [{"share_class": "A", "quantity": 4, "paid": "62.50"}],
            }
        )
    )
    assert told["party_id"] == uuid.UUID(ID)
    assert told["decision"] == DecisionInput(body="board", on=dt.date(2026, 3, 1), reference="4b")
    assert told["shares"] == [SharesInput(share_class="A", quantity=4, paid=Decimal("62.50"))]
    ended = playables()["register.record_ending"].arguments.model_fields["reason"].annotation
    assert ended is Ending


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": "four"},
        {"quantity": 2.5},
        {"on": "2 March"},
        {"member_id": "Jana"},
        {"paid": "much"},
        {"who": "me"},
    ],
)
def test_what_does_not_fit_is_refused(wrong: Mapping[str, Any]) -> None:
    """Nothing is guessed, rounded or dropped."""
    act = playables()["register.record_issue"]
    schema = act.schema()
    good = sample(schema, schema)
    assert act.read(json.dumps(good))
    with pytest.raises(ValidationError):
        act.read(json.dumps({**good, **wrong}))


def test_the_list_is_for_people_too() -> None:
    """Without --format it reads like a page of a manual; amounts are text in the schemas."""
    out = io.StringIO()
    call_command("actions", part="record_issue", stdout=out)
    text = out.getvalue()
    assert text.startswith("register.record_issue  (register.shares_issued, in a co-operative)\n")
    assert "quantity: integer\n" in text
    assert "paid: amount or null = null\n" in text
    amount = listed()["register.record_issue"]["arguments"]["properties"]["paid"]["anyOf"][0]
    assert amount["type"] == "string"


def test_signing_in_and_hosting_are_no_scenarios() -> None:
    """What is about the installation and real people is listed, but marked."""
    known = listed()
    assert known["coops.found_coop"]["playable"]
    assert known["register.record_transfer"]["playable"]
    for name in ("coops.host_coop", "people.first_administrator", "people.change_email"):
        assert not known[name]["playable"]
