"""The kinds of value a setting can have; each refuses a wrong one by saying what it expected."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from difflib import get_close_matches
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, PlainValidator

from bot.errors import CommandError
from bot.filters import parse_rule
from bot.publishing.timetable import parse_quiet, parse_schedule

DURATION = re.compile(r"(\d+) ?(s|min|h|d)")
SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
ENTRY_POINT = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
PLATFORMS = ("console", "discord", "slack")


class Refused(ValueError):
    """A value that an option cannot have: what was expected, and perhaps what was meant."""

    def __init__(self, expected: str, meant: str = "") -> None:
        super().__init__(expected + meant)
        self.expected = expected
        self.meant = meant


def nearest(word: str, known: Iterable[str], *, close: float = 0.6) -> str:
    """'; did you mean …?' with the one of `known` that looks most like `word`, or ''."""
    folded = {name.casefold(): name for name in known}
    matches = get_close_matches(word.casefold(), folded, n=1, cutoff=close)
    return f"; did you mean '{folded[matches[0]]}'?" if matches else ""


def duration(value: object) -> timedelta:
    """'15 min' as a time span longer than nothing."""
    match = DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        raise Refused("expected a duration such as '30 s', '15 min', '6 h' or '1 d'")
    return timedelta(seconds=int(match[1]) * SECONDS[match[2]])


def zone(name: str) -> str:
    """An IANA time zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; an absolute path; the name of a folder
        expected = "expected an IANA time zone such as 'Europe/Berlin'"
        raise Refused(expected, nearest(name, available_timezones())) from None
    return name


def listening(address: str) -> str:
    """'127.0.0.1:8080', or '' for nowhere."""
    host, _, port = address.rpartition(":")
    if address and not (host and port.isascii() and port.isdigit() and int(port) < 65536):
        raise Refused("expected an address and a port such as '127.0.0.1:8080'")
    return address


def web_address(url: str) -> str:
    """An http(s) URL with a host."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise Refused("expected an address that begins with http:// or https://")
    return url.strip()


def contact(address: str) -> str:
    """How the owner of a feed reaches the owner of this bot: a web page, or mailto:."""
    if not address or re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", address):
        return address
    try:
        return web_address(address)
    except ValueError:
        raise Refused("expected 'mailto:you@example.org' or the address of a page") from None


def address_range(text: str) -> str:
    """An IP address or network in CIDR notation."""
    try:
        return str(ip_network(text))
    except ValueError as error:
        raise Refused(f"expected an address range such as '127.0.0.0/8' ({error})") from None


def schedule(text: str) -> str:
    """When digests are made, spelled as `bot.publishing.timetable` prints it."""
    try:
        return str(parse_schedule(text))
    except CommandError:
        raise Refused(
            "expected 'instant', 'hourly', 'daily HH:MM' or 'weekly DAY HH:MM' (DAY: mon … sun)"
        ) from None


def rule(text: str) -> str:
    """A rule of a filter, spelled as `bot.filters` prints it."""
    try:
        return str(parse_rule(text))
    except CommandError as error:
        raise Refused(f"expected a rule: {error}") from None


def quiet(text: str) -> str:
    """Quiet hours, or '' for none."""
    try:
        return text.strip() if parse_quiet(text) else ""
    except CommandError:
        raise Refused("expected quiet hours such as '20:00-07:00', or 'off'") from None


def platform(name: str) -> str:
    """A built-in platform, or somebody else's by 'package.module:connect'."""
    if name in PLATFORMS or ENTRY_POINT.fullmatch(name):
        return name
    expected = "expected 'console', 'discord', 'slack' or 'package.module:connect'"
    raise Refused(expected, nearest(name, PLATFORMS))


def free_value(value: object) -> str:
    """A value of a free table as the text that a platform's `connect` gets."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str() | int() | float():
            return str(value)
        case [*items] if all(isinstance(item, str | int) for item in items):
            return ",".join(str(item) for item in items)
    raise Refused("expected text, a number, true, false, or a list of texts")


Duration = Annotated[timedelta, PlainValidator(duration)]
Listen = Annotated[str, AfterValidator(listening)]
Zone = Annotated[str, AfterValidator(zone)]
Url = Annotated[str, AfterValidator(web_address)]
Contact = Annotated[str, AfterValidator(contact)]
AddressRange = Annotated[str, AfterValidator(address_range)]
Timetable = Annotated[str, AfterValidator(schedule)]
FilterRule = Annotated[str, AfterValidator(rule)]
QuietHours = Annotated[str, AfterValidator(quiet)]
PlatformName = Annotated[str, AfterValidator(platform)]
FreeValue = Annotated[str, PlainValidator(free_value)]
Id = Annotated[str, Field(coerce_numbers_to_str=True)]  # Discord's ids are often typed bare
