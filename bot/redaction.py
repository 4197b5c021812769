"""Takes secrets out of text, by their shape and by their value. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

HIDDEN = "[redacted]"
SHORTEST = 6  # a shorter 'secret' would black out ordinary words

_QUERY_NAMES = (
    r"[\w.-]{0,40}"
    r"(?:token|key|secret|passw(?:or)?d|pass|pwd|auth|sig|signature|ticket|code|session|credential)"
    r"[\w.-]{0,40}"
)
# Bounded repetitions only: these run over text that strangers wrote.
SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kept, re.compile(shape, re.IGNORECASE))
    for kept, shape in (
        # Authorization: Bearer …, 'Authorization': 'Bot …', (b'authorization', b'Basic …')
        (r"\1", r"(authorization\b['\"]?\s{0,3}[:=,]\s{0,3}b?['\"]?(?:\w{1,20} )?)[^\s'\",)}]+"),
        (r"\1", r"(\bbearer )[\w.~+/=-]{8,}"),
        # https://user:password@host and https://token@host
        (r"\1", r"(\b[a-z][a-z0-9+.-]{1,20}://)[^\s/@'\"]{1,300}(?=@)"),
        # ?token=…, &api_key=…, ;sig=…
        (r"\1", rf"([?&;]{_QUERY_NAMES}=)[^&#\s'\"]+"),
        # Slack's tokens: xoxb-, xoxp-, xapp-, xoxe.xoxp-
        ("", r"\bx(?:ox[a-z]|app|oxe\.xox[a-z])-[\w-]{6,}"),
        # Discord's tokens: id.time.signature
        ("", r"\b[\w-]{23,30}\.[\w-]{6,7}\.[\w-]{27,45}"),
        # Discord's webhooks and interaction answers, Slack's incoming webhooks and response URLs
        (r"\1", r"(/(?:webhooks|interactions)/\d{5,25}/)[^\s/?'\"]{8,}"),
        (r"\1", r"(\bhooks\.slack\.com/\w{1,20}/)[^\s'\"]+"),
    )
)
SECRET_NAME = re.compile(
    r"(?:^|[_.-])(?:token|secret|passw(?:or)?d|api_?key|signing_?key|private_?key|authorization)$",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """`text` without what has the shape of a secret."""
    for kept, shape in SHAPES:
        text = shape.sub(kept + HIDDEN, text)
    return text


def is_secret_name(name: str) -> bool:
    """Whether what goes by this name is a secret: bot_token, PASSWORD, api-key."""
    return SECRET_NAME.search(name) is not None


class Redactor:
    """Takes out secrets by shape, by the name they go by, and those whose values it knows."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {
            spelling
            for secret in secrets
            if len(secret) >= SHORTEST
            for spelling in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1])
        }
        longest_first = sorted(spellings, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if spellings else None

    def text(self, text: str) -> str:
        """`text` without any secret."""
        return redact(self._known.sub(HIDDEN, text) if self._known else text)

    def value(self, value: object) -> object:
        """A log value as plain data without any secret; whatever else it is becomes text."""
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self.text(value)
            case Mapping():
                return self.mapping(value)
            case list() | tuple() | set() | frozenset():
                return [self.value(item) for item in value]
        return self.text(repr(value))

    def mapping(self, values: Mapping[Any, object]) -> dict[str, object]:
        """Named log values, without any secret."""
        return {self.text(str(name)): self._named(str(name), values[name]) for name in values}

    def _named(self, name: str, value: object) -> object:
        return HIDDEN if is_secret_name(name) and value else self.value(value)
