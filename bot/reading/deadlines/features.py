"""What tells of a candidate whether it is a deadline and of which kind: its features, by name.

A feature holds or not. Most pair two plain facts, such as the form of the governing verb and the
preposition ('verb+prep=will+from'), because neither tells much alone. How much each counts was
fitted (`judging`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

from bot.reading.deadlines.candidates import Candidate
from bot.reading.deadlines.standing import replaced
from bot.reading.deadlines.verbs import Group, classes_of
from bot.reading.deadlines.words import word_set

SUBORDINATE: Final = word_set(
    "that if unless because when while whether although though after before until since as than"
    ' once where whereas which who whose ; : “ ” "'
)
RELATION: Final = re.compile(
    r"\b(this|next|last|the following|the same|coming|later|earlier|ago)\b", re.IGNORECASE
)
MODALS: Final = frozenset(["will", "must", "would", "may", "can", "should", "could"])
STEPS: Final = ((7, "week"), (31, "month"), (120, "quarter"), (400, "year"))  # days


def features_of(candidate: Candidate, repeated: Collection[date] = ()) -> list[str]:
    """Return the names of the features that hold of a candidate."""
    low, opener = _clause(candidate)
    found = {
        "bias",
        f"open={opener}",
        *_of_day(candidate, repeated),
        *_of_place(candidate),
        *_of_verbs(candidate, low),
        *_of_cues(candidate, low),
    }
    if candidate.base:
        found.add("base")
    if replaced(candidate.setting):
        found.add("replaced")
    return list(found)


def _clause(candidate: Candidate) -> tuple[int, str]:
    """Return the first word of the clause that the expression ends, and the word that opens it."""
    words = candidate.spoken.words
    for at in range(candidate.spoken.word_at(candidate.setting.phrase_start) - 1, -1, -1):
        if words[at] in SUBORDINATE:
            return at + 1, words[at]
    return 0, "^"


def distance(day: date, published: date) -> str:
    """Return roughly how far a day lies from publication."""
    apart = (day - published).days
    if apart < 0:
        return "week before" if apart >= -7 else "long before"
    return "today" if not apart else next((name for far, name in STEPS if apart <= far), "far")


def _of_day(candidate: Candidate, repeated: Collection[date]) -> Iterator[str]:
    told, shape = candidate.told, candidate.shape
    ahead = distance(candidate.ahead, candidate.published) if candidate.ahead else "none"
    prep = candidate.setting.preposition or "none"
    yield from (f"prep={prep}", f"shape={shape}", f"prep+shape={prep}+{shape}")
    yield from (f"told={told}", f"told+shape={told}+{shape}", f"told+prep={told}+{prep}")
    yield from (f"ahead={ahead}", f"ahead+told={ahead}+{told}")
    if candidate.behind:
        yield f"behind={distance(candidate.behind, candidate.published)}"
    if shape == "length":
        yield from (f"given={candidate.given}", f"given+prep={candidate.given}+{prep}")
    if candidate.ahead in repeated:
        yield "repeated"
    if related := RELATION.search(candidate.time.text):
        yield f"related={related[1].lower()}"


def _of_place(candidate: Candidate) -> Iterator[str]:
    spoken, setting = candidate.spoken, candidate.setting
    words, first = spoken.words, spoken.word_at(setting.phrase_start)
    after = spoken.word_at(setting.end)
    before = words[first - 1] if first else "^"
    yield from (f"word before={before}", f"word+prep={before}+{setting.preposition}")
    yield f"word after={words[after] if after < len(words) else '$'}"
    if spoken.sentence.field == "title":
        yield "title"
    if _is_quoted(setting.before):
        yield "quoted"
    if first <= 1:
        yield "fronted"
    if setting.after[:1] in {"’", "'"}:
        yield f"owns={next((c.category for c in setting.right[:2]), 'none')}"


def _is_quoted(before: str) -> bool:
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _of_verbs(candidate: Candidate, low: int) -> Iterator[str]:
    spoken, setting = candidate.spoken, candidate.setting
    first, after = spoken.word_at(setting.phrase_start), spoken.word_at(setting.end)
    left = [g for g in reversed(spoken.groups) if g.end <= first and g.form != "reduced"]
    clause = [g for g in left if g.start >= low]
    right = next((g for g in spoken.groups if g.start >= after), None)
    prep = setting.preposition or "none"
    if clause:
        yield from _of_governor(clause[0], prep, candidate.told)
    else:
        yield "verb=none"
        yield f"outside={left[0].form if left else 'none'}"
    if len(clause) > 1:
        yield from _of_second(clause[0], clause[1])
    if right and (first <= 1 or not clause):
        yield from (f"follows={right.form}", f"follows+told={right.form}+{candidate.told}")
        yield from (f"follows class={name}" for name in classes_of(right.verb))
    elif right:
        yield f"right={right.form}"
    yield from (f"modal={m}" for m in MODALS & {g.form.split(".")[0] for g in clause})


def _of_governor(verb: Group, prep: str, told: str) -> Iterator[str]:
    form = verb.form
    yield from (f"verb={form}", f"verb+prep={form}+{prep}", f"verb+told={form}+{told}")
    for name in classes_of(verb.verb):
        passive = "P" if verb.passive else ""
        yield from (f"class={name}", f"class+prep={name}+{prep}")
        yield f"class+form={name}+{form}{passive}"
    if verb.passive:
        yield f"passive={form}"
    if verb.negated:
        yield f"negated={form}"


def _of_second(verb: Group, other: Group) -> Iterator[str]:
    yield from (f"second={other.form}", f"verb+second={verb.form}+{other.form}")
    for name in classes_of(other.verb):
        yield from (f"second class={name}", f"second class+verb={name}+{verb.form}")
        yield f"second class+form={name}+{other.form}"


def _of_cues(candidate: Candidate, low: int) -> Iterator[str]:
    setting = candidate.setting
    prep, left = setting.preposition or "none", setting.left
    for place, cue in enumerate(left[:3], 1):
        yield f"cue{place}={cue.category}"
    if left:
        first = left[0]
        yield from (
            f"cue+prep={first.category}+{prep}",
            f"cue+told={first.category}+{candidate.told}",
        )
        yield from (f"cue+shape={first.category}+{candidate.shape}", f"cue={first.text}")
    else:
        yield "cue1=none"
    yield "cues=" + "+".join(cue.category for cue in left[:2])
    start = candidate.spoken.start_of(low)
    inside = {cue.category for cue in left if cue.start >= start}
    for category in inside:
        yield from (f"in={category}", f"in+prep={category}+{prep}")
    for place, cue in enumerate(setting.right[:2], 1):
        yield f"after{place}={cue.category}"
