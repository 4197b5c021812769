"""Channels of every kind, threads that are shut, servers that come and go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.adapters.discord.worlds import NOW, DiscordWorld, world
from tests.contracts.platform import digest, long, note, refused, soon
from tests.fakes.discord.world import (
    CREATE_THREADS,
    FORUM,
    HISTORY,
    NEWS,
    NEWS_THREAD,
    SEND_IN_THREADS,
    VIEW,
    Guild,
    User,
)

SINCE = NOW - timedelta(hours=1)


# ---------------------------------------------------------------- kinds of channels


@pytest.mark.parametrize(
    ("tags", "required", "chosen"),
    [
        ([], False, []),
        (["news", "escalating"], False, ["escalating"]),
        (["news", "stalled"], False, []),
        (["news", "stalled"], True, ["news"]),
    ],
)
async def test_a_forum_gets_posts_with_their_tags(
    tags: list[str], required: bool, chosen: list[str]
) -> None:
    async with world(listening=False) as made:
        forum = made.stand.channel(made.guild, "news", FORUM, tags=tags, tag_required=required)
        channel = made.channel_of(forum)
        ref = await made.platform.post(channel, digest(), "k1")
        assert ref.thread == ref.message
        (body,) = [b for m, p, b in made.stand.requests if p == f"/channels/{forum.id}/threads"]
        assert body.get("applied_tags", []) == [str(forum.tag_id(name)) for name in chosen]
        assert body["name"] == "Dockers v. Harbour Board over night shifts"
        reply = await made.platform.reply(channel, ref, digest(), "k2")
        assert reply.channel == ref.message
        for key, message in (("k1", ref), ("k2", reply)):
            found = await made.platform.find(channel, key, SINCE)
            assert found is not None
            assert found.message == message.message
        await made.platform.edit(channel, ref, note("Settled."))
        assert made.messages(channel)[0].text == "Settled."


async def test_a_forum_without_a_tag_to_use_says_so() -> None:
    async with world(listening=False) as made:
        forum = made.stand.channel(made.guild, "news", FORUM, tag_required=True)
        error = await refused(made.platform.post(made.channel_of(forum), digest(), "k1"))
        assert error.gone
        assert "make a tag" in str(error)


async def test_a_long_post_in_a_forum_goes_on_in_its_own_thread() -> None:
    async with world(listening=False) as made:
        forum = made.stand.channel(made.guild, "news", FORUM)
        channel = made.channel_of(forum)
        await made.platform.post(channel, long(), "k1")
        seen = made.messages(channel)
        assert len(seen) > 3
        assert len({message.thread for message in seen}) == 1


async def test_an_announcement_channel_has_threads_of_its_kind() -> None:
    async with world(listening=False) as made:
        news = made.stand.channel(made.guild, "news", NEWS)
        first = await made.platform.post(made.channel_of(news), digest(), "k1")
        await made.platform.reply(made.channel_of(news), first, digest(), "k2")
        assert made.stand.places[int(first.message)].type == NEWS_THREAD


async def test_a_long_post_goes_on_in_the_thread_of_its_first_message() -> None:
    async with world(listening=False) as made:
        ref = await made.platform.post(made.channel, long(), "k1")
        seen = made.messages(made.channel)
        assert [m.id for m in seen if not m.thread] == [ref.message]
        assert {m.thread for m in seen if m.thread} == {ref.message}


async def test_an_address_that_is_no_id_says_how_to_get_one() -> None:
    async with world(listening=False) as made:
        channel = made.channel_of(made.place)
        wrong = type(channel)(
            name="x", platform="discord", workspace=channel.workspace, address="#policy"
        )
        error = await refused(made.platform.post(wrong, digest(), "k1"))
        assert "Copy Channel ID" in str(error)


# ---------------------------------------------------------------- threads that are shut


async def test_an_archived_thread_wakes_up() -> None:
    async with world(listening=False) as made:
        first = await made.platform.post(made.channel, digest(), "k1")
        await made.platform.reply(made.channel, first, digest(), "k2")
        thread = made.stand.places[int(first.message)]
        thread.archived = True
        reply = await made.platform.reply(made.channel, first, digest(), "k3")
        assert reply.thread == str(thread.id)
        assert not thread.archived


@pytest.mark.parametrize("how", ["locked", "deleted", "no right to write", "no right to make"])
async def test_where_there_is_no_thread_it_is_a_reply_in_the_channel(how: str) -> None:
    async with world(listening=False) as made:
        first = await made.platform.post(made.channel, digest(), "k1")
        if how != "no right to make":
            await made.platform.reply(made.channel, first, digest(), "k2")
            thread = made.stand.places[int(first.message)]
        everyone = made.guild.roles[0]
        match how:
            case "locked":
                thread.archived = thread.locked = True
            case "deleted":
                thread.gone = True
            case "no right to write":
                everyone.permissions &= ~SEND_IN_THREADS
            case "no right to make":
                everyone.permissions &= ~CREATE_THREADS
        reply = await made.platform.reply(made.channel, first, digest(), "k3")
        message = made.stood(reply)
        assert message.place is made.place
        assert message.reference is not None
        assert message.reference["message_id"] == first.message
        found = await made.platform.find(made.channel, "k3", SINCE)
        assert found is not None
        assert found.message == reply.message


async def test_an_edit_of_a_message_that_is_gone_says_so() -> None:
    async with world(listening=False) as made:
        ref = await made.platform.post(made.channel, digest(), "k1")
        del made.stand.messages[int(ref.message)]
        error = await refused(made.platform.edit(made.channel, ref, digest()))
        assert not error.gone
        assert not error.ambiguous


# ---------------------------------------------------------------- what becomes of places


async def altered(made: DiscordWorld) -> None:
    await made.stand.gateway.tell("CHANNEL_UPDATE", made.place.json(), guild=made.guild.id)


async def test_rights_that_are_taken_and_given_back_are_told_once_each() -> None:
    async with world() as made:
        await made.platform.post(made.channel, digest(), "k1")
        made.place.overwrites[made.guild.id] = (0, VIEW)
        for _ in range(2):
            await altered(made)
        await soon(lambda: len(made.conversation.changes) == 2)
        lost = made.conversation.changes[1]
        assert (lost.kind, lost.address) == ("lost", str(made.place.id))
        assert "View Channel" in lost.why
        owner = made.stand.dm(made.guild.owner)
        await soon(lambda: len(made.stand.messages_in(owner)) == 1)
        assert "#policy" in made.stand.messages_in(owner)[0].content
        made.place.overwrites.clear()
        await altered(made)
        await soon(lambda: len(made.conversation.changes) == 3)
        assert made.conversation.changes[2].kind == "back"
        assert len(made.stand.messages_in(owner)) == 1


async def test_what_a_post_found_lost_is_taken_up_again() -> None:
    async with world() as made:
        made.place.overwrites[made.guild.id] = (0, VIEW)
        error = await refused(made.platform.post(made.channel, digest(), "k1"))
        assert error.gone
        assert str(error).startswith("cannot be posted to"), "as the conversation pauses"
        await altered(made)
        made.place.overwrites.clear()
        await altered(made)
        await soon(lambda: made.conversation.changes[-1].kind == "back")
        assert [c.kind for c in made.conversation.changes] == ["joined", "back"]


async def test_a_role_that_is_changed_is_noticed() -> None:
    async with world() as made:
        await made.platform.post(made.channel, digest(), "k1")
        everyone = made.guild.roles[0]
        everyone.permissions &= ~HISTORY
        data = {"guild_id": str(made.guild.id), "role": everyone.json()}
        await made.stand.gateway.tell("GUILD_ROLE_UPDATE", data, guild=made.guild.id)
        await soon(lambda: len(made.conversation.changes) == 2)
        assert "Read Message History" in made.conversation.changes[1].why


async def test_a_channel_that_is_deleted_is_told_and_others_are_not() -> None:
    async with world() as made:
        await made.platform.post(made.channel, digest(), "k1")
        other = made.stand.channel(made.guild, "other")
        await made.stand.gateway.tell("CHANNEL_CREATE", other.json(), guild=made.guild.id)
        for place in (other, made.place):
            place.gone = True
            await made.stand.gateway.tell("CHANNEL_DELETE", place.json(), guild=made.guild.id)
        await soon(lambda: len(made.conversation.changes) == 2)
        assert made.conversation.changes[1].address == str(made.place.id)
        assert "deleted" in made.conversation.changes[1].why


async def test_servers_that_are_joined_and_left() -> None:
    async with world() as made:
        new = made.stand.guild("new")
        await made.stand.gateway.tell(
            "GUILD_CREATE", new.gateway(made.stand.bot, new=True), guild=new.id
        )
        await soon(lambda: len(made.conversation.changes) == 2)
        del made.stand.guilds[new.id]
        await made.stand.gateway.tell("GUILD_DELETE", _left(new), guild=new.id)
        await soon(lambda: len(made.conversation.changes) == 3)
        kinds = [(c.kind, c.workspace) for c in made.conversation.changes]
        assert kinds[1:] == [("joined", f"discord:{new.id}"), ("left", f"discord:{new.id}")]


def _left(guild: Guild) -> dict[str, str]:
    return {"id": str(guild.id)}


async def test_what_happened_while_it_was_away_is_told_on_return() -> None:
    async with world() as made:
        await made.platform.post(made.channel, digest(), "k1")
        new = made.stand.guild("new")
        await made.stand.gateway.tell(
            "GUILD_CREATE", new.gateway(made.stand.bot, new=True), guild=new.id
        )
        await soon(lambda: len(made.conversation.changes) == 2)
        await made.stop()
        del made.stand.guilds[new.id]
        made.place.overwrites[made.guild.id] = (0, VIEW)
        await made.start()
        await soon(lambda: len(made.conversation.changes) == 4)
        assert {c.kind for c in made.conversation.changes[2:]} == {"left", "lost"}


# ---------------------------------------------------------------- examining and admins


async def test_each_missing_right_is_named() -> None:
    async with world(listening=False) as made:
        made.place.overwrites[made.guild.id] = (0, HISTORY)
        findings = await made.platform.examine([made.channel])
        (finding,) = [f for f in findings if f.about == "channel 'policy'"]
        assert not finding.ok
        assert "Read Message History" in finding.what
        assert "settings" in finding.advice
        made.place.overwrites[made.guild.id] = (0, SEND_IN_THREADS)
        findings = await made.platform.examine([made.channel])
        (finding,) = [f for f in findings if f.about == "channel 'policy'"]
        assert not finding.ok
        assert "Send Messages in Threads" in finding.what


async def test_a_channel_of_another_server_is_named() -> None:
    async with world(listening=False) as made:
        other = made.stand.channel(made.stand.guild("other"), "elsewhere")
        findings = await made.platform.examine([made.channel_of(other)])
        assert any("not in" in f.what and "workspace" in f.advice for f in findings)


@pytest.mark.parametrize("may_read", [True, False])
async def test_it_says_what_it_can_read(may_read: bool) -> None:
    async with world(listening=False, may_read=may_read) as made:
        findings = await made.platform.examine([])
        assert all(f.ok for f in findings)
        assert any("Message Content" in f.advice for f in findings) != may_read


async def test_an_owner_who_takes_no_messages_leaves_the_system_channel() -> None:
    async with world() as made:
        made.guild.owner.takes_messages = False
        assert not await made.platform.tell_admin(made.channel.workspace, note("Mind this."))
        quiet = User("quiet", takes_messages=False)
        made.stand.users[quiet.id] = quiet
        guild = made.stand.guild("second", owner=quiet)
        place = made.stand.channel(guild, "general")
        guild.system = place.id
        await made.stand.gateway.tell(
            "GUILD_CREATE", guild.gateway(made.stand.bot, new=True), guild=guild.id
        )
        await soon(lambda: len(made.conversation.changes) == 2)
        assert await made.platform.tell_admin(f"discord:{guild.id}", note("Mind this."))
        assert [m.content for m in made.stand.messages_in(place)] == ["Mind this."]
