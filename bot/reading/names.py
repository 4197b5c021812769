"""Names of persons, organisations and places, with their exact places in the story.

Two witnesses (`witnesses`): the trained tagger, which knows how names look in context, and rules,
which know what the tagger cannot learn: how bodies are named, titles, gazetteers. To them comes
the story: a word that is a name once is one throughout, and the votes of all mentions for a type
are added, for one form has one type in a story.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set

from bot.model import Name, NameType
from bot.reading.chunks import is_alone, is_subject, may_recur, starts_sentence
from bot.reading.gazetteer import type_of, types
from bot.reading.lines import Line, Seen, seen
from bot.reading.tokens import cut
from bot.reading.witnesses import BODY_VOTE, TITLE_VOTE, Mention, mentions_in

LONGEST_FORM = 8  # words

Votes = dict[str, defaultdict[NameType, int]]


def find_names(lines: Sequence[Line]) -> tuple[Name, ...]:
    """Return the names of all sentences, boilerplate too, in the order of the sentences."""
    story = seen(lines)
    asked: Counter[str] = Counter()
    found = [list(mentions_in(line, story, asked)) if line.plain else [] for line in lines]
    _recur(lines, found, story)
    types_of = _settle(_count(lines, found))
    first_words = {_first_word(form) for form in types_of}
    return tuple(
        name
        for line, mentions in zip(lines, found, strict=True)
        for name in _resolved(line, mentions, types_of, first_words)
    )


def _first_word(form: str) -> str:
    first = form.partition(" ")[0]
    return first if first.isalpha() else cut(form)[0][0]


def _recur(lines: Sequence[Line], found: Sequence[list[Mention]], story: Seen) -> None:
    """Add the common words that this story uses as a name: 'told Sparrow', 'Sparrow bought'.

    Such a word stands alone, comes again, and never in lower case; it stands inside a sentence or
    is the subject of two.
    """
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    named: Counter[str] = Counter()
    for at, line in enumerate(lines):
        for i in line.capitals:
            word = line.words[i]
            if may_recur(word) and not _is_taken(found[at], i) and is_alone(line.words, i):
                places[word].append((at, i))
                inside = line.plain and not starts_sentence(line.words, i)
                named[word] += 2 if inside else is_subject(line.words, i)
    for word, seen_at in places.items():
        if len(seen_at) > 1 and named[word] > 1 and word.casefold() not in story.words:
            for at, i in seen_at:
                if lines[at].plain:
                    found[at].append(Mention(start=i, end=i + 1, votes=(("ORG", 1),)))
                    found[at].sort(key=lambda mention: mention.start)


def _is_taken(mentions: Sequence[Mention], i: int) -> bool:
    return any(mention.start <= i < mention.end for mention in mentions)


def _count(lines: Sequence[Line], found: Sequence[Sequence[Mention]]) -> Votes:
    votes: Votes = defaultdict(lambda: defaultdict(int))
    for line, mentions in zip(lines, found, strict=True):
        for mention in mentions:
            of_form = votes[line.form(mention.start, mention.end)]
            for kind, count in mention.votes:
                of_form[kind] += count
    return votes


def _settle(votes: Votes) -> Mapping[str, NameType]:
    """Return the type of each form; a short form has the type of the long one it is part of.

    Surnames are added, so that one which begins a sentence is known.
    """
    types_of: dict[str, NameType] = {}
    parts: dict[str, NameType] = {}
    titled = {f for f, count in votes.items() if " " not in f and count["PER"] >= TITLE_VOTE}
    for form in sorted(votes, key=len, reverse=True):
        count = votes[form]
        if form.rpartition(" ")[2] in titled:  # 'Mr Hukkeri' tells what 'Basavaraj Hukkeri' is
            count["PER"] += TITLE_VOTE
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
        yield Name(
            start=line.starts[start],
            end=line.end(end),
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
