"""One workspace's Web API: every call at the right pace, every failure as a SlackRefusal."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.pace import Pace
from adapters.slack.refusals import SlackRefusal, refused, unreachable

PATIENCE = 2.0
"""Seconds that a delivery waits for its turn; the outbox has others to see to."""
ATTENDED = 20.0
"""Seconds that somebody who asked is let wait for it."""
TIMEOUT = 30
POSTS = ("chat.postMessage", "chat.postEphemeral")

Json = dict[str, Any]


def new_client(base_url: str, session: aiohttp.ClientSession, token: str | None) -> AsyncWebClient:
    """A client that sends nothing twice by itself.

    slack-sdk's own handlers repeat a call whose connection broke, also when Slack had taken it, and
    sleep out a Retry-After for one call while others go on; `Pace` and the outbox do better.
    """
    return AsyncWebClient(
        token=token, base_url=base_url, session=session, timeout=TIMEOUT, retry_handlers=[]
    )


class Web:
    """What may be asked of Slack for one workspace, `team`."""

    def __init__(self, client: AsyncWebClient, team: str, pace: Pace) -> None:
        self.client = client
        self.team = team
        self._pace = pace

    async def call(self, method: str, *, patience: float = ATTENDED, **arguments: object) -> Json:
        """Call `method` ('chat.postMessage') and return Slack's answer.

        Raises:
            SlackRefusal: see `bot.errors.PlatformError` for what it tells.
        """
        where = str(arguments.get("channel", "")) if method in POSTS else ""
        late = asyncio.get_running_loop().time() + patience
        while True:
            left = max(late - asyncio.get_running_loop().time(), 0.0)
            async with self._pace.turn(self.team, method, channel=where, patience=left):
                try:
                    return await self._once(method, arguments)
                except SlackRefusal as error:
                    if error.reason != "ratelimited" or not error.retry_after:
                        raise
                    self._pace.bar(self.team, method, error.retry_after)

    async def _once(self, method: str, arguments: Json) -> Json:
        try:
            asked = getattr(self.client, method.replace(".", "_"))
            answer = await asked(**arguments)
        except SlackApiError as error:
            raise _refusal(method, error) from error
        except SlackRequestError as error:
            raise refused(method, str(error)) from error
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise unreachable(method, error, sent=False) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise unreachable(method, error, sent=True) from error
        told: Json = answer.data
        return told | {"_headers": dict(answer.headers)}


def _refusal(method: str, error: SlackApiError) -> SlackRefusal:
    response: Any = error.response
    # A body that is no JSON leaves aiohttp's own response here.
    status: int = getattr(response, "status_code", 0) or getattr(response, "status", 200)
    data = getattr(response, "data", None)
    told = data if isinstance(data, dict) else {}
    headers = {name.lower(): value for name, value in dict(response.headers).items()}
    return refused(
        method,
        str(told.get("error", "")),
        status=status,
        needed=str(told.get("needed", "")),
        retry_after=_seconds(headers.get("retry-after", "")),
    )


def _seconds(text: str) -> float:
    try:
        return max(float(text), 0.0)
    except ValueError:
        return 0.0
