"""The outbox: nothing is sent twice by two, nothing is forgotten, and what is unsure is said to be."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, select, text

from calls import outbox
from store.engine import Store
from store.tables import outbox as table

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def put(store: Store, key: str, **more: object) -> int | None:
    with store.transaction() as tx:
        return outbox.put(tx, key, "ring", {"to": "client:kim"}, now=NOW, **more)  # type: ignore[arg-type]  # as given


def claim(store: Store, now: datetime, limit: int = 10) -> list[outbox.Command]:
    with store.transaction() as tx:
        there = outbox.any_due(tx, now)
        claimed = outbox.claim(tx, now, 30, limit)
        assert there == bool(claimed)
        return claimed


def state(store: Store, id: int) -> tuple[str, str | None]:
    with store.reading() as tx:
        row = tx.execute(select(table.c.state, table.c.error).where(table.c.id == id)).one()
        return row.state, row.error


def test_a_command_is_claimed_once_with_all_it_holds(store: Store) -> None:
    id = put(store, "ring:O1", call_sid="CA1", offer="O1")
    assert id is not None
    assert claim(store, NOW) == [
        outbox.Command(id, "ring:O1", "ring", {"to": "client:kim"}, "CA1", "O1", attempts=0)
    ]
    assert claim(store, NOW) == []


def test_the_same_key_is_stored_once_and_for_ever(store: Store) -> None:
    id = put(store, "ring:O1")
    assert id is not None
    assert put(store, "ring:O1") is None
    claim(store, NOW)
    with store.transaction() as tx:
        outbox.done(tx, id)
    assert put(store, "ring:O1") is None
    assert claim(store, at(1000)) == []


def test_a_command_is_not_claimed_before_it_is_due(store: Store) -> None:
    put(store, "later", due_at=at(60))
    assert claim(store, at(59)) == []
    assert [command.key for command in claim(store, at(60))] == ["later"]


def test_the_oldest_come_first_and_no_more_than_asked_for(store: Store) -> None:
    for count in range(5):
        put(store, f"c{count}", due_at=at(-count))
    assert [command.key for command in claim(store, NOW, limit=2)] == ["c3", "c4"]
    assert [command.key for command in claim(store, NOW, limit=2)] == ["c1", "c2"]
    assert [command.key for command in claim(store, NOW, limit=2)] == ["c0"]


def test_a_lease_that_ran_out_is_claimed_again_with_its_outcome_unknown(store: Store) -> None:
    put(store, "ring:O1")
    first = claim(store, NOW)[0]
    assert not first.outcome_unknown
    assert claim(store, at(29)) == []
    second = claim(store, at(30))[0]
    assert (second.id, second.attempts, second.outcome_unknown) == (first.id, 1, True)


def test_a_retry_waits_and_tells_that_it_was_tried(store: Store) -> None:
    put(store, "ring:O1")
    command = claim(store, NOW)[0]
    with store.transaction() as tx:
        outbox.retry(tx, command.id, at(5), "the connection was lost")
    assert state(store, command.id) == ("pending", "the connection was lost")
    assert claim(store, at(4)) == []
    assert claim(store, at(5))[0].outcome_unknown


def test_what_has_failed_or_is_done_is_never_claimed_again(store: Store) -> None:
    put(store, "a")
    put(store, "b")
    a, b = claim(store, NOW)
    with store.transaction() as tx:
        outbox.failed(tx, a.id, "21211: not a number")
        outbox.done(tx, b.id)
    assert state(store, a.id) == ("failed", "21211: not a number")
    assert state(store, b.id) == ("done", None)
    assert claim(store, at(1000)) == []


def test_whoever_lost_its_lease_cannot_take_the_command_from_the_next(store: Store) -> None:
    put(store, "ring:O1")
    slow = claim(store, NOW)[0]
    quick = claim(store, at(30))[0]
    with store.transaction() as tx:
        outbox.retry(tx, slow.id, at(31), "timed out", attempts=slow.attempts)
        outbox.failed(tx, slow.id, "timed out", attempts=slow.attempts)
    assert claim(store, at(40)) == []
    with store.transaction() as tx:
        outbox.retry(tx, quick.id, at(41), "timed out", attempts=quick.attempts)
    assert [command.attempts for command in claim(store, at(41))] == [2]


def test_a_command_given_up_with_its_transaction_was_never_put(store: Store) -> None:
    try:
        with store.transaction() as tx:
            outbox.put(tx, "ring:O1", "ring", {}, now=NOW)
            raise KeyError
    except KeyError:
        pass
    assert put(store, "ring:O1") is not None


def test_what_was_for_later_can_be_wanted_now(store: Store) -> None:
    put(store, "watch:O1", due_at=at(60))
    with store.transaction() as tx:
        outbox.hasten(tx, "watch:O1", at(5))
        outbox.hasten(tx, "nothing", at(5))
    assert claim(store, at(4)) == []
    command = claim(store, at(5))[0]
    with store.transaction() as tx:
        outbox.hasten(tx, "watch:O1", at(6))
    assert claim(store, at(7)) == [], "somebody is sending it"
    assert command.key == "watch:O1"


def test_only_what_is_over_is_forgotten(store: Store) -> None:
    for key in ("done", "failed", "sending", "pending"):
        put(store, key)
    done, failed, _sending = claim(store, NOW, limit=3)
    with store.transaction() as tx:
        outbox.done(tx, done.id)
        outbox.failed(tx, failed.id, "no")
        outbox.forget(tx, NOW)
    with store.reading() as tx:
        assert len(tx.execute(select(table.c.key)).all()) == 4
    with store.transaction() as tx:
        outbox.forget(tx, at(1))
    with store.reading() as tx:
        assert sorted(tx.execute(select(table.c.key)).scalars()) == ["pending", "sending"]


def test_a_claim_reads_no_more_than_what_is_due(store: Store) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_tx: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        asked.append((statement, values))

    event.listen(store.database.writer, "before_cursor_execute", note)
    try:
        claim(store, NOW)
    finally:
        event.remove(store.database.writer, "before_cursor_execute", note)
    statement, values = next(each for each in asked if "UPDATE outbox" in each[0])
    explain = "EXPLAIN QUERY PLAN " if store.url.get_backend_name() == "sqlite" else "EXPLAIN "
    with store.transaction() as tx:
        if tx.dialect.name == "postgresql":
            tx.execute(text("SET LOCAL enable_seqscan = off"))  # an empty table is always read whole
        plan = [str(row) for row in tx.exec_driver_sql(explain + statement, values)]
    assert any("ix_outbox_due" in step for step in plan), plan
