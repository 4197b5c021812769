"""/dispute: what everybody may ask, and how admins overrule the machine."""

from __future__ import annotations

from bot.conversation import (
    asking,
    curating,
    disputes,
    following,
    previewing,
    undoing,
    upcoming,
    watching,
)
from bot.conversation.commands.handled import DISPUTE, SURE, THE_DISPUTE, Handled
from bot.model import Argument

DISPUTE_COMMANDS: tuple[Handled, ...] = (
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
        handler=upcoming.deadlines,
        arguments=(
            Argument(
                name="days", kind="number", required=False, help="How many days ahead; 90 if not."
            ),
        ),
        help="Coming deadlines over all disputes, soonest first, and a calendar file of them.",
        example="/dispute deadlines 14",
    ),
    Handled(
        group="dispute",
        verb="ask",
        handler=asking.ask,
        arguments=(Argument(name="question", help="In your own words."),),
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
        arguments=(Argument(name="name", help="A person, organisation or state."),),
        help="Who somebody is in the stories: disputes, positions, last seen.",
        example="/dispute actor Hegseth",
    ),
    Handled(
        group="dispute",
        verb="follow",
        handler=following.follow,
        arguments=(THE_DISPUTE,),
        help="Personal notes: developments, changes of status, reminders of deadlines.",
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
        verb="following",
        handler=following.followed,
        help="The disputes you follow, most pressing first.",
        example="/dispute following",
    ),
    Handled(
        group="dispute",
        verb="why",
        handler=previewing.why,
        arguments=(
            Argument(
                name="about", required=False, help="Words of a dispute's title, or of a story's."
            ),
        ),
        help="Why this channel was told about a dispute or story, or which rule kept it back.",
        example="/dispute why compass",
    ),
)

CURATING_COMMANDS: tuple[Handled, ...] = (
    Handled(
        group="dispute",
        verb="rename",
        handler=curating.rename,
        arguments=(DISPUTE, Argument(name="title", help="What it is to be called from now on.")),
        admin=True,
        help="Give a dispute another title; it is kept through later stories.",
        example='/dispute rename compass-slots "Compass Air v. Slot Office"',
    ),
    Handled(
        group="dispute",
        verb="merge",
        handler=curating.merge,
        arguments=(
            DISPUTE,
            Argument(name="other", kind="dispute", help="The one whose stories join the first."),
            SURE,
        ),
        admin=True,
        help="Put the stories of the second dispute into the first, for good.",
        example="/dispute merge compass-slots compass-hearing",
    ),
    Handled(
        group="dispute",
        verb="split",
        handler=curating.split,
        arguments=(
            DISPUTE,
            Argument(name="stories", help="Their numbers in /dispute sources, such as 3 4."),
        ),
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
        arguments=(
            DISPUTE,
            Argument(name="kind", choices=curating.KINDS, help="What is wrong."),
            Argument(
                name="correction",
                help="'Hegseth is Pete Hegseth', '2026-02-26 is 2026-02-27', or a party's name.",
            ),
        ),
        split=curating.split_correction,
        admin=True,
        help="Correct an alias, a deadline's date or a party.",
        example='/dispute correct compass-slots alias "Hegseth is Pete Hegseth"',
    ),
    Handled(
        group="dispute",
        verb="watch",
        handler=watching.watch,
        arguments=(
            Argument(
                name="words",
                required=False,
                help="Words, actor:…, outlet:… or /pattern/; none lists what is watched.",
            ),
        ),
        admin=True,
        help="Hear of all stories with these words, also where nobody opposes anybody (yet).",
        example='/dispute watch "supply chain"',
    ),
    Handled(
        group="dispute",
        verb="unwatch",
        handler=watching.unwatch,
        arguments=(Argument(name="words", help="What is watched, as /dispute watch lists it."),),
        admin=True,
        help="Watch for these words no longer.",
        example='/dispute unwatch "supply chain"',
    ),
    Handled(
        group="dispute",
        verb="undo",
        handler=undoing.undo,
        arguments=(
            Argument(
                name="change", kind="number", required=False, help="Its number; else the last one."
            ),
        ),
        admin=True,
        help="Undo what an admin changed: disputes, feeds, filters, schedules.",
        example="/dispute undo",
    ),
)
