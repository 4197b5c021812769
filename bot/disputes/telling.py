"""Sentences of stories as a dispute quotes them: told so that they stand by themselves.

'Until Friday' means nothing a week later, nor does 'the company' elsewhere. A sentence that cannot
be told safely is quoted as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from bot.model import Cited, Development, Entry, Position, StatusChange, TrackedDeadline
from bot.retelling.describing import Described, described
from bot.retelling.rewriting import retold


class Telling:
    """Tells sentences of the stories of one dispute."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """`entries`: all stories of the dispute; they say whom 'the company' means."""
        self._entries = {entry.story.id: entry for entry in entries}

    @cached_property
    def _nouns(self) -> Described:
        return described(list(self._entries.values()))

    def cited(self, cited: Cited) -> Cited:
        """Return a sentence of its first source as it can be quoted."""
        entry = self._entries[cited.cites[0]]
        for sentence in entry.reading.sentences:
            if sentence.text == cited.text and sentence.field == "text":
                told = retold(entry, sentence.start, self._nouns)
                return replace(cited, text=told) if told else cited
        return cited

    def developments(self, lines: Sequence[Development]) -> tuple[Development, ...]:
        """Return a timeline told."""
        return tuple(replace(line, what=self.cited(line.what)) for line in lines)

    def changes(self, history: Sequence[StatusChange]) -> tuple[StatusChange, ...]:
        """Return changes of status told."""
        return tuple(replace(change, because=self.cited(change.because)) for change in history)

    def positions(self, found: Sequence[Position]) -> tuple[Position, ...]:
        """Return positions told."""
        return tuple(replace(p, statement=self.cited(p.statement)) for p in found)

    def deadline(self, tracked: TrackedDeadline) -> TrackedDeadline:
        """Return a deadline whose outcome is told."""
        if tracked.outcome is None:
            return tracked
        return replace(tracked, outcome=self.cited(tracked.outcome))
