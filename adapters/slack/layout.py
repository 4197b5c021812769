"""The parts of a post as blocks. Pure.

What is only read (prose, remarks, actors) is plain_text, which Slack does not parse; mrkdwn is
kept for what needs bold, links or dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from adapters.slack import blocks as kit
from adapters.slack.deadlines import day_in_full, deadline_parts
from adapters.slack.escape import (
    address,
    bold,
    chunks,
    escape,
    fitted,
    link,
    mrkdwn_chunks,
)
from bot.model import (
    Block,
    Button,
    Cited,
    Deadlines,
    Glance,
    Line,
    Listing,
    Note,
    Overview,
    Post,
    Prose,
    Source,
    Tags,
    TrackedDeadline,
)

PIECE = 2000
"""Characters of a piece of running text, so that what stands beside it fits the paragraph."""
LABEL = 300
URL = 900
"""Longer addresses are shown, not linked: a link cannot be broken over two paragraphs."""
MOODS = {"info": "", "done": "✓ ", "refused": "⚠ "}
Numbers = Mapping[str, int]


def heading_blocks(post: Post) -> Iterator[kit.Block]:
    """'Title · status' as a header, or in bold paragraphs where it is too long for one."""
    title = " ".join(post.heading.split())
    shown = f"{title} · {post.status.value}" if post.status else title
    if len(escape(shown)) > kit.HEADER:
        yield from paragraphs(map(bold, pieces(shown, LABEL)))
    elif shown:
        yield kit.header(escape(shown))


def body_blocks(post: Post) -> Iterator[kit.Block]:
    """Everything between the heading and the buttons."""
    numbers = {source.story: source.number for source in post.sources}
    for block in post.blocks:
        yield from block_blocks(block, post, numbers)
    if post.sources:
        yield from paragraphs(sources(post.sources), small=True)
    where = "in your direct messages" if post.private else "in the thread"
    for attachment in post.attachments:
        told = f"{attachment.name}: {attachment.alt}" if attachment.alt else attachment.name
        yield from words(f"File {where}: {told}", small=True)


def block_blocks(block: Block, post: Post, numbers: Numbers) -> Iterator[kit.Block]:
    """One block of a post."""
    match block:
        case Prose():
            yield from running(sentence_texts(block.sentences, numbers))
        case Deadlines():
            yield from paragraphs(deadlines(block, reader_time(post)))
        case Tags():
            yield from words("Actors: " + " · ".join(block.names), small=True)
        case Listing():
            yield from paragraphs(listing(block, numbers))
        case Overview():
            for item in block.items:
                yield from glance(item, reader_time(post), numbers)
        case Note():
            yield from words(MOODS[block.mood] + block.text)


def words(text: str, *, small: bool = False) -> Iterator[kit.Block]:
    """Running text that Slack does not parse."""
    for piece in chunks(text, kit.SECTION):
        yield (kit.context if small else kit.section)(kit.plain_text(piece))


def running(sentences: Iterable[str]) -> Iterator[kit.Block]:
    """Sentences as a paragraph; a long one is broken between sentences."""
    parts = [piece for sentence in sentences for piece in chunks(sentence, kit.SECTION)]
    for paragraph in row(parts):
        yield kit.section(kit.plain_text(paragraph))


def paragraphs(lines: Iterable[str], *, small: bool = False) -> Iterator[kit.Block]:
    """Lines of mrkdwn."""
    for paragraph in kit.packed(lines):
        yield (kit.context if small else kit.section)(kit.mrkdwn_text(paragraph))


def row(parts: Iterable[str]) -> Iterator[str]:
    """Parts on one line while they fit a paragraph, else below each other."""
    line = ""
    for part in filter(None, parts):
        if line and len(line) + 1 + len(part) > kit.SECTION:
            yield line
            line = part
        else:
            line = f"{line} {part}" if line else part
    if line:
        yield line


def pieces(text: str, limit: int) -> list[str]:
    """`text` on one line, in pieces of `limit` characters, not escaped."""
    line = " ".join(text.split())
    return [line[start : start + limit] for start in range(0, len(line), limit)]


# ---------------------------------------------------------------- lines of mrkdwn


def sentence_texts(sentences: Iterable[Cited], numbers: Numbers) -> list[str]:
    """Each sentence followed by its citations; not escaped."""
    return [sentence.text + citation(sentence.cites, numbers) for sentence in sentences]


def citation(cites: Iterable[str], numbers: Numbers) -> str:
    """' [1][3]' for those of `cites` that are among the sources."""
    known = sorted(numbers[cite] for cite in cites if cite in numbers)
    return " " + "".join(f"[{number}]" for number in known) if known else ""


def deadlines(block: Deadlines, now: datetime) -> Iterator[str]:
    """A line for each deadline."""
    if block.items:
        yield "*Deadline*" if len(block.items) == 1 else "*Deadlines*"
    titles = block.of or ("",) * len(block.items)
    for item, title in zip(block.items, titles, strict=True):
        yield from deadline(item, now, title)


def deadline(tracked: TrackedDeadline, now: datetime, title: str = "", lead: str = "") -> list[str]:
    """When, how far off, who must do what."""
    when, rest = deadline_parts(tracked, now, title)
    return list(row([f"{lead}{when},", *mrkdwn_chunks(rest, PIECE)]))


def listing(block: Listing, numbers: Numbers) -> Iterator[str]:
    """Rows with bold labels, each with its citations, and its link named by its host."""
    yield from map(bold, pieces(block.heading, LABEL))
    for line in block.lines:
        labels = map(bold, pieces(line.label, LABEL))
        text = mrkdwn_chunks(line.text + citation(line.cites, numbers), PIECE)
        yield from row([*labels, *text, *linked(line)])


def linked(line: Line) -> list[str]:
    """The address of a row as a link that says where it leads."""
    target = address(line.url)
    if target and len(target) <= URL:
        return [link(line.url, urlsplit(target).hostname or "")]
    return mrkdwn_chunks(line.url, PIECE)


def glance(item: Glance, now: datetime, numbers: Numbers) -> Iterator[kit.Block]:
    """A dispute at a glance, with a button that opens it."""
    lines = list(row([*map(bold, pieces(item.title, LABEL)), f"· {item.status.value}"]))
    if item.deadline:
        lines += deadline(item.deadline, now, lead="Next: ")
    if item.latest:
        told = f"{day_in_full(item.latest.day)}: {item.latest.what.text}"
        lines += mrkdwn_chunks(told + citation(item.latest.what.cites, numbers), PIECE)
    status = Button(label="Status", command=f"/dispute status {item.key}")
    first, *rest = kit.packed(lines)
    carried = len(status.command) <= kit.BUTTON_VALUE
    beside = kit.button(status, f"{kit.RUN}:{fitted(item.key, 200)}") if carried else None
    yield kit.section(kit.mrkdwn_text(first), beside)
    yield from paragraphs(rest)


def sources(shown: Iterable[Source]) -> Iterator[str]:
    """Numbered sources: the outlet as the link's label, the day, the title."""
    yield "*Sources*"
    for source in shown:
        target = address(source.url)
        label = " ".join(source.outlet.split())[:LABEL]
        named = link(source.url if target and len(target) <= URL else "", label)
        about = f"{day_in_full(source.published.date())}: {source.title}"
        yield from row([f"[{source.number}] {named},", *mrkdwn_chunks(about, PIECE)])


def reader_time(post: Post) -> datetime:
    """The moment the post was made, in the reader's zone."""
    return post.at.astimezone(ZoneInfo(post.timezone))
