"""Fit the weights by which deadlines are judged, on labelled stories and sentences.

    python benchmarks/train_deadlines.py CASES... [--write]

CASES are folders with ``stories.jsonl`` and ``gold_reading.jsonl``; the labelled texts of
``tests/data`` are used as well. Prints, for each folder, precision, recall, F1 and kind of a judge
fitted on everything else. With --write the judge fitted on everything is saved as
``bot/reading/data/deadlines_judge.json``. Needs numpy; there is no chance in it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import numpy as np

from bot.demo.stories import releases
from bot.model import Story
from bot.reading import sentences
from bot.reading.dates import find_times
from bot.reading.deadlines import judging
from bot.reading.deadlines.candidates import Candidate, candidates_in, repeated_days
from bot.reading.deadlines.features import features_of
from bot.reading.deadlines.judging import CLASSES, judge

ROOT = Path(__file__).parents[1]
DATA = ROOT / "bot" / "reading" / "data" / "deadlines_judge.json"
TEXTS = ROOT / "tests" / "data" / "reading"
MARKED = ("newswire.tsv", "disputes.tsv", "wires.tsv", "desks.tsv", "lessons.tsv")
OFTEN = 5  # candidates that must have a feature
PENALTY = 3.0  # of squared weights: the inverse of C
ROUNDS = 600
SMALLEST = 0.02  # weight that is kept
NEAR_ENOUGH = {"week": 6, "month": 31}  # days


@dataclass(kw_only=True)
class Label:
    """A deadline as a person reads it."""

    due: date
    kind: str
    text: str = ""
    precision: str = "day"
    passed: bool = False

    @property
    def name(self) -> str:
        return "passed" if self.passed else self.kind

    def fits(self, day: date | None) -> bool:
        if day is None:
            return False
        if self.precision == "year":
            return day.year == self.due.year
        return abs((day - self.due).days) <= NEAR_ENOUGH.get(self.precision, 0)


@dataclass
class Text:
    """A text's candidates with their features, and its labels."""

    candidates: list[Candidate]
    labels: list[Label]
    features: list[list[str]] = field(default_factory=list)
    repeated: frozenset[date] = frozenset()


def text_of(story: Story, labels: list[Label], fields: str = "title text") -> Text:
    times = [
        time
        for name in fields.split()
        for time in find_times(getattr(story, name), anchor=story.published, field=name)
    ]
    split = [s for s in sentences.split(story) if s.field in fields]
    found = candidates_in(split, times, story.published)
    repeated = repeated_days(found)
    return Text(found, labels, [features_of(c, repeated) for c in found], repeated)


def rows(path: Path) -> Iterator[dict]:
    return map(json.loads, path.read_text("utf-8").splitlines())


def labels_of(row: dict) -> list[Label]:
    return [
        Label(
            due=date.fromisoformat(d["due"]), kind=d["kind"], text=d["text"],
            precision=d["precision"], passed=d.get("passed", False),
        )
        for d in row["deadlines"]
    ]  # fmt: skip


def case_set(folder: Path) -> list[Text]:
    gold = {row["id"]: labels_of(row) for row in rows(folder / "gold_reading.jsonl")}
    found = []
    for row in rows(folder / "stories.jsonl"):
        told = {k: row[k] for k in ("id", "title", "text", "source", "url")}
        story = Story(**told, published=datetime.fromisoformat(row["published"]))
        if story.id in gold:
            found.append(text_of(story, gold[story.id]))
    return found


def demo() -> list[Text]:
    path = ROOT / "tests" / "data" / "cases" / "demo" / "gold_deadlines.jsonl"
    gold = {row["id"]: labels_of(row) for row in rows(path)}
    return [text_of(r.story, gold[r.story.id]) for r in releases() if r.story.id in gold]


def sentences_in(path: Path) -> list[Text]:
    found = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        day, marked, wanted = line.split("\t")
        parts = (w.split() for w in wanted.removeprefix("~").split(";") if w.strip())
        labels = [
            Label(due=date.fromisoformat(due), kind=kind, passed=kind == "passed")
            for due, kind, *_ in parts
        ]
        published = datetime.fromisoformat(f"{day}T12:00:00+00:00")
        text = plain(marked)
        story = Story(id="s", title="", text=text, published=published, source="", url="")
        found.append(text_of(story, labels, "text"))
    return found


