"""Progress: on standard error only, and only for work that is long."""

from __future__ import annotations

import pytest

from bot import progress
from bot.progress import shown


def test_every_item_comes_once_and_lines_tell_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    items = list(range(progress.WORTH_IT))
    assert list(shown(items, "reading")) == items
    out, err = capsys.readouterr()
    assert out == ""
    assert "reading: 250 of 500" in err.splitlines()


def test_a_bar_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    items = list(range(progress.WORTH_IT))
    assert list(shown(items, "reading")) == items
    out, err = capsys.readouterr()
    assert out == ""
    assert "reading" in err


def test_little_work_is_done_in_silence(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(shown(["a"], "reading")) == ["a"]
    assert capsys.readouterr() == ("", "")
