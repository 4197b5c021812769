"""Fit the weights by which `bot.reading.central` judges who is central, on labelled stories.

    python benchmarks/train_central.py SET ... [--write] [--why STORY]

A SET is a folder with stories.jsonl, gold_reading.jsonl and gold_disputes.json. Prints the F1 of
central actors of each set, judged with weights that were fitted to the other sets, then fits to all
of them; with --write saves bot/reading/data/central.json. `--why s012` says of the actors of that
story what spoke for and against each. The fit is convex and starts at nought: the same sets give
the same weights. Needs numpy.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from reading_speed import stories

from bot.model import Claim, Story
from bot.reading import central, conflict, reader
from bot.reading.bearers import Bearer
from bot.reading.forms import key
from bot.reading.lines import Line
from bot.reading.prominence import Figures, Prominence, prominence

MODEL = Path(__file__).parents[1] / "bot" / "reading" / "data" / "central.json"
SHRINK = {"dispute": 30.0, "body": 10.0, "person": 10.0}  # strength of the ridge
STEPS = 25
Row = dict[str, Any]
Weights = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Sample:
    """A labelled story: its figures, and which of its actors are central."""

    id: str
    dispute: bool
    figures: Figures
    found: Prominence
    gold: frozenset[str]  # as the reader names them
    missed: int  # central actors that the reader does not list


def samples(folder: Path) -> list[Sample]:
    news = {story.id: story for story in stories(folder / "stories.jsonl")}
    text = (folder / "gold_reading.jsonl").read_text("utf-8")
    disputes = json.loads((folder / "gold_disputes.json").read_text("utf-8"))
    idle = set(disputes["background"])
    rows = map(json.loads, text.splitlines())
    return [sample(news[row["id"]], row, row["id"] not in idle) for row in rows]


def sample(story: Story, row: Row, dispute: bool) -> Sample:
    figures, found = judged(story)
    gold = [forms(actor) for actor in row["actors"] if actor["central"]]
    named = [*found.bodies, *found.people]
    return Sample(
        id=row["id"],
        dispute=dispute,
        figures=figures,
        found=found,
        gold=frozenset(n for n in named if any(folded(n) in forms for forms in gold)),
        missed=sum(forms.isdisjoint(map(folded, named)) for forms in gold),
    )


def judged(story: Story) -> tuple[Figures, Prominence]:
    """Return the figures by which the reader would judge a story."""
    kept: list[tuple[Figures, Prominence]] = []

    def keep(
        bearers: Mapping[str, Bearer],
        content: Sequence[Line],
        claims: Sequence[Claim],
        *,
        ahead: int,
    ) -> Mapping[str, float]:
        found = prominence(bearers, content, claims)
        bodies = len(found.bodies)
        kept.append((conflict.signs(content, claims, bodies=bodies, ahead=ahead), found))
        return dict.fromkeys(bearers, 0.0)

    with patch.object(reader, "chances", keep):
        reader.read(story)
    return kept[0]


def forms(actor: Row) -> set[str]:
    return {folded(form) for form in (actor["name"], *actor.get("also", ()))}


def folded(form: str) -> str:
    return key(form).casefold().replace("-", " ")


def fit(data: Sequence[Sample]) -> Weights:
    """Fit the three judges one after the other: a person's ties are judged as the bodies are."""
    told = [s for s in data if s.dispute]
    dispute = logistic([(s.figures, s.dispute) for s in data], SHRINK["dispute"])
    bodies = [(of, name in s.gold) for s in told for name, of in s.found.bodies.items()]
    body = logistic(bodies, SHRINK["body"])
    people = [
        (central.tied(person, chances_of(s.found.bodies, body)), name in s.gold)
        for s in told
        for name, person in s.found.people.items()
    ]
    return {"dispute": dispute, "body": body, "person": logistic(people, SHRINK["person"])}


def chances_of(bodies: Mapping[str, Figures], weights: Mapping[str, float]) -> dict[str, float]:
    return {name: central.chance(weights, of) for name, of in bodies.items()}


