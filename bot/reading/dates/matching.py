"""Finding the shapes of the grammar in a tokenized text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reading.dates.grammar import CompiledRule, any_rule, compiled, compiled_inner
from bot.reading.dates.tokens import Entry, Tokens, Value, entry_of

Span = tuple[int, int]  # of tokens


@dataclass(frozen=True, slots=True)
class Parts:
    """A match of a rule: the parts it named, as tokens. `start` and `end` count tokens."""

    tokens: Tokens
    rule: CompiledRule
    match: re.Match[str]

    @property
    def start(self) -> int:
        """First token."""
        return self.match.start()

    @property
    def end(self) -> int:
        """One past the last token."""
        return self.match.end()

    def span(self, name: str) -> Span | None:
        """Tokens of a part, or None when this match does not have it."""
        for group in self.rule.parts.get(name, ()):
            span = self.match.span(group)
            if span[0] >= 0:
                return span
        return None

    def has(self, name: str) -> bool:
        """Whether the match has the part."""
        return self.span(name) is not None

    def words(self, name: str | None = None) -> list[str]:
        """Tokens of a part (of the whole match without a name), in lower case."""
        start, end = (self.span(name) or (0, 0)) if name else self.match.span()
        return [text.lower() for text in self.tokens.texts[start:end]]

    def entries(self, name: str | None = None) -> list[Entry]:
        """Class and value of each token of a part (of the whole match without a name)."""
        start, end = (self.span(name) or (0, 0)) if name else self.match.span()
        return [entry_of(text) for text in self.tokens.texts[start:end]]

    def value(self, name: str) -> Value:
        """Value of the first token of a part."""
        return self.entries(name)[0][1]

    def number(self, name: str) -> int:
        """Value of the first token of a part that is a whole number; 'second' is two here."""
        kind, value = self.entries(name)[0]
        return 2 if kind == "SECOND" else int(value)

    def classes(self) -> set[str]:
        """Classes of the tokens of the whole match."""
        return {name for name, _ in self.entries()}


def next_shape(tokens: Tokens, start: int) -> Parts | None:
    """Return the first match of a rule from the token at `start` on."""
    found = any_rule().search(tokens.classes, start)
    if found is None:
        return None
    rule = compiled()[int((found.lastgroup or "r0")[1:])]
    match = rule.shape.match(tokens.classes, found.start())
    return Parts(tokens, rule, match) if match else None


def others_at(shape: Parts) -> Iterator[Parts]:
    """Yield what later rules match where `shape` begins, should it turn out to mean nothing."""
    rules = compiled()
    for rule in rules[rules.index(shape.rule) + 1 :]:
        match = rule.shape.match(shape.tokens.classes, shape.start)
        if match:
            yield Parts(shape.tokens, rule, match)


def shapes_of(tokens: Tokens, span: Span) -> Iterator[Parts]:
    """Yield the matches that cover a span of tokens exactly, in the order of the rules."""
    start, end = span
    for rule in compiled_inner():
        match = rule.shape.fullmatch(tokens.classes, start, end)
        if match:
            yield Parts(tokens, rule, match)
