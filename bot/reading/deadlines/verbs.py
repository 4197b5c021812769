"""Verb groups of a sentence: where they stand, their form, and the classes of their verbs.

A group is auxiliaries, adverbs and a verb: 'will not be suspended', 'had been told', 'to reply'.
The verbs and their classes stand in `data/deadlines_verbs.toml`; other words in -ed count as verbs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from bot.reading.deadlines.words import word_set

MODALS: Final = {
    "will": "will", "'ll": "will", "won't": "will", "would": "would", "wouldn't": "would",
    "must": "must", "mustn't": "must", "shall": "must", "should": "should", "shouldn't": "should",
    "can": "can", "can't": "can", "cannot": "can", "could": "could", "couldn't": "could",
    "may": "may", "might": "may", "need": "must", "needn't": "must",
}  # fmt: skip
BE: Final = frozenset(["is", "are", "am", "isn't", "aren't", "'re", "be", "being", "been"])
WAS: Final = frozenset(["was", "were", "wasn't", "weren't"])
HAVE: Final = frozenset(["has", "have", "hasn't", "haven't", "having"])
HAD: Final = frozenset(["had", "hadn't"])
DO: Final = frozenset(["do", "does", "don't", "doesn't"])
DID: Final = frozenset(["did", "didn't"])
DUE: Final = word_set(
    "due set scheduled expected slated likely bound poised supposed meant listed about"
)
NEGATIONS: Final = frozenset(["not", "never", "no", "n't"])
ADVERBS: Final = word_set(
    "also now still only just already then again soon not never instead either even all both each"
    " once later first yet once itself themselves"
)
NOT_VERBS: Final = word_set(
    "need indeed exceed speed seed feed breed weed hundred united limited sacred naked hatred"
    " wicked reed greed creed shed red bed fixed-term unprecedented"
)
DETERMINERS: Final = word_set(
    "the a an its his her their our my your this that these those no any every each some another"
    " of in on at by for from with"
)

BARE_SUBJECTS: Final = word_set(
    "i we you they who that which and or not also still will to people police both all men women"
    " now then , let help"
)
AFTER_REDUCED: Final = word_set("in by at on for with under from as of")
PARTS: Final = word_set(
    ", ; : and but or that who which after before because when if unless while since as until"
    " although though where than so"
)


@dataclass(frozen=True, slots=True)
class Group:
    """A verb group over tokens `start`-`end`: `form` how it is said, `verb` what is done."""

    start: int
    end: int
    form: str
    verb: str
    passive: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Forms of known verbs with their lemma and form, and the classes of each lemma."""

    forms: Mapping[str, tuple[str, str]]
    classes: Mapping[str, tuple[str, ...]]


@cache
def lexicon() -> Lexicon:
    """Read the verbs once."""
    source = files("bot.reading").joinpath("data", "deadlines_verbs.toml").read_text("utf-8")
    tables = tomllib.loads(source)
    irregular = {v.split()[0]: v.split() for v in tables["forms"]["irregular"].split(",")}
    classes: dict[str, tuple[str, ...]] = {}
    for name, verbs in tables["verbs"].items():
        for verb in verbs.split():
            classes[verb] = (*classes.get(verb, ()), name)
    forms: dict[str, tuple[str, str]] = {}
    for verb in {**classes, **irregular}:
        for form, kind in _forms_of(verb, irregular.get(verb)):
            forms.setdefault(form, (verb, kind))
    return Lexicon(forms, classes)


