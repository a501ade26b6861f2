"""Runs documents on a call: fetches one, runs its verbs, goes where they lead."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from carrier.fetch import Answer, FetchFailed
from carrier.leg import Leg
from carrier.model import Request
from carrier.registry import VERBS, Ending, Run, Step, Verb
from carrier.twiml import SCHEMA, BadDocument, Tag, decoded, parse

if TYPE_CHECKING:
    from carrier.exchange import Exchange

SORRY = "We are sorry, an application error has occurred. Goodbye."
MAX_DOCUMENTS_AT_ONCE = 100
"""Documents that may each follow within a moment of the last; more is a circle without an end."""
AT_ONCE = timedelta(seconds=1)
"""Where real time passes, asking for a document takes some: a circle is no slower than this a turn."""

NOT_HERE = 13238
DIALLED = 13201
"""<Dial> in a leg that was dialled; unlike other verbs out of place it ends the leg's document."""
WAITING = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})
MUSIC = frozenset({"Play", "Say", "Pause", "Redirect"})
WHISPER = frozenset({"Play", "Say", "Pause", "Gather", "Hangup", "Redirect"})


@dataclass
class Document:
    """Verbs, and the URL they came from, against which their own URLs are read."""

    url: str
    tags: list[Tag]


Extra = Callable[[], Mapping[str, str]]


def nothing() -> Mapping[str, str]:
    return {}


