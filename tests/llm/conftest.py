from __future__ import annotations

from tests.summarizer.conftest import brief, dispute, entries, entry

__all__ = ["brief", "dispute", "entries", "entry"]
