"""Actors over stories: one actor for all the forms in which the stories of a dispute name it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.model import Actor, Entry, Overlay
from bot.reading.lexicon import words

UNTOUCHED = Overlay()  # nobody has corrected anything
LEAST = 4  # letters of a name that may be the beginning of a longer one
NO_WORD = re.compile(r"[^\w']+")
POSSESSIVE = re.compile(r"'s\b")
NO_FORMS = re.compile(r"^(the|mr|mrs|ms|dr|prof|sir) ")


@lru_cache(maxsize=32768)
def fold(name: str) -> str:
    """Return `name` so that ways to write it compare: case, accents, quotes, hyphens, articles."""
    plain = _without_accents(name.replace("’", "'").casefold())
    spaced = NO_WORD.sub(" ", POSSESSIVE.sub("", plain)).strip()
    return NO_FORMS.sub("", spaced)


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@dataclass(kw_only=True, slots=True)
class Cast:
    """The actors of a dispute by name, and the actor that each form denotes."""

    actors: dict[str, Actor] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)  # folded form -> canonical name

    def canonical(self, name: str) -> str | None:
        """Return the canonical name of the actor that `name` denotes, or None."""
        return self.forms.get(fold(name))


def cast(entries: Sequence[Entry], overlay: Overlay = UNTOUCHED) -> Cast:
    """Merge the actors of all stories; corrections in `overlay` win."""
    merged: list[_Merged] = []
    by_form: dict[str, _Merged] = {}
    for entry in entries:
        for actor in entry.reading.actors:
            _add(actor, merged, by_form)
    _join_beginnings(merged, by_form)
    for short, full in overlay.aliases:
        _rename(short, full, merged, by_form)
    live = [m for m in merged if by_form.get(fold(m.name)) is m]
    known = {m.name: m.actor(by_form) for m in live}
    return Cast(actors=known, forms={form: m.name for form, m in by_form.items()})


@dataclass(kw_only=True, slots=True, eq=False)
class _Merged:
    """An actor while its forms are being collected."""

    name: str
    kinds: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    also: dict[str, None] = field(default_factory=dict)
    central: int = 0
    mentions: int = 0

    def actor(self, by_form: Mapping[str, _Merged]) -> Actor:
        """Return the actor with the forms that denote it, and nobody else, in `by_form`."""
        kind = self.kinds.most_common(1)[0][0] if self.kinds else "organisation"
        others = {fold(form): form for form in (*self.names, *self.also)}
        also = tuple(form for key, form in others.items() if self._owns(key, by_form))
        return Actor(
            name=self.name,
            kind="person" if kind == "person" else "state" if kind == "state" else "organisation",
            also=also,
            central=self.central > 0,
            mentions=max(1, self.mentions),
        )

    def _owns(self, form: str, by_form: Mapping[str, _Merged]) -> bool:
        return form != fold(self.name) and by_form.get(form) is self


def _add(actor: Actor, merged: list[_Merged], by_form: dict[str, _Merged]) -> None:
    known = _same(actor, by_form)
    if known is None:
        known = _Merged(name=actor.name)
        merged.append(known)
    known.kinds[actor.kind] += 1
    known.names[actor.name] += 1
    known.also |= dict.fromkeys(actor.also)
    known.central += actor.central
    known.mentions += actor.mentions
    known.name = _fullest(known.names)
    for form in (actor.name, *actor.also):
        by_form.setdefault(fold(form), known)


def _same(actor: Actor, by_form: Mapping[str, _Merged]) -> _Merged | None:
    """Find the actor known by the same name, else by one of its forms, else by part of it."""
    for form in (actor.name, *actor.also):
        known = by_form.get(fold(form))
        if known is not None and (actor.kind in known.kinds or form == actor.name):
            return known
    parts = {id(m): m for form, m in by_form.items() if _is_part(fold(actor.name), form)}
    same_kind = [m for m in parts.values() if actor.kind in m.kinds]
    return same_kind[0] if len(same_kind) == 1 else None


def _join_beginnings(merged: list[_Merged], by_form: dict[str, _Merged]) -> None:
    """Make one of an organisation and the first word of its name: 'Halewin' and 'Halewin Seeds'."""
    for short in merged:
        word = fold(short.name)
        if " " in word or len(word) < LEAST or "state" in short.kinds:
            continue
        longer = [m for m in merged if m is not short and fold(m.name).split()[:1] == [word]]
        if len(longer) == 1 and short.name not in words("first_names") and by_form[word] is short:
            _absorb(longer[0], short, by_form)


def _is_part(one: str, other: str) -> bool:
    """Whether one name is the end of the other, by whole words: 'Security Council'."""
    shorter, longer = sorted((one.split(), other.split()), key=len)
    if not shorter or len(shorter) == len(longer):
        return False
    return longer[-len(shorter) :] == shorter and len(" ".join(shorter)) > 3


def _fullest(names: Counter[str]) -> str:
    """Return the most common name; among equals the longest, then the first."""
    top = max(names.values())
    return max((n for n, count in names.items() if count == top), key=len)


def _rename(short: str, full: str, merged: list[_Merged], by_form: dict[str, _Merged]) -> None:
    """Make `short` denote `full`, joining the two if both are known."""
    target = by_form.get(fold(full))
    source = by_form.get(fold(short))
    if target is None:
        if source is None:
            return
        target = source
    elif source is not None and source is not target:
        _absorb(target, source, by_form)
    target.name = full
    target.also[short] = None
    by_form[fold(full)] = by_form[fold(short)] = target


def _absorb(target: _Merged, source: _Merged, by_form: dict[str, _Merged]) -> None:
    target.kinds += source.kinds
    target.names += source.names
    target.also |= source.also
    target.central += source.central
    target.mentions += source.mentions
    for form, known in list(by_form.items()):
        if known is source:
            by_form[form] = target
