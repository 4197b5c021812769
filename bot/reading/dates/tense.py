"""Whether a day named without a date ('Friday', 'by Wednesday') lies ahead or behind.

Tense and modality decide, never the preposition alone: newswire says 'by Wednesday it had' of the
past. The nearest verb or modal to the left in the sentence counts; when the expression opens its
clause, the first one to the right.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Direction = Literal["past", "future"]

TOWARDS: Final = frozenset(
    ["until", "till", "by", "before", "for", "to", "from", "after", "within", "through"]
)
FRONTS: Final = frozenset(
    ["on", "by", "from", "until", "till", "before", "after", "since", "in", "at", "as"]
)
LENGTHS: Final = frozenset(["hours", "days", "weeks", "months"])
MODALS: Final = frozenset(["will", "would", "must", "shall", "may", "could", "can", "should"])
PERFECT: Final = frozenset(["must", "will", "shall", "to"])
PRONOUNS: Final = frozenset(["it", "he", "she", "they", "we", "who"])
DETERMINERS: Final = frozenset(["a", "an", "the", "its", "their", "his", "her"])
SENTENCE_END: Final = frozenset(".!?;\u2022")
REACH: Final = 24  # tokens looked at on either side
PURPOSE_REACH: Final = 9  # tokens between a verb and its infinitive
CONDITION_REACH: Final = 8  # tokens between 'if' and its verb
AUXILIARY_REACH: Final = 3
OWNED_REACH: Final = 3  # tokens after the possessive among which its noun is
SHORTEST_PAST: Final = 4


@cache
def _words() -> Mapping[str, frozenset[str]]:
    source = files("bot.reading").joinpath("data", "dates_tense.toml").read_text("utf-8")
    return {name: frozenset(words.split()) for name, words in tomllib.loads(source).items()}


def direction(texts: Sequence[str], start: int, end: int) -> Direction:
    """Return where the expression at tokens `start`-`end` lies, seen from publication."""
    before = texts[start - 1].lower() if start else ""
    left = _left(texts, start)
    if before == "of" and left[1:2] and left[1].lower() in _words()["terms"]:
        before = "by"  # 'a trial date of', 'the limit of'
    if before == "since":
        return "past"
    if texts[end : end + 1] == ["'s"] or texts[end : end + 1] == ["’s"]:
        owned = _of_thing(texts, end + 1, before)
        if owned:
            return owned
    fronted = _is_fronted(texts, start, before)
    found = None if fronted else _nearest_left(left, before)
    if before not in TOWARDS or fronted:
        found = found or _first_right(texts, end) or _nearest_left(left, before)
    owner = texts[end : end + 1] == ["'s"]  # "Friday's deadline is near"
    return found or ("future" if before in TOWARDS or owner else "past")


def dates_something_done(texts: Sequence[str], start: int) -> bool:
    """Whether a finished act stands right before: 'made on', 'dated', but not 'to be made on'."""
    before = [word.lower() for word in texts[max(0, start - 3) : start]][::-1]
    if before[:1] == ["dated"]:
        return True
    done = before[:1] == ["on"] and before[1:2] and before[1] in _words()["finished"]
    return bool(done) and before[2:3] != ["be"]


def _of_thing(texts: Sequence[str], at: int, before: str) -> Direction | None:
    """Return where the day of "Wednesday's ruling" or "Friday's deadline" lies.

    What is handed down has been, unless it is waited for; a term lies ahead until it has run out.
    """
    words = _words()
    thing = [word.lower() for word in texts[at : at + OWNED_REACH]]
    if before in words["following_on"]:
        return "past"
    if before not in {"before", "until", "for", "of"} and words["handed_down"] & set(thing):
        return "past"
    if words["terms"] & set(thing):
        around = {word.lower() for word in texts[max(0, at - REACH) : at + REACH]}
        return "past" if words["run_out"] & around else "future"
    return None


def _left(texts: Sequence[str], start: int) -> list[str]:
    """Return the tokens before the expression in its sentence, nearest first."""
    words: list[str] = []
    for i in range(start - 1, max(-1, start - 1 - REACH), -1):
        if (texts[i] in SENTENCE_END or texts[i].isspace()) and not _abbreviates(texts, i):
            break
        words.append(texts[i])
    return words


def _abbreviates(texts: Sequence[str], at: int) -> bool:
    """Whether the stop at `at` belongs to an abbreviation such as 'U.S.' or 'Mr.'."""
    return texts[at] == "." and at > 0 and len(texts[at - 1]) <= 2 and texts[at - 1].isalpha()


def _is_fronted(texts: Sequence[str], start: int, before: str) -> bool:
    opener = start - 1 if before in FRONTS else start
    return (
        opener <= 0
        or texts[opener - 1] in SENTENCE_END
        or texts[opener - 1].isspace()
        or texts[opener - 1] in "“\"'"
    )


def _nearest_left(left: Sequence[str], before: str) -> Direction | None:
    for i, word in enumerate(left):
        cue = _cue(left, i)
        if cue == "future" and word.lower() == "to":
            if before not in TOWARDS:
                return _purpose(left, i)
            if _is_pluperfect(left, i):
                return "past"
        if cue == "past" and before in TOWARDS and _is_conditional(left, i):
            return "future"
        if cue == "past" and _is_term(word.lower(), before):
            return "future"
        if cue:
            return cue
    return None


def _is_pluperfect(left: Sequence[str], at: int) -> bool:
    """Whether the infinitive at `at` was asked for before: 'had been told to leave by'."""
    for i in range(at + 1, min(len(left), at + PURPOSE_REACH)):
        if left[i].lower() in _words()["granting"]:
            return "had" in [word.lower() for word in left[i + 1 : i + 3]]
    return False


def _is_conditional(left: Sequence[str], at: int) -> bool:
    """Whether the past verb at `at` is only supposed: 'if the ban was not lifted by Sunday'."""
    clause = [word.lower() for word in left[at : at + CONDITION_REACH]]
    return "if" in clause or "unless" in clause


def _purpose(left: Sequence[str], at: int) -> Direction:
    """'ordered to appear on Friday' lies ahead, 'came to sign it on Friday' does not."""
    for i in range(at + 1, min(len(left), at + PURPOSE_REACH)):
        if left[i].lower() in LENGTHS:
            return "past"  # 'gave them 72 hours to leave on Tuesday'
        cue = _cue(left, i)
        if cue:
            return (
                "past"
                if cue == "past" and left[i].lower() not in _words()["granting"]
                else "future"
            )
    return "future"


def _is_term(verb: str, before: str) -> bool:
    """Whether a past verb looks ahead: 'gave it until', 'set for', 'closed until'."""
    if before in {"until", "till"}:
        return verb not in _words()["lasting"]
    return before in TOWARDS and verb in _words()["granting"]


def _cue(left: Sequence[str], i: int) -> Direction | None:
    """Return what the word at `i` of the reversed sentence says, if anything."""
    words, word = _words(), left[i].lower()
    earlier = left[i + 1].lower() if i + 1 < len(left) else ""
    if word == "to":
        if i == 0 or earlier == "-" or not is_infinitive(left[i - 1]):
            return None
        return "past" if earlier in words["happened"] else "future"
    if earlier == "to":
        return None  # 'to' tells more than the verb after it
    counted = earlier.isdecimal() and word in words["counted"]  # '900 calls'
    noun = counted or earlier in words["noun_markers"] or _is_bare_noun(word, earlier)
    if word in words["future"] and (word in words["modal"] or not noun):
        return _ahead(left, i)
    if word in words["past"] or _looks_past(word):
        if earlier in DETERMINERS or _is_object(left, i):
            return None  # 'a signed guarantee', 'the cut', 'to refund overcharged customers'
        if earlier in {"is", "are"} or (
            left[i + 1 : i + 2] and left[i + 1] in MODALS and not word.endswith("ed")
        ):
            return "future"  # 'the case is heard on Tuesday', 'will cut'
        if earlier == "have" and left[i + 2 : i + 3] and left[i + 2].lower() in PERFECT:
            return "future"  # 'must have replaced them by'
        return None if _after_be(left, i) else "past"
    return None


def _is_bare_noun(word: str, earlier: str) -> bool:
    """Whether a word that may be a plural's verb follows no plural: 'a recovery plan'."""
    words = _words()
    subject = earlier.endswith("s") or earlier in words["before_bare"] or not earlier.isalpha()
    return word in words["bare"] and not subject


