"""All that is known of one ticket: its call's way through the menu, recordings, tasks and journal."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, select

from calls import journal
from calls.journal import Entry
from store.tables import recordings, tasks
from tickets.find import Ticket, ticket


@dataclass(frozen=True)
class Recording:
    sid: str
    kind: str
    url: str
    seconds: int | None
    created_at: datetime
    deleted_at: datetime | None = None


@dataclass(frozen=True)
class Task:
    kind: str
    state: str
    created_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class View:
    """A ticket with everything that hangs on it, oldest first. `path` names the menu's nodes in order."""

    ticket: Ticket
    path: tuple[str, ...]
    recordings: tuple[Recording, ...]
    tasks: tuple[Task, ...]
    journal: tuple[Entry, ...]


def view(tx: Connection, number: str) -> View | None:
    """Everything about the ticket with this number."""
    found = ticket(tx, number)
    if found is None:
        return None
    entries = journal.of_ticket(tx, number)
    return View(found, path(entries), _recordings(tx, number), _tasks(tx, number), tuple(entries))


def path(entries: list[Entry]) -> tuple[str, ...]:
    """The nodes of the menu that the caller came through; one that asked again is named once."""
    names = [name for entry in entries if entry.kind == "step" for name in entry.detail.get("path", ())]
    return tuple(name for name, _again in groupby(names))


def _recordings(tx: Connection, number: str) -> tuple[Recording, ...]:
    r = recordings.c
    query = select(r.sid, r.kind, r.url, r.seconds, r.created_at, r.deleted_at).where(r.ticket == number)
    return tuple(Recording(*row) for row in tx.execute(query.order_by(r.created_at, r.sid)))


def _tasks(tx: Connection, number: str) -> tuple[Task, ...]:
    t = tasks.c
    query = select(t.kind, t.state, t.created_at, t.due_at).where(t.ticket == number)
    return tuple(Task(*row) for row in tx.execute(query.order_by(t.id)))
