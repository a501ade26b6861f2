"""The verbs, one file each; importing this package registers them all."""

from carrier.verbs import gather, hangup, pause, play, redirect, reject, say

__all__ = ["gather", "hangup", "pause", "play", "redirect", "reject", "say"]