def _forms_of(verb: str, irregular: Sequence[str] | None) -> list[tuple[str, str]]:
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
    if irregular and irregular[1].endswith(verb[-1] + "ed"):
        stem = irregular[1][:-2]  # 'bann' of 'ban'
    elif irregular is None and verb[-1] == "y" and verb[-2] not in "aeiou":
        third, past = f"{verb[:-1]}ies", f"{verb[:-1]}ied"
        return [(verb, "base"), (third, "present"), (f"{verb}ing", "ing"), (past, "past")]
    es = verb.endswith(("s", "sh", "ch", "x", "z", "o"))
    third = f"{verb}{'es' if es else 's'}" if verb[-1] != "y" else _third_of_y(verb)
    past, participle = (irregular[1], irregular[2]) if irregular else (f"{stem}ed", f"{stem}ed")
    return [
        (past, "base" if past == verb else "past"),
        (verb, "base"),
        (participle, "participle"),
        (third, "present"),
        (f"{stem}ing", "ing"),
    ]


def _third_of_y(verb: str) -> str:
    return f"{verb}s" if verb[-2] in "aeiou" else f"{verb[:-1]}ies"


def form_of(word: str) -> tuple[str, str] | None:
    """Return lemma and form of a word in small letters that may be a verb, or None."""
    known = lexicon().forms.get(word)
    if known:
        return known
    if word.endswith("ed") and len(word) > 3 and word not in NOT_VERBS:
        return word[:-2], "past"
    return None


def groups_in(words: Sequence[str]) -> list[Group]:
    """Return the verb groups of a sentence given as words in small letters, in order."""
    found: list[Group] = []
    at = 0
    while at < len(words):
        group = _group_at(words, at, found)
        if group:
            found.append(group)
        at = group.end if group else at + 1
    return found


def _group_at(words: Sequence[str], at: int, before: Sequence[Group]) -> Group | None:
    word = words[at]
    if word in MODALS:
        return _after_modal(words, at, MODALS[word])
    if word in HAVE or word in HAD:
        return _after_have(words, at, "has" if word in HAVE else "had")
    if word in BE or word in WAS:
        return _after_be(words, at, "is" if word in BE else "was")
    if word in DO or word in DID:
        verb = _skip(words, at + 1)
        return _plain(words, at, verb, "present" if word in DO else "past")
    if word == "to":
        return _infinitive(words, at)
    return _bare(words, at, before)


def _skip(words: Sequence[str], at: int) -> int:
    """Return the first token from `at` on that is no adverb or negation."""
    while at < len(words) and (
        words[at] in ADVERBS or words[at] in NEGATIONS or words[at].endswith("ly")
    ):
        at += 1
    return at


def _negated(words: Sequence[str], start: int, end: int) -> bool:
    return any(w in NEGATIONS or w.endswith("n't") or w == "cannot" for w in words[start:end])


def _plain(words: Sequence[str], start: int, verb: int, form: str) -> Group:
    """Return the group whose main verb is at `verb`, if there is one."""
    word = words[verb] if verb < len(words) else ""
    known = form_of(word)
    end = verb + 1 if known or word.isalpha() else verb
    lemma = known[0] if known else word
    return Group(start, max(end, start + 1), form, lemma, negated=_negated(words, start, verb))


def _after_modal(words: Sequence[str], at: int, modal: str) -> Group:
    verb = _skip(words, at + 1)
    word = words[verb] if verb < len(words) else ""
    if word == "have":
        inner = _after_have(words, verb, modal)
        form = inner.form if inner.form != modal else f"{modal}.have"
        return Group(at, inner.end, form, inner.verb, inner.passive, _negated(words, at, verb))
    if word == "be":
        inner = _after_be(words, verb, modal)
        form = f"{modal}.be" if inner.verb == "be" else modal
        return Group(at, inner.end, form, inner.verb, inner.passive, _negated(words, at, verb))
    return _plain(words, at, verb, modal)


def _after_have(words: Sequence[str], at: int, form: str) -> Group:
    verb = _skip(words, at + 1)
    word = words[verb] if verb < len(words) else ""
    negated = _negated(words, at, verb)
    if word == "been":
        inner = _after_be(words, verb, form)
        return Group(at, inner.end, f"{form}.done", inner.verb, inner.passive, negated)
    if word == "to":
        inner_to = _infinitive(words, verb)
        if inner_to:
            return Group(at, inner_to.end, f"{form}.to", inner_to.verb, inner_to.passive, negated)
    known = form_of(word)
    if known and (
        known[1] in {"past", "participle"} or (known[1] == "base" and _is_same(known[0]))
    ):
        return Group(at, verb + 1, f"{form}.done", known[0], negated=negated)
    return Group(at, at + 1, form, "have", negated=negated)


