"""JSON Schemas of the configuration files, for editors that complete keys and underline mistakes."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import CoreSchema, core_schema

from settings.agents import Agent
from settings.calendar import Calendar
from settings.hotline import Hotline
from settings.queues import Queue

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """The schema of each file that `load_config` reads, by the file's name."""
    return {
        "hotline.yml": document(of(Hotline)),
        "queues.yml": document(by_name(of(Queue, given="name"))),
        "agents.yml": document(by_name(of(Agent, given="name"))),
        "calendar.yml": document(of(Calendar, given="zone")),
    }


def of(model: type[BaseModel], given: str | None = None) -> Schema:
    """The schema of a model, without what it is `given` beside what stands in the file."""
    schema = model.model_json_schema(schema_generator=_Lenient)
    schema["properties"].pop(given, None)
    if "required" in schema:
        schema["required"] = [key for key in schema["required"] if key != given]
    return schema


def by_name(entry: Schema) -> Schema:
    """The schema of a file that has such an entry under each name."""
    return {
        "$defs": entry.pop("$defs", {}),
        "type": "object",
        "propertyNames": {"pattern": "^[a-z][a-z0-9-]{0,39}$"},
        "additionalProperties": entry,
    }


def document(schema: Schema) -> Schema:
    """The schema as the whole of a file."""
    return {"$schema": DIALECT, **schema}


class _Lenient(GenerateJsonSchema):
    """Lets more pass where a function of our own is the judge, which an editor can't ask."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Schema:
        return {"anyOf": [self.generate_inner(schema["schema"]), {"type": ["string", "integer"]}]}

    def function_plain_schema(self, schema: core_schema.PlainValidatorFunctionSchema) -> Schema:
        return {}

    def handle_invalid_for_json_schema(self, schema: CoreSchema, error_info: str) -> Schema:
        return {}
