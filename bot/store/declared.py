"""What the configuration file declares, merged with what people have changed since."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TypeVar

from bot.model import Channel, Feed

T = TypeVar("T", Feed, Channel)


def merged(kept: T, before: T | None, now: T) -> T:
    """`kept` as it is to be after the file declares `now`, having declared `before` last time.

    A setting the file has changed since then wins; any other stays as people have set it, so that
    a restart undoes no command. What only people knew so far (`before` is None) is taken over by
    the file, but for a pause.
    """
    changed = {
        field.name: getattr(now, field.name)
        for field in fields(now)
        if _changed(field.name, before, now)
    }
    return replace(kept, **changed | {"declared": True})


def _changed(name: str, before: T | None, now: T) -> bool:
    if before is None:
        return name != "paused" or bool(now.paused)
    return bool(getattr(before, name) != getattr(now, name))
