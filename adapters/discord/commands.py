"""The conversation's commands as application commands, registered when they have changed."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

import discord
import structlog
from discord import app_commands

from adapters.discord.keeping import Keeper
from adapters.discord.marks import hashed
from adapters.discord.workspaces import workspace_of
from bot.model import Argument, Command

log = structlog.get_logger(__name__)

Interaction = discord.Interaction[Any]
Run = Callable[[Interaction, Command, Mapping[str, Any]], Awaitable[None]]
Complete = Callable[[Interaction, Command, str, str], Awaitable[list[app_commands.Choice[str]]]]
Ask = Callable[[Interaction, discord.Message], Awaitable[None]]

GROUPS = {
    "dispute": "Disputes in the news: where they stand, what comes next, questions",
    "feeds": "The feeds that are read for this server",
    "digest": "What this channel gets, and when",
}
ASK_ABOUT = "Ask about this"
FORMS = frozenset({"/feeds add", "/digest filter", "/dispute correct"})
"""Commands that show a form when they are called without what they need."""
COMPLETED = frozenset({"dispute", "feed", "channel", "timezone"})
EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
SERVERS = app_commands.AppInstallationType(guild=True, user=False)
MOST = 25


def fill(
    tree: app_commands.CommandTree[Any],
    commands: Sequence[Command],
    *,
    run: Run,
    complete: Complete,
    ask: Ask,
) -> None:
    """Put every command into the tree, and the one that messages have in their menu."""
    for name, members in groupby(sorted(commands, key=lambda c: c.group), lambda c: c.group):
        tree.add_command(_group(name, list(members), run, complete))

    async def about(interaction: Interaction, message: discord.Message) -> None:
        await ask(interaction, message)

    tree.add_command(
        app_commands.ContextMenu(
            name=ASK_ABOUT,
            callback=about,
            allowed_contexts=EVERYWHERE,
            allowed_installs=SERVERS,
        )
    )


def _group(
    name: str, members: Sequence[Command], run: Run, complete: Complete
) -> app_commands.Group:
    """`/feeds` with its sub-commands.

    Discord knows permissions of a group only, and a server's admins may change them: a group that
    is mostly for admins is shown to them alone at first, and who may do what is checked per command
    by the conversation in any case.
    """
    admins = sum(command.admin for command in members) * 2 > len(members)
    group = app_commands.Group(
        name=name,
        description=GROUPS.get(name, name),
        default_permissions=discord.Permissions(manage_guild=True) if admins else None,
        allowed_contexts=EVERYWHERE,
        allowed_installs=SERVERS,
    )
    for command in members:
        group.add_command(_command(command, run, complete))
    return group


def _command(command: Command, run: Run, complete: Complete) -> app_commands.Command[Any, ..., Any]:
    async def callback(interaction: Interaction, **given: Any) -> None:  # noqa: ANN401
        await run(interaction, command, {k: v for k, v in given.items() if v is not None})

    shown = [argument for argument in command.arguments if argument.name.isidentifier()]
    # Discord wants what is required first.
    form = command.words in FORMS
    ordered = sorted(shown, key=lambda argument: form or not argument.required)
    _sign(callback, ordered, form=form)
    describe = app_commands.describe(**{a.name: _short(a.help or a.name) for a in shown})
    describe(callback)
    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=command.verb, description=_short(command.help), callback=callback
    )
    for argument in shown:
        if _is_completed(argument):
            made.autocomplete(argument.name)(_completer(command, argument.name, complete))
    return made


def _sign(callback: Any, arguments: Sequence[Argument], *, form: bool) -> None:  # noqa: ANN401
    """Give a callback the parameters that discord.py reads the options from."""
    first = inspect.Parameter(
        "interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction
    )
    rest = [
        inspect.Parameter(
            a.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            annotation=_type(a),
            default=inspect.Parameter.empty if a.required and not form else None,
        )
        for a in arguments
    ]
    callback.__signature__ = inspect.Signature([first, *rest])
    fixed = {
        a.name: [app_commands.Choice(name=c[:100], value=c) for c in a.choices]
        for a in arguments
        if a.choices and not _is_completed(a)
    }
    if fixed:
        app_commands.choices(**fixed)(callback)


def _type(argument: Argument) -> Any:  # noqa: ANN401
    kinds: dict[str, Any] = {"number": int, "file": discord.Attachment}
    return kinds.get(argument.kind, str)


def _is_completed(argument: Argument) -> bool:
    """Whether values are offered while somebody types: always, if more than can be listed."""
    return argument.kind in COMPLETED or len(argument.choices) > MOST


def _completer(command: Command, name: str, complete: Complete) -> Any:  # noqa: ANN401
    async def offer(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await complete(interaction, command, name, current)

    return offer


def _short(text: str) -> str:
    """A description as Discord takes it: at most 100 characters."""
    return text if len(text) <= 100 else text[:97].rsplit(" ", 1)[0] + " …"


async def register(
    tree: app_commands.CommandTree[Any], keeper: Keeper, guilds: Sequence[int]
) -> None:
    """Tell Discord of the commands, for these servers or everywhere, if they have changed."""
    payload = [command.to_dict(tree) for command in tree.get_commands()]
    payload += [c.to_dict(tree) for c in tree.get_commands(type=discord.AppCommandType.message)]
    version = hashed(json.dumps(payload, sort_keys=True))
    for guild in guilds or (0,):
        key = f"commands:{guild}"
        if await keeper.get(key) == version:
            continue
        target = discord.Object(guild) if guild else None
        if target:
            tree.copy_global_to(guild=target)
        await tree.sync(guild=target)
        await keeper.put(key, version, workspace=workspace_of(guild) if guild else "")
        log.info("commands registered", server=guild or "everywhere", number=len(payload))
