"""Fit the weights by which deadlines are judged, and by which it is told who must act.

    python -m benchmarks.train_deadlines CASES... [--write]

CASES are folders with ``stories.jsonl`` and ``gold_reading.jsonl``; the labelled texts of
``tests/data`` are used as well. Prints, for each folder, precision, recall, F1, kind and who of
weights fitted on everything else (who: of the labelled deadlines, those for which one who must act
is named). With --write nothing is measured, and weights fitted on everything are saved as
``bot/reading/data/deadlines_{judge,duties}.json``. Needs numpy; there is no chance in it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.labelled_deadlines import (
    ROOT,
    Label,
    Text,
    case_set,
    demo,
    marked_texts,
    pairs,
    plain,
)
from bot.reading.deadlines.acts import governing
from bot.reading.deadlines.candidates import Candidate, repeated_days
from bot.reading.deadlines.duties import choices_of, with_body
from bot.reading.deadlines.duty import Duty, Names
from bot.reading.deadlines.features import features_of
from bot.reading.deadlines.judging import CLASSES, judge
from bot.reading.deadlines.wording import is_of_a_thing

DATA = ROOT / "bot" / "reading" / "data"
OFTEN, OFTEN_TIES = 5, 3  # times a feature must be seen
PENALTY, PENALTY_TIES = 3.0, 20.0  # of squared weights
ROUNDS = 600
SMALLEST = 0.02  # weight that is kept
Loss = Callable[[np.ndarray], np.ndarray]


def descended(slope: Loss, shape: tuple[int, ...], steepest: float, penalty: float) -> np.ndarray:
    """Accelerated gradient descent; `steepest` bounds how fast the `slope` of the loss changes."""
    step = 1 / (penalty + steepest)
    weights = ahead = np.zeros(shape)
    pace = 1.0
    for _ in range(ROUNDS):
        new = ahead - step * (slope(ahead) + penalty * ahead)
        faster = (1 + np.sqrt(1 + 4 * pace**2)) / 2
        ahead, weights, pace = new + (pace - 1) / faster * (new - weights), new, faster
    return weights


def columns_of(rows: Iterable[Sequence[str]], often: int) -> dict[str, int]:
    counts = Counter(name for row in rows for name in set(row))
    return {name: i for i, name in enumerate(sorted(n for n in counts if counts[n] >= often))}


def matrix(rows: Sequence[Sequence[str]], columns: Mapping[str, int]) -> np.ndarray:
    x = np.zeros((len(rows), len(columns)))
    for i, row in enumerate(rows):
        x[i, [columns[name] for name in row if name in columns]] = 1
    return x


# ---------------------------------------------------------------- which dates


def fitted_judge(texts: Iterable[Text]) -> dict[str, list[float]]:
    """Return the weights of a multinomial logistic regression."""
    seen = [pair for text in texts for pair in _judged(text)]
    columns = columns_of((names for names, _ in seen), OFTEN)
    x = matrix([names for names, _ in seen], columns)
    y = np.eye(len(CLASSES))[[CLASSES.index(name) for _, name in seen]]

    def slope(weights: np.ndarray) -> np.ndarray:
        sums = x @ weights
        likely = np.exp(sums - sums.max(axis=1, keepdims=True))
        return x.T @ (likely / likely.sum(axis=1, keepdims=True) - y)

    steepest = 0.5 * np.linalg.norm(x, 2) ** 2
    weights = descended(slope, (len(columns), len(CLASSES)), steepest, PENALTY)
    return {
        name: [round(float(w), 3) for w in weights[i]]
        for name, i in columns.items()
        if abs(weights[i]).max() >= SMALLEST
    }


def _judged(text: Text) -> Iterator[tuple[list[str], str]]:
    repeated = repeated_days(text.candidates)
    for candidate, name in zip(text.candidates, text.classes, strict=True):
        if name:
            yield features_of(candidate, repeated), name


def figures(texts: Sequence[Text], table: dict[str, list[float]]) -> str:
    right = kinds = wrong = missed = 0
    for text in texts:
        repeated = repeated_days(text.candidates)
        verdicts = filter(None, (judge(c, repeated, table) for c in text.candidates))
        found = {v.due: v for v in sorted(verdicts, key=lambda v: v.sure)}
        left = list(text.labels)
        for due, verdict in found.items():
            label = next((x for x in left if x.fits(due)), None)
            if label:
                left.remove(label)
                right, kinds = right + 1, kinds + (verdict.kind == label.kind)
            else:
                wrong += not any(x.fits(due) for x in text.labels)
        missed += sum(not any(x.fits(due) for due in found) for x in left)
    precision, recall = right / (right + wrong), right / (right + missed)
    f1 = 2 * precision * recall / (precision + recall)
    return f"{precision:.3f} {recall:.3f} {f1:.3f} kind {kinds / right:.3f}"


# ---------------------------------------------------------------- who must act

# Features of each choice, how right it is (2: it names all who must act), whether anybody must.
Choice = tuple[list[list[str]], list[int], bool]


def choices(texts: Iterable[Text]) -> list[Choice]:
    """Return the choices of each labelled deadline."""
    return [choice for text in texts for choice in _choices(text)]


def _choices(text: Text) -> Iterator[Choice]:
    last: tuple[Candidate, Label] | None = None
    for candidate in text.candidates:
        label = text.label_of(candidate)
        if label is None:
            continue
        duty = _duty(text, candidate, label, _bound(candidate, last))
        last = candidate, label
        table = choices_of(duty)
        right = [_how_right(duty, who, label) for who in table]
        yield list(table.values()), right, bool(label.who)


def _bound(candidate: Candidate, last: tuple[Candidate, Label] | None) -> Names:
    """Return those whom the sentence right before gave a deadline."""
    if last is None or last[1].kind != "deadline":
        return ()
    one, two = last[0].spoken.sentence, candidate.spoken.sentence
    near = one.field == two.field and 0 <= two.start - one.end <= len("  ")
    return tuple(min(forms) for forms in last[1].who) if near else ()


def _duty(text: Text, candidate: Candidate, label: Label, bound: Names) -> Duty:
    act = governing(candidate.setting)
    words = text.mentions.words_of(candidate.spoken.sentence)
    of_a_thing = label.kind == "deadline" and is_of_a_thing(candidate.setting, act, words)
    return Duty(candidate, label.kind, text.mentions, act, bound, of_a_thing)


def _best(rights: Sequence[int]) -> list[int]:
    """Return the choices that are as right as any is."""
    return [int(right == max(rights) > 0) for right in rights]


def _how_right(duty: Duty, who: Names, label: Label) -> int:
    """Return 1 where a choice is one of those who must act, 2 where it names several of them."""
    if not label.who or not who:
        return int(bool(label.who) == bool(who))
    named = [plain(name) for name in (with_body(duty, who) if len(who) == 1 else who)]
    meant = [any(name in forms for forms in label.who) for name in named]
    return int(any(meant)) if len(who) == 1 else 2 * all(meant)


def fitted_duties(seen: Sequence[Choice]) -> dict[str, float]:
    """Return the weights of a conditional logistic regression."""
    seen = [(rows, _best(table_rights), owed) for rows, table_rights, owed in seen]
    seen = [choice for choice in seen if any(choice[1])]
    rows = [row for features, _, _ in seen for row in features]
    columns = columns_of(rows, OFTEN_TIES)
    x = matrix(rows, columns)
    right = np.array([is_right for _, rights, _ in seen for is_right in rights])
    sizes = [len(features) for features, _, _ in seen]
    group = np.repeat(np.arange(len(seen)), sizes)

    def slope(weights: np.ndarray) -> np.ndarray:
        raised = np.exp(x @ weights)
        likely = raised / np.bincount(group, raised)[group]
        wanted = raised * right / np.bincount(group, raised * right)[group]
        return x.T @ (likely - wanted)

    steepest = 0.5 * np.linalg.norm(x, 2) ** 2
    weights = descended(slope, (len(columns),), steepest, PENALTY_TIES)
    return {
        name: round(float(weights[i]), 3)
        for name, i in columns.items()
        if abs(weights[i]) >= SMALLEST
    }


def who_figure(seen: Sequence[Choice], table: Mapping[str, float]) -> str:
    owed = [choice for choice in seen if choice[2]]
    right = 0
    for features, rights, _ in owed:
        sums = [sum(table.get(name, 0.0) for name in row) for row in features]
        right += rights[sums.index(max(sums))] > 0
    return f"who {right / len(owed):.3f}"


# ----------------------------------------------------------------


def saved(name: str, table: Mapping[str, object]) -> None:
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in table.items())
    (DATA / name).write_text(f"{{\n{lines}\n}}\n", "utf-8")
    print(name, len(table), "features")


def main() -> None:
    folders = [Path(arg) for arg in sys.argv[1:] if not arg.startswith("--")]
    sets = {str(f): case_set(f) for f in folders} | {"demo": demo(), "marked": marked_texts()}
    duties = {name: choices(texts) for name, texts in sets.items()}
    if "--write" in sys.argv:
        everything = [*pairs(), *(text for texts in sets.values() for text in texts)]
        saved("deadlines_judge.json", fitted_judge(everything))
        saved("deadlines_duties.json", fitted_duties([c for cs in duties.values() for c in cs]))
        return
    for name in sets:
        others = [text for other in sets if other != name for text in sets[other]]
        judged = figures(sets[name], fitted_judge([*others, *pairs()]))
        fitted = fitted_duties([c for other in sets if other != name for c in duties[other]])
        print(name, judged, who_figure(duties[name], fitted), flush=True)


if __name__ == "__main__":
    main()
