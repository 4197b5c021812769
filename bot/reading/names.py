"""Names of persons, organisations and places, with their exact places in the story.

Two witnesses: the trained tagger, which knows how names look in context, and rules, which know
what the tagger cannot learn: how bodies are named, titles, gazetteers, and that a word which is a
name once is one throughout a story. Where they disagree:

- boundaries: the rule wins for the names of bodies ('Office for Radio Spectrum') and after
  titles, because its evidence is inside the name, and for runs of two capitals; else the
  tagger's span.
- type: each witness votes, a title or a body's last word more than the tagger, and the votes of
  all mentions are added: one form has one type in a story.
- whether a capital is a name at all: the tagger, unless the lists know the name or another
  mention settles it. A run that only rules see is left alone ('Production Act').
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from bot.model import Name, NameType, Role, Sentence
from bot.reading.chunks import Chunk, chunks, is_org, starts_sentence
from bot.reading.gazetteer import demonyms, type_of, types
from bot.reading.lexicon import plain, words
from bot.reading.tagger import tag
from bot.reading.tokens import Token, has_capital, tokenize

TITLE_VOTE, BODY_VOTE, LIST_VOTE, CONTEXT_VOTE, TAGGER_VOTE = 5, 4, 3, 2, 1
KINDS: tuple[NameType, ...] = ("PER", "ORG", "LOC")
PAIR = 2  # words; of a run as short as this the tagger does not cut one off
LONGEST_FORM = 8  # words
PLACE_PREPOSITIONS = frozenset({"in", "near", "across", "around", "inside", "outside"})
ARTICLES = frozenset({"a", "an", "the", "which", "whose"})
APPOSITION = 7  # words that are looked at after a name
CAMEL_CASE = re.compile(r"[a-z][A-Z]")
SUBJECT_SIGNS = frozenset({"'s", "’s", ","})  # what follows a subject, if no small word does
PREPOSITIONS = frozenset({"in", "of", "for", "on", "at", "to", "from", "with", "by", "here"})

Votes = dict[str, Counter[NameType]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A sentence cut into tokens, and where its capitals are.

    `plain` is False where capitals say nothing (headlines).
    """

    sentence: Sentence
    tokens: list[Token]
    words: list[str]
    capitals: list[int]
    plain: bool

    def form(self, start: int, end: int) -> str:
        """Return the words as they stand in the sentence."""
        first, last = self.tokens[start], self.tokens[end - 1]
        offset = self.sentence.start
        return self.sentence.text[first.start - offset : last.end - offset]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """Words `start` to `end` of a line that may be a name, with the votes for its type."""

    start: int
    end: int
    votes: tuple[tuple[NameType, int], ...]


def find_names(sentences: Sequence[Sentence]) -> tuple[Name, ...]:
    """Return the names of all sentences, boilerplate too, in the order of the sentences."""
    lines = [_line(s) for s in sentences]
    common = _seen_inside(lines)
    found = [list(_mentions(line, common)) if line.plain else [] for line in lines]
    types_of = _settle(_count(lines, found))
    first_words = {tokenize(form)[0].text for form in types_of}
    return tuple(
        name
        for line, mentions in zip(lines, found, strict=True)
        for name in _resolved(line, mentions, types_of, first_words)
    )


def _line(sentence: Sentence) -> Line:
    tokens = tokenize(sentence.text, sentence.start)
    texts = [t.text for t in tokens]
    return Line(
        sentence=sentence,
        tokens=tokens,
        words=texts,
        capitals=[i for i, word in enumerate(texts) if has_capital(word)],
        plain=_plain(texts, sentence.role),
    )


def _seen_inside(lines: Sequence[Line]) -> set[str]:
    """Return the words that the story writes inside its sentences, lower case or capital."""
    plain_lines = [line for line in lines if line.plain]
    inside = {
        line.words[i]
        for line in plain_lines
        for i in line.capitals
        if not starts_sentence(line.words, i)
    }
    return inside.union(word for line in plain_lines for word in line.words if word.islower())


def _plain(texts: Sequence[str], role: Role) -> bool:
    """Whether capitals mark names here: not so where most words of a headline have one."""
    if role is not Role.HEADLINE:
        return True
    long = [w for w in texts[1:] if w.isalpha() and len(w) > 3]
    return sum(has_capital(w) for w in long) <= 0.6 * len(long)


# ---------------------------------------------------------------- what each witness sees


