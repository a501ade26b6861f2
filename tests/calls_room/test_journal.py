"""The journal: what happened, in the order it happened, by call and by ticket."""

from datetime import UTC, datetime, timedelta

from calls import journal
from store.engine import Store
from store.tables import calls, menus

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def test_what_is_noted_is_read_back_oldest_first(store: Store) -> None:
    with store.transaction() as tx:
        journal.note(
            tx, "step", now=NOW, call_sid="CA1", ticket="2611230001", at="language", path=["welcome"]
        )
        journal.note(tx, "ended", now=NOW + timedelta(seconds=9), call_sid="CA1", outcome="abandoned")
        journal.note(tx, "ended", now=NOW, call_sid="CA2", outcome="answered")
    with store.reading() as tx:
        first, second = journal.of_call(tx, "CA1")
    assert first == journal.Entry(NOW, "step", "CA1", "2611230001", {"at": "language", "path": ["welcome"]})
    assert (second.kind, second.detail) == ("ended", {"outcome": "abandoned"})


def test_a_ticket_has_the_journal_of_its_call_too(store: Store) -> None:
    with store.transaction() as tx:
        tx.execute(menus.insert().values(version="v", source={}, loaded_at=NOW))
        tx.execute(
            calls.insert().values(
                sid="CA1", ticket="2611230001", dialled="+8643112345", language="zh", state="menu",
                menu="v", at="welcome", started_at=NOW, seen_at=NOW,
            )
        )  # fmt: skip
        journal.note(tx, "call-arrived", now=NOW, call_sid="CA1")
        journal.note(tx, "number-shown", now=NOW, ticket="2611230001", who="root")
        journal.note(tx, "step", now=NOW, call_sid="CA2", ticket="2611230002")
    with store.reading() as tx:
        assert [entry.kind for entry in journal.of_ticket(tx, "2611230001")] == [
            "call-arrived",
            "number-shown",
        ]
        assert journal.of_ticket(tx, "2611239999") == []
