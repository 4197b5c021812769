"""A disk that is really full: a small one is mounted, filled, and given room again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOUNTED = (
    "unshare",
    "-m",
    "--",
    "sh",
    "-c",
    'mount -t tmpfs -o size=8m disk "$1" && shift && "$@"',
)


def possible() -> str:
    """Why no disk can be mounted here, or ''."""
    if not shutil.which("unshare"):
        return "unshare (util-linux) is not installed"
    trial = subprocess.run([*MOUNTED, "sh", "/mnt", "true"], capture_output=True)
    return "" if trial.returncode == 0 else "mount namespaces are not allowed here"


WHY_NOT = possible()

RUNNING = """
import asyncio, sqlite3, sys
from pathlib import Path
from bot.demo.clock import SteppedClock
from bot.demo.newsstand import Newsstand
from bot.demo.run import demo_settings
from bot.demo.stories import OPENING, CLOSING
from bot.app import assembled
from bot.errors import StoreError
from datetime import timedelta

async def main(disk, keeps_room):
    clock, refused, cycles = SteppedClock(OPENING), set(), 0
    filler = disk / "filler"
    async with Newsstand(clock) as stand:
        settings = demo_settings(stand, disk)
        async with assembled(settings, clock=clock, patience=None) as app:
            clock.advance(timedelta(days=2))
            await app.cycle()
            before = await app.store.stories.count()
            with filler.open("wb", buffering=0) as file:
                try:
                    while not keeps_room:
                        file.write(bytes(4096))
                except OSError:
                    pass
            for _ in range(3):
                clock.advance(timedelta(days=2))
                try:
                    await app.cycle()
                except StoreError as error:
                    refused.add(str(error))
            full = await app.store.stories.count()
            filler.unlink()
            clock.advance(CLOSING - clock.now())
            await app.cycle()
            after = await app.store.stories.count()
    with sqlite3.connect(disk / "demo.db") as connection:
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
    print(len(refused), any("disk is full" in r for r in refused), before, full, after, sound)

asyncio.run(main(Path(sys.argv[1]), len(sys.argv) > 2))
"""


def run(folder: Path, *more: str) -> list[str]:
    command = [*MOUNTED, "sh", str(folder), sys.executable, "-c", RUNNING, str(folder), *more]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().splitlines()[-1].split()


@pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "possible")
@pytest.mark.parametrize("room", [False, True])
def test_a_full_disk_is_said_once_and_recovered_from_without_a_restart(
    tmp_path: Path, room: bool
) -> None:
    messages, said, before, full, after, sound = run(tmp_path, *(["room"] if room else []))
    assert sound == "ok"
    assert (messages, said) == (("0", "False") if room else ("1", "True"))
    assert (int(full) > int(before)) is room
    assert int(after) > int(before)
