"""Fit the weights by which answers are ranked and refused.

    python -m benchmarks.train_answers SHARED/bench/qa/squad2_dev_a.jsonl SET… [--write]

Ranking learns from public questions (SQuAD 2.0 development set, CC BY-SA 4.0; nothing of it is kept
but the weights), from the questions of the SETs of cases and from those to the demo, each of the
two kinds with half of the weight. Refusing learns from the questions about disputes alone, the
confidence from the public ones alone. Prints the figures of a cross-validation, each article and
each set answered with weights fitted on the others; then fits on all, and with --write saves
``bot/summarizer/data/{matching,confidence,refusing}.json``. Needs numpy.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.answer_samples import ROOT, Sample, cases, demo, public
from bot.summarizer.deciding import best_first, signs
from bot.summarizer.matching import Match

# Features that say something of the question alone, or are the sum of others, are left to refusing.
NOT_RANKING = ("missing", "terms", "asks_not", "unheard", "denies")
# What tells that the best sentence is no answer. Chosen from all features by leaving one out after
# another as long as the cross-validated AUROC rose, so that this figure is a little too good.
SIGNS = (
    "soft", "before", "often", "fits", "close", "focus", "nowhere", "names_near", "negated",
    "denies", "asks_not", "story", "terms",
)  # fmt: skip
REFUSING = ("score", "supported", "has_focus", "names_asked", "asks_not", "unheard")
SHRINK = 0.01  # of the weights of the ranking, per standard deviation of a feature
DATA = ROOT / "bot" / "summarizer" / "data"


class Fitted(NamedTuple):
    """All weights by name."""

    matching: dict[str, float]
    confidence: dict[str, float]
    refusing: dict[str, float]


def fit(publics: Sequence[Sample], asked: Sequence[Sample]) -> Fitted:
    matching = fit_ranking([publics, asked])
    x = np.array([evidence(s, matching) for s in publics])
    confidence = fit_logistic(x, truth(publics))
    y = np.array([doubts(s, matching) for s in asked])
    refusing = fit_logistic(y, truth(asked), shrink=10.0)
    return Fitted(
        matching,
        _named(("bias", *SIGNS, "share"), confidence),
        _named(("bias", *REFUSING), refusing),
    )


def truth(samples: Sequence[Sample]) -> np.ndarray:
    return np.array([float(s.answerable) for s in samples])


def vector(match: Match, names: Sequence[str]) -> np.ndarray:
    return np.array([match.features[name] for name in names])


def fit_ranking(groups: Sequence[Sequence[Sample]], steps: int = 250) -> dict[str, float]:
    """Listwise softmax, by Adam: the gold sentences against the other candidates of a question."""
    useful = [[s for s in group if s.answerable and any(s.gold)] for group in groups]
    useful = [group for group in useful if group]
    names = [n for n in useful[0][0].matches[0].features if n not in NOT_RANKING]
    sets = [
        (np.array([vector(m, names) for m in s.matches]), np.array(s.gold, float), 1 / len(group))
        for group in useful
        for s in group
    ]
    scale = np.minimum(1 / (np.vstack([x for x, _, _ in sets]).std(axis=0) + 1e-6), 8.0)
    sets = [(x * scale, gold, share) for x, gold, share in sets]
    weights, mean, square = (np.zeros(len(names)) for _ in range(3))
    for step in range(1, steps + 1):
        slope = sum(share * _slope(x, gold, weights) for x, gold, share in sets)
        slope = slope - SHRINK * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        rate = 0.05 if step < 0.7 * steps else 0.012
        weights += rate * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return _named(names, weights * scale)


def _slope(x: np.ndarray, gold: np.ndarray, weights: np.ndarray) -> np.ndarray:
    p = np.exp((s := x @ weights) - s.max())
    p /= p.sum()
    q = p * gold / max(1e-9, float((p * gold).sum()))
    return x.T @ (q - p)


def fit_logistic(x: np.ndarray, y: np.ndarray, shrink: float = 20.0) -> np.ndarray:
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


def ranked(sample: Sample, weights: dict[str, float]) -> tuple[list[Match], list[bool]]:
    """The sample's matches by `weights`, best first, with what is gold."""
    scores = [sum(w * m.features[n] for n, w in weights.items()) for m in sample.matches]
    order = np.argsort(-np.array(scores), kind="stable")
    matches = [replace(sample.matches[i], score=scores[i]) for i in order]
    return matches, [sample.gold[i] for i in order]


