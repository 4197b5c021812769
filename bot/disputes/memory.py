"""What was worked out about an entry is remembered: a dispute is tracked anew with every story.

The values are pure functions of the entry, so that remembering them changes nothing but time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from bot.model import Entry

Value = TypeVar("Value")

MOST = 4096  # entries; those not asked about for longest are forgotten


def per_entry(function: Callable[[Entry], Value]) -> Callable[[Entry], Value]:
    """Remember what `function` returned for an entry, by the story's id and what was read in it."""
    known: OrderedDict[str, tuple[Entry, Value]] = OrderedDict()

    @wraps(function)
    def remembered(entry: Entry) -> Value:
        story = entry.story.id
        found = known.get(story)
        # The same object nearly always; a reading that was made anew is worked out anew.
        if found is None or (found[0] is not entry and found[0] != entry):
            found = known[story] = (entry, function(entry))
            if len(known) > MOST:
                known.popitem(last=False)
        known.move_to_end(story)
        return found[1]

    return remembered


@per_entry
def remembered(entry: Entry) -> Entry:
    """Return the equal entry that is remembered: what is loaded again is compared only once."""
    return entry
