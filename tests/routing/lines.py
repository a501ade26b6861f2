"""A carrier of plain values: everybody's telephones, and what became of what it was asked.

It does at once what it is asked. What it tells is kept in `untold` until somebody delivers it: late, twice,
in any order, or never. The documents that it fetches are run; only what they say is skipped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from flask import Flask

from telephony.carrier import Gone, Leg, NotSent, Refused, Unreachable

HOTLINE = "+8643112345"
SAID = ("Say", "Play", "Pause")
NO_SUCH_NUMBER, NO_MONEY = 21211, 20003
REDIRECTS = 5  # followed at once; a document that asks for itself again does so a second later
HOTLINE_WEB = "http://hotline/voice"


@dataclass(eq=False, repr=False)
class Line:
    """One call at the carrier. `number` is the other telephone; `offer` is what it was rung for.

    Who is `asked` may press a key, told to `answers`; silence leads to `silence`. Who was `sent` goes to
    `answers`; who is in the `queue`, in a `talk`, recorded or transferred comes back to it.
    """

    sid: str
    number: str
    created_at: datetime
    rings: int = 0
    to_answer: str = ""
    to_status: str = ""
    fallback: bool = True
    status: str = "in-progress"
    at: str = ""
    answers: str = ""
    silence: str = ""
    wait: str = ""
    conference: str = ""

    def __repr__(self) -> str:
        return f"<{self.sid} {self.number} {self.status} {self.at}>"

    @property
    def live(self) -> bool:
        return self.status in ("ringing", "in-progress")

    @property
    def rung(self) -> bool:
        """Whether the hotline has rung this telephone."""
        return bool(self.to_answer)

    @property
    def called_back(self) -> bool:
        return "/call-back/" in self.to_answer

    @property
    def offer(self) -> str:
        return parse_qs(urlsplit(self.to_answer).query)["offer"][0]


Told = tuple[Line, str, dict[str, str]]


@dataclass
class Lines:
    """The carrier as `telephony.carrier.Carrier` asks it. With `trouble` it is away, does what it is asked
    while the answer is lost, or refuses. `rings` hears of each telephone before it rings."""

    now: Callable[[], datetime]
    rings: Callable[[Line], None]
    web: Flask | None = None
    trouble: str | None = None
    all: dict[str, Line] = field(default_factory=dict)
    untold: list[Told] = field(default_factory=list)

    # What the hotline asks

    def ring(
        self, to: str, from_: str, url: str, status_url: str, timeout: int, fallback_url: str | None = None
    ) -> str:
        self._may_fail()
        if self.trouble == "no such number":
            raise Refused("no such number", 400, NO_SUCH_NUMBER)
        line = Line(
            f"CB{len(self.all):03}", to, self.now(), timeout, url, status_url, fallback_url is not None
        )
        line.status = "ringing"
        self.rings(line)
        self.all[line.sid] = line
        self._tells(line, line.to_status, CallStatus="ringing")
        self._answer_lost()
        return line.sid

    def find_ring(self, to: str, since: datetime) -> list[Leg]:
        self._may_fail()
        found = [one for one in self.live() if one.rung and one.number == to]
        young = [one for one in found if one.created_at >= since - timedelta(seconds=5)]
        return [self._leg(one) for one in reversed(young)]

    def live_calls(self) -> list[Leg]:
        self._may_fail()
        return [self._leg(one) for one in self.live()]

    def fetch_call(self, sid: str) -> str | None:
        self._may_fail()
        return self.all[sid].status if sid in self.all else None

    def redirect(self, sid: str, url: str) -> None:
        self._may_fail()
        line = self.all[sid]
        if line.status != "in-progress":
            raise Gone(sid)
        line.at, line.answers = "sent", url
        self._answer_lost()

    def take_from_queue(self, _queue: str, sid: str, url: str) -> None:
        if self.all[sid].at != "queue":
            raise Gone(sid)
        self.redirect(sid, url)

    def hang_up(self, sid: str) -> None:
        self._may_fail()
        line = self.all[sid]
        if not line.live:
            raise Gone(sid)
        self.ends(line, "canceled" if line.status == "ringing" else "completed")
        self._answer_lost()

    def _may_fail(self) -> None:
        if self.trouble == "away":
            raise NotSent("the carrier is away")
        if self.trouble == "refuses":
            raise Refused("no money", 400, NO_MONEY)

    def _answer_lost(self) -> None:
        if self.trouble == "mute":
            raise Unreachable("the answer is lost")

    # What people do

    def live(self) -> list[Line]:
        return [one for one in self.all.values() if one.live]

    def calls(self, number: str) -> Line:
        """Somebody dials the hotline."""
        line = Line(f"CA{len(self.all):03}", number, self.now(), to_status=f"{HOTLINE_WEB}/status")
        self.all[line.sid] = line
        return line

    def ends(self, line: Line, status: str) -> None:
        """The line is over; a request that was under way is still told."""
        if line.at in ("asked", "sent"):
            self._tells(line, line.answers, CallStatus="in-progress")
        line.status, line.at = status, ""
        self._tells(line, line.to_status, CallStatus=status)

    def time_passes(self) -> None:
        """Nobody answers for ever long."""
        for line in self.live():
            if line.status == "ringing" and line.created_at + timedelta(seconds=line.rings) <= self.now():
                self.ends(line, "no-answer")

    def answers(self, line: Line, fate: str = "once") -> None:
        """A telephone that rings is answered."""
        line.status = "in-progress"
        self.fetches(line, line.to_answer, fate)

    def fetches(self, line: Line, url: str, fate: str = "once", **form: str) -> None:
        """Ask for a document and run it. It may be asked for twice; or the answer is lost, or the question,
        and the fallback is asked for, without which the line ends."""
        for _ in range(REDIRECTS):
            text = self._document(line, url, fate, form)
            following = self._runs(line, text) if text is not None and line.live else ""
            if not following:
                return
            if following == url:
                break
            url, form, fate = following, {}, "once"
        line.at, line.answers = "sent", following

    def _document(self, line: Line, url: str, fate: str, form: dict[str, str]) -> str | None:
        text = None
        if fate != "lost":
            text = self.tells(line, url, **form)
        if fate == "twice":
            text = self.tells(line, url, **form)
        if fate in ("lost", "answer lost"):
            if not line.fallback:
                self.ends(line, "completed")
                return None
            text = self.tells(line, f"{HOTLINE_WEB}/fallback", **form, ErrorUrl=url)
        return text

    def tells(self, line: Line, url: str, **form: str) -> str:
        """Deliver a webhook to the real web side, unsigned; its errors come here."""
        assert self.web is not None
        numbers = (HOTLINE, line.number) if line.rung else (line.number, HOTLINE)
        told = {
            "CallSid": line.sid,
            "From": numbers[0],
            "To": numbers[1],
            "CallStatus": "in-progress",
            **form,
        }
        with self.web.test_request_context(url, method="POST", data=told):
            return self.web.dispatch_request().get_data(as_text=True)

    def _runs(self, line: Line, text: str) -> str:
        """Run a document; gives the address of the next one, if it leads to one at once."""
        verbs = iter(one for one in ElementTree.fromstring(text) if one.tag not in SAID)  # noqa: S314
        verb = next(verbs, None)
        line.at, line.answers = "", ""
        if verb is None or verb.tag == "Hangup":
            self.ends(line, "completed")
        elif verb.tag == "Redirect":
            return verb.text or ""
        elif verb.tag == "Gather":
            line.at, line.answers = "asked", verb.get("action", "")
            line.silence = next(_redirects(verbs), "")
        elif verb.tag == "Enqueue":
            line.at, line.answers, line.wait = "queue", verb.get("action", ""), verb.get("waitUrl", "")
        elif verb.tag == "Record":
            line.at, line.answers = "record", verb.get("action", "")
        elif (room := verb.find("Conference")) is not None:
            line.at, line.answers, line.conference = "talk", verb.get("action", ""), room.text or ""
            about = {"ConferenceSid": f"CF{line.conference}", "StatusCallbackEvent": "participant-join"}
            label = room.get("participantLabel", "")
            self._tells(line, room.get("statusCallback", ""), ParticipantLabel=label, **about)
        else:
            line.at, line.answers = "transfer", verb.get("action", "")
        return ""

    def waits(self, line: Line, key: str = "", fate: str = "once") -> None:
        """Who is in the queue hears something, and may press a key; a key or the music's end leads out."""
        text = self.tells(line, line.wait, QueueSid="QU1")
        if key and "<Gather" in text:
            text = self.tells(line, line.wait, QueueSid="QU1", Digits=key)
        if "<Leave" in text and line.at == "queue":
            self.fetches(line, line.answers, fate, QueueResult="leave")

    def presses(self, line: Line, key: str, fate: str = "once") -> None:
        """Who is asked presses a key, or none."""
        if key:
            self.fetches(line, line.answers, fate, Digits=key)
        elif line.silence:
            self.fetches(line, line.silence, fate)
        else:
            self.ends(line, "completed")

    def comes_back(self, line: Line, fate: str = "once", *, hears: bool = True) -> None:
        """The message is spoken, the other number has answered or not, the conference is over."""
        forms = {
            "record": {
                "RecordingUrl": f"http://carrier/{line.sid}",
                "RecordingDuration": "9" if hears else "0",
            },
            "transfer": {"DialCallStatus": "completed" if hears else "busy"},
        }
        self.fetches(line, line.answers, fate, **forms.get(line.at, {}))

    def _tells(self, line: Line, url: str, **form: str) -> None:
        self.untold.append((line, url, form))

    def _leg(self, line: Line) -> Leg:
        return Leg(line.sid, line.number, line.status, line.created_at)


def _redirects(verbs: Iterator[ElementTree.Element]) -> Iterator[str]:
    return (one.text or "" for one in verbs if one.tag == "Redirect")
