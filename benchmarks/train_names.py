"""Train bot/reading/data/names.crfsuite, the tagger of names, and say how well it does.

    python benchmarks/train_names.py [--data shared/training/ner] [--check]

`--check` trains on nine tenths and scores the rest (every tenth sentence of each file); without
it everything is used and the model is written. The same data give the same model: the order is
fixed and L-BFGS draws no random numbers. The data and their licences are named in
bot/reading/data/names.md.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pycrfsuite

from bot.reading.lexicon import words
from bot.reading.tagger import features, stretches
from bot.reading.tokens import Token, tokenize

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("STANDOFF_SHARED", ROOT.parent / "shared"))
MODEL = ROOT / "bot" / "reading" / "data" / "names.crfsuite"
FILES = ("ewt", "pol", "btc", "gmb", "wnut")
OPTIONS = {"c1": 0.08, "c2": 0.02, "max_iterations": 120, "feature.minfreq": 2}
EVERY = 10

Labelled = tuple[list[Token], list[str]]


def sentences(path: Path) -> Iterator[Labelled]:
    """Yield the tokens of each sentence with their labels."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        tokens = tokenize(row["text"])
        yield tokens, label(tokens, row["gold"])


def label(tokens: Sequence[Token], spans: Sequence[dict]) -> list[str]:
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


def train(data: Sequence[Labelled], target: Path) -> None:
    trainer = pycrfsuite.Trainer(verbose=False)
    for tokens, labels in data:
        texts = [t.text for t in tokens]
        for start, end in stretches(texts):
            trainer.append(features(texts[start:end]), labels[start:end])
    trainer.set_params(OPTIONS)
    trainer.train(str(target))


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
    tagger = pycrfsuite.Tagger()
    tagger.open(str(model))
    n: Counter[str] = Counter()
    for tokens, labels in data:
        texts = [t.text for t in tokens]
        got = ["O"] * len(texts)
        for start, end in stretches(texts):
            got[start:end] = tagger.tag(features(texts[start:end]))
        want, have = spans(labels), spans(got)
        n["typed"] += len(want & have)
        n["untyped"] += len({s[:2] for s in want} & {s[:2] for s in have})
        n["want"] += len(want)
        n["have"] += len(have)
    return {
        kind: round(200 * n[kind] / (n["want"] + n["have"]), 1) for kind in ("typed", "untyped")
    }


def check(data: dict[str, list[Labelled]]) -> None:
    kept = [s for rows in data.values() for i, s in enumerate(rows) if i % EVERY]
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder, "names.crfsuite")
        train(kept, model)
        for name, rows in data.items():
            print(name, score(rows[::EVERY], model))
        print("all", score([s for rows in data.values() for s in rows[::EVERY]], model))


def main() -> None:
    cli = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    cli.add_argument("--data", type=Path, default=SHARED / "training" / "ner")
    cli.add_argument("--check", action="store_true", help="score a held-out tenth, write nothing")
    args = cli.parse_args()
    data = {name: list(sentences(args.data / f"{name}.jsonl")) for name in FILES}
    begun = time.monotonic()
    if args.check:
        check(data)
    else:
        train([s for rows in data.values() for s in rows], MODEL)
        print(f"{MODEL}: {MODEL.stat().st_size / 1e6:.1f} MB")
    print(f"{time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
