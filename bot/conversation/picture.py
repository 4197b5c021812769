"""A dispute's timeline as a picture (PNG). Pure.

One row a development, down a line of time: its day, a dot, what happened; then the deadlines to
come, as rings. The words are those of the post, so that nobody needs the picture.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from bot.conversation.calendar import described
from bot.model import Attachment, Dispute, Status

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, MARGIN, LINE_X, TEXT_X = 1000, 32, 190, 224  # pixels
SIZE, LEADING, GAP, TITLE = 20, 26, 18, 28
COLUMNS = 74
"""Characters of a line of text: what fits into the width for all but the broadest letters."""
LATEST, TO_COME, LINES = 12, 5, 3
PAPER, INK, FAINT, RULE = "#ffffff", "#1f2430", "#5b6472", "#c8cdd6"
COLOURS = {
    Status.BREWING: "#9a6b00",
    Status.ESCALATING: "#b3261e",
    Status.STALLED: "#6b3fa0",
    Status.RESOLVED: "#1b7f3b",
    Status.LAPSED: "#5b6472",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A day and what is to be read beside it, in lines that fit."""

    day: date
    lines: tuple[str, ...]
    coming: bool = False

    @property
    def height(self) -> int:
        """Pixels, with the gap below."""
        return len(self.lines) * LEADING + GAP


def timeline_picture(dispute: Dispute) -> Attachment:
    """The latest developments and the deadlines to come."""
    rows = list(rows_of(dispute))
    alt = "; ".join(f"{_day(row.day)}: {' '.join(row.lines)}" for row in rows)
    return Attachment(
        name="timeline.png",
        media_type="image/png",
        content=_drawn(dispute, rows),
        alt=f"Timeline of {dispute.title}. {alt}"[:1000],
    )


def rows_of(dispute: Dispute) -> Iterator[Row]:
    """What the picture shows, oldest first."""
    for development in dispute.timeline[-LATEST:]:
        yield Row(day=development.day, lines=_lines(development.what.text))
    today = dispute.as_of.date()
    coming = [
        tracked
        for tracked in dispute.deadlines
        if tracked.superseded_by is None
        and not tracked.deadline.passed
        and tracked.deadline.due >= today
    ]
    for tracked in sorted(coming, key=lambda t: t.deadline.due)[:TO_COME]:
        text = f"Deadline: {described(tracked)}"
        yield Row(day=tracked.deadline.due, lines=_lines(text), coming=True)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, COLUMNS, max_lines=LINES, placeholder=" …"))


def _drawn(dispute: Dispute, rows: list[Row]) -> bytes:
    # Imported here: a picture is not what most people ask for.
    from PIL import Image, ImageDraw

    title = textwrap.wrap(dispute.title, COLUMNS - 16, max_lines=2, placeholder=" …")
    top = MARGIN + len(title) * (TITLE + 8) + LEADING + GAP
    height = top + sum(row.height for row in rows) + MARGIN
    image = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(image)
    colour = COLOURS[dispute.status]
    for number, line in enumerate(title):
        draw.text((MARGIN, MARGIN + number * (TITLE + 8)), line, INK, _font(TITLE))
    status = f"{dispute.status.value}, as of {_day(dispute.as_of.date())}"
    draw.text((MARGIN, top - LEADING - GAP + 4), status, colour, _font(SIZE))
    if rows:
        end = top + sum(row.height for row in rows[:-1]) + LEADING // 2
        draw.line((LINE_X, top + LEADING // 2, LINE_X, end), RULE, 3)
    for row in rows:
        _row(draw, row, top, colour)
        top += row.height
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _row(draw: ImageDraw, row: Row, top: int, colour: str) -> None:
    middle = top + LEADING // 2
    dot = (LINE_X - 8, middle - 8, LINE_X + 8, middle + 8)
    draw.ellipse(dot, fill=PAPER if row.coming else colour, outline=colour, width=4)
    draw.text((MARGIN, top), _day(row.day), colour if row.coming else FAINT, _font(SIZE))
    for number, line in enumerate(row.lines):
        draw.text((TEXT_X, top + number * LEADING), line, INK, _font(SIZE))


def _font(size: int) -> FreeTypeFont:
    """Pillow's own font, which needs nothing installed."""
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    assert not isinstance(font, ImageFont.ImageFont), "Pillow was built without FreeType"
    return font


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
