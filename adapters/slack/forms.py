"""Forms and pickers, made from the table of commands. Pure.

A form carries in its private metadata what it is for: the command, and where it was asked for. What
comes back is checked again, like everything in a payload.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from adapters.slack import blocks as kit
from adapters.slack.escape import escape, fitted
from adapters.slack.inbound import Origin
from adapters.slack.render import render
from bot.model import Argument, Choice, Command, Note, Post

View = dict[str, Any]

TITLE = 24
PLACEHOLDER = 150
LABEL = 75
OPTION_VALUE = 150
OPTIONS = 100
BLOCKS = 95
METADATA = 3000
PICK = "pick"
CALLBACK = "form"
ARGUMENT = "arg:"
PICKED = ("dispute", "feed", "channel", "timezone")
"""Kinds of argument whose values are offered while somebody types."""


def waiting(title: str, text: str) -> View:
    """What stands there until there is something to show."""
    return _modal(title, [kit.section(kit.plain_text(fitted(text, kit.SECTION)))])


def picker(group: str, commands: Sequence[Command], origin: Origin, *, admin: bool) -> View:
    """All commands of a group that this person may use, to choose one of."""
    allowed = [c for c in commands if c.group == group and (admin or not c.admin)]
    options = [_option(f"{c.verb}: {c.help}", c.words) for c in allowed[:OPTIONS]]
    select = {
        "type": "static_select",
        "action_id": PICK,
        "placeholder": kit.plain_text("Choose"),
        "options": options,
    }
    prompt = kit.section(kit.plain_text("What would you like to do?"), select)
    return _modal(f"/{group}", [prompt], meta=_meta("", origin))


def form(
    command: Command,
    origin: Origin,
    *,
    given: Mapping[str, str] | None = None,
    wrong: str = "",
) -> View:
    """A form for a command's arguments; `wrong` says what was the matter with the last try."""
    said = f"About: {origin.before}" if origin.before else ""
    told = [kit.section(kit.plain_text(fitted(t, kit.SECTION))) for t in (command.help, said) if t]
    if wrong:
        told.append(kit.section(kit.plain_text(fitted(f"⚠ {wrong}", kit.SECTION))))
    inputs = [
        _input(argument, command, (given or {}).get(argument.name, ""))
        for argument in command.arguments
    ]
    view = _modal(command.words, [*told, *inputs], meta=_meta(command.words, origin))
    return view | {"callback_id": CALLBACK, "submit": kit.plain_text("OK")}


def result(post: Post, origin: Origin, *, share: str = "") -> View:
    """A post in a modal; what a modal cannot hold is said, and how to see it."""
    shown = [block for message in render(post, share=share) for block in message.blocks]
    if len(shown) > BLOCKS:
        more = f"There is more than fits here. Type: {share}" if share else "There is more."
        shown = [*shown[:BLOCKS], kit.context(kit.plain_text(escape(more)))]
    # Action ids need to be unique in a view, also where several messages' buttons come together.
    return _modal("Standoff", _distinct(shown), meta=_meta("", origin))


def _distinct(shown: Sequence[kit.Block]) -> list[kit.Block]:
    return [block | {"block_id": f"b{number}"} for number, block in enumerate(shown)]


def _modal(title: str, shown: Sequence[kit.Block], *, meta: str = "") -> View:
    return {
        "type": "modal",
        "title": kit.plain_text(fitted(title, TITLE)),
        "close": kit.plain_text("Close"),
        "blocks": list(shown),
        "private_metadata": meta,
    }


# ---------------------------------------------------------------- inputs


def _input(argument: Argument, command: Command, given: str) -> kit.Block:
    hint = {"hint": kit.plain_text(fitted(argument.help, 2000))} if argument.help else {}
    return {
        "type": "input",
        "block_id": f"{ARGUMENT}{argument.name}",
        "label": kit.plain_text(fitted(argument.name.replace("_", " ").capitalize(), 2000)),
        "element": _element(argument, command, given),
        "optional": not argument.required,
        **hint,
    }


