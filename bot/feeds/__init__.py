"""Feeds: fetched through the one gate, parsed where a parser can be killed, made into stories."""
