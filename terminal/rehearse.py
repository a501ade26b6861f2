"""Plays the written calls of a configuration, each on a hotline of its own that exists only for that call."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from rehearsal.stage import Stage
from store.engine import Store
from switchboard.setup import Setup
from terminal.play import Differs, play
from terminal.script import Script

MEND = "mend the menu, or write the call as it goes now (hotline call --save FILE writes one)"


def rehearse(setup: Setup, scripts: list[Script]) -> Iterator[str | None]:
    """For each script where its call goes another way, with its mend; None where it goes as written."""
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/rehearsal.db")
        try:
            store.migrate()
            for script in scripts:
                yield _differs(setup, script, store, Path(folder))
        finally:
            store.dispose()


def _differs(setup: Setup, script: Script, store: Store, folder: Path) -> str | None:
    hotline = setup.config.hotline
    start = script.when.replace(tzinfo=ZoneInfo(hotline.timezone)) if script.when else None
    with Stage(setup, store, folder, start) as stage:
        try:
            stage.run(play(script, stage.phone(), hotline.number))
        except Differs as difference:
            return f"{difference}\n    mend: {MEND}"
        finally:
            stage.settle()  # the caller has hung up; let the hotline hear of it before it ends
    return None