def _element(argument: Argument, command: Command, given: str) -> kit.Block:
    named = {"action_id": f"{ARGUMENT}{argument.name}"}
    if argument.choices:
        options = [_option(choice, choice) for choice in argument.choices[:OPTIONS]]
        return named | {"type": "static_select", "options": options} | _chosen(given, options)
    if argument.kind in PICKED:
        chosen = {"initial_option": option(Choice(label=given, value=given))} if given else {}
        asked = {"type": "external_select", "min_query_length": 0}
        return named | asked | {"placeholder": kit.plain_text("Type to search")} | chosen
    if argument.kind == "file":
        return named | {"type": "file_input", "max_files": 1}
    written = {"initial_value": given} if given else {}
    if argument.kind == "number":
        return named | {"type": "number_input", "is_decimal_allowed": False} | written
    example = kit.plain_text(fitted(command.example, PLACEHOLDER))
    kind = "url_text_input" if argument.kind == "url" else "plain_text_input"
    return named | {"type": kind, "placeholder": example} | written


def _chosen(given: str, options: Sequence[kit.Block]) -> kit.Block:
    found = next((o for o in options if o["value"] == given), None)
    return {"initial_option": found} if found else {}


def option(choice: Choice) -> kit.Block:
    """A choice as an option of a menu. A value too long for one is named by its hash."""
    return _option(choice.label, carried(choice.value))


def carried(value: str) -> str:
    """The value as an option carries it."""
    if len(value) <= OPTION_VALUE:
        return value
    return f"sha256:{hashlib.sha256(value.encode()).hexdigest()[:32]}"


def _option(label: str, value: str) -> kit.Block:
    return {"text": kit.plain_text(fitted(label, LABEL) or "—"), "value": value}


# ---------------------------------------------------------------- what comes back


def values(state: Mapping[str, Any]) -> dict[str, str]:
    """The arguments of a submitted form, by name; a file is given by its id."""
    given = {}
    for block, elements in state.items():
        for element in elements.values():
            text = _value(element)
            if block.startswith(ARGUMENT) and text:
                given[block.removeprefix(ARGUMENT)] = text
    return given


def labels(state: Mapping[str, Any]) -> dict[str, str]:
    """What the chosen options of a form are called, by argument."""
    return {
        block.removeprefix(ARGUMENT): element["selected_option"]["text"]["text"]
        for block, elements in state.items()
        for element in elements.values()
        if element.get("selected_option")
    }


def _value(element: Mapping[str, Any]) -> str:
    if element.get("selected_option"):
        return str(element["selected_option"]["value"])
    if element.get("files"):
        return str(element["files"][0]["id"])
    return str(element.get("value") or "").strip()


def wrong_fields(command: Command, given: Mapping[str, str]) -> dict[str, str]:
    """What can be told to be wrong at once, by the block of its field."""
    wrong = {}
    for argument in command.arguments:
        text = given.get(argument.name, "")
        if argument.required and not text:
            wrong[f"{ARGUMENT}{argument.name}"] = "This is needed."
        elif argument.kind == "number" and text and not text.lstrip("-").isdecimal():
            wrong[f"{ARGUMENT}{argument.name}"] = "Give a whole number."
        elif argument.kind == "url" and text and not text.startswith(("http://", "https://")):
            wrong[f"{ARGUMENT}{argument.name}"] = "Give a web address: https://…"
    return wrong


def refusal(post: Post) -> str:
    """Why a post refuses, or '' where it says anything else."""
    notes = [b.text for b in post.blocks if isinstance(b, Note) and b.mood == "refused"]
    return " ".join(notes) if len(notes) == len(post.blocks) and not post.heading else ""


def _meta(words: str, origin: Origin) -> str:
    told = asdict(origin) | {"words": words}
    while len(json.dumps(told)) > METADATA:
        told["before"] = told["before"][: len(told["before"]) // 2]
    return json.dumps(told)


def meta_of(view: Mapping[str, Any], team: str, user: str) -> tuple[str, Origin]:
    """The command's words, and where the form was asked for; who asks, Slack says anew."""
    try:
        told = json.loads(view.get("private_metadata") or "{}")
        texts = {k: str(told.get(k, "")) for k in ("channel", "place", "thread", "before")}
        words, direct = str(told.get("words", "")), told.get("direct") is True
    except (ValueError, AttributeError):
        texts, words, direct = {}, "", False
    return words, Origin(team=team, user=user, direct=direct, **texts)