def evidence(sample: Sample, weights: dict[str, float]) -> np.ndarray:
    """The signs of the best match, and its share of the ranking's trust, as `confidence` has it."""
    matches, _ = ranked(sample, weights)
    if not matches:
        return np.zeros(len(SIGNS) + 1)
    scores = np.array([m.score for m in matches])
    return np.r_[vector(matches[0], SIGNS), 1 / np.exp(scores - scores[0]).sum()]


def doubts(sample: Sample, weights: dict[str, float]) -> np.ndarray:
    """What `answers` goes by, of the match that is told first."""
    matches = best_first(sample.ask, ranked(sample, weights)[0])
    if not matches:
        return np.zeros(len(REFUSING))
    known = signs(sample.ask, matches[0])
    return np.array([known[name] for name in REFUSING])


def auroc(scores: np.ndarray, truth: np.ndarray) -> float:
    order = scores.argsort().argsort() + 1
    positives = truth.sum()
    wins = order[truth == 1].sum() - positives * (positives + 1) / 2
    return float(wins / (positives * (len(truth) - positives)))


def validate_public(publics: Sequence[Sample], asked: Sequence[Sample]) -> None:
    first, third, scores = [], [], []
    for article in dict.fromkeys(s.group for s in publics):
        fitted = fit([s for s in publics if s.group != article], asked)
        chance = np.array(list(fitted.confidence.values()))
        for sample in (s for s in publics if s.group == article):
            scores.append((np.r_[1.0, evidence(sample, fitted.matching)] @ chance, sample))
            if sample.answerable:
                gold = ranked(sample, fitted.matching)[1]
                first.append(any(gold[: sample.wanted]))
                third.append(any(gold[:3]))
    known, samples = zip(*scores, strict=True)
    print(f"public: first {np.mean(first):.3f} in three {np.mean(third):.3f}", end=" ")
    print(f"abstention AUROC {auroc(np.array(known), truth(samples)):.3f}")


def validate_sets(publics: Sequence[Sample], asked: Sequence[Sample]) -> None:
    for group in dict.fromkeys(s.group for s in asked):
        fitted = fit(publics, [s for s in asked if s.group != group])
        own = [s for s in asked if s.group == group]
        chance = np.array(list(fitted.refusing.values()))
        told = np.array([np.r_[1.0, doubts(s, fitted.matching)] @ chance >= 0 for s in own])
        golds = [ranked(s, fitted.matching)[1] for s in own]
        yes = truth(own) == 1
        first, second = (
            [any(g[:k]) for g, s in zip(golds, own, strict=True) if s.answerable] for k in (1, 2)
        )
        print(f"{group}: first {np.mean(first):.3f} in two {np.mean(second):.3f}", end=" ")
        print(f"told {told[yes].mean():.3f} refused {1 - told[~yes].mean():.3f}")


def main() -> None:
    squad, *folders = [Path(word) for word in sys.argv[1:] if word != "--write"]
    publics = public(squad)
    asked = [*demo(), *(sample for folder in folders for sample in cases(folder))]
    validate_sets(publics, asked)
    validate_public(publics, asked)
    fitted = fit(publics, asked)
    for name, weights in fitted._asdict().items():
        print(name, weights)
        if "--write" in sys.argv:
            (DATA / f"{name}.json").write_text(json.dumps(weights, indent=1) + "\n", "utf-8")


def _named(names: Sequence[str], weights: np.ndarray) -> dict[str, float]:
    return {name: round(float(w), 3) for name, w in zip(names, weights, strict=True)}


if __name__ == "__main__":
    main()
