"""Say good-bye and end the call."""

from typing import Literal

from calls.verbs import HangUp as Over
from ivr.nodes.base import Move, Node, Said, Stop, Turn, node
from ivr.wants import End


@node("hang_up")
class HangUp(Node):
    """Say good-bye and end the call. A caller who left a message on the way ends as one who did.

    ```yaml
    goodbye:
      hang_up: {zh: 感谢来电，再见。}
    ```
    """

    hang_up: Said
    outcome: Literal["self-service", "message", "failed"] = "self-service"

    def enter(self, turn: Turn) -> Move:
        """Good-bye."""
        outcome = "message" if "message" in turn.place.entered else self.outcome
        return Stop((*turn.speak(self.hang_up), Over()), End(outcome))
