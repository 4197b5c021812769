"""Fit the weights by which answers are ranked and refused, on the public questions.

    python benchmarks/train_answers.py SHARED/bench/qa/squad2_dev_a.jsonl [--write]

Prints the figures of a cross-validation by article (each article is answered with weights fitted on
the others: SQuAD 2.0 development set, CC BY-SA 4.0; nothing of it is kept but the weights), then
fits on all articles, and with --write saves ``bot/summarizer/data/{matching,confidence}.json``.
What `score_public.py qa` prints on the same file is thus a figure on the training data. Needs
numpy.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bot.model import Entry, Story
from bot.reading.reader import read
from bot.summarizer.matching import Match, field, rank
from bot.summarizer.questions import asked

NAMES = (
    "exact", "soft", "context", "before", "after", "often", "pairs", "bigrams", "order", "fits",
    "close",
    "rarest", "length", "focus", "nowhere", "names_here", "names_near", "asked", "asked_near",
)  # fmt: skip
# What tells that the best sentence is no answer. Chosen from all features by leaving one out after
# another as long as the cross-validated AUROC rose, so that this figure is a little too good.
SIGNS = (
    "soft", "before", "often", "fits", "close", "focus", "nowhere", "names_near", "negated",
    "denies", "asks_not", "story", "terms",
)  # fmt: skip
TOP = 30  # sentences that are ranked anew
DATA = Path(__file__).parents[1] / "bot" / "summarizer" / "data"
PUBLISHED = datetime(2020, 12, 7, 12, tzinfo=UTC)


@dataclass
class Sample:
    """A question with the sentences that may answer it, and which of them are gold."""

    row: dict
    matches: list[Match]
    gold: list[bool]

    @property
    def answerable(self) -> bool:
        return not self.row["impossible"]


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


def fit_ranking(samples: list[Sample], steps: int = 300) -> np.ndarray:
    """Listwise softmax, by Adam: the gold sentence against the other candidates of its question."""
    sets = [
        (np.array([vector(m) for m in s.matches]), np.array(s.gold, float))
        for s in samples
        if any(s.gold)
    ]
    weights, mean, square = (np.zeros(len(NAMES)) for _ in range(3))
    for step in range(1, steps + 1):
        slope = sum(_slope(x, gold, weights) for x, gold in sets) / len(sets) - 0.001 * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        rate = 0.15 if step <= 200 else 0.045
        weights += rate * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-6)
    return weights


def _slope(x: np.ndarray, gold: np.ndarray, weights: np.ndarray) -> np.ndarray:
    p = np.exp((s := x @ weights) - s.max())
    p /= p.sum()
    q = p * gold / max(1e-9, float((p * gold).sum()))
    return x.T @ (q - p)


def fit_confidence(x: np.ndarray, y: np.ndarray, shrink: float = 20.0) -> np.ndarray:
    """Logistic regression by Newton's method on standardised features; the bias comes first."""
    centre, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.hstack([np.ones((len(x), 1)), (x - centre) / scale])
    weights, penalty = np.zeros(z.shape[1]), np.r_[0.0, np.full(x.shape[1], shrink)]
    for _ in range(20):
        p = 1 / (1 + np.exp(-z @ weights))
        bend = (z * (p * (1 - p))[:, None]).T @ z + np.diag(penalty)
        weights += np.linalg.solve(bend, z.T @ (y - p) - penalty * weights)
    slopes = weights[1:] / scale
    return np.r_[weights[0] - slopes @ centre, slopes]


def ranked(sample: Sample, weights: np.ndarray) -> tuple[list[Match], list[bool], np.ndarray]:
    """The sample's matches by `weights`, best first, with what is gold and the scores."""
    scores = np.array([vector(m) @ weights for m in sample.matches])
    order = np.argsort(-scores, kind="stable")
    return [sample.matches[i] for i in order], [sample.gold[i] for i in order], scores[order]


def evidence(sample: Sample, weights: np.ndarray) -> np.ndarray:
    """The signs of the best match, and its share of the ranking's trust, as `confidence` has it."""
    matches, _, scores = ranked(sample, weights)
    if not matches:
        return np.zeros(len(SIGNS) + 1)
    return np.r_[vector(matches[0], SIGNS), 1 / np.exp(scores - scores[0]).sum()]


def auroc(scores: np.ndarray, truth: np.ndarray) -> float:
    order = scores.argsort().argsort() + 1
    positives = truth.sum()
    wins = order[truth == 1].sum() - positives * (positives + 1) / 2
    return float(wins / (positives * (len(truth) - positives)))


def load(path: Path) -> list[Sample]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    articles = json.loads((path.parent / "articles.json").read_text("utf-8"))
    names = list(dict.fromkeys(row["article"] for row in rows))
    fields = {name: field(entries(name, articles[name])) for name in names}
    found = []
    for row in rows:
        matches = rank(asked(row["question"]), fields[row["article"]])[:TOP]
        gold = [is_gold(match, row, articles[row["article"]]) for match in matches]
        found.append(Sample(row, matches, gold))
    return found


def fit(samples: list[Sample]) -> tuple[np.ndarray, np.ndarray]:
    weights = fit_ranking([s for s in samples if s.answerable])
    x = np.array([evidence(s, weights) for s in samples])
    return weights, fit_confidence(x, np.array([float(s.answerable) for s in samples]))


def cross_validate(samples: list[Sample]) -> None:
    first, third, scores, truth = [], [], [], []
    for article in dict.fromkeys(s.row["article"] for s in samples):
        weights, chance = fit([s for s in samples if s.row["article"] != article])
        for sample in (s for s in samples if s.row["article"] == article):
            scores.append(np.r_[1.0, evidence(sample, weights)] @ chance)
            truth.append(float(sample.answerable))
            if sample.answerable:
                gold = ranked(sample, weights)[1]
                first.append(any(gold[: len(sample.row["gold_sents"])]))
                third.append(any(gold[:3]))
    print(f"first {np.mean(first):.3f}")
    print(f"in three {np.mean(third):.3f}")
    print(f"abstention AUROC {auroc(np.array(scores), np.array(truth)):.3f}")


def main() -> None:
    samples = load(Path(sys.argv[1]))
    cross_validate(samples)
    weights, chance = fit(samples)
    matching = named(NAMES, weights)
    confidence = named(("bias", *SIGNS, "share"), chance)
    print(matching, confidence, sep="\n")
    if "--write" in sys.argv:
        (DATA / "matching.json").write_text(json.dumps(matching, indent=1) + "\n", "utf-8")
        (DATA / "confidence.json").write_text(json.dumps(confidence, indent=1) + "\n", "utf-8")


def named(names: tuple[str, ...], weights: np.ndarray) -> dict[str, float]:
    return {name: round(float(w), 3) for name, w in zip(names, weights, strict=True)}


if __name__ == "__main__":
    main()
