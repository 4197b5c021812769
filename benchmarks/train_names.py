"""Train bot/reading/data/names.crfsuite, the tagger of names, and say how well it does.

    python benchmarks/train_names.py [--data shared/training/ner] [--check]

`--check` trains on nine tenths and scores the rest (every tenth block of ten sentences of each
file), the tagger alone and with the rules; without it everything is used and the model is
written. The same data give the same model: the order is
fixed and L-BFGS draws no random numbers. The data and their licences are named in
bot/reading/data/names.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pycrfsuite

from bot.model import Name, Story
from bot.reading import tagger
from bot.reading.lexicon import words
from bot.reading.lines import lines_of
from bot.reading.names import find_names
from bot.reading.sentences import split
from bot.reading.tagger import features, stretches
from bot.reading.tokens import Token, capitals, tokenize

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("STANDOFF_SHARED", ROOT.parent / "shared"))
MODEL = ROOT / "bot" / "reading" / "data" / "names.crfsuite"
FILES = ("ewt", "pol", "btc", "gmb", "wnut")
OPTIONS = {"c1": 0.6, "c2": 0.2, "max_iterations": 120, "feature.minfreq": 2}
RENAMED = ("ewt", "pol", "gmb")  # these are read a second time with other names in them
SEED = 7
GAP = "\n\n"  # between the sentences of a story made for scoring
EVERY, BLOCK = 10, 10  # of each set every tenth block of ten sentences is held out

Row = dict[str, Any]  # a sentence: its text, and the spans of its names
Labelled = tuple[list[Token], list[str]]


def rows_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def labelled(row: Row) -> Labelled:
    """Return the tokens of a sentence with their labels."""
    tokens = tokenize(row["text"])
    return tokens, label(tokens, row["gold"])


def label(tokens: Sequence[Token], spans: Sequence[dict[str, Any]]) -> list[str]:
    labels = ["O"] * len(tokens)
    for span in spans:
        inside = [
            i for i, t in enumerate(tokens) if t.start < span["end"] and t.end > span["start"]
        ]
        inside = without_titles(tokens, inside) if span["type"] == "PER" else inside
        for i in inside:
            labels[i] = ("B-" if i == inside[0] else "I-") + span["type"]
    return labels


def without_titles(tokens: Sequence[Token], inside: list[int]) -> list[int]:
    """Drop leading titles, which some of the corpora count into a person's name."""
    first = 0
    titles = words("titles")
    while first < len(inside) - 1 and tokens[inside[first]].text.casefold().rstrip(".") in titles:
        first += 1
    return inside[first:]


def train(data: Mapping[str, Sequence[Labelled]], target: Path) -> None:
    trainer = pycrfsuite.Trainer(verbose=False)
    for tokens, labels in taught(data):
        texts = [t.text for t in tokens]
        for start, end in stretches(capitals(texts)):
            trainer.append(features(texts, start, end), labels[start:end])
    trainer.set_params(OPTIONS)
    trainer.train(str(target))


def taught(data: Mapping[str, Sequence[Labelled]]) -> Iterator[Labelled]:
    """Yield every sentence, and those of the newswire and of Wikipedia again with other names."""
    renaming = Renaming([row for rows in data.values() for row in rows])
    for name, rows in data.items():
        yield from rows
        if name in RENAMED:
            yield from (other for row in rows if (other := renaming.other(*row)))


class Renaming:
    """Puts other names of the same type into sentences, so that context counts, not memory.

    Persons are made of given and family names, bodies and places come from the gazetteers and
    from the training sets themselves. The same seed gives the same sentences.
    """

    def __init__(self, data: Sequence[Labelled], seed: int = SEED) -> None:
        self._random = random.Random(seed)
        self._given = sorted(words("given_names"))
        self._family = sorted(words("surnames"))
        known: dict[str, set[tuple[str, ...]]] = {
            "ORG": {tuple(name.split()) for name in words("firms")},
            "LOC": {tuple(name.split()) for name in words("cities") | words("regions")},
        }
        for tokens, labels in data:
            for start, end, kind in spans(labels):
                if kind in known:
                    known[kind].add(tuple(t.text for t in tokens[start:end]))
        self._known = {kind: sorted(names) for kind, names in known.items()}

    def other(self, tokens: Sequence[Token], labels: Sequence[str]) -> Labelled | None:
        """Return the sentence with other names, or None if it has none."""
        texts: list[str] = []
        renamed: list[str] = []
        end = 0
        for start, past, kind in sorted(spans(labels)):
            texts += [t.text for t in tokens[end:start]]
            renamed += labels[end:start]
            name = self._name(kind, past - start)
            texts += name
            renamed += [f"B-{kind}", *[f"I-{kind}"] * (len(name) - 1)]
            end = past
        texts += [t.text for t in tokens[end:]]
        renamed += labels[end:]
        return ([Token(0, 0, t) for t in texts], renamed) if end else None

    def _name(self, kind: str, length: int) -> Sequence[str]:
        if kind != "PER":
            return self._random.choice(self._known[kind])
        family, given = self._random.choice(self._family), self._random.choice(self._given)
        if length == 1:
            return [family]
        return [given, "J.", family] if length > 2 else [given, family]


