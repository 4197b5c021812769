"""The development cases and the public bench, where the shared folder is at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from bot.disputes.gathering import gather_all
from tests.disputes.making import SHARED, entries, rows

BENCH = SHARED / "bench" / "cluster" / "neus_val.jsonl"
SAME_DAY = "2020-12-07T12:00:00+00:00"


def bcubed(got: Mapping[str, str], gold: Mapping[str, str]) -> float:
    """B-cubed F1 of two partitions of the same stories."""
    both = Counter((gold[i], got[i]) for i in gold)
    mine, theirs = Counter(got[i] for i in gold), Counter(gold.values())
    precision = sum(both[gold[i], got[i]] / mine[got[i]] for i in gold) / len(gold)
    recall = sum(both[gold[i], got[i]] / theirs[gold[i]] for i in gold) / len(gold)
    return 2 * precision * recall / (precision + recall)


@pytest.mark.skipif(not BENCH.exists(), reason="the shared folder is not beside the project")
def test_undated_news_is_gathered_better_than_by_plain_tf_idf() -> None:
    bench = rows(BENCH)
    made = entries({**row, "published": row["date"] or SAME_DAY} for row in bench)
    gold = {row["id"]: str(row["cluster"]) for row in bench}
    assert bcubed(gather_all(made), gold) > 0.85  # TF-IDF: 0.83
