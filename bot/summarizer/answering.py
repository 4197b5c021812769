"""Answers: from the tracked dispute where it knows, else from sentences, else a plain refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.model import Answer, Cited, Dispute, Draft, Entry, Passage, Question
from bot.ports import Summarizer
from bot.summarizer.matching import Match, ranked
from bot.summarizer.reference import Described, described
from bot.summarizer.rewriting import dated, standalone

THRESHOLD = 0.5
EVIDENCE = 5


async def answer(
    question: Question,
    entries: Sequence[Entry],
    summarizer: Summarizer,
    disputes: Sequence[Dispute] = (),
) -> Answer:
    """Answer from `entries`; not answerable where they do not say, naming the nearest they do."""
    matches = ranked(question, entries)
    evidence = tuple(_passage(m) for m in matches[:EVIDENCE])
    confidence = matches[0].coverage if matches else 0.0
    if confidence < THRESHOLD:
        return _refusal(evidence, confidence)
    nouns = described(entries)
    tellable = [_tellable(m, nouns) for m in matches[:EVIDENCE]]
    draft = await summarizer.answer(question, tellable)
    return _told(draft, evidence, confidence)


def _told(draft: Draft, evidence: tuple[Passage, ...], confidence: float) -> Answer:
    return Answer(
        text=" ".join(s.text for s in draft.sentences),
        answerable=True,
        confidence=confidence,
        sentences=draft.sentences,
        evidence=evidence,
    )


def _refusal(evidence: tuple[Passage, ...], confidence: float) -> Answer:
    text = "The stories I have do not say."
    nearest: tuple[Cited, ...] = ()
    if evidence:
        best = evidence[0]
        nearest = (Cited(text=best.sentence.text, cites=(best.story.id,)),)
        text = f"{text} The nearest they come: {best.sentence.text}"
    return Answer(
        text=text, answerable=False, confidence=confidence, sentences=nearest, evidence=evidence
    )


def _passage(match: Match) -> Passage:
    sentence = match.entry.reading.sentences[match.index]
    return Passage(story=match.entry.story, sentence=sentence, score=match.score)


def _tellable(match: Match, nouns: Described) -> Passage:
    """The passage in words that stand on their own, where that can be had."""
    raw = _passage(match)
    text = standalone(match.entry, match.index, nouns) or dated(match.entry, match.index)
    return replace(raw, sentence=replace(raw.sentence, text=text))
