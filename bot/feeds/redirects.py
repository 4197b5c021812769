"""Where a request goes, and where a redirect leads: credentials stay with their origin."""

from __future__ import annotations

import httpx

NO_ADDRESS = "this is no web address; it should look like https://example.org"


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
