"""Tickets as tables and pages of the terminal, and as JSON."""

from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tickets.find import Ticket
from tickets.phone import masked
from tickets.show import Recording, Task, View
from tickets.words import words

COLOURS = {"open": "cyan", "accepted": "green", "call-back": "yellow", "closed": "dim"}

WHOLE: dict[str, Any] = {"no_wrap": True}
FOLDED: dict[str, Any] = {"overflow": "fold"}
FIGURES: dict[str, Any] = {"no_wrap": True, "justify": "right"}
COLUMNS: dict[str, tuple[int, dict[str, Any]]] = {  # from what width of the terminal on, and how it is set
    "ticket": (0, WHOLE),
    "opened": (34, WHOLE),
    "caller": (52, FOLDED),
    "lang": (68, WHOLE),
    "state": (22, WHOLE),
    "outcome": (76, FOLDED),
    "agent": (62, FOLDED),
    "wait": (76, FIGURES),
    "talk": (76, FIGURES),
}
ROOMY = 100  # columns from which on two blanks part them


@dataclass(frozen=True)
class Pages:
    """How tickets look: times in `zone`, telephone numbers masked unless `full_numbers`."""

    zone: tzinfo
    full_numbers: bool = False

    def table(self, tickets: list[Ticket], width: int) -> Table:
        """One line a ticket; a narrow terminal has fewer columns, and the ticket's number is always whole."""
        table = Table(box=None, padding=(0, 2 if width >= ROOMY else 1, 0, 0), header_style="bold")
        shown = {heading: how for heading, (least, how) in COLUMNS.items() if width >= least}
        for heading, how in shown.items():
            table.add_column(heading, **how)
        for ticket in tickets:
            cells = self._cells(ticket)
            table.add_row(*(cells[heading] for heading in shown))
        return table

    def _cells(self, ticket: Ticket) -> dict[str, RenderableType]:
        return {
            "ticket": ticket.number,
            "opened": f"{ticket.opened_at.astimezone(self.zone):%m-%d %H:%M}",  # the year is in the number
            "caller": self.caller(ticket),
            "lang": ticket.language,
            "state": _state(ticket.state),
            "outcome": ticket.outcome or "",
            "agent": ticket.agent or "",
            "wait": minutes(ticket.seconds_waited),
            "talk": minutes(ticket.seconds_talked),
        }

    def page(self, view: View) -> RenderableType:
        """One ticket with all that hangs on it."""
        parts: list[RenderableType] = [Text(f"Ticket {view.ticket.number}", style="bold"), self._facts(view)]
        if view.tasks:
            parts += [_heading("To do"), *(_indented(self._task(task, view.ticket)) for task in view.tasks)]
        if view.recordings:
            parts += [_heading("Recordings"), *(_indented(self._recording(each)) for each in view.recordings)]
        if any(each.deleted_at is None for each in view.recordings):
            parts.append(_indented(Text(f"hotline tickets {view.ticket.number} --play plays", style="dim")))
        return Group(*parts, _heading("Journal"), self._journal(view))

    def values(self, ticket: Ticket) -> dict[str, Any]:
        """One ticket for JSON."""
        values = _plain(asdict(ticket), self.zone)
        return values | {
            "caller": self.caller(ticket) if ticket.caller else None,
            "seconds_waited": ticket.seconds_waited,
            "seconds_talked": ticket.seconds_talked,
        }

    def all_values(self, view: View) -> dict[str, Any]:
        """One ticket with all that hangs on it, for JSON."""
        return self.values(view.ticket) | {
            "path": list(view.path),
            "recordings": [_plain(asdict(each), self.zone) for each in view.recordings],
            "tasks": [_plain(asdict(each), self.zone) for each in view.tasks],
            "journal": [_plain(asdict(each), self.zone) | {"words": words(each)} for each in view.journal],
        }

    def caller(self, ticket: Ticket) -> str:
        """The caller's number, as it may be shown."""
        return ticket.caller if self.full_numbers and ticket.caller else masked(ticket.caller)

    def _facts(self, view: View) -> RenderableType:
        ticket = view.ticket
        facts: dict[str, RenderableType] = {
            "state": _state(ticket.state),
            "caller": self.caller(ticket),
            "language": ticket.language,
            "opened": self._time(ticket.opened_at, seconds=True),
            "path": " → ".join(view.path),
            "waited": minutes(ticket.seconds_waited),
            "agent": ticket.agent or "",
            "talked": minutes(ticket.seconds_talked),
            "ended": self._time(ticket.ended_at, seconds=True) if ticket.ended_at else "",
            "outcome": ticket.outcome or "",
        }
        table = Table.grid(padding=(0, 2, 0, 0))
        for name, value in facts.items():
            if value:
                table.add_row(Text(name, style="dim"), value)
        return _indented(table)

    def _journal(self, view: View) -> RenderableType:
        table = Table.grid(padding=(0, 2, 0, 0))
        for entry in view.journal:
            table.add_row(Text(f"{entry.at.astimezone(self.zone):%H:%M:%S}", style="dim"), Text(words(entry)))
        return _indented(table)

    def _task(self, task: Task, ticket: Ticket) -> Text:
        whom = self.caller(ticket) if ticket.caller else "a caller who withheld the number"
        return Text(f"{task.kind} {whom}: {task.state}, due {self._time(task.due_at)}")

    def _recording(self, recording: Recording) -> Text:
        length = "" if recording.seconds is None else f", {minutes(recording.seconds)}"
        deleted = f", deleted {self._time(recording.deleted_at)}" if recording.deleted_at else ""
        return Text(f"{recording.kind} of {self._time(recording.created_at)}{length}{deleted}")

    def _time(self, moment: datetime, *, seconds: bool = False) -> str:
        return f"{moment.astimezone(self.zone):{'%Y-%m-%d %H:%M:%S' if seconds else '%Y-%m-%d %H:%M'}}"


def _state(state: str) -> Text:
    return Text(state, style=COLOURS.get(state, ""))


def minutes(seconds: int | None) -> str:
    """Minutes and seconds, as in 12:05; nothing where it is not known."""
    return "" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def _heading(words: str) -> Text:
    return Text(f"\n{words}", style="bold")


def _indented(part: RenderableType) -> Padding:
    return Padding(part, (0, 0, 0, 2))


def _plain(values: dict[str, Any], zone: tzinfo) -> dict[str, Any]:
    """The same, with times as ISO 8601 in `zone`."""
    return {
        name: value.astimezone(zone).isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
