"""`make crash KILLS=1000 STORE=sqlite`: so many kills, and a report."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.crashes.worlds import WORLDS, killed
from tests.fakes.postgres import running_postgres


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.crashes", description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--platform", choices=sorted(WORLDS), default="mailbox")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="standoff-crash-") as folder:
        if asked.store == "postgres":
            with running_postgres() as server:
                done = _run(asked, server.new_database())
        else:
            done = _run(asked, f"sqlite:///{Path(folder) / 'standoff.db'}")
    sys.exit(not done)


def _run(asked: argparse.Namespace, database: str) -> bool:
    report = asyncio.run(killed(asked.platform, database, asked.kills, seed=asked.seed))
    print(f"{asked.platform}, {asked.store}: {report}")
    for wrong in (*report.lost, *report.doubled, *report.unknown, *report.aside):
        print(f"  {wrong}")
    return not (report.lost or report.doubled)


if __name__ == "__main__":
    main()
