"""What the two witnesses for names, the tagger and the rules, see in one sentence.

Where they disagree:

- boundaries: the rule wins for the names of bodies ('Office for Radio Spectrum') and after
  titles, because its evidence is inside the name, and for runs of two capitals; else the
  tagger's span.
- type: each witness votes, a title or a body's last word more than the tagger.
- whether a capital is a name at all: the tagger, unless the lists know the name or another
  mention settles it. A run that only rules see is left alone ('Production Act').
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from bot.model import NameType
from bot.reading.chunks import (
    DIRECTIONS,
    GENITIVES,
    JOINING,
    Chunk,
    chunks,
    is_body_like,
    is_common,
    is_given,
    is_org,
    is_org_word,
    starts_sentence,
)
from bot.reading.gazetteer import demonyms, type_of, types
from bot.reading.lexicon import plain, words
from bot.reading.lines import Line, Seen
from bot.reading.tagger import tag
from bot.reading.tokens import has_capital

TITLE_VOTE, BODY_VOTE, LIST_VOTE, CONTEXT_VOTE, TAGGER_VOTE = 5, 4, 3, 2, 1
ENOUGH = 2  # times that the tagger is asked of one form in a story
KINDS: tuple[NameType, ...] = ("PER", "ORG", "LOC")
PAIR = 2  # words; of a run as short as this the tagger does not cut one off
PLACE_PREPOSITIONS = frozenset({"in", "near", "across", "around", "inside", "outside"})
ELECTIONS = frozenset({"election", "elections", "primary", "primaries", "referendum"})
FOLLOWINGS = frozenset({"administration", "presidency", "supporters", "premiership"})  # a leader's
ARTICLES = frozenset({"a", "an", "the", "which", "whose"})
APPOSITION = 7  # words that are looked at after a name
CAMEL_CASE = re.compile(r"[a-z][A-Z]")
SUBJECT_SIGNS = frozenset({"'s", "’s", ","})  # what follows a subject, if no small word does
PREPOSITIONS = frozenset({"in", "of", "for", "on", "at", "to", "from", "with", "by", "here"})
Votes = Mapping[NameType, int]
Span = tuple[int, int, str]  # first word, past the last, and label, as the tagger sees them


class Mention(NamedTuple):
    """Words `start` to `end` of a line that may be a name, with the votes for its type."""

    start: int
    end: int
    votes: tuple[tuple[NameType, int], ...]


def mentions_in(line: Line, story: Seen, asked: Counter[str]) -> Iterator[Mention]:
    """Yield what the tagger and the rules see in one line, without overlaps.

    `asked` counts how often the tagger was asked of each form of the story so far; it is not asked
    of what lists or rules are sure of, nor of one form again and again.
    """
    if not line.capitals:
        return
    runs = [_without_opener(line.words, c, story) for c in chunks(line.words, line.capitals)]
    kept = [run for run in runs if run]
    if not kept:
        return
    open_runs = [run for run in kept if _is_open(line.words, run, asked)]
    tagged = list(_spans(tag(line.words, open_runs))) if open_runs else []
    end = 0
    for chunk in _joined(line.words, kept, tagged):
        over = [t for t in tagged if t[0] < chunk.end and t[1] > chunk.start]
        for mention in _merged(line.words, chunk, over):
            if mention.start >= end:
                end = mention.end
                yield mention


def _is_open(texts: Sequence[str], run: Chunk, asked: Counter[str]) -> bool:
    """Whether the tagger is needed for a run; if so, count that it is asked."""
    form = " ".join(texts[run.start : run.end])
    if max(_ruled(form, run.titled).values(), default=0) > CONTEXT_VOTE:
        return False
    asked[form] += 1
    return asked[form] <= ENOUGH


def _spans(labels: Sequence[str]) -> Iterator[Span]:
    """Yield (first, past last, type) of the names that labels mark."""
    start = -1
    for i, label in enumerate([*labels, "O"]):
        if start >= 0 and not (label[0] == "I" and label[2:] == labels[start][2:]):
            yield start, i, labels[start][2:]
            start = -1
        if start < 0 and label != "O":
            start = i


def _joined(texts: Sequence[str], runs: Sequence[Chunk], tagged: Sequence[Span]) -> list[Chunk]:
    """Join runs that the tagger sees as one body: 'Alliance of Liberals and Democrats'."""
    if len(runs) < 2:
        return list(runs)
    joined = list(runs)
    for start, end, label in tagged:
        inside = [c for c in joined if start <= c.start and c.end <= end]
        if label == "ORG" and len(inside) > 1 and _linked(texts, inside):
            at = joined.index(inside[0])
            joined[at : at + len(inside)] = [Chunk(start=inside[0].start, end=inside[-1].end)]
    return joined


def _linked(texts: Sequence[str], runs: Sequence[Chunk]) -> bool:
    """Whether no more than 'of', 'and', 'for' and the like stands between runs without titles."""
    gaps = [texts[one.end : two.start] for one, two in pairwise(runs)]
    if any(c.titled for c in runs) or not all(words("links").issuperset(gap) for gap in gaps):
        return False
    return ["and"] not in gaps or _lists_within(texts, runs)


def _lists_within(texts: Sequence[str], runs: Sequence[Chunk]) -> bool:
    """Whether 'and' stands inside one name ('Immigration and Customs Service'), not between two."""
    ends = is_org_word(texts[runs[-1].end - 1]) or is_org_word(texts[runs[0].start])
    around = (texts[i] for one, two in pairwise(runs) for i in (one.end - 1, two.start))
    return ends and all(is_common(word) for word in around)


def _without_opener(texts: Sequence[str], chunk: Chunk, story: Seen) -> Chunk | None:
    """Drop first words that have their capital from their position, as far as one can tell."""
    start = chunk.start
    while start < chunk.end and starts_sentence(texts, start):
        whole = " ".join(texts[start : chunk.end])
        if (
            type_of(whole)
            or _begins_name(texts, start, chunk.end, story)
            or not (_common(texts[start], story) or _occupation(texts[start : chunk.end]))
        ):
            break
        start += 1
    lone = start == chunk.end - 1 and starts_sentence(texts, start)
    if start == chunk.end or (lone and not _attested(texts, start, story)):
        return None
    return Chunk(start=start, end=chunk.end, titled=chunk.titled)


def _begins_name(texts: Sequence[str], start: int, end: int, story: Seen) -> bool:
    """Whether a common word is part of a name: 'Grant Tillery', 'Union of Staff', 'Storm Cape'."""
    word, after = texts[start], texts[start + 1 : end]
    if not after or word in words("starters"):
        return False
    if _is_person(texts[start:end]) or after[0] in JOINING:
        return True
    return word in story.inside and is_org(texts[start:end])


def _is_person(run: Sequence[str]) -> bool:
    """Whether a run is a given name that is a common word too, and a family name: 'Grant Lee'."""
    if len(run) != PAIR or is_common(run[1]) or plain(run[0]) in words("offices"):
        return False
    return is_given(run[0]) or run[1] in words("surnames")


def _is_lone_name(run: Sequence[str]) -> bool:
    return len(run) == 1 and not is_common(run[0])


def _occupation(run: Sequence[str]) -> bool:
    """Whether a run at the start of a sentence is 'Shopkeeper Ann Lee'."""
    given = words("given_names")
    if not 2 < len(run) < 5 or run[0] in given or run[1] not in given:
        return False
    return not is_org(run) and not is_common(run[-1])


def _common(word: str, story: Seen) -> bool:
    one = plain(word).removesuffix("s")
    if one in words("company_nouns") and not is_org_word(word):
        return True  # 'Drugmaker Pfizer'
    return word in words("starters") or (word.casefold() in story.words and word not in types())


def _attested(texts: Sequence[str], start: int, story: Seen) -> bool:
    """Whether a lone capital at the start of a sentence is a name by other signs."""
    word, after = texts[start], texts[start + 1 : start + 2]
    if word in story.inside or has_capital(word[1:]):
        return True
    said = bool(after) and (after[0] in GENITIVES or after[0] in words("reporting_verbs"))
    if is_common(word):
        return word in types() and said
    if word in types() or word in words("first_names"):
        return True
    if not after or after[0] in PREPOSITIONS:
        return False
    return after[0] in SUBJECT_SIGNS or after[0].islower()


def _merged(texts: Sequence[str], chunk: Chunk, tagged: Sequence[Span]) -> Iterator[Mention]:
    """Yield the mentions that a run and the tagger's spans over it amount to."""
    run = texts[chunk.start : chunk.end]
    if type_of(" ".join(run)) and (
        any(_wider_misc(span, chunk) for span in tagged) or _is_election(texts, chunk)
    ):
        return  # part of something else: 'the 2020 United States presidential election'
    ruled = _ruled(" ".join(run), chunk.titled)
    if len(run) == PAIR == len(tagged) and {label for _, _, label in tagged} == {"PER"}:
        tagged = [(chunk.start, chunk.end, "PER")]
    if ruled or len(tagged) == 1:
        if not ruled and (plain(run[-1]) in words("works") or _is_misc(texts, chunk, tagged[0])):
            return
        start, end = chunk.start, chunk.end
        opener = starts_sentence(texts, start) and is_common(run[0]) and not _is_person(run)
        opener = opener and bool(tagged) and tagged[0][2] != "ORG"
        if not ruled and (len(run) > PAIR or opener):
            body = tagged[0][2] == "ORG" and is_common(run[-1]) and not opener
            start = start if body else max(start, tagged[0][0])
            end = end if body else min(end, tagged[0][1])
        tally = _tallied(tagged)
        if "PER" in tally and is_body_like(texts[start:end]):
            tally = {"ORG": TAGGER_VOTE}
        votes = _added(ruled, tally, _context(texts, chunk))
        if votes:
            yield Mention(start=start, end=end, votes=votes)
        return
    for start, end, label in tagged:
        for kind in KINDS:
            if kind == label and start >= chunk.start:
                yield Mention(start=start, end=end, votes=((kind, TAGGER_VOTE),))
    if not tagged and (context := _context(texts, chunk)):
        yield Mention(start=chunk.start, end=chunk.end, votes=tuple(context.items()))


