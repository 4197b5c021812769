"""Claims: who demands, refuses, threatens, offers, denies, warns, decides or says what.

A claim is an actor as the subject of one of the verbs of `data/stances.txt`, as the agent of one
('was rejected by'), or as the source of a quotation or a report (', said X', 'according to X',
'X: …' in a headline). Pronouns and 'the company' go to the actor they take up (`speakers`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from bot.model import Actor, Claim, Name, Role, Sentence, Stance
from bot.reading.signs import is_governed
from bot.reading.speakers import SUBSTITUTE, Spoken
from bot.reading.stances import ACCORDING, active, implied, inverted, passive, stance_of

QUOTATION = re.compile(r"[“\"]([^”\"]{3,})[”\"]")
ENDED_QUOTATION = re.compile(r"([^”\"]{3,}[,.?!—])[”\"]")  # its beginning is in a sentence before
NO_VERB = re.compile(  # '…, said Ann Lee.', but not '…, said Ann Lee had left'
    r"[,.;:”\"]|$|\s(?:\(|(?:on|in|at|after|late|early|during|of|from|who|last|this|yesterday|today)\b"
    r"|\w+day\b)"
)
SUBORDINATE = re.compile(r"\b(?:where|whether|if|when|which|what|why|how)\s(?:the\s)?$")
TOLD_THAT = re.compile(r"[^,;]{2,60}?\bthat\s")
DAY = re.compile(r"(?:on\s)?\w+day\s(?=(?:that|it|he|she|they|the)\b)")
# What may follow 'X said' when the content stands before it: '…, X told reporters on Tuesday'.
TRAILING = re.compile(
    r"(?:(?:reporters|journalists|lawmakers|parliament|this newspaper|The [A-Z]\w+|[A-Z]\w+)\b)?\s?"
    r"(?:(?:on|late|early|in|at|after|outside|during|via|by)\b[^,;“\"]{0,60}|\w+day\b.{0,30}"
    r"|today|yesterday)?"
)
HEADING = re.compile(r"(?:[A-Z]\w+\s)?$")  # what may stand before 'X: …' in a headline
CLAUSE = re.compile(r"(.+),\s(?:[\w’'‑.-]+\s){0,4}$")  # '…, general secretary ' before a name
SAYING = re.compile(r"\s(?:said|says|wrote|added|asked|argued|warned|insisted|replied)\s")
NEAR = 80  # characters before a name in which 'said' or 'according to' stand
TOLD = ("says", "warns", "decides", "denies")  # positions whose content may stand before the verb
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
    verb = active().match(sentence.text, found.end()) if found and actor else None
    if actor and verb:
        yield from _claim(sentence, actor, 0, verb)


def _stated(sentence: Sentence, named: Sequence[Name]) -> Iterator[Claim]:
    text = sentence.text
    for name, following in zip_longest(named, named[1:]):
        start, end = name.start - sentence.start, name.end - sentence.start
        before = text[:start]
        if name.actor is None:
            continue
        reported = _reported(sentence, before, end)
        if reported:
            yield _made(name.actor, *reported, sentence)
            continue
        closed = before.endswith(", ") and text.startswith(",", end)  # '…, Ann Lee, said'
        found = active().match(text, end + closed)
        if found and _is_subject(before) and not _speaks_for(following, sentence, found):
            yield from _claim(sentence, name.actor, start, found)


def _is_subject(before: str) -> bool:
    return not (is_governed(before) or SUBORDINATE.search(before[-NEAR:]))


def _reported(sentence: Sentence, before: str, end: int) -> tuple[Stance, str] | None:
    """Return stance and content where the name is no subject: a source, an agent, a heading."""
    near = before[-NEAR:]
    if SAYING.search(near) and NO_VERB.match(sentence.text, end):
        said_by = inverted().search(near)
        if said_by and not is_governed(before):
            return _content(before[: len(before) - len(near) + said_by.start()])
    if "ccording to" in near and ACCORDING.search(near):
        rest = sentence.text[end:].partition(", ")[2]
        said = before.rpartition("ccording to")[0].rstrip("Aa ,") or rest
        return ("says", said) if said else None
    if " by " in near:
        by = passive().search(before)
        stance = stance_of(by[1], "") if by else None
        return (stance, before[: by.end(1)]) if by and stance else None
    heading = sentence.role is Role.HEADLINE and sentence.text.startswith(": ", end)
    if heading and HEADING.fullmatch(before):
        said = sentence.text[end + 2 :]
        return implied(said), said
    return None


def _content(before: str) -> tuple[Stance, str]:
    quoted = QUOTATION.search(before + "”")
    said = quoted[1] if quoted else before
    return implied(said), said


def _speaks_for(name: Name | None, sentence: Sentence, found: re.Match[str]) -> bool:
    """Whether the next name stands between a body and the verb: 'the head of the ABC, Ann Lee,'."""
    between = name is not None and name.start - sentence.start < found.start(1)
    return between and name is not None and name.type == "PER"


def _claim(sentence: Sentence, actor: str, start: int, found: re.Match[str]) -> Iterator[Claim]:
    """Yield the claim of the subject that begins at `start`; `found` ends with its verb."""
    said = sentence.text[found.end() :].strip(" ,.:")
    stance = stance_of(found[1], said)
    if stance:
        said = _before(sentence.text[:start], said, stance) or _bare(found[1], said)
    if said and stance:
        yield _made(actor, stance, said, sentence)


def _before(text: str, said: str, stance: Stance) -> str | None:
    """Return the quotation or the clause before the speaker, if little is said after the verb."""
    quoted = QUOTATION.search(text) or ENDED_QUOTATION.match(text)
    trailing = said.startswith(";") or TRAILING.fullmatch(said)
    if quoted and (trailing or len(said) < len(quoted[1])):
        return quoted[1]
    clause = CLAUSE.match(text) if trailing and stance in TOLD else None
    return clause[1] if clause and len(clause[1]) > LEAST else None


def _bare(verb: str, said: str) -> str:
    """Return what is said without the day it was said on and whom it was said to."""
    if verb in ("told", "tells"):
        told = TOLD_THAT.match(said)
        return said[told.end() :] if told else said
    dated = DAY.match(said)
    return said[dated.end() if dated else 0 :].removeprefix("that ")


def _made(actor: str, stance: Stance, text: str, sentence: Sentence) -> Claim:
    return Claim(
        actor=actor, stance=stance, text=text.strip(" ,")[:LONGEST], sentence=sentence.text
    )
