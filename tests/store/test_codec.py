"""Every value of the model that is stored comes back as it was."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import StoreCorrupt
from bot.model import (
    Block,
    Channel,
    Cited,
    Deadlines,
    Digest,
    Dispute,
    Feed,
    MessageRef,
    Overlay,
    Overview,
    Placement,
    Post,
    Reading,
    Snapshot,
    Trace,
)
from bot.store.codec import Codec, clean
from bot.store.columns import Value
from bot.store.schema import metadata

STORED = [
    Reading,
    Dispute,
    Post,
    Digest,
    Overlay,
    MessageRef,
    Feed,
    Channel,
    Placement,
    Snapshot,
    Trace,
]

OFFSETS = st.builds(timezone, st.integers(-720, 840).map(lambda m: timedelta(minutes=m)))
st.register_type_strategy(
    datetime, st.datetimes(timezones=OFFSETS).filter(lambda moment: 1 < moment.year < 9999)
)
# A score is a finite number; JSON has no other.
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(str, st.text(max_size=12))
st.register_type_strategy(
    Cited,
    st.builds(Cited, text=st.text(), cites=st.lists(st.text(), min_size=1).map(tuple)),
)


@pytest.mark.parametrize("kind", STORED)
def test_what_is_written_is_read(kind: type) -> None:
    codec = Codec(kind)

    @settings(max_examples=25, deadline=None, derandomize=True)
    @given(st.from_type(kind))
    def round_trip(value: object) -> None:
        # Files go with answers, which are not kept.
        kept = replace(value, attachments=()) if isinstance(value, Post) else value
        assert codec.load(codec.dump(value)) == kept

    round_trip()


def test_every_stored_type_is_tried_above() -> None:
    columns = [column.type for table in metadata.tables.values() for column in table.columns]
    kinds = {kind.of for kind in columns if isinstance(kind, Value)}
    assert kinds - set(STORED) == {tuple[str, ...], tuple[tuple[str, float], ...]}


def test_datetimes_are_written_in_utc() -> None:
    east = datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    codec = Codec(Post)
    text = codec.dump(Post(heading="h", at=east))
    assert '"2025-12-31T23:00:00Z"' in text
    assert codec.load(text).at.utcoffset() == timedelta(0)


def test_empty_blocks_keep_their_class() -> None:
    # Both are {"items": []}: only the name that stands beside them tells them apart.
    blocks = (Overview(items=()), Deadlines(items=()))
    codec = Codec(Post)
    post = Post(heading="h", at=datetime(2026, 1, 1, tzinfo=UTC), blocks=blocks)
    assert codec.load(codec.dump(post)).blocks == blocks


@pytest.mark.parametrize("kind", [*STORED, *get_args(Block)])
def test_no_other_field_holds_one_of_several_classes(kind: type) -> None:
    assert [name for name, hint in hints(kind) if several(hint)] == (
        ["blocks"] if kind is Post else []
    )


def hints(kind: type, seen: frozenset[type] = frozenset()) -> list[tuple[str, Any]]:
    """The fields of a dataclass and of the dataclasses in it, with their types."""
    found: list[tuple[str, Any]] = []
    for name, hint in get_type_hints(kind).items():
        found.append((name, hint))
        for part in parts(hint):
            if dataclasses.is_dataclass(part) and part not in seen and not several(hint):
                found += hints(part, seen | {kind})
    return found


def parts(hint: Any) -> list[Any]:
    return [hint, *(deeper for one in get_args(hint) for deeper in parts(one))]


def several(hint: Any) -> bool:
    """Whether a type is, or holds, a union of several dataclasses."""
    unions = (part for part in parts(hint) if get_origin(part) in (Union, UnionType))
    return any(sum(map(dataclasses.is_dataclass, get_args(one))) > 1 for one in unions)


def test_fields_that_came_later_or_went() -> None:
    codec = Codec(MessageRef)
    older = codec.load('{"platform": "p", "channel": "c", "message": "m", "gone": 1}')
    assert older == MessageRef(platform="p", channel="c", message="m")


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", '{"platform": 1}'])
def test_anything_else_is_corrupt(text: str) -> None:
    with pytest.raises(StoreCorrupt, match="MessageRef"):
        Codec(MessageRef).load(text)


def test_half_surrogate_pairs_and_nul() -> None:
    codec = Codec(Overlay)
    assert codec.load(codec.dump(Overlay(title="a\ud800b"))) == Overlay(title="a\ufffdb")
    assert codec.load(codec.dump(Overlay(title="a\x00b"))) == Overlay(title="a\x00b")


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_clean_text_can_be_written_and_stays(text: str) -> None:
    cleaned = clean(text)
    assert "\x00" not in cleaned
    cleaned.encode()
    assert clean(cleaned) == cleaned
