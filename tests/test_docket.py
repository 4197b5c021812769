"""Gathering and tracking over a real store: what is quiet is found again, what people say holds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.clock import SteppedClock
from bot.docket import Docket
from bot.model import Feed, FeedState, Overlay, Poll, Story
from bot.ports import Store
from bot.reading.reader import READING_VERSION, read
from bot.store import open_store
from tests.disputes.making import DATA, rows

FEED = "https://wire.example/rss"
START = datetime(2030, 5, 1, 9, tzinfo=UTC)
STREAM = {row["id"]: row for row in rows(DATA / "stream.jsonl")}

ULTIMATUM = (
    "Signalmen give Orvane Rail until 20 May to withdraw roster",
    "The Signalmen’s Union said on Thursday that it would strike at Orvane Rail unless the company "
    "withdraws its night roster by 20 May. Orvane Rail refused to withdraw the roster.",
)
WEATHER = (
    "Storm Edda to reach the coast on Friday",
    "Storm Edda is expected to reach the coast of Varn on Friday 10 May, the Weather Office said.",
)


class Desk:
    """A docket over a store in a file, and stories brought by one feed."""

    def __init__(self, store: Store, clock: SteppedClock) -> None:
        self.store = store
        self.clock = clock
        self.docket = Docket(store=store, clock=clock)

    async def bring(self, *stories: Story) -> None:
        """Have stories come in, read, and gathered."""
        state = FeedState(url=FEED, next_poll=self.clock.now(), interval=600)
        await self.store.feeds.record([Poll(state=state, stories=stories)])
        ids = [story.id for story in stories]
        kept = await self.store.stories.get(ids)
        await self.store.stories.save_readings([read(kept[i]) for i in ids], READING_VERSION)
        await self.docket.gather()

    async def homes(self) -> dict[str, str]:
        """Every story's group."""
        everything = await self.store.disputes.recent("w", START - timedelta(days=900))
        return {entry.story.id: group for group, entry in everything}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock = SteppedClock(START)
    store = await open_store(f"sqlite:///{tmp_path / 'standoff.db'}", clock=clock)
    await store.feeds.add(Feed(url=FEED, workspace="w"), START)
    yield Desk(store, clock)
    await store.close()


def story(id_: str, title: str, text: str, *, days: float = 0, source: str = "Wire") -> Story:
    return Story(
        id=id_,
        title=title,
        text=text,
        published=START + timedelta(days=days),
        source=source,
        url=f"https://wire.example/{id_}",
        feed=FEED,
    )


def told(id_: str, *, days: float) -> Story:
    """A story of the stream, printed so many days after the start."""
    return story(id_, STREAM[id_]["title"], STREAM[id_]["text"], days=days)


async def test_a_dispute_quiet_for_months_is_found_again(desk: Desk) -> None:
    desk.docket = Docket(store=desk.store, clock=desk.clock, at_hand=0)
    await desk.bring(told("r1", days=0), told("r2", days=1))
    await desk.bring(*(told(i, days=30 + n) for n, i in enumerate(("b1", "p1", "t1", "p2"))))
    await desk.bring(told("r3", days=75))
    assert (await desk.homes())["r3"] == "r1"
    dispute = await desk.store.disputes.get("w", "r1")
    assert dispute is not None
    assert dispute.stories == ("r1", "r2", "r3")


async def test_without_traces_it_is_another(desk: Desk) -> None:
    desk.docket = Docket(store=desk.store, clock=desk.clock, at_hand=0)
    await desk.bring(told("r1", days=0), told("r2", days=1))
    await desk.store.disputes.save("w", [], [], [], ["r1"])  # the defence off
    await desk.bring(told("r3", days=75))
    assert (await desk.homes())["r3"] == "r3"


async def test_after_a_restart_all_is_as_before(desk: Desk) -> None:
    await desk.bring(told("r1", days=0), told("b1", days=0.1), told("r2", days=1))
    desk.docket = Docket(store=desk.store, clock=desk.clock)
    await desk.bring(told("r3", days=2))
    homes = await desk.homes()
    assert (homes["r3"], homes["b1"]) == ("r1", "b1")


async def test_stories_one_by_one_and_backwards_end_as_in_one_batch(desk: Desk) -> None:
    ids: Sequence[str] = ("r3", "p2", "r2", "b1", "p1", "t1", "r1", "t2")
    for place, id_ in enumerate(ids):
        await desk.bring(told(id_, days=1 - place / 10))
    homes = await desk.homes()
    assert len({homes[i] for i in ("r1", "r2", "r3")}) == 1
    assert len({homes[i] for i in ("p1", "p2")}) == 1
    assert len({homes[i] for i in ("r1", "p1", "b1", "t1")}) == 4


async def test_what_people_part_stays_apart_and_is_filed_so(desk: Desk) -> None:
    await desk.bring(told("r1", days=0), told("r2", days=1), told("r3", days=2))
    await desk.store.disputes.place("w", ["r2"], "r2")
    assert set(await desk.store.disputes.stale("w", 9)) == {"r1", "r2"}
    await desk.docket.gather()
    assert await desk.store.disputes.stale("w", 9) == []
    (trace,) = await desk.store.disputes.traces("w", ["r2"])
    assert trace.pinned
    again = replace(told("r1", days=3), id="r9", title="Orvane Rail roster: talks again")
    await desk.bring(again)
    homes = await desk.homes()
    assert (homes["r1"], homes["r2"]) == ("r1", "r2")


async def test_a_name_that_people_gave_is_kept(desk: Desk) -> None:
    await desk.bring(told("r1", days=0), told("r2", days=1))
    await desk.store.disputes.set_overlay("w", "r1", Overlay(title="The roster row"))
    await desk.bring(told("r3", days=2))
    dispute = await desk.store.disputes.get("w", "r1")
    assert dispute is not None
    assert (dispute.title, len(dispute.stories)) == ("The roster row", 3)


async def test_an_edited_story_changes_its_dispute(desk: Desk) -> None:
    await desk.bring(told("r1", days=0), told("r2", days=1))
    text = STREAM["r2"]["text"] + " Both sides signed an agreement on Thursday, ending the strike."
    edited = replace(told("r2", days=1), title="Deal ends rail strike at Orvane", text=text)
    await desk.bring(edited)
    dispute = await desk.store.disputes.get("w", "r1")
    assert dispute is not None
    assert dispute.status == "resolved"


async def test_a_lone_ultimatum_is_a_dispute_at_once(desk: Desk) -> None:
    await desk.bring(story("u", *ULTIMATUM), story("v", *WEATHER))
    (dispute,) = await desk.store.disputes.all("w")
    assert dispute.stories == ("u",)
    assert dispute.next_deadline is not None
    assert dispute.next_deadline.deadline.due.isoformat() == "2030-05-20"


async def test_a_lone_story_without_a_term_waits(desk: Desk) -> None:
    title, text = ULTIMATUM
    await desk.bring(story("u", title.replace("until 20 May ", "notice "), text.split(" by 20")[0]))
    assert await desk.store.disputes.all("w") == []
