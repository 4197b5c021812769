"""What pronouns and 'the company' refer to, so that a sentence can stand without its neighbours.

The rules are those a careful sub-editor uses: name the subject of the sentence before when there is
no doubt about it, and give the sentence up otherwise. Nothing is guessed: `None` means doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from bot.model import ActorKind, Entry, Name, Role, Sentence
from bot.retelling import lexicon
from bot.retelling.describing import Described, class_nouns, straight
from bot.retelling.editing import Edit
from bot.retelling.quoting import unquoted

_PERSONAL = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er|[Hh]im|[Hh]ers)\b")
_NEUTER = re.compile(r"\b(?:[Ii]t|[Ii]ts|[Tt]hey|[Tt]heir|[Tt]hem)\b")
_EXPLETIVE = re.compile(
    r"\b[Ii]t (?:is|was|will be|would be|may be|remains?|seems?|appears?|ha[sd] been|takes|took)"
    r" (?:not |un)?(?:\w+ )?(?:that|to|clear|possible|likely|the (?:first|second|third|last))\b"
)
_EVENT = re.compile(
    r"[Ii]t (?:(?:is|was|will be|would be|has been|became|becomes|marks|marked|makes|made) "
    r"(?:the|a|an|his|her|its|their)\b"
    r"|(?:ended|happened|came|comes|follows|followed|began|begins|started|means|meant) )"
)
_FIRST_PERSON = re.compile(r"\b(?:I|I’m|I'm|[Mm]y|[Mm]e|[Ww]e|[Oo]ur|[Uu]s|[Yy]ou|[Yy]our)\b(?!\.)")
_PARTIES = re.compile(
    r"\b(?:the (?:two )?(?:parties|sides|countries|camps)|both (?:sides|parties))\b"
)
_SUBJECT = re.compile(
    r"^((?:The|Its|His|Her|Their) [a-z-]+(?: [a-z-]+)?) "
    r"(?:is|was|has|had|will|are|were|have|would|can|could|may)\b"
)


_NOUN_PHRASE = re.compile(r"(?i)\b(?:the|a|an|every|no|any|some|this|that|each) [\w-]+")
_ADVERBIAL = re.compile(
    r"(?:ing|ed|ly|wards?)$|^(?:Even|Perhaps|Maybe|Often|Later|Today|Yesterday|Tomorrow)$"
)
_PLURAL = re.compile(r"(?i)\b[a-z]{3,}[^s\W]s\b|\b(?:people|men|women|children|both|and|\d+)\b")
_INNER_NAME = re.compile(
    r"\w[\w.,’']* (?!(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December|\w+day)\b)[A-ZÀ-Þ][a-zà-þ]+|^[A-ZÀ-Þ][a-zà-þ]+[’']s? "
)
_SAYS = re.compile(r"(?:[Hh]e|[Ss]he) (?:said|says|added|argued|told|wrote|warned)\b")
_QUALIFIED = re.compile(r" (?:that|which|who|of|for|in|on|to|at|behind|between|with|from)\b")
_SUBORDINATE = re.compile(
    r"^(?:If|When|While|After|Before|Unless|Until|Because|Since) $"
    r"|^(?:By|On|Until|Since|From|Under|In|At) [\w ]{2,30} $"
)
_INTRODUCTION = re.compile(
    r"^(?:(?:In|On|At|Under|After|Before|With|Since|During|By) [^,]{3,60}, |But |And |However, )"
)


@cache
def _definite() -> re.Pattern[str]:
    return re.compile(rf"\b([Tt]he) ({class_nouns()})(?=(?:'s|’s)?[\s,.;:])")


def names_in(entry: Entry, sentence: Sentence) -> list[Name]:
    """Names that denote actors in `sentence`, in order."""
    inside = (
        n
        for n in entry.reading.names
        if n.actor and n.field == sentence.field and sentence.start <= n.start < sentence.end
    )
    return sorted(inside, key=lambda n: n.start)


def speaks_in_person(text: str) -> bool:
    """Whether 'I', 'we' or 'you' stands outside quotations."""
    return _FIRST_PERSON.search(unquoted(text)) is not None


def reference_edits(entry: Entry, index: int, nouns: Described) -> list[Edit] | None:
    """Edits that name what the sentence's pronouns refer to; None where that is in doubt."""
    sentence = entry.reading.sentences[index]
    bare = unquoted(sentence.text)
    if speaks_in_person(sentence.text):
        return None
    names = names_in(entry, sentence)
    edits: list[Edit] = []
    kinds = nouns.kinds(entry)
    people = [n for n in names if kinds.get(n.actor or "") == "person"]
    for pattern, before in ((_PERSONAL, people), (_NEUTER, names)):
        edit = _pronoun_edit(entry, index, pattern, before, bare, names, kinds)
        if edit is None:
            return None
        edits += edit
    definite = _definite_edit(entry, index, bare, names, nouns)
    return None if definite is None else edits + definite