def _is_same(verb: str) -> bool:
    """Whether the participle looks like the verb: 'put', 'set'."""
    return lexicon().forms.get(verb, ("", ""))[1] == "base" and verb in {
        "put", "set", "cut", "shut", "let", "hit", "quit", "read", "split", "become", "come", "run",
        "overrun", "bid", "cost", "spread",
    }  # fmt: skip


def _after_be(words: Sequence[str], at: int, form: str) -> Group:
    verb = _skip(words, at + 1)
    word = words[verb] if verb < len(words) else ""
    negated = _negated(words, at, verb)
    if word == "being":
        verb = _skip(words, verb + 1)
        word = words[verb] if verb < len(words) else ""
    if word in DUE:
        to = _skip(words, verb + 1)
        inner = _infinitive(words, to) if words[to : to + 1] == ["to"] else None
        if inner:
            return Group(at, inner.end, f"{form}.due", inner.verb, inner.passive, negated)
        if word == "due":
            return Group(at, verb + 1, f"{form}.due", "be", negated=negated)
    if word == "to":
        inner = _infinitive(words, verb)
        if inner:
            return Group(at, inner.end, f"{form}.to", inner.verb, inner.passive, negated)
    known = form_of(word)
    if known and known[1] == "ing":
        return Group(at, verb + 1, f"{form}.ing", known[0], negated=negated)
    if known and (known[1] in {"past", "participle"} or _is_same(known[0])):
        return Group(at, verb + 1, form, known[0], passive=True, negated=negated)
    return Group(at, at + 1, form, "be", negated=negated)


def _infinitive(words: Sequence[str], at: int) -> Group | None:
    verb = _skip(words, at + 1)
    word = words[verb] if verb < len(words) else ""
    if word == "be":
        inner = _after_be(words, verb, "to")
        return Group(at, inner.end, "to", inner.verb, inner.passive, inner.negated)
    if word == "have":
        inner = _after_have(words, verb, "to")
        return Group(at, inner.end, inner.form, inner.verb, inner.passive, inner.negated)
    known = lexicon().forms.get(word)
    if known and known[1] == "base":
        return Group(at, verb + 1, "to", known[0])
    plain = word.isalpha() and word.islower() and word not in DETERMINERS and not word.endswith("s")
    return Group(at, verb + 1, "to", word) if plain and not known else None


def _bare(words: Sequence[str], at: int, before: Sequence[Group]) -> Group | None:
    known = form_of(words[at])
    if known is None:
        return None
    lemma, form = known
    last = words[at - 1] if at else ""
    if last in DETERMINERS or last.isdigit() or last in {"'s", "’s", "-"}:
        return None
    if form == "base":
        subject = last.endswith("s") or last in BARE_SUBJECTS
        said = "base" if subject else "past" if _is_same(lemma) and last.isalpha() else ""
        return Group(at, at + 1, said, lemma) if said else None
    if form in {"past", "participle"}:
        following = words[at + 1] if at + 1 < len(words) else ""
        reduced = form == "participle" or (
            following in AFTER_REDUCED
            and bool(before)
            and before[-1].end != at
            and PARTS.isdisjoint(words[before[-1].end : at])
        )
        return Group(at, at + 1, "reduced" if reduced else "past", lemma, passive=reduced)
    return Group(at, at + 1, form, lemma)


def classes_of(verb: str) -> tuple[str, ...]:
    """Return the classes of a verb, 'other' for one that is not listed."""
    return lexicon().classes.get(verb, ("other",))
