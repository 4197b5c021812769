"""Text from a feed, made harmless for a terminal."""

from __future__ import annotations

import re

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """`text` with what a terminal would obey (escapes, bidirectional overrides) made visible."""
    return CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
