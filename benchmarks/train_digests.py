"""Fit the weights by which a digest chooses its sentences.

    python benchmarks/train_digests.py disputes SET SET … [--write]
    python benchmarks/train_digests.py summaries SHARED/bench/summ/neus_val.jsonl [--write]

`disputes` fits ``salience.json``: each SET is a folder with ``stories.jsonl`` and the facts that a
digest ought to tell in ``gold_disputes.json``. A candidate's target is the number of facts that it
tells. Prints the facts told on each set by weights fitted to the other sets, then fits on all.

`summaries` fits ``relevance.json`` to written summaries of stories on one event (NeuS): the target
of a sentence is the mean of its ROUGE-1 and ROUGE-2 F1. Prints the figures of each fifth of the
summaries by weights fitted on the other four. Needs numpy, and `summaries` rouge-score.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import numpy as np

from bot import jsonlines, verbs
from bot.disputes.tracking import track
from bot.model import Brief, Draft, Entry, Role, Story
from bot.reading.reader import read
from bot.summarizer import lexicon
from bot.summarizer.candidates import candidates
from bot.summarizer.extractive import ExtractiveSummarizer
from bot.summarizer.salience import signs
from bot.summarizer.weighing import Place, profile, relevance_signs
from bot.summarizer.writing import write

DATA = Path(__file__).parents[1] / "bot" / "summarizer" / "data"
PUBLISHED = datetime(2020, 12, 7, 12, tzinfo=UTC)
SHRINK = {"salience": 100.0, "relevance": 1000.0}
MOST_FACTS = 3  # of a pair of sentences; more is chance
FOLDS = 5


def fold(text: str) -> str:
    """`text` as words without case, accents and hyphens, so that ways to write a fact compare."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[\w%$€£]+(?:[.,]\d+)*", bare))


def is_told(fact: dict, text: str) -> bool:
    """Whether `text`, folded, mentions one of each group of what the fact must mention."""
    return all(any(fold(way) in text for way in group) for group in fact["must_mention"])


@dataclass
class Disputed:
    """A dispute with the facts its digest ought to tell; `x` and `y` are its candidates'."""

    facts: list[dict]
    brief: Brief | None
    x: list[dict[str, float]]
    y: list[float]


def disputes(folder: Path) -> list[Disputed]:
    """The disputes of a set as the program gathers them; one it does not find has no brief."""
    found = verbs.gathered(jsonlines.stories(str(folder / "stories.jsonl"))).disputes
    rows = json.loads((folder / "gold_disputes.json").read_text("utf-8"))["disputes"]
    return [_disputed(row, found) for row in rows]


def _disputed(row: dict, found: tuple) -> Disputed:
    best = max(found, key=lambda pair: len(set(pair[0].stories) & set(row["stories"])))
    if not set(best[0].stories) & set(row["stories"]):
        return Disputed(row["key_facts"], None, [], [])
    brief = Brief(dispute=best[0], entries=best[1])
    sentences = candidates(brief, brief.entries)
    known = fold(" ".join([brief.dispute.title, *brief.dispute.parties]))
    told = [fold(" ".join(c.texts)) for c in sentences]
    y = [float(min(MOST_FACTS, _count(row["key_facts"], text, known))) for text in told]
    return Disputed(row["key_facts"], brief, list(signs(brief, brief.entries, sentences)), y)


def _count(facts: list[dict], text: str, known: str) -> int:
    """Facts that `text` tells beside what the title and the tags say."""
    return sum(
        is_told(fact, f"{known} {text}")
        and any(fold(way) in text for group in fact["must_mention"] for way in group)
        for fact in facts
    )


def ridge(x: list[dict[str, float]], y: list[float], shrink: float) -> dict[str, float]:
    """Least squares with standardised signs; "bias" is not shrunk."""
    names = [name for name in x[0] if name != "bias"]
    table, target = np.array([[row[name] for name in names] for row in x]), np.array(y)
    centre, scale = table.mean(axis=0), table.std(axis=0) + 1e-9
    z = (table - centre) / scale
    slopes = np.linalg.solve(z.T @ z + shrink * np.eye(len(names)), z.T @ (target - target.mean()))
    slopes /= scale
    weights = {"bias": float(target.mean() - slopes @ centre)}
    weights |= dict(zip(names, map(float, slopes), strict=True))
    return {name: round(weight, 3) for name, weight in weights.items()}


