"""`coopwerf actions`: everything that can be done here, with the arguments it takes."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import CommandParser

from coopwerf.kernel.command import DomainCommand
from coopwerf.site.player import Playable, playables

WIDTH = 100


class Command(DomainCommand):
    """List every action with the JSON Schema of its arguments."""

    help = "List every action with the arguments it takes."
    needs_database = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --format and a part of a name."""
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("part", nargs="?", default="", help="only actions with this in their name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the list."""
        found = [act for name, act in playables().items() if options["part"] in name]
        if options["format"] == "json":
            self.say([act.as_dict() for act in found])
            return
        for act in found:
            self.stdout.write("\n".join(_told(act)) + "\n")


def _told(act: Playable) -> Iterator[str]:
    told = act.as_dict()
    where = "in a co-operative" if told["in_coop"] else "outside a co-operative"
    yield f"{act.name}  ({told['verb']}, {where}{'' if told['playable'] else ', not for scenarios'})"
    yield from textwrap.wrap(told["says"], WIDTH, initial_indent="    ", subsequent_indent="    ")
    schema = told["arguments"]
    for name, field in schema.get("properties", {}).items():
        must = "" if name in schema.get("required", ()) else f" = {json.dumps(field.get('default'))}"
        yield f"      {name}: {_kind(field, schema)}{must}"


def _kind(field: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Say in a few words what a value is."""
    if "$ref" in field:
        field = {**schema["$defs"][field["$ref"].rsplit("/", 1)[-1]]}
    if "anyOf" in field:
        return " or ".join(_kind(one, schema) for one in field["anyOf"])
    if "enum" in field:
        return "|".join(map(str, field["enum"]))
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}), schema)}"
    if field.get("properties"):
        inner = ", ".join(f"{name}: {_kind(one, schema)}" for name, one in field["properties"].items())
        return f"{{{inner}}}"
    if field.get("pattern"):
        return "amount"
    return str(field.get("format") or field.get("type") or "anything")
