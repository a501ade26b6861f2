"""The command line of the carrier, and the account it serves. What can't be right is refused in one line."""

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

from carrier.ids import is_sid
from carrier.manual import DESCRIPTION, EPILOG
from carrier.model import Account
from carrier.rest.form import is_url
from carrier.rest.phone_numbers import E164

PAIRS = {
    "--number": "a number and the webhook that answers it; may be repeated",
    "--fallback": "asked when the number's webhook fails",
    "--status": "told how the number's calls end",
}


class BadArguments(Exception):
    """What is wrong with the command line or the environment, and how to put it right, in one line."""


@dataclass(frozen=True)
class OwnNumber:
    """A number of the carrier's own and the addresses behind it."""

    number: str
    voice_url: str
    fallback_url: str = ""
    status_url: str = ""


@dataclass(frozen=True)
class Arguments:
    lines: tuple[OwnNumber, ...]
    applications: Mapping[str, str]
    """Webhooks of TwiML Apps, by SID."""
    host: str
    port: int
    data: Path | None
    public_url: str | None


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadArguments(message)


def parse(words: Sequence[str]) -> Arguments:
    """The arguments; `--help` prints and exits."""
    parser = _Parser(
        prog="python -m carrier",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    for option, meaning in PAIRS.items():
        parser.add_argument(
            option, action="append", default=[], metavar="NUMBER=URL", type=_pair, help=meaning
        )
    parser.add_argument(
        "--application",
        action="append",
        default=[],
        metavar="SID=URL",
        type=_application,
        help="a TwiML App (AP...) and the webhook that answers browsers whose token names it",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", default=8001, type=_port, help="port to listen on (default: %(default)s)")
    parser.add_argument(
        "--data", metavar="DIR", type=Path, help="where recordings are kept (default: a temporary folder)"
    )
    parser.add_argument(
        "--public-url",
        metavar="URL",
        type=_url,
        help="how the application reaches this server (default: http://HOST:PORT)",
    )
    given = parser.parse_args(words)
    return Arguments(
        lines=_lines(
            _once("--number", given.number),
            _once("--fallback", given.fallback),
            _once("--status", given.status),
        ),
        applications=_once("--application", given.application),
        host=given.host,
        port=given.port,
        data=given.data,
        public_url=given.public_url,
    )


def _pair(text: str) -> tuple[str, str]:
    number, _, url = text.partition("=")
    if not E164.fullmatch(number):
        raise argparse.ArgumentTypeError(f"{text}: write NUMBER=URL, with a number such as +8643112345")
    return number, _url(url)


def _application(text: str) -> tuple[str, str]:
    sid, _, url = text.partition("=")
    if not is_sid(sid, "AP"):
        raise argparse.ArgumentTypeError(f"{text}: write SID=URL, with AP and 32 hexadecimal digits as SID")
    return sid, _url(url)


def _url(text: str) -> str:
    if not is_url(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a URL such as http://127.0.0.1:8000/voice/incoming"
        )
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 2**16):
        raise argparse.ArgumentTypeError(
            f"{text} is not a port; write a number from 1 to 65535, or 0 for any"
        )
    return int(text)


def _once(option: str, pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    for at, (number, _) in enumerate(pairs):
        if number in dict(pairs[:at]):
            raise BadArguments(f"argument {option}: {number} is given twice")
    return dict(pairs)


def _lines(
    numbers: Mapping[str, str], fallback: Mapping[str, str], status: Mapping[str, str]
) -> tuple[OwnNumber, ...]:
    for option, extra in (("--fallback", fallback), ("--status", status)):
        for number in sorted(set(extra) - set(numbers)):
            raise BadArguments(f"argument {option}: {number} is not given with --number")
    return tuple(
        OwnNumber(number, url, fallback.get(number, ""), status.get(number, ""))
        for number, url in numbers.items()
    )


def account(environ: Mapping[str, str] = os.environ) -> tuple[Account, bool]:
    """The account of the environment, or a new one; and whether it is new."""
    sid, token = environ.get("CARRIER_ACCOUNT_SID", ""), environ.get("CARRIER_AUTH_TOKEN", "")
    if not sid and not token:
        return Account(sid="AC" + uuid4().hex, token=uuid4().hex), True
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", sid):
        raise BadArguments(
            "CARRIER_ACCOUNT_SID must be AC and 32 hexadecimal digits (or unset both variables)"
        )
    if not token:
        raise BadArguments(
            "CARRIER_AUTH_TOKEN is missing beside CARRIER_ACCOUNT_SID (or unset both variables)"
        )
    return Account(sid=sid, token=token), False
