"""Every action with the JSON Schema of its arguments, made from its signature."""

import dataclasses
import functools
import importlib
import importlib.util
import inspect
import io
import re
import typing
from typing import Annotated, Any, BinaryIO

from django.apps import apps
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, create_model
from pydantic.errors import PydanticUserError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from coopwerf.kernel.action import Action, known_actions

from ..policies import is_playable

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LEFT_OUT = frozenset({"actor", "now"})
FILE = Annotated[bytes, AfterValidator(io.BytesIO)]
"""A file as a scenario writes it down: its bytes in base64."""
AMOUNT = r"^-?[0-9]+(\.[0-9]+)?$"


class _Schemas(GenerateJsonSchema):
    """Write amounts as text, and say plainly what can't be written down in JSON."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {"type": "string", "pattern": AMOUNT}

    def handle_invalid_for_json_schema(self, schema: core_schema.CoreSchema, error_info: str) -> JsonSchemaValue:
        return {"not": {}, "description": "only from inside the application"}


class Arguments(BaseModel):
    """The arguments of an action as they come from outside: nothing unknown, nothing guessed."""

    model_config = ConfigDict(
        extra="forbid", arbitrary_types_allowed=True, val_json_bytes="base64", ser_json_bytes="base64"
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Playable:
    """An action as the player sees it."""

    action: Action
    arguments: type[Arguments]

    @property
    def name(self) -> str:
        """Return its name, `package.what`."""
        return self.action.name

    @property
    def says(self) -> str:
        """Return in one sentence what it does."""
        text = inspect.cleandoc(self.action.call.__doc__ or "").split("\n\n")[0]
        return " ".join(text.split())

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the arguments."""
        schema = self.arguments.model_json_schema(schema_generator=_Schemas, mode="validation")
        schema.pop("description", None)
        return {"$schema": DIALECT, **schema}

    def as_dict(self) -> dict[str, Any]:
        """Return what `coopwerf actions` prints about it."""
        return {
            "name": self.name,
            "says": self.says,
            "verb": self.action.verb,
            "in_coop": self.action.is_tenant,
            "playable": is_playable(self.name, self.action.is_tenant),
            "arguments": self.schema(),
        }

    def read(self, text: str) -> dict[str, Any]:
        """Return the arguments written in JSON as the values that the action takes; raises ValidationError."""
        read = self.arguments.model_validate_json(text, strict=True)
        return {name: getattr(read, name) for name in read.model_fields_set}


def load_actions() -> None:
    """Import the actions of every package of ours, so that all of them are known."""
    for app in apps.get_app_configs():
        if app.name.startswith("coopwerf.") and importlib.util.find_spec(f"{app.name}.actions") is not None:
            importlib.import_module(f"{app.name}.actions")


@functools.cache
def playables() -> dict[str, Playable]:
    """Return every action of our packages by name."""
    load_actions()
    return {
        name: playable(found)
        for name, found in known_actions().items()
        if found.call.__module__.startswith("coopwerf.")
    }


def playable(action: Action) -> Playable:
    """Make an action's arguments known; raises TypeError for a signature that can't be described."""
    hints = typing.get_type_hints(action.call, include_extras=True)
    fields: dict[str, Any] = {}
    for name, parameter in inspect.signature(action.call).parameters.items():
        if name in LEFT_OUT:
            continue
        required = parameter.default is inspect.Parameter.empty
        kind = FILE if hints[name] is BinaryIO else hints[name]
        fields[name] = (kind, ... if required else parameter.default)
    title = "".join(part.title() for part in re.split(r"[._]", action.name))
    try:
        model = create_model(title, __base__=Arguments, **fields)
    except PydanticUserError as error:
        raise TypeError(f"the arguments of {action.name} can't be described: {error}") from error
    return Playable(action, model)


def first_mistake(error: ValidationError) -> tuple[str, str]:
    """Return where the first mistake in arguments stands, and what is wrong there."""
    mistake = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return ".".join(str(part) for part in mistake["loc"]) or "with", str(mistake["msg"])
