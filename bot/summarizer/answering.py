"""Answers: from the tracked dispute where it knows, else from sentences, else a plain refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.model import Answer, Cited, Dispute, Draft, Entry, Passage, Question
from bot.ports import Summarizer
from bot.reading.telling import tells_something
from bot.retelling.describing import Described, described
from bot.retelling.rewriting import dated, standalone
from bot.summarizer.deciding import adds, answers, best_first, chance
from bot.summarizer.grounding import check
from bot.summarizer.matching import Match
from bot.summarizer.moving import note_on_date
from bot.summarizer.questions import asked
from bot.summarizer.recalling import resolved
from bot.summarizer.replying import LIMIT, reply
from bot.summarizer.retrieval import passage_of, search
from bot.summarizer.standing import told_by_dispute
from bot.summarizer.terms import terms

EVIDENCE = 5
OBSCURE = 1.0  # what a passage loses that leans on its neighbours
_DENIES = re.compile(
    r"[A-ZÀ-Þ][^.]{1,40} (?:denie[sd]|disputes?d?|rejects?|rejected) (?:it|this|that)\."
)
NEAREST = 34  # words of a sentence that a refusal may quote
SURE = 0.9  # of what the dispute's own record says


async def answer(
    question: Question,
    entries: Sequence[Entry],
    summarizer: Summarizer,
    disputes: Sequence[Dispute] = (),
) -> Answer:
    """Answer from `entries`; not answerable where they do not say, naming the nearest they do."""
    question = resolved(question)
    dispute = question.dispute or (disputes[0] if len(disputes) == 1 else None)
    ask = asked(question.text)
    ranked = search(question, entries, dispute)
    evidence = tuple(passage_of(m) for m in ranked[:EVIDENCE])
    matches = best_first(ask, ranked)
    known = told_by_dispute(ask, dispute, entries) if dispute is not None else None
    if known is not None:
        return _told(known, _evidence_of(known, entries) or evidence, SURE)
    likely = chance(ask, matches)
    if not matches or not answers(ask, matches[0]):
        return _refusal(matches, described(entries), evidence, likely)
    nouns = described(entries)
    apt = [matches[0], *(m for m in matches[1 : 2 * EVIDENCE] if adds(ask, m))]
    tellable = _tellables(apt, nouns)
    draft = await _checked(summarizer, question, tellable, entries)
    if not draft.sentences:
        return _refusal(matches, nouns, evidence, likely)
    if dispute is not None:
        draft = _with_note(draft, note_on_date(ask, draft, dispute), entries)
    return _told(draft, evidence, likely)


def _with_note(draft: Draft, note: Cited | None, entries: Sequence[Entry]) -> Draft:
    """`draft` with the note, in place of a second sentence that leaves no room for it."""
    if note is None or check(Draft(sentences=(note,)), {e.story.id: e.story for e in entries}):
        return draft
    full = Draft(sentences=(*draft.sentences, note))
    return full if full.words <= LIMIT else Draft(sentences=(draft.sentences[0], note))


async def _checked(
    summarizer: Summarizer,
    question: Question,
    tellable: Sequence[Passage],
    entries: Sequence[Entry],
) -> Draft:
    """The summarizer's answer if it is grounded, else the sentences themselves."""
    stories = {entry.story.id: entry.story for entry in entries}
    draft = await summarizer.answer(question, tellable)
    return draft if not check(draft, stories) else reply(question, tellable)


def _told(draft: Draft, evidence: tuple[Passage, ...], confidence: float) -> Answer:
    return Answer(
        text=" ".join(s.text for s in draft.sentences),
        answerable=True,
        confidence=confidence,
        sentences=draft.sentences,
        evidence=evidence,
    )


def _refusal(
    matches: Sequence[Match], nouns: Described, evidence: tuple[Passage, ...], confidence: float
) -> Answer:
    text = "The stories I have do not say."
    nearest: tuple[Cited, ...] = ()
    tellable = (_tellable(match, nouns) for match in matches[:EVIDENCE])
    best = next((p for p in tellable if _is_quotable(p)), None)
    if best is not None:
        nearest = (Cited(text=best.sentence.text, cites=(best.story.id,)),)
        text = f"{text} The nearest they come: {best.sentence.text}"
    return Answer(
        text=text, answerable=False, confidence=confidence, sentences=nearest, evidence=evidence
    )


def _is_quotable(passage: Passage) -> bool:
    """Whether a refusal may quote it: short, and telling something by itself."""
    text = passage.sentence.text
    return len(text.split()) <= NEAREST and tells_something(text)


def _tellables(matches: Sequence[Match], nouns: Described) -> list[Passage]:
    """The matches in words that stand on their own; what cannot be had so comes a little later."""
    found = []
    for match in matches:
        told = _tellable(match, nouns)
        is_clear = standalone(match.entry, match.index, nouns) is not None
        found.append(told if is_clear else replace(told, score=told.score - OBSCURE))
    return sorted(found, key=lambda p: -p.score)


def _tellable(match: Match, nouns: Described) -> Passage:
    """The passage in words that stand on their own where that can be had, with its denial."""
    raw = passage_of(match)
    text = standalone(match.entry, match.index, nouns) or dated(match.entry, match.index)
    text = f"{text}{_denial_after(match)}"
    return replace(raw, sentence=replace(raw.sentence, text=text))


def _denial_after(match: Match) -> str:
    """The next sentence where it only says that somebody denies this one: both are told."""
    sentences = match.entry.reading.sentences
    if match.index + 1 >= len(sentences):
        return ""
    after = sentences[match.index + 1].text
    return f" {after}" if _DENIES.fullmatch(after) else ""


def _evidence_of(draft: Draft, entries: Sequence[Entry]) -> tuple[Passage, ...]:
    """The sentence of the first cited story that each sentence of the draft rests on."""
    by_id = {entry.story.id: entry for entry in entries}
    cited = ((by_id[s.cites[0]], s.text) for s in draft.sentences if s.cites[0] in by_id)
    found = (_source(entry, text) for entry, text in cited)
    return tuple(passage for passage in found if passage is not None)[:EVIDENCE]


def _source(entry: Entry, text: str) -> Passage | None:
    """The sentence of `entry` that shares most terms with `text`, or None where none does."""
    wanted = frozenset(terms(text))
    shared = [(len(wanted & set(terms(s.text))), s) for s in entry.reading.sentences]
    most, best = max(shared, key=lambda pair: pair[0], default=(0, None))
    return Passage(story=entry.story, sentence=best, score=1.0) if best and most else None
