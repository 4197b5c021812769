"""Who is central: judged of one story by figures and weights that can be read."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch

import pytest

from bot.model import Reading, Story
from bot.reading import central, reader
from bot.reading.roles import roles_in

STRIKE = (
    "The Northport Teachers’ Union rejected the offer of the Harbour Fees Commission on Monday and"
    " threatened to strike. “No,” said Paula Reyes, the union’s president. {}"
)
FAIR = (
    "The Northport Teachers’ Union opened its summer fair with the Harbour Fees Commission on"
    " Sunday. “Yes,” said Paula Reyes, its president."
)


def read(text: str) -> Reading:
    published = datetime(2031, 3, 3, 12, tzinfo=UTC)
    return reader.read(
        Story(id="s", title="", text=text, published=published, source="Gazette", url="")
    )


def parties(text: str) -> set[str]:
    return {actor.name for actor in read(text).actors if actor.central}


def test_a_story_of_no_dispute_has_no_parties() -> None:
    assert {"Northport Teachers’ Union", "Paula Reyes"} <= parties(STRIKE.format(""))
    assert parties(FAIR) == set()
    certain = {**central.weights(), "dispute": {"": 9.0}}
    with patch.object(central, "weights", lambda: certain):
        assert "Northport Teachers’ Union" in parties(FAIR)


@pytest.mark.parametrize(
    "who",
    [
        "Tom Lane, a lawyer for the commission, declined to comment.",
        "Tom Lane, an analyst at the bank, warned that both would lose.",
        "Tom Lane, 71, of Huron said he would wait.",
    ],
)
def test_who_speaks_for_or_looks_on_is_not_central(who: str) -> None:
    assert "Tom Lane" not in parties(STRIKE.format(who))
    leads = "Tom Lane, the chief executive of the commission, said so."
    assert "Tom Lane" in parties(STRIKE.format(leads))


@pytest.mark.parametrize(
    ("phrase", "classes"),
    [
        (", the chief executive officer of Port", {"leads"}),
        (", finance chief of Port", {"serves"}),
        ("Judge ", {"judges"}),
        (", lawyers for the union’s president", {"argues"}),
        (", who likes tea", set()),
    ],
)
def test_roles_of_a_phrase(phrase: str, classes: set[str]) -> None:
    assert classes <= roles_in(phrase)
    assert bool(roles_in(phrase)) is bool(classes)


def test_every_weight_is_of_a_figure_that_the_reader_has() -> None:
    seen: dict[str, set[str]] = {"dispute": set(), "body": set(), "person": set()}

    def keep(weights: central.Weights, figures: central.Figures) -> float:
        kind = next(k for k, known in central.weights().items() if known is weights)
        seen[kind].update(figures)
        return 0.5

    with patch.object(central, "chance", keep):
        read(STRIKE.format("Iran said its envoy Tom Lane, 71, of Huron would appeal."))
    for kind, figures in seen.items():
        assert figures <= central.weights()[kind].keys() | {"organisation idle", "state idle"}
