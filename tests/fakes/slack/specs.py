"""Slack's published schemas and samples, where this machine has them."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[3]
SHARED = Path(os.environ.get("STANDOFF_SHARED", HERE.parent / "shared"))
SPECS = SHARED / "specs"
TYPES = SPECS / "generated" / "slack_blocks_events.from-slack-types-3.2.0.schema.json"
SAMPLES = SPECS / "slack" / "samples"
MANIFESTS = SPECS / "slack" / "manifest"
REASON = f"Slack's schemas and samples are not here ({SPECS})"


def present() -> bool:
    return TYPES.exists() and SAMPLES.exists()


@cache
def types() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(TYPES.read_text("utf-8"))
    return loaded


@cache
def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))


def strange_keys(told: Any, like: Any, path: str = "") -> list[str]:
    """Keys of `told` that Slack's sample has not; what the sample leaves empty is free.

    Blocks are the bot's own, and are checked against their schema.
    """
    if isinstance(told, dict) and isinstance(like, dict):
        if not like:
            return []
        unknown = [f"{path}.{key}" for key in told if key not in like]
        return unknown + [
            strange
            for key in (told.keys() & like.keys()) - {"blocks"}
            for strange in strange_keys(told[key], like[key], f"{path}.{key}")
        ]
    if isinstance(told, list) and isinstance(like, list) and like:
        merged = _merged(like)
        return [
            s for n, item in enumerate(told) for s in strange_keys(item, merged, f"{path}[{n}]")
        ]
    return []


def _merged(items: list[Any]) -> Any:
    """One sample out of several: blocks and elements come in many shapes."""
    if not all(isinstance(item, dict) for item in items):
        return items[0]
    together: dict[str, Any] = {}
    for item in items:
        for key, value in item.items():
            together.setdefault(key, value)
    return together
