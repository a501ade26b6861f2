"""Open a hotline from what stands in the environment, config/ and var/."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from settings.live import Live
from settings.logs import configure
from settings.secrets import Secrets, config_folder, database_url, read_secrets
from settings.started import Started
from store.engine import Store
from switchboard.hotline import Hotline, Runner
from switchboard.roster import seat_all
from switchboard.setup import Setup, kept_setup
from telephony.carrier import Carrier
from telephony.links import Links
from telephony.wire import TWILIO


def open_hotline(runner: Runner) -> Hotline:
    """The hotline of this process: its database is migrated, its configuration watched.

    Where config/ is broken it opens with the last configuration that was right. ConfigRefused,
    StoreUnavailable and StoreTooNew say what to mend.
    """
    configure()
    live = watched()
    store = Store(database_url())
    store.migrate()
    hotline = build(store, lambda: live.current, read_secrets(), utc_now, runner)
    live.on_change = lambda setup: seat_all(hotline)
    seat_all(hotline)
    live.start()
    return hotline


def watched() -> Live[Setup]:
    """The configuration, on the number, the carrier and the addresses that the hotline was started with."""
    folder, kept, started = config_folder(), kept_setup(), Started(os.environ)

    def held(setup: Setup) -> Setup:
        hotline = started.hold(setup.config.hotline)
        return replace(setup, config=replace(setup.config, hotline=hotline))

    def last() -> Setup | None:
        found = kept.last(folder)
        return held(found) if found else None

    return Live(folder, lambda folder: held(kept.load(folder)), last=last)


def build(
    store: Store,
    setup: Callable[[], Setup],
    secrets: Secrets,
    now: Callable[[], datetime],
    runner: Runner,
) -> Hotline:
    """A hotline of these parts, on the carrier that the configuration names."""
    settings = setup().config.hotline
    base = TWILIO if settings.carrier == "twilio" else settings.carrier_url
    carrier = Carrier(secrets.account_sid, secrets.auth_token, base)
    return Hotline(store, setup, carrier, Links(settings.public_url), now, runner)


def utc_now() -> datetime:
    return datetime.now(UTC)