def _pronoun_edit(
    entry: Entry,
    index: int,
    pattern: re.Pattern[str],
    own: list[Name],
    bare: str,
    names: list[Name],
    kinds: Mapping[str, ActorKind],
) -> list[Edit] | None:
    sentence = entry.reading.sentences[index]
    found = pattern.search(bare)
    if found is None or _EXPLETIVE.match(bare[found.start() :]):
        return []
    if _EVENT.match(bare[found.start() :]):
        return None
    pronoun, before = found.group().casefold(), bare[: found.start()]
    if pattern is _PERSONAL:
        before = _without(before, sentence, (n for n in names if n not in own))
    named = any(n.start - sentence.start < found.start() for n in own)
    # ', she said' at the end is somebody whom the sentence itself must name or describe.
    attributes = before.endswith(", ") and _SAYS.match(bare, found.start()) is not None
    resolved = _has_role(before) if attributes else _is_resolved(pronoun, before)
    if not _looks_ahead(bare, found) and (named or resolved):
        return []
    if _is_left_open(bare, found):
        return None
    antecedent = _antecedent(entry, index, pronoun, kinds) or (
        _speaker(entry, index, kinds) if _SAYS.match(bare, found.start()) else None
    )
    if antecedent is None:
        return None
    return [Edit(found.start(), found.end(), _in_case(found.group(), antecedent, found.start()))]


_PLURAL_PRONOUN = re.compile(r"\b(?:they|them|their|theirs)\b")


def _is_left_open(bare: str, found: re.Match[str]) -> bool:
    """Whether, after 'it', a 'them' follows that no noun of the sentence can be."""
    if found.group().casefold() not in ("it", "its"):
        return False
    later = _PLURAL_PRONOUN.search(bare, found.end())
    return later is not None and _PLURAL.search(bare[: later.start()]) is None


def _without(before: str, sentence: Sentence, names: Iterable[Name]) -> str:
    """`before` without `names`: a company is not whom 'she' refers to."""
    for name in names:
        start, end = name.start - sentence.start, name.end - sentence.start
        before = before[:start] + "-" * len(before[start:end]) + before[end:]
    return before


def _looks_ahead(bare: str, found: re.Match[str]) -> bool:
    """'the deadline for it to leave': who is meant was named in the sentence before."""
    head = bare[: found.start()]
    return head.endswith("for ") and bare.startswith(" to ", found.end()) and len(head.split()) < 5


def _is_resolved(pronoun: str, before: str) -> bool:
    """Whether a noun that agrees with the pronoun precedes it ('The firm put its costs')."""
    if pronoun in ("they", "their", "them"):
        return _PLURAL.search(before) is not None
    if _INNER_NAME.search(before):
        return True
    if pronoun in ("it", "its"):
        own = _names_subject(before) and _agrees(before)
        return own or _NOUN_PHRASE.search(before) is not None
    return _names_subject(before) or _has_role(before)


def _names_subject(before: str) -> bool:
    """Whether the sentence opens with a noun of its own ('Havnes pulled its envoy out')."""
    first, _, rest = before.partition(" ")
    is_word = first.rstrip("’'s,") and first.casefold() not in lexicon.stopwords()
    return bool(is_word and rest.strip()) and not _ADVERBIAL.search(first)


def _agrees(before: str) -> bool:
    """'Officials' cannot be what 'its' refers to."""
    first = before.partition(" ")[0].casefold()
    return first not in lexicon.words("plural_subjects")


@cache
def _role() -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:{'|'.join(lexicon.words('role_nouns'))})\b")


def _has_role(before: str) -> bool:
    return _role().search(before) is not None


def _in_case(pronoun: str, name: str, at: int) -> str:
    """`name` in the case of the pronoun: 'his' becomes "Fáy's"."""
    if pronoun.casefold() in ("his", "her", "its", "their"):
        name += "’" if name.endswith("s") else "’s"
    if at == 0:
        return name[0].upper() + name[1:]
    return name


def _antecedent(
    entry: Entry, index: int, pronoun: str, kinds: Mapping[str, ActorKind]
) -> str | None:
    before = _sentence_before(entry, index)
    if before is None:
        return None
    names = [n for n in names_in(entry, before) if not _within_quote(before, n)]
    if pronoun in ("he", "she", "his", "her", "him", "hers"):
        people = {n.actor for n in names if kinds.get(n.actor or "") == "person"}
        return _only(people)
    if pronoun in ("they", "their", "them"):
        return "the parties" if _PARTIES.search(before.text) else None
    return _neuter_antecedent(before, names, kinds)


