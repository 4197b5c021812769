"""Posts at the terminal: what is shown, how dates count down, what a feed cannot do to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from rich.console import Console

from adapters.console.deadlines import countdown, deadline_line
from adapters.console.render import render
from bot.model import (
    Button,
    Cited,
    Deadline,
    Deadlines,
    Development,
    Glance,
    Line,
    Listing,
    Note,
    Overview,
    Post,
    Prose,
    Source,
    Status,
    Tags,
    TrackedDeadline,
)

NOW = datetime(2026, 2, 25, 9, tzinfo=UTC)
DUE = Deadline(due=date(2026, 2, 27), who=("Anthropic",), what="accept broader use", text="by then")
TRACKED = TrackedDeadline(deadline=DUE, stories=("s1",))
POST = Post(
    heading="Pentagon v. Anthropic",
    status=Status.ESCALATING,
    at=NOW,
    blocks=(
        Prose(sentences=(Cited(text="It has until Friday.", cites=("s1", "s2")),)),
        Deadlines(items=(TRACKED,)),
        Tags(names=("Pentagon", "Anthropic")),
    ),
    sources=tuple(
        Source(
            story=f"s{n}",
            number=n,
            outlet="Potomac Wire",
            title="An ultimatum",
            url=f"https://potomac.example/{n}",
            published=NOW,
        )
        for n in (1, 2)
    ),
    buttons=(Button(label="Follow", command="/dispute follow pentagon-v-anthropic"),),
)


def shown(post: Post, width: int = 90) -> str:
    out = StringIO()
    Console(file=out, width=width, highlight=False).print(render(post))
    return out.getvalue()


def test_a_digest_shows_everything_that_is_in_it() -> None:
    text = shown(POST)
    for part in (
        "Pentagon v. Anthropic · escalating",
        "It has until Friday. [1][2]",
        "Fri 27 Feb 2026, in 2 days: Anthropic to accept broader use",
        "Pentagon · Anthropic",
        "[2] Potomac Wire, Wed 25 Feb 2026: An ultimatum",
        "https://potomac.example/2",
        "/dispute follow pentagon-v-anthropic",
    ):
        assert part in text


def test_nothing_is_lost_on_a_narrow_terminal() -> None:
    words = "".join(shown(POST, width=40).split())
    assert "/disputefollowpentagon-v-anthropic" in words.replace("│", "")
    assert "https://potomac.example/2" in words.replace("│", "")


@pytest.mark.parametrize(
    ("due", "time", "now", "said"),
    [
        (date(2026, 2, 27), None, "2026-02-25T09:00+00:00", "in 2 days"),
        (date(2026, 2, 26), None, "2026-02-25T23:59+00:00", "tomorrow"),
        (date(2026, 2, 25), None, "2026-02-25T09:00+00:00", "today"),
        (date(2026, 2, 25), "17:00", "2026-02-25T09:30+00:00", "in 7 hours"),
        (date(2026, 2, 25), "09:45", "2026-02-25T09:30+00:00", "in 15 minutes"),
        (date(2026, 2, 25), "09:00", "2026-02-25T09:30+00:00", "passed"),
        (date(2026, 2, 24), None, "2026-02-25T09:30+00:00", "1 day ago"),
    ],
)
def test_the_countdown(due: date, time: str | None, now: str, said: str) -> None:
    assert countdown(Deadline(due=due, time=time), datetime.fromisoformat(now)) == said


def test_the_countdown_is_the_readers() -> None:
    """Late on the 25th in UTC it is the 26th already in Tokyo: 'tomorrow', not 'in 2 days'."""
    late = replace(POST, at=datetime(2026, 2, 25, 22, tzinfo=UTC))
    assert "in 2 days" in shown(late)
    assert "tomorrow" in shown(replace(late, timezone="Asia/Tokyo"))


@pytest.mark.parametrize(
    ("tracked", "said"),
    [
        (replace(TRACKED, superseded_by=date(2026, 3, 6)), "moved to Fri 6 Mar 2026"),
        (
            replace(TRACKED, disputed=True, alternatives=(date(2026, 2, 28),)),
            "sources disagree: also Sat 28 Feb 2026",
        ),
        (replace(TRACKED, deadline=replace(DUE, passed=True)), "passed"),
        (replace(TRACKED, deadline=replace(DUE, precision="month")), "month to Fri 27 Feb 2026"),
        (replace(TRACKED, deadline=replace(DUE, time="17:00", tz="EST")), "17:00 EST"),
        (replace(TRACKED, outcome=Cited(text="It refused.", cites=("s3",))), "It refused."),
    ],
)
def test_what_became_of_a_deadline_is_said(tracked: TrackedDeadline, said: str) -> None:
    assert said in deadline_line(tracked, NOW).plain


def test_an_overview_names_the_command_for_each_dispute() -> None:
    item = Glance(
        key="pentagon-v-anthropic",
        title="Pentagon v. Anthropic",
        status=Status.STALLED,
        deadline=TRACKED,
        latest=Development(day=date(2026, 2, 24), what=Cited(text="They met.", cites=("s1",))),
    )
    text = shown(replace(POST, heading="1 dispute", status=None, blocks=(Overview(items=(item,)),)))
    assert "stalled" in text
    assert "Tue 24 Feb 2026: They met. [1]" in text
    assert "/dispute status pentagon-v-anthropic" in text


HOSTILE = [
    "\x1b[2J\x1b[31mgone",
    "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "[bold red]markup[/]",
    "\u202egnihton",
    "a\rb\x08c\x9b31m",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_headline_cannot_steer_the_terminal(text: str) -> None:
    source = replace(POST.sources[0], title=text, outlet=text, url="https://x.example/" + text)
    post = replace(
        POST,
        heading=text,
        blocks=(
            Prose(sentences=(Cited(text=text, cites=("s1",)),)),
            Tags(names=(text,)),
            Note(text=text),
            Listing(heading="", lines=(Line(label=text, text=text, url=text),)),
            Deadlines(items=(replace(TRACKED, deadline=replace(DUE, what=text)),), of=(text,)),
        ),
        sources=(source,),
    )
    out = shown(post, width=200)
    assert not any(ord(c) < 32 and c != "\n" for c in out)
    assert not set(out) & set("\x7f\x9b\u202e")
    if text.startswith("[bold"):
        assert out.count("[bold red]markup[/]") >= 6


def test_the_control_rich_alone_lets_escapes_through() -> None:
    """What `plain` is for: without it an escape in a feed reaches the terminal."""
    out = StringIO()
    Console(file=out).print("\x1b[2Jgone")
    assert "\x1b[2J" in out.getvalue()
