"""Who is who in a conference: one agent, one caller, perhaps an interpreter, and no names."""

AGENT, CALLER, INTERPRETER = "agent", "caller", "interpreter"
