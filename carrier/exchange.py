"""The switch: everything the carrier holds, and everything that may be asked of it."""

import asyncio
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import carrier.verbs  # noqa: F401 - importing the verbs registers them
from carrier.applications import Applications
from carrier.call_recording import CallRecording
from carrier.call_streams import CallStreams
from carrier.calling import Calling
from carrier.clock import Clock
from carrier.conferencing import Conferencing
from carrier.dialling import cancel
from carrier.messaging import Messaging
from carrier.model import Account
from carrier.numbering import Numbering
from carrier.queueing import Queueing

LAST_REPORTS = 5.0
"""Seconds that the app is given, at a stop, to take the reports that its calls have ended."""


class Exchange(
    Calling, Queueing, Conferencing, CallRecording, CallStreams, Messaging, Numbering, Applications
):
    """Holds the calls and runs them.

    Every method that can't do what is asked raises `CarrierError` with Twilio's code.
    """

    def __init__(self, account: Account, clock: Clock, folder: Path, public_url: str) -> None:
        super().__init__(account, clock, folder, public_url)
        self.load_recordings()

    def busy(self) -> AbstractContextManager[None]:
        """Count work outside (a job, a thread) as in flight. May be used from any thread."""
        return self.clock.activity.busy()

    async def settle(self) -> None:
        """Return when no webhook is in flight and every call waits for the clock or somebody outside."""
        await self.clock.activity.settle()

    async def advance(self, seconds: float) -> None:
        """Let so much time pass; everything that is due happens in order."""
        await self.clock.until(lambda: False, seconds)

    async def close(self) -> None:
        """End all calls, report that they ended, and stop."""
        for leg in list(self.legs.values()):
            leg.end(cancel(leg.call))
        with suppress(TimeoutError):
            await asyncio.wait_for(self.settle(), LAST_REPORTS)
        for close in self.closing:
            await close()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.fetcher.close()