def plain(marked: str) -> str:
    """Return a text without the marks of its actors: '[Full Name=form]' is read 'form'."""
    out = ""
    for part in marked.replace("{", "[").replace("<", "[").split("["):
        head, mark, rest = part.replace("}", "]").replace(">", "]").partition("]")
        out += (head.rpartition("=")[2] + rest) if mark else part
    return out


def classes(text: Text) -> list[str | None]:
    """Return the class of each candidate; None where it only repeats what is labelled elsewhere."""
    return [_class(candidate, text.labels) for candidate in text.candidates]


def _class(candidate: Candidate, labels: Sequence[Label]) -> str | None:
    fitting = [x for x in labels if x.fits(candidate.behind if x.passed else candidate.ahead)]
    here = [x for x in fitting if not x.text or _stands(x.text, candidate)]
    return here[0].name if here else None if fitting else "none"


def _stands(text: str, candidate: Candidate) -> bool:
    """Whether the words of a label are those of the candidate, or around it."""
    setting = candidate.setting
    at = setting.sentence.find(text)
    while at >= 0:
        if at < setting.end and at + len(text) > setting.start:
            return True
        at = setting.sentence.find(text, at + 1)
    return False


def fitted(texts: Iterable[Text]) -> dict[str, list[float]]:
    """Return the weights of a multinomial logistic regression with a quadratic penalty."""
    pairs = [
        (names, CLASSES.index(name))
        for text in texts
        for names, name in zip(text.features, classes(text), strict=True)
        if name
    ]
    counts = Counter(name for names, _ in pairs for name in names)
    columns = {name: i for i, name in enumerate(sorted(n for n in counts if counts[n] >= OFTEN))}
    x = np.zeros((len(pairs), len(columns)))
    y = np.zeros((len(pairs), len(CLASSES)))
    for row, (names, wanted) in enumerate(pairs):
        x[row, [columns[name] for name in names if name in columns]] = 1
        y[row, wanted] = 1
    weights = _descended(x, y)
    return {
        name: [round(float(w), 3) for w in weights[i]]
        for name, i in columns.items()
        if abs(weights[i]).max() >= SMALLEST
    }


def _descended(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Accelerated gradient descent, with a step that is safe for this loss."""
    step = 1 / (PENALTY + 0.5 * np.linalg.norm(x, 2) ** 2)
    weights = ahead = np.zeros((x.shape[1], y.shape[1]))
    pace = 1.0
    for _ in range(ROUNDS):
        sums = x @ ahead
        likely = np.exp(sums - sums.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        new = ahead - step * (x.T @ (likely - y) + PENALTY * ahead)
        faster = (1 + np.sqrt(1 + 4 * pace**2)) / 2
        ahead, weights, pace = new + (pace - 1) / faster * (new - weights), new, faster
    return weights


def figures(texts: Sequence[Text], table: dict[str, list[float]]) -> str:
    judging.weights = lambda: table  # type: ignore[assignment]
    right = kinds = wrong = missed = 0
    for text in texts:
        verdicts = [judge(c, text.repeated) for c in text.candidates]
        found = {v.due: v for v in sorted(filter(None, verdicts), key=lambda v: v.sure)}
        left = list(text.labels)
        for due, verdict in found.items():
            label = next((x for x in left if x.fits(due)), None)
            if label:
                left.remove(label)
                right, kinds = right + 1, kinds + (verdict.kind == label.kind or label.passed)
            else:
                wrong += not any(x.fits(due) for x in text.labels)
        missed += sum(not any(x.fits(due) for due in found) for x in left)
    precision, recall = right / (right + wrong), right / (right + missed)
    f1 = 2 * precision * recall / (precision + recall)
    return f"{precision:.3f} {recall:.3f} {f1:.3f} kind {kinds / right:.3f}"


def main() -> None:
    folders = [Path(arg) for arg in sys.argv[1:] if not arg.startswith("--")]
    sets = {str(f): case_set(f) for f in folders} | {"demo": demo()}
    own = [text for name in (*MARKED, "deadlines.tsv") for text in sentences_in(TEXTS / name)]
    for name, texts in sets.items():
        others = [t for other, ts in sets.items() if other != name for t in ts]
        print(name, figures(texts, fitted([*others, *own])), flush=True)
    if "--write" in sys.argv:
        table = fitted([*own, *(text for texts in sets.values() for text in texts)])
        lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in table.items())
        DATA.write_text(f"{{\n{lines}\n}}\n", "utf-8")
        print(len(table), "features")


if __name__ == "__main__":
    main()
