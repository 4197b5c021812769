"""Who may do what: a role and a command in, yes or no out. Pure.

There are two roles. A person has the one that the platform says (`Person.admin`): Manage Server on
Discord, workspace admins and an allow-list on Slack, whoever sits at the terminal.
"""

from __future__ import annotations

from enum import StrEnum

from bot.model import Command, Person


class Role(StrEnum):
    """What a person is in a workspace."""

    READER = "reader"
    ADMIN = "admin"


def role_of(person: Person) -> Role:
    """The person's role."""
    return Role.ADMIN if person.admin else Role.READER


def may(role: Role, command: Command) -> bool:
    """Whether people of this role may use the command."""
    return role is Role.ADMIN or not command.admin
