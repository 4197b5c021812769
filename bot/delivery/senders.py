"""Who is sending: a name for this process, by which others on the machine can tell if it lives.

A row that is being sent carries the name of its sender. When that process is certain to be dead,
the row is looked after at once; where that cannot be told (another machine, another container,
no /proc), it is waited for instead.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

PROC = Path("/proc")


@cache
def _place(process: int) -> str:
    """The boot and the namespace in which process numbers mean something; '' where unknown."""
    # By process: a fork is another sender.
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{os.readlink(PROC / 'self/ns/pid')}"
    except OSError:
        return ""


def _began(process: int) -> str:
    """When a process began, in ticks since the boot; '' when there is none of that number."""
    try:
        stat = (PROC / str(process) / "stat").read_text()
    except OSError:
        return ""
    # The name of the program, in brackets, may hold anything; a zombie sends nothing any more.
    state, *fields = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else fields[18]


def this_process() -> str:
    """'boot/namespace/number/began', or '' where others could not tell by it."""
    place, number = _place(os.getpid()), os.getpid()
    return f"{place}/{number}/{_began(number)}" if place else ""


def has_died(name: str) -> bool:
    """Whether the process called `name` is certain to be dead."""
    place, number, began = (*name.rsplit("/", 2), "", "", "")[:3]
    if not place or place.partition("/")[0] != _place(os.getpid()).partition("/")[0]:
        return False  # another machine, or the same one before it was started anew
    return place == _place(os.getpid()) and _began(int(number)) != began
