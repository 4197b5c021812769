"""Which dispute somebody means, by its key, words of its title, or what its stories say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process, utils

from bot.errors import CommandError
from bot.model import Called, unique
from bot.ports import Store

NEAR = 60
"""How alike (0-100) what was typed and a title must be to be taken for it, or suggested."""
CLEAR = 12
"""By how much the best candidate must beat the next one to be taken without asking."""
NAMED, SAID = 5, 5
"""Disputes that a question may be about: by their names, and by the words of their stories."""
WORD = re.compile(r"\w+")
SHORTEST = 4
MOST_WORDS = 8
COMMON = """
    about after against been before between could does doing from have into just made make many
    more most much over said says should some such tell than that their them then there these they
    this those under until were what when where which while whom whose will with would your happen
    happens happened
"""
NOT_TELLING = frozenset(COMMON.split())


async def about(store: Store, workspace: str, text: str, feeds: Sequence[str]) -> list[str]:
    """Ids of the disputes that `text` may be about, the likeliest first."""
    called = await store.finding.called(workspace, feeds)
    named = [one.id for one, _ in alike(text, called)[:NAMED]]
    words = telling(text)
    known = {one.id for one in called}
    said = await store.finding.groups_with(workspace, words) if words else []
    return list(unique([*named, *[group for group in said if group in known][:SAID]]))


def telling(text: str) -> list[str]:
    """The words of a question that a story may have too: the longest ones, in lower case."""
    words = unique(word.casefold() for word in WORD.findall(text))
    telling_ = [w for w in words if len(w) >= SHORTEST and w not in NOT_TELLING]
    return sorted(telling_, key=len, reverse=True)[:MOST_WORDS]


def meant(typed: str, called: Sequence[Called]) -> Called:
    """The one dispute that `typed` (an id, a key, or words of a title) means.

    Raises:
        CommandError: none is, or several may be; it names the nearest.
    """
    if not called:
        raise CommandError("no disputes yet; add feeds with /feeds add <url>, then wait for news")
    if not typed:
        raise CommandError(f"which dispute? {_offered(called[:5])}")
    best = alike(typed, called)
    if not best:
        raise CommandError(f"no dispute is called '{typed}'; there are {_offered(called[:5])}")
    if len(best) > 1 and best[0][1] - best[1][1] < CLEAR:
        raise CommandError(f"'{typed}' may mean {_offered([one for one, _ in best[:3]])}")
    return best[0][0]


def alike(typed: str, called: Sequence[Called]) -> list[tuple[Called, float]]:
    """Those whose title, key or actors are like `typed`, with how alike (0-100), best first."""
    names = [one.known_as for one in called]
    found = process.extract(
        typed, names, scorer=fuzz.token_set_ratio, processor=utils.default_process, limit=5
    )
    return [(called[number], score) for _, score, number in found if score >= NEAR]


def _offered(called: Sequence[Called]) -> str:
    return " or ".join(f"{one.title} ({one.key})" for one in called)
