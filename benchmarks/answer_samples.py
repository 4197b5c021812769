"""Questions with the sentences that may answer them: of public articles, and of sets of cases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot import jsonlines, verbs
from bot.model import Entry, Question, Story
from bot.reading.reader import read
from bot.retelling.rewriting import dated
from bot.summarizer.matching import Match
from bot.summarizer.questions import Asked, asked
from bot.summarizer.retrieval import search
from bot.summarizer.terms import fold

ROOT = Path(__file__).parents[1]
TOP = 30  # sentences of a public article that are ranked anew
PUBLISHED = datetime(2020, 12, 7, 12, tzinfo=UTC)


@dataclass
class Sample:
    """A question with the sentences that may answer it, and which of them are gold."""

    group: str  # article or set, left out together
    ask: Asked
    matches: list[Match]
    gold: list[bool]
    answerable: bool
    wanted: int = 1  # gold sentences


def public(path: Path) -> list[Sample]:
    """The questions of SQuAD 2.0, each to all paragraphs of its article."""
    rows = _rows(path)
    articles = json.loads((path.parent / "articles.json").read_text("utf-8"))
    names = list(dict.fromkeys(row["article"] for row in rows))
    stories = {name: _stories(name, articles[name]) for name in names}
    return [_public(row, stories[row["article"]], articles[row["article"]]) for row in rows]


def _public(row: dict, stories: list[Entry], paragraphs: list[list[str]]) -> Sample:
    question = Question(text=row["question"], asked=PUBLISHED)
    matches = search(question, stories, None)[:TOP]
    return Sample(
        group=row["article"],
        ask=asked(row["question"]),
        matches=matches,
        gold=[_is_gold(match, row, paragraphs) for match in matches],
        answerable=not row["impossible"],
        wanted=len(row["gold_sents"]) or 1,
    )


def _stories(name: str, paragraphs: list[list[str]]) -> list[Entry]:
    """One story a paragraph, as `score_public.py qa` has it."""
    found = []
    for k, sentences in enumerate(paragraphs):
        story = Story(
            id=f"{name}/{k}", title=name.replace("_", " "), text=" ".join(sentences),
            published=PUBLISHED, source="bench", url="",
        )  # fmt: skip
        found.append(Entry(story=story, reading=read(story)))
    return found


def _is_gold(match: Match, row: dict, paragraphs: list[list[str]]) -> bool:
    text = _text(match)
    for paragraph, sentence in row["gold_sents"]:
        gold = paragraphs[paragraph][sentence].strip()
        if match.entry.story.id.endswith(f"/{paragraph}") and (
            gold[:60] in text or text.strip()[:60] in gold
        ):
            return True
    return False


def cases(folder: Path) -> Iterator[Sample]:
    """The questions of a set of cases, each to the stories of its dispute."""
    disputes = json.loads((folder / "gold_disputes.json").read_text("utf-8"))["disputes"]
    first = {dispute["key"]: dispute["stories"][0] for dispute in disputes}
    rows = _rows(folder / "questions.jsonl")
    for row in rows:
        row["about"] = first.get(row["dispute"])
    yield from _asked(folder.name, folder / "stories.jsonl", rows)


def demo() -> Iterator[Sample]:
    """The questions to the demo's stories."""
    rows = _rows(ROOT / "tests" / "data" / "summarizer" / "demo_questions.jsonl")
    for row in rows:
        row["answers"] = row["expected"] or []
    yield from _asked("demo", ROOT / "bot" / "demo" / "stories.jsonl", rows)


def _asked(group: str, stories: Path, rows: list[dict]) -> Iterator[Sample]:
    found = verbs.gathered(jsonlines.stories(str(stories)))
    for row in rows:
        dispute, entries = next(
            (pair for pair in found.disputes if row["about"] in pair[0].stories), (None, ())
        )
        if dispute is None:
            continue
        question = Question(text=row["question"], asked=dispute.as_of, dispute=dispute)
        matches = search(question, entries, dispute)
        gold = [_says(match, row) for match in matches]
        yield Sample(group, asked(row["question"]), matches, gold, bool(row["answers"]))


def _says(match: Match, row: dict) -> bool:
    """Whether a sentence is the evidence that was marked, or has an answer, dates written out."""
    marked = _plain(row.get("evidence_sentence") or "")
    own = _plain(_text(match))
    if marked and (own[:50] in marked or marked[:50] in own):
        return True
    told = f" {own} {_plain(dated(match.entry, match.index))} "
    near = not row.get("evidence") or match.entry.story.id in row["evidence"]
    wanted = [_plain(answer) for answer in row["answers"]]
    return any(
        f" {words} " in told for words in wanted if len(words) > (2 if near else 4)
    )  # a short one, 'no' or '10', says nothing by itself


def _plain(text: str) -> str:
    return re.sub(r"[^\w%$€£]+", " ", fold(text)).strip()


def _text(match: Match) -> str:
    return match.entry.reading.sentences[match.index].text


def _rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
