"""Files: those that people hand in, and those that come with a post.

What is handed in is read with the bot's token, from Slack's own hosts only.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp
import structlog

from adapters.slack.posting import say
from adapters.slack.refusals import SlackRefusal, unreachable
from adapters.slack.render import Message
from adapters.slack.web import ATTENDED, Web
from bot.model import Post

log = structlog.get_logger(__name__)

LIMIT = 5 * 1024 * 1024
SECONDS = 20


async def attach(web: Web, channel: str, post: Post, *, thread: str | None) -> None:
    """Upload the files of a post; one that cannot be uploaded is told of instead."""
    for file in post.attachments:
        try:
            await web.call(
                "files.upload_v2",
                patience=ATTENDED,
                filename=file.name,
                title=file.name,
                alt_txt=file.alt or None,
                file=file.content,
                channel=channel,
                thread_ts=thread,
            )
        except SlackRefusal as error:
            log.warning("a file was not uploaded", workspace=web.team, error=str(error))
            text = f"{file.name} could not be uploaded: {error}"
            await say(web, channel, Message(text=text, blocks=()), thread=thread)


async def text_of(web: Web, file: str) -> str:
    """The text of the file with the id `file`; SlackRefusal in words where it cannot be read."""
    told = (await web.call("files.info", file=file))["file"]
    url = str(told.get("url_private_download") or told.get("url_private") or "")
    if not _ours(url, web.client.base_url):
        raise SlackRefusal("the file is not kept at Slack; upload it there", reason="foreign_file")
    body = await _read(web, url)
    if len(body) > LIMIT:
        raise SlackRefusal("the file is larger than 5 MiB; split it", reason="file_too_large")
    return body.decode("utf-8-sig", errors="replace")


def _ours(url: str, base_url: str) -> bool:
    """Whether the token may be shown to the host of `url`."""
    parts, base = urlsplit(url), urlsplit(base_url)
    if parts.netloc == base.netloc:
        return parts.scheme == base.scheme
    return parts.scheme == "https" and (parts.hostname or "").endswith(".slack.com")


async def _read(web: Web, url: str) -> bytes:
    session = web.client.session
    if session is None:
        raise SlackRefusal("the bot is not connected", reason="closed")
    headers = {"Authorization": f"Bearer {web.client.token}"}
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        # No redirects: they could lead the token elsewhere.
        async with session.get(
            url, headers=headers, timeout=timeout, allow_redirects=False
        ) as answer:
            if answer.status != 200:
                wrong = f"Slack does not give the file (HTTP {answer.status}); upload it again"
                raise SlackRefusal(wrong, reason="file_refused")
            return await answer.content.read(LIMIT + 1)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise unreachable("a file", error, sent=True) from error