def _is_object(left: Sequence[str], i: int) -> bool:
    """Whether the participle at `i` belongs to the object of an infinitive right before it."""
    described = i > 0 and left[i - 1].isalpha() and left[i - 1].lower() not in TOWARDS | FRONTS
    verb = left[i + 2 : i + 3] == ["to"] or left[i + 2 : i + 3] == ["must"]
    return described and verb and is_infinitive(left[i + 1])


def _ahead(left: Sequence[str], i: int) -> Direction | None:
    """Return what a word that may look ahead says here: 'has met' and 'it set a quota' do not."""
    word, later = left[i].lower(), left[i - 1].lower() if i else ""
    if word in {"has", "have"}:
        return "future" if later in {"until", "till", "to", "by"} else None
    if word in {"is", "are"}:
        return "future" if later in {"to", "due", "set", "up", ""} else None
    if word == "set":
        fixed = i + 1 == len(left) or left[i + 1].lower() not in PRONOUNS
        return "future" if fixed and later in {"for", "to", "on", ""} else "past"
    return "future"


def is_infinitive(following: str) -> bool:
    """Whether the word after 'to' is a verb as far as its looks go."""
    if not following.islower() or not following.isalpha():
        return False
    plural = following.endswith("s") and not following.endswith(("ss", "us"))
    return not plural and following not in _words()["places"] | _words()["noun_markers"]


def _looks_past(word: str) -> bool:
    return word.endswith("ed") and len(word) >= SHORTEST_PAST and word not in _words()["not_past"]


def _after_be(left: Sequence[str], i: int) -> bool:
    """Whether the participle at `i` stands after 'be' or 'to be': 'must be lodged'."""
    return "be" in [word.lower() for word in left[i + 1 : i + 1 + AUXILIARY_REACH]]


def _first_right(texts: Sequence[str], end: int) -> Direction | None:
    """Return the cue of the first finite verb after the expression, in its sentence."""
    for i in range(end, min(len(texts), end + REACH)):
        word = texts[i].lower()
        if word in SENTENCE_END or word.isspace():
            return None
        if word in _words()["past"] or _looks_past(word):
            return "past"
        if word in _words()["future"] and word not in {"has", "have", "is", "are"}:
            return "future"
    return None
