"""Every command, once: its words, its arguments, who may use it, its help, its handler.

Adapters build their own menus from this table; nothing about a command is said anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.conversation import asking, curating, digests, disputes, feeds, following
from bot.conversation.context import Context, Handler
from bot.model import Argument, Command, Line, Listing, Note, Post


@dataclass(frozen=True, kw_only=True, slots=True)
class Handled(Command):
    """A command with what carries it out."""

    handler: Handler


async def help_(context: Context) -> Post:
    """All commands this person may use, with an example each."""
    allowed = [c for c in COMMANDS if context.request.person.admin or not c.admin]
    everybody = Listing(heading="Everybody", lines=_lines(c for c in allowed if not c.admin))
    admins = Listing(heading="Admins", lines=_lines(c for c in allowed if c.admin))
    hint = "In a digest's thread, or anywhere with a mention, just ask: 'What happens if …?'"
    shown = [everybody, admins] if admins.lines else [everybody]
    return context.post("What you can say", [*shown, Note(text=hint)])


def _lines(commands: Iterable[Command]) -> tuple[Line, ...]:
    return tuple(
        Line(label=command.usage, text=f"{command.help} Example: {command.example}")
        for command in commands
    )


DISPUTE = Argument(name="dispute", kind="dispute")
THE_DISPUTE = Argument(name="dispute", kind="dispute", required=False)
FEED = Argument(name="feed", kind="feed")

COMMANDS: tuple[Handled, ...] = (
    Handled(
        group="dispute",
        verb="status",
        handler=disputes.status,
        arguments=(THE_DISPUTE,),
        help="All disputes at a glance, or everything about one.",
        example="/dispute status pentagon anthropic",
    ),
    Handled(
        group="dispute",
        verb="timeline",
        handler=disputes.timeline,
        arguments=(THE_DISPUTE,),
        help="What happened, by day, with sources.",
        example="/dispute timeline pentagon anthropic",
    ),
    Handled(
        group="dispute",
        verb="deadlines",
        handler=disputes.deadlines,
        arguments=(Argument(name="days", kind="number", required=False),),
        help="Coming deadlines over all disputes, soonest first.",
        example="/dispute deadlines 14",
    ),
    Handled(
        group="dispute",
        verb="ask",
        handler=asking.ask,
        arguments=(Argument(name="question"),),
        help="Answer a question from the stories, with sources.",
        example="/dispute ask What happens if Anthropic refuses?",
    ),
    Handled(
        group="dispute",
        verb="sources",
        handler=disputes.sources,
        arguments=(THE_DISPUTE,),
        help="The stories a dispute rests on, by outlet.",
        example="/dispute sources pentagon anthropic",
    ),
    Handled(
        group="dispute",
        verb="actor",
        handler=disputes.actor,
        arguments=(Argument(name="name"),),
        help="Who somebody is in the stories: disputes, positions, last seen.",
        example="/dispute actor Hegseth",
    ),
    Handled(
        group="dispute",
        verb="follow",
        handler=following.follow,
        arguments=(THE_DISPUTE,),
        help="Personal notes about a dispute.",
        example="/dispute follow pentagon anthropic",
    ),
    Handled(
        group="dispute",
        verb="unfollow",
        handler=following.unfollow,
        arguments=(THE_DISPUTE,),
        help="No more personal notes about a dispute.",
        example="/dispute unfollow pentagon anthropic",
    ),
    Handled(
        group="dispute",
        verb="help",
        handler=help_,
        help="All commands, with examples.",
        example="/dispute help",
    ),
    Handled(
        group="dispute",
        verb="rename",
        handler=curating.rename,
        arguments=(DISPUTE, Argument(name="title")),
        admin=True,
        help="Give a dispute another title; it is kept through later stories.",
        example='/dispute rename compass-slots "Compass Air v. Slot Office"',
    ),
    Handled(
        group="dispute",
        verb="merge",
        handler=curating.merge,
        arguments=(DISPUTE, Argument(name="other", kind="dispute")),
        admin=True,
        help="Put the stories of the second dispute into the first, for good.",
        example="/dispute merge compass-slots compass-hearing",
    ),
    Handled(
        group="dispute",
        verb="split",
        handler=curating.split,
        arguments=(DISPUTE, Argument(name="stories")),
        admin=True,
        help="Take stories (their numbers in /dispute sources) out into a dispute of their own.",
        example="/dispute split compass-slots 3 4",
    ),
    Handled(
        group="dispute",
        verb="close",
        handler=curating.close,
        arguments=(DISPUTE,),
        admin=True,
        help="Post nothing more about a dispute.",
        example="/dispute close compass-slots",
    ),
    Handled(
        group="dispute",
        verb="reopen",
        handler=curating.reopen,
        arguments=(DISPUTE,),
        admin=True,
        help="Post about a closed dispute again.",
        example="/dispute reopen compass-slots",
    ),
    Handled(
        group="dispute",
        verb="correct",
        handler=curating.correct,
        arguments=(DISPUTE, Argument(name="correction")),
        admin=True,
        help="Correct an alias, a deadline's date or a party.",
        example='/dispute correct compass-slots "Hegseth is Pete Hegseth"',
    ),
    Handled(
        group="feeds",
        verb="add",
        handler=feeds.add,
        arguments=(Argument(name="url", kind="url"), Argument(name="channel", required=False)),
        admin=True,
        help="Add a feed, or the feeds of a web page; it is fetched and checked first.",
        example="/feeds add https://example.org/rss",
    ),
    Handled(
        group="feeds",
        verb="list",
        handler=feeds.list_,
        help="The feeds of this workspace.",
        example="/feeds list",
    ),
    Handled(
        group="feeds",
        verb="remove",
        handler=feeds.remove,
        arguments=(FEED,),
        admin=True,
        help="Stop polling a feed; its stories stay.",
        example="/feeds remove https://example.org/rss",
    ),
    Handled(
        group="feeds",
        verb="pause",
        handler=feeds.pause,
        arguments=(FEED,),
        admin=True,
        help="Do not poll a feed for now.",
        example="/feeds pause https://example.org/rss",
    ),
    Handled(
        group="feeds",
        verb="resume",
        handler=feeds.resume,
        arguments=(FEED,),
        admin=True,
        help="Poll a paused feed again.",
        example="/feeds resume https://example.org/rss",
    ),
    Handled(
        group="feeds",
        verb="test",
        handler=feeds.test,
        arguments=(Argument(name="url", kind="url"),),
        admin=True,
        help="Fetch a feed and show what it holds, without adding it.",
        example="/feeds test https://example.org/rss",
    ),
    Handled(
        group="feeds",
        verb="health",
        handler=feeds.health,
        help="Last success, next poll, failures and why, stories a week.",
        example="/feeds health",
    ),
    Handled(
        group="feeds",
        verb="export",
        handler=feeds.export,
        help="All feeds as OPML.",
        example="/feeds export",
    ),
    Handled(
        group="digest",
        verb="schedule",
        handler=digests.schedule,
        arguments=(Argument(name="when"),),
        admin=True,
        help="When this channel gets digests, and in which time zone.",
        example="/digest schedule daily 09:00 Europe/Berlin",
    ),
    Handled(
        group="digest",
        verb="quiet",
        handler=digests.quiet,
        arguments=(Argument(name="hours"),),
        admin=True,
        help="Hours in which nothing is posted; what is held comes afterwards.",
        example="/digest quiet 20:00-07:00",
    ),
    Handled(
        group="digest",
        verb="filter",
        handler=digests.filter_,
        arguments=(Argument(name="change"),),
        admin=True,
        help="Words a story must or must not have: add | remove | list.",
        example='/digest filter add not "sponsored"',
    ),
    Handled(
        group="digest",
        verb="preview",
        handler=digests.preview,
        help="What would be posted now, and why not what is not.",
        example="/digest preview",
    ),
    Handled(
        group="digest",
        verb="now",
        handler=digests.now,
        admin=True,
        help="Post what is new at once.",
        example="/digest now",
    ),
    Handled(
        group="digest",
        verb="pause",
        handler=digests.pause,
        admin=True,
        help="Post nothing in this channel for now.",
        example="/digest pause",
    ),
    Handled(
        group="digest",
        verb="resume",
        handler=digests.resume,
        admin=True,
        help="Post in this channel again.",
        example="/digest resume",
    ),
    Handled(
        group="digest",
        verb="settings",
        handler=digests.settings,
        help="This channel's schedule, quiet hours, filters and feeds.",
        example="/digest settings",
    ),
)
