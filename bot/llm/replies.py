"""What the model answered, as a draft; anything that is not the agreed JSON is an error."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from bot.errors import ModelError
from bot.model import Cited, Draft, unique

MOST = 12  # sentences
LONGEST = 600  # characters of one
# Markup that a chat platform could take for a mention, a link or code.
_MARKUP = re.compile(r"[<>`|]|\]\(|(?i:@(?:everyone|here|channel)\b)|\*\*|^#")


def draft_of(content: str, stories: Mapping[int, str]) -> Draft:
    """The sentences of the model's reply, each citing stored stories by number.

    Raises:
        ModelError: it is no JSON of the agreed shape, cites a story that it was not given, or
            has markup or invisible characters in it.
    """
    rows = _sentences(content)
    if len(rows) > MOST:
        raise ModelError(f"the model wrote {len(rows)} sentences")
    return Draft(sentences=tuple(_cited(row, stories) for row in rows))


def _sentences(content: str) -> list[Any]:
    start, end = content.find("{"), content.rfind("}")
    try:
        found = json.loads(content[start : end + 1])
    except (ValueError, RecursionError) as error:
        raise ModelError("the model's reply is no JSON") from error
    rows = found.get("sentences") if isinstance(found, dict) else None
    if not isinstance(rows, list):
        raise ModelError("the model's reply has no list of sentences")
    return rows


def _cited(row: object, stories: Mapping[int, str]) -> Cited:
    text = row.get("text") if isinstance(row, dict) else None
    numbers = row.get("stories") if isinstance(row, dict) else None
    if not isinstance(text, str) or not isinstance(numbers, list) or not numbers:
        raise ModelError("a sentence of the model has no text or cites nothing")
    if any(type(n) is not int or n not in stories for n in numbers):
        raise ModelError("the model cites a story that it was not given")
    return Cited(text=_clean(text), cites=unique(stories[n] for n in numbers))


def _clean(text: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        raise ModelError("a sentence of the model is empty or too long")
    if _MARKUP.search(text) or any(unicodedata.category(c) in ("Cc", "Cf", "Co") for c in text):
        raise ModelError("a sentence of the model has markup or invisible characters in it")
    return text
