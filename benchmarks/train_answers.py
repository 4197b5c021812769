"""Fit the weights by which answers are ranked and refused, on half of the public questions.

    python benchmarks/train_answers.py SHARED/bench/qa/squad2_dev_a.jsonl [--write]

Trains on every other article (SQuAD 2.0 development set, CC BY-SA 4.0; nothing of it is kept but
the weights), prints the figures on the other articles, and with --write saves the weights to
``bot/summarizer/data/{matching,confidence}.json``. Needs numpy.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bot.model import Entry, Story
from bot.reading.reader import read
from bot.summarizer import lexicon
from bot.summarizer.matching import Field, Match, field, rank
from bot.summarizer.questions import asked

NAMES = (
    "exact", "soft", "context", "before", "after", "often", "pairs", "bigrams", "order", "fits",
    "close",
    "rarest", "length", "focus", "nowhere", "names_here", "names_near", "asked", "asked_near",
)  # fmt: skip
SIGNS = (*NAMES, "asked", "asked_near")  # of an answer that is none, beside its rank
DATA = Path(__file__).parents[1] / "bot" / "summarizer" / "data"
PUBLISHED = datetime(2020, 12, 7, 12, tzinfo=UTC)


def entries(name: str, paragraphs: list[list[str]]) -> list[Entry]:
    """One story a paragraph, as `score_public.py qa` has it."""
    found = []
    for k, sentences in enumerate(paragraphs):
        story = Story(
            id=f"{name}/{k}", title=name.replace("_", " "), text=" ".join(sentences),
            published=PUBLISHED, source="bench", url="",
        )  # fmt: skip
        found.append(Entry(story=story, reading=read(story)))
    return found


def is_gold(match: Match, row: dict, paragraphs: list[list[str]]) -> bool:
    text = match.entry.reading.sentences[match.index].text
    for paragraph, sentence in row["gold_sents"]:
        gold = paragraphs[paragraph][sentence].strip()
        if match.entry.story.id.endswith(f"/{paragraph}") and (
            gold[:60] in text or text.strip()[:60] in gold
        ):
            return True
    return False


def vector(match: Match, names: tuple[str, ...] = NAMES) -> np.ndarray:
    return np.array([match.features[name] for name in names])


def best(question: str, over: Field, weights: np.ndarray | None, top: int = 12) -> list[Match]:
    matches = rank(asked(question), over)
    if weights is not None:
        matches.sort(key=lambda m: -float(vector(m) @ weights))
    return matches[:top]


def fit_ranking(samples: list[tuple[list[Match], list[bool]]], steps: int = 400) -> np.ndarray:
    """Listwise softmax: the gold sentence against the other candidates of its question."""
    sets = [(np.array([vector(m) for m in ms]), np.array(g, float)) for ms, g in samples if any(g)]
    weights = np.array([lexicon.weights("matching").get(name, 0.0) for name in NAMES])
    for _ in range(steps):
        slope = np.zeros_like(weights)
        for x, gold in sets:
            p = np.exp((s := x @ weights) - s.max())
            p /= p.sum()
            q = p * gold / max(1e-9, float((p * gold).sum()))
            slope += x.T @ (q - p)
        weights += 0.5 * (slope / len(sets) - 0.001 * weights)
    return weights


def fit_confidence(x: np.ndarray, y: np.ndarray, steps: int = 3000) -> np.ndarray:
    """Logistic regression with a little shrinkage; the first weight is the bias."""
    weights = np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ weights))
        weights += 0.5 * (x.T @ (y - p) / len(y) - 0.0005 * weights)
    return weights


def evidence(matches: list[Match], weights: np.ndarray) -> np.ndarray:
    scores = [float(vector(m) @ weights) for m in matches[:2]] or [0.0]
    margin = scores[0] - scores[1] if len(scores) > 1 else scores[0]
    first = vector(matches[0], SIGNS) if matches else np.zeros(len(SIGNS))
    return np.concatenate([[1.0, margin], first])


def auroc(scores: np.ndarray, truth: np.ndarray) -> float:
    order = scores.argsort().argsort() + 1
    positives = truth.sum()
    wins = order[truth == 1].sum() - positives * (positives + 1) / 2
    return float(wins / (positives * (len(truth) - positives)))


def main() -> None:
    path = Path(sys.argv[1])
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    articles = json.loads((path.parent / "articles.json").read_text("utf-8"))
    names = list(dict.fromkeys(row["article"] for row in rows))
    fields = {n: field(entries(n, articles[n])) for n in names}
    train = [r for r in rows if names.index(r["article"]) % 2 == 0]
    test = [r for r in rows if names.index(r["article"]) % 2 == 1]

    def samples(
        part: list[dict], weights: np.ndarray | None
    ) -> list[tuple[list[Match], list[bool]]]:
        found = []
        for row in part:
            matches = best(row["question"], fields[row["article"]], weights)
            found.append((matches, [is_gold(m, row, articles[row["article"]]) for m in matches]))
        return found

    weights = fit_ranking(samples([r for r in train if not r["impossible"]], None))
    learnt = samples(train, weights)
    x = np.array([evidence(m, weights) for m, _ in learnt])
    y = np.array([float(not r["impossible"]) for r in train])
    chance = fit_confidence(x, y)
    shown = samples(test, weights)
    answerable = [g for r, (_, g) in zip(test, shown, strict=True) if not r["impossible"]]
    truth = np.array([float(not r["impossible"]) for r in test])
    scores = np.array([evidence(m, weights) @ chance for m, _ in shown])
    print(f"first {np.mean([any(g[:1]) for g in answerable]):.3f}")
    print(f"in three {np.mean([any(g[:3]) for g in answerable]):.3f}")
    print(f"abstention AUROC on the trained half {auroc(x @ chance, y):.3f}")
    print(f"abstention AUROC {auroc(scores, truth):.3f}")
    matching = dict(zip(NAMES, (round(float(w), 3) for w in weights), strict=True))
    confidence = dict(
        zip(("bias", "margin", *SIGNS), (round(float(w), 3) for w in chance), strict=True)
    )
    print(matching, confidence, sep="\n")
    if "--write" in sys.argv:
        (DATA / "matching.json").write_text(json.dumps(matching, indent=1) + "\n", "utf-8")
        (DATA / "confidence.json").write_text(json.dumps(confidence, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
