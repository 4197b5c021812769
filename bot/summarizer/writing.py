"""Having a digest written: by whichever summarizer is configured, and checked in any case."""

from __future__ import annotations

from bot.model import Brief, Draft
from bot.ports import Summarizer
from bot.summarizer import extractive
from bot.summarizer.grounding import check


async def write(summarizer: Summarizer, brief: Brief) -> Draft:
    """`summarizer`'s draft if every sentence of it is grounded, else the extractive one.

    A sentence of the extractive draft that fails the check is left out rather than posted.
    """
    stories = {entry.story.id: entry.story for entry in brief.entries}
    draft = await summarizer.digest(brief)
    if draft.sentences and draft.words <= brief.words and not check(draft, stories):
        return draft
    plain = extractive.digest(brief)
    faulty = {fault.sentence for fault in check(plain, stories)}
    return Draft(sentences=tuple(s for s in plain.sentences if s.text not in faulty))
