"""URLs as values: made absolute, kept to http(s), compared by origin, shown without secrets."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import httpx

LONGEST_URL = 4096  # characters; longer ones are no address that a person meant
_SECRET = re.compile(
    r"([?&;][^=&;#]*(?:key|token|auth|secret|pass|pwd|sig|session|credential)[^=&;#]*=)[^&;#]*",
    re.I,
)
_USERINFO = re.compile(r"^(\w+://)[^/?#]*@")
_UNFIT = re.compile(
    r"[\s\x00-\x20\x7f<>\"\\^`{}|\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069]"
)
NO_ADDRESS = "this is no web address; it should look like https://example.org"


def shown(url: str) -> str:
    """`url` for logs and people: no user name or password, no values of secret-looking keys."""
    return _SECRET.sub(r"\1…", _USERINFO.sub(r"\1", url))[:300]


def absolute(base: str, link: str) -> str:
    """`link` as an absolute http(s) URL without user name, or '' when it cannot be one.

    Blanks and characters that no URL may contain are percent-encoded, so that a link cannot
    break out of the mark-up it is later put in.
    """
    if not link.strip():
        return ""
    try:
        joined = urljoin(base, link.strip())
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


def parsed(url: str) -> httpx.URL:
    """`url` as httpx sees it; raises ``ValueError`` with words for a person."""
    try:
        found = httpx.URL(url.strip())
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ValueError(NO_ADDRESS) from error
    if not found.host:
        raise ValueError(NO_ADDRESS)
    return found


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """What has to be equal for credentials to be sent on: scheme, host, port."""
    return url.scheme, url.host, url.port


def redirected(url: httpx.URL, location: str) -> httpx.URL:
    """Where `location` leads from `url`; credentials go along only to the same origin.

    The same host moving from http to https counts as the same origin. Raises ``ValueError``.
    """
    target = parsed(str(url.copy_with(userinfo=b"").join(parsed_location(location))))
    upgraded = (origin(url), origin(target)) == (
        ("http", url.host, None),
        ("https", url.host, None),
    )
    keep = origin(url) == origin(target) or upgraded
    return target.copy_with(userinfo=url.userinfo if keep else b"")


def parsed_location(location: str) -> httpx.URL:
    """A redirect's target, perhaps relative; raises ``ValueError``."""
    try:
        return httpx.URL(location)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ValueError("the server redirects to something that is no web address") from error
