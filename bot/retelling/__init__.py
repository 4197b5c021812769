"""A sentence of a story, told so that it stands alone: for digests, timelines and answers."""
