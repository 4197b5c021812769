"""A stand-in for Slack on 127.0.0.1: Web API with state, Socket Mode, signed HTTP, response_url.

The real slack-bolt and slack-sdk talk to it. What it answers and sends has the keys of Slack's own
samples, and every block and view it is sent is checked against the schema of @slack/types and by
slack-sdk; see `checking`.
"""

from __future__ import annotations

from tests.fakes.slack.standin import Fault, SlackStandIn

__all__ = ["Fault", "SlackStandIn"]
