"""Runs of capitals that could be one name: what rules alone see in a sentence.

A run joins over 'of' and 'for' only after a word that heads organisations ('Office for Radio
Spectrum', but not 'Enright of the Airport Slot Office'), over particles ('van der Berg') and over
a plural genitive ('Educators' Union'). Titles, demonyms and states in front are cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from bot.reading.gazetteer import agencies, groups, type_of
from bot.reading.lexicon import plain, words
from bot.reading.tokens import capitals, has_capital

JOINING = frozenset({"of", "for", "on"})
APOSTROPHES = frozenset({"'", "’"})
GENITIVES = frozenset({"'s", "’s"})
HYPHEN = re.compile(r"[-‐‑]")
GOING_ON = frozenset({"TV", "AI"})  # no names alone, but part of one: 'Tarang TV'
ADJECTIVE = ("ic", "ist", "ists", "ian", "ians", "al")  # endings that no firm's name has alone
NEVER_FOR = frozenset({"party", "company", "group"})  # 'left the Liberal Party for the Greens'
QUALIFIERS = frozenset({"Former", "Acting", "Interim", "Outgoing", "Incoming", "Then"})
PARTIES = frozenset({"R", "D", "I"})  # 'R-Maine': a party and the state it stands for
DIRECTIONS = frozenset(
    ["North", "South", "East", "West", "Northern", "Southern", "Eastern", "Western"]
)
AUXILIARIES = frozenset({"has", "had", "is", "was", "will", "would", "could", "may", "also"})
PEOPLE = frozenset({"People", "Children", "Women", "Men", "Farmers", "Workers"})
PLACE_HEADS = frozenset({"gulf", "strait", "straits", "bay", "isle", "cape", "sea", "lake"})
SAINTS = frozenset({"St.", "St", "Saint"})
POST_NOMINALS = frozenset({"KC", "QC", "MP", "MEP", "Jr.", "Sr.", "Jr", "Sr", "SC", "OBE", "CBE"})
SENTENCE_OPENERS = frozenset({'"', "“", "‘", ":", "•", "-", "–", "—", "?", "!", "."})
BODIES_THAT_LIST = frozenset({"ministry", "department", "office", "bureau", "commission", "agency"})


class Chunk(NamedTuple):
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
    heads = (is_org_word(word) for word, after in pairwise(run) if after in JOINING)
    return ends or "&" in run or any(heads)


@lru_cache(maxsize=50_000)
def is_common(word: str) -> bool:
    """Whether a word, or its singular, is written in lower case when it is no name."""
    low = word.casefold()
    return low in words("common_words") or low.removesuffix("s") in words("common_words")


def is_given(word: str) -> bool:
    """Whether a word is a given name somewhere."""
    return word in words("given_names") or word in words("first_names")


def is_body_like(run: Sequence[str]) -> bool:
    """Whether words look like a body's name rather than a person's: 'Ironbark Lithium'."""
    last = run[-1]
    if not 1 < len(run) < 4 or last in words("surnames") or is_given(run[0]):
        return False
    if words("particles").issuperset(word.casefold() for word in run[1:-1]) and len(run) > 2:
        return False  # 'Marine Le Pen'
    return is_common(last)


def chunks(run: Sequence[str], capital: Sequence[int] | None = None) -> Iterator[Chunk]:
    """Yield the capital runs of a sentence, left to right; `capital` are its words with one."""
    end = 0
    for i in capitals(run) if capital is None else capital:
        if i >= end and opens(run[i]) and not is_month(run, i) and not _is_opener(run, i):
            end = _end(run, i)
            yield from _trimmed(run, i, end)


def _is_opener(run: Sequence[str], i: int) -> bool:
    """Whether a word like 'The' has its capital from its position: most sentences begin so."""
    return run[i] in words("starters") and starts_sentence(run, i) and not _capital(run, i + 1)


@lru_cache(maxsize=50_000)
def opens(word: str) -> bool:
    """Whether a name can begin with this word."""
    if not word[0].isalnum() or "/" in word or word in words("calendar"):
        return False
    return has_capital(word) and not (HYPHEN.search(word) and _is_compound(word))


def _is_compound(word: str) -> bool:
    """Whether a word only looks like a name: 'U.S.-based', 'R-Maine', 'COVID-19'."""
    first, last = HYPHEN.split(word)[:: len(HYPHEN.split(word)) - 1]
    if last.casefold() in words("compound_tails") or last.isdigit() or first in PARTIES:
        return True
    return len(first) == 1 and last.islower()  # 'T-shirts'


def is_month(run: Sequence[str], i: int) -> bool:
    """Whether 'May' stands where a month does."""
    if run[i] != "May":
        return False
    before = run[i - 1].casefold() if i else ""
    return before in words("before_month") or before.isdigit() or run[i + 1 : i + 2][:1] == ["2"]


@lru_cache(maxsize=50_000)
def may_recur(word: str) -> bool:
    """Whether a word with a capital can be a name that only its use in the story shows."""
    if not word.isalpha() or word in groups() or word in words("starters"):
        return False
    return is_common(word) and not word.endswith(ADJECTIVE) and opens(word) and not _is_office(word)


def is_alone(run: Sequence[str], i: int) -> bool:
    """Whether a capital stands between words that no name begins with."""
    return not _capital(run, i + 1) and not (i and opens(run[i - 1]))


def is_subject(run: Sequence[str], i: int) -> bool:
    """Whether a singular word stands without article before a verb, as only names do."""
    after = run[i + 1] if i + 1 < len(run) else ""
    verb = after in GENITIVES or after in words("reporting_verbs") or after in AUXILIARIES
    verb = verb or (after == "," and run[i + 2 : i + 3] in (["which"], ["whose"]))
    return verb and not run[i].endswith("s")


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
    if opens(word) or word in GOING_ON:
        return 1
    if word in GENITIVES and run[start] in SAINTS and end - start == 2:
        return 1 + _capital(run, end + 1)  # 'St. Adele's Medical Center', 'St Brigid's'
    if _capital(run, end + 1):
        if word == "of" and end - start == 1 and _is_patron(run, start, end):
            return 2
        if word == "&" or word in words("particles"):
            return 2
        if word in JOINING and _takes_more(run, start, end):
            return 2
        if is_org_word(run[end + 1]) and _owned_by_many(run, start, end):
            return 2
        if word == "and" and run[start].casefold() in BODIES_THAT_LIST and end - start > 2:
            return 0 if is_org_word(run[end + 1]) else 2
        if word == "and" and start and run[start - 1] in ("the", "The"):
            return 2 * _lists_one_body(run, start, end)
    particles = words("particles")
    if word in particles and _capital(run, end + 2) and run[end + 1] in particles:
        return 3
    if word in JOINING and _takes_more(run, start, end) and _article_then_capital(run, end + 1):
        return 3
    return 0


def _is_patron(run: Sequence[str], start: int, end: int) -> bool:
    """Whether a title before 'of' begins the name of a house: 'Queen of Peace Hospital'."""
    past = end + 1
    while past < len(run) and opens(run[past]):
        past += 1
    return is_title(run[start]) and past - end > 2 and is_org_word(run[past - 1])


def _lists_one_body(run: Sequence[str], start: int, end: int) -> bool:
    """Whether common words on both sides of 'and' name one body: 'the Fire and Rescue Service'."""
    past = end + 1
    while past < len(run) and opens(run[past]):
        past += 1
    listed = all(is_common(w) for w in (*run[start:end], *run[end + 1 : past]))
    ends = past - end > 2 and is_org_word(run[past - 1])
    return listed and ends and not is_org(run[start:end])


def _takes_more(run: Sequence[str], start: int, end: int) -> bool:
    """Whether 'of' or 'for' after these words goes on with the name of a body."""
    if any(is_given(word) and not type_of(word) for word in run[end + 1 : end + 2]):
        return False  # 'the party of Boris Johnson' is no name
    last = plain(run[end - 1])
    if run[end] != "of" and last in NEVER_FOR:
        return False
    return is_org_word(last) or last in PLACE_HEADS or any(w in JOINING for w in run[start:end])


def _owned_by_many(run: Sequence[str], start: int, end: int) -> bool:
    """Whether a genitive is part of a body's name: 'Educators' Union', 'People's Party'."""
    if run[end] in GENITIVES:
        of_office = run[end + 1] == "Office" and plain(run[end - 1]) in words("titles")
        return of_office or run[end - 1] in PEOPLE
    plural = run[end] in APOSTROPHES and run[end - 1].endswith("s")
    return plural and run[start] not in words("first_names")


