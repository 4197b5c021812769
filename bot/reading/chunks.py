"""Runs of capitals that could be one name: what rules alone see in a sentence.

A run joins over 'of' and 'for' only after a word that heads organisations ('Office for Radio
Spectrum', but not 'Enright of the Airport Slot Office'), over particles ('van der Berg') and over
a plural genitive ('Educators' Union'). Titles, demonyms and states in front are cut off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.reading.gazetteer import agencies, demonyms, states
from bot.reading.lexicon import plain, words
from bot.reading.tokens import capitals, has_capital

JOINING = frozenset({"of", "for", "on"})
APOSTROPHES = frozenset({"'", "’"})
GENITIVES = frozenset({"'s", "’s"})
PEOPLE = frozenset({"People", "Children", "Women", "Men", "Farmers", "Workers"})
PLACE_HEADS = frozenset({"gulf", "strait", "straits", "bay", "isle", "cape", "sea", "lake"})
POST_NOMINALS = frozenset({"KC", "QC", "MP", "MEP", "Jr.", "Sr.", "Jr", "Sr", "SC", "OBE", "CBE"})
SENTENCE_OPENERS = frozenset({'"', "“", "‘", ":", "•", "-", "–", "—", "?", "!", "."})
BODIES_THAT_LIST = frozenset({"ministry", "department", "office", "bureau", "commission", "agency"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Chunk:
    """Words `start` to `end` (past the last) of a sentence; `titled` if a title stood before."""

    start: int
    end: int
    titled: bool = False


def is_org_word(word: str) -> bool:
    """Whether a word ends or heads the names of organisations."""
    low = plain(word)
    return low in words("organisations") or low in words("org_heads")


def is_org(run: Sequence[str]) -> bool:
    """Whether the words of a run are built as the names of organisations are."""
    if len(run) < 2:
        return False
    last = plain(run[-1])
    ends = last in words("organisations") or last in words("company_suffixes")
    return ends or "&" in run or (is_org_word(run[0]) and any(w in JOINING for w in run))


def chunks(run: Sequence[str]) -> Iterator[Chunk]:
    """Yield the capital runs of a sentence, left to right."""
    end = 0
    for i in capitals(run):
        if i >= end and opens(run[i]):
            end = _end(run, i)
            yield from _trimmed(run, i, end)


@lru_cache(maxsize=50_000)
def opens(word: str) -> bool:
    """Whether a name can begin with this word."""
    if not word[0].isalnum() or "/" in word or word in words("calendar"):
        return False
    return has_capital(word)


def starts_sentence(run: Sequence[str], i: int) -> bool:
    """Whether a word is capitalised for its position alone, perhaps."""
    return i == 0 or run[i - 1] in SENTENCE_OPENERS


def _end(run: Sequence[str], start: int) -> int:
    """Return the index past the last word of the run that begins at `start`."""
    end = start + 1
    while end < len(run):
        step = _step(run, start, end)
        if not step:
            break
        end += step
    return end


def _step(run: Sequence[str], start: int, end: int) -> int:
    """Return how many words from `end` on belong to the run, 0 for none."""
    word = run[end]
    if opens(word):
        return 1
    if _capital(run, end + 1):
        if word == "&" or word in words("particles"):
            return 2
        if word in JOINING and _takes_more(run, start, end):
            return 2
        if is_org_word(run[end + 1]) and _owned_by_many(run, start, end):
            return 2
        if word == "and" and run[start].casefold() in BODIES_THAT_LIST and end - start > 2:
            return 0 if is_org_word(run[end + 1]) else 2
    particles = words("particles")
    if word in particles and _capital(run, end + 2) and run[end + 1] in particles:
        return 3
    if word in JOINING and _takes_more(run, start, end) and _article_then_capital(run, end + 1):
        return 3
    return 0


def _takes_more(run: Sequence[str], start: int, end: int) -> bool:
    """Whether 'of' or 'for' after these words goes on with the name of a body."""
    if words("first_names").issuperset(run[end + 1 : end + 2]):
        return False  # 'the party of Boris Johnson' is no name
    last = plain(run[end - 1])
    return is_org_word(last) or last in PLACE_HEADS or any(w in JOINING for w in run[start:end])


def _owned_by_many(run: Sequence[str], start: int, end: int) -> bool:
    """Whether a genitive is part of a body's name: 'Educators' Union', 'People's Party'."""
    if run[end] in GENITIVES:
        return run[end - 1] in PEOPLE
    plural = run[end] in APOSTROPHES and run[end - 1].endswith("s")
    return plural and run[start] not in words("first_names")


def _capital(run: Sequence[str], i: int) -> bool:
    return i < len(run) and opens(run[i])


def _article_then_capital(run: Sequence[str], i: int) -> bool:
    return i < len(run) and run[i] == "the" and _capital(run, i + 1)


def _trimmed(run: Sequence[str], start: int, end: int) -> Iterator[Chunk]:
    """Cut a state, a demonym, titles and post-nominals off a run."""
    while end - start > 1 and run[end - 1] in POST_NOMINALS:
        end -= 1
    if " ".join(run[start:end]) in agencies():
        yield Chunk(start=start, end=end)
        return
    title = _last_title(run, start, end)
    titled = title >= 0 and not is_org(run[start:end])
    if titled:
        front = start
        start = title + 1
        if run[front] in states():
            yield Chunk(start=front, end=front + 1)
    elif start and plain(run[start - 1]) in words("titles"):
        titled = not is_org(run[start:end])
    if _may_be_name(run[start:end]):
        yield Chunk(start=start, end=end, titled=titled)


def _may_be_name(run: Sequence[str]) -> bool:
    """Whether words are more than an office or a demonym."""
    if len(run) == 1 and run[0] in demonyms():
        return False
    return not all(_is_office(w) for w in run)


def _is_office(word: str) -> bool:
    return plain(word) in words("offices") or plain(word) in _title_words()


@cache
def _title_words() -> frozenset[str]:
    return frozenset(word for title in words("titles") for word in title.split())


def _last_title(run: Sequence[str], start: int, end: int) -> int:
    """Return the index of the last title that a name follows, or -1."""
    titles = words("titles")
    found = (i for i in range(end - 2, start - 1, -1) if plain(run[i]) in titles)
    return next(found, -1)
