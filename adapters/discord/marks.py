"""How a message of ours is known again: by its nonce, its buttons, its words. Pure.

Discord gives no name of ours to a message. A *nonce* makes the same request store one message,
but for a few minutes only, and history does not show it. So every button carries a *mark*, made
from channel and delivery key, in its custom_id, which nobody sees and history does show; and of
each text a *print* is kept, by which a part without buttons is known.
"""

from __future__ import annotations

import re
from base64 import b32encode
from dataclasses import dataclass
from hashlib import blake2b

CUSTOM_ID = 100
ID = re.compile(r"so:(?P<mark>[a-z2-7]*):(?P<home>\d*):(?P<kind>[!?~]?)(?P<value>.*)", re.DOTALL)
"""so:MARK:HOME:VALUE. HOME is the server of a button that stands in a direct message; KIND says
what VALUE is: nothing a command, `?` one that takes what is picked, `~` the short form of a
command, `!` the post that is to be shared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """What a button or select stands for, as its custom_id says; not yet believed."""

    value: str
    kind: str = ""
    mark: str = ""
    home: str = ""

    @property
    def custom_id(self) -> str:
        return f"so:{self.mark}:{self.home}:{self.kind}{self.value}"


def press(custom_id: str) -> Press | None:
    """What a custom_id says, or None for one that is not ours."""
    found = ID.fullmatch(custom_id)
    if found is None or len(custom_id) > CUSTOM_ID:
        return None
    return Press(value=found["value"], kind=found["kind"], mark=found["mark"], home=found["home"])


def hashed(*parts: str, size: int = 10) -> str:
    """A short name for `parts`, of lower-case letters and digits: 16 of them for 10 bytes."""
    digest = blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=size).digest()
    return b32encode(digest).decode().rstrip("=").lower()


def mark_of(channel: str, delivery_key: str) -> str:
    """The mark of what is owed to a channel under a key."""
    return hashed(channel, delivery_key)


def nonce(mark: str, part: int) -> str:
    """The nonce of one part, at most 25 characters."""
    return f"{mark}-{part}"


def print_of(text: str) -> str:
    """By what the words of a message are known again; white space does not count."""
    return hashed(" ".join(text.split()))
