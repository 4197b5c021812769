"""/digest: what one channel is told, and when."""

from __future__ import annotations

from bot.conversation import digests, filtering, previewing
from bot.conversation.commands.handled import Handled
from bot.model import Argument
from bot.publishing.timetable import DAYS

ZONE = Argument(
    name="timezone",
    kind="timezone",
    required=False,
    help="Such as Europe/Berlin; if not given, the channel's.",
)

DIGEST_COMMANDS: tuple[Handled, ...] = (
    Handled(
        group="digest",
        verb="schedule",
        handler=digests.schedule,
        arguments=(
            Argument(
                name="when",
                choices=("instant", "hourly", "daily", "weekly"),
                help="How often this channel gets digests.",
            ),
            Argument(name="day", required=False, choices=DAYS, help="The day, when it is weekly."),
            Argument(name="time", required=False, help="The time, when daily or weekly: 09:00."),
            ZONE,
        ),
        split=digests.split_schedule,
        admin=True,
        help="When this channel gets digests, and in which time zone.",
        example="/digest schedule daily 09:00 Europe/Berlin",
    ),
    Handled(
        group="digest",
        verb="quiet",
        handler=digests.quiet,
        arguments=(Argument(name="hours", help="Such as 20:00-07:00, or off."), ZONE),
        split=digests.split_quiet,
        admin=True,
        help="Hours in which nothing is posted; what is held comes as one digest afterwards.",
        example="/digest quiet 20:00-07:00",
    ),
    Handled(
        group="digest",
        verb="reminders",
        handler=digests.reminders,
        arguments=(
            Argument(
                name="when",
                choices=("on", "not-quiet", "off"),
                help="on: also in quiet hours.",
            ),
        ),
        admin=True,
        help="Whether this channel is reminded of deadlines: a day and an hour before, and after.",
        example="/digest reminders not-quiet",
    ),
    Handled(
        group="digest",
        verb="filter",
        handler=filtering.filter_,
        arguments=(
            Argument(name="action", choices=("add", "remove", "list"), help="What to do."),
            Argument(
                name="rule",
                required=False,
                choices=("must", "not"),
                help="must: only what has it; not: nothing that has it.",
            ),
            Argument(
                name="phrase",
                required=False,
                help='Words, actor:"Pete Hegseth", outlet:Reuters or /pattern/.',
            ),
        ),
        admin=True,
        help="What a dispute's news must or must not have: words, actors, outlets.",
        example='/digest filter add not "sponsored"',
    ),
    Handled(
        group="digest",
        verb="preview",
        handler=previewing.preview,
        help="What would be posted now, and why not what is not.",
        example="/digest preview",
    ),
    Handled(
        group="digest",
        verb="now",
        handler=previewing.now,
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
