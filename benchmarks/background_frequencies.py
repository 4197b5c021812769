"""Make ``bot/disputes/data/background.tsv``: how common each stem is in news stories.

    python benchmarks/background_frequencies.py NEWS.jsonl > bot/disputes/data/background.tsv

NEWS holds one JSON object a line with a `text` of one sentence. The table that ships was made from
the newswire sentences of the Groningen Meaning Bank (public-domain text); it holds counts only.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from bot.disputes.terms import stems

SENTENCES_A_STORY = 4  # sentences that are put together as one lead
LEAST = 0.002  # share of stories; rarer stems are left to the stream's own counts


def main(path: str) -> None:
    """Print the table for the sentences in `path`."""
    texts = [json.loads(line)["text"] for line in Path(path).read_text("utf-8").splitlines()]
    leads = [texts[i : i + SENTENCES_A_STORY] for i in range(0, len(texts), SENTENCES_A_STORY)]
    counts = Counter(stem for lead in leads for stem in set(stems(" ".join(lead))))
    print("# stem, stories of 10,000 that contain it; from public-domain newswire, see docs")
    for stem, count in sorted(counts.items()):
        if count / len(leads) >= LEAST and not stem.isdigit():
            print(f"{stem}\t{10_000 * count / len(leads):.0f}")


if __name__ == "__main__":
    main(sys.argv[1])
