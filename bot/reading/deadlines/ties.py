"""What ties an actor to a deadline: features of each choice of who must act, by name.

An actor is seen from the verb groups before the date ('subject of a passive verb of demand',
'object of a verb of granting'), from the words beside its name, and, where the sentence does not
name it, from where the story spoke of it last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.reading.deadlines.bodies import sort_in
from bot.reading.deadlines.clauses import subject_span
from bot.reading.deadlines.cues import Cue, nearest
from bot.reading.deadlines.duty import Duty, Names
from bot.reading.deadlines.mentions import Mention
from bot.reading.deadlines.verbs import Group, classes_of

BOTH: Final = re.compile(
    r"(?<!to )(?<!with )\b(?:both|the two|all) (?:sides|parties|governments|countries"
    r"|capitals|teams|companies)\b",
    re.IGNORECASE,
)
BOTH_WORDS: Final = frozenset(["both", "two", "all"])
PREPOSITION: Final = re.compile(
    r"\b(by|to|for|of|on|from|against|with|between|at|in|than|and|or|told|gives?|gave|that|unless"
    r"|if|after|before|when|while|as|until)\s+(?:the |an? |its |their )?$",
    re.IGNORECASE,
)
SAYS: Final = re.compile(
    r"(?:,[^,]*,)?\s+(?:said|says|told|insists?|insisted|added|warned|announced|confirmed|argues?"
    r"|argued|wrote)\b"
)
SAID: Final = re.compile(
    r"\b(?:said|says|according to|told|insisted|added|warned|announced)(?: by)?\s+(?:the )?$"
)
BESIDE: Final = 40  # characters before a name in which its preposition stands
OPENING: Final = 4  # characters: 'The '
OBJECT: Final = 6  # characters between a verb and its object: ' the '
NEAREST: Final = 2


def ties_of(duty: Duty, who: Names) -> list[str]:
    """Return the names of the features that hold of a choice."""
    if not who:
        return _of_nobody(duty)
    found = _of_two(duty, who) if len(who) > 1 else _of_one(duty, who[0])
    return sorted(set(found))


def _of_nobody(duty: Duty) -> list[str]:
    here = min(len(duty.found), 2)
    return [
        f"nobody={duty.kind}",
        f"nobody+here={here}",
        f"nobody+thing={duty.of_a_thing}",
        f"nobody+verb={duty.verbs[0].form if duty.verbs else 'none'}",
    ]


def _near(duty: Duty) -> list[Cue]:
    return [*duty.setting.left[:NEAREST], *duty.setting.right[:1]]


def _of_two(duty: Duty, who: Names) -> Iterator[str]:
    text = duty.setting.sentence
    yield f"two={duty.kind}"
    if not BOTH_WORDS.isdisjoint(duty.candidate.spoken.words) and BOTH.search(text):
        yield f"two+both={duty.kind}"
    if who == duty.joined:
        yield f"two+joined={duty.kind}"
        first = (m for m in duty.found if m.actor == who[0])
        yield from (f"two {tie}" for m in first for tie in _to_verbs(duty, m))
    yield from (f"two+cue={cue.text}" for cue in _near(duty))
    yield f"two+here={len({m.actor for m in duty.found} & set(who))}"
    yield f"two+they={any(text[m.start : m.end].lower() == 'they' for m in duty.found)}"


def _of_one(duty: Duty, name: str) -> Iterator[str]:
    kind, sort = duty.kind, duty.mentions.kind_of(name)
    yield from (f"is={sort}", f"is+kind={sort}+{kind}")
    sort = sort_in(duty.mentions.forms(name)) or sort
    yield f"sort+kind={sort}+{kind}"
    yield from (f"sort+cue={sort}+{cue.category}" for cue in _near(duty))
    yield from (f"sort+thing={sort}+{cue.text}" for cue in duty.things)
    if name in duty.mentions.parties()[:2]:
        yield f"party={kind}"
    if name in duty.bound:
        yield f"bound={kind}"
    here = [m for m in duty.found if m.actor == name]
    yield f"here={bool(here)}+others={len(here) < len(duty.found)}"
    for mention in here:
        yield from _of_mention(duty, mention)
        yield from _to_verbs(duty, mention)
    if not here:
        place = duty.recent.index(name) if name in duty.recent else "far"
        yield from (f"before={place}", f"before+kind={place}+{kind}")


def _of_mention(duty: Duty, mention: Mention) -> Iterator[str]:
    setting, text = duty.setting, duty.setting.sentence
    side = "left" if mention.end <= setting.phrase_start else "right"
    word = PREPOSITION.search(text, max(0, mention.start - BESIDE), mention.start)
    beside = word[1].lower() if word else "^" if mention.start <= OPENING else "none"
    yield from (f"side={side}", f"beside={beside}+{side}", f"beside+kind={beside}+{duty.kind}")
    words = text[mention.start : mention.end].lower().split()
    yield f"called={'named' if mention.named else words[-1]}"
    if text[mention.end : mention.end + 2] in {"'s", "’s"}:
        owned = (cue for cue in setting.cues if cue.start > mention.end)
        thing = nearest(owned, "term", "measure", "event", "offer")
        yield f"owns={thing.category if thing else 'none'}"
    if SAYS.match(text, mention.end) or SAID.search(text[: mention.start]):
        yield f"speaks={duty.kind}"
    left = [m for m in duty.found if m.end <= setting.phrase_start]
    if left and mention is left[0]:
        yield "first"
    if left and mention is left[-1]:
        yield "last"


def _to_verbs(duty: Duty, mention: Mention) -> Iterator[str]:
    for place, verb in enumerate(duty.verbs, 1):
        role = _role(duty, mention, verb)
        voice = "passive" if verb.passive else "active"
        yield from (f"{role}{place}={voice}", f"{role}{place}+form={verb.form}")
        yield f"{role}{place}+kind={duty.kind}"
        yield from (f"{role}{place}+class={c}+{voice}" for c in classes_of(verb.verb))


def _role(duty: Duty, mention: Mention, verb: Group) -> str:
    """Return how a mention stands to a verb: its subject, before it, its object, later."""
    start = duty.candidate.spoken.start_of(verb.start)
    end = duty.candidate.spoken.start_of(verb.end)
    if mention.end <= start:
        span = subject_span(duty.setting.sentence, start)
        return "subject" if span.start <= mention.start and mention.end <= span.end else "before"
    return "object" if mention.start - end <= OBJECT else "later"
