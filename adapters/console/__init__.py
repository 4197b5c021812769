"""The terminal: where Standoff posts when nothing else is configured."""

from __future__ import annotations

from adapters.console.connect import ConsolePlatform, connect

__all__ = ["ConsolePlatform", "connect"]
