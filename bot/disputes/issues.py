"""The issue: the noun phrase that the stories of a dispute share beside the names of its sides.

Without a parser, a noun phrase is known by its edges: it follows an article or a preposition
('over the usage limits') and ends before the next small word or comma. A headline has no articles;
what stands in it counts where a sentence has shown it to be such a phrase.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.disputes.actors import fold
from bot.disputes.content import Statement, statements
from bot.disputes.frequencies import background
from bot.disputes.memory import per_entry
from bot.disputes.terms import stem
from bot.disputes.wordlists import words
from bot.model import Entry
from bot.reading.lexicon import words as reading_words
from bot.retelling import lexicon

TOLD_BY = 12  # first stories that name the issue: a title is to stay what it is
READ = 6  # statements of a story, from its headline on
LONGEST = 3  # words of the phrase, without what follows a preposition
WORTH = (1.0, 2.6, 3.0)  # by length: a longer phrase says more
ALONE = 0.3  # what a phrase counts that one story alone has
FOLLOWED = 0.25  # share of the stories that must add the same name
NAMED_SO = 3.0  # 'dispute over X'
HEADLINE, LEAD, REST = 2.0, 1.0, 0.4
COMMON = 12.0  # how much it counts against a phrase, a short one above all, to end in a common word
TOKEN = re.compile(r"[^\W_]+(?:['’.‑-][^\W_]+)*|[^\w\s]")
HYPHEN = re.compile(r"[‑-]")
OVER = frozenset({"over", "about", "on"})
CONTESTS = frozenset({
    "dispute", "row", "fight", "clash", "quarrel", "battle", "standoff", "stand-off", "feud", "war",
    "argument", "conflict", "tussle", "wrangle", "lawsuit", "case", "claim", "negotiations",
})  # fmt: skip
OPENERS = frozenset({
    "the", "a", "an", "its", "their", "his", "her", "our", "this", "that", "these", "those", "of",
    "over", "on", "for", "in", "at", "about", "under", "from", "by", "against", "with", "into",
    "no", "any",
})  # fmt: skip
SOMEBODY = ("class_nouns", "role_nouns")
LINKS = frozenset({"of", "on", "at", "in", "for"})

Phrase = tuple[str, ...]
"""Stems of a phrase."""
Name = frozenset[str]
"""Stems of the words of a name, folded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mentions:
    """What one story calls its matter.

    Phrases with their weight; those shown to be phrases, as spelled within a sentence; and the
    names that follow them ('on Claude').
    """

    weights: Mapping[Phrase, float]
    shown: Mapping[Phrase, str]
    followed: Mapping[Phrase, str]


def issue(entries: Sequence[Entry], involved: Iterable[Name], others: Iterable[Name]) -> str:
    """Return the phrase for what `entries` are about, or "".

    No word of the names `involved` (sides, people) stands in it; `others` are no issue as a whole.
    """
    told = [mentions(entry) for entry in entries[:TOLD_BY]]
    spelled = _spelled(told)
    worth = _worth(told, spelled)
    names, whole = frozenset().union(*involved), [*others]
    for phrase in sorted(worth, key=lambda phrase: (-worth[phrase], phrase)):
        parts = frozenset(phrase)
        if names.isdisjoint(parts) and not any(name >= parts for name in whole):
            return spelled[phrase] + _followed(phrase, told, names)
    return ""


def name_words(name: str) -> Name:
    """Return the stems of the words of a name."""
    return frozenset(root(word.strip("'")) for word in fold(name).split())


def _spelled(told: Sequence[Mentions]) -> dict[Phrase, str]:
    """Return every phrase that a sentence has shown to be one, as it is mostly spelled there."""
    forms: dict[Phrase, Counter[str]] = {}
    for one in told:
        for phrase, form in one.shown.items():
            forms.setdefault(phrase, Counter())[form] += 1
    return {
        phrase: max(counts, key=lambda form: (counts[form] + form.endswith("s"), len(form), form))
        for phrase, counts in forms.items()
    }


def _worth(told: Sequence[Mentions], shown: Container[Phrase]) -> dict[Phrase, float]:
    """Return how good a name for the issue each phrase shown is."""
    sums: defaultdict[Phrase, float] = defaultdict(float)
    tellers: Counter[Phrase] = Counter()
    for one in told:
        for phrase, weight in one.weights.items():
            if phrase in shown:
                sums[phrase] += weight
                tellers[phrase] += 1
    return {
        phrase: total * WORTH[len(phrase) - 1] * (1.0 if tellers[phrase] > 1 else ALONE)
        / (1 + COMMON * background().get(phrase[-1], 0.0) / len(phrase) ** 2)
        for phrase, total in sums.items()
        # What one story of several has is its own concern, unless it calls the dispute so.
        if tellers[phrase] > 1 or len(told) == 1 or total >= NAMED_SO
    }  # fmt: skip


def _followed(phrase: Phrase, told: Sequence[Mentions], names: Name) -> str:
    """Return ' on Claude' where enough stories say that after the phrase, else ""."""
    after = Counter(one.followed[phrase] for one in told if phrase in one.followed)
    for link, times in after.most_common(1):
        if FOLLOWED * len(told) <= times and names.isdisjoint(name_words(link)):
            return f" {link}"
    return ""


