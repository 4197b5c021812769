"""The App Home, and places that come and go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from slack_bolt.async_app import AsyncBoltContext

from adapters.slack import forms, inbound
from adapters.slack.home import SETTINGS, home, parts
from adapters.slack.inbound import Json, Origin
from adapters.slack.talk import Spoken, Talk
from adapters.slack.underway import UnderWay, team_of
from bot.model import Command, Post

Forget = Callable[[str], Awaitable[None]]
PLACES = {*inbound.LOST, *inbound.BACK, "app_uninstalled", "tokens_revoked"}


class Premises:
    """What a workspace sees at home, and which of its places are there."""

    def __init__(self, talk: Talk, under_way: UnderWay, forget: Forget) -> None:
        self._talk = talk
        self._under_way = under_way
        self._forget = forget

    @property
    def commands(self) -> Sequence[Command]:
        """Everything that can be said."""
        return self._talk.conversation.commands()

    async def home(self, event: Json, context: AsyncBoltContext) -> None:
        """Somebody opened the App Home."""
        if event.get("tab", "home") == "home":
            async with self._under_way:
                origin = Origin(team=team_of(context), user=event["user"])
                await self.publish(await self._talk.spoken(origin))

    async def publish(self, by: Spoken) -> None:
        admin = by.known.person.admin
        answers = []
        for title, command in parts(self.commands, admin=admin):
            _, post = await self._talk.answer(by, command.words)
            answers.append((title, post))
        answers += await self._settings(by)
        view = home(answers, self.commands, admin=admin)
        await by.web.call("views.publish", user_id=by.origin.user, view=view)

    async def _settings(self, by: Spoken) -> list[tuple[str, Post]]:
        """The settings of each channel of this workspace."""
        if inbound.command_of(SETTINGS, self.commands) is None:
            return []
        shown = []
        for name in await self._channels(by):
            _, post = await self._talk.answer(by, SETTINGS, channel=name or None)
            if not forms.refusal(post):
                shown.append((f"Settings of {name}" if name else "Settings", post))
        return shown

    async def _channels(self, by: Spoken) -> list[str]:
        named = ((c, a.name) for c in self.commands for a in c.arguments if a.kind == "channel")
        command, name = next(named, (None, ""))
        if command is None:
            return []
        asked = inbound.request(
            command.words, by.origin, by.known, self._talk.clock.now(), arguments=((name, ""),)
        )
        # Who may not choose channels is shown the only one there is, if there is but one.
        offered = [c.value for c in await self._talk.conversation.choices(asked, name)]
        return offered or [""]

    async def place(self, event: Json, context: AsyncBoltContext) -> None:
        """A channel was lost or is back, or the app was removed."""
        team = team_of(context)
        # After an uninstallation Slack does not say any more who the bot was.
        change = inbound.place_change(
            event, team, context.bot_user_id or "", self._talk.clock.now()
        )
        if change is None:
            return
        async with self._under_way:
            if inbound.uninstalled(event):
                await self._forget(team)
            await self._talk.conversation.changed(change)
