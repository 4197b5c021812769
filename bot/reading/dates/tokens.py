"""Tokens of a text and their classes: what the time grammar is written over.

A token is a number, a word, a sign, or a phrase of the lexicon ('close of business'). Every class
has one character, so that the classes of a text form a string regular expressions can search. It
is made in bulk, because most words of a story mean nothing to the grammar (class ``OTHER``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

Value = int | float | str
Entry = tuple[str, Value]  # class and value of a token
Phrase = tuple[tuple[str, ...], Entry]

OTHER: Final = "OTHER"  # a word that means nothing to the grammar
SIGN: Final = "SIGN"  # a sign that means nothing to it
LINE_END: Final = "LINE_END"
SIGNS: Final = {
    ",": "COMMA",
    ".": "DOT",
    "-": "HYPHEN",
    "–": "DASH",
    "'s": "POSSESSIVE",
    "'": "QUOTE",
    "$": "MONEY",
    "€": "MONEY",
    "£": "MONEY",
    "#": "MONEY",
    "%": "PERCENT",
}
NUMBERS: Final = ("ISO", "SLASHED", "CLOCK", "NTH", "YEAR", "DAY", "COUNT", "AMOUNT", "DECADES")
FIRST_CHARACTER: Final = 0xE000  # of the private-use characters, one for each class

PLAIN: Final = tuple(zip("’‘ʼ\u2010\u2011\u2212", "'''---", strict=True))
# White space belongs to no token, but for the end of a line.
TOKEN: Final = re.compile(
    r"[ap]\.\s?m\b\.?|o'clock\b"
    r"|[^\W\d_]+(?:'(?!s\b)[^\W\d_]+)*"
    r"|\n\s*"
    r"|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)"
    r"|\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)(?!\d)"
    r"|\d{1,2}:\d\d(?::\d\d)?(?!\d)|\d{1,2}\.\d\d(?=\s?(?:[ap]\.?\s?m\b|GMT|UTC))"
    r"|\d{2,4}'?s\b|\d{1,2}(?:st|nd|rd|th)\b"
    r"|\d+(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+"
    r"|'s\b|\S",
)
NUMBER_SHAPES: Final = (
    ("ISO", re.compile(r"\d{4}-")),
    ("SLASHED", re.compile(r"\d+/")),
    ("CLOCK", re.compile(r"\d{1,2}(?::\d\d){1,2}$")),
    ("AMOUNT", re.compile(r"\d+[,.]")),
    ("DECADES", re.compile(r"\d+'?s$")),
    ("NTH", re.compile(r"\d+\D")),
)
DAYS_IN_MONTH: Final = 31
FIRST_YEAR, LAST_YEAR = 1500, 2199


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words of the grammar, its phrases by their first word, and the character of each class."""

    words: Mapping[str, Entry]
    phrases: Mapping[str, tuple[Phrase, ...]]
    capital: frozenset[str]
    characters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A tokenized text. `classes` has a character for each token that is not blank; the end of a
    line is a token, because no expression runs over it.

    `texts`, `starts` and `ends` (characters) have an item for each as well.
    """

    classes: str
    texts: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]


@cache
def lexicon() -> Lexicon:
    """Read the lexicon once."""
    source = files("bot.reading").joinpath("data", "dates_lexicon.toml").read_text("utf-8")
    tables = tomllib.loads(source)
    capital = frozenset(tables.pop("case")["capital"])
    entries = {key: (name, value) for name, keys in tables.items() for key, value in keys.items()}
    names = dict.fromkeys([OTHER, SIGN, LINE_END, *SIGNS.values(), *NUMBERS, *tables])
    return Lexicon(
        words={key: entry for key, entry in entries.items() if len(_words(key)) == 1},
        phrases=_phrases(entries),
        capital=capital,
        characters={name: chr(FIRST_CHARACTER + i) for i, name in enumerate(names)},
    )


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(text for text in TOKEN.findall(phrase.lower()) if not text.isspace())


def _phrases(entries: Mapping[str, Entry]) -> dict[str, tuple[Phrase, ...]]:
    """Return the entries of more than one token by their first token, the longest first."""
    split = ((_words(key), entry) for key, entry in entries.items())
    found: dict[str, tuple[Phrase, ...]] = {}
    for words, entry in sorted(split, key=lambda phrase: -len(phrase[0])):
        if len(words) > 1:
            found[words[0]] = (*found.get(words[0], ()), (words, entry))
    return found


@lru_cache(maxsize=1 << 14)
def entry_of(text: str) -> Entry:
    """Return class and value of a word, number, sign or phrase as it is written."""
    if text[0].isdecimal():
        return _number(text)
    if text.isspace():
        return LINE_END, 0
    lexical = lexicon()
    lowered = text.lower()
    entry = lexical.words.get(lowered) or _phrase_entry(lowered)
    if entry is None or (entry[0] in lexical.capital and not text[0].isupper()):
        return (OTHER if text[0].isalpha() else SIGNS.get(text, SIGN)), 0
    return entry


def _phrase_entry(text: str) -> Entry | None:
    words = _words(text)
    return next((e for ws, e in lexicon().phrases.get(words[0], ()) if ws == words), None)


def _number(text: str) -> Entry:
    for name, shape in NUMBER_SHAPES:
        if shape.match(text):
            return name, text if name in {"ISO", "SLASHED", "CLOCK"} else _value(text)
    return _whole_number(text)


def _value(text: str) -> int | float:
    digits = re.sub(r"[^\d.]", "", text)
    return float(digits) if "." in digits else int(digits)


def _whole_number(text: str) -> Entry:
    number = int(text) if len(text) < 10 else 0
    if len(text) <= 2 and 1 <= number <= DAYS_IN_MONTH:
        return "DAY", number
    if len(text) == 4 and FIRST_YEAR <= number <= LAST_YEAR:
        return "YEAR", number
    return "COUNT", number


@lru_cache(maxsize=1 << 16)
def _character(text: str) -> str:
    return lexicon().characters[entry_of(text)[0]]


@lru_cache(maxsize=1 << 16)
def _opens_phrase(text: str) -> bool:
    return text.lower() in lexicon().phrases


def plain_signs(text: str) -> str:
    """Return `text` with curly apostrophes and special hyphens made plain; its length stays."""
    if not text.isascii():
        for special, plain in PLAIN:
            text = text.replace(special, plain)
    return text


def tokenize(text: str) -> Tokens:
    """Split `text`; a phrase of the lexicon becomes one token."""
    plain = plain_signs(text)
    spans = [match.span() for match in TOKEN.finditer(plain)]
    starts, ends = map(list, zip(*spans, strict=True)) if spans else ([], [])
    texts = [plain[start:end] for start, end in spans]
    _join_phrases(plain, texts, starts, ends)
    return Tokens("".join(map(_character, texts)), texts, starts, ends)


def _join_phrases(plain: str, texts: list[str], starts: list[int], ends: list[int]) -> None:
    """Make one token of each phrase in the three parallel lists, from the back."""
    phrases = lexicon().phrases
    for at in [i for i, opens in enumerate(map(_opens_phrase, texts)) if opens][::-1]:
        following = [text.lower() for text in texts[at : at + 6]]
        for words, _ in phrases[following[0]]:
            if tuple(following[: len(words)]) == words:
                last = at + len(words)
                texts[at:last] = [" ".join(plain[starts[at] : ends[last - 1]].split())]
                starts[at:last] = [starts[at]]
                ends[at:last] = [ends[last - 1]]
                break
