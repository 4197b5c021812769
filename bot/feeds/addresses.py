"""URLs as values: made absolute, kept to http(s), shown without secrets."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from bot.redaction import redact

LONGEST_URL = 4096  # characters; longer ones are no address that a person meant
_USERINFO = re.compile(r"^(\w+://)[^/?#]*@")
# What needs no mending and is plainly absolute, as most links are.
_FIT = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9/._~%=&+,:!$()*-]*)?(?:\?[A-Za-z0-9/._~%=&+,:-]+)?"
)
_UNFIT = re.compile(
    r"[\s\x00-\x20\x7f<>\"\\^`{}|\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069]"
)


def shown(url: str) -> str:
    """`url` for logs and people: no user name or password, no values of secret-looking keys."""
    return redact(_USERINFO.sub(r"\1", url))[:300]


def absolute(base: str, link: str) -> str:
    """`link` as an absolute http(s) URL without user name, or '' when it cannot be one.

    Blanks and characters that no URL may contain are percent-encoded, so that a link cannot
    break out of the mark-up it is later put in.
    """
    link = link.strip()
    if not link or (_FIT.fullmatch(link) and len(link) <= LONGEST_URL):
        return link
    try:
        joined = urljoin(base, link)
        parts = urlsplit(joined)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or len(joined) > LONGEST_URL:
        return ""
    fit = _UNFIT.sub(_percent, _USERINFO.sub(r"\1", joined))
    return "" if _UNFIT.search(host) or "%" in host else fit


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode())
