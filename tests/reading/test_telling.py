from __future__ import annotations

import pytest

from bot.reading.telling import tells_something


@pytest.mark.parametrize(
    "text",
    [
        "There is a back story.",
        "I read terms of service for a living, so you can imagine my week.",
        "I do not know.",
        "The bakery has one more day.",
        "Neither has shifted on the substance.",
        "It had asked for three weeks.",
        "Clause 14 is the one to read.",
        "The text at issue is short.",
        "Issued by the Harbour Office under section 3 of the Ports Act.",
        "Signed for the Board by Ada Renwick, Chief Inspector.",
    ],
)
def test_what_a_digest_can_do_without(text: str) -> None:
    assert not tells_something(text)


@pytest.mark.parametrize(
    "text",
    [
        "The fork, Torchlight, is dropped.",
        "The plant keeps its licence.",
        "The offer lapses on 25 April.",
        "The board has 28 days to appeal.",
        "The two companies are negotiating.",
        "“I do not know,” said Ada Renwick, who leads the dockers.",
        "Olaf I was crowned in the cathedral of the capital in 1201.",
    ],
)
def test_what_says_who_does_what(text: str) -> None:
    assert tells_something(text)
