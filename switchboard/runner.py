"""What follows from a commit: offers to make, and commands to send to the carrier.

Each web process has a `Worker`, woken after every commit that can matter; should the process die in
between, the clock of another finds the same work in the database. `AtOnce` does it all before it returns.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import structlog

from calls.outbox import Command
from store.errors import StoreUnavailable
from switchboard import commands
from switchboard.hotline import Hotline
from switchboard.offering import dispatch

log = structlog.get_logger()

SENDERS = 8  # commands under way at once: the carrier answers each in its own time
LONGEST_SLEEP = 3600.0  # seconds; a queue may be closed for longer than a thread can be told to wait


def work_off(hotline: Hotline) -> bool:
    """Make the offers that can be made and send the commands that are due; false when there was nothing."""
    round_ = dispatch(hotline)
    groups = commands.claim(hotline) if round_.unsent else []
    for group in groups:
        commands.send_all(hotline, group)
    return bool(round_.made or groups)


class AtOnce:
    """Works everything off before it returns, in the thread that asks."""

    def __init__(self) -> None:
        self.hotline: Hotline | None = None
        self._inside = threading.local()

    def kick(self) -> None:
        if self.hotline is None or getattr(self._inside, "flag", False):
            return  # the outer round looks again
        self._inside.flag = True
        try:
            while work_off(self.hotline):
                pass
        finally:
            self._inside.flag = False


class Worker:
    """A thread that works off what is there whenever it is kicked."""

    def __init__(self) -> None:
        self.hotline: Hotline | None = None
        self._wanted = threading.Event()
        self._stopped = False
        self._due: datetime | None = None
        self._lock = threading.Lock()
        self._busy = 0
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="carrier-command")
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self, hotline: Hotline) -> None:
        """Begin; what was left undone by an earlier process is looked for first."""
        self.hotline = hotline
        self._wanted.set()
        self._thread.start()

    def kick(self) -> None:
        self._wanted.set()

    def stop(self) -> None:
        """Finish what is under way and end."""
        self._stopped = True
        self._wanted.set()
        self._thread.join()
        self._pool.shutdown()

    def _run(self) -> None:
        while not self._stopped:
            self._wanted.wait(self._until_due())
            self._wanted.clear()
            self._guarded(self._work)

    def _until_due(self) -> float | None:
        """Seconds until the rules change of themselves: a step of a timeline, a queue opened again."""
        if self.hotline is None or self._due is None:
            return None
        return min(max(0.0, (self._due - self.hotline.now()).total_seconds()), LONGEST_SLEEP)

    def _work(self) -> None:
        """Offers first; then as many commands as there are free senders. Waits for none of them."""
        hotline = self.hotline
        while hotline is not None:
            round_ = dispatch(hotline)
            self._due = round_.due
            with self._lock:
                free = SENDERS - self._busy
            groups = commands.claim(hotline, free) if free and round_.unsent else []
            for group in groups:
                with self._lock:
                    self._busy += 1
                self._pool.submit(self._guarded, self._send, hotline, group)
            if not round_.made and not groups:
                return

    def _send(self, hotline: Hotline, group: list[Command]) -> None:
        try:
            commands.send_all(hotline, group)
        finally:
            with self._lock:
                self._busy -= 1
            self.kick()

    def _guarded(self, work: Callable[..., None], *arguments: object) -> None:
        try:
            work(*arguments)
        except StoreUnavailable as error:
            log.error("database not reached", error=str(error))  # the clock looks again in a second
        except Exception:  # a thread must outlive any single mistake; the clock tries again
            log.exception("work not done")
