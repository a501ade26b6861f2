"""`hotline check --schema`: writes a JSON Schema for each kind of file, and says how an editor uses them."""

import json
from pathlib import Path

import click

from ivr.nodes import KINDS
from settings.files import yaml_files
from settings.schema import Schema, document, of, schemas
from terminal.refusal import Refusal

PROMPT = {"type": "object", "description": "A text for each language", "minProperties": 1}


def write_schemas(folder: Path, config: Path) -> None:
    """Write them into `folder` and print how they are used for the files in `config`."""
    if (folder / "hotline.yml").exists():
        raise Refusal(
            f"{folder} is a config folder, no place for schemas", f"hotline check {folder} --schema"
        )
    folder.mkdir(parents=True, exist_ok=True)
    uses = {}
    for name, schema in (schemas() | {"menus.yml": menu(), "texts.yml": texts()}).items():
        path = folder / name.replace(".yml", ".json")
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
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
    start = {"type": "string", "description": "The node where a call begins; welcome if left out"}
    return document(
        {
            "$defs": shared,
            "type": "object",
            "properties": {"start": start},
            "additionalProperties": {"type": "object", "anyOf": kinds},
        }
    )


def texts() -> Schema:
    """The wording that belongs to no node."""
    return document({"type": "object", "additionalProperties": PROMPT})


def _node(kind: str) -> Schema:
    schema = of(KINDS[kind])
    schema["title"] = kind
    return schema
