"""`python -m carrier`: the local carrier as a process of its own."""

import asyncio
import logging
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

from aiohttp import web

from carrier.app import create_app
from carrier.arguments import Arguments, BadArguments, account, parse
from carrier.clock import RealClock
from carrier.exchange import Exchange
from carrier.model import Account

SHUTDOWN = 5.0
"""Seconds that requests under way are given when the carrier stops."""


def main() -> int:
    """Serve until told to stop; 2 when the arguments or the port can't be used."""
    os.umask(0o077)  # what people said to each other is nobody else's
    logging.basicConfig(level=logging.WARNING, format="carrier: %(levelname)s %(name)s %(message)s")
    try:
        arguments = parse(sys.argv[1:])
        owner, new = account()
        listener = _listen(arguments)
    except BadArguments as wrong:
        print(f"carrier: {wrong}", file=sys.stderr)
        return 2
    if new:
        print(f"CARRIER_ACCOUNT_SID={owner.sid}\nCARRIER_AUTH_TOKEN={owner.token}", flush=True)
    with tempfile.TemporaryDirectory(prefix="carrier-") as scratch:
        asyncio.run(_serve(arguments, owner, listener, arguments.data or Path(scratch)))
    return 0


def _listen(arguments: Arguments) -> socket.socket:
    host, port = arguments.host, arguments.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if arguments.data:
            arguments.data.mkdir(parents=True, exist_ok=True)
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        where = f"{arguments.data}" if isinstance(error, FileExistsError) else f"{host}:{port}"
        raise BadArguments(
            f"can't use {where} ({error.strerror}); choose another --port, --host or --data"
        ) from None


async def _serve(arguments: Arguments, owner: Account, listener: socket.socket, folder: Path) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    host = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    here = f"http://{host}:{listener.getsockname()[1]}"
    exchange = Exchange(owner, RealClock(), folder, arguments.public_url or here)
    for line in arguments.lines:
        exchange.add_number(
            line.number,
            friendly_name=line.number,
            voice_url=line.voice_url,
            voice_fallback_url=line.fallback_url,
            status_callback=line.status_url,
        )
    for sid, url in arguments.applications.items():
        exchange.add_application(sid, voice_url=url)
    from carrier.media.audible import Audible
    from carrier.speech.spoken import speech_in
    from carrier.voice.mixer import Mixer

    mixer, speech = Mixer(), speech_in(folder)
    exchange.medium = Audible(exchange, mixer, speech)
    runner = web.AppRunner(create_app(exchange, mixer), access_log=None, shutdown_timeout=SHUTDOWN)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    numbers = ", ".join(line.number for line in arguments.lines) or "no number yet"
    print(f"carrier ready at {here} for account {owner.sid} with {numbers}", flush=True)
    await stop.wait()
    await runner.cleanup()
    speech.close()


if __name__ == "__main__":
    sys.exit(main())
