"""Claims: who demands, refuses, threatens, offers, denies, warns, decides or says what.

A claim is an actor as the subject of one of the verbs of `data/stances.txt`, as the agent of one
('was rejected by'), or as the source of a quotation or a report (', said X', 'according to X',
'X: …' in a headline). Pronouns and 'the company' go to the actor they take up (`speakers`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from bot.model import Actor, Claim, Name, Role, Sentence, Stance
from bot.reading.mentions import is_governed
from bot.reading.speakers import SUBSTITUTE, Spoken
from bot.reading.stances import ACCORDING, active, implied, inverted, passive, stance_of

QUOTATION = re.compile(r"[“\"]([^”\"]{3,})[”\"]")
# What may follow 'X said' when the content stands before it: '…, X told reporters on Tuesday'.
TRAILING = re.compile(
    r"(?:(?:reporters|journalists|lawmakers|parliament|this newspaper|The [A-Z]\w+|[A-Z]\w+)\b)?\s?"
    r"(?:(?:on|late|early|in|at|after|outside|during|via|by)\b[^,;“\"]{0,60}|\w+day\b.{0,30}"
    r"|today|yesterday)?"
)
HEADING = re.compile(r"(?:[A-Z]\w+\s)?$")  # what may stand before 'X: …' in a headline
LONGEST = 400  # characters of a claim
LEAST = 12  # characters of a report that precedes its speaker


def find_claims(
    sentences: Sequence[Sentence], names: Sequence[Name], actors: Sequence[Actor]
) -> tuple[Claim, ...]:
    """Return the claims of headline and body, in order; `names` carry the actor they denote."""
    known = {a.name: a for a in actors}
    inside = _by_sentence(sentences, names)
    spoken = Spoken()
    claims: list[Claim] = []
    for sentence in sentences:
        if sentence.role is Role.BOILERPLATE:
            continue
        named = inside[sentence.field, sentence.start]
        substituted = list(_substituted(sentence, spoken))
        claims.extend(substituted)
        claims.extend(_stated(sentence, named))
        spoken.saw(sentence, named, known)
        for claim in substituted:
            spoken.took_up(claim.actor, known)
    return tuple(dict.fromkeys(claims))


def _by_sentence(
    sentences: Sequence[Sentence], names: Sequence[Name]
) -> Mapping[tuple[str, int], list[Name]]:
    inside: dict[tuple[str, int], list[Name]] = defaultdict(list)
    at = 0
    for name in names:
        while not _holds(sentences[at], name):
            at += 1
        if name.actor:
            inside[sentences[at].field, sentences[at].start].append(name)
    return inside


def _holds(sentence: Sentence, name: Name) -> bool:
    return sentence.field == name.field and sentence.start <= name.start < sentence.end


def _substituted(sentence: Sentence, spoken: Spoken) -> Iterator[Claim]:
    """Yield the claim of a sentence that begins with a pronoun or with 'The company'."""
    found = SUBSTITUTE.match(sentence.text)
    actor = spoken.meant(found[1], found[2]) if found else None
    if found and actor:
        yield from _claim(sentence, actor, 0, found.end())


def _stated(sentence: Sentence, named: Sequence[Name]) -> Iterator[Claim]:
    for name in named:
        start, end = name.start - sentence.start, name.end - sentence.start
        before = sentence.text[:start]
        if name.actor is None:
            continue
        reported = _reported(sentence, before, end)
        if reported:
            yield _made(name.actor, *reported, sentence)
        elif not is_governed(before):
            yield from _claim(sentence, name.actor, start, end)


def _reported(sentence: Sentence, before: str, end: int) -> tuple[Stance, str] | None:
    """Return stance and content where the name is no subject: a source, an agent, a heading."""
    if before.endswith(" "):
        said_by = inverted().search(before)
        if said_by:
            return _content(before[: said_by.start()])
        if ACCORDING.search(before):
            rest = sentence.text[end:].partition(", ")[2]
            said = before.rpartition("ccording to")[0].rstrip("Aa ,") or rest
            return ("says", said) if said else None
        by = passive().search(before) if " by " in before else None
        if by:
            stance = stance_of(by[1], "")
            return (stance, before[: by.end(1)]) if stance else None
    heading = sentence.role is Role.HEADLINE and sentence.text.startswith(": ", end)
    if heading and HEADING.fullmatch(before):
        said = sentence.text[end + 2 :]
        return implied(said), said
    return None


def _content(before: str) -> tuple[Stance, str]:
    quoted = QUOTATION.search(before + "”")
    said = quoted[1] if quoted else before
    return implied(said), said


def _claim(sentence: Sentence, actor: str, start: int, end: int) -> Iterator[Claim]:
    """Yield the claim whose subject stands from `start` to `end`, if a verb of stance follows."""
    found = active().match(sentence.text, end)
    if found is None:
        return
    said = sentence.text[found.end() :].strip(" ,.:")
    stance = stance_of(found[1], said)
    quoted = QUOTATION.search(sentence.text[:end])
    before = sentence.text[:start].rstrip()
    if quoted and len(said) < len(quoted[1]):
        said = quoted[1]
    elif before.endswith(",") and len(before) > LEAST and TRAILING.fullmatch(said):
        said = before
    if said and stance:
        yield _made(actor, stance, said, sentence)


def _made(actor: str, stance: Stance, text: str, sentence: Sentence) -> Claim:
    return Claim(
        actor=actor, stance=stance, text=text.strip(" ,")[:LONGEST], sentence=sentence.text
    )
