"""Rules about stories, in a small language that the configuration file and people in chat share.

    supply chain            the words, in this order, wherever the story has them
    "supply chain"          the same
    title:"supply chain"    in the title
    actor:"Pete Hegseth"    the story names this actor (or a fuller name that has these words)
    outlet:Reuters          the story is of this outlet
    /chip(s|maker)/         a pattern, in any case; also after title:, actor: and outlet:

A rule is parsed once. Patterns run on RE2, in time linear in the text, so that none can hang the
bot; the words of a phrase are matched as they stand. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

import re2
from rapidfuzz import process

from bot.errors import CommandError
from bot.model import Entry

FieldName = Literal["", "title", "actor", "outlet"]
FIELDS = ("title", "actor", "outlet")
LONGEST = 200
"""Characters of a rule."""
STEPS = 1 << 20
"""Bytes that a compiled pattern may take."""
GRAMMAR = 'write words, "a phrase", actor:"Pete Hegseth", outlet:Reuters, title:strike or /pattern/'
STRAIGHT = str.maketrans("\u201c\u201d\u201e", '"""')
FIELD = re.compile(r"(?P<field>[A-Za-z]+):(?=\S)(?P<value>.*)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One rule: `value` is a phrase, or a pattern without its slashes; no `field`: anywhere."""

    value: str
    field: FieldName = ""
    pattern: bool = False

    def __str__(self) -> str:
        """The rule as people type it; parsing that gives the same rule."""
        if self.pattern:
            shown = f"/{self.value}/"
        elif self._needs_quotes:
            shown = f'"{self.value}"'
        else:
            shown = self.value
        return f"{self.field}:{shown}" if self.field else shown

    @property
    def _needs_quotes(self) -> bool:
        """Whether the phrase would be taken for something else, or for more than one thing."""
        value = self.value
        like_a_field = FIELD.fullmatch(value) is not None
        return like_a_field or value[0] == value[-1] == "/" or (self.field != "" and " " in value)

    @property
    def meaning(self) -> str:
        """The rule in words: "the actor 'Pete Hegseth'"."""
        what = f"the pattern /{self.value}/" if self.pattern else f"'{self.value}'"
        where = {"": "", "title": "in the title ", "actor": "the actor ", "outlet": "the outlet "}
        return where[self.field] + what

    def fits(self, entry: Entry) -> bool:
        """Whether the story, or what was read in it, has what the rule asks for."""
        found = _search(self.value, self.pattern)
        return any(found(text) for text in _texts(self.field, entry))


@lru_cache(maxsize=4096)
def parse_rule(text: str) -> Rule:
    """`text` as a Rule; raises CommandError that says what is wrong and what to write."""
    typed = text.translate(STRAIGHT).strip()
    if not typed:
        raise CommandError(f"a filter needs something to look for; {GRAMMAR}")
    if len(typed) > LONGEST:
        raise CommandError(f"a filter may have {LONGEST} characters, this one has {len(typed)}")
    field, value = _field(typed)
    if len(value) > 1 and value[0] == value[-1] == "/":
        return _pattern(field, value[1:-1])
    return Rule(field=field, value=_phrase(value, text))


def _field(typed: str) -> tuple[FieldName, str]:
    match = FIELD.fullmatch(typed)
    if match is None:
        return "", typed
    named = match["field"].lower()
    for known in FIELDS:
        if named == known:
            return known, match["value"].strip()  # type: ignore[return-value]
    near = process.extractOne(named, FIELDS, score_cutoff=60)
    meant = f"did you mean {near[0]}:?" if near else "there are title:, actor: and outlet:"
    quoted = f'put it in quotes if you mean the words: "{typed}"'
    raise CommandError(f"'{match['field']}:' is nothing a filter knows; {meant} Or {quoted}")


def _phrase(value: str, whole: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    inside = value[1:-1] if quoted else value
    if '"' in inside:
        raise CommandError(f"the quotation marks do not fit in: {whole.strip()}; {GRAMMAR}")
    phrase = " ".join(inside.split())
    if not any(character.isalnum() for character in phrase):
        raise CommandError(f"there is no word in: {whole.strip()}; {GRAMMAR}")
    return phrase


def _pattern(field: FieldName, pattern: str) -> Rule:
    try:
        if _compiled(pattern).search(""):
            raise CommandError(f"the pattern /{pattern}/ is in every text; say more of the word")
    except re2.error as error:
        wrong = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise CommandError(
            f"/{pattern}/ is no pattern: {wrong}. It is RE2: no look-around, no back-references"
        ) from error
    return Rule(field=field, value=pattern, pattern=True)


class Pattern(Protocol):
    """A compiled pattern of RE2."""

    def search(self, text: str, /) -> object: ...


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Pattern:
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = STEPS
    options.log_errors = False
    compiled: Pattern = re2.compile(pattern, options)
    return compiled


@lru_cache(maxsize=1024)
def _search(value: str, pattern: bool) -> Callable[[str], object]:
    if pattern:
        return _compiled(value).search
    # Escaped words only: what an admin types can never become a pattern that hangs the bot.
    words = r"\s+".join(map(re.escape, value.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE).search


def _texts(field: FieldName, entry: Entry) -> list[str]:
    story = entry.story
    match field:
        case "title":
            return [story.title]
        case "outlet":
            return [story.source]
        case "actor":
            return [form for actor in entry.reading.actors for form in (actor.name, *actor.also)]
    return [f"{story.title}\n{story.text}"]
