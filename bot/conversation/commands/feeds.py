"""/feeds: what is polled."""

from __future__ import annotations

from bot.conversation import feeds, importing
from bot.conversation.commands.handled import FEED, SURE, Handled
from bot.model import Argument

URL = Argument(name="url", kind="url", help="Of a feed, or of a web page that links one.")
CHANNEL = Argument(
    name="channel",
    kind="channel",
    required=False,
    help="Where its news goes; if not given, where you are.",
)

FEEDS_COMMANDS: tuple[Handled, ...] = (
    Handled(
        group="feeds",
        verb="add",
        handler=feeds.add,
        arguments=(URL, CHANNEL),
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
        arguments=(FEED, SURE),
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
        arguments=(URL,),
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
        verb="import",
        handler=importing.import_,
        arguments=(
            Argument(
                name="file",
                kind="file",
                required=False,
                help="OPML as your feed reader exports it, or addresses, one a line.",
            ),
        ),
        admin=True,
        help="Add up to 1,000 feeds from an OPML file; what fails is listed, the rest is kept.",
        example="/feeds import feeds.opml",
    ),
    Handled(
        group="feeds",
        verb="export",
        handler=feeds.export,
        help="All feeds as an OPML file.",
        example="/feeds export",
    ),
)
