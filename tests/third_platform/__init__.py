"""A platform that somebody else might write: nothing of it is known to `bot` or `adapters`."""
