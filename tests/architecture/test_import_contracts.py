"""The contracts of .importlinter hold, and each of them catches what it is there to catch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LINT = (sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()")

# What is added to a clean tree, and the contract that this breaks.
VIOLATIONS = [
    ("bot/model.py", "import bot.feeds", "Layers of the core"),
    ("bot/utils.py", "", "Layers of the core"),
    ("bot/reading/__init__.py", "import bot.disputes", "Layers of the core"),
    ("adapters/slack.py", "import bot.store", "Adapters know only"),
    ("adapters/slack.py", "import config", "Adapters know only"),
    ("adapters/slack.py", "import adapters.discord", "Adapters do not know each other"),
    ("bot/app.py", "import adapters.slack", "The core knows no platform"),
    ("bot/delivery/outbox.py", "import discord", "The core knows no platform"),
    ("bot/reading/__init__.py", "import httpx", "Reading, disputes, writing and talking"),
    ("bot/conversation/__init__.py", "import bot.feeds", "Reading, disputes, writing and talking"),
    ("bot/pipeline.py", "import config", "Only the command line"),
]


def lint(folder: Path, contracts: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (*LINT, "--no-cache", "--config", str(contracts)),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_contracts_hold(project: Path) -> None:
    result = lint(project, project / ".importlinter")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small project in which every contract holds."""
    packages = (
        "cli",
        "delivery",
        "reading",
        "retelling",
        "disputes",
        "summarizer",
        "conversation",
        "feeds",
        "store",
        "demo",
    )
    modules = (
        "app",
        "pipeline",
        "ports",
        "model",
        "errors",
    )
    files = {
        "config/__init__.py": "",
        "adapters/__init__.py": "",
        "adapters/slack.py": "import bot.model",
        "adapters/discord.py": "import bot.ports",
        "bot/__init__.py": "",
        **{f"bot/{name}/__init__.py": "" for name in packages},
        **{f"bot/{name}.py": "" for name in modules},
        "bot/feeds/__init__.py": "import httpx",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_clean_tree_breaks_no_contract(tree: Path, project: Path) -> None:
    result = lint(tree, project / ".importlinter")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("file", "line", "contract"), VIOLATIONS)
def test_a_violation_is_caught(
    tree: Path, project: Path, file: str, line: str, contract: str
) -> None:
    path = tree / file
    path.write_text(f"{path.read_text() if path.exists() else ''}\n{line}\n")
    result = lint(tree, project / ".importlinter")
    broken = [told for told in result.stdout.splitlines() if " BROKEN" in told]
    assert result.returncode == 1, result.stdout + result.stderr
    assert any(told.startswith(contract) for told in broken), result.stdout