def spans(labels: Sequence[str]) -> set[tuple[int, int, str]]:
    """Return (first, past last, type) of the names that labels mark."""
    found, start = set(), None
    for i, tag in enumerate([*labels, "O"]):
        if start is not None and not (tag[0] == "I" and tag[2:] == labels[start][2:]):
            found.add((start, i, labels[start][2:]))
            start = None
        if start is None and tag != "O":
            start = i
    return {s for s in found if s[2] != "MISC"}


def score(data: Sequence[Labelled], model: Path) -> dict[str, float]:
    tagged = pycrfsuite.Tagger()
    tagged.open(str(model))
    n: Counter[str] = Counter()
    for tokens, labels in data:
        texts = [t.text for t in tokens]
        got = ["O"] * len(texts)
        for start, end in stretches(capitals(texts)):
            got[start:end] = tagged.tag(features(texts, start, end))
        want, have = spans(labels), spans(got)
        n["typed"] += len(want & have)
        n["untyped"] += len({s[:2] for s in want} & {s[:2] for s in have})
        n["want"] += len(want)
        n["have"] += len(have)
    return {
        kind: round(200 * n[kind] / (n["want"] + n["have"]), 1) for kind in ("typed", "untyped")
    }


def with_rules(rows: Sequence[Row], model: Path) -> dict[str, float]:
    """Score the whole reader on stories of ten sentences, by the characters of the names."""
    tagged = pycrfsuite.Tagger()
    tagged.open(str(model))
    n: Counter[str] = Counter()
    with patch.object(tagger, "_model", lambda: tagged):
        for at in range(0, len(rows), BLOCK):
            block = rows[at : at + BLOCK]
            want = set(_wanted(block))
            have = {(name.start, name.end, name.type) for name in _named(block)}
            n["typed"] += len(want & have)
            n["untyped"] += len({s[:2] for s in want} & {s[:2] for s in have})
            n["all"] += len(want) + len(have)
    return {kind: round(200 * n[kind] / n["all"], 1) for kind in ("typed", "untyped")}


def _wanted(block: Sequence[Row]) -> Iterator[tuple[int, int, str]]:
    offset = 0
    for row in block:
        tokens, labels = labelled(row)
        for start, past, kind in spans(labels):
            yield offset + tokens[start].start, offset + tokens[past - 1].end, kind
        offset += len(row["text"]) + len(GAP)


def _named(block: Sequence[Row]) -> Sequence[Name]:
    text = GAP.join(row["text"] for row in block)
    story = Story(id="", title="", text=text, published=datetime.now(UTC), source="", url="")
    return find_names(lines_of(split(story)))


def check(data: Mapping[str, Sequence[Row]]) -> None:
    kept = {
        n: [labelled(r) for i, r in enumerate(rows) if not _held(i)] for n, rows in data.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder, "names.crfsuite")
        train(kept, model)
        for name, rows in data.items():
            held = [row for i, row in enumerate(rows) if _held(i)]
            print(name, score([labelled(row) for row in held], model), with_rules(held, model))


def _held(i: int) -> bool:
    return i // BLOCK % EVERY == 0


def main() -> None:
    cli = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    cli.add_argument("--data", type=Path, default=SHARED / "training" / "ner")
    cli.add_argument("--check", action="store_true", help="score a held-out tenth, write nothing")
    args = cli.parse_args()
    data = {name: rows_of(args.data / f"{name}.jsonl") for name in FILES}
    begun = time.monotonic()
    if args.check:
        check(data)
    else:
        train({name: [labelled(row) for row in rows] for name, rows in data.items()}, MODEL)
        print(f"{MODEL}: {MODEL.stat().st_size / 1e6:.1f} MB")
    print(f"{time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
