"""What is due, in a phrase that people are shown.

For a deadline the phrase follows 'X to …' and is a bare infinitive ('accept broader use'); for
anything else it stands alone ('order to take effect', 'hearing'). It is taken from the act that
governs the date. Where no clean phrase can be had there is none, and the story's own words are
shown instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from bot.model import DeadlineKind
from bot.reading.deadlines.acts import Act, clipped, holder
from bot.reading.deadlines.cues import Cue, Setting, nearest
from bot.reading.deadlines.phrases import is_clause, shortened, subject_before, uncapitalised

MADE: Final = re.compile(
    r"(?<!\ba )(?<!\ban )(?<!\bthe )\b(?:\w+(?:ed|wn)|off|out|back|gone|shut)$"
)
NEGATIVE: Final = re.compile(r"(?:no|nobody|none|neither)\b", re.IGNORECASE)
BEING: Final = re.compile(r"^be (?P<rest>(?P<first>\w+).*)$")
PARTICIPLE: Final = re.compile(
    r"(?:ed|en|wn|ght|ept|put|shut|cut|set|eld|aid|old|one|ade|ung|eft|ost|out|off)$"
)
COLLECTIVE: Final = re.compile(
    r"\b(?:sides|parties|governments|countries|teams|clubs|members|players|workers|staff|crews?"
    r"|teachers|nurses|pilots|drivers|dockers|doctors|ministers|trustees|owners)\b"
)
"""What stands for a party, or for both."""

PRONOUN: Final = re.compile(r"\b(?:it|they|he|she|that) ")
THAT: Final = re.compile(
    r"\b(?:demand|insist|order|ask|request|require|recommend|urg)\w*\b[^;.]*?\bthat\b"
)
RUNS_ON: Final = re.compile(r" (?:is|are|was|were) (?!in\b)")
LONG_WORD: Final = re.compile(r"\w{3,}")
RELATIVE: Final = re.compile(r"\b(?:which|that) [^,;]*$")
DO_SO: Final = re.compile(r"^(?:have )?(?:do|done) so$")
OPENS: Final = re.compile(
    r"^(?:,? or until [^,;]{3,30},| on \w+day)?\s+(?:in which )?to (?P<act>[a-z].*)", re.DOTALL
)
RAN_OUT: Final = r"(?! (?:lapse|expire|pass|end|run|ran|go by|went))"
OF_TERM: Final = re.compile(
    r"\b(?:deadline|ultimatum|limit|time|term|notice)s?\b[^,;]{0,60}?\bto (?P<act>[a-z]"
    rf"(?:{RAN_OUT}[^,;.])*)"
)
FOR_ANSWER: Final = re.compile(
    rf"\b(?:deadline|ultimatum|limit)\b[^,;]{{0,60}}? for (?P<thing>an? (?:{RAN_OUT}[^,;.])+)"
)
OBJECT_LATER: Final = re.compile(r"^, (?P<object>(?:an?|the|its|their) [^,;.]+)")
CLOSE: Final = 50  # characters between an expression and what it dates
MEET: Final = {
    "deadline": "meet the deadline",
    "ultimatum": "meet the ultimatum",
    "limit": "meet the time limit",
    "notice": "comply with the notice",
    "offer": "take up the offer",
}
"""What those do who keep a term of which nothing more is said."""

RESUMES: Final = re.compile(r"(?:resume|reconvene|meet|open|reopen|convene|return)s?")
AS_NOUN: Final = {
    "hear": "hearing", "hears": "hearing", "heard": "hearing", "rule": "ruling",
    "rule on": "ruling", "rules on": "ruling", "decide": "decision", "decides": "decision",
    "meet": "meeting", "meets": "meeting", "votes": "vote", "voting": "vote", "debates": "debate",
    "debated": "debate", "walk out": "walkout", "stop work": "stoppage",
}  # fmt: skip
VERBS: Final = re.compile(
    r"(?:ed|held|appears?|returns?|resumes?|reconvenes?|opens?|publish(?:es)?|presents?|considers?"
    r"|examines?|announce|discuss|deliver|close|shut|bar|move|cut off|suspends?|revoke|expel"
    r"|goes \w+|its|considered|round|present|sitting)$"
)


def what_due(
    setting: Setting, act: Act | None, kind: DeadlineKind, *, who: Collection[str], agents: str
) -> str:
    """Return what is due by a time expression, or nothing.

    `who` must act, 'X to' precedes the phrase then; `agents` are the words of the sentence that
    denote an actor, one after the other.
    """
    if kind != "deadline":
        return _happening(setting, act, agents)
    return next((phrase for phrase in _duties(setting, act, who, agents) if phrase), "")


def is_of_a_thing(setting: Setting, act: Act | None, agents: str) -> bool:
    """Whether the subject of the act is nobody known: 'paper forms must arrive', 'parents can'."""
    subject = holder(setting) or (act.subject if act and act.how == "modal" else "")
    passive = act is not None and act.phrase.startswith("be ") and not act.permitted
    return bool(subject) and not passive and not _is_agent(subject, agents)


def _is_agent(subject: str, agents: str) -> bool:
    known = set(LONG_WORD.findall(agents.lower()))
    return bool(COLLECTIVE.search(subject)) or not known.isdisjoint(
        LONG_WORD.findall(subject.lower())
    )


def _duties(setting: Setting, act: Act | None, who: Collection[str], agents: str) -> Iterator[str]:
    follows = OPENS.match(setting.after)
    if follows and (act is None or setting.preposition in {"until", "till", ""}):
        yield _owed(holder(setting), _plain(clipped(follows["act"]), setting), who, agents)
    if act:
        yield _duty(act, setting, who, agents)
    yield _demanded(setting, who)
    told = OF_TERM.search(setting.sentence)
    yield _plain(told["act"], setting) if told and setting.preposition not in {"by"} else ""
    answer = FOR_ANSWER.search(setting.sentence)
    yield f"provide {shortened(answer['thing'])}" if answer else ""
    named = nearest([*setting.left, *setting.right], "term", "offer")
    if named and who:
        yield next((act for word, act in MEET.items() if word in named.text), "")


def _demanded(setting: Setting, who: Collection[str]) -> str:
    """'demanded that X stop': the bare verb after who must act."""
    that = THAT.search(setting.sentence, 0, setting.phrase_start)
    names = [name.split()[-1] for name in who]
    after = setting.sentence[that.end() : setting.phrase_start] if that else ""
    rest = next((after.partition(f"{name} ")[2] for name in names if f"{name} " in after), "")
    verb = rest.split(" ", 1)[0]
    return "" if verb.endswith(("s", "ed")) or not rest else _plain(clipped(rest), setting)


def _owed(subject: str, phrase: str, who: Collection[str], agents: str) -> str:
    """Return the act alone where it is known whose it is, else with its subject."""
    if not phrase or not subject or (who and _is_agent(subject, agents)):
        return phrase
    return "" if who else f"{uncapitalised(subject, agents)} to {phrase}"


def _plain(words: str, setting: Setting) -> str:
    phrase = shortened(words)
    if DO_SO.match(phrase):
        return _first_act(setting)
    clean = is_clause(phrase.removeprefix("not ")) and not RUNS_ON.search(phrase)
    return phrase if clean else ""


def _duty(act: Act, setting: Setting, who: Collection[str], agents: str) -> str:
    """Return an act as a bare infinitive; what is to be done to a thing as 'have it done'."""
    phrase = shortened(_with_object(act.phrase, setting))
    if act.how == "wish":
        return f"have {phrase}" if MADE.search(phrase) else f"provide {phrase}"
    if act.how == "debt":
        return f"give {phrase}"
    being = BEING.match(phrase)
    if being and (PARTICIPLE.search(being["first"]) or not _is_agent(act.subject, agents)):
        return _done_to(act, being["rest"], agents, owed=bool(who) and not act.permitted)
    if " " not in phrase and RELATIVE.search(setting.sentence[: act.end]):
        return ""  # 'data, which X must satisfy': what is owed stands before
    subject = act.subject if act.how == "modal" else ""
    return _owed(subject, _plain(phrase, setting), who, agents)


def _with_object(phrase: str, setting: Setting) -> str:
    """'submit to the Board, by noon, a plan': the object stands after the date."""
    later = OBJECT_LATER.match(setting.after)
    parted = setting.before[: setting.phrase_start].rstrip().endswith(",")
    return f"{phrase} {later['object']}" if later and parted else phrase


def _done_to(act: Act, done: str, agents: str, *, owed: bool) -> str:
    thing = uncapitalised(act.subject, agents)
    if not thing or NEGATIVE.match(thing):
        return ""
    return f"have {thing} {done}" if owed else f"{thing} to be {done}"


def _first_act(setting: Setting) -> str:
    """Return what 'do so' stands for: the first act of the sentence."""
    acts = re.finditer(r"\bto (?P<act>[a-z]+ [^,;.]+)", setting.sentence)
    first = next((shortened(clipped(PRONOUN.split(found["act"])[0])) for found in acts), "")
    return first if is_clause(first) and not DO_SO.match(first) else ""


# ------------------------------------------------------------ what happens on its own


def _happening(setting: Setting, act: Act | None, agents: str) -> str:
    if re.match(r"['’]s ", setting.after):
        return _thing([*setting.right[:2], *setting.left[:1]])
    to_come = _to_come(act, agents) if act and act.how in {"infinitive", "modal"} else ""
    verb = nearest(setting.left, "effect", "lapse", "ahead", "moved") or _held_verb(setting)
    return to_come or (_stated(setting, verb, agents) if verb else "") or _thing(_close(setting))


def _to_come(act: Act, agents: str) -> str:
    phrase = shortened(act.phrase)
    negated = phrase.startswith("not ")
    phrase = phrase.removeprefix("not ")
    if phrase in AS_NOUN and act.phrase.endswith(("them", "it")):
        return AS_NOUN[phrase]
    if not is_clause(phrase) or DO_SO.match(phrase) or (BEING.match(phrase) and not act.subject):
        return ""
    if act.subject:
        return f"{uncapitalised(act.subject, agents)} {'not ' * negated}to {phrase}"
    return f"{'not ' * negated}{phrase}"


def _stated(setting: Setting, verb: Cue, agents: str) -> str:
    """'The trademark permission now ends' as it stands, 'a hearing is set' as the hearing."""
    subject = uncapitalised(subject_before(setting.sentence, verb.start), agents)
    before = [cue for cue in setting.left if cue.end <= verb.start]
    if verb.category in {"effect", "lapse"}:
        thing = subject or _thing(before[:1])
        return f"{thing} {verb.text}" if thing else ""
    if subject and verb.category == "event":
        return f"{subject} {verb.text}"
    told = subject and nearest(
        [c for c in before if setting.sentence[c.start : c.end].lower() in subject.lower()],
        "event", "measure", "term",
    )  # fmt: skip
    return subject if told else ""


def _held_verb(setting: Setting) -> Cue | None:
    """Return a verb of meeting right before the date: 'the talks resume on'."""
    nearest_cue = next(iter(setting.left), None)
    if nearest_cue is None or nearest_cue.end + 1 != setting.phrase_start:
        return None
    return nearest_cue if RESUMES.fullmatch(nearest_cue.text) else None


def _close(setting: Setting) -> list[Cue]:
    """Return the cues near the expression, those before it first."""
    near = [c for c in setting.left[:3] if setting.start - c.end < CLOSE]
    return near or [c for c in setting.right[:2] if c.start - setting.end < CLOSE]


def _thing(cues: list[Cue]) -> str:
    """Return what is held or imposed, as a noun."""
    named = nearest(cues, "event", "measure")
    word = named.text if named else ""
    return AS_NOUN.get(word, "" if VERBS.search(word) else word)
