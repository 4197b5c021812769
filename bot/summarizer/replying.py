"""The words of an answer: the best passages, as they stand, within the limit."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Cited, Draft, Passage, Question
from bot.retelling.quoting import unquoted
from bot.summarizer import lexicon
from bot.summarizer.alike import opposites_of
from bot.summarizer.compression import shorter_forms
from bot.summarizer.questions import Kind, asked
from bot.summarizer.terms import WORD, fold, stem, terms

LIMIT = 45  # words
MOST = 2  # sentences
CLOSE = 0.6  # a second passage must be nearly as good as the first


def reply(question: Question, passages: Sequence[Passage]) -> Draft:
    """The best passage, and the next one where both fit and it is nearly as good."""
    chosen: list[Cited] = []
    words = 0
    for passage in passages[:5]:
        if len(chosen) == MOST:
            break
        text = _fitting(passage.sentence.text, LIMIT - words)
        is_close = not chosen or passage.score >= CLOSE * passages[0].score
        if is_close and (words + len(text.split()) <= LIMIT or not chosen):
            chosen.append(Cited(text=text, cites=(passage.story.id,)))
            words += len(text.split())
    if chosen and is_denied(question.text, chosen[0].text):
        chosen = _denied(chosen) if words < LIMIT else _denied(chosen[:1])
    return Draft(sentences=tuple(chosen))


def _denied(chosen: list[Cited]) -> list[Cited]:
    """The sentences, the first one after a No where that fits."""
    first, *rest = chosen
    if len(first.text.split()) >= LIMIT:
        return chosen
    return [Cited(text=f"No: {_joined(first.text)}", cites=first.cites), *rest]


def _fitting(text: str, left: int) -> str:
    """The sentence, or its longest shorter form that fits."""
    forms = (text, *shorter_forms(text))
    return next((form for form in forms if len(form.split()) <= left), text)


def _joined(text: str) -> str:
    """`text` after a colon: an article at its head is no longer a capital."""
    head, _, rest = text.partition(" ")
    return f"{head.lower()} {rest}" if head in ("The", "A", "An", "It", "In", "On") else text


def is_denied(question: str, answer: str) -> bool:
    """Whether `answer` says No to a yes-or-no question that is not itself negative."""
    ask = asked(question)
    if ask.kind is not Kind.YES_NO or ask.negated:
        return False
    bare = unquoted(answer)
    words = {fold(w) for w in WORD.findall(bare)}
    opposite = set().union(*(opposites_of().get(term, frozenset()) for term in ask.terms))
    if opposite & set(terms(bare)):
        return True
    denying = words & lexicon.words("negative")
    return bool(denying) and _shares_verb(ask.terms, bare)


def _shares_verb(wanted: Sequence[str], answer: str) -> bool:
    """Whether most of the question's terms stand in the answer, so that it speaks of the same."""
    own = {stem(w) for w in WORD.findall(answer)}
    return sum(term in own for term in wanted) >= max(1, len(wanted) // 2)
