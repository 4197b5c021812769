"""What a dispute is called: 'A v. B over X', and the short key that people type."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bot.disputes.actors import Cast, fold
from bot.disputes.content import statements
from bot.disputes.terms import WORD, stem
from bot.disputes.wordlists import words
from bot.model import Entry

LONGEST = 3  # words in the name of an issue
SHORTEST = 3  # letters of a word in it
KEY_WORDS = 2  # words of a side in the key
OVER = re.compile(
    r"\b(?:dispute|row|fight|clash|quarrel|battle|stand-?off|feud|strikes?|talks|argument|war"
    r"|conflict|tussle|wrangle|lawsuit|case|sues?|sued|claim)\s+(?:over|about|to|on)\s+"
    r"(?:the |a |an |its |their |his |her )?([\w’' .-]{3,60})",
    re.IGNORECASE,
)
NAMED_SO = 3  # an issue that a story itself names after 'dispute over' counts so many times


def title(sides: Sequence[str], issue: str, fallback: str) -> str:
    """Return 'A v. B over X'; with fewer than two sides, the headline `fallback`."""
    if len(sides) < 2:
        return fallback
    return f"{sides[0]} v. {sides[1]}" + (f" over {issue}" if issue else "")


def key(sides: Sequence[str], issue: str, fallback: str) -> str:
    """Return the slug of a dispute: 'pentagon-v-anthropic-claude'."""
    if len(sides) < 2:
        return slug(fallback.split()[:5])
    head = issue.split()[-1:]
    one, other = _short(sides[0], sides[1]), _short(sides[1], sides[0])
    return slug([*one, "v", *other, *head])


def _short(name: str, other: str) -> list[str]:
    """Return the first words of a name that tell it from the other side's."""
    common = {*words("stopwords"), *other.casefold().split()}
    telling = [word for word in name.split() if word.casefold() not in common]
    return telling[:KEY_WORDS] or [name]


def slug(parts: Sequence[str]) -> str:
    """Return words as lower-case ASCII joined by hyphens."""
    plain = unicodedata.normalize("NFKD", " ".join(parts)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-") or "dispute"


def issue(entries: Sequence[Entry], cast: Cast) -> str:
    """Return the phrase that most stories share beside the names of those involved, or ""."""
    names = _name_stems(cast)
    counts: Counter[str] = Counter()
    spelled: dict[str, Counter[str]] = {}
    for entry in entries:
        for phrase, weight in _phrases(entry, names).items():
            form = " ".join(stem(word) for word in phrase.split())
            counts[form] += weight
            spelled.setdefault(form, Counter())[phrase] += weight
    best = max(counts, key=lambda form: (_worth(form, counts), form), default="")
    return _spelling(spelled[best]) if best else ""


def _spelling(variants: Counter[str]) -> str:
    """Return the variant in small letters if there is one: a capital may come from a headline."""
    ranked = [variant for variant, _ in variants.most_common()]
    return next((variant for variant in ranked if variant.islower()), ranked[0])


def _worth(form: str, counts: Mapping[str, int]) -> float:
    # A longer phrase says more; beyond two words it is seldom a name for the issue any more.
    return counts[form] * (1.0, 2.0, 2.4)[min(len(form.split()), LONGEST) - 1]


def _name_stems(cast: Cast) -> frozenset[str]:
    return frozenset(stem(word) for form in cast.forms for word in form.split())


def _phrases(entry: Entry, names: frozenset[str]) -> dict[str, int]:
    """Return the phrases in headline and lead that could name the issue, each once a story."""
    found: dict[str, int] = {}
    for statement in statements(entry):
        named = " ".join(match.group(1) for match in OVER.finditer(statement.text))
        for phrase in _runs(named, names):
            found[phrase] = NAMED_SO
        if statement.weight > 1:
            for phrase in _runs(statement.text, names):
                found.setdefault(phrase, 2 if statement.headline else 1)
    return found


def _runs(text: str, names: frozenset[str]) -> Iterator[str]:
    """Yield runs of up to three telling words, side by side in `text`, that name nobody."""
    for clause in _clauses(text):
        for start in range(len(clause)):
            for end in range(start + 1, min(start + LONGEST, len(clause)) + 1):
                root = clause[end - 1][1]
                if not root or root in names:
                    break
                yield " ".join(word for word, _ in clause[start:end])


@lru_cache(maxsize=8192)
def _clauses(text: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return the words of each clause with their stems, "" for words that name no issue."""
    clauses = (WORD.findall(clause) for clause in re.split(r"[^\w\s’'‑-]+", text))
    return tuple(tuple((_plain(word), _root(word)) for word in clause) for clause in clauses)


def _root(word: str) -> str:
    folded = _plain(word).casefold()
    if len(folded) < SHORTEST or folded.isdigit() or folded in words("issue_edges"):
        return ""
    return stem(fold(folded)) if stem(folded) else ""


def _plain(word: str) -> str:
    return word.removesuffix("'s").removesuffix("’s")
