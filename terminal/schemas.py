"""`hotline check --schema`: writes a JSON Schema for each kind of file, and says how an editor uses them."""

import json
from pathlib import Path

import click

from ivr.nodes import KINDS
from settings.schema import Schema, document, of, schemas

FILES = {  # the schema's file, and the configuration files it is for
    "hotline.json": "hotline.yml",
    "queues.json": "queues.yml",
    "agents.json": "agents.yml",
    "calendar.json": "calendar.yml",
    "menu.json": "menus/[!t]*.yml",
    "texts.json": "menus/texts.yml",
}
PROMPT = {"type": "object", "description": "A text for each language", "minProperties": 1}


def write_schemas(folder: Path, config: Path) -> None:
    """Write them into `folder` and print how they are used for the files in `config`."""
    folder.mkdir(parents=True, exist_ok=True)
    known = schemas() | {"menus/[!t]*.yml": menu(), "menus/texts.yml": texts()}
    for name, files in FILES.items():
        text = json.dumps(known[files], ensure_ascii=False, indent=2)
        (folder / name).write_text(text + "\n", encoding="utf-8")
    use = {(folder / name).as_posix(): (config / files).as_posix() for name, files in FILES.items()}
    click.echo(f"Wrote {', '.join(FILES)} to {folder}/.\n")
    click.echo("In Visual Studio Code install the extension YAML (redhat.vscode-yaml) and put this into")
    click.echo(".vscode/settings.json:\n")
    click.echo(json.dumps({"yaml.schemas": use}, indent=2))
    click.echo("\nIn any editor with yaml-language-server put this at the top of a file:\n")
    click.echo(f"# yaml-language-server: $schema={(folder / 'hotline.json').resolve().as_uri()}")


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
