"""What Slack's refusals mean: whether something arrived, whether a channel is lost, what to do.

Pure. The codes are those of the Web API's reference; see `refused` for how they are used.
"""

from __future__ import annotations

from bot.errors import PlatformError

CHANNEL = {
    "channel_not_found": "Slack does not show the channel to the bot; invite it with /invite",
    "not_in_channel": "the bot is not in the channel; invite it with /invite",
    "is_archived": "the channel is archived",
    "method_not_supported_for_channel_type": "nothing can be posted in this kind of channel",
    "restricted_action": "the workspace does not let the bot post in this channel",
    "restricted_action_read_only_channel": "the channel is read-only for the bot",
    "restricted_action_thread_only_channel": "only replies in threads are allowed in the channel",
    "restricted_action_non_threadable_channel": "threads are not allowed in the channel",
    "posting_to_general_channel_denied": "the workspace does not let the bot post in #general",
    "ekm_access_denied": "the workspace's key management does not let the bot post",
    "cannot_dm_bot": "a bot cannot be sent direct messages",
    "user_not_found": "there is no such person any more",
    "user_disabled": "the person's account was deactivated",
    "users_not_found": "there is no such person any more",
    "user_not_visible": "the bot may not see this person",
    "messages_tab_disabled": "direct messages to the bot are switched off",
}
WORKSPACE = {
    "invalid_auth": "Slack does not accept the bot's token; install the app again",
    "not_authed": "Slack got no token; set SLACK_BOT_TOKEN",
    "account_inactive": "the bot was removed from the workspace; install the app again",
    "token_revoked": "the bot's token was revoked; install the app again",
    "token_expired": "the bot's token has expired; install the app again",
    "org_login_required": "the workspace is moving to an organisation; try again when it has",
    "team_access_not_granted": "the workspace did not give the bot access; install the app again",
    "access_denied": "the workspace does not let the bot in",
    "no_permission": "the bot's token may not do this; install the app again",
    "not_allowed_token_type": "this needs a bot token (xoxb-…)",
    "enterprise_is_restricted": "the organisation does not let the bot in",
}
UNCLEAR = ("fatal_error", "internal_error", "service_unavailable", "team_added_to_org")
"""Slack itself says that a part may have been done all the same."""
TOO_MUCH = (
    "msg_too_long",
    "msg_blocks_too_long",
    "invalid_blocks",
    "invalid_blocks_format",
    "no_text",
)
NO_THREAD = ("thread_not_found", "message_not_found", "cannot_reply_to_message")
EXPIRED = ("expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "invalid_trigger_id")
LIMITED = ("ratelimited", "rate_limited", "message_limit_exceeded")


class SlackRefusal(PlatformError):
    """A refusal with Slack's own `reason`; `workspace` says that it concerns all its channels."""

    def __init__(
        self,
        wrong: str,
        *,
        reason: str,
        ambiguous: bool = False,
        retry_after: float | None = None,
        gone: bool = False,
        unreachable: bool = False,
        workspace: bool = False,
    ) -> None:
        super().__init__(
            wrong,
            ambiguous=ambiguous,
            retry_after=retry_after,
            gone=gone,
            unreachable=unreachable,
        )
        self.reason = reason
        self.workspace = workspace


def refused(
    method: str, reason: str, *, status: int = 200, needed: str = "", retry_after: float = 0
) -> SlackRefusal:
    """The refusal of a call: `reason` is Slack's error code, `status` that of HTTP."""
    if status == 429 or reason in LIMITED:
        wait = retry_after or 30.0
        wrong = f"Slack asks to wait {wait:.0f} s before {method}"
        return SlackRefusal(wrong, reason="ratelimited", retry_after=wait)
    if reason == "missing_scope":
        lacks = f"the app lacks the scope {needed or '?'}; add it, then install the app again"
        return SlackRefusal(lacks, reason=reason, gone=method.startswith("chat."))
    if reason in CHANNEL:
        return SlackRefusal(CHANNEL[reason], reason=reason, gone=True)
    if reason in WORKSPACE:
        return SlackRefusal(WORKSPACE[reason], reason=reason, gone=True, workspace=True)
    if status >= 500 or reason in UNCLEAR:
        wrong = f"Slack failed at {method} ({reason or status}); it may have been done"
        return SlackRefusal(wrong, reason=reason, ambiguous=True)
    return SlackRefusal(f"Slack refused {method}: {reason or status}", reason=reason)


def unreachable(method: str, error: BaseException, *, sent: bool) -> SlackRefusal:
    """A call that got no answer; `sent` says whether the request may have reached Slack."""
    happened = "broke off" if sent else "could not be reached"
    wrong = f"the connection to Slack {happened} at {method}: {error or type(error).__name__}"
    return SlackRefusal(wrong, reason="connection", ambiguous=sent, unreachable=not sent)
