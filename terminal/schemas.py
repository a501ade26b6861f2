"""`hotline check --schema`: writes a JSON Schema for each kind of file, and says how an editor uses them."""

import json
from pathlib import Path

import click

from ivr.nodes import KINDS
from ivr.nodes.lookup import STATES
from ivr.read import NAME
from ivr.texts import names
from settings.files import yaml_files
from settings.languages import LANGUAGES
from settings.schema import Schema, document, of, schemas
from terminal.refusal import Refusal

PIECE: Schema = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": {
                "file": {"type": "string", "description": "audio/NAME.wav, or a URL"},
                "text": {"type": "string", "description": "What it says, for whoever can't hear"},
            },
            "required": ["file"],
            "additionalProperties": False,
        },
    ]
}
TEXT: Schema = {"anyOf": [*PIECE["anyOf"], {"type": "array", "items": PIECE}]}
PROMPT: Schema = {
    "type": "object",
    "description": "A text for each language",
    "properties": dict.fromkeys(LANGUAGES, TEXT),
    "additionalProperties": False,
    "minProperties": 1,
}
# What a function of our own is the judge of, for the keys that hold it.
WITHIN: dict[str, Schema] = {
    "keys": {
        "propertyNames": {"pattern": "^[0-9*#]$"},
        "additionalProperties": {"anyOf": [{"$ref": "#/$defs/Goto"}, {"type": "string"}]},
    },
    "states": {"propertyNames": {"enum": [*STATES]}},
}


def write_schemas(folder: Path, config: Path) -> None:
    """Write them into `folder` and print how they are used for the files in `config`."""
    if (folder / "hotline.yml").exists():
        raise Refusal(
            f"{folder} is a config folder, no place for schemas", f"hotline check {folder} --schema"
        )
    uses = {}
    for name, schema in (schemas() | {"menus.yml": menu(), "texts.yml": texts()}).items():
        path = folder / name.replace(".yml", ".json")
        _write(path, json.dumps(schema, ensure_ascii=False, indent=2) + "\n")
        uses[path] = _files(config, name)
    click.echo(f"Wrote {', '.join(path.name for path in uses)} to {folder}/.\n")
    click.echo("In Visual Studio Code install the extension YAML (redhat.vscode-yaml) and put this into")
    click.echo(".vscode/settings.json:\n")
    click.echo(
        json.dumps({"yaml.schemas": {path.as_posix(): files for path, files in uses.items()}}, indent=2)
    )
    click.echo(
        "\nIn any other editor with yaml-language-server begin a file with its schema, hotline.yml with\n"
    )
    click.echo(f"# yaml-language-server: $schema={(folder / 'hotline.json').resolve().as_uri()}")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        mend = "name a folder that is yours: hotline check --schema FOLDER"
        raise Refusal(f"can't write {path}: {why}", mend) from error


def _files(config: Path, name: str) -> list[str]:
    """The files a schema is for."""
    menus = config / "menus"
    if name == "texts.yml":
        return [(menus / name).as_posix()]
    if name == "menus.yml":
        return [path.as_posix() for path in yaml_files(menus) if path.name != "texts.yml"]
    return [(config / name).as_posix()]


def menu() -> Schema:
    """A file of nodes; each kind is told by the key that names it."""
    kinds = [_node(kind) for kind in KINDS]
    shared = {name: each for kind in kinds for name, each in kind.pop("$defs", {}).items()}
    shared |= {"Prompt": PROMPT, "Node": {"type": "object", "anyOf": kinds}}
    shared["Goto"]["properties"]["language"] = {"enum": [*LANGUAGES]}
    start = {"type": "string", "description": "The node where a call begins; welcome if left out"}
    node = {"$ref": "#/$defs/Node"}
    return document(
        {
            "$defs": shared,
            "type": "object",
            "propertyNames": {"pattern": f"^{NAME.pattern}$"},
            "properties": {"start": {"anyOf": [start, node]}},
            "additionalProperties": node,
        }
    )


def texts() -> Schema:
    """The wording that belongs to no node."""
    known = {name: {"$ref": "#/$defs/Prompt"} for name in names(LANGUAGES)}
    return document(
        {
            "$defs": {"Prompt": PROMPT},
            "type": "object",
            "properties": known,
            "additionalProperties": False,
        }
    )


def _node(kind: str) -> Schema:
    schema = of(KINDS[kind])
    schema["title"] = kind
    for key, told in WITHIN.items():
        if key in schema["properties"]:
            schema["properties"][key] |= told
    return schema
