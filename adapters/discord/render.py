"""A post as the texts of Discord messages. Pure: a post in, what to send out.

Plain text with Discord's markdown, not embeds or components v2: it is what notifications and screen
readers read out, it needs no Embed Links permission, and answers to it reach the bot without the
message-content intent. Everything that comes from a feed passes `escaped` or `link`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from adapters.discord.deadlines import day_in_full, deadline_line
from adapters.discord.text import LIMIT, Piece, escaped, link, packed, plain, units
from bot.model import (
    Block,
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
    Status,
    Tags,
)

LIGHT = {
    Status.BREWING: "🟡",
    Status.ESCALATING: "🔴",
    Status.STALLED: "🟣",
    Status.RESOLVED: "🟢",
    Status.LAPSED: "⚪",
}
MOOD = {"info": "", "done": "✅ ", "refused": "⚠️ "}
SLACK = max(len(status.value) for status in Status)
"""Room kept for a longer status, so that an edit of it never moves text to another message."""
Numbers = Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A line of a select: what is shown, and the key it stands for."""

    label: str
    value: str
    more: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """The texts of one post, in order, each of at most 2,000 units; and what can be picked."""

    texts: tuple[str, ...]
    options: tuple[Option, ...] = ()


def render(post: Post) -> Rendered:
    """Title and status, blocks, sources; nothing is left out, what does not fit comes next."""
    numbers = {source.story: source.number for source in post.sources}
    pieces = [*heading(post)]
    for block in post.blocks:
        pieces += block_pieces(block, post, numbers)
    pieces += [*sources(post.sources), *_in_words(post)]
    texts = packed(pieces, limit=LIMIT - SLACK if post.status else LIMIT)
    options = [o for b in post.blocks if isinstance(b, Overview) for o in map(option, b.items)]
    return Rendered(texts=tuple(texts) or ("…",), options=tuple(options))


def _in_words(post: Post) -> Iterator[Piece]:
    """What an attachment shows, for those who do not see it."""
    for attachment in post.attachments:
        if attachment.alt:
            yield Piece(f"-# {escaped(attachment.alt)}")


def heading(post: Post) -> Iterator[Piece]:
    """'### Title · 🔴 escalating'."""
    if post.heading:
        yield Piece(f"### {escaped(post.heading)}{status(post.status)}")
    elif post.status:
        yield Piece(f"**{status(post.status).removeprefix(' · ')}**")


def status(value: Status | None) -> str:
    """' · 🔴 escalating', or nothing."""
    return f" · {LIGHT[value]} {value.value}" if value else ""


def block_pieces(block: Block, post: Post, numbers: Numbers) -> Iterator[Piece]:
    """One block as lines, or as sentences of one paragraph."""
    match block:
        case Prose():
            yield from prose(block.sentences, numbers)
        case Deadlines():
            yield from deadlines(block, post)
        case Tags():
            yield Piece(f"**Actors** {' · '.join(map(escaped, block.names))}")
        case Listing():
            yield from listing(block, numbers)
        case Overview():
            yield from (p for item in block.items for p in glance(item, post, numbers))
        case Note():
            yield from _note(block)


def _note(block: Note) -> Iterator[Piece]:
    for number, line in enumerate(block.text.splitlines() or [""]):
        yield Piece(f"{'' if number else MOOD[block.mood]}{escaped(line)}")


def prose(sentences: Iterable[Cited], numbers: Numbers) -> Iterator[Piece]:
    """Sentences of one paragraph, each with its citations; split between sentences only."""
    for number, sentence in enumerate(sentences):
        text = escaped(sentence.text)
        yield Piece(f"{text}{citation(sentence.cites, numbers)}", " " if number else "\n")


def citation(cites: Iterable[str], numbers: Numbers) -> str:
    """' [1][3]' for those of `cites` that are among the sources."""
    known = sorted(numbers[cite] for cite in cites if cite in numbers)
    return " " + "".join(f"[{number}]" for number in known) if known else ""


def deadlines(block: Deadlines, post: Post) -> Iterator[Piece]:
    """One line a deadline."""
    titles = block.of or ("",) * len(block.items)
    lines = [
        deadline_line(item, post.timezone, now=post.at, of=title)
        for item, title in zip(block.items, titles, strict=True)
    ]
    if len(lines) == 1:
        yield Piece(f"**Deadline** {lines[0]}")
        return
    yield Piece("**Deadlines**")
    yield from (Piece(f"- {line}") for line in lines)


def listing(block: Listing, numbers: Numbers) -> Iterator[Piece]:
    """A heading and its rows."""
    if block.heading:
        yield Piece(f"**{escaped(block.heading)}**")
    yield from (Piece(f"- {row(line, numbers)}") for line in block.lines)


def row(line: Line, numbers: Numbers) -> str:
    """'**label** text [1] ([host](<url>))'; the text is the link where there is one."""
    label = f"**{escaped(line.label)}** " if line.label else ""
    text = link(line.text or line.url, line.url) if line.url else escaped(line.text)
    return f"{label}{text}{citation(line.cites, numbers)}"


def glance(item: Glance, post: Post, numbers: Numbers) -> Iterator[Piece]:
    """A dispute in two or three lines."""
    yield Piece(f"**{escaped(item.title)}**{status(item.status)}")
    if item.deadline:
        yield Piece(f"> Next: {deadline_line(item.deadline, post.timezone, now=post.at)}")
    if item.latest:
        said = f"{escaped(item.latest.what.text)}{citation(item.latest.what.cites, numbers)}"
        yield Piece(f"> {day_in_full(item.latest.day)}: {said}")


def option(item: Glance) -> Option:
    """The dispute as a line of a select."""
    return Option(label=plain(item.title)[:100], value=item.key, more=item.status.value)


def sources(shown: Iterable[Source]) -> Iterator[Piece]:
    """'-# Sources: [1] [Potomac Wire](<…>) · …' in small print, split between sources only."""
    for number, source in enumerate(shown):
        named = f"[{source.number}] {link(source.outlet or source.title, source.url)}"
        if number:
            yield Piece(named, " · ", "-# ")
        else:
            yield Piece(f"-# Sources: {named}")


def thread_name(post: Post) -> str:
    """What a thread about the post is called: its heading, at most 100 characters."""
    name = plain(post.heading) or "More"
    return name if units(name) <= 100 else name[:90].rsplit(" ", 1)[0] + " …"
