"""Questions: which dispute is meant, and what its stories say."""

from __future__ import annotations

from bot.conversation.context import CLEAR, Context, likely
from bot.model import Button, Dispute, Line, Listing, Note, Post, Question
from bot.publishing.posts import answer_post
from bot.summarizer.answering import answer

FLOOR = 45
"""How alike (0-100) a question and a dispute must at least be for the dispute to be meant."""


async def ask(context: Context) -> Post:
    """Answer from the thread's dispute, else from the one the question most likely means."""
    text = context.argument("question") or context.request.text
    disputes = await context.disputes()
    if not disputes:
        return context.note("There are no stories to answer from yet; /feeds list shows the feeds.")
    candidates = await _candidates(context, text, disputes)
    if len(candidates) > 1:
        return _which(context, text, candidates)
    return await _answer(context, text, candidates[0] if candidates else None, disputes)


async def _candidates(context: Context, text: str, disputes: list[Dispute]) -> list[Dispute]:
    thread = next((d for d in disputes if d.id == context.request.dispute), None)
    found = likely(text, disputes)
    if thread is not None:
        # A question in a thread is about that thread, unless it plainly names another dispute.
        other = found and found[0][1] >= 90 and found[0][0].id != thread.id
        return [found[0][0]] if other else [thread]
    if not found:
        return disputes if len(disputes) == 1 else []
    close = [d for d, score in found if found[0][1] - score < CLEAR / 2]
    return close[:3]


async def _answer(
    context: Context, text: str, dispute: Dispute | None, disputes: list[Dispute]
) -> Post:
    about = [dispute] if dispute else disputes
    ids = [story for d in about for story in d.stories]
    entries = await context.store.stories.entries(ids)
    question = Question(
        text=text, asked=context.request.at, dispute=dispute, before=context.request.before
    )
    reply = await answer(question, entries, context.services.summarizer, about)
    stories = {entry.story.id: entry.story for entry in entries}
    cited = {story for sentence in reply.sentences for story in sentence.cites}
    shown = dispute or next((d for d in disputes if cited & set(d.stories)), None)
    request = context.request
    return answer_post(reply, shown, stories, at=request.at, timezone=request.timezone)


def _which(context: Context, text: str, candidates: list[Dispute]) -> Post:
    lines = tuple(Line(label=d.key, text=d.title) for d in candidates)
    asked = [
        Button(label=d.title[:75], command=f"/dispute ask {d.key}: {text}") for d in candidates
    ]
    note = Note(text="Which dispute do you mean? Ask again with a word of its title.")
    return context.post("", [note, Listing(heading="", lines=lines)], asked)
