"""What people do with commands, buttons, selects and forms: each becomes a request.

What stands in a button's id says what was offered, not what is allowed: the command is looked up,
the person's rights are Discord's of this moment, and the server is the one it was pressed in.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import discord
import structlog
from discord import app_commands

from adapters.discord.commands import COMPLETED, FORMS
from adapters.discord.desk import NO_SERVER, Desk, Seen, Where, where
from adapters.discord.faults import ALREADY_ANSWERED, TOO_LATE, code_of
from adapters.discord.forms import ASK, FORM, command_form, filled, question_form
from adapters.discord.keeping import Keeper
from adapters.discord.marks import Press
from adapters.discord.parts import parts_of
from adapters.discord.people import People, Standing, person
from adapters.discord.reply import Interaction, Reply, Shared
from adapters.discord.sending import ref
from adapters.discord.workspaces import workspace_of
from bot.model import Choice, Command, Post, Request

log = structlog.get_logger(__name__)

OFFERING = 2.0
"""Seconds for values to choose from; nothing is offered after that."""
LARGEST_FILE = 5 << 20
TEXTS = 200
OLD = "I do not know this button any more; type the command instead, or see /dispute help."


class Acts:
    """Handles interactions. Every one gets an answer, in time."""

    def __init__(self, *, desk: Desk, keeper: Keeper, people: People) -> None:
        self._desk = desk
        self._keeper = keeper
        self._people = people
        self._shared = Shared()
        self._seen = Seen()
        self._texts: OrderedDict[int, str] = OrderedDict()

    # ------------------------------------------------------------ commands

    async def command(
        self, interaction: Interaction, command: Command, given: Mapping[str, Any]
    ) -> None:
        """`/group verb` with its options."""
        if not self._seen.first(interaction.id):
            return
        words = {k: v for k, v in given.items() if not isinstance(v, discord.Attachment)}
        arguments = {k: await self._keeper.long(str(v)) or "" for k, v in words.items()}
        if _lacks(command, given) and command.words in FORMS:
            await self._show_form(interaction, command, arguments)
            return
        attached = [v for v in given.values() if isinstance(v, discord.Attachment)]
        await self._carry_out(interaction, command.words, arguments, attached)

    async def _carry_out(
        self,
        interaction: Interaction,
        text: str,
        arguments: Mapping[str, str] | None,
        attached: Sequence[discord.Attachment] = (),
        *,
        home: str = "",
        before: str = "",
        spot: Where | None = None,
    ) -> None:
        """Ask the conversation, and show what it says."""
        reply = self._reply(interaction, home)
        asked: list[Request] = []

        async def work() -> Post:
            standing = await self._standing(interaction, home)
            if standing is None:
                return self._desk.remark(NO_SERVER)
            if attached and attached[0].size > LARGEST_FILE:
                return self._desk.remark(f"A file may have {LARGEST_FILE >> 20} MB at most.")
            file = await _read(attached[0]) if attached else None
            request = self._desk.request(
                text,
                standing,
                spot or where(interaction.channel),
                arguments=tuple(arguments.items()) if arguments is not None else None,
                before=before,
                file=file,
            )
            asked.append(request)
            return await self._desk.answer(request, reply.progress)

        post, message = await reply.finish(work())
        if asked and message is not None:
            await self._desk.conversation.answered(asked[0], post, ref(message))

    def _reply(self, interaction: Interaction, home: str) -> Reply:
        async def late(post: Post) -> discord.Message | None:
            return await self._elsewhere(interaction, post)

        return Reply(interaction, keeper=self._keeper, shared=self._shared, home=home, late=late)

    async def _elsewhere(self, interaction: Interaction, post: Post) -> discord.Message | None:
        """Where Discord takes no answer any more: to the person, or to the channel."""
        home = str(interaction.guild_id or "") if post.private else ""
        parts = await parts_of(post, self._keeper, home=home, on_last=True)
        place = interaction.user if post.private else interaction.channel
        if not isinstance(place, discord.abc.Messageable):
            return None
        try:
            sent = [
                await part.send(place, nonce=f"i{interaction.id}-{n}")
                for n, part in enumerate(parts)
            ]
        except discord.HTTPException as error:
            log.warning("an answer that was late could not be shown", code=code_of(error))
            return None
        return None if post.private else sent[0]

    async def _standing(self, interaction: Interaction, home: str = "") -> Standing | None:
        """Who acts, with the rights they have in this moment."""
        if interaction.guild_id is None:
            return await self._people.alone(interaction.client, interaction.user, home)
        await self._people.seen(interaction.user, interaction.guild_id)
        return Standing(
            person=person(interaction.user, interaction.permissions),
            workspace=workspace_of(interaction.guild_id),
        )

    # ------------------------------------------------------------ values while somebody types

    async def complete(
        self, interaction: Interaction, command: Command, argument: str, typed: str
    ) -> list[app_commands.Choice[str]]:
        """At most 25 values for an option; none where it takes too long."""
        given = {name: str(value) for name, value in interaction.namespace if value is not None}
        try:
            async with asyncio.timeout(OFFERING):
                choices = await self._choices(interaction, command, argument, given, typed)
        except TimeoutError:
            return []
        return [
            app_commands.Choice(
                name=choice.label[:100] or choice.value[:100],
                value=await self._keeper.short(choice.value, 100),
            )
            for choice in choices[:25]
        ]

    async def _choices(
        self,
        interaction: Interaction,
        command: Command,
        argument: str,
        given: Mapping[str, str],
        typed: str = "",
    ) -> Sequence[Choice]:
        standing = await self._standing(interaction)
        if standing is None:
            return []
        so_far = tuple((dict(given) | {argument: typed}).items())
        request = self._desk.request(
            command.words, standing, where(interaction.channel), arguments=so_far
        )
        return await self._desk.conversation.choices(request, argument)

    # ------------------------------------------------------------ buttons and selects

    async def pressed(
        self, interaction: Interaction, pressed: Press, values: Sequence[str] = ()
    ) -> None:
        """A button or select of ours."""
        if not self._seen.first(interaction.id):
            return
        if pressed.kind == "!":
            await self._share(interaction, pressed)
            return
        line = await self._line(pressed, values)
        command = self._desk.command(line) if line else None
        if line is None or command is None:
            await self._say(interaction, OLD)
        elif line == command.words and _lacks(command, {}) and command.arguments:
            await self._show_form(interaction, command, {})
        else:
            await self._carry_out(interaction, line, None, home=pressed.home)

    async def _line(self, pressed: Press, values: Sequence[str]) -> str | None:
        match pressed.kind:
            case "~":
                return await self._keeper.long(f"~{pressed.value}")
            case "?":
                return f"{pressed.value} {values[0]}" if values else None
        return pressed.value

    async def _share(self, interaction: Interaction, pressed: Press) -> None:
        """Show everybody what one person was shown, if that person may write here."""
        post = self._shared.get(pressed.value)
        channel = interaction.channel
        if post is None:
            await self._say(interaction, "This is too old to be shared; ask for it again.")
        elif (
            not interaction.permissions.send_messages and not interaction.permissions.administrator
        ):
            await self._say(interaction, "You may not write in this channel, so I do not either.")
        elif not isinstance(channel, discord.abc.Messageable):
            await self._say(interaction, "This is no channel that I can write in.")
        else:
            await self._tried(interaction.response.defer())
            for n, part in enumerate(await parts_of(post, self._keeper, on_last=True)):
                await part.send(channel, nonce=f"i{interaction.id}-{n}")

    # ------------------------------------------------------------ forms

    async def _show_form(
        self, interaction: Interaction, command: Command, given: Mapping[str, str]
    ) -> None:
        standing = await self._standing(interaction)
        if command.admin and standing is not None and not standing.person.admin:
            # The conversation says why not, in its own words.
            await self._carry_out(interaction, command.words, dict(given))
            return
        offered: dict[str, Sequence[Choice]] = {}
        try:
            async with asyncio.timeout(OFFERING / 2):
                for argument in command.arguments:
                    if argument.kind in COMPLETED - {"timezone"}:
                        offered[argument.name] = await self._choices(
                            interaction, command, argument.name, given
                        )
        except TimeoutError:
            offered = {}
        await self._tried(interaction.response.send_modal(command_form(command, given, offered)))

    async def submitted(self, interaction: Interaction) -> None:
        """A form was sent off."""
        data: Mapping[str, Any] = interaction.data or {}
        name = str(data.get("custom_id", ""))
        if not self._seen.first(interaction.id):
            return
        if name.startswith(ASK):
            await self._asked_about(interaction, int(name.removeprefix(ASK)), filled(data))
        elif name.startswith(FORM) and (command := self._desk.command(name.removeprefix(FORM))):
            await self._carry_out(interaction, command.words, filled(data))

    async def ask_about(self, interaction: Interaction, message: discord.Message) -> None:
        """'Ask about this' in a message's menu."""
        self._texts[message.id] = message.content
        while len(self._texts) > TEXTS:
            self._texts.popitem(last=False)
        await self._tried(interaction.response.send_modal(question_form(message.id)))

    async def _asked_about(
        self, interaction: Interaction, message: int, values: Mapping[str, str]
    ) -> None:
        spot = where(interaction.channel, message)
        before = self._texts.get(message, "")
        question = values.get("question", "").lstrip("/ ")
        await self._carry_out(interaction, question, None, before=before, spot=spot)

    # ------------------------------------------------------------ shared

    async def interaction(self, interaction: Interaction) -> None:
        """The event of any interaction; forms are taken here, so that they outlive a restart."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self.submitted(interaction)

    async def _say(self, interaction: Interaction, text: str) -> None:
        async def remark() -> Post:
            return self._desk.remark(text)

        await self._reply(interaction, "").finish(remark())

    async def _tried(self, sending: Any) -> None:  # noqa: ANN401
        try:
            await sending
        except discord.HTTPException as error:
            if code_of(error) not in TOO_LATE | {ALREADY_ANSWERED}:
                raise
            log.warning("an interaction had expired", code=code_of(error))


def _lacks(command: Command, given: Mapping[str, Any]) -> bool:
    return any(a.required and not given.get(a.name) for a in command.arguments)


async def _read(attachment: discord.Attachment) -> str:
    """The text of a file that somebody attached."""
    return (await attachment.read()).decode("utf-8", "replace")
