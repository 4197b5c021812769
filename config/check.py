"""Checks that concern more than one setting: what names what, and what a platform needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from bot.redaction import is_secret_name, redact
from config.document import KeyPath
from config.faults import Fault
from config.options import PREFIX, Options
from config.platforms import NEEDED, VARIABLES, variable_of
from config.values import PLATFORMS, nearest


def secrets_in(data: Mapping[str, object]) -> list[Fault]:
    """Tokens and passwords that stand in the file, each with the place where it belongs."""
    return [fault for path, text in _texts(data, ()) if (fault := _secret(path, text))]


def _texts(data: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from _texts(value, (*path, name))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _texts(value, (*path, number))
    elif isinstance(data, str):
        yield path, data


def _secret(path: KeyPath, text: str) -> Fault | None:
    if path == ("database",):
        variable = f"{PREFIX}DATABASE" if urlsplit(text).password else ""
    elif path[0] == "platforms" and len(path) == 3:
        platform, name = str(path[1]), str(path[2])
        secret = _declared_secret(platform, name) or is_secret_name(name) or redact(text) != text
        variable = variable_of(platform, name) if secret else ""
    elif path[0] != "feeds" and not text.startswith("http") and redact(text) != text:
        variable = "a variable of the environment"
    else:
        variable = ""
    if not variable:
        return None
    elsewhere = f"put it in {variable}"
    if " " not in variable:
        elsewhere += f", or in a file named by {variable}_FILE"
    return Fault(path=path, wrong=f"a secret does not belong in this file; {elsewhere}")


def _declared_secret(platform: str, name: str) -> bool:
    option = VARIABLES.get(variable_of(platform, name))
    return option is not None and option.secret


def cross_faults(options: Options, variables: Collection[str]) -> list[Fault]:
    """What is wrong between settings that are each right by themselves."""
    return [
        *_polling(options),
        *_missing(options),
        *_doubled("feeds", "url", [feed.url for feed in options.feeds]),
        *_doubled("channels", "name", [channel.name for channel in options.channels]),
        *_unknown_channels(options),
        *_unfed_channels(options),
        *_unknown_platforms(options),
        *_unconnected_platforms(options, variables),
        *_model(options),
    ]


def _model(options: Options) -> Iterator[Fault]:
    """A language model needs a server and a name."""
    table = options.summarizer
    for name, value in (("url", table.url), ("model", table.model)):
        if table.kind == "llm" and not value:
            yield Fault(path=("summarizer", name), wrong="is missing; kind 'llm' needs it")


def _polling(options: Options) -> Iterator[Fault]:
    polling = options.polling
    if polling.min > polling.max:
        yield Fault(path=("polling", "min"), wrong="is longer than 'max'")
    elif not polling.min <= polling.every <= polling.max:
        yield Fault(path=("polling", "every"), wrong="does not lie between 'min' and 'max'")


def _missing(options: Options) -> Iterator[Fault]:
    for number, feed in enumerate(options.feeds):
        if not feed.url:
            yield Fault(path=("feeds", number, "url"), wrong="is missing; every feed needs one")
    for number, channel in enumerate(options.channels):
        if not channel.name:
            wrong = "is missing; every channel needs one"
            yield Fault(path=("channels", number, "name"), wrong=wrong)
        for key in ("id", "workspace"):
            if channel.platform in NEEDED and not getattr(channel, key):
                wrong = f"is missing; {WHERE[channel.platform, key]}"
                yield Fault(path=("channels", number, key), wrong=wrong)


WHERE = {
    (
        "slack",
        "id",
    ): "open the channel's details in Slack and copy the channel ID (C…)",
    ("slack", "workspace"): "it is the T… in the address of Slack in a browser",
    ("discord", "id"): "switch on Developer Mode in Discord, then Copy Channel ID",
    ("discord", "workspace"): "switch on Developer Mode in Discord, then Copy Server ID",
}


def _doubled(table: str, key: str, values: list[str]) -> Iterator[Fault]:
    for number, value in enumerate(values):
        if value and value in values[:number]:
            wrong = f"'{redact(value)}' stands here for the second time; each may stand once"
            yield Fault(path=(table, number, key), wrong=wrong)


def _unknown_channels(options: Options) -> Iterator[Fault]:
    names = [channel.name for channel in options.channels]
    for number, feed in enumerate(options.feeds):
        for position, name in enumerate(feed.channels):
            if name not in names:
                wrong = f"there is no channel '{name}'{nearest(name, names)}"
                yield Fault(path=("feeds", number, "channels", position), wrong=wrong)


def _unfed_channels(options: Options) -> Iterator[Fault]:
    """To the store a channel without feeds gets all of them, which nobody meant here."""
    if not options.feeds or any(not feed.channels for feed in options.feeds):
        return
    fed = {name for feed in options.feeds for name in feed.channels}
    # In a workspace that no feed goes to, people add feeds from chat.
    places = {(c.platform, c.workspace) for c in options.channels if c.name in fed}
    for number, channel in enumerate(options.channels):
        here = (channel.platform, channel.workspace)
        if channel.name and channel.name not in fed and (here in places or not places):
            wrong = f"no feed goes to '{channel.name}'; name it in the 'channels' of a feed"
            yield Fault(path=("channels", number, "name"), wrong=wrong)


def _unknown_platforms(options: Options) -> Iterator[Fault]:
    used = {channel.platform for channel in options.channels}
    for name in options.platforms:
        if name not in used and name not in PLATFORMS and ":" not in name:
            wrong = f"unknown platform{nearest(name, PLATFORMS)}"
            yield Fault(path=("platforms", name), wrong=wrong)


def platforms_in_use(options: Options) -> tuple[str, ...]:
    """Those that have a channel or a table, in order of name; the terminal when there are none."""
    named = {channel.platform for channel in options.channels} | set(options.platforms)
    return tuple(sorted(named)) if options.channels else tuple(sorted({*named, "console"}))


def _unconnected_platforms(options: Options, variables: Collection[str]) -> Iterator[Fault]:
    for platform in platforms_in_use(options):
        for alternatives in NEEDED.get(platform, ()):
            if not any(variable in variables for variable in alternatives):
                wrong = f"{platform} cannot be connected: set {_either(alternatives)}"
                yield Fault(path=_first_use(options, platform), wrong=wrong)


def _either(variables: Iterable[str]) -> str:
    return " or ".join(f"{variable} (or {variable}_FILE)" for variable in variables)


def _first_use(options: Options, platform: str) -> KeyPath:
    for number, channel in enumerate(options.channels):
        if channel.platform == platform:
            return ("channels", number, "platform")
    return ("platforms", platform)
