"""Slack: digests in channels, commands, forms, an App Home, and questions in threads."""

from __future__ import annotations

from adapters.slack.connect import connect
from adapters.slack.platform import SlackPlatform

__all__ = ["SlackPlatform", "connect"]
