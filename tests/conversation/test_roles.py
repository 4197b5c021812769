"""Who may do what: the whole table, written out, against what the desk does."""

from __future__ import annotations

from itertools import product

import pytest

from bot.app import App
from bot.conversation.commands import COMMANDS
from bot.conversation.roles import Role, may
from bot.model import Person
from tests.newsroom import request, words

EVERYBODY = {
    "/dispute": "status timeline deadlines ask sources actor follow unfollow following why help",
    "/feeds": "list health export",
    "/digest": "preview settings",
}
ADMINS = {
    "/dispute": "rename merge split close reopen correct watch unwatch undo",
    "/feeds": "add remove pause resume test import",
    "/digest": "schedule quiet reminders filter now pause resume",
}


def listed(table: dict[str, str]) -> set[str]:
    return {f"{group} {verb}" for group, verbs in table.items() for verb in verbs.split()}


def test_the_table_is_the_one_written_here() -> None:
    everybody = {c.words for c in COMMANDS if may(Role.READER, c)}
    admins = {c.words for c in COMMANDS if may(Role.ADMIN, c)}
    assert everybody == listed(EVERYBODY)
    assert admins == listed(EVERYBODY) | listed(ADMINS)


@pytest.mark.parametrize(
    ("words_", "admin"),
    list(product(sorted(listed(EVERYBODY) | listed(ADMINS)), (True, False))),
)
async def test_the_desk_keeps_to_it(app: App, words_: str, admin: bool) -> None:
    """Options that are missing are complained of only to whoever may use the command."""
    (command,) = [c for c in COMMANDS if c.words == words_]
    given = tuple((a.name, (a.choices or ("x",))[0]) for a in command.arguments if a.required)
    person = Person(id="p", admin=admin)
    post = await app.conversation.answer(request(words_, person=person, arguments=given))
    refused = "for admins of this workspace" in words(post)
    assert refused is (not admin and words_ in listed(ADMINS))