def lacks_person(entry: Entry, index: int) -> bool:
    """Whether 'he' or 'she' stands in a sentence and neither it nor the one before names anyone."""
    sentences = entry.reading.sentences[max(0, index - 1) : index + 1]
    kinds = {a.name: a.kind for a in entry.reading.actors}
    named = [n for s in sentences for n in names_in(entry, s)]
    people = any(kinds.get(n.actor or "") == "person" for n in named)
    return not people and _PERSONAL.search(unquoted(sentences[-1].text)) is not None


def _speaker(entry: Entry, index: int, kinds: Mapping[str, ActorKind]) -> str | None:
    """Who 'she said' is: the one person of the nearest sentence before that names people."""
    for back in range(index - 1, max(-1, index - 5), -1):
        before = entry.reading.sentences[back]
        people = {n.actor for n in names_in(entry, before) if kinds.get(n.actor or "") == "person"}
        if people:
            return _only(people)
    return None


def _neuter_antecedent(
    before: Sentence, names: list[Name], kinds: Mapping[str, ActorKind]
) -> str | None:
    subject = _SUBJECT.match(before.text)
    if subject and subject.group(1).startswith("The "):
        return subject.group(1)[0].lower() + subject.group(1)[1:]
    opening = _INTRODUCTION.match(before.text)
    first = opening.end() if opening else 0
    things = [n for n in names if kinds.get(n.actor or "") != "person"]
    for name in things:
        if 0 <= name.start - before.start - first <= len("the "):
            return _with_article(name, before)
    return None


def _with_article(name: Name, sentence: Sentence) -> str:
    """The name as it stood there, with the article it had."""
    at = name.start - sentence.start
    article = re.search(r"\b[Tt]he $", sentence.text[:at])
    return f"the {name.text}" if article else name.text


def _within_quote(sentence: Sentence, name: Name) -> bool:
    return unquoted(sentence.text)[name.start - sentence.start] == " "


def _only(names: set[str | None]) -> str | None:
    return next(iter(names)) if len(names) == 1 else None


def _sentence_before(entry: Entry, index: int) -> Sentence | None:
    """The content sentence before; news paragraphs are short, so it may be of the last one."""
    if index == 0:
        return None
    sentence, before = entry.reading.sentences[index], entry.reading.sentences[index - 1]
    is_near = before.field == sentence.field and sentence.paragraph - before.paragraph <= 1
    return before if is_near and before.role is Role.BODY else None


def _definite_edit(
    entry: Entry, index: int, bare: str, names: list[Name], nouns: Described
) -> list[Edit] | None:
    """'The company' at the head of a sentence, when nothing before it says which company."""
    found = _definite().search(bare)
    sentence = entry.reading.sentences[index]
    if found is None:
        return []
    if any(n.start - sentence.start < found.start() for n in names):
        return _named_later(entry, index, found, names, nouns)
    if any(0 <= n.start - sentence.start - found.end() <= 2 for n in names):
        return []  # 'the operator Telvana', 'the company, Hitch,'
    if _QUALIFIED.match(bare, found.end()):
        return []  # 'the committee that decides on licences'
    if found.start() and not _SUBORDINATE.match(bare[: found.start()]):
        return []
    actor = nouns.actor(found.group(2))
    named = {straight(n.actor): n.actor for n in entry.reading.names if n.actor}
    if actor is None or actor not in named:
        return [] if found.group(2) in lexicon.words("public_nouns") else None
    actor = named[actor]
    text = ("the " if needs_article(entry, actor) else "") + actor
    return [Edit(found.start(), found.end(), text if found.start() else text[0].upper() + text[1:])]


def _named_later(
    entry: Entry, index: int, found: re.Match[str], names: list[Name], nouns: Described
) -> list[Edit]:
    """'The guild gave the company a week': the company that no name before it can be."""
    sentence = entry.reading.sentences[index]
    actor = nouns.actor(found.group(2))
    is_given = any(straight(n.actor or "") == actor for n in names)
    organisations = {a.name for a in entry.reading.actors if a.kind != "person"}
    before = [n for n in names if n.start - sentence.start < found.start()]
    if actor is None or is_given or not any(n.actor in organisations for n in before):
        return []  # named in the sentence itself, or a person's own company
    if _QUALIFIED.match(sentence.text, found.end()):
        return []
    named = {straight(n.actor): n.actor for n in entry.reading.names if n.actor}
    if actor not in named:
        return []
    article = "the " if needs_article(entry, named[actor]) else ""
    return [Edit(found.start(), found.end(), article + named[actor])]


def needs_article(entry: Entry, actor: str) -> bool:
    """Whether the story writes 'the' before this name."""
    return re.search(rf"\b[Tt]he {re.escape(actor)}", entry.story.text) is not None
