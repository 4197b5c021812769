"""A child whose wall clock is ours to set; its monotonic clock is the machine's, as in life."""

from __future__ import annotations

import os
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]


def library() -> Path | None:
    """The library that is loaded before the C library, or None where there is none."""
    spec = find_spec("libfaketime")
    where = spec.submodule_search_locations if spec else None
    found = Path(where[0], "vendor/libfaketime/src/libfaketime.so.1") if where else Path()
    return found if found.is_file() and sys.platform == "linux" else None


WHY_NOT = "" if library() else "libfaketime is not installed here; it is made for Linux only"


class FakedTime:
    """The clock of children that were started with `start`."""

    def __init__(self, file: Path, at: datetime) -> None:
        self._file = file
        self.set(at)

    def set(self, at: datetime) -> None:
        """From now on it is `at`, and time goes on from there."""
        beside = self._file.with_suffix(".new")
        beside.write_text(f"@{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}\n")
        beside.replace(self._file)

    async def start(self, *line: str, cwd: Path, **environ: str) -> Process:
        """Start a Python with these arguments."""
        told = {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "TZ": "UTC",
            "PYTHONPATH": str(ROOT),
        }
        return await create_subprocess_exec(
            sys.executable,
            *line,
            cwd=cwd,
            env=os.environ | told | environ,
            stdout=PIPE,
            stderr=PIPE,
        )