def _capital(run: Sequence[str], i: int) -> bool:
    return i < len(run) and opens(run[i])


def _article_then_capital(run: Sequence[str], i: int) -> bool:
    return i < len(run) and run[i] == "the" and _capital(run, i + 1)


def _trimmed(run: Sequence[str], start: int, end: int) -> Iterator[Chunk]:
    """Cut a state, a demonym, titles and post-nominals off a run."""
    if end - start == 1:
        if may_be_name(run[start]) or _acts_as_ministry(run, start):
            titled = start > 0 and is_title(run[start - 1]) and run[start] not in agencies()
            yield Chunk(start, end, titled)
        return
    while end - start > 1 and run[end - 1] in POST_NOMINALS:
        end -= 1
    if run[start] == "The" and _is_article(run, start, end):
        start += 1
    if end - start > 2 and run[start] in groups() and is_given(run[start + 1]):
        start += 1  # 'German Tommy Haas'
    if " ".join(run[start:end]) in agencies():
        yield Chunk(start=start, end=end)
        return
    title = _last_title(run, start, end)
    titled = title >= 0 and not is_org(run[start:end])
    if titled:
        yield from _before_title(run, start, title)
        start = title + 1
    elif start and is_title(run[start - 1]):
        titled = not is_org(run[start:end])
    while end - start > 1 and run[end - 1] in groups() and run[end - 2] not in groups():
        if run[end - 2] in DIRECTIONS:
            break
        end -= 1  # 'Senate Democrats'
    if _may_be_name(run[start:end]):
        yield Chunk(start=start, end=end, titled=titled)


