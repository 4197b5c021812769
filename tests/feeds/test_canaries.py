"""Forged addresses in a network where every address answers: not one connection is made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests/data/feeds/ssrf.jsonl"
NAMESPACE = ("unshare", "-n", "--")


def possible() -> str:
    """Why no network namespace can be made here, or ''."""
    if not shutil.which("unshare") or not shutil.which("ip"):
        return "unshare and ip (util-linux, iproute2) are not installed"
    trial = subprocess.run([*NAMESPACE, "ip", "link", "set", "lo", "up"], capture_output=True)
    return "" if trial.returncode == 0 else "network namespaces are not allowed here"


WHY_NOT = possible()


def in_namespace(*options: str) -> dict[str, Any]:
    command = [*NAMESPACE, sys.executable, "-m", "tests.feeds.canary_net", str(VECTORS), *options]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "possible")
def test_no_canary_is_reached_by_any_of_300_vectors() -> None:
    found = in_namespace()
    assert found["tried"] >= 300
    assert found["reached"] == []


@pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "possible")
def test_with_the_check_off_they_are_reached() -> None:
    found = in_namespace("--open")
    assert len(found["reached"]) >= 250
