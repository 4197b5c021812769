"""Canaries as secrets in every place where one may stand, and a search of all that comes out."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from config.settings import load
from tests.fakes.feed_server import Answer, FeedServer
from tests.store.databases import executed
from tests.test_run import STANDOFF

CANARY = "canary5f31"


def environment(folder: Path) -> dict[str, str]:
    """Secrets from the environment, a file and a command."""
    (folder / "token").write_text(f"{CANARY}-file-token")
    return {
        "DISCORD_TOKEN_FILE": str(folder / "token"),
        "SLACK_BOT_TOKEN": f"xoxb-{CANARY}-environment",
        "SLACK_SIGNING_SECRET_COMMAND": f"echo {CANARY}-from-a-command",
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "PATH": os.environ["PATH"],
    }


async def said(folder: Path, *words: str, first: Path | None = None) -> str:
    """What the command says; `first` comes before our own modules."""
    environ = environment(folder)
    if first is not None:
        environ["PYTHONPATH"] = f"{first}{os.pathsep}{environ['PYTHONPATH']}"
    process = await asyncio.create_subprocess_exec(
        *STANDOFF, *words, cwd=folder, stdout=PIPE, stderr=PIPE, env=environ
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return (out + err).decode()


@pytest.mark.parametrize("level", ["debug"])
async def test_no_secret_comes_out_anywhere(tmp_path: Path, level: str) -> None:
    async with FeedServer({"/404": Answer(status=404), "/bad": Answer(body=b"<no")}) as server:
        userinfo = f"desk:{CANARY}-feed-password@"
        urls = (
            server.url("/404", userinfo=userinfo),
            server.url("/bad") + f"?token={CANARY}-feed-token",
            server.url(f"/api/webhooks/123456789012345678/{CANARY}-webhook"),
        )
        feeds = "\n".join(f'[[feeds]]\nurl = "{url}"' for url in urls)
        (tmp_path / "standoff.toml").write_text(
            f'[log]\nlevel = "{level}"\n[network]\nallow = ["127.0.0.0/8"]\n{feeds}\n'
        )
        first = await said(tmp_path, "run", "--once", "--plain")
        executed(f"sqlite:///{tmp_path / 'standoff.db'}", "UPDATE feed_states SET failures = 9")
        everything = {"run --once --plain": first} | {
            words: await said(tmp_path, *words.split())
            for words in (
                "check",
                "poll --once",
                "doctor",
                "deliveries list",
                "audit",
                "feeds health",
                "restore missing.db",
                "doctor --config missing.toml",
            )
        }
    assert "failed" in everything["run --once --plain"], "there was something to talk about"
    assert everything["doctor"].count("standoff feeds test") == 3
    leaks = {words: text for words, text in everything.items() if CANARY in text}
    assert leaks == {}


async def test_without_redaction_they_would(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import bot.redaction as r\nr.redact = lambda text: text\n"
        "r.Redactor.text = lambda self, text: text\n"
        "r.Redactor.mapping = lambda self, values: dict(values)\n"
    )
    async with FeedServer({"/404": Answer(status=404)}) as server:
        url = server.url("/404", userinfo=f"desk:{CANARY}-feed-password@")
        (tmp_path / "standoff.toml").write_text(
            f'[network]\nallow = ["127.0.0.0/8"]\n[[feeds]]\nurl = "{url}"\n'
        )
        said_ = await said(tmp_path, "run", "--once", "--plain", first=tmp_path)
    assert CANARY in said_


def test_nor_from_a_repr(tmp_path: Path) -> None:
    (tmp_path / "standoff.toml").write_text(
        f'[[feeds]]\nurl = "https://u:{CANARY}-pass@x.example/rss"\n'
    )
    settings = load(tmp_path / "standoff.toml", environment(tmp_path))
    assert any(CANARY in secret for secret in settings.secret_values()), "it is there"
    assert CANARY not in repr(settings)
    assert CANARY not in "\n".join(settings.explain())
