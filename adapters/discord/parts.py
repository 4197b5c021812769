"""A post as the messages that are sent: texts, buttons, files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import discord
from discord.abc import Messageable
from discord.ui import Button as UiButton
from discord.ui import Item, Select, View

from adapters.discord.keeping import Keeper
from adapters.discord.marks import CUSTOM_ID, Press, print_of
from adapters.discord.render import Option, render
from adapters.discord.text import plain
from bot.model import Attachment, Button, Post

SHARE = "Share to channel"
PICK = "Choose a dispute"
PICKED = "/dispute status"
"""What choosing a line of an overview asks for."""
MOST_BUTTONS, MOST_OPTIONS, MOST_FILES = 20, 25, 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One message: its text, and what goes with the one part that has buttons and files."""

    text: str
    items: tuple[Item[View], ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def print(self) -> str:
        """By what the text is known again."""
        return print_of(self.text)

    def view(self) -> View | None:
        """The buttons, None where there are none. Not kept by discord.py: ids say all."""
        if not self.items:
            return None
        view: View = View(timeout=None)
        for item in self.items:
            view.add_item(item)
        view.stop()
        return view

    def extras(self) -> dict[str, Any]:
        """The arguments that discord.py takes only where there is something to them."""
        view, files = self.view(), self.files()
        return ({"view": view} if view else {}) | ({"files": files} if files else {})

    async def send(
        self,
        place: Messageable,
        *,
        nonce: str,
        answers: discord.MessageReference | None = None,
    ) -> discord.Message:
        """Write it, without previews of links; as a reply that pings nobody, if `answers`."""
        more = self.extras()
        if answers is not None:
            more |= {"reference": answers, "mention_author": False}
        return await place.send(self.text, nonce=nonce, suppress_embeds=True, **more)

    def files(self) -> list[discord.File]:
        """The attachments, afresh for each try."""
        return [
            discord.File(BytesIO(a.content), filename=a.name, description=a.alt[:1024] or None)
            for a in self.attachments[:MOST_FILES]
        ]


async def parts_of(
    post: Post,
    keeper: Keeper,
    *,
    mark: str = "",
    home: str = "",
    on_last: bool = False,
    share: str = "",
) -> list[Part]:
    """The messages of a post; buttons and files are on the first, or on the last.

    `home` is the server that buttons in a direct message are about, `share` names the post for
    somebody who wants everybody to see it.
    """
    rendered = render(post)
    items = [await _button(b, keeper, mark, home) for b in _distinct(post.buttons)]
    if rendered.options:
        items.append(_select(rendered.options, mark, home))
    if share:
        shared = Press(value=share, kind="!", mark=mark, home=home)
        items.append(UiButton(label=SHARE, emoji="📣", custom_id=shared.custom_id))
    number = len(rendered.texts) - 1 if on_last else 0
    return [
        Part(text=text, items=tuple(items), attachments=post.attachments)
        if n == number
        else Part(text=text)
        for n, text in enumerate(rendered.texts)
    ]


def _distinct(buttons: Sequence[Button]) -> list[Button]:
    """The buttons, each command once: an id may stand once in a message."""
    return list({button.command: button for button in buttons}.values())[:MOST_BUTTONS]


async def _button(button: Button, keeper: Keeper, mark: str, home: str) -> Item[View]:
    room = CUSTOM_ID - len(Press(value="", kind="~", mark=mark, home=home).custom_id)
    command = await keeper.short(button.command, room)
    kind = "~" if command.startswith("~") else ""
    asked = Press(value=command.removeprefix("~"), kind=kind, mark=mark, home=home)
    label = plain(button.label)[:80] or "…"
    style = discord.ButtonStyle.secondary
    return UiButton(label=label, style=style, custom_id=asked.custom_id)


def _select(options: Sequence[Option], mark: str, home: str) -> Item[View]:
    asked = Press(value=PICKED, kind="?", mark=mark, home=home)
    lines = {o.value: o for o in options if len(o.value) <= 100}.values()
    return Select(
        custom_id=asked.custom_id,
        placeholder=PICK,
        options=[
            discord.SelectOption(
                label=o.label or o.value, value=o.value, description=o.more or None
            )
            for o in list(lines)[:MOST_OPTIONS]
        ],
    )
