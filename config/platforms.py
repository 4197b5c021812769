"""What each built-in platform needs to connect, and where that is set."""

from __future__ import annotations

from dataclasses import dataclass

from config.options import PREFIX


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformOption:
    """An option that a platform's `connect` gets, and the variable of the environment it is in."""

    platform: str
    name: str
    variable: str
    secret: bool = True


PLATFORM_OPTIONS = (
    PlatformOption(platform="slack", name="bot_token", variable="SLACK_BOT_TOKEN"),
    PlatformOption(platform="slack", name="app_token", variable="SLACK_APP_TOKEN"),
    PlatformOption(platform="slack", name="signing_secret", variable="SLACK_SIGNING_SECRET"),
    PlatformOption(platform="slack", name="client_id", variable="SLACK_CLIENT_ID"),
    PlatformOption(platform="slack", name="client_secret", variable="SLACK_CLIENT_SECRET"),
    PlatformOption(platform="slack", name="api", variable="STANDOFF_SLACK_API", secret=False),
    PlatformOption(platform="discord", name="token", variable="DISCORD_TOKEN"),
    PlatformOption(platform="discord", name="api", variable="STANDOFF_DISCORD_API", secret=False),
    PlatformOption(
        platform="discord", name="gateway", variable="STANDOFF_DISCORD_GATEWAY", secret=False
    ),
    PlatformOption(platform="llm", name="api_key", variable="LLM_API_KEY"),
)
VARIABLES = {option.variable: option for option in PLATFORM_OPTIONS}
SECRET_VARIABLES = tuple(option.variable for option in PLATFORM_OPTIONS if option.secret)

# Each line: at least one of these has to be set.
NEEDED = {
    "slack": (
        ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID"),
        ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"),
    ),
    "discord": (("DISCORD_TOKEN",),),
}


def variable_of(platform: str, name: str) -> str:
    """The variable that sets option `name` of `platform`, built in or not."""
    for option in PLATFORM_OPTIONS:
        if (option.platform, option.name) == (platform, name):
            return option.variable
    return f"{PREFIX}PLATFORMS__{platform}__{name}".upper()
