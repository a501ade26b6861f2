"""Machine detection: whether a person or an answering machine has picked up, for an app that asks."""

from dataclasses import dataclass

from carrier.model import Callback

MODES = ("Enable", "DetectMessageEnd")
LIMITS = {
    "MachineDetectionTimeout": (3, 59),
    "MachineDetectionSpeechThreshold": (1000, 6000),
    "MachineDetectionSpeechEndThreshold": (500, 5000),
    "MachineDetectionSilenceTimeout": (2000, 10000),
}
"""How Twilio may be told to listen; the timeout in seconds, the others in milliseconds. A telephone of this
carrier says what it is, so that nothing has to be listened for."""


@dataclass(frozen=True)
class Detection:
    """What an app asks for: to hear of a machine as soon as it is known, or when its greeting has ended.
    In the background the call's document doesn't wait for the result: `callback` alone is told."""

    message_end: bool = False
    background: bool = False
    callback: Callback | None = None

    def finds(self, machine: bool) -> str:
        """AnsweredBy. A machine's greeting here is over at once, with a beep."""
        if not machine:
            return "human"
        return "machine_end_beep" if self.message_end else "machine_start"
