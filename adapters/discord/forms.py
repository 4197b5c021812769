"""Forms (modals): a field for each argument of a command, and what was put into them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord.ui import Label, Modal, Select, TextInput

from bot.model import Argument, Choice, Command

FORM, ASK = "so-form:", "so-ask:"
"""How the custom_id of a form begins; it says all, so a restart while it is open is no loss."""
MOST = 5


def command_form(
    command: Command, given: Mapping[str, str], offered: Mapping[str, Sequence[Choice]]
) -> Modal:
    """A form for a command, with what was `given` filled in."""
    form = Modal(title=command.words[:45], custom_id=f"{FORM}{command.words}"[:100])
    for argument in command.arguments[:MOST]:
        if argument.kind != "file":
            value = given.get(argument.name, "")
            form.add_item(_field(argument, value, offered.get(argument.name, ())))
    return _done(form)


def question_form(message: int) -> Modal:
    """A form for a question about a message."""
    form = Modal(title="Ask about this", custom_id=f"{ASK}{message}")
    asked: TextInput[Modal] = TextInput(
        custom_id="question", max_length=500, placeholder="Who wants what, and by when?"
    )
    form.add_item(Label(text="What do you want to know?", component=asked))
    return _done(form)


def _done(form: Modal) -> Modal:
    # discord.py keeps a form until it is finished; ours says all it needs in its id.
    form.stop()
    return form


def _field(argument: Argument, value: str, offered: Sequence[Choice]) -> Label[Modal]:
    optional = "" if argument.required else " (optional)"
    choices = offered or [Choice(label=c, value=c) for c in argument.choices]
    fitting = [c for c in choices if len(c.value) <= 100][:25]
    component: Any
    if fitting:
        options = [
            discord.SelectOption(label=c.label[:100], value=c.value, default=c.value == value)
            for c in fitting
        ]
        component = Select(custom_id=argument.name, options=options, required=argument.required)
    else:
        component = TextInput(
            custom_id=argument.name,
            required=argument.required,
            default=value or None,
            max_length=2000,
        )
    label = f"{argument.name.replace('_', ' ').capitalize()}{optional}"[:45]
    return Label(text=label, description=argument.help[:100] or None, component=component)


def filled(data: Mapping[str, Any]) -> dict[str, str]:
    """What was put into the fields of a form, by the name of the argument."""
    return {name: value for name, value in _values(data.get("components", ())) if value}


def _values(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for component in components:
        inner = component.get("component") or component
        if "custom_id" in inner:
            values = inner.get("values") or []
            yield inner["custom_id"], str(inner.get("value") or "".join(values[:1]))
        yield from _values(component.get("components", ()))
