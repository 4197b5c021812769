"""Calls that are finished even when their caller is cancelled.

A statement that is cancelled under way leaves its connection in an unknown state: SQLAlchemy then
closes it (which would lose a database in memory), or, cancelled within BEGIN, returns it to the
pool with the write lock held. A call takes milliseconds, so the cancellation waits for its end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound=type)


def whole(call: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """`call`, run to its end; a cancellation is raised afterwards."""

    @wraps(call)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        task = asyncio.ensure_future(call(*args, **kwargs))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])
            raise

    return run


def whole_methods(kind: C) -> C:
    """A class decorator: every public coroutine method of `kind` becomes `whole`."""
    for name, method in list(vars(kind).items()):
        if iscoroutinefunction(method) and not name.startswith("_"):
            setattr(kind, name, whole(method))
    return kind
