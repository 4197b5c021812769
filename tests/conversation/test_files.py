"""Calendars and pictures: what they hold, and that they open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

from icalendar import Calendar
from PIL import Image

from bot.app import App
from bot.conversation.calendar import calendar
from bot.conversation.picture import PAPER, rows_of, timeline_picture
from bot.model import Cited, Deadline, Development, Dispute, Status, TrackedDeadline
from tests.newsroom import request, words

NOW = datetime(2026, 2, 24, 12, tzinfo=UTC)
DAY = Deadline(due=date(2026, 2, 27), what="accept; at last,\nall of it", who=("Anthropic",))
HOUR = Deadline(due=date(2026, 3, 6), time="17:01", tz="ET", what="a ruling", kind="scheduled")
DISPUTE = Dispute(
    id="s1",
    key="a-v-b",
    title="A v. B",
    as_of=NOW,
    stories=("s1",),
    status=Status.ESCALATING,
    why_status=Cited(text="They differ.", cites=("s1",)),
    deadlines=tuple(TrackedDeadline(deadline=d, stories=("s1",)) for d in (DAY, HOUR)),
    timeline=(Development(day=date(2026, 2, 24), what=Cited(text="It began.", cites=("s1",))),),
)


def events(*deadlines: Deadline) -> list[dict[str, object]]:
    tracked = [(TrackedDeadline(deadline=d, stories=("s1",)), DISPUTE) for d in deadlines]
    made = Calendar.from_ical(calendar(tracked, "Europe/Berlin", NOW))
    return [dict(event) for event in made.walk("VEVENT")]


def test_a_deadline_without_an_hour_lasts_all_day() -> None:
    (event,) = events(DAY)
    assert event["DTSTART"].dt == date(2026, 2, 27)  # type: ignore[attr-defined]
    assert event["DTEND"].dt == date(2026, 2, 28)  # type: ignore[attr-defined]
    assert str(event["SUMMARY"]).startswith("Anthropic to accept; at last,")


def test_a_deadline_with_an_hour_ends_at_it_in_its_own_zone() -> None:
    (event,) = events(HOUR)
    assert event["DTEND"].dt == datetime(2026, 3, 6, 22, 1, tzinfo=UTC)  # type: ignore[attr-defined]


def test_an_event_keeps_its_uid_when_its_date_moves() -> None:
    (before,), (after,) = events(DAY), events(replace(DAY, due=date(2026, 3, 27)))
    assert before["UID"] == after["UID"]
    assert len({str(event["UID"]) for event in events(DAY, HOUR, HOUR)}) == 3


async def test_deadlines_come_with_a_calendar(app: App) -> None:
    post = await app.conversation.answer(request("/dispute deadlines 60"))
    (file,) = post.attachments
    made = Calendar.from_ical(file.content)
    assert len(made.walk("VEVENT")) == int(file.alt.split()[0])
    assert "BEGIN:VCALENDAR" in words(post)  # a terminal shows what it holds


async def test_a_timeline_comes_with_a_picture(app: App) -> None:
    dispute = next(d for d in await app.store.disputes.all("local") if "Anthropic" in d.title)
    post = await app.conversation.answer(request(f"/dispute timeline {dispute.key}"))
    (file,) = post.attachments
    assert Image.open(BytesIO(file.content)).format == "PNG"
    assert "24 Feb 2026" in file.alt
    assert "timeline.png" in words(post)


def test_a_picture_shows_developments_then_deadlines() -> None:
    rows = list(rows_of(DISPUTE))
    assert [(row.day.isoformat(), row.coming) for row in rows] == [
        ("2026-02-24", False),
        ("2026-02-27", True),
        ("2026-03-06", True),
    ]
    one = Image.open(BytesIO(timeline_picture(replace(DISPUTE, deadlines=())).content))
    all_ = Image.open(BytesIO(timeline_picture(DISPUTE).content))
    assert all_.height > one.height
    assert all_.width == one.width
    assert all_.getpixel((0, 0)) == tuple(bytes.fromhex(PAPER[1:]))
    assert len(all_.convert("L").getcolors() or ()) > 20  # there is something on the paper


def test_a_long_text_and_other_scripts_are_drawn_within_the_paper() -> None:
    long = Cited(text="Слово " * 80 + "\u202e\u0000 w" + "x" * 400, cites=("s1",))
    crowded = replace(
        DISPUTE, title="T" * 500, timeline=(Development(day=NOW.date(), what=long),) * 40
    )
    picture = Image.open(BytesIO(timeline_picture(crowded).content))
    assert picture.height < 3000
