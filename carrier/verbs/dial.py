"""<Dial action="/talked" timeout="30" callerId="+8643112345"><Number url="/whisper">+86...</Number></Dial>"""

from typing import TYPE_CHECKING

from carrier.model import Request
from carrier.registry import TALKS, TARGETS, Step, Target, verb
from carrier.ringing import Talk, ring_targets

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag


@verb(
    "Dial",
    attributes="action method timeout hangupOnStar timeLimit callerId record answerOnBridge"
    " recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent recordingTrack trim"
    " sequential",
    inert="ringTone referUrl referMethod",
    nests="Number Client Sip Queue Conference",
    answers=False,
)
async def dial(script: "Script", tag: "Tag") -> Step:
    """Talk with somebody else; then the action is asked, or the document goes on."""
    if not tag.truth("answerOnBridge", False):
        script.leg.move("in-progress")
    talk = Talk()

    def interrupted() -> None:
        action = _action(script, tag, talk)
        if not talk.done and action is not None and not script.leg.call.live:
            script.leg.notify(action, {})

    with script.leg.staying(interrupted):
        await _talk(script, tag, talk)
        talk.done = True
    return _action(script, tag, talk)


async def _talk(script: "Script", tag: "Tag", talk: Talk) -> None:
    rooms = [child for child in tag.children if child.name in TALKS]
    if rooms:
        for child in tag.children:
            if child is not rooms[0]:
                tag.complaints.append(f"<{child.name}> beside a <{rooms[0].name}> is not dialled")
        await TALKS[rooms[0].name](script, tag, rooms[0], talk)
        return
    targets = [TARGETS[child.name](script, child) for child in tag.children]
    if not targets and tag.text:
        targets = [Target(tag.text)]
    await ring_targets(script, tag, targets, talk)


def _action(script: "Script", tag: "Tag", talk: Talk) -> Request | None:
    url = tag.url("action", script.url)
    return Request(url, tag.method(), talk.params(script.exchange.clock.now())) if url else None
