"""What `bot.ports.Store` guarantees, as tests: run them over every implementation.

A subclass gives a fixture `url` of an empty database; `open_store` opens it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.model import (
    AuditLine,
    Channel,
    Cited,
    Deadline,
    Delivery,
    DeliveryState,
    Digest,
    Dispute,
    Feed,
    FeedState,
    MessageRef,
    Note,
    Overlay,
    Placement,
    Poll,
    Post,
    Reading,
    Sentence,
    Status,
    Story,
    Thread,
    Told,
    Trace,
    TrackedDeadline,
    Wait,
)
from bot.ports import Store
from bot.store import open_store
from bot.store.filing import UNDER

NOW = datetime(2026, 2, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
EAST = timezone(timedelta(hours=5, minutes=30))
A, B = "https://a.example/rss", "https://b.example/rss"


class StoppedClock:
    """A clock that stands at NOW."""

    def now(self) -> datetime:
        return NOW


def story(id_: str, *, hours: float = 0, feed: str = A, **more: str) -> Story:
    """A story published `hours` after NOW."""
    words = {"title": f"Title {id_}", "text": f"Text {id_}.", "source": "A", "url": f"{A}/{id_}"}
    return Story(id=id_, published=NOW + hours * HOUR, feed=feed, **words | more)


def poll(*stories: Story, url: str = A, due: datetime = NOW + HOUR) -> Poll:
    return Poll(state=FeedState(url=url, next_poll=due, interval=600), stories=stories)


def reading(id_: str) -> Reading:
    return Reading(story=id_, language="en", sentences=(Sentence(text="Text.", start=0, end=5),))


def dispute(id_: str, *stories: str, hours: float = 0, **more: object) -> Dispute:
    """A dispute that changed `hours` after NOW."""
    values = {
        "id": id_,
        "key": f"key-{id_}",
        "title": id_,
        "as_of": NOW,
        "stories": stories or (id_,),
        "status": Status.BREWING,
        "why_status": Cited(text="Because.", cites=stories or (id_,)),
        "changed": NOW + hours * HOUR,
    }
    return Dispute(**values | more)


def delivery(key: str, *, channel: str = "policy", about: str = "d1", **more: object) -> Delivery:
    said = Cited(text=f"Said {key}.", cites=("s1",))
    values = {
        "key": key,
        "channel": channel,
        "dispute": about,
        "post": Post(heading=key, at=NOW, blocks=(Note(text=key),)),
        "digest": Digest(
            dispute=about,
            key="k",
            title="t",
            status=Status.STALLED,
            sentences=(said,),
            stories=("s1",),
        ),
        "created": NOW,
    }
    return Delivery(**values | more)


def message(id_: str) -> MessageRef:
    return MessageRef(platform="console", channel="policy", message=id_)


def trace(group: str, *terms: str, hours: float = 0) -> Trace:
    """A trace filed under `terms`."""
    return Trace(
        group=group,
        founded=1,
        latest=NOW + timedelta(hours=hours),
        stories=2,
        crowd=0.1,
        terms=tuple((term, 0.5) for term in terms),
    )


def places(*pairs: tuple[str, str]) -> list[Placement]:
    return [Placement(story=s, group=group, alone=s == group) for s, group in pairs]


async def read_stories(store: Store, *stories: Story) -> None:
    """Record and read stories, each under the URL of its feed."""
    await store.feeds.record([poll(s, url=s.feed) for s in stories])
    await store.stories.save_readings([reading(s.id) for s in stories], 1)


async def two_workspaces(store: Store) -> None:
    """One workspace with feed A, another with feed B, each with a read story."""
    await store.feeds.add(Feed(url=A, workspace="one"), NOW)
    await store.feeds.add(Feed(url=B, workspace="two"), NOW)
    await read_stories(store, story("a1"), story("b1", feed=B))


def ids(found: Sequence[object]) -> list[str]:
    return [getattr(one, "story", one).id for one in found]


class StoreContract:
    """Every guarantee of the ports; a test a guarantee."""

    @pytest.fixture
    async def store(self, url: str) -> AsyncIterator[Store]:
        store = await open_store(url, clock=StoppedClock())
        yield store
        await store.close()

    # ------------------------------------------------------------ feeds

    async def test_feeds_come_back_as_added_in_order(self, store: Store) -> None:
        second = Feed(url=B, workspace="w", name="B", channels=("c", "d"), full_text=True)
        first = Feed(url=A, workspace="w", name="A")
        await store.feeds.add(second, NOW)
        await store.feeds.add(first, NOW)
        await store.feeds.add(replace(second, paused=True), NOW)
        assert await store.feeds.all("w") == [replace(second, paused=True), first]
        assert await store.feeds.all("other") == []
        assert len(await store.feeds.all()) == 2

    async def test_a_new_url_is_due_at_once_and_a_known_one_when_it_was(self, store: Store) -> None:
        await store.feeds.add(Feed(url=A, workspace="one"), NOW)
        await store.feeds.record([poll(due=NOW + 5 * HOUR)])
        await store.feeds.add(Feed(url=A, workspace="two"), NOW)
        await store.feeds.add(Feed(url=B, workspace="two"), NOW)
        assert [feed.url for feed, _ in await store.feeds.due(NOW)] == [B]

    async def test_due_gives_one_row_a_url_longest_overdue_first(self, store: Store) -> None:
        for workspace in ("one", "two"):
            for url in (A, B):
                full = workspace == "two" and url == A
                await store.feeds.add(Feed(url=url, workspace=workspace, full_text=full), NOW)
        await store.feeds.record([poll(url=B, due=NOW - HOUR)])
        due = await store.feeds.due(NOW)
        assert [state.url for _, state in due] == [B, A]
        assert due[1][0].full_text, "one of the workspaces wants the full text"
        assert len(await store.feeds.due(NOW, limit=1)) == 1
        assert await store.feeds.due(NOW - 2 * HOUR) == []

    async def test_paused_feeds_are_not_due(self, store: Store) -> None:
        await store.feeds.add(Feed(url=A, workspace="one", paused=True), NOW)
        assert await store.feeds.due(NOW) == []
        await store.feeds.add(Feed(url=A, workspace="two"), NOW)
        assert [feed.workspace for feed, _ in await store.feeds.due(NOW)] == ["two"]

    async def test_a_feed_that_was_stopped_is_due_again_once_somebody_adds_it_again(
        self, store: Store
    ) -> None:
        feed = Feed(url=A, workspace="w")
        await store.feeds.add(feed, NOW)
        stopped = FeedState(url=A, next_poll=NOW, interval=600, stopped="gone", failures=1)
        await store.feeds.record([Poll(state=stopped)])
        assert await store.feeds.due(NOW + HOUR) == []
        await store.feeds.declare([], NOW)
        await store.feeds.add(replace(feed, paused=True), NOW)
        assert (await store.feeds.states([A]))[A].stopped == "gone"
        await store.feeds.add(feed, NOW + HOUR)
        [(_, state)] = await store.feeds.due(NOW + HOUR)
        assert (state.stopped, state.failures, state.next_poll) == ("", 0, NOW + HOUR)

    async def test_states_keep_everything(self, store: Store) -> None:
        state = FeedState(
            url=A,
            next_poll=NOW.astimezone(EAST),
            interval=7,
            title="T",
            etag='"e"',
            modified="m",
            last_success=NOW,
            last_error="oh",
            failures=2,
            polls=9,
        )
        await store.feeds.record([Poll(state=state)])
        found = (await store.feeds.states([A, B]))[A]
        assert found == state
        assert found.next_poll.utcoffset() == timedelta(0)
        assert B not in await store.feeds.states([A, B])

    async def test_removing_says_whether_there_was_one(self, store: Store) -> None:
        await store.feeds.add(Feed(url=A, workspace="one"), NOW)
        assert await store.feeds.remove("two", A) is False
        assert await store.feeds.remove("one", A) is True
        assert await store.feeds.all() == []
        assert await store.feeds.due(NOW) == []

    async def test_declared_feeds_replace_declared_ones_only(self, store: Store) -> None:
        mine, yours = Feed(url=A, workspace="w"), Feed(url=B, workspace="w")
        await store.feeds.add(mine, NOW)
        await store.feeds.declare([yours], NOW)
        assert await store.feeds.all() == [mine, replace(yours, declared=True)]
        await store.feeds.declare([], NOW)
        assert await store.feeds.all() == [mine]

    async def test_declaring_again_undoes_no_command(self, store: Store) -> None:
        feed = Feed(url=A, workspace="w", name="old", declared=True)
        await store.feeds.declare([feed], NOW)
        await store.feeds.add(replace(feed, paused=True, channels=("c",)), NOW)
        await store.feeds.declare([replace(feed, name="new")], NOW)
        assert await store.feeds.all() == [replace(feed, name="new", paused=True, channels=("c",))]

    # ------------------------------------------------------------ stories

    async def test_stories_come_back_as_they_came(self, store: Store) -> None:
        east = Story(
            id="s",
            title="T",
            text="One.\n\nTwo.",
            published=NOW.astimezone(EAST),
            source="S",
            url="u",
            language="de",
            feed=A,
        )
        await store.feeds.record([poll(east)])
        found = (await store.stories.get(["s", "none"]))["s"]
        assert found == east
        assert found.published.utcoffset() == EAST.utcoffset(None)

    async def test_only_new_stories_are_reported(self, store: Store) -> None:
        assert await store.feeds.record([poll(story("s1"), story("s2"))]) == ["s1", "s2"]
        assert await store.feeds.record([poll(story("s2"), story("s3"))]) == ["s3"]

    async def test_a_changed_story_replaces_and_loses_its_reading(self, store: Store) -> None:
        await read_stories(store, story("s1"), story("s2"))
        changed = story("s1", hours=1, text="Corrected.")
        assert await store.feeds.record([poll(changed, story("s2"))]) == []
        assert (await store.stories.get(["s1"]))["s1"] == changed
        assert ids(await store.stories.unread(1, 9)) == ["s1"]
        assert ids(await store.stories.entries(["s1", "s2"])) == ["s2"]

    async def test_what_no_database_keeps_is_taken_out_once(self, store: Store) -> None:
        odd = story("s1", title="a\x00b", text="c\ud800d \U0001f600")
        await store.feeds.record([poll(odd)])
        found = (await store.stories.get(["s1"]))["s1"]
        assert (found.title, found.text) == ("ab", "c\ufffdd \U0001f600")
        await store.stories.save_readings([reading("s1")], 1)
        await store.feeds.record([poll(odd)])
        assert await store.stories.unread(1, 9) == [], "it has not changed"

    async def test_unread_gives_the_oldest_of_every_older_version(self, store: Store) -> None:
        later = [story(f"s{n}", hours=-n) for n in range(6)]
        await store.feeds.record([poll(*later)])
        await store.stories.save_readings([reading("s5"), reading("s4")], 1)
        await store.stories.save_readings([reading("s3")], 2)
        assert ids(await store.stories.unread(1, 2)) == ["s2", "s1"]
        assert ids(await store.stories.unread(2, 3)) == ["s5", "s4", "s2"]
        assert ids(await store.stories.unread(3, 9)) == ["s5", "s4", "s3", "s2", "s1", "s0"]

    async def test_entries_are_the_read_ones_in_order_of_publication(self, store: Store) -> None:
        await read_stories(store, story("late"), story("early", hours=-1))
        await store.feeds.record([poll(story("unread", hours=-2))])
        found = await store.stories.entries(["late", "unread", "none", "early", "late"])
        assert ids(found) == ["early", "late"]
        assert found[0].reading == reading("early")

    async def test_readings_of_stories_that_are_gone_are_dropped(self, store: Store) -> None:
        await store.stories.save_readings([reading("gone")], 1)
        assert await store.stories.entries(["gone"]) == []

    async def test_thousands_of_ids_at_once(self, store: Store) -> None:
        many = [story(f"s{n:05}", hours=n) for n in range(3000)]
        assert len(await store.feeds.record([poll(*many)])) == 3000
        assert len(await store.stories.get([s.id for s in many])) == 3000

    async def test_latest_and_counts(self, store: Store) -> None:
        await two_workspaces(store)
        await store.feeds.record([poll(story("a2", hours=1))])
        assert ids(await store.stories.latest(A, 1)) == ["a2"]
        assert ids(await store.stories.latest(A, 9)) == ["a2", "a1"]
        assert await store.stories.count() == 3
        assert await store.stories.count("one") == 2
        assert await store.stories.count("none") == 0

    async def test_stories_per_week(self, store: Store) -> None:
        days = [story(f"s{n}", hours=-24 * n) for n in range(14)]
        await store.feeds.record([poll(*days, story("old", hours=-24 * 40))])
        assert await store.feeds.stories_per_week(A, NOW) == pytest.approx(7.5, abs=0.1)
        assert await store.feeds.stories_per_week(B, NOW) == 0.0

    # ------------------------------------------------------------ disputes

    async def test_workspaces_have_a_feed_or_a_channel(self, store: Store) -> None:
        await store.feeds.add(Feed(url=A, workspace="b"), NOW)
        await store.channels.save(Channel(name="c", platform="console", workspace="a"))
        assert await store.disputes.workspaces() == ["a", "b"]

    async def test_ungathered_is_read_visible_and_without_a_place(self, store: Store) -> None:
        await two_workspaces(store)
        await read_stories(store, story("a0", hours=-1))
        await store.feeds.record([poll(story("unread"))])
        assert ids(await store.disputes.ungathered("one", 9)) == ["a0", "a1"]
        assert ids(await store.disputes.ungathered("one", 1)) == ["a0"]
        await store.disputes.save("one", places(("a0", "a0")), [])
        assert ids(await store.disputes.ungathered("one", 9)) == ["a1"]
        assert ids(await store.disputes.ungathered("two", 9)) == ["b1"]

    async def test_a_feed_added_later_brings_its_stories_along(self, store: Store) -> None:
        await two_workspaces(store)
        await store.feeds.add(Feed(url=B, workspace="one"), NOW)
        assert ids(await store.disputes.ungathered("one", 9)) == ["a1", "b1"]
        await store.feeds.remove("one", B)
        assert ids(await store.disputes.ungathered("one", 9)) == ["a1"]

    async def test_a_story_of_two_feeds_is_seen_through_either(self, store: Store) -> None:
        await two_workspaces(store)
        await store.feeds.record([poll(story("a1", feed=B), url=B)])
        assert ids(await store.disputes.ungathered("two", 9)) == ["a1", "b1"]
        await store.feeds.add(Feed(url=B, workspace="one"), NOW)
        await store.feeds.remove("one", B)
        assert ids(await store.disputes.ungathered("one", 9)) == ["a1"]

    async def test_a_changed_story_is_not_gathered_before_it_is_read(self, store: Store) -> None:
        await two_workspaces(store)
        await store.feeds.record([poll(story("a1", text="Corrected."))])
        assert await store.disputes.ungathered("one", 9) == []
        await store.stories.save_readings([reading("a1")], 1)
        assert ids(await store.disputes.ungathered("one", 9)) == ["a1"]

    async def test_members_and_recent_groups(self, store: Store) -> None:
        await store.feeds.add(Feed(url=A, workspace="w"), NOW)
        times = {"old": -90, "new": 0, "other": -80, "lone": -1}
        await read_stories(store, *(story(id_, hours=h) for id_, h in times.items()))
        groups = places(("old", "g"), ("new", "g"), ("other", "h"), ("lone", "lone"))
        await store.disputes.save("w", groups, [])
        assert ids(await store.disputes.members("w", "g")) == ["old", "new"]
        recent = await store.disputes.recent("w", NOW - HOUR)
        assert [(group, entry.story.id) for group, entry in recent] == [
            ("g", "old"),
            ("lone", "lone"),
            ("g", "new"),
        ]

    async def test_the_latest_placed_stories_in_order(self, store: Store) -> None:
        await store.feeds.add(Feed(url=A, workspace="w"), NOW)
        times = {"old": -90, "new": 0, "lone": -1}
        await read_stories(store, *(story(id_, hours=h) for id_, h in times.items()))
        await store.disputes.save("w", places(("old", "g"), ("new", "g"), ("lone", "lone")), [])
        latest = await store.disputes.latest("w", 2)
        assert [(group, e.story.id) for group, e in latest] == [("lone", "lone"), ("g", "new")]

    async def test_groups_are_found_by_the_terms_they_are_filed_under(self, store: Store) -> None:
        one, other = trace("g", "quota", "mackerel"), trace("h", "quota", "licence")
        await store.disputes.save("w", [], [], [one, other])
        await store.disputes.save("w", [], [], [trace("g", "quota", "truce")])  # filed again
        found = await store.disputes.filed("w", ["quota", "mackerel", "nothing"])
        assert {term: {group for group, _ in groups} for term, groups in found.items()} == {
            "quota": {"g", "h"},
            "mackerel": {"g"},
        }
        assert [t.terms[1][0] for t in await store.disputes.traces("w", ["g"])] == ["truce"]
        assert await store.disputes.filed("elsewhere", ["quota"]) == {}
        assert await store.disputes.traces("elsewhere", ["g"]) == []

    async def test_a_term_keeps_the_groups_filed_last(self, store: Store) -> None:
        for start in (0, 30):
            many = [trace(f"g{n}", "quota") for n in range(start, start + 30)]
            await store.disputes.save("w", [], [], many)
        (groups,) = (await store.disputes.filed("w", ["quota"])).values()
        assert len(groups) == UNDER
        assert {f"g{n}" for n in range(30, 60)} <= {group for group, _ in groups}

    async def test_groups_that_people_changed_are_to_be_filed_anew(self, store: Store) -> None:
        await store.feeds.add(Feed(url=A, workspace="w"), NOW)
        await read_stories(store, story("a"), story("b"))
        await store.disputes.save("w", places(("a", "a"), ("b", "a")), [])
        assert await store.disputes.stale("w", 9) == []
        await store.disputes.place("w", ["b"], "b")
        assert set(await store.disputes.stale("w", 9)) == {"a", "b"}
        await store.disputes.save("w", [], [], [trace("a", "quota")], ["b"])
        assert await store.disputes.stale("w", 9) == []
        await store.stories.save_readings([reading("a")], 2)
        assert await store.disputes.stale("w", 9) == ["a"]

    async def test_disputes_that_people_corrected_are_kept(self, store: Store) -> None:
        await store.disputes.set_overlay("w", "d", Overlay(title="The row"))
        await store.disputes.set_overlay("w", "undone", Overlay())
        assert await store.disputes.kept("w") == {"d"}
        assert await store.disputes.kept("elsewhere") == set()

    async def test_traces_go_with_the_stories(self, store: Store) -> None:
        await store.feeds.add(Feed(url=A, workspace="w"), NOW)
        await read_stories(store, story("old", hours=-99), story("new"))
        kept, gone = trace("new", "quota"), trace("old", "mackerel", hours=-99)
        await store.disputes.save("w", places(("old", "old"), ("new", "new")), [], [kept, gone])
        await store.tidy(NOW - HOUR)
        found = await store.disputes.traces("w", ["old", "new"])
        assert [t.group for t in found] == ["new"]
        assert list(await store.disputes.filed("w", ["quota", "mackerel"])) == ["quota"]

    async def test_a_changed_story_moves_in_time_and_keeps_its_place(self, store: Store) -> None:
        await store.feeds.add(Feed(url=A, workspace="w"), NOW)
        await read_stories(store, story("s1", hours=-90))
        await store.disputes.save("w", places(("s1", "g")), [])
        await read_stories(store, story("s1", text="Again."))
        assert len(await store.disputes.recent("w", NOW)) == 1
        assert await store.disputes.ungathered("w", 9) == []

    async def test_disputes_come_back_latest_change_first(self, store: Store) -> None:
        due = TrackedDeadline(deadline=Deadline(due=date(2026, 2, 27)), stories=("s1",))
        one, two = dispute("d1", "s1", deadlines=(due,)), dispute("d2", hours=1)
        group = dispute("g", hours=2, announced=False)
        await store.disputes.save("w", [], [one, two, group])
        assert await store.disputes.all("w") == [two, one]
        assert await store.disputes.all("w", announced=False) == [group, two, one]
        await store.disputes.save("w", [], [replace(one, title="New", changed=NOW + 3 * HOUR)])
        assert [d.title for d in await store.disputes.all("w")] == ["New", "d2"]

    async def test_datetimes_inside_come_back_in_utc(self, store: Store) -> None:
        await store.disputes.save("w", [], [dispute("d", opened=NOW.astimezone(EAST))])
        found = await store.disputes.get("w", "d")
        assert found is not None
        assert found.opened == NOW
        assert found.opened.utcoffset() == timedelta(0)

    async def test_disputes_are_found_by_id_or_key(self, store: Store) -> None:
        one, two = dispute("d1", key="d2"), dispute("d2", key="pentagon")
        await store.disputes.save("w", [], [one, two])
        assert await store.disputes.get("w", "d1") == one
        assert await store.disputes.get("w", "pentagon") == two
        assert await store.disputes.get("w", "d2") == two, "an id before a key"
        assert await store.disputes.get("w", "none") is None

    async def test_an_emptied_dispute_is_found_where_its_stories_went(self, store: Store) -> None:
        await store.feeds.add(Feed(url=A, workspace="one"), NOW)
        await read_stories(store, story("s1"), story("s2"), story("s3"))
        one, two = dispute("s1"), dispute("s2", "s2", "s3")
        await store.disputes.save(
            "one", places(("s1", "s1"), ("s2", "s2"), ("s3", "s2")), [one, two]
        )
        both = dispute("s1", "s1", "s2", "s3")
        await store.disputes.save("one", places(("s2", "s1"), ("s3", "s1")), [both])
        assert [d.id for d in await store.disputes.all("one")] == ["s1"]
        assert await store.disputes.get("one", "key-s2") == both
        await store.disputes.save("one", places(("s3", "s2")), [dispute("s2", "s3")])
        assert {d.id for d in await store.disputes.all("one")} == {"s1", "s2"}

    async def test_what_people_placed_is_known_per_workspace(self, store: Store) -> None:
        await two_workspaces(store)
        await store.disputes.place("one", ["a1"], "g")
        await store.disputes.save("two", places(("b1", "b1")), [])
        assert await store.disputes.pinned("one") == {"a1"}
        assert await store.disputes.pinned("two") == set()

    async def test_people_place_stories_for_good(self, store: Store) -> None:
        await store.feeds.add(Feed(url=A, workspace="w"), NOW)
        await read_stories(store, story("s1"), story("s2"))
        await store.disputes.save("w", places(("s1", "g")), [])
        await store.disputes.place("w", ["s1", "s2"], "h")
        await store.disputes.save("w", places(("s1", "g"), ("s2", "g")), [])
        assert ids(await store.disputes.members("w", "h")) == ["s1", "s2"]
        assert await store.disputes.ungathered("w", 9) == []

    async def test_a_merged_dispute_leads_to_the_other_until_undone(self, store: Store) -> None:
        await store.feeds.add(Feed(url=A, workspace="w"), NOW)
        await read_stories(store, story("s1"), story("s2"), story("s3"))
        one, two, three = (dispute(f"d{n}", f"s{n}") for n in (1, 2, 3))
        groups = places(("s1", "d1"), ("s2", "d2"), ("s3", "d3"))
        await store.disputes.save("w", groups, [one, two, three])
        await store.disputes.place("w", ["s1"], "d2")
        assert await store.disputes.get("w", "key-d1") == two
        await store.disputes.place("w", ["s1", "s2"], "d3")
        assert await store.disputes.all("w") == [three]
        assert await store.disputes.get("w", "d1") == three
        await store.disputes.place("w", ["s1"], "d1")
        assert await store.disputes.get("w", "key-d1") == one
        assert await store.disputes.all("w") == [one, three]

    async def test_saving_is_all_or_nothing(self, store: Store) -> None:
        await store.feeds.add(Feed(url=A, workspace="w"), NOW)
        await read_stories(store, story("s1"))
        broken = replace(dispute("d"), changed="no moment")
        with pytest.raises(Exception):  # noqa: B017 - whatever it is, nothing is to be kept
            await store.disputes.save("w", places(("s1", "d")), [dispute("e"), broken])
        assert await store.disputes.members("w", "d") == []
        assert await store.disputes.all("w") == []
        assert ids(await store.disputes.ungathered("w", 9)) == ["s1"]

    async def test_overlays(self, store: Store) -> None:
        dues = ((date(2026, 2, 27), date(2026, 3, 1)),)
        overlay = Overlay(title="T", closed=False, aliases=(("P", "Pete"),), dues=dues)
        assert await store.disputes.overlay("w", "d") == Overlay()
        await store.disputes.set_overlay("w", "d", Overlay(title="old"))
        await store.disputes.set_overlay("w", "d", overlay)
        assert await store.disputes.overlay("w", "d") == overlay

    async def test_nothing_of_one_workspace_reaches_another(self, store: Store) -> None:
        await two_workspaces(store)
        theirs = dispute("b1")
        await store.disputes.save("two", places(("b1", "b1")), [theirs])
        await store.disputes.set_overlay("two", "b1", Overlay(title="secret"))
        await store.channels.save(Channel(name="c2", platform="console", workspace="two"))
        await store.channels.follow("two", "U1", "b1", True)
        await store.audit.add(AuditLine(at=NOW, workspace="two", person="U1", command="/x"))
        await store.disputes.place("one", ["b1"], "a1")  # guessed
        await store.disputes.save("one", places(("a1", "a1")), [])
        disputes = store.disputes
        assert [feed.url for feed in await store.feeds.all("one")] == [A]
        assert await store.stories.count("one") == 1
        assert await disputes.ungathered("one", 9) == []
        assert await disputes.members("one", "b1") == []
        assert ids(await disputes.members("one", "a1")) == ["a1"]
        assert [group for group, _ in await disputes.recent("one", NOW - HOUR)] == ["a1"]
        assert await disputes.all("one", announced=False) == []
        assert await disputes.get("one", "b1") is None
        assert await disputes.get("one", "key-b1") is None
        assert await disputes.overlay("one", "b1") == Overlay()
        assert await store.channels.all("one") == []
        assert await store.channels.followed("one", "U1") == []
        assert [line async for line in store.audit.lines("one")] == []
        assert await disputes.all("two") == [theirs], "and it is there for whom it belongs to"

    # ------------------------------------------------------------ channels

    async def test_channels_come_back_as_saved(self, store: Store) -> None:
        channel = Channel(
            name="policy",
            platform="slack",
            workspace="w",
            address="C1",
            feeds=(A, B),
            timezone="Europe/Berlin",
            schedule="daily 09:00",
            quiet="20:00-07:00",
            must=("AI",),
            exclude=("sponsored",),
        )
        await store.channels.save(channel)
        await store.channels.save(Channel(name="b", platform="console", workspace="w"))
        paused = replace(channel, paused="gone")
        await store.channels.save(paused)
        assert await store.channels.get("policy") == paused
        assert [c.name for c in await store.channels.all("w")] == ["policy", "b"]
        assert await store.channels.get("none") is None

    async def test_declared_channels_keep_pauses_and_commands(self, store: Store) -> None:
        made = Channel(name="made", platform="console", workspace="w")
        declared = Channel(name="file", platform="console", workspace="w", declared=True)
        await store.channels.save(made)
        await store.channels.declare([declared])
        changed = replace(declared, paused="by hand", schedule="hourly")
        await store.channels.save(changed)
        await store.channels.declare([replace(declared, timezone="Europe/Berlin")])
        expected = replace(changed, timezone="Europe/Berlin")
        assert await store.channels.all() == [made, expected]
        await store.channels.declare([])
        assert await store.channels.all() == [made]

    async def test_a_pause_outlives_the_file_taking_a_channel_over(self, store: Store) -> None:
        made = Channel(name="c", platform="console", workspace="w", paused="why", address="x")
        await store.channels.save(made)
        await store.channels.declare([Channel(name="c", platform="slack", workspace="w")])
        expected = Channel(name="c", platform="slack", workspace="w", paused="why", declared=True)
        assert await store.channels.all() == [expected]

    async def test_when_digests_were_made(self, store: Store) -> None:
        assert await store.channels.last_digest("policy") is None
        await store.channels.digested("policy", NOW)
        await store.channels.digested("policy", NOW + HOUR)
        assert await store.channels.last_digest("policy") == NOW + HOUR

    async def test_told_is_all_that_was_owed(self, store: Store) -> None:
        await store.outbox.owe([delivery("k1"), delivery("k2"), delivery("x", about="d2")])
        await store.outbox.owe([delivery("y", channel="elsewhere")])
        told = await store.channels.told("policy")
        assert told["d1"] == Told(stories=("s1",), sentences=("Said k1.", "Said k2."))
        assert set(told) == {"d1", "d2"}
        await store.outbox.sent(delivery("k2"), message("m2"))
        assert (await store.channels.told("policy"))["d1"].first == message("m2")

    async def test_following(self, store: Store) -> None:
        for dispute_id in ("d2", "d1", "d2"):
            await store.channels.follow("w", "U1", dispute_id, True)
        await store.channels.follow("w", "U2", "d3", True)
        assert sorted(await store.channels.followed("w", "U1")) == ["d1", "d2"]
        await store.channels.follow("w", "U1", "d1", False)
        await store.channels.follow("w", "U1", "d1", False)
        assert await store.channels.followed("w", "U1") == ["d2"]

    async def test_what_a_thread_is_about_is_kept_by_place(self, store: Store) -> None:
        def about(dispute: str, said: str, address: str = "C1") -> Thread:
            place = {"platform": "slack", "address": address, "message": "m1", "workspace": "w"}
            return Thread(**place, dispute=dispute, said=said, at=NOW)

        await store.channels.remember(about("d1", "first"))
        await store.channels.remember(about("d2", "then"))
        await store.channels.remember(about("d3", "elsewhere", address="C2"))
        assert await store.channels.thread("slack", "C1", "m1") == about("d2", "then")
        assert await store.channels.thread("slack", "C1", "m2") is None
        assert await store.channels.thread("discord", "C1", "m1") is None

    async def test_a_digest_that_was_sent_begins_a_thread_about_its_dispute(
        self, store: Store
    ) -> None:
        channel = Channel(name="policy", platform="slack", workspace="w", address="C1")
        await store.channels.save(channel)
        await store.outbox.owe([delivery("k1", about="d7")])
        [claimed] = await store.outbox.claim(NOW)
        await store.outbox.sent(claimed, message("m1"))
        await store.outbox.sent(claimed, message("m1"))
        found = await store.channels.thread("slack", "C1", "m1")
        assert found is not None
        assert (found.workspace, found.dispute, found.said) == ("w", "d7", "")

    async def test_platforms_keep_texts_of_their_own(self, store: Store) -> None:
        slack, discord = store.platform("slack"), store.platform("discord")
        await slack.put("install_%T2", "two", workspace="slack:T2")
        await slack.put("install_%T1", "one", workspace="slack:T1")
        await slack.put("install_%T1", "one more", workspace="slack:T1")
        await slack.put("installed", "x")
        await discord.put("commands", "hash")
        assert await slack.get("install_%T1") == "one more"
        assert await discord.get("install_%T1") is None
        found = await slack.all("install_%")
        assert list(found.items()) == [("install_%T1", "one more"), ("install_%T2", "two")]
        await slack.remove("install_%T2")
        assert set(await slack.all()) == {"install_%T1", "installed"}
        assert await discord.all() == {"commands": "hash"}

    # ------------------------------------------------------------ outbox

    async def test_owing_twice_owes_once(self, store: Store) -> None:
        assert await store.outbox.owe([delivery("k1"), delivery("k1")]) == 1
        again = delivery("k1", post=Post(heading="other", at=NOW))
        assert await store.outbox.owe([again, delivery("k2")]) == 1
        assert await store.outbox.all() == [delivery("k2"), delivery("k1")]
        assert await store.outbox.owe([]) == 0

    async def test_a_claim_is_committed_in_order_and_not_repeated(self, store: Store) -> None:
        await store.outbox.owe([delivery(f"k{n}", channel=f"c{n}") for n in (1, 2, 3)])
        claimed = await store.outbox.claim(NOW, limit=2, sender="me")
        taken = {"state": DeliveryState.SENDING, "since": NOW, "attempts": 1, "sender": "me"}
        assert claimed == [delivery(f"k{n}", channel=f"c{n}", **taken) for n in (1, 2)]
        assert [d.key for d in await store.outbox.claim(NOW)] == ["k3"]
        assert await store.outbox.claim(NOW) == []

    async def test_a_channel_gets_one_after_the_other(self, store: Store) -> None:
        rows = [delivery("k1"), delivery("k2"), delivery("k3", channel="elsewhere")]
        await store.outbox.owe(rows)
        first, other = await store.outbox.claim(NOW)
        assert (first.key, other.key) == ("k1", "k3")
        await store.outbox.again(first, NOW + HOUR, "not now")
        assert await store.outbox.claim(NOW) == [], "what comes later does not overtake it"
        (first,) = await store.outbox.claim(NOW + HOUR)
        await store.outbox.give_up(first, "no", unknown=False)
        assert [d.key for d in await store.outbox.claim(NOW + HOUR)] == ["k2"]

    async def test_what_waits_for_a_thread_holds_nothing_up(self, store: Store) -> None:
        details = delivery("k1", about="d9", in_thread=True)
        await store.outbox.owe([details, delivery("k2"), delivery("k3", in_thread=True)])
        (claimed,) = await store.outbox.claim(NOW)
        assert claimed.key == "k2"
        await store.outbox.sent(claimed, message("m1"))
        assert [d.key for d in await store.outbox.claim(NOW)] == ["k3"]

    async def test_a_platform_that_asked_to_wait_is_left_alone(self, store: Store) -> None:
        for name, platform, workspace in (("a", "p", "one"), ("b", "p", "two"), ("c", "q", "one")):
            await store.channels.save(Channel(name=name, platform=platform, workspace=workspace))
            await store.outbox.owe([delivery("k1", channel=name)])
        slow = Wait(platform="p", workspace="one", until=NOW + HOUR, why="asked to wait")
        await store.outbox.wait(slow)
        await store.outbox.wait(replace(slow, until=NOW + HOUR / 2))
        assert await store.outbox.waits(NOW) == [slow], "the longest counts"
        assert [d.channel for d in await store.outbox.claim(NOW, busy=["nobody"])] == ["b", "c"]
        assert await store.outbox.claim(NOW) == []
        assert await store.outbox.claim(NOW + HOUR, busy=["one"]) == []
        down = replace(slow, workspace="", until=NOW + 2 * HOUR)
        await store.outbox.wait(down)
        assert await store.outbox.claim(NOW + HOUR) == []
        assert [d.channel for d in await store.outbox.claim(NOW + 2 * HOUR)] == ["a"]

    async def test_an_attempt_that_does_not_count(self, store: Store) -> None:
        await store.outbox.owe([delivery("k1")])
        for _ in range(3):
            (claimed,) = await store.outbox.claim(NOW)
            await store.outbox.again(claimed, NOW, "nobody is there", counted=False)
        assert claimed.attempts == 1

    async def test_what_was_set_aside_is_retried_or_dropped(self, store: Store) -> None:
        await store.outbox.owe([delivery("k1"), delivery("k2")])
        for _ in range(2):
            (claimed,) = await store.outbox.claim(NOW)
            assert not await store.outbox.retry(claimed), "it is under way"
            assert not await store.outbox.drop(claimed), "it is under way"
            await store.outbox.give_up(claimed, "no", unknown=claimed.key == "k2")
        assert await store.outbox.counts() == {DeliveryState.FAILED: 1, DeliveryState.UNKNOWN: 1}
        assert await store.outbox.retry(delivery("k1"))
        assert await store.outbox.drop(delivery("k2"))
        (again,) = await store.outbox.claim(NOW)
        assert (again.key, again.attempts, again.error) == ("k1", 1, "")
        await store.outbox.sent(again, message("m1"))
        assert not await store.outbox.drop(again)
        assert await store.outbox.counts() == {DeliveryState.SENT: 1, DeliveryState.DROPPED: 1}
        assert set(await store.channels.told("policy")) == {"d1"}, "dropped is told"

    async def test_what_did_not_arrive_can_be_taken_back(self, store: Store) -> None:
        whole = delivery("catch-up", created=NOW)
        stood_for = delivery("k1", created=NOW, state=DeliveryState.SENT)
        await store.outbox.owe([whole, stood_for, delivery("k2", about="d2", created=NOW + HOUR)])
        assert await store.outbox.withdraw("elsewhere", NOW + HOUR) == 0
        assert await store.outbox.withdraw("policy", NOW + HOUR) == 1
        assert [d.key for d in await store.outbox.all()] == ["k2"]
        assert set(await store.channels.told("policy")) == {"d2"}

    async def test_the_first_message_is_to_be_edited_after_a_later_one(self, store: Store) -> None:
        await store.outbox.owe([delivery("k1"), delivery("k2")])
        for number in (1, 2):
            assert await store.outbox.to_edit() == []
            (claimed,) = await store.outbox.claim(NOW)
            await store.outbox.sent(claimed, message(f"m{number}"))
        (first,) = await store.outbox.to_edit()
        assert first.key == "k1"
        await store.outbox.edited(first)
        assert await store.outbox.to_edit() == []

    async def test_concurrent_claimers_never_share_a_row(self, store: Store, url: str) -> None:
        other = await open_store(url, clock=StoppedClock())
        await store.outbox.owe([delivery(f"k{n}", channel=f"c{n}") for n in range(120)])

        async def worker(one: Store) -> list[str]:
            keys: list[str] = []
            while claimed := await one.outbox.claim(NOW, limit=3):
                keys += [d.key for d in claimed]
            return keys

        got = await asyncio.gather(*(worker(one) for one in (store, other, store, other)))
        await other.close()
        keys = [key for some in got for key in some]
        assert len(keys) == len(set(keys)) == 120

    async def test_what_is_not_due_waits(self, store: Store) -> None:
        await store.outbox.owe([delivery("k1")])
        (claimed,) = await store.outbox.claim(NOW)
        await store.outbox.again(claimed, NOW + HOUR, "not now")
        assert await store.outbox.claim(NOW) == []
        (again,) = await store.outbox.claim(NOW + HOUR)
        assert (again.attempts, again.error) == (2, "not now")

    async def test_ends(self, store: Store) -> None:
        keys = ("sent", "failed", "unknown")
        await store.outbox.owe([delivery(k, channel=k) for k in keys])
        sent, failed, unknown = await store.outbox.claim(NOW)
        await store.outbox.sent(sent, message("m1"))
        await store.outbox.give_up(failed, "no", unknown=False)
        await store.outbox.give_up(unknown, "who knows", unknown=True)
        rows = {d.key: d for d in await store.outbox.all()}
        assert rows["sent"].state is DeliveryState.SENT
        assert rows["sent"].message == message("m1")
        assert (rows["failed"].state, rows["failed"].error) == (DeliveryState.FAILED, "no")
        assert rows["unknown"].state is DeliveryState.UNKNOWN
        assert await store.outbox.claim(NOW + 9 * HOUR) == []

    async def test_what_was_sent_stays_sent(self, store: Store) -> None:
        await store.outbox.owe([delivery("k1")])
        (claimed,) = await store.outbox.claim(NOW)
        await store.outbox.sent(claimed, message("m1"))
        await store.outbox.again(claimed, NOW, "late")
        await store.outbox.give_up(claimed, "late", unknown=True)
        (row,) = await store.outbox.all()
        assert (row.state, row.message) == (DeliveryState.SENT, message("m1"))

    async def test_a_claim_by_another_is_not_undone(self, store: Store) -> None:
        await store.outbox.owe([delivery("k1")])
        (first,) = await store.outbox.claim(NOW)
        await store.outbox.again(first, NOW, "found nothing")
        await store.outbox.claim(NOW + HOUR)
        await store.outbox.again(first, NOW, "late")
        assert await store.outbox.claim(NOW + HOUR) == []

    async def test_rows_left_in_sending(self, store: Store) -> None:
        await store.outbox.owe([delivery("k1"), delivery("k2", channel="elsewhere")])
        await store.outbox.claim(NOW, limit=1)
        await store.outbox.claim(NOW + HOUR)
        assert [d.key for d in await store.outbox.left_sending()] == ["k1", "k2"]
        assert [d.key for d in await store.outbox.left_sending(NOW + HOUR)] == ["k1"]
        assert await store.outbox.left_sending(NOW) == []

    async def test_later_deliveries_reply_to_the_first_message(self, store: Store) -> None:
        await store.outbox.owe([delivery("k1")])
        (first,) = await store.outbox.claim(NOW)
        await store.outbox.sent(first, message("m1"))
        elsewhere = delivery("k2", channel="elsewhere")
        await store.outbox.owe([delivery("k2"), delivery("k3", about="d2"), elsewhere])
        claimed = await store.outbox.claim(NOW)
        await store.outbox.give_up(claimed[0], "no", unknown=False)
        claimed += await store.outbox.claim(NOW)
        threads = {(d.key, d.channel): d.thread for d in claimed}
        assert threads == {
            ("k2", "policy"): message("m1"),
            ("k3", "policy"): None,
            ("k2", "elsewhere"): None,
        }

    async def test_all_newest_first(self, store: Store) -> None:
        await store.outbox.owe([delivery("k1"), delivery("k2"), delivery("k3", channel="c")])
        assert [d.key for d in await store.outbox.all()] == ["k3", "k2", "k1"]
        assert [d.key for d in await store.outbox.all("policy", limit=1)] == ["k2"]

    # ------------------------------------------------------------ audit, tidying, closing

    async def test_audit_lines_newest_first_over_pages(self, store: Store) -> None:
        for n in range(450):
            workspace = "w" if n % 2 else "v"
            line = AuditLine(at=NOW, workspace=workspace, person="U", command=str(n), result="ok")
            await store.audit.add(line)
        commands = [line.command async for line in store.audit.lines()]
        assert commands == [str(n) for n in reversed(range(450))]
        mine = [line async for line in store.audit.lines("w", limit=3)]
        assert [line.command for line in mine] == ["449", "447", "445"]
        assert mine[0].at == NOW

    async def test_tidying_keeps_what_belongs_to_a_dispute(self, store: Store) -> None:
        await two_workspaces(store)
        old = [story(id_, hours=-99) for id_ in ("kept", "group", "alone", "waiting")]
        await read_stories(store, *old)
        await store.disputes.save(
            "one",
            places(("kept", "d"), ("group", "g"), ("alone", "alone")),
            [dispute("d", "kept"), dispute("g", "group", announced=False)],
        )
        assert await store.tidy(NOW - HOUR) == 3
        assert set(await store.stories.get([s.id for s in old])) == {"kept"}
        assert ids(await store.disputes.ungathered("one", 9)) == ["a1"]
        assert [d.id for d in await store.disputes.all("one", announced=False)] == ["d"]
        assert await store.tidy(NOW - HOUR) == 0

    async def test_closed_twice_and_opened_again(self, store: Store, url: str) -> None:
        await store.feeds.add(Feed(url=A, workspace="w"), NOW)
        await store.close()
        await store.close()
        again = await open_store(url, clock=StoppedClock())
        assert len(await again.feeds.all()) == 1
        await again.close()

    async def test_many_tasks_at_once(self, store: Store) -> None:
        async def one(n: int) -> None:
            feed = Feed(url=f"{A}/{n}", workspace="w")
            await store.feeds.add(feed, NOW)
            await store.feeds.record([poll(story(f"s{n}", feed=feed.url), url=feed.url)])
            await store.stories.save_readings([reading(f"s{n}")], 1)

        await asyncio.gather(*map(one, range(40)))
        assert len(await store.disputes.ungathered("w", 99)) == 40
