"""What the README shows is what `standoff demo` prints, seen through the real command.

    python -m tests.demo.test_readme        # prints the posts that several runs had in common

The newsstand's port differs from run to run, and with it the second at which a feed is polled; so
posts are compared without ports, and those that the README shows are ones that every run has.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 4


def demo() -> str:
    """What `standoff demo` prints into a pipe, quickly."""
    environ = {**os.environ, "COLUMNS": "80"}
    command = [sys.executable, "-m", "bot", "demo", "--pace", "0.05"]
    done = subprocess.run(
        command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=180
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def posts(text: str) -> list[str]:
    """The framed posts of `text`, each with the line above it: when, or in answer to what."""
    found = re.findall(r"^([^\n│╭╰]+\n╭[^╰]*╰─+╯)$", text, re.MULTILINE)
    return [re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8080 ", post) for post in found]


def evened(post: str) -> str:
    """A post without the room that ports of other lengths take."""
    return re.sub(r"[ \t]+", " ", post)


def test_the_readme_shows_what_the_demo_prints() -> None:
    shown = posts((ROOT / "README.md").read_text("utf-8"))
    printed = {evened(post) for post in posts(demo())}
    assert len(shown) >= 4, "three digests and an answer"
    for post in shown:
        assert evened(post) in printed, f"the demo no longer prints this:\n{post}"


if __name__ == "__main__":
    often = [posts(demo()) for _ in range(RUNS)]
    alike = set.intersection(*({evened(post) for post in run} for run in often))
    print("\n\n".join(post for post in often[0] if evened(post) in alike))
