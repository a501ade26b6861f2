"""A carrier that answers as Twilio's specification says, and a judge of what it was asked."""

import json
import re
import socket
import struct
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from openapi_schema_validator import OAS30Validator

EXTRACT = Path(__file__).parents[1] / "data" / "twilio_openapi_extract.json"
ACCOUNT = "AC" + "a" * 32
TOKEN = "b" * 32

Fields = dict[str, list[str]]


class Specification:
    """Twilio's OpenAPI file. It lets unknown parameters pass; this judge does not."""

    def __init__(self) -> None:
        self.data = json.loads(EXTRACT.read_text(encoding="utf-8"))

    def operation(self, method: str, path: str) -> tuple[dict[str, Any], dict[str, str]]:
        for template, operations in self.data["paths"].items():
            matched = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), path)
            if matched and method.lower() in operations:
                return operations[method.lower()], matched.groupdict()
        raise AssertionError(f"Twilio has no {method} {path}")

    def faults(self, asked: "Asked") -> list[str]:
        operation, in_path = self.operation(asked.method, asked.path)
        places: dict[str, dict[str, Any]] = {"path": {}, "query": {}}
        for parameter in operation["parameters"]:
            places[parameter["in"]][parameter["name"]] = parameter["schema"]
        body = operation.get("requestBody", {"content": {}})["content"].get(
            "application/x-www-form-urlencoded"
        )
        form = body["schema"] if body else {"properties": {}}
        return [
            *self._wrong(places["path"], {name: [value] for name, value in in_path.items()}),
            *self._wrong(places["query"], asked.query),
            *self._wrong(form["properties"], asked.form),
            *(f"{name} is required" for name in form.get("required", []) if name not in asked.form),
        ]

    def _wrong(self, known: dict[str, Any], given: Fields) -> Iterator[str]:
        for name, values in given.items():
            if name not in known:
                yield f"{name} is no parameter"
                continue
            schema = {**known[name], "components": self.data["components"]}
            value = _typed(self._resolved(known[name]), values)
            yield from (f"{name}: {error.message}" for error in OAS30Validator(schema).iter_errors(value))

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in schema:
            return schema
        return self.data["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]

    def example(self, method: str, path: str) -> tuple[int, Any]:
        operation, _ = self.operation(method, path)
        for status, response in operation["responses"].items():
            if status == "204":  # there is nothing to say
                return 204, ""
            examples = response.get("content", {}).get("application/json", {}).get("examples", {})
            for value in (each["value"] for name, each in examples.items() if name != "readEmpty"):
                # One page is enough, else the client would turn the example's page for ever.
                return int(status), {**value, "next_page_uri": None} if "next_page_uri" in value else value
        raise AssertionError(f"{method} {path} has no example")


def _typed(schema: dict[str, Any], values: list[str]) -> Any:
    """A form's text as the value that the schema speaks of; text that is no such value stays text."""
    if schema.get("type") == "array":
        return values
    if len(values) > 1:
        return values
    words = {"boolean": {"true": True, "false": False}}
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", values[0]):
        return int(values[0])
    return words.get(schema.get("type", ""), {}).get(values[0], values[0])


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Fields
    form: Fields
    headers: dict[str, str] = field(hash=False)

    @property
    def auth(self) -> tuple[str, str] | None:
        kind, _, told = self.headers.get("authorization", "").partition(" ")
        if kind != "Basic":
            return None
        name, _, password = b64decode(told).decode().partition(":")
        return name, password


Answer = Callable[[Asked], tuple[int, Any, dict[str, str]] | None]


class HttpServer:
    """A server on a free port that keeps what it was asked and answers through `answer`.

    An answer of None breaks the connection off after the request has been read.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer, self.asked = answer, list[Asked]()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do(self) -> None:
                outer._serve(self)

            do_GET = do_POST = do_DELETE = do

            def log_message(self, *_: Any) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("content-length") or 0)).decode()
        parts = urlsplit(request.path)
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(
            request.command,
            parts.path,
            parse_qs(parts.query, keep_blank_values=True),
            parse_qs(body, keep_blank_values=True),
            headers,
        )
        self.asked.append(asked)
        answer = self.answer(asked)
        if answer is None:
            # Linger for no time: the client sees a reset, as when a process is killed.
            request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            request.connection.close()
            request.close_connection = True
            return
        status, told, more = answer
        text = (told if isinstance(told, str) else json.dumps(told)).encode()
        request.send_response_only(status)  # without a Date of its own
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(text)),
            **more,
        }.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(text)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture(scope="session")
def specification() -> Specification:
    return Specification()


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], HttpServer]]:
    servers: list[HttpServer] = []

    def start(answer: Answer) -> HttpServer:
        servers.append(HttpServer(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
