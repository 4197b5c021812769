"""Makes docs/preview/discord.html: our posts as Discord lays them out, near enough to look at.

    python -m docs.preview.discord

The texts are those that `adapters.discord.render` makes of the demo's digests; only the page around
them is an imitation. Colours and widths are guesses, and nothing on it is taken from Discord.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from pathlib import Path

from adapters.discord.render import render
from bot.model import (
    Button,
    Cited,
    Deadline,
    Deadlines,
    Glance,
    Note,
    Overview,
    Post,
    Prose,
    Source,
    Status,
    Tags,
    TrackedDeadline,
)

PAGE = Path(__file__).with_suffix(".html")
NOW = datetime(2026, 2, 25, 9, tzinfo=UTC)
INLINE = re.compile(
    r"\\(?P<plain>[^0-9A-Za-z\s])|\[(?P<label>[^\]]+)\]\(<(?P<url>[^>]+)>\)"
    r"|\*\*(?P<bold>.+?)\*\*|~~(?P<gone>.+?)~~|<t:(?P<at>\d+):(?P<form>[FR])>"
)
STYLE = """
body{background:#5b5d66;margin:0;font:15px/1.38 system-ui,sans-serif;color:#dbdee1}
main{display:flex;flex-wrap:wrap;gap:24px;padding:24px;align-items:flex-start}
section{background:#313338;border-radius:10px;padding:16px;box-sizing:border-box}
.wide{width:640px}li{margin-left:18px}.phone{width:375px}
header{color:#fff;max-width:1100px;padding:16px 24px 0}
h2{font-size:13px;margin:0 0 12px;color:#b5bac1;font-weight:600}
.name{color:#fff;font-weight:600}.app{background:#5865f2;color:#fff;border-radius:3px;
font-size:10px;padding:1px 5px;margin-left:5px}
h3{margin:6px 0 4px;font-size:18px;line-height:1.25;color:#f2f3f5}
p{margin:0 0 2px;overflow-wrap:anywhere}small{color:#b5bac1;font-size:12px}
a{color:#00a8fc;text-decoration:none}time{background:#3f4147;border-radius:3px;padding:0 2px}
blockquote{margin:0 0 2px;border-left:4px solid #4e5058;padding-left:10px}
.buttons{display:flex;flex-wrap:wrap;gap:8px;margin:8px 0 14px}
.buttons span{background:#4e5058;border-radius:6px;padding:5px 14px;color:#fff;font-weight:500}
"""


def inline(text: str) -> str:
    """One line's markdown as HTML; what is escaped stays as it is."""
    out, at = "", 0
    for found in INLINE.finditer(text):
        out += html.escape(text[at : found.start()])
        out += _shown(found)
        at = found.end()
    return out + html.escape(text[at:])


def _shown(found: re.Match[str]) -> str:
    part = found.groupdict()
    if part["plain"]:
        return html.escape(part["plain"])
    if part["url"]:
        return f'<a href="{html.escape(part["url"])}">{inline(part["label"])}</a>'
    if part["bold"] or part["gone"]:
        tag = "b" if part["bold"] else "s"
        return f"<{tag}>{inline(part['bold'] or part['gone'])}</{tag}>"
    when = datetime.fromtimestamp(int(part["at"]), UTC)
    relative = f"in {(when - NOW).days} days" if when > NOW else f"{(NOW - when).days} days ago"
    return f"<time>{relative if part['form'] == 'R' else f'{when:%A, %-d %B %Y %H:%M}'}</time>"


def block(line: str) -> str:
    """A line of a message as HTML."""
    for mark, tag in (("### ", "h3"), ("-# ", "small"), ("> ", "blockquote"), ("- ", "li")):
        if line.startswith(mark):
            return f"<{tag}>{inline(line.removeprefix(mark))}</{tag}>"
    return f"<p>{inline(line)}</p>"


def message(post: Post) -> str:
    """A post as its messages."""
    buttons = "".join(f"<span>{html.escape(b.label)}</span>" for b in post.buttons)
    texts = ["".join(map(block, text.split("\n"))) for text in render(post).texts]
    texts[0] += f'<div class="buttons">{buttons}</div>'
    return "".join(f'<p class="name">Standoff<span class="app">APP</span></p>{t}' for t in texts)


def page(posts: list[Post]) -> str:
    """The posts, wide and on a phone."""
    shown = "".join(map(message, posts))
    told = "What Standoff sends, in an imitation of Discord's layout. This is no screenshot."
    return (
        f'<!doctype html><meta charset="utf-8"><title>Preview</title><style>{STYLE}</style>'
        f"<header>{told}</header><main>"
        f'<section class="wide"><h2># policy</h2>{shown}</section>'
        f'<section class="phone"><h2># policy, on a phone</h2>{shown}</section></main>\n'
    )


def posts() -> list[Post]:
    """A digest of made-up news, a status, a refusal, and a headline that tries things."""
    due = TrackedDeadline(
        deadline=Deadline(
            due=NOW.date().replace(day=27), who=("Harbour Board",), what="answer the dockers"
        ),
        stories=("a",),
    )
    hour = TrackedDeadline(
        deadline=Deadline(
            due=NOW.date().replace(day=28), time="17:00", what="the strike begins", kind="scheduled"
        ),
        stories=("a",),
    )
    sources = tuple(
        Source(
            story=id_,
            number=number,
            outlet=outlet,
            title="x",
            url=f"https://news.example/{id_}",
            published=NOW,
        )
        for number, (id_, outlet) in enumerate(
            [("a", "Harbour Wire"), ("b", "The Quay"), ("c", "Dockside Daily")], 1
        )
    )
    said = [
        ("The Harbour Board has until Friday 27 February to answer the dockers' demand.", "ab"),
        ("If it refuses, both unions will stop work on Saturday at 17:00.", "a"),
        ("The board calls the talks open and keeps two conditions: no night shifts without", "b"),
    ]
    said[2] = (said[2][0] + " a bonus, no third crew.", "c")
    digest = Post(
        heading="Dockers v. Harbour Board over night shifts",
        at=NOW,
        status=Status.ESCALATING,
        blocks=(
            Prose(sentences=tuple(Cited(text=t, cites=tuple(c)) for t, c in said)),
            Deadlines(items=(due, hour)),
            Tags(names=("Dockers", "Harbour Board", "Mara Lind", "Ports Ministry")),
        ),
        sources=sources,
        buttons=tuple(
            Button(label=label, command=f"/dispute {label.lower()} dockers")
            for label in ("Follow", "Timeline", "Sources")
        ),
    )
    glances = tuple(
        Glance(key=key, title=title, status=status, deadline=due if number == 0 else None)
        for number, (key, title, status) in enumerate(
            [
                ("dockers", "Dockers v. Harbour Board over night shifts", Status.ESCALATING),
                ("slots", "Compass Air v. Slot Office", Status.STALLED),
            ]
        )
    )
    overview = Post(heading="2 disputes", at=NOW, blocks=(Overview(items=glances),))
    refused = Post(
        heading="",
        at=NOW,
        blocks=(
            Note(
                text="/feeds add is for admins of this workspace; ask one of them", mood="refused"
            ),
        ),
    )
    evil = "@everyone **read** [this](https://evil.example) <@1> ||now|| https://evil.example"
    forged = Post(heading=evil, at=NOW, status=Status.BREWING, blocks=(Note(text=evil),))
    return [digest, overview, refused, forged]


if __name__ == "__main__":
    PAGE.write_text(page(posts()), "utf-8")
    print(PAGE)
