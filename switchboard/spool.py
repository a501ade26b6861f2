"""Calls that came while the database was gone: kept as files, registered by the clock when it is back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from re import sub
from tempfile import NamedTemporaryFile

from sqlalchemy import Connection

from calls import book
from switchboard import ending
from switchboard.hotline import Hotline
from switchboard.menu import Arrival, register
from switchboard.recordings import Told, finished

FIELDS = ("CallSid", "From", "To", "RecordingSid", "RecordingUrl", "RecordingDuration")


@dataclass(frozen=True)
class Spool:
    """A folder of webhooks that could not be registered, one file each."""

    folder: Path

    def keep(self, form: Mapping[str, str], now: datetime) -> None:
        """Write down who called, and where their message is if they left one."""
        if not form.get("CallSid"):
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        told = {name: form[name] for name in FIELDS if name in form} | {"at": now.isoformat()}
        name = sub(r"[^A-Za-z0-9]", "", form["CallSid"] + form.get("RecordingSid", ""))[:80]
        with NamedTemporaryFile("w", dir=self.folder, prefix=".", delete=False, encoding="utf-8") as new:
            json.dump(told, new)
        Path(new.name).replace(self.folder / f"{name}.json")

    def kept(self) -> Iterator[tuple[Path, dict[str, str]]]:
        """The files, oldest first, with what they hold."""
        for path in sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime):
            yield path, json.loads(path.read_text(encoding="utf-8"))


def register_all(hotline: Hotline, spool: Spool) -> int:
    """Give each of those calls its ticket, with a call-back task; returns how many there were."""
    count = 0
    for path, told in list(spool.kept()):
        hotline.decide(partial(_register, hotline, told))
        if told.get("RecordingSid"):
            seconds = int(told.get("RecordingDuration") or 0)
            recording = Told(told["RecordingSid"], told["CallSid"], told.get("RecordingUrl", ""), seconds)
            finished(hotline, recording)
        path.unlink()
        count += 1
    return count


def _register(hotline: Hotline, told: dict[str, str], tx: Connection) -> None:
    arrival = Arrival(told["CallSid"], told.get("From", ""), told.get("To", ""))
    if book.find(tx, arrival.sid) is None:
        register(hotline, tx, arrival)
        ending.end(hotline, tx, arrival.sid, "failed")
