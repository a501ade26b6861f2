"""The real processes: `hotline run` on free ports, with a folder, a database and forty seats of its own."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from carrier.phone import Line, NobodyRang, Phone
from settings.secrets import read_secrets
from store.engine import Store
from web import seat_token

ROOT = Path(__file__).parents[2]
NUMBER = "+8643112345"
MENU, TICKET = "紧急求助请按1", "您的工单号是"  # said by the sample's first menu, and after the talk


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@dataclass
class City:
    """A hotline of real processes."""

    folder: Path
    database: str
    web_port: int = field(default_factory=free_port)
    carrier_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environ(self) -> dict[str, str]:
        return {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("HOTLINE", "TWILIO"))
            },
            "HOTLINE_VAR": str(self.folder / "var"),
            "HOTLINE_CONFIG": str(self.folder / "config"),
            "HOTLINE_DATABASE_URL": self.database,
            "HOTLINE_WEB_PORT": str(self.web_port),
            "HOTLINE_CARRIER_PORT": str(self.carrier_port),
        }

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def carrier(self) -> str:
        return f"http://127.0.0.1:{self.carrier_port}"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def start(self) -> None:
        command = [sys.executable, "-m", "app", "run"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=log, stderr=log)
        self.is_well()

    def is_well(self, within: float = 60) -> None:
        """Wait until web and carrier answer."""
        deadline = time.monotonic() + within
        while not (answers(self.web + "/health") and answers(self.carrier + "/health")):
            assert time.monotonic() < deadline, f"not up within {within} s:\n{self.log}"
            time.sleep(0.1)

    def parts(self) -> dict[str, int]:
        found: dict[str, int] = json.loads((self.folder / "var" / "run.json").read_text())["parts"]
        return found

    def kill(self, name: str) -> None:
        """kill -9 every part whose name begins so."""
        for part, pid in self.parts().items():
            if part.startswith(name):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)

    def store(self) -> Store:
        return Store(self.database)

    async def phone(self, address: str | None = None) -> Phone:
        secrets = read_secrets(self.environ)
        return await Phone.connect(self.carrier, secrets.account_sid, secrets.auth_token, address)

    async def serves(self, number: str) -> tuple[str, int]:
        """Let a caller ask for a person, talk to agent-01 and hang up; how the call ended, and how many
        that agent has served."""
        caller = await self.phone()
        async with session() as http:
            agent, enough = Agent(self, "agent-01", http), asyncio.Event()
            desk = asyncio.create_task(agent.work(enough))
            line = await caller.dial(NUMBER, number)
            await line.hears(MENU, 60)
            await line.press("0")
            await line.hears(TICKET, 60)
            await line.hang_up()
            status = await line.ends(60)
            enough.set()
            await desk
        await caller.close()
        return status, len(agent.served)

    def desk(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {seat_token.issue(read_secrets(self.environ).key, name)}"}


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - a loopback address of our own
            return bool(answer.status == 200)
    except OSError:
        return False


@dataclass
class Agent:
    """An agent who takes calls, talks a moment, hangs up and is ready again, until told to go home."""

    city: City
    name: str
    http: ClientSession
    talks: float = 0.3
    served: list[str] = field(default_factory=list)

    async def ask(self, action: str = "") -> dict[str, Any]:
        """Ask the seat API (nothing: only look), again while the web side is down."""
        url, method = f"{self.city.web}/seat/{self.name}", "POST" if action else "GET"
        for _ in range(200):
            try:
                asked = self.http.request(
                    method, f"{url}/{action}".rstrip("/"), headers=self.city.desk(self.name)
                )
                async with asked as answer:
                    if answer.status < 500:
                        told: dict[str, Any] = await answer.json()
                        return told
            except (ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.1)
        raise AssertionError(f"{self.name}'s desk got no answer to {action}")

    async def work(self, enough: asyncio.Event) -> None:
        phone = await self.city.phone(f"client:{self.name}")
        await self.ask("ready")
        while not enough.is_set():
            try:
                await self.serve(await phone.rings(within=1))
            except NobodyRang:
                if (await self.ask())["state"] in ("offline", "paused", "wrapping-up"):
                    await self.ask("ready")
        await self.ask("offline")
        await phone.close()

    async def serve(self, line: Line) -> None:
        """Answer; once the caller is there talk a moment, hang up, and be ready again."""
        await line.answer()
        while line.live:
            seat = await self.ask()
            if seat["talk"] and seat["talk"]["connected"]:
                await line.speak("您好")
                await asyncio.sleep(self.talks)
                await self.ask("hang-up")
                self.served.append(line.sid)
            await asyncio.sleep(0.2)
        await self.ask("wrap-up-done")


def write_config(folder: Path, seats: int) -> list[str]:
    """The sample configuration with so many seats that all speak every language. Who gives up is not called
    back: after the last call nothing is left to do. The first menu waits for a key on the slowest machine."""
    shutil.copytree(ROOT / "config", folder / "config")
    hotline = folder / "config" / "hotline.yml"
    told = hotline.read_text(encoding="utf-8")
    hotline.write_text(told.replace("  abandoned_seconds: 10\n", ""), encoding="utf-8")
    menu = folder / "config" / "menus" / "main.yml"
    menu.write_text(menu.read_text(encoding="utf-8").replace("  wait: 2\n", "  wait: 20\n"), encoding="utf-8")
    names = [f"agent-{i:02}" for i in range(1, seats + 1)]
    entries = [
        f"{name}:\n  label: {name}\n  address: client:{name}\n"
        "  languages: [zh, en, ja, ko, ru]\n  queues: [people]\n"
        for name in names
    ]
    (folder / "config" / "agents.yml").write_text("\n".join(entries), encoding="utf-8")
    return names


def session() -> ClientSession:
    return ClientSession(timeout=ClientTimeout(total=10))
