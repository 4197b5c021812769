"""A server of Discord's as a workspace of ours: 'discord:123' for server 123. Pure."""

from __future__ import annotations

PREFIX = "discord:"


def workspace_of(server: int | str) -> str:
    """The workspace of a server, as the configuration names it too."""
    return f"{PREFIX}{server}"


def server_of(workspace: str) -> str:
    """The id of a workspace's server, or '' where it is none of Discord's."""
    id_ = workspace.removeprefix(PREFIX)
    return id_ if id_.isascii() and id_.isdigit() else ""