@dataclass
class Script:
    """A run of documents on `leg`. `extra` is sent with every request, as it stands at that moment."""

    leg: Leg
    allowed: frozenset[str] | None = None
    """The verbs that may run here; None: all."""
    extra: Extra = nothing
    url: str = field(default="", init=False)
    missed: bool = field(default=False, init=False)
    """Whether something couldn't be heard: a sound that isn't there, a verb that has no place here."""

    @property
    def now(self) -> datetime:
        return self.exchange.clock.now()

    @property
    def exchange(self) -> "Exchange":
        return self.leg.exchange

    async def run(self, first: Request | str) -> Ending:
        """Run the document at `first` (or `first` itself, if it is TwiML) and all that follow from it."""
        step: Step = first if isinstance(first, Request) else None
        document = None if step is not None else self._own(str(first))
        at_once, moment = 0, self.now
        while True:
            if isinstance(step, Request):
                document = await self.fetch(step)
            if document is None:
                return Ending.FAILED
            step = await self.read(document)
            if not isinstance(step, Request):
                return step or Ending.FINISHED
            now = self.now
            at_once, moment = at_once + 1 if now - moment < AT_ONCE else 0, now
            if at_once > MAX_DOCUMENTS_AT_ONCE:
                self._alert(11215, "documents lead to each other in a circle without an end", step)
                return Ending.FAILED

    @property
    def waits(self) -> bool:
        """Whether this is a queue's wait document."""
        return self.allowed is WAITING

    def waiting(self, extra: Extra) -> "Script":
        """The wait document that runs while the call is in a queue."""
        return Script(self.leg, WAITING, extra)

    def whisper(self, leg: Leg, extra: Extra = nothing) -> "Script":
        """What `leg` hears before it talks with somebody."""
        return Script(leg, WHISPER, extra)

    async def read(self, document: Document) -> Step:
        """Run the verbs of one document."""
        self.url = document.url
        return await self._run_verbs(document.tags)

    async def run_nested(self, tags: list[Tag]) -> Step:
        """Run what is nested in a verb."""
        return await self._run_verbs(tags)

    async def _run_verbs(self, tags: list[Tag]) -> Step:
        for tag in tags:
            verb = VERBS[tag.name]
            if verb.run is None or (self.allowed is not None and tag.name not in self.allowed):
                code = DIALLED if self.allowed is WHISPER and tag.name == "Dial" else NOT_HERE
                self._alert(code, f"line {tag.line}: <{tag.name}> is not allowed here")
                if code == DIALLED:
                    return Ending.FAILED
                self.missed = True
                continue
            step = await self._run_one(verb, verb.run, tag)
            if not self.leg.call.live:
                return Ending.HANGUP
            if step is not None:
                return step
        return None

    async def _run_one(self, verb: Verb, run: Run, tag: Tag) -> Step:
        if verb.answers:
            self.leg.move("in-progress")
        try:
            return await run(self, tag)
        finally:
            self.tell_complaints(tag)

    def tell_complaints(self, tag: Tag) -> None:
        """What was wrong with a verb's attributes and with its nouns', each once, however the verb ended."""
        for complaint in dict.fromkeys(tag.complaints):
            self._warn(f"line {tag.line}: {complaint}")
        tag.complaints.clear()
        for child in tag.children:
            self.tell_complaints(child)

    async def fetch(self, request: Request) -> Document | None:
        """The document at `request`, or at the fallback URL if that fails, or nothing."""
        try:
            return await self._ask(request, {})
        except (FetchFailed, BadDocument) as failed:
            self._alert(failed.code, failed.why, request)
            fallback = self.leg.fallback
            if fallback is None or fallback.url == request.url or self.allowed is not None:
                return None
            trouble = {"ErrorCode": str(failed.code), "ErrorUrl": request.url}
        try:
            return await self._ask(fallback, trouble)
        except (FetchFailed, BadDocument) as failed:
            self._alert(failed.code, failed.why, fallback)
            return None

    async def _ask(self, request: Request, trouble: Mapping[str, str]) -> Document:
        answer = await self.leg.ask(request, {**self.extra(), **trouble})
        self.url = answer.url
        return Document(answer.url, self._tags(answer))

    def _tags(self, answer: Answer) -> list[Tag]:
        """The verbs that an answer asks for: TwiML, words to say, or a sound to play."""
        kind, text = answer.content_type, answer.body.lstrip()
        if answer.cut and not kind.startswith("audio/"):
            raise BadDocument(11750, "the document is larger than 64 kB")
        if kind in ("text/xml", "application/xml", "text/html") or (
            kind == "text/plain" and text.startswith(b"<")
        ):
            return self._parsed(answer.body, answer.charset)
        if kind == "text/plain" and text:
            return [Tag("Say", {}, 1, pieces=[decoded(text, answer.charset)])]
        if kind.startswith("audio/"):
            return [Tag("Play", {}, 1, pieces=[answer.url])]
        if not text:
            raise BadDocument(11770, "the document is empty")
        raise BadDocument(12300, f"content type {kind} is neither TwiML nor sound")

    def _own(self, twiml: str) -> Document | None:
        try:
            return Document("", self._parsed(twiml.encode(), "utf-8"))
        except BadDocument as bad:
            self._alert(bad.code, bad.why)
            return None

    def _parsed(self, body: bytes, charset: str) -> list[Tag]:
        tags, warnings = parse(body, charset)
        for warning in warnings:
            self._warn(warning)
        return tags

    def _warn(self, text: str) -> None:
        self.exchange.alert(SCHEMA, text, level="warning", call=self.leg.call, request=Request(self.url))

    def _alert(self, code: int, text: str, request: Request | None = None) -> None:
        self.exchange.alert(code, text, call=self.leg.call, request=request or Request(self.url))


async def hear(leg: Leg, sounds: Callable[[], Awaitable[None]]) -> None:
    """What a call hears while it waits; if the carrier itself fails at that, its own music."""
    try:
        await sounds()
    except Exception as fault:  # noqa: BLE001 - whatever goes wrong, nobody waits in silence
        leg.exchange.blame(fault, leg.call)
        await leg.exchange.medium.music(leg)


async def run_call(leg: Leg, first: Request | str) -> None:
    """A call's whole life in documents: when they end, or fail, it ends."""
    try:
        ending = await Script(leg).run(first)
    except Exception as fault:  # noqa: BLE001 - whatever goes wrong, nobody is left in silence
        leg.exchange.blame(fault, leg.call)
        ending = Ending.FAILED
    if ending is Ending.FAILED:
        leg.move("in-progress")
        await leg.exchange.medium.say(leg, SORRY, "en-US")
    leg.end("completed")