def logistic(rows: Iterable[tuple[Figures, bool]], shrink: float) -> dict[str, float]:
    """Logistic regression by Newton's method on standardised figures; '' is the constant."""
    rows = list(rows)
    names = sorted({name for figures, _ in rows for name in figures})
    x = np.array([[figures.get(name, 0.0) for name in names] for figures, _ in rows])
    y = np.array([truth for _, truth in rows], float)
    centre, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.hstack([np.ones((len(x), 1)), (x - centre) / scale])
    weights, penalty = np.zeros(z.shape[1]), np.r_[1e-9, np.full(len(names), shrink)]
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-z @ weights))
        bend = (z * (p * (1 - p))[:, None]).T @ z + np.diag(penalty)
        weights += np.linalg.solve(bend, z.T @ (y - p) - penalty * weights)
    slopes = weights[1:] / scale
    constant = float(weights[0] - slopes @ centre)
    return {"": round(constant, 3)} | {
        name: round(float(slope), 3) for name, slope in zip(names, slopes, strict=True)
    }


def chances(one: Sample, weights: Weights) -> dict[str, float]:
    """Return how likely each actor is central, as `central.chances` does."""
    bodies = chances_of(one.found.bodies, weights["body"])
    people = {
        name: central.chance(weights["person"], central.tied(person, bodies))
        for name, person in one.found.people.items()
    }
    dispute = central.chance(weights["dispute"], one.figures)
    return {name: dispute * worth for name, worth in (bodies | people).items()}


def f1(data: Sequence[Sample], weights: Weights) -> float:
    right = wrong = missed = 0
    for one in data:
        have = {n for n, worth in chances(one, weights).items() if worth >= central.CENTRAL}
        right += len(have & one.gold)
        wrong += len(have - one.gold)
        missed += len(one.gold - have) + one.missed
    return 2 * right / (2 * right + wrong + missed)


def explain(one: Sample, weights: Weights) -> None:
    """Print for each actor the figures with the weight each adds, the strongest first."""
    bodies = chances_of(one.found.bodies, weights["body"])
    whom = {name: (of, weights["body"]) for name, of in one.found.bodies.items()}
    for name, person in one.found.people.items():
        whom[name] = central.tied(person, bodies), weights["person"]
    told = central.chance(weights["dispute"], one.figures)
    print(f"a dispute: {told:.2f}  {_reasons(one.figures, weights['dispute'])}")
    for name, (figures, of) in whom.items():
        worth = chances(one, weights)[name]
        mark = "central" if worth >= central.CENTRAL else "       "
        print(f"{worth:.2f} {mark} {name}: {_reasons(figures, of)}")


def _reasons(figures: Figures, weights: Mapping[str, float]) -> str:
    added = {name: weights.get(name, 0.0) * worth for name, worth in figures.items() if worth}
    ranked = sorted(added.items(), key=lambda item: -abs(item[1]))
    return ", ".join(f"{name} {worth:+.1f}" for name, worth in ranked)


def main() -> None:
    cli = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    cli.add_argument("sets", type=Path, nargs="+")
    cli.add_argument("--write", action="store_true")
    cli.add_argument("--why", default="")
    args = cli.parse_args()
    data = {folder: samples(folder) for folder in args.sets}
    for folder in data if len(data) > 1 else ():
        others = fit([one for other, all_ in data.items() if other != folder for one in all_])
        print(f"{folder.name:6} by the other sets {f1(data[folder], others):.3f}")
    weights = fit([one for all_ in data.values() for one in all_])
    for folder, all_ in data.items():
        print(f"{folder.name:6} by all sets       {f1(all_, weights):.3f}")
        for one in all_:
            if one.id == args.why:
                explain(one, weights)
    if args.write:
        MODEL.write_text(json.dumps(weights, indent=1) + "\n", "utf-8")
        print(f"{MODEL} written")


if __name__ == "__main__":
    main()
