"""The summarizer that lets a language model choose the words, when they hold up.

Whatever the model says passes the same check as every other text; what fails it, comes late or not
at all is replaced by the extractive text, so that a digest is owed to no server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.errors import ModelError
from bot.llm.client import ChatClient
from bot.llm.prompts import Prompt, for_answer, for_digest
from bot.llm.replies import draft_of
from bot.model import Brief, Draft, Passage, Question, Story
from bot.ports import Clock
from bot.summarizer import extractive, replying
from bot.summarizer.grounding import check

log = structlog.get_logger(__name__)

PAUSE = timedelta(minutes=2)  # after a failure the model is left alone for so long


class LlmSummarizer:
    """Implements `bot.ports.Summarizer` with a model behind `client`, and without it if need be."""

    def __init__(self, client: ChatClient, clock: Clock) -> None:
        """`clock` tells when the model may be asked again after a failure."""
        self._client, self._clock = client, clock
        self._again: datetime | None = None

    async def digest(self, brief: Brief) -> Draft:
        """The model's digest if every sentence of it is grounded, else the extractive one."""
        stories = {entry.story.id: entry.story for entry in brief.entries}
        draft = await self._asked(for_digest(brief), stories, brief.words)
        return draft if draft is not None and draft.sentences else extractive.digest(brief)

    async def answer(self, question: Question, passages: Sequence[Passage]) -> Draft:
        """The model's answer if it is grounded, else the passages; none if it finds none."""
        stories = {passage.story.id: passage.story for passage in passages}
        draft = await self._asked(for_answer(question, passages), stories, replying.LIMIT)
        return replying.reply(question, passages) if draft is None else draft

    async def close(self) -> None:
        """Close the connections to the model's server."""
        await self._client.close()

    async def _asked(
        self, prompt: Prompt, stories: Mapping[str, Story], words: int
    ) -> Draft | None:
        """What the model says, or None where it does not say it soon, in form and in truth."""
        now = self._clock.now()
        if self._again is not None and now < self._again:
            return None
        try:
            content = await self._client.complete(prompt.messages)
        except ModelError as error:
            self._again = now + PAUSE
            log.warning("model failed", why=str(error))
            return None
        return _grounded(content, prompt, stories, words)


def _grounded(
    content: str, prompt: Prompt, stories: Mapping[str, Story], words: int
) -> Draft | None:
    try:
        draft = draft_of(content, prompt.stories)
    except ModelError as error:
        log.warning("model reply not used", why=str(error))
        return None
    faults = check(draft, stories)
    if faults or draft.words > words:
        kinds = sorted({str(fault.kind) for fault in faults}) or ["length"]
        log.warning("model reply not used", why=", ".join(kinds))
        return None
    return draft
