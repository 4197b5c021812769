"""Deadlines among the times of a story: what is due, when, who must act, and what kind it is.

`cues` finds the words that tell, `judging` decides from them, `duties` finds who and what. The
words themselves stand in `data/deadlines_cues.toml`.
"""

from bot.reading.deadlines.finding import find_deadlines

__all__ = ["find_deadlines"]
