"""Logging: structlog and the standard library's loggers through one chain that hides secrets.

Whatever is bound with ``structlog.contextvars.bound_contextvars(cycle=…)`` stands in every line
that is logged inside, by whichever library.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.redaction import Redactor

Format = Literal["auto", "console", "json"]

# These say at INFO, for every request or job, what our own lines say once.
CHATTY = (
    "alembic",
    "apscheduler",
    "httpx",
    "httpcore",
    "discord",
    "slack_bolt",
    "slack_sdk",
    "aiosqlite",
)


def configure(
    *,
    format: Format = "auto",
    level: str = "info",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send every log line to `stream` (standard error when None), without any of `secrets`.

    'auto' is 'console' on a terminal and 'json' elsewhere. May be called again, for instance once
    the settings and with them the secrets are known.
    """
    stream = stream or sys.stderr
    structlog.configure(
        processors=[*_context(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(_is_console(format, stream), stream, Redactor(secrets)))
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.captureWarnings(True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" else logging.WARNING)


def _is_console(format: Format, stream: TextIO) -> bool:
    return format == "console" or (format == "auto" and stream.isatty())


def _context() -> list[Processor]:
    """What every line carries, whoever logged it."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        # To text here, before the redaction: a renderer that formats an exception by itself
        # would print it, and with it the local variables, past the redactor.
        structlog.processors.format_exc_info,
    ]


def _formatter(
    console: bool, stream: TextIO, redactor: Redactor
) -> structlog.stdlib.ProcessorFormatter:
    def hide(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return redactor.mapping(event)

    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=stream.isatty())
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *_context()],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, hide, renderer],
    )
