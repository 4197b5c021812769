"""The body of an answer, decoded, and bounded on the wire and in memory."""

from __future__ import annotations

import zlib
from typing import Final

import httpx

from bot.errors import FetchError

WINDOW_BITS: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15}


async def read(response: httpx.Response, *, wire_bytes: int, decoded_bytes: int) -> bytes:
    """The decoded body; raises `FetchError` as soon as either cap is passed."""
    decoder = Decoder(response.headers.get("content-encoding", ""), decoded_bytes)
    wire = 0
    async for chunk in response.aiter_raw():
        wire += len(chunk)
        if wire > wire_bytes:
            raise too_big(wire_bytes)
        decoder.feed(chunk)
    return bytes(decoder.body)


def too_big(limit: int) -> FetchError:
    """The answer is larger than any feed."""
    wrong = f"the answer is larger than {limit / 2**20:g} MiB; no feed is that long"
    return FetchError("", wrong, reason="too-large")


class Decoder:
    """Undoes one Content-Encoding, never making more than `limit` bytes of it.

    A ratio of 1,000 to 1 turns one network chunk into 64 MB; `max_length` stops it before that.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        name = encoding.strip().lower()
        if name not in WINDOW_BITS and name not in ("", "identity"):
            wrong = f"the answer came encoded as {name[:40]!r}, unasked"
            raise FetchError("", wrong, reason="encoding")
        self._bits = WINDOW_BITS.get(name)
        self._inflate = zlib.decompressobj(self._bits) if self._bits else None
        self._limit = limit
        self.body = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes from the wire."""
        self.body += self._plain(chunk)
        if len(self.body) > self._limit:
            raise too_big(self._limit)

    def _plain(self, chunk: bytes) -> bytes:
        if self._inflate is None:
            return chunk
        room = self._limit - len(self.body) + 1
        try:
            return self._inflate.decompress(chunk, room)
        except zlib.error as error:
            if self._bits == 15 and not self.body:  # some servers send deflate without its header
                self._bits, self._inflate = -15, zlib.decompressobj(-15)
                return self._plain(chunk)
            wrong = "the answer is compressed, and damaged"
            raise FetchError("", wrong, reason="encoding") from error
