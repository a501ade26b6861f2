"""The list of tickets, as wide as the terminal is."""

from datetime import UTC, datetime, timedelta
from io import StringIO

from rich.console import Console

from terminal.ticket_pages import COLUMNS, Pages
from tickets.find import Ticket

OPENED = datetime(2026, 11, 24, 10, tzinfo=UTC)
TICKET = Ticket(
    number="26112400001",
    call_sid="CA1",
    channel="phone",
    caller="+8643188880001",
    language="zh",
    state="call-back",
    outcome="transferred",
    agent="ivanova-the-second",
    opened_at=OPENED,
    answered_at=OPENED + timedelta(minutes=12, seconds=5),
    ended_at=OPENED + timedelta(minutes=31),
    waiting_since=OPENED,
    talked_until=OPENED + timedelta(minutes=31),
    talking=False,
)


def listed(width):
    out = StringIO()
    Console(file=out, width=width).print(Pages(UTC).table([TICKET], width))
    return out.getvalue()


def test_the_number_of_a_ticket_is_never_cut_and_no_row_is_too_long():
    for width in range(12, 140):
        shown = listed(width)
        assert "26112400001" in shown
        assert "…" not in shown
        assert all(len(row.rstrip()) <= width for row in shown.splitlines())


def test_a_terminal_of_40_columns_shows_when_and_in_which_state():
    assert listed(40).splitlines()[0].split() == ["ticket", "opened", "state"]
    assert "call-back" in listed(40)


def test_a_usual_terminal_shows_everything():
    assert listed(80).splitlines()[0].split() == list(COLUMNS)
    assert "12:05" in listed(80)
