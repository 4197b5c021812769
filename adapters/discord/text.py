"""Text from a feed, made harmless for Discord; and long text, split where a reader would. Pure.

Discord's markdown takes a backslash before any punctuation as 'this character itself', so what is
escaped here reads exactly as it was written. Mentions and invitations are looked for by the server
as well, which knows no backslashes: those are broken with a character that nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

LIMIT = 2000
"""Code units (UTF-16) of a message's content: Discord counts characters, some counters these."""

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f\ud800-\udfff]"
)
_JOINERS = ("\u200c", "\u200d")  # part of how some scripts and emoji are written
_MARKUP = re.compile(r"[\\*_~`|\[\]<]|(?<=\])\(")
_LINE_START = re.compile(r"^(\s*)(#{1,3}|-#?|>{1,3}|\+|\d{1,9}[.)])(?=\s)")
_SCHEME = re.compile(r"(?i)([a-z][a-z0-9+.-]*):(?=//)|(mailto|tel|sms):")
_INVITE = re.compile(r"(?i)(discord(?:app)?)\.(?=(?:gg|com|gift|new)\b)")
_MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)", re.IGNORECASE)
_DOMAIN = re.compile(r"(?i)\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b")
NOBODY_SEES = "\u200b"


def plain(text: str) -> str:
    """One line, without controls, bidirectional overrides and what else cannot be seen."""
    seen = _INVISIBLE.sub(lambda m: m[0] if m[0] in _JOINERS else "", text.replace("\n", " "))
    return " ".join(seen.split())


def escaped(text: str) -> str:
    """`text` as one line that Discord shows as it is: no markup, no mention, no link."""
    line = _MARKUP.sub(r"\\\g<0>", plain(text))
    line = _SCHEME.sub(lambda m: f"{m[0][:-1]}\\:", line)
    line = _INVITE.sub(r"\1\\.", line)
    line = _MENTION.sub(f"@{NOBODY_SEES}", line)
    return _LINE_START.sub(_literally, line)


def _literally(found: re.Match[str]) -> str:
    # '1.' escapes its point, everything else its first character.
    mark = found[2]
    at = len(mark) - 1 if mark[0].isdigit() else 0
    return f"{found[1]}{mark[:at]}\\{mark[at:]}"


def link(label: str, url: str) -> str:
    """`[label](<url>)`, which Discord shows as a link without a preview; the label where unsafe.

    A label that names another site than the address leads to gets the true one beside it.
    """
    address = safe_url(url)
    named = escaped(plain(label).replace("[", "(").replace("]", ")"))
    if not address:
        return named
    host = urlsplit(address).hostname or ""
    false = [d for d in _DOMAIN.findall(label) if not _leads(host, d.lower())]
    # Discord does not make a link of a label that looks like an address itself.
    named = named.replace("\\:", ":").replace("://", ":" + NOBODY_SEES + "//")
    return f"[{named or host}](<{address}>){f' ({escaped(host)})' if false else ''}"


def _leads(host: str, named: str) -> bool:
    bare = named.removeprefix("www.")
    return host == bare or host.endswith("." + bare)


def safe_url(url: str) -> str:
    """The address as it can stand in `<…>`, or '' for one that is not plainly http(s)."""
    stripped = _INVISIBLE.sub("", url.strip())
    try:
        parts = urlsplit(stripped)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    address = quote(stripped, safe="%/:?#!$&'*+,;=@~._-[]")
    return address if len(address) <= 1000 else ""


def units(text: str) -> int:
    """Length of `text` in UTF-16 code units."""
    return len(text) + sum(ord(c) > 0xFFFF for c in text)


# ---------------------------------------------------------------- splitting


@dataclass(frozen=True, slots=True)
class Piece:
    """A bit of text that stays together where it can, and what stands between it and the last.

    `opening` is what a message begins with that begins with this piece.
    """

    text: str
    glue: str = "\n"
    opening: str = ""


def packed(pieces: list[Piece], *, limit: int = LIMIT) -> list[str]:
    """The pieces in order, in as few texts of at most `limit` units as they fit into."""
    texts: list[str] = []
    for piece in pieces:
        for part in _small(piece, limit):
            joined = f"{texts[-1]}{part.glue}{part.text}" if texts else part.text
            if texts and units(joined) <= limit:
                texts[-1] = joined
            else:
                texts.append(f"{part.opening}{part.text}")
    return [text for text in texts if text.strip()]


def _small(piece: Piece, limit: int) -> Iterator[Piece]:
    """The piece, or its words, or what remains of words that are longer than a message."""
    if units(piece.opening + piece.text) <= limit:
        yield piece
        return
    for number, word in enumerate(piece.text.split(" ")):
        glue = " " if number else piece.glue
        for start, chunk in enumerate(_chunks(word, limit)):
            yield Piece(chunk, "" if start else glue)


def _chunks(word: str, limit: int) -> Iterator[str]:
    while units(word) > limit:
        cut = limit // 2
        # Never between a backslash and what it escapes.
        while word[cut - 1] == "\\":
            cut -= 1
        yield word[:cut]
        word = word[cut:]
    yield word
