"""Tickets: what remains of a call, from its first second to the reply that the citizen gets."""
