"""Who is who in a conference: one agent, one caller, and no names."""

AGENT, CALLER = "agent", "caller"
