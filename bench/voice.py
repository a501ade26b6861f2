"""How many calls with a voice one machine carries: `python -m bench.voice`.

A carrier in a process of its own; callers in another, which say a tone each and listen for the others'. They
talk in conferences of `--party`, or hear a spoken prompt and then music (`--party 1`). Each step doubles the
calls, until more than one piece of sound in a hundred is missing or the calls are `--most`. What is printed
is the processor time that the carrier takes for each second of a call, and how many such calls fit one core:
a ratio, taken in one run on one machine.
"""

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np
from aiohttp import ClientSession, web

from carrier.model import Account
from carrier.speech.pcm import Samples
from carrier.voice.player import FRAME, RATE
from tests.carrier_voice.browser import Browser, token

ACCOUNT = Account("AC" + "b" * 32, "a token for benchmarks, long enough for HS256")
NUMBER = "+8643112345"
TICKS = os.sysconf("SC_CLK_TCK")
PIECE = FRAME
TALK = {1: "music", 2: "by two", 3: "by three"}
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Load:
    """What a step of so many calls took: processor seconds of the carrier a second, and the share of pieces
    that the callers missed."""

    calls: int
    processor: float
    missed: float


def processor_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def app(port: int, party: int) -> web.AppRunner:
    """Answers every call with the conference that its caller asks for."""

    async def answer(request: web.Request) -> web.Response:
        room = str((await request.post())["From"])[-3:]
        talk = f'<Dial><Conference beep="false" waitUrl="">{room}</Conference></Dial>'
        alone = '<Say language="en-US">You are number two in line.</Say><Enqueue>people</Enqueue>'
        twiml = f"<Response>{alone if party == 1 else talk}</Response>"
        return web.Response(text=twiml, content_type="text/xml")

    served = web.Application()
    served.router.add_post("/voice", answer)
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


def missing(heard: Samples, seconds: float, *, music: bool) -> float:
    """The share of pieces that did not come in so many seconds, or came without the other's tone. Music has
    rests of its own: of it only what did not come counts."""
    whole = len(heard) // PIECE
    levels = np.abs(heard[: whole * PIECE].astype(int)).reshape(-1, PIECE).max(axis=1, initial=0)
    came = whole if music else int((levels >= 1000).sum())
    return max(1 - came * PIECE / (seconds * RATE), 0.0)


async def measure(
    pid: int, http: ClientSession, url: str, callers: list[Browser], calls: int, codec: str, party: int
) -> Load:
    """Bring the calls up to `calls`, and measure for some seconds."""
    while len(callers) < calls:
        room = len(callers) // party
        browser = await Browser.open(http, url, 400 + 37 * (len(callers) % 40), codec=codec)
        await browser.call(token(ACCOUNT, "bench"), NUMBER, From=f"+86431888{room:05}")
        callers.append(browser)
    await asyncio.sleep(3)
    before, began = processor_seconds(pid), time.monotonic()
    for browser in callers:
        browser.heard = browser.heard[:0]
    await asyncio.sleep(8)
    took = time.monotonic() - began
    used = (processor_seconds(pid) - before) / took
    missed = float(np.mean([missing(browser.heard, took, music=party == 1) for browser in callers]))
    return Load(calls, used, missed)


async def run(codec: str, party: int, most: int, port: int) -> list[Load]:
    """Double the calls until it is too many."""
    loads: list[Load] = []
    with TemporaryDirectory() as folder:
        environ = {**os.environ, "CARRIER_ACCOUNT_SID": ACCOUNT.sid, "CARRIER_AUTH_TOKEN": ACCOUNT.token}
        where = ["--number", f"{NUMBER}=http://127.0.0.1:{port + 1}/voice", "--port", str(port)]
        command = [sys.executable, "-m", "carrier", *where, "--data", folder]
        carrier = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
        runner = await app(port + 1, party)
        callers: list[Browser] = []
        try:
            async with ClientSession() as http:
                await up(http, f"http://127.0.0.1:{port}/health")
                calls = max(party, 2)
                while calls <= most:
                    url = f"http://127.0.0.1:{port}"
                    try:
                        load = await measure(carrier.pid, http, url, callers, calls, codec, party)
                    except TimeoutError:
                        click.echo(f"{codec:>5} {TALK[party]:>9} {calls:>4} calls can't even be connected")
                        break
                    loads.append(load)
                    show(codec, party, loads[-1])
                    if loads[-1].missed > 0.01:
                        break
                    calls *= 2
                for caller in callers:
                    await caller.close()
        finally:
            carrier.terminate()
            carrier.wait()
            await runner.cleanup()
    return loads


async def up(http: ClientSession, url: str) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                async with http.get(url) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                pass
            await asyncio.sleep(0.1)


def show(codec: str, party: int, load: Load) -> None:
    each = load.processor / load.calls
    click.echo(
        f"{codec:>5} {TALK[party]:>9} {load.calls:>4} calls  carrier {load.processor:6.1%} of a core, "
        f"{each:5.2%} a call ({1 / each:3.0f} calls a core)  missed {load.missed:5.2%}"
    )


@click.command()
@click.option("--codec", type=click.Choice(["PCMU", "opus"]), multiple=True, default=("PCMU", "opus"))
@click.option("--party", type=click.IntRange(1, 3), multiple=True, default=(1, 2, 3))
@click.option("--most", default=32, show_default=True, help="Calls at most.")
@click.option("--port", default=9700, show_default=True, help="Two ports from here on.")
def main(codec: tuple[str, ...], party: tuple[int, ...], most: int, port: int) -> None:
    """Measure how many calls with a voice this machine carries."""
    for each in codec:
        for size in party:
            asyncio.run(run(each, size, most, port))


if __name__ == "__main__":
    main()
