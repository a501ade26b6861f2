"""Calls that came while the database was gone: kept as files, registered by the clock when it is back."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from re import sub
from tempfile import NamedTemporaryFile

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from calls import book
from switchboard import ending
from switchboard.hotline import Hotline
from switchboard.menu import Arrival, register
from switchboard.recordings import Told, finished

log = structlog.get_logger()

FIELDS = ("CallSid", "From", "To", "RecordingSid", "RecordingUrl", "RecordingDuration", "RecordingSource")


@dataclass(frozen=True)
class Spool:
    """A folder of webhooks that could not be registered, one file each."""

    folder: Path

    def keep(self, form: Mapping[str, str], now: datetime) -> None:
        """Write down who called, and where their message is if they left one."""
        if not form.get("CallSid"):
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        told = {name: form[name].replace("\0", "") for name in FIELDS if name in form} | {
            "at": now.isoformat()
        }
        name = sub(r"[^A-Za-z0-9]", "", form["CallSid"] + form.get("RecordingSid", ""))[:80]
        with NamedTemporaryFile("w", dir=self.folder, prefix=".", delete=False, encoding="utf-8") as new:
            json.dump(told, new)
            new.flush()
            os.fsync(new.fileno())
        Path(new.name).replace(self.folder / f"{name}.json")

    def kept(self) -> list[Path]:
        """The files, oldest first."""
        return sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime)


def register_all(hotline: Hotline, spool: Spool) -> int:
    """Give each of those calls its ticket, with a call-back task; returns how many there were.

    A file that cannot be used is put aside with an error, so that it keeps no other waiting.
    """
    count = 0
    for path in spool.kept():
        try:
            _register_file(hotline, path)
        except (ValueError, KeyError, DBAPIError) as error:
            log.error("a call that was kept cannot be registered", file=str(path), error=type(error).__name__)
            path.rename(path.with_suffix(".bad"))
        else:
            path.unlink()
            count += 1
    return count


def _register_file(hotline: Hotline, path: Path) -> None:
    told = json.loads(path.read_text(encoding="utf-8"))
    hotline.decide(partial(_register, hotline, told))
    if told.get("RecordingSid"):
        finished(hotline, Told.of(told))


def _register(hotline: Hotline, told: dict[str, str], tx: Connection) -> None:
    arrival = Arrival(told["CallSid"], told.get("From", ""), told.get("To", ""))
    if book.find(tx, arrival.sid) is None:
        register(hotline, tx, arrival, at=datetime.fromisoformat(told["at"]))
        ending.end(hotline, tx, arrival.sid, "failed")
