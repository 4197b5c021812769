"""The process that reads what strangers wrote: `python -m bot.feeds.worker`, run by `sandbox`.

It has no secrets (its environment is empty), little memory, and a limit of processor time for
each task that the kernel enforces even inside C code. It ends when its input does, so it outlives
its parent by one task at most.

A message is two lengths (4 bytes each, big-endian), a JSON object, and bytes. The reply is of the
same form: {"result": …} or {"wrong": "words for a person"}.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, BinaryIO

from bot.errors import FeedError
from bot.feeds.articles import extract
from bot.feeds.links import feed_links
from bot.feeds.messages import LENGTHS, OUT_OF_MEMORY, feed_as_json, packed
from bot.feeds.seen import parse_new


def read_feed(body: bytes, asked: dict[str, Any]) -> dict[str, Any]:
    """Task 'feed': see `seen.parse_new`."""
    feed = parse_new(
        body,
        asked["headers"],
        known=asked["known"],
        url=asked["url"],
        base=asked["base"],
        now=datetime.fromisoformat(asked["now"]),
        name=asked["name"],
    )
    return feed_as_json(feed)


def read_article(body: bytes, asked: dict[str, Any]) -> str:
    """Task 'article': see `articles.extract`."""
    return extract(body, asked["url"])


def read_links(body: bytes, asked: dict[str, Any]) -> list[dict[str, str]]:
    """Task 'links': see `links.feed_links`."""
    return [asdict(link) for link in feed_links(body, asked["base"])]


TASKS: dict[str, Callable[[bytes, dict[str, Any]], object]] = {
    "feed": read_feed,
    "article": read_article,
    "links": read_links,
}


def answer(body: bytes, asked: dict[str, Any]) -> dict[str, Any]:
    """Do one task; whatever goes wrong in a parser is that document's fault, said in words."""
    try:
        return {"result": TASKS[asked["task"]](body, asked)}
    except FeedError as error:
        return {"wrong": error.wrong}
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # nothing can be trusted to run from here
    except Exception as error:  # noqa: BLE001 (parsers raise anything on hostile input)
        return {"wrong": f"it cannot be read ({type(error).__name__})"}


def confine(memory: int) -> None:
    """Limit this process: `memory` bytes of data, no core files, and a place behind the bot."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)


def serve(requests: BinaryIO, replies: BinaryIO, cpu_seconds: float) -> None:
    """Answer until the input ends. SIGPROF ends the process when a task overruns its time."""
    while lengths := requests.read(LENGTHS.size):
        header_size, body_size = LENGTHS.unpack(lengths)
        asked, body = json.loads(requests.read(header_size)), requests.read(body_size)
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
        reply = packed(answer(body, asked))
        signal.setitimer(signal.ITIMER_PROF, 0)
        try:
            replies.write(reply)
            replies.flush()
        except BrokenPipeError:
            os._exit(0)  # the bot is gone: nobody wants to know


def main(memory: str, cpu_seconds: str) -> None:
    """Run as a process, with its limits as arguments."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bot, which closes our input
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not end up among the replies
    confine(int(memory))
    serve(sys.stdin.buffer, replies, float(cpu_seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
