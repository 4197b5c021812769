"""Text from feeds and people, made harmless for Slack; and Slack's own text, made plain. Pure.

Slack obeys `<…>` in every text it is sent (mentions, links, dates), so nothing that comes from
outside may hold a bare `&`, `<` or `>`. Control characters and bidirectional overrides, which make
a text look like another one, are taken out.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
ADDRESS = re.compile(r"://|^\S*[\w-]\.[a-z]{2,}(?:[/:?#]\S*)?$", re.IGNORECASE)
STYLING = str.maketrans({"*": "\N{ASTERISK OPERATOR}", "`": "'"})
ANGLED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def plain(text: str) -> str:
    """`text` without what would steer its display: controls, bidirectional marks, surrogates."""
    unbroken = LINE_ENDS.sub("\n", text)
    return CONTROLS.sub("\N{REPLACEMENT CHARACTER}", DIRECTIONS.sub("", unbroken))


def escape(text: str) -> str:
    """`text` as Slack shows it literally, in mrkdwn and in plain_text alike."""
    harmless = plain(text)
    return harmless.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(text: str) -> str:
    """`text` escaped for a mrkdwn field: it can neither end our bold nor begin code."""
    return escape(text).translate(STYLING)


def bold(text: str) -> str:
    """`text` in bold, on one line; nothing for nothing."""
    inner = mrkdwn(" ".join(text.split()))
    return f"*{inner}*" if inner else ""


def link(url: str, label: str) -> str:
    """A labelled link; the label alone where `url` is no web address.

    A label that looks like an address itself would hide where the link leads: the real host is
    shown instead.
    """
    target = address(url)
    shown = " ".join(plain(label).split())
    if target is None:
        return mrkdwn(shown)
    host = urlsplit(target).hostname or ""
    if not shown or (ADDRESS.search(shown) and not _names(shown, host)):
        shown = host
    return f"<{escape(target)}|{mrkdwn(shown).replace('|', '¦')}>"


def _names(label: str, host: str) -> bool:
    """Whether a label such as 'Reuters.com' names the host that the link leads to."""
    named = label.lower().removeprefix("https://").removeprefix("http://").strip("/")
    return named in (host, host.removeprefix("www."))


def address(url: str) -> str | None:
    """`url` if it is http(s) with a host, with whatever could end the link percent-encoded."""
    try:
        parts = urlsplit(plain(url).strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[a-z0-9.:-]+", host):
        return None
    shown = f"[{host}]" if ":" in host else host
    rest = quote(parts.path, safe="/%:@!$&'()*+,;=~")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
    part = f"#{quote(parts.fragment, safe='/%:@!$&()*+,;=~?')}" if parts.fragment else ""
    return f"{parts.scheme}://{shown}{port}{rest}{query}{part}"


def chunks(text: str, limit: int) -> list[str]:
    """`text` escaped, in pieces of at most `limit` characters, broken at spaces where it can be."""
    pieces = [""]
    for word in re.findall(r"\s*\S+", plain(text)):
        shown = escape(word)
        if len(pieces[-1]) + len(shown) <= limit:
            pieces[-1] += shown
            continue
        for character in word.lstrip() if len(shown) > limit else (word.lstrip(),):
            shown = escape(character)
            if len(shown) <= limit - len(pieces[-1]) and len(character) == 1:
                pieces[-1] += shown
            else:
                pieces.append(shown)
    return [piece for piece in pieces if piece.strip()]


def mrkdwn_chunks(text: str, limit: int) -> list[str]:
    """Like `chunks`, for a mrkdwn field."""
    return [piece.translate(STYLING) for piece in chunks(text, limit)]


def fitted(text: str, limit: int) -> str:
    """`text` on one line, escaped, with an ellipsis where it needs more than `limit` characters."""
    line = " ".join(plain(text).split())
    shown = escape(line)
    while len(shown) > limit:
        line = line[: max(len(line) - max(len(shown) - limit, 1) - 1, 0)].rstrip()
        shown = escape(line) + "…"
    return shown


# ---------------------------------------------------------------- what Slack sends


def unescape(text: str) -> str:
    """What a person wrote, as they saw it: '<#C1|policy> &amp; <https://x>' is 'policy & https://x'.

    Mentions of people keep their id, and channels without a name theirs.
    """
    shown = ANGLED.sub(_said, text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _said(match: re.Match[str]) -> str:
    target, label = match[1], match[2] or ""
    if target.startswith("#"):
        return label or target[1:]
    if target.startswith("@"):
        return label or target[1:]
    if target.startswith("!"):
        return label or target[1:].partition("^")[0]
    return target.removeprefix("mailto:")


def without_mention(text: str, user: str) -> str:
    """`text` without the mentions of `user`, the bot."""
    return re.sub(rf"<@{re.escape(user)}(?:\|[^<>]*)?>[,:]?", " ", text).strip() if user else text
