"""The outbox: what is owed to a channel arrives once, and only once."""