def _acts_as_ministry(run: Sequence[str], i: int) -> bool:
    """Whether a portfolio stands for its ministry: 'Defence has told Lodestone'."""
    portfolio = run[i].casefold() in words("portfolios") and not starts_sentence(run, i)
    return portfolio and is_subject(run, i)


def _is_article(run: Sequence[str], start: int, end: int) -> bool:
    """Whether 'The' is no part of the name: at a sentence's start, or before a place."""
    form = " ".join(run[start:end])
    place = type_of(form.removeprefix("The ")) == "LOC"
    return not type_of(form) and (place or starts_sentence(run, start))


@lru_cache(maxsize=50_000)
def may_be_name(word: str) -> bool:
    """Whether a lone word may be a name."""
    return word in agencies() or _may_be_name((word,))


@lru_cache(maxsize=50_000)
def is_title(word: str) -> bool:
    """Whether a word stands before names of persons: 'Mr', 'minister'."""
    return plain(word) in words("titles")


def _before_title(run: Sequence[str], start: int, title: int) -> Iterator[Chunk]:
    """Yield the body or place whose officer is named: 'Texas Attorney General Ann Lee'."""
    while start < title and (_is_office(run[start]) or run[start] in QUALIFIERS):
        start += 1  # 'Former Texas Governor'
    for end in range(title, start, -1):
        form = " ".join(run[start:end])
        if type_of(form) or form in words("places") or is_org(run[start:end]):
            yield Chunk(start=start, end=end)
            return


def _may_be_name(run: Sequence[str]) -> bool:
    """Whether words are more than an office, a demonym or the members of a party."""
    form = " ".join(run)
    if form in groups() or (run[-1] in groups() and DIRECTIONS.issuperset(run[:-1])):
        return False
    last = plain(run[-1])
    if last in words("titles") and last not in words("organisations") and not type_of(form):
        return not JOINING.isdisjoint(run)  # 'Mines Minister', but 'Department of Justice'
    return not all(_is_office(w) for w in run)


@lru_cache(maxsize=50_000)
def _is_office(word: str) -> bool:
    return plain(word) in words("offices") or plain(word) in _title_words()


@cache
def _title_words() -> frozenset[str]:
    return frozenset(word for title in words("titles") for word in title.split())


def _last_title(run: Sequence[str], start: int, end: int) -> int:
    """Return the index of the last title that a name follows, or -1."""
    for i in range(end - 2, start - 1, -1):
        if is_title(run[i]):
            return i
    return -1