def _tallied(tagged: Sequence[Span]) -> Votes:
    labels = [label for _, _, label in tagged]
    return {kind: TAGGER_VOTE * labels.count(kind) for kind in KINDS if kind in labels}


def _added(*ballots: Votes) -> tuple[tuple[NameType, int], ...]:
    """Return the sum of several witnesses' votes."""
    sums = dict(ballots[0])
    for votes in ballots[1:]:
        for kind, count in votes.items():
            sums[kind] = sums.get(kind, 0) + count
    return tuple(sums.items())


def _is_misc(texts: Sequence[str], chunk: Chunk, span: Span) -> bool:
    """Whether the tagger sees neither person nor body nor place, and no verb addresses one."""
    before = texts[chunk.start - 1] if chunk.start else ""
    return span[2] == "MISC" and before not in words("addressing")


def _is_election(texts: Sequence[str], chunk: Chunk) -> bool:
    dated = chunk.start > 0 and texts[chunk.start - 1].isdigit()
    return dated and not ELECTIONS.isdisjoint(texts[chunk.end : chunk.end + 3])


def _wider_misc(span: Span, chunk: Chunk) -> bool:
    start, end, label = span
    return label == "MISC" and end - start > chunk.end - chunk.start


@lru_cache(maxsize=20_000)
def _ruled(form: str, titled: bool) -> Mapping[NameType, int]:
    """Return the votes that stand in the name itself or in the title before it."""
    known, run = type_of(form), form.split(" ")
    if known:
        return {known: LIST_VOTE}
    if titled:
        return {"PER": TITLE_VOTE}
    if is_org(run):
        return {"ORG": BODY_VOTE}
    if 2 <= len(run) <= 4 and run[0] in words("first_names"):
        return {"PER": LIST_VOTE}
    if 2 <= len(run) <= 4 and run[0] in words("given_names"):
        elsewhere = is_body_like(run) or run[-1] in types() or run[0] in DIRECTIONS
        return {} if elsewhere else {"PER": CONTEXT_VOTE}
    return {}


