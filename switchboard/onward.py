"""Where a caller goes on from, whatever webhook asks: from where the call is by now. Nothing changes."""

from sqlalchemy import Connection

from agents import offers
from agents.offers import Offer
from calls.book import Call
from calls.states import State
from calls.verbs import Enqueue, HangUp, Join, Prompt, Verb
from switchboard.call_backs import is_agreed
from switchboard.hotline import Hotline
from switchboard.labels import CALLER
from switchboard.notice import before_the_queue, words
from telephony.twiml import render, render_again, render_onward


def onward(hotline: Hotline, tx: Connection, call: Call | None, queued: tuple[Prompt, ...] = ()) -> str:
    """Into the talk, back into the queue (told `queued`), on in the menu, or good-bye."""
    step = call.step if call else 0
    return render_onward(hotline.links, step) if asks(call) else _render(hotline, tx, call, queued)


def asks(call: Call | None) -> bool:
    """Whether the menu has something left to ask."""
    return call is not None and call.state == State.MENU and not served(call) and not is_agreed(call)


def served(call: Call) -> bool:
    """Whether only the good-bye is left: a talk is over, or the menu has done what it could."""
    return call.state == State.MENU and call.outcome not in (None, "abandoned", "failed")


def talk_of(tx: Connection, call: Call) -> Offer | None:
    """The accepted offer of a call that talks, or is on its way to."""
    return offers.talk_of(tx, call.sid) if call.state == State.TALKING else None


def _render(hotline: Hotline, tx: Connection, call: Call | None, queued: tuple[Prompt, ...]) -> str:
    if call is None or call.state == State.ENDED or call.line is None or is_agreed(call):
        return render((HangUp(),), hotline.links, 0)
    talk = talk_of(tx, call)
    if talk is not None and call.call_back and call.answered_at is None:
        # It may be a voicemail: ask for the key.
        return render_again(hotline.links.call_back_answered(talk.id))
    verbs: tuple[Verb, ...]
    if talk is not None:
        # What came before may have been lost with the notice in it, and being in the talk counts as told.
        verbs = (*words(hotline, call), Join(talk.id, CALLER))
    elif served(call):
        ticket = hotline.say(tx, call, "ticket", ticket=call.ticket)
        verbs = (*ticket, *hotline.say(tx, call, "goodbye"), HangUp())
    else:
        verbs = before_the_queue(hotline, call, (*queued, Enqueue(hotline.queue(call.queue))))
    return render(verbs, hotline.links, call.step)
