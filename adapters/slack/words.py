"""A post in plain words, for notifications and screen readers. Pure; not escaped."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.slack.deadlines import day_in_full, deadline_words
from adapters.slack.layout import citation, reader_time, sentence_texts
from bot.model import (
    Block,
    Deadlines,
    Glance,
    Listing,
    Note,
    Overview,
    Post,
    Prose,
    Tags,
)


def said(post: Post) -> str:
    """Everything the post says, top to bottom, a line each."""
    title = f"{post.heading} · {post.status.value}" if post.status else post.heading
    numbers = {source.story: source.number for source in post.sources}
    lines = [line for block in post.blocks for line in _lines(block, post, numbers)]
    outlets = ", ".join(f"[{source.number}] {source.outlet}" for source in post.sources)
    return "\n".join(filter(None, [title, *lines, f"Sources: {outlets}" if outlets else ""]))


def _lines(block: Block, post: Post, numbers: dict[str, int]) -> Iterator[str]:
    now = reader_time(post)
    match block:
        case Prose():
            yield " ".join(sentence_texts(block.sentences, numbers))
        case Deadlines():
            titles = block.of or ("",) * len(block.items)
            for item, title in zip(block.items, titles, strict=True):
                yield f"Deadline {deadline_words(item, now, title)}"
        case Tags():
            yield f"Actors: {', '.join(block.names)}"
        case Listing():
            yield block.heading
            for line in block.lines:
                yield f"{line.label}: {line.text}{citation(line.cites, numbers)}".strip(": ")
        case Overview():
            for glance in block.items:
                yield from _glance(glance, post)
        case Note():
            yield block.text


def _glance(item: Glance, post: Post) -> Iterator[str]:
    yield f"{item.title} · {item.status.value}"
    if item.deadline:
        yield f"Next: {deadline_words(item.deadline, reader_time(post))}"
    if item.latest:
        yield f"{day_in_full(item.latest.day)}: {item.latest.what.text}"
