"""Blocks as HTML that imitates Slack's layout, to look at without Slack.

    python -m tests.fakes.slack.preview > docs/preview/slack.html

Nothing of it comes from Slack: it is our own messages, drawn by us.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from adapters.slack.forms import form
from adapters.slack.inbound import Origin
from adapters.slack.render import render
from bot.conversation.commands import COMMANDS
from bot.model import (
    Cited,
    Deadline,
    Deadlines,
    Line,
    Listing,
    Note,
    Post,
    Prose,
    Source,
    Status,
    Tags,
    TrackedDeadline,
)
from bot.publishing.posts import buttons

Json = dict[str, Any]
NOW = datetime(2026, 2, 25, 18, tzinfo=UTC)
STYLE = """
body { font: 15px/1.46 Lato, "Helvetica Neue", Arial, sans-serif; color: #1d1c1d; margin: 0;
  background: #f4f4f4; }
.what { background: #fff3c4; padding: 10px 16px; border-bottom: 1px solid #e0c861; }
.wide { width: 680px; } .phone { width: 360px; }
.frame { background: #fff; border: 1px solid #ddd; border-radius: 8px; margin: 16px;
  padding: 12px 16px; display: inline-block; vertical-align: top; box-sizing: border-box; }
.who { font-weight: 900; } .app { background: #e8e8e8; font-size: 10px; padding: 1px 3px;
  border-radius: 2px; margin: 0 4px; } .at, .alone { color: #616061; font-size: 12px; }
h2 { font-size: 18px; margin: 4px 0 8px; line-height: 1.3; }
.section { margin: 6px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.context { color: #616061; font-size: 13px; margin: 6px 0; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.date { background: #f2f2f2; border-radius: 3px; } a { color: #1264a3; text-decoration: none; }
.button { display: inline-block; border: 1px solid #c9c9c9; border-radius: 4px; font-weight: 700;
  padding: 4px 11px; margin: 4px 6px 4px 0; font-size: 14px; background: #fff; }
.field { margin: 12px 0; } .field b { display: block; } .field .box { border: 1px solid #aaa;
  border-radius: 4px; padding: 8px; color: #868686; } .hint { color: #616061; font-size: 13px; }
.beside { display: flex; gap: 12px; justify-content: space-between; align-items: start; }
"""
WHAT = (
    "A drawing of Standoff's messages, made by Standoff's own tests to imitate the layout of "
    "Slack. It is no screenshot of Slack, and nothing in it comes from Slack."
)


def page(parts: list[str]) -> str:
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        f"<title>Standoff on Slack, drawn</title><style>{STYLE}</style></head>"
        f"<body><p class='what'>{WHAT}</p>{''.join(parts)}</body></html>\n"
    )


def message(blocks: list[Json], *, width: str = "wide", alone: bool = False) -> str:
    only = "<div class='alone'>Only visible to you</div>" if alone else ""
    who = "<span class='who'>Standoff</span><span class='app'>APP</span>"
    who += "<span class='at'>7:00 PM</span>"
    return f"<div class='frame {width}'>{only}<div>{who}</div>{''.join(map(block, blocks))}</div>"


def modal(view: Json) -> str:
    title = view["title"]["text"]
    submit = f"<span class='button'>{view['submit']['text']}</span>" if "submit" in view else ""
    close = f"<span class='button'>{view['close']['text']}</span>"
    return (
        f"<div class='frame phone'><h2>{title}</h2>{''.join(map(block, view['blocks']))}"
        f"<div>{close}{submit}</div></div>"
    )


def block(told: Json) -> str:
    """One block, roughly as Slack lays it out."""
    match told["type"]:
        case "header":
            return f"<h2>{text(told['text'])}</h2>"
        case "section":
            inner = f"<div class='section'>{text(told['text'])}</div>"
            beside = element(told["accessory"]) if "accessory" in told else ""
            return f"<div class='beside'>{inner}{beside}</div>" if beside else inner
        case "context":
            return f"<div class='context'>{' '.join(map(text, told['elements']))}</div>"
        case "actions":
            return f"<div>{''.join(map(element, told['elements']))}</div>"
        case "input":
            label = text(told["label"]) + (" (optional)" if told["optional"] else "")
            holder = told["element"].get("placeholder", {"text": "", "type": "plain_text"})
            hint = f"<div class='hint'>{text(told['hint'])}</div>" if "hint" in told else ""
            box = f"<div class='box'>{text(holder)}</div>"
            return f"<div class='field'><b>{label}</b>{box}{hint}</div>"
    return "<hr>"


def element(told: Json) -> str:
    label = text(told.get("text") or told.get("placeholder") or {"text": "", "type": "plain_text"})
    return f"<span class='button'>{label}</span>"


def text(told: Json) -> str:
    """A text object: it comes escaped as Slack wants it, which HTML happens to want too."""
    shown = str(told["text"])
    if told["type"] == "plain_text":
        return shown
    shown = re.sub(r"<!date\^\d+\^[^|]*\|([^>]*)>", r"<span class='date'>\1</span>", shown)
    shown = re.sub(r"<(https?:[^|>]+)\|([^>]*)>", r"<a href='\1'>\2</a>", shown)
    return re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])", r"<b>\1</b>", shown)


# ---------------------------------------------------------------- what is shown


def source(number: int, outlet: str, title: str) -> Source:
    url = f"https://news.example/{number}"
    story = f"s{number}"
    return Source(story=story, number=number, outlet=outlet, title=title, url=url, published=NOW)


def cited(said: str, *numbers: int) -> Cited:
    return Cited(text=said, cites=tuple(f"s{number}" for number in numbers))


SOURCES = (
    source(1, "Potomac Wire", "Pentagon gives Anthropic until Friday to loosen limits on Claude"),
    source(2, "Model Matters", "Two red lines and a clock"),
    source(3, "Tidewater Ledger", "Claude maker told to open up or be labelled a risk"),
)
DUE = TrackedDeadline(
    deadline=Deadline(
        due=date(2026, 2, 27),
        time="17:01",
        tz="ET",
        who=("Anthropic",),
        what="allow every lawful military use of Claude",
    ),
    stories=("s1",),
)
DIGEST = Post(
    heading="Pentagon v. Anthropic over military use of Claude",
    at=NOW,
    timezone="Europe/Berlin",
    dispute="d1",
    status=Status.ESCALATING,
    blocks=(
        Prose(
            sentences=(
                cited(
                    "The Pentagon has given Anthropic until Friday 27 February to allow every "
                    "lawful military use of Claude.",
                    1,
                    3,
                ),
                cited("Anthropic keeps two limits, on weapons and on surveillance at home.", 2),
            )
        ),
        Deadlines(items=(DUE,)),
        Tags(names=("Pentagon", "Anthropic", "Pete Hegseth", "Dario Amodei")),
    ),
    sources=SOURCES,
    buttons=buttons("pentagon-anthropic"),
)
TIMELINE = Post(
    heading="Timeline: Pentagon v. Anthropic over military use of Claude",
    at=NOW,
    blocks=(
        Listing(
            heading="",
            lines=(
                Line(label="Tue 24 Feb 2026", text="Dario Amodei met Pete Hegseth.", cites=("s1",)),
                Line(label="Fri 27 Feb 2026", text="The Pentagon's term ends.", cites=("s1", "s3")),
            ),
        ),
    ),
    sources=SOURCES[:1] + SOURCES[2:],
    buttons=buttons("pentagon-anthropic"),
    private=True,
)
REFUSAL = Post(
    heading="",
    at=NOW,
    blocks=(
        Note(text="'/dispute statsu' is no command; did you mean /dispute status?", mood="refused"),
    ),
    private=True,
)


def preview() -> str:
    """The page."""
    digest = list(render(DIGEST)[0].blocks)
    timeline = list(render(TIMELINE, share="/dispute timeline pentagon-anthropic")[0].blocks)
    add = next(command for command in COMMANDS if command.words == "/feeds add")
    return page(
        [
            message(digest),
            message(digest, width="phone"),
            message(timeline, alone=True),
            message(list(render(REFUSAL)[0].blocks), alone=True),
            modal(form(add, Origin(team="T1", user="U1"))),
        ]
    )


if __name__ == "__main__":
    print(preview(), end="")