def _context(texts: Sequence[str], chunk: Chunk) -> dict[NameType, int]:
    """Return the votes of the words around a run."""
    after = texts[chunk.end : chunk.end + APPOSITION]
    before = texts[chunk.start - 1].casefold() if chunk.start else ""
    run = texts[chunk.start : chunk.end]
    if plain(run[-1]) in words("works"):
        return {}
    if after[:1] == ["("] and after[2:3] == [")"] and after[1].isupper() and not run[-1].isupper():
        return {"ORG": BODY_VOTE}
    if plain(run[-1]) in words("place_words"):
        return {"LOC": CONTEXT_VOTE}
    if len(run) > 1 and plain(run[0]) in words("place_first"):
        return {"LOC": CONTEXT_VOTE}
    if before == "," and chunk.start > 1 and texts[chunk.start - 2] in words("company_nouns"):
        return {"ORG": CONTEXT_VOTE}  # 'The grid company, Vestkraft,'
    owning = bool(after) and after[0] in words("belongings_of_bodies")
    if owning or before in words("company_nouns"):
        return {"ORG": CONTEXT_VOTE}
    if before in words("offices") and len(run) > 1:
        return {"PER": CONTEXT_VOTE}
    if len(run) == 1 and CAMEL_CASE.search(run[0]):
        return {"ORG": CONTEXT_VOTE}
    if is_body_like(run) and not is_common(run[0]):
        return {"ORG": TAGGER_VOTE}
    if not before and after[:1] == ["and"] and has_capital("".join(after[1:2])):
        return {"ORG": TAGGER_VOTE}
    if before in words("addressing") and (is_body_like(run) or _is_lone_name(run)):
        return {"ORG": TAGGER_VOTE}
    if _is_lone_name(run) and after[:1] and after[0] in FOLLOWINGS:
        return {"PER": TAGGER_VOTE}
    if before in PLACE_PREPOSITIONS:
        return {"LOC": TAGGER_VOTE}
    if len(run) > 1 and after[:1] == [","] and _holds_office(after[2:]):
        return {"PER": CONTEXT_VOTE}
    if len(after) > 1 and after[0] == "," and after[1] in ARTICLES:
        return _apposed(run, after[2:])
    if len(after) > 1 and after[0] in ("'s", "’s") and after[1].casefold() in words("offices"):
        return {"ORG": CONTEXT_VOTE}
    if after and after[0] in words("reporting_verbs") and run[0] not in demonyms():
        spelt = any(word.isupper() for word in run) or is_body_like(run)
        return {"PER" if len(run) == 2 and not spelt else "ORG": TAGGER_VOTE}
    return {}


def _holds_office(after: Sequence[str]) -> bool:
    """Whether words go on as an apposition does after the name of a body: '’s chief executive'."""
    return after[:1] in (["'s"], ["’s"]) and any(plain(w) in words("offices") for w in after[1:4])


def _apposed(run: Sequence[str], apposition: Sequence[str]) -> dict[NameType, int]:
    """Return the votes of ', the carrier next in line,' or ', the bureau's director,'."""
    nouns = {plain(word) for word in apposition}
    if len(run) > 1 and nouns & words("offices"):
        return {"PER": CONTEXT_VOTE}
    if nouns & words("company_nouns"):
        return {"ORG": CONTEXT_VOTE}
    return {"ORG": TAGGER_VOTE} if len(run) == 1 else {}
