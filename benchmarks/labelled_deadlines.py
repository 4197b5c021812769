"""Labelled texts for fitting what judges deadlines: case sets, the demo, marked sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from bot.demo.stories import releases
from bot.model import Actor, DeadlineKind, Name, Sentence, Story
from bot.reading import sentences
from bot.reading.actors import find_actors
from bot.reading.dates import find_times
from bot.reading.deadlines.candidates import Candidate, candidates_in
from bot.reading.deadlines.relations import Relations
from bot.reading.names import find_names
from tests.reading import marked, test_deadlines

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "tests" / "data" / "cases" / "demo" / "gold_deadlines.jsonl"
MARKED = (*marked.FILES, "lessons.tsv")
NEAR_ENOUGH = {"week": 6, "month": 31}  # days


@dataclass(kw_only=True)
class Label:
    """A deadline as a person reads it; `who` are all forms of those who must act."""

    due: date
    kind: DeadlineKind
    text: str = ""
    precision: str = "day"
    passed: bool = False
    who: Sequence[frozenset[str]] = ()

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
    """A text's candidates, its labels, and the actors of its sentences."""

    candidates: list[Candidate]
    labels: list[Label]
    mentions: Relations
    classes: list[str | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.classes = [_class(candidate, self.labels) for candidate in self.candidates]

    def label_of(self, candidate: Candidate) -> Label | None:
        return next(iter(_here(candidate, self.labels)), None)


def _class(candidate: Candidate, labels: Sequence[Label]) -> str | None:
    """Return the class of a candidate; None where it only repeats what is labelled elsewhere."""
    here = _here(candidate, labels)
    return here[0].name if here else None if _fitting(candidate, labels) else "none"


def _fitting(candidate: Candidate, labels: Sequence[Label]) -> list[Label]:
    return [x for x in labels if x.fits(candidate.behind if x.passed else candidate.ahead)]


def _here(candidate: Candidate, labels: Sequence[Label]) -> list[Label]:
    return [x for x in _fitting(candidate, labels) if not x.text or _stands(x.text, candidate)]


def _stands(text: str, candidate: Candidate) -> bool:
    """Whether the words of a label are those of the candidate, or around it."""
    setting = candidate.setting
    at = setting.sentence.find(text)
    while at >= 0:
        if at < setting.end and at + len(text) > setting.start:
            return True
        at = setting.sentence.find(text, at + 1)
    return False


def case_set(folder: Path) -> list[Text]:
    gold = {row["id"]: row for row in _rows(folder / "gold_reading.jsonl")}
    found = []
    for row in _rows(folder / "stories.jsonl"):
        told = {k: row[k] for k in ("id", "title", "text", "source", "url")}
        story = Story(**told, published=datetime.fromisoformat(row["published"]))
        if story.id in gold:
            forms = [
                frozenset(map(plain, (a["name"], *a["also"]))) for a in gold[story.id]["actors"]
            ]
            found.append(_of_story(story, gold[story.id], forms))
    return found


def demo() -> list[Text]:
    gold = {row["id"]: row for row in _rows(DEMO)}
    return [_of_story(r.story, gold[r.story.id], ()) for r in releases() if r.story.id in gold]


def _of_story(story: Story, row: dict, known: Sequence[frozenset[str]]) -> Text:
    split = sentences.split(story)
    actors, names = find_actors(split, find_names(split), source=story.source)
    known = known or [frozenset(map(plain, (a.name, *a.also))) for a in actors]
    labels = [
        Label(
            due=date.fromisoformat(d["due"]),
            kind=d["kind"],
            text=d["text"],
            precision=d["precision"],
            passed=d.get("passed", False),
            who=[_forms(who, known) for who in d["who"]],
        )
        for d in row["deadlines"]
    ]
    return _text(story, split, names, actors, labels)


def plain(name: str) -> str:
    return name.replace("’", "'").casefold().removeprefix("the ")


def _forms(who: str, known: Sequence[frozenset[str]]) -> frozenset[str]:
    return next((forms for forms in known if plain(who) in forms), frozenset({plain(who)}))


def marked_texts() -> list[Text]:
    found = []
    for row in (row for file in MARKED for row in marked.rows(file)):
        text, names, actors = marked.unmarked(row.marked)
        story = Story(id="", title="", text=text, published=row.published, source="", url="")
        split = [s for s in sentences.split(story) if s.field == "text"]
        labels = [_marked(x.due, x.kind, sorted(x.who)) for x in row.labels]
        found.append(_text(story, split, names, actors, labels))
    return found


def _marked(due: str, kind: str, who: Sequence[str]) -> Label:
    passed = kind == "passed"
    return Label(
        due=date.fromisoformat(due),
        kind="deadline" if passed else kind,
        passed=passed,
        who=[frozenset({plain(name)}) for name in who],
    )


def pairs() -> list[Text]:
    found = []
    for sentence, wanted in test_deadlines.pairs():
        times = find_times(sentence, anchor=test_deadlines.THURSDAY)
        labels = [_marked(due, kind, ()) for due, kind, _ in wanted]
        split = test_deadlines.split(sentence)
        candidates = candidates_in(split, times, test_deadlines.THURSDAY)
        found.append(Text(candidates, labels, Relations(split, (), ())))
    return found


def _text(
    story: Story,
    split: Sequence[Sentence],
    names: Sequence[Name],
    actors: Sequence[Actor],
    labels: list[Label],
) -> Text:
    times = [
        time
        for name in ("title", "text")
        for time in find_times(getattr(story, name), anchor=story.published, field=name)
    ]
    candidates = candidates_in(split, times, story.published)
    return Text(candidates, labels, Relations(split, names, actors))


def _rows(path: Path) -> Iterator[dict]:
    return map(json.loads, path.read_text("utf-8").splitlines())
