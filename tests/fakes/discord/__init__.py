"""A stand-in for Discord on the loopback interface: REST, gateway, interactions, with state."""

from tests.fakes.discord.server import DiscordStandIn

__all__ = ["DiscordStandIn"]
