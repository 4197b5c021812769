"""What can be set: every option with its type, default and check. This is the file's shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.redaction import redact
from config.values import (
    AddressRange,
    Contact,
    Duration,
    FilterRule,
    FreeValue,
    Id,
    Listen,
    PlatformName,
    QuietHours,
    Timetable,
    Url,
    Zone,
)

PREFIX = "STANDOFF_"
NESTED = "__"


class _Discreet(BaseModel):
    """A model whose repr hides the passwords and tokens that stand in its URLs."""

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            yield name, redact(value) if isinstance(value, str) else value


class Table(_Discreet):
    """A table of the file; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Polling(Table):
    """[polling]: how often feeds are asked, and who asks."""

    every: Duration = timedelta(minutes=15)  # the first guess; then each feed's own pace
    min: Duration = timedelta(minutes=5)
    max: Duration = timedelta(hours=24)
    per_host: float = Field(4.0, gt=0, le=1000)  # requests a second to one host
    contact: Contact = ""  # goes into the User-Agent


class Network(Table):
    """[network]: addresses beyond the public internet that feeds may be fetched from."""

    allow: tuple[AddressRange, ...] = ()


class Log(Table):
    """[log]: 'auto' is 'console' on a terminal, else 'json'."""

    format: Literal["auto", "console", "json"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"


class Server(Table):
    """[server]: where health, metrics and calendars are served; nowhere when `listen` is ''."""

    listen: Listen = ""


class Retention(Table):
    """[retention]: how long is kept what nobody asks for any more."""

    stories: Duration = timedelta(days=365)  # those that belong to no dispute
    audit: Duration = timedelta(days=730)


class FeedTable(Table):
    """One [[feeds]]: no channels means every channel."""

    url: Url = ""
    name: str = ""
    channels: tuple[str, ...] = ()
    full_text: bool = False
    paused: bool = False


class ChannelTable(Table):
    """One [[channels]]: a place that digests go to."""

    name: str = ""
    platform: PlatformName = "console"
    id: Id = ""
    workspace: Id = ""
    timezone: Zone | None = None  # None: the one of the whole file
    digest: Timetable = "instant"
    quiet: QuietHours = ""
    reminders: Literal["on", "not-quiet", "off"] = "on"
    must: tuple[FilterRule, ...] = ()
    exclude: tuple[FilterRule, ...] = Field((), alias="not")
    paused: str = ""  # why, or empty


class Summarizer(Table):
    """[summarizer]: who writes the digests."""

    kind: Literal["extractive", "llm"] = "extractive"
    url: Url | None = None  # of an OpenAI-compatible server, without /chat/completions
    model: str = ""
    timeout: Duration = timedelta(seconds=30)  # of one call; then the extractive text is used


class Options(BaseSettings, _Discreet):
    """The whole file."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
    )

    database: str = "sqlite:///standoff.db"
    timezone: Zone = "UTC"
    polling: Polling = Polling()
    network: Network = Network()
    log: Log = Log()
    feeds: tuple[FeedTable, ...] = ()
    channels: tuple[ChannelTable, ...] = ()
    platforms: dict[str, dict[str, FreeValue]] = {}
    summarizer: Summarizer = Summarizer()
    server: Server = Server()
    retention: Retention = Retention()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `config.settings.load` hands in: never the process's own environment."""
        return (init_settings,)


class Variables(EnvSettingsSource):
    """The options that `environ` sets: STANDOFF_DATABASE, STANDOFF_POLLING__EVERY, …"""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(Options)
        self.env_vars = {name.lower(): value for name, value in environ.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: object) -> object:
        """A list may be written as JSON, or with commas: STANDOFF_NETWORK__ALLOW=127.0.0.0/8."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return [part.strip() for part in str(value).split(",") if part.strip()]
