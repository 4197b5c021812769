"""Article pages into plain text, by trafilatura. To be run where it can be killed (`sandbox`)."""

from __future__ import annotations

TEASER_WORDS = 120  # a text that is shorter is taken for the teaser of an article
CUT_OFF = ("…", "...", "[…]", "[...]")


def is_teaser(text: str) -> bool:
    """Whether `text` announces an article rather than being one."""
    return len(text.split()) < TEASER_WORDS or text.rstrip().endswith(CUT_OFF)


def extract(page: bytes, url: str) -> str:
    """The article on a web page as paragraphs, or '' where there is none to be found."""
    # Slow to import, and only for the process that reads pages.
    from trafilatura import extract as article_of

    from bot.feeds.text import from_plain

    found = article_of(page, url=url, include_comments=False, include_tables=False)
    return "\n\n".join(from_plain(line) for line in (found or "").splitlines() if line.strip())
