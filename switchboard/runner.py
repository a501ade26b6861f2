"""What follows from a commit: offers to make, and commands to send to the carrier.

Each web process has a `Worker`, woken after every commit that can matter; should the process die in
between, the clock of another finds the same work in the database. `AtOnce` does it all before it returns.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog

from calls.outbox import Command
from store.errors import StoreUnavailable
from switchboard import commands
from switchboard.hotline import Hotline
from switchboard.offering import dispatch

log = structlog.get_logger()

Group = list[Command]
Send = Callable[[Group], None]

SENDERS = 8  # commands under way at once: the carrier answers each in its own time


def work_off(hotline: Hotline, each: Callable[[Send, list[Group]], Iterable[None]] = map) -> bool:
    """Make the offers that can be made and send the commands that are due; false when there was nothing."""
    made = dispatch(hotline)
    groups = commands.claim(hotline)
    for _ in each(partial(commands.send_all, hotline), groups):
        pass  # what goes wrong in one of them is raised here
    return bool(made or groups)


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
            self._wanted.wait()
            self._wanted.clear()
            self._work()

    def _work(self) -> None:
        hotline = self.hotline
        try:
            while hotline is not None and work_off(hotline, self._pool.map):
                pass
        except StoreUnavailable as error:
            log.error("database not reached", error=str(error))  # the clock looks again in a second
        except Exception:
            log.exception("work not done")
