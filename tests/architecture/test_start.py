"""Nothing heavy is loaded before it is needed: `standoff --help` answers at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

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
from bot.cli.main import main
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


@pytest.mark.parametrize("code", [f"import bot.cli.main\n{TELL}", HELP], ids=["import", "help"])
def test_starting_loads_nothing_heavy(code: str) -> None:
    assert "bot.cli.main" in loaded(code)
    assert not loaded(code) & HEAVY


VERBS = [["read"], ["read", "--spans"], ["cluster"], ["report"], ["digest"], ["ask", "--questions"]]
UNUSED = HEAVY | {"aiohttp", "aiosqlite", "httpx", "prompt_toolkit", "psycopg"}


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_the_verbs_load_no_chat_no_network_and_no_database(verb: list[str], tmp_path: Path) -> None:
    story = {
        "id": "s1",
        "title": "Dockers set deadline",
        "text": "The union gave the port until Friday to sign.",
        "published": "2026-02-24T12:00:00+01:00",
        "source": "Wire",
        "url": "https://wire.example/1",
    }
    lines = {
        "stories.jsonl": story,
        "groups.jsonl": {"id": "g", "stories": [story]},
        "questions.jsonl": {"id": "q", "question": "By when must the port sign?", "about": None},
    }
    for name, row in lines.items():
        (tmp_path / name).write_text(json.dumps(row))
    given = {"digest": ["groups.jsonl"], "ask": ["questions.jsonl", "stories.jsonl"]}
    files = [str(tmp_path / name) for name in given.get(verb[0], ["stories.jsonl"])]
    run = HELP.replace('["standoff", "--help"]', repr(["standoff", *verb, *files]))
    modules = loaded(run)
    assert "bot.reading.reader" in modules
    assert not modules & UNUSED


def test_a_heavy_import_would_be_seen() -> None:
    assert loaded(f"import bot.cli.main, sqlalchemy\n{TELL}") & HEAVY == {"sqlalchemy"}
