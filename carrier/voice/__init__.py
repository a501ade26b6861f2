"""Telephones in the browser: their signalling, their sound, and how the sounds are mixed."""
