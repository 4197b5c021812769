"""Whether a sentence tells something by itself: a digest and a timeline can do without the rest.

A columnist's 'I do not know', a notice's 'Signed for the Board' and a bare 'There is a back
story' are sentences of their story, but not news of the dispute.
"""

from __future__ import annotations

import re
from functools import lru_cache

_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_IN_PERSON = re.compile(r"(?:^|[,;:—–] |\b[a-z]\w* )I\b|\b(?:[Mm]y|[Mm]e|[Mm]yself)\b")
_FORMALITY = re.compile(
    r"^(?:Issued|Signed|Published|Posted|Filed|Given) (?:by|for|under|on behalf)\b"
    r"|^(?:Reporting|Editing|Photographs?|Attendance|Source)\b"
)
_IDLE = re.compile(
    r"^(?:There (?:is|are|was|were)|Here (?:is|are)|That (?:is|was)|This (?:is|was)|Neither"
    r"|Nothing|Nobody|So (?:far|here)|It (?:is|was|had|has))\b"
    r"|\b(?:is|are|was|were) the ones? to\b"
)
_IRREGULAR = (
    "gone|done|made|sent|kept|held|met|lost|left|put|set|hit|shut|cut|spent|brought|bought|built"
    "|paid|said|told|sold|sued|won|found|fallen|risen|begun|struck|split|let|quit|heard|led"
)
_OWNS = re.compile(
    rf"(?:^|\s)(?:is|are|was|were|has|have|had) (?!(?:\w+(?:ed|en|wn|rn|ing)|{_IRREGULAR})\b)"
)
_WORD = re.compile(r"[^\W\d_][\w’'-]*|\d[\d.,]*")
_LIGHT = re.compile(
    r"(?i)(?:an?|the|of|to|in|on|at|by|for|from|with|and|or|but|as|that|which|who|its?|he|she|they"
    r"|them|their|his|her|is|are|was|were|be|been|ha[sd]|have|do|does|did|not?|will|would|so|this"
    r"|there|one|more|still|yet|now)"
)
LEAST = 6  # content words; a shorter sentence must say what somebody does, or name a figure


@lru_cache(maxsize=8192)
def tells_something(text: str) -> bool:
    """Whether `text` says who does what, or gives a figure, outside quotations and in no 'I'."""
    bare = _QUOTED.sub(" ", text)
    if _IN_PERSON.search(bare) or _FORMALITY.search(text):
        return False
    content = [w for w in _WORD.findall(text) if not _LIGHT.fullmatch(w)]
    if len(content) >= LEAST:
        return True
    if _IDLE.search(text):
        return False
    return any(w[0].isdigit() for w in content) or not _OWNS.search(bare)
