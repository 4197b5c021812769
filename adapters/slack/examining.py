"""What works and what is missing: tokens, scopes, channels."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.slack.installations import workspace_key
from adapters.slack.manifest import SCOPES
from adapters.slack.options import SlackOptions
from adapters.slack.refusals import SlackRefusal
from adapters.slack.web import Web, new_client
from adapters.slack.workspaces import Workspaces
from bot.model import Channel, Finding

ADDED = "add them under OAuth & Permissions (or paste a fresh `standoff slack manifest`), reinstall"


async def examine(
    options: SlackOptions, workspaces: Workspaces, channels: Sequence[Channel]
) -> list[Finding]:
    """Findings about the app, then about each workspace and channel; never raises."""
    findings = [await _socket(options, workspaces)] if options.app_token else []
    try:
        teams = await workspaces.tokens.teams()
    except SlackRefusal as error:
        return [*findings, Finding(ok=False, about="slack", what=str(error))]
    if not teams:
        advice = f"open {options.url or 'https://<your address>'}/slack/install in a browser"
        return [Finding(ok=False, about="slack", what="installed nowhere yet", advice=advice)]
    findings += [await _workspace(workspaces, team) for team in teams]
    return [*findings, *[await _channel(workspaces, channel) for channel in channels]]


async def _socket(options: SlackOptions, workspaces: Workspaces) -> Finding:
    client = new_client(workspaces.base_url, workspaces.session, options.app_token)
    try:
        await Web(client, "", workspaces.pace).call(
            "apps.connections.open", app_token=options.app_token
        )
    except SlackRefusal as error:
        advice = "SLACK_APP_TOKEN needs the scope connections:write, and Socket Mode switched on"
        return Finding(ok=False, about="slack", what=str(error), advice=advice)
    return Finding(ok=True, about="slack", what="Socket Mode answers")


async def _workspace(workspaces: Workspaces, team: str) -> Finding:
    about = workspace_key(team)
    try:
        web = await workspaces.web(team)
        identity = await web.call("auth.test")
    except SlackRefusal as error:
        return Finding(ok=False, about=about, what=str(error))
    given = {name.lower(): value for name, value in identity["_headers"].items()}
    has = {scope.strip() for scope in given.get("x-oauth-scopes", "").split(",")} - {""}
    if has and (missing := sorted(set(SCOPES) - has)):
        return Finding(ok=False, about=about, what=f"lacks {', '.join(missing)}", advice=ADDED)
    what = f"signed in to {identity.get('team')} as {identity.get('user')}"
    return Finding(ok=True, about=about, what=what)


async def _channel(workspaces: Workspaces, channel: Channel) -> Finding:
    about = f"channel '{channel.name}'"
    try:
        web = await workspaces.web(channel.workspace.removeprefix("slack:"))
        if channel.personal:
            await web.call("conversations.open", users=channel.address)
            return Finding(ok=True, about=about, what="can be written to")
        told = (await web.call("conversations.info", channel=channel.address))["channel"]
    except SlackRefusal as error:
        return Finding(ok=False, about=about, what=str(error), advice="/invite the bot, or mend id")
    if told.get("is_archived"):
        return Finding(ok=False, about=about, what="is archived", advice="unarchive it in Slack")
    if not told.get("is_member") and not told.get("is_im"):
        advice = f"write /invite @Standoff in #{told.get('name')}"
        return Finding(ok=False, about=about, what="the bot is not in it", advice=advice)
    return Finding(ok=True, about=about, what=f"#{told.get('name')} can be posted to")
