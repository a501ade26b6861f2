"""Why this agent? The receipts of a ticket's offers, as pages of the terminal and as JSON."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from routing.policy.timeline import Rules
from routing.receipts import Receipt, replay
from terminal.ticket_pages import minutes


@dataclass(frozen=True)
class Why:
    """How receipts look: times in `zone`."""

    zone: tzinfo

    def page(self, number: str, receipts: list[Receipt]) -> RenderableType:
        """Each offer of this ticket, and what it was decided from."""
        parts: list[RenderableType] = [Text(f"Why ticket {number} was offered to whom", style="bold")]
        for receipt in receipts:
            parts += [Text(), self._said(receipt), *self._tables(receipt)]
        return Group(*parts)

    def values(self, receipt: Receipt) -> dict[str, Any]:
        """One receipt for JSON: all that it was decided from, and whether that decides the same again."""
        return {
            "offer": receipt.offer,
            "at": receipt.at.astimezone(self.zone).isoformat(),
            "rulebook": receipt.rulebook.version,
            "same_again": same_again(receipt),
            **receipt.body,
        }

    def _said(self, receipt: Receipt) -> Text:
        chosen, rules = receipt.body["chosen"], _rules(receipt)
        when = f"{receipt.at.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"
        step = f", let in by step {chosen['step']} of the timeline" if chosen["step"] else ""
        again = "decided again: the same" if same_again(receipt) else "decided again: NOT the same"
        how = rules.strategy if rules else "a queue that is gone"
        beside = f" and {chosen['interpreter']}, who interprets" if "interpreter" in chosen else ""
        return Text(f"{when}  {', '.join(chosen['agents'])}{beside}, by {how}{step} ({again})")

    def _tables(self, receipt: Receipt) -> list[RenderableType]:
        at, chosen = receipt.body["at"], receipt.body["chosen"]
        agents = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for heading in ("", "ready agent", "ready for", "calls", "occupied", "a talk", "queues", "skills"):
            agents.add_column(heading)
        for one in sorted(receipt.body["ready"], key=lambda one: one["ready_since"]):
            agents.add_row(
                "→" if one["name"] in (*chosen["agents"], chosen.get("interpreter")) else "",
                one["name"],
                minutes(int(at - one["ready_since"])),
                str(one["calls"]),
                f"{one['occupancy']:.0%}",
                minutes(int(one["talk_seconds"])),
                " ".join(one["queues"]) or "interprets",
                " ".join(f"{skill} {level}" for skill, level in one["skills"].items()),
            )
        callers = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for heading in ("", "first caller of", "waited", "priority", "urgency"):
            callers.add_column(heading)
        for head in sorted(receipt.body["heads"], key=lambda head: head["since"]):
            callers.add_row(
                "→" if head["call"] == chosen["call"] else "",
                f"{head['queue']} {head['language']}" + (f" for {head['wants']}" if head["wants"] else ""),
                minutes(int(at - head["since"])),
                str(head["priority"]),
                "nobody ready may take it" if head["urgency"] is None else f"{head['urgency']:.0f}",
            )
        return [Padding(callers, (0, 0, 0, 2)), Padding(agents, (0, 0, 0, 2))]


def same_again(receipt: Receipt) -> bool:
    """Whether the receipt, decided again, names the same caller, agents and interpreter."""
    choice, chosen = replay(receipt), receipt.body["chosen"]
    who = [*chosen["agents"], *([chosen["interpreter"]] if "interpreter" in chosen else [])]
    return choice is not None and (choice.head.call, [one.name for one in choice.everybody]) == (
        chosen["call"],
        who,
    )


def _rules(receipt: Receipt) -> Rules | None:
    chosen = next(head for head in receipt.body["heads"] if head["call"] == receipt.body["chosen"]["call"])
    return receipt.rulebook.rules.get(chosen["queue"])
