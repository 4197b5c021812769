"""What a digest gains by saying something: weights of terms, deadlines, stances and news."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from bot.model import Brief, Dispute, Entry, Role
from bot.summarizer import lexicon
from bot.summarizer.selection import Key
from bot.summarizer.terms import bigrams, terms


def weigh(brief: Brief, news: Sequence[Entry]) -> dict[Key, float]:
    """The weight of every key, from the stories to be told and the dispute's structure."""
    tuned = lexicon.weights("digest")
    weights = _term_weights(brief, news, tuned)
    weights |= _deadline_weights(brief.dispute, tuned)
    weights |= {("party", party): tuned["party"] for party in brief.dispute.parties}
    for rank, entry in enumerate(reversed(news)):
        weights["lead", entry.story.id] = tuned["lead"] / (1 + rank)
    if brief.since is None and news:
        weights["lead", news[0].story.id] += tuned["origin"]
    for stance in ("demands", "refuses", "threatens", "offers", "decides"):
        for party in brief.dispute.parties:
            weights["stance", party, stance] = tuned["stance"]
    weights["status"] = tuned["status"]
    return weights


def _term_weights(
    brief: Brief, news: Sequence[Entry], tuned: Mapping[str, float]
) -> dict[Key, float]:
    """Terms weigh by the number of stories that have them; later stories count for more."""
    copies = dict(brief.dispute.copies)
    counts: dict[Key, float] = defaultdict(float)
    originals = [e for e in news if copies.get(e.story.id, e.story.id) == e.story.id] or list(news)
    for rank, entry in enumerate(reversed(originals)):
        recency = tuned["decay"] ** rank
        for key in story_keys(entry, tuned["title"] > 0):
            counts[key] += recency
    shared = tuned["shared"]
    return {
        key: (count**shared) * (tuned["bigram"] if isinstance(key, tuple) else tuned["term"])
        for key, count in counts.items()
    }


def story_keys(entry: Entry, title: bool = True) -> set[Key]:
    """Terms and pairs of terms of a story's headline and body."""
    keys: set[Key] = set()
    for sentence in entry.reading.sentences:
        if sentence.role is Role.BODY or (title and sentence.role is Role.HEADLINE):
            keys |= sentence_keys(sentence.text)
    return keys


def sentence_keys(text: str) -> set[Key]:
    """Terms and pairs of terms of one sentence."""
    keys: set[Key] = set(terms(text))
    return keys | set(bigrams(text))


def _deadline_weights(dispute: Dispute, tuned: Mapping[str, float]) -> dict[Key, float]:
    """Open deadlines weigh most, the next one above all; passed and replaced ones a little."""
    soonest = dispute.next_deadline
    weights: dict[Key, float] = {}
    for tracked in dispute.deadlines:
        due: date = tracked.deadline.due
        open_ = tracked.superseded_by is None and due >= dispute.as_of.date()
        weights["due", due] = tuned["deadline_open"] if open_ else tuned["deadline_past"]
    if soonest is not None:
        weights["due", soonest.deadline.due] = tuned["deadline_next"]
    return weights