def _mentions(line: Line, common: set[str]) -> Iterator[Mention]:
    """Yield what the tagger and the rules see in one line, without overlaps."""
    if not line.capitals:
        return
    tagged = list(_spans(tag(line.words)))
    end = 0
    for chunk in chunks(line.words):
        kept = _without_opener(line.words, chunk, common)
        if kept is None:
            continue
        over = [t for t in tagged if t[0] < kept.end and t[1] > kept.start]
        for mention in _merged(line.words, kept, over):
            if mention.start >= end:
                end = mention.end
                yield mention


def _spans(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (first, past last, type) of the names that labels mark."""
    start = -1
    for i, label in enumerate([*labels, "O"]):
        if start >= 0 and not (label[0] == "I" and label[2:] == labels[start][2:]):
            yield start, i, labels[start][2:]
            start = -1
        if start < 0 and label != "O":
            start = i


def _without_opener(texts: Sequence[str], chunk: Chunk, common: set[str]) -> Chunk | None:
    """Drop first words that have their capital from their position, as far as one can tell."""
    start = chunk.start
    while start < chunk.end and starts_sentence(texts, start):
        whole = " ".join(texts[start : chunk.end])
        if type_of(whole) or not _common(texts[start], common):
            break
        start += 1
    lone = start == chunk.end - 1 and starts_sentence(texts, start)
    if start == chunk.end or (lone and not _attested(texts, start, common)):
        return None
    return Chunk(start=start, end=chunk.end, titled=chunk.titled)


def _common(word: str, common: set[str]) -> bool:
    return word in words("starters") or (word.casefold() in common and word not in types())


def _attested(texts: Sequence[str], start: int, common: set[str]) -> bool:
    """Whether a lone capital at the start of a sentence is a name by other signs."""
    word, after = texts[start], texts[start + 1 : start + 2]
    if word in types() or word in words("first_names") or word in common or has_capital(word[1:]):
        return True
    if not after or after[0] in PREPOSITIONS:
        return False
    return after[0] in SUBJECT_SIGNS or after[0].islower()


def _merged(
    texts: Sequence[str], chunk: Chunk, tagged: Sequence[tuple[int, int, str]]
) -> Iterator[Mention]:
    """Yield the mentions that a run and the tagger's spans over it amount to."""
    run = texts[chunk.start : chunk.end]
    if type_of(" ".join(run)) and any(_wider_misc(span, chunk) for span in tagged):
        return  # part of something else: 'the United States presidential election'
    ruled = _ruled(run, chunk)
    labels = Counter(t for _, _, t in tagged)
    if ruled or len(tagged) == 1:
        votes = Counter(ruled)
        for kind in KINDS:
            votes[kind] += TAGGER_VOTE * labels[kind]
        if not ruled and ("MISC" in labels or plain(run[-1]) in words("works")):
            return
        votes.update(_context(texts, chunk))
        start, end = chunk.start, chunk.end
        if not ruled and len(run) > PAIR:
            start, end = max(start, tagged[0][0]), min(end, tagged[0][1])
        if any(votes.values()):
            yield Mention(start=start, end=end, votes=tuple(votes.items()))
        return
    for start, end, label in tagged:
        for kind in KINDS:
            if kind == label and start >= chunk.start:
                yield Mention(start=start, end=end, votes=((kind, TAGGER_VOTE),))
    if not tagged and (context := _context(texts, chunk)):
        yield Mention(start=chunk.start, end=chunk.end, votes=tuple(context.items()))


def _wider_misc(span: tuple[int, int, str], chunk: Chunk) -> bool:
    start, end, label = span
    return label == "MISC" and end - start > chunk.end - chunk.start


def _ruled(run: Sequence[str], chunk: Chunk) -> dict[NameType, int]:
    """Return the votes that stand in the name itself or in the title before it."""
    known = type_of(" ".join(run))
    if known:
        return {known: LIST_VOTE}
    if chunk.titled:
        return {"PER": TITLE_VOTE}
    if is_org(run):
        return {"ORG": BODY_VOTE}
    if 2 <= len(run) <= 4 and run[0] in words("first_names"):
        return {"PER": LIST_VOTE}
    return {}


def _context(texts: Sequence[str], chunk: Chunk) -> dict[NameType, int]:
    """Return the votes of the words around a run."""
    after = texts[chunk.end : chunk.end + APPOSITION]
    before = texts[chunk.start - 1].casefold() if chunk.start else ""
    run = texts[chunk.start : chunk.end]
    if plain(run[-1]) in words("works"):
        return {}
    if after[:1] == ["("] and after[2:3] == [")"] and after[1].isupper():
        return {"ORG": BODY_VOTE}
    if plain(run[-1]) in words("place_words"):
        return {"LOC": CONTEXT_VOTE}
    if before in words("company_nouns"):
        return {"ORG": CONTEXT_VOTE}
    if before in words("offices") and len(run) > 1:
        return {"PER": CONTEXT_VOTE}
    if len(run) == 1 and CAMEL_CASE.search(run[0]):
        return {"ORG": CONTEXT_VOTE}
    if not before and after[:1] == ["and"] and has_capital("".join(after[1:2])):
        return {"ORG": TAGGER_VOTE}
    if before in PLACE_PREPOSITIONS:
        return {"LOC": TAGGER_VOTE}
    if len(after) > 1 and after[0] == "," and after[1] in ARTICLES:
        return _apposed(run, after[2:])
    if len(after) > 1 and after[0] in ("'s", "’s") and after[1].casefold() in words("offices"):
        return {"ORG": CONTEXT_VOTE}
    if after and after[0] in words("reporting_verbs") and run[0] not in demonyms():
        return {"PER" if len(run) == 2 and not run[0].isupper() else "ORG": TAGGER_VOTE}
    return {}


def _apposed(run: Sequence[str], apposition: Sequence[str]) -> dict[NameType, int]:
    """Return the votes of ', the carrier next in line,' or ', the bureau's director,'."""
    nouns = {plain(word) for word in apposition}
    if len(run) > 1 and nouns & words("offices"):
        return {"PER": CONTEXT_VOTE}
    if nouns & words("company_nouns"):
        return {"ORG": CONTEXT_VOTE}
    return {"ORG": TAGGER_VOTE} if len(run) == 1 else {}


# ---------------------------------------------------------------- one form, one type


def _count(lines: Sequence[Line], found: Sequence[Sequence[Mention]]) -> Votes:
    votes: Votes = defaultdict(Counter)
    for line, mentions in zip(lines, found, strict=True):
        for mention in mentions:
            votes[line.form(mention.start, mention.end)].update(dict(mention.votes))
    return votes


def _settle(votes: Votes) -> Mapping[str, NameType]:
    """Return the type of each form; a short form has the type of the long one it is part of.

    Surnames are added, so that one which begins a sentence is known.
    """
    types_of: dict[str, NameType] = {}
    parts: dict[str, NameType] = {}
    for form in sorted(votes, key=len, reverse=True):
        count = votes[form]
        owner = parts.get(form)
        if owner is not None and form not in types():
            count[owner] += BODY_VOTE
        types_of[form] = kind = max(count, key=lambda kind: (count[kind], kind))
        parts |= dict.fromkeys(_parts(form, kind), kind)
    surnames = {part: kind for part, kind in parts.items() if kind == "PER" and " " not in part}
    return surnames | types_of


def _parts(form: str, kind: NameType) -> list[str]:
    """Return the forms that may stand for a longer one: surnames, the first words of bodies."""
    run = form.split()
    if kind == "PER":
        return [" ".join(run[at:]) for at in range(1, len(run))]
    return [" ".join(run[:at]) for at in range(1, len(run))] if kind == "ORG" else []


def _resolved(
    line: Line,
    mentions: Sequence[Mention],
    types_of: Mapping[str, NameType],
    first_words: Set[str],
) -> Iterator[Name]:
    """Yield the names of a line: its mentions, and forms known from elsewhere in the story."""
    taken = {i for m in mentions for i in range(m.start, m.end)}
    spans = [(m.start, m.end, types_of[line.form(m.start, m.end)]) for m in mentions]
    spans += _recalled(line, taken, types_of, first_words)
    for start, end, kind in sorted(spans):
        first, last = line.tokens[start], line.tokens[end - 1]
        yield Name(
            start=first.start,
            end=last.end,
            type=kind,
            text=line.form(start, end),
            field=line.sentence.field,
        )


def _recalled(
    line: Line, taken: set[int], types_of: Mapping[str, NameType], first_words: Set[str]
) -> Iterator[tuple[int, int, NameType]]:
    """Yield forms that the story uses as names elsewhere, or the lists know, longest first."""
    end = 0
    for i in line.capitals:
        if i < end or i in taken or (line.plain and line.words[i] not in first_words):
            continue
        span = _known(line, i, types_of)
        if span and not taken.intersection(range(i, span[0])):
            end = span[0]
            yield i, end, span[1]


def _known(line: Line, i: int, types_of: Mapping[str, NameType]) -> tuple[int, NameType] | None:
    for end in range(min(len(line.words), i + LONGEST_FORM), i, -1):
        form = line.form(i, end)
        kind = types_of.get(form) or (None if line.plain else type_of(form))
        if kind:
            return end, kind
    return None
