"""Every fault of a configuration is told at once, each with its place and what was expected."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.errors import ConfigError
from config.settings import load

CASES = tomllib.loads(Path(__file__).with_name("faults.toml").read_text(encoding="utf-8"))["case"]


def faults(path: Path | None, environ: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(path, environ)
    return caught.value.faults


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_faults_are_told(case: dict, tmp_path: Path) -> None:
    file = tmp_path / "standoff.toml"
    file.write_text(case.get("file", ""), encoding="utf-8")
    told = [line.replace(str(file), "FILE") for line in faults(file, case.get("environ", {}))]
    assert sorted(told) == sorted(case["faults"])
    assert "canary" not in "".join(told)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    wrong = "no such file; copy config/standoff.toml there, or leave out --config"
    assert faults(tmp_path / "x.toml", {}) == [f"{tmp_path / 'x.toml'}: {wrong}"]
    assert faults(None, {"STANDOFF_CONFIG": "x.toml"}) == [f"x.toml: {wrong}"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    wrong = f"is a folder; name a file in it, such as {tmp_path / 'standoff.toml'}"
    assert faults(tmp_path, {}) == [f"{tmp_path}: {wrong}"]


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "standoff.toml"
    file.write_bytes("timezone = 'UTC'\n# Zürich".encode("latin-1"))
    assert faults(file, {}) == [f"{file}, line 2: not UTF-8; save it as UTF-8 text"]


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    file = tmp_path / "standoff.toml"
    assert faults(file, {}) == [f"{file}: cannot be read: Permission denied"]
