"""What Discord makes of a message's text: whom it names, what it links, in the order it looks.

Rules as in the client's markdown; and once more as the server looks for mentions, which knows no
backslashes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

RULES = {
    "code": r"```.+?```|``.+?``|`[^`\n]+`",
    "escape": r"\\[^0-9A-Za-z\s]",
    "link": r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]"
    r"\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?\s*\)",
    "quiet": r"<(https?://[^\s>]+)>",
    "address": r"https?://[^\s<]+[^<.,:;\"'\]\s]",
    "mail": r"mailto:[^\s<]+|tel:[^\s<]+|discord(?:app)?\.(?:gg|com/invite)/\w+",
    "mention": r"<@[!&]?\d+>|<#\d+>|<id:\w+>|</[^>]*:\d+>|@everyone|@here",
    "emoji": r"<a?:\w+:\d+>",
    "time": r"<t:-?\d+(?::[tTdDfFR])?>",
    "spoiler": r"\|\|.+?\|\|",
    "bold": r"\*\*.+?\*\*",
    "strike": r"~~.+?~~",
}
LINES = {
    "heading": r"#{1,3} .*",
    "small": r"-# .*",
    "quote": r">{1,3} .*",
    "item": r"\s*(?:[-*+]|\d+\.) .*",
}
TOKEN = re.compile("|".join(f"(?P<{n}>{p})" for n, p in RULES.items()), re.DOTALL | re.IGNORECASE)
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
SERVER = re.compile(r"<@[!&]?\d+>|@everyone|@here", re.IGNORECASE)


@dataclass
class Read:
    """What was found, by kind."""

    mentions: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)  # label, address
    previews: list[str] = field(default_factory=list)  # addresses that Discord would unfurl
    times: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)  # text in another style
    lines: list[str] = field(default_factory=list)  # kinds of the lines, '' for plain ones
    turned: int = 0  # bidirectional controls


def read(content: str) -> Read:
    """Everything in a text that is more than text."""
    found = Read(turned=len(BIDI.findall(content)))
    found.mentions += SERVER.findall(content)
    for line in content.split("\n"):
        kinds = (name for name, rule in LINES.items() if re.fullmatch(rule, line))
        found.lines.append(next(kinds, ""))
    _inside(content, found)
    return found


def _inside(content: str, found: Read) -> None:
    at = 0
    while token := TOKEN.search(content, at):
        at = token.end()
        match token.lastgroup:
            case "link":
                label, address = _link(token[0])
                found.links.append((label, address))
                if not token[0].endswith(">)"):
                    found.previews.append(address)
            case "quiet":
                found.links.append(("", token[0][1:-1]))
            case "address" | "mail":
                found.links.append(("", token[0]))
                found.previews.append(token[0])
            case "mention":
                found.mentions.append(token[0])
            case "time":
                found.times.append(token[0])
            case "bold" | "strike" | "spoiler" | "code" | "emoji":
                found.marked.append(token[0])
                if token.lastgroup in ("bold", "strike"):
                    _inside(token[0][2:-2], found)


def _link(text: str) -> tuple[str, str]:
    label, _, address = text.partition("](")
    return label[1:], address[:-1].strip("<>")
