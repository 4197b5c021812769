"""A post as Rich renderables. Pure: a post in, something to print out.

Everything from a feed is put into `Text` objects, never into Rich markup, and control characters
are replaced, so that a headline can neither style nor steer a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from adapters.console.deadlines import day_in_full, deadline_line
from adapters.console.plain import plain
from bot.model import (
    Attachment,
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
    Status,
    Tags,
)

STATUS_STYLE = {
    Status.BREWING: "yellow",
    Status.ESCALATING: "bold red",
    Status.STALLED: "magenta",
    Status.RESOLVED: "green",
    Status.LAPSED: "dim",
}
MOOD_STYLE = {"info": "", "done": "green", "refused": "yellow"}
Numbers = Mapping[str, int]


def render(post: Post) -> RenderableType:
    """The whole post: in a frame when it has a heading, bare when it is only a remark."""
    numbers = {source.story: source.number for source in post.sources}
    parts = [part for block in post.blocks for part in block_parts(block, post, numbers)]
    if post.sources:
        parts.append(sources(post.sources))
    parts.extend(map(attached, post.attachments))
    if post.buttons:
        parts.append(offers(post.buttons))
    if not post.heading:
        return Group(*parts)
    return Panel(
        # In the frame's border a long title would be cut off.
        Group(heading(post), *_below(parts)),
        border_style=STATUS_STYLE.get(post.status, "blue") if post.status else "blue",
        padding=(0, 1),
    )


def attached(file: Attachment) -> Text:
    """What a file holds, where it is text that a person may copy; else that it is left out."""
    if file.media_type.startswith("text/"):
        return Text(plain(file.content.decode("utf-8", "replace").strip().replace("\r\n", "\n")))
    # Not its description: what a picture shows stands above it in words.
    return Text(plain(f"{file.name} is left out: a terminal shows no pictures"), style="dim")


def _below(parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    yield from (Padding(part, (1, 0, 0, 0)) for part in parts)


def _spaced(parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    for number, part in enumerate(parts):
        yield Padding(part, (1 if number else 0, 0, 0, 0))


def heading(post: Post) -> Text:
    """'Title · status'."""
    title = Text(plain(post.heading), style="bold")
    if post.status:
        title.append(" · ", style="dim")
        title.append(post.status.value, style=STATUS_STYLE[post.status])
    return title


def block_parts(block: Block, post: Post, numbers: Numbers) -> Iterator[RenderableType]:
    """One block as the renderables it consists of."""
    match block:
        case Prose():
            yield prose(block.sentences, numbers)
        case Deadlines():
            yield deadlines(block, post)
        case Tags():
            yield labelled("Actors", Text(" · ".join(map(plain, block.names))))
        case Listing():
            yield listing(block, numbers)
        case Overview():
            yield overview(block.items, post, numbers)
        case Note():
            yield Text(plain(block.text), style=MOOD_STYLE[block.mood])


def prose(sentences: Iterable[Cited], numbers: Numbers) -> Text:
    """Sentences as one paragraph, each followed by its citations."""
    text = Text()
    for number, sentence in enumerate(sentences):
        text.append(" " if number else "")
        text.append(plain(sentence.text))
        text.append_text(citation(sentence.cites, numbers))
    return text


def citation(cites: Iterable[str], numbers: Numbers) -> Text:
    """' [1][3]' for those of `cites` that are among the sources."""
    known = sorted(numbers[cite] for cite in cites if cite in numbers)
    marks = "".join(f"[{number}]" for number in known)
    return Text(f" {marks}" if marks else "", style="cyan")


def labelled(label: str, content: RenderableType) -> Table:
    """A bold label with its content beside it."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="bold", no_wrap=True, width=10)
    grid.add_column(ratio=1)
    grid.add_row(label, content)
    return grid


def listing(block: Listing, numbers: Numbers) -> RenderableType:
    """Rows with their labels in a column of their own."""
    grid = Table.grid(padding=(0, 2))
    width = max((len(line.label) for line in block.lines), default=0)
    grid.add_column(style="cyan", width=min(width, 28), overflow="fold")
    grid.add_column(ratio=1)
    for line in block.lines:
        grid.add_row(Text(plain(line.label)), _row(line, numbers))
    if not block.heading:
        return grid
    return Group(Text(block.heading, style="bold"), grid)


def _row(line: Line, numbers: Numbers) -> Text:
    text = Text(plain(line.text))
    text.append_text(citation(line.cites, numbers))
    if line.url:
        text.append(f"  {plain(line.url)}", style="dim")
    return text


def sources(shown: Iterable[Source]) -> RenderableType:
    """Numbered sources: outlet, day, title, and the address in full so that it can be checked."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="cyan", no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for source in shown:
        text = Text(plain(source.outlet), style="bold")
        text.append(f", {day_in_full(source.published.date())}: ", style="not bold")
        text.append(plain(source.title), style="not bold")
        text.append(f"\n{plain(source.url)}", style="not bold dim")
        grid.add_row(Text(f"[{source.number}]"), text)
    return grid


def offers(buttons: Iterable[Button]) -> Text:
    """A terminal has no buttons: what to type instead, '/dispute follow · timeline KEY'."""
    verbs: dict[tuple[str, str], list[str]] = {}
    for button in buttons:
        group, verb, rest = [*button.command.split(" ", 2), "", ""][:3]
        verbs.setdefault((group, rest), []).append(verb)
    typed = (f"{group} {' · '.join(names)} {rest}" for (group, rest), names in verbs.items())
    return Text("\n".join(map(plain, typed)), style="dim")


def deadlines(block: Deadlines, post: Post) -> RenderableType:
    """One line a deadline: the date in full, how far off it is, who must do what."""
    titles = block.of or ("",) * len(block.items)
    lines = [
        deadline_line(item, reader_time(post), title)
        for item, title in zip(block.items, titles, strict=True)
    ]
    return labelled("Deadline" if len(lines) == 1 else "Deadlines", Group(*lines))


def overview(items: Iterable[Glance], post: Post, numbers: Numbers) -> RenderableType:
    """Disputes one below the other: title and status, next deadline, latest development, key."""
    return Group(*_spaced(_glance(item, post, numbers) for item in items))


def _glance(item: Glance, post: Post, numbers: Numbers) -> RenderableType:
    title = Text(plain(item.title), style="bold")
    title.append(" · ", style="not bold dim")
    title.append(item.status.value, style=STATUS_STYLE[item.status])
    rows = [title]
    if item.deadline:
        rows.append(
            Text("  Next    ", style="cyan") + deadline_line(item.deadline, reader_time(post))
        )
    if item.latest:
        said = Text(f"{day_in_full(item.latest.day)}: {plain(item.latest.what.text)}")
        said.append_text(citation(item.latest.what.cites, numbers))
        rows.append(Text("  Latest  ", style="cyan") + said)
    rows.append(Text(f"  /dispute status {plain(item.key)}", style="dim"))
    return Group(*rows)


def reader_time(post: Post) -> datetime:
    """The moment the post was made, in the reader's zone."""
    return post.at.astimezone(ZoneInfo(post.timezone))
