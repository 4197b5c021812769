"""Nothing heavy is loaded before it is needed: `standoff --help` answers at once."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "alembic",
    "apscheduler",
    "discord",
    "feedparser",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
    "trafilatura",
}
TELL = "import json, sys; print('LOADED', json.dumps(sorted(sys.modules)))"
HELP = f"""
import sys
from bot.cli import main
sys.argv = ["standoff", "--help"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
{TELL}
"""


def loaded(code: str) -> set[str]:
    """The modules that are loaded once `code`, which has to end with TELL, has run."""
    done = subprocess.run(
        (sys.executable, "-c", code), capture_output=True, text=True, timeout=60, check=True
    )
    return set(json.loads(done.stdout.rpartition("LOADED")[2]))


@pytest.mark.parametrize("code", [f"import bot.cli\n{TELL}", HELP], ids=["import", "help"])
def test_starting_loads_nothing_heavy(code: str) -> None:
    assert "bot.cli" in loaded(code)
    assert not loaded(code) & HEAVY


def test_a_heavy_import_would_be_seen() -> None:
    assert loaded(f"import bot.cli, sqlalchemy\n{TELL}") & HEAVY == {"sqlalchemy"}