# ---------------------------------------------------------------- one story


@per_entry
def mentions(entry: Entry) -> Mentions:
    """Return what a story calls its matter."""
    found = _Found()
    for statement in statements(entry)[:READ]:
        for run in _runs(_tokens(statement.text)):
            found.add(run, statement)
    return Mentions(
        weights=found.weights,
        shown=found.shown,
        followed=found.followed,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Run:
    """Telling words side by side, and whether small words on both sides show them a phrase."""

    words: tuple[str, ...]
    shown: bool
    over: bool
    named_so: bool
    after: str  # 'on Claude', where that follows


@dataclass(kw_only=True, slots=True)
class _Found:
    weights: dict[Phrase, float] = field(default_factory=dict)
    shown: dict[Phrase, str] = field(default_factory=dict)
    followed: dict[Phrase, str] = field(default_factory=dict)

    def add(self, run: _Run, statement: Statement) -> None:
        """Count the ends of a run: 'limits', 'usage limits', 'loose usage limits'."""
        roots = tuple(root(word) for word in run.words)
        weight = HEADLINE if statement.headline else LEAD if statement.weight > 1 else REST
        # Whatever a headline has after 'over' is the issue.
        named_so = run.named_so or (run.over and statement.headline)
        for start in range(max(0, len(roots) - LONGEST), len(roots)):
            phrase = roots[start:]
            self._weigh(phrase, NAMED_SO if named_so else weight)
            if run.shown and not statement.headline:
                self.shown.setdefault(phrase, " ".join(run.words[start:]))
                if run.after:
                    self.followed.setdefault(phrase, run.after)
        if statement.headline:
            self._weigh_inside(roots, weight)

    def _weigh(self, phrase: Phrase, weight: float) -> None:
        self.weights[phrase] = max(weight, self.weights.get(phrase, 0.0))

    def _weigh_inside(self, roots: Phrase, weight: float) -> None:
        """Count longer stretches of a headline: its phrases end where nothing shows it."""
        for start in range(len(roots)):
            for end in range(start + 2, min(start + LONGEST, len(roots)) + 1):
                self._weigh(roots[start:end], weight)


def _tokens(text: str) -> list[str]:
    return [token.removesuffix("'s").removesuffix("’s") for token in TOKEN.findall(text)]


def _runs(tokens: Sequence[str]) -> Iterator[_Run]:
    start = 0
    while start < len(tokens):
        end = start
        while end < len(tokens) and (_tells(tokens[end]) or _is_figure(tokens, start, end)):
            end += 1
        if end > start and not _is_verbal(tokens[end - 1]):
            before = tokens[start - 1].casefold() if start else ""
            yield _Run(
                words=tuple(tokens[start:end]),
                shown=before in OPENERS and _closes(tokens[end : end + 1]),
                over=before == "over",
                named_so=_is_named(tokens, start),
                after=_after(tokens[end : end + 5]),
            )
        start = max(end, start + 1)


def _is_named(tokens: Sequence[str], start: int) -> bool:
    """Whether 'dispute over' or 'row about the' stands before the word at `start`."""
    before = [token.casefold() for token in tokens[max(0, start - 3) : start]]
    if before and before[-1] in OPENERS - OVER:
        before.pop()
    return len(before) > 1 and before[-1] in OVER and before[-2] in CONTESTS


@lru_cache(maxsize=16384)
def root(word: str) -> str:
    """Return the stem of a word by which names and phrases are compared; figures are their own."""
    return stem(fold(word)) or word


@lru_cache(maxsize=16384)
def _tells(token: str) -> bool:
    folded = token.casefold()
    telling = len(folded) > 2 and folded[0].isalpha() and bool(stem(folded))
    return telling and not any(_is_edge(part) for part in HYPHEN.split(folded))


def _is_edge(word: str) -> bool:
    """Whether a phrase breaks off at a word: 'the watchdog' is somebody, no issue."""
    singular = word.removesuffix("s")
    if word in words("issue_edges") or word in reading_words("reporting_verbs"):
        return True
    return any(noun in lexicon.words(kind) for noun in (word, singular) for kind in SOMEBODY)


def _closes(tokens: Sequence[str]) -> bool:
    """Whether a phrase can end before these: it does not in 'the labour court'."""
    return words("adjudicators").isdisjoint(token.casefold() for token in tokens)


def _is_figure(tokens: Sequence[str], start: int, place: int) -> bool:
    """Whether a figure stands within a phrase: 'Type 41 trains'."""
    if not tokens[place].isdigit() or place == start or place + 1 == len(tokens):
        return False
    return tokens[place - 1][0].isupper() and _tells(tokens[place + 1])


def _is_verbal(token: str) -> bool:
    return token.endswith(("ed", "ly", "ing")) and token.islower()


def _after(tokens: Iterable[str]) -> str:
    """Return 'on Claude' or 'at Port Sable' where tokens begin so, else ""."""
    preposition, *others = [*tokens, ""]
    if preposition not in LINKS:
        return ""
    article = others[:1] if others[:1] == ["the"] else []
    name: list[str] = []
    for token in others[len(article) :]:
        if not token[:1].isupper() or "." in token or token.casefold() in words("issue_edges"):
            break
        name.append(token)
    return " ".join([preposition, *article, *name]) if name else ""