def digested(brief: Brief, name: str, weights: dict[str, float]) -> Draft:
    """The digest by other weights than those of the file `name`."""
    stored = lexicon.weights
    with patch.object(lexicon, "weights", lambda of: weights if of == name else stored(of)):
        return asyncio.run(write(ExtractiveSummarizer(), brief))


def told(found: list[Disputed], weights: dict[str, float]) -> int:
    return sum(_told(each, weights) for each in found if each.brief is not None)


def _told(each: Disputed, weights: dict[str, float]) -> int:
    draft = digested(each.brief, "salience", weights)
    known = [each.brief.dispute.title, *each.brief.dispute.parties]
    text = fold(" ".join([*known, *(s.text for s in draft.sentences)]))
    return sum(is_told(fact, text) for fact in each.facts)


def fit_disputes(found: list[Disputed]) -> dict[str, float]:
    x = [row for each in found for row in each.x]
    return ridge(x, [value for each in found for value in each.y], SHRINK["salience"])


def train_disputes(folders: list[Path]) -> dict[str, float]:
    sets = {folder.name: disputes(folder) for folder in folders}
    everything = fit_disputes([each for found in sets.values() for each in found])
    for name, found in sets.items():
        others = fit_disputes([e for key, rest in sets.items() if key != name for e in rest])
        facts = sum(len(each.facts) for each in found)
        print(f"{name}: {told(found, others)} of {facts} facts by the other sets' weights,"
              f" {told(found, everything)} by all")  # fmt: skip
    return everything


# ---------------------------------------------------------------- summaries


@dataclass
class Summed:
    """Stories on one event with a written summary."""

    brief: Brief
    summary: str
    x: list[dict[str, float]]
    y: list[float]


def summed(row: dict, scorer: object) -> Summed:
    members = [_entry(f"{row['id']}-{k}", doc) for k, doc in enumerate(row["docs"])]
    brief = Brief(dispute=track(row["id"], members, as_of=PUBLISHED), entries=tuple(members))
    copies = {copy for copy, _ in brief.dispute.copies}
    originals = [entry for entry in members if entry.story.id not in copies]
    common, x, y = profile(originals, course=False), [], []
    for c in candidates(brief, brief.entries):
        if len(c.texts) == 1:
            sentences = originals[c.order[0]].reading.sentences
            body = [i for i, s in enumerate(sentences) if s.role is Role.BODY]
            number = body.index(c.order[1])
            place = Place(c.order[0], number, len(body) - 1 - number)
            x.append({"bias": 1.0, **relevance_signs(c.terms, c.words, place, common)})
            score = scorer.score(row["ref"], c.texts[0])
            y.append((score["rouge1"].fmeasure + score["rouge2"].fmeasure) / 2)
    return Summed(brief, row["ref"], x, y)


def _entry(id_: str, doc: dict) -> Entry:
    story = Story(id=id_, title=doc["title"], text=doc["text"], published=PUBLISHED,
                  source="bench", url=f"https://bench.example/{id_}")  # fmt: skip
    return Entry(story=story, reading=read(story))


def fit_summaries(found: list[Summed]) -> dict[str, float]:
    x = [row for each in found for row in each.x]
    weights = ridge(x, [value for each in found for value in each.y], SHRINK["relevance"])
    floor = -weights.pop("bias")
    return {**weights, "floor": floor, "redundancy": 1.0}


def train_summaries(path: Path) -> dict[str, float]:
    from rouge_score import rouge_scorer

    kinds = ["rouge1", "rouge2", "rougeLsum"]
    scorer = rouge_scorer.RougeScorer(kinds, use_stemmer=True)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    found = [summed(row, scorer) for row in rows]
    scores = []
    for k in range(FOLDS):
        weights = fit_summaries([each for i, each in enumerate(found) if i % FOLDS != k])
        for each in found[k::FOLDS]:
            draft = digested(each.brief, "relevance", weights)
            score = scorer.score(each.summary, "\n".join(s.text for s in draft.sentences))
            scores.append([*(100 * score[kind].fmeasure for kind in kinds), draft.words])
    print("ROUGE-1/2/Lsum, words:", *(f"{mean:.1f}" for mean in np.mean(scores, axis=0)))
    return fit_summaries(found)


def main() -> None:
    task, *given = [word for word in sys.argv[1:] if word != "--write"]
    paths = [Path(word) for word in given]
    name = "salience" if task == "disputes" else "relevance"
    weights = train_disputes(paths) if task == "disputes" else train_summaries(paths[0])
    print(weights)
    if "--write" in sys.argv:
        (DATA / f"{name}.json").write_text(json.dumps(weights, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
