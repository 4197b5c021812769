"""How much a round of polling costs, beside lemon24/reader on the same server and feeds.

    python benchmarks/polling.py [--feeds 5000] [--pairs 2] [--reader-python PATH]

A seeded fixture (70 % RSS, 30 % Atom, 20 to 40 entries, 25 to 62 KB, gzip, ETag) is served by nginx
from 250 loopback addresses. Both programs poll it as processes of their own, in turns (A B A B):
*cold* (everything is new), *unchanged* (304), *changed* (a tenth has three new entries), and
*trouble* (a fifth as many feeds, among them 10 that take 5 s and 20 each of 404, 500, redirects and
malformed ones). Counts of new entries must agree. CPU is that of the process and its children as
the kernel counts it; the peak of memory is that of the largest process.

`--reader-python` is a Python that has reader 3.x installed: it is no dependency of Standoff. nginx
has to be on the PATH.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import random
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

from bot.clock import SystemClock
from bot.model import Feed
from bot.store import open_store

HOSTS = 250
BORN = datetime(2026, 2, 20, tzinfo=UTC)
WORDS = """
ministry company union talks deadline court order strike licence offer panel board border water
school harbour steel price contract tender vote inquiry report minister mayor said would could
must before after until under against over between during about which the of and to in a for on
by with from as at its their that was were has have been
"""
VOCABULARY = WORDS.split()
READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
if sys.argv[2] == "add":
    for line in open(sys.argv[3]):
        reader.add_feed(line.strip(), exist_ok=True)
elif sys.argv[2] != "add":
    reader.update_feeds(workers=int(sys.argv[2]), scheduled=False)
print(reader.get_entry_counts().total)
"""


@dataclass(frozen=True)
class Cost:
    """What one process took: processor seconds, wall-clock seconds, peak memory in MB."""

    cpu: float
    wall: float
    memory: float


# ---------------------------------------------------------------- the feeds


class Fixture:
    """Feeds as files under `folder`, each with its compressed copy beside it."""

    def __init__(self, folder: Path, feeds: int, seed: int = 7) -> None:
        self.folder = folder
        self.feeds = feeds
        self._random = random.Random(seed)
        self._entries = {n: self._some(n, self._random.randint(20, 40)) for n in range(feeds)}
        for number in range(feeds):
            self._write(number)

    def change(self, share: float) -> None:
        """Put three new entries on top of every so-many-th feed."""
        for number in range(0, self.feeds, round(1 / share)):
            self._entries[number] = self._some(number, 3) + self._entries[number]
            self._write(number)

    def path(self, number: int) -> str:
        return f"/feeds/{number}.xml"

    def _some(self, feed: int, count: int) -> list[tuple[str, str, str, datetime]]:
        return [self._entry(feed) for _ in range(count)]

    def _entry(self, feed: int) -> tuple[str, str, str, datetime]:
        identity = f"{feed}-{self._random.randrange(10**12)}"
        paragraphs = (
            " ".join(self._random.choices(VOCABULARY, k=self._random.randint(30, 70)))
            for _ in range(4)
        )
        html = "".join(f'<p>{p} <a href="/x?a=1&amp;b=2">more</a></p>' for p in paragraphs)
        when = BORN - timedelta(minutes=self._random.randrange(20_000))
        return identity, " ".join(self._random.choices(VOCABULARY, k=9)).capitalize(), html, when

    def _write(self, number: int) -> None:
        form = rss if number % 10 < 7 else atom
        body = form(number, self._entries[number]).encode()
        file = self.folder / self.path(number)[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        Path(f"{file}.gz").write_bytes(gzip.compress(body, 5, mtime=0))


def rss(number: int, entries: list[tuple[str, str, str, datetime]]) -> str:
    items = "".join(
        f"<item><title>{escape(title)}</title><link>https://site{number}.example/{identity}</link>"
        f'<guid isPermaLink="false">{identity}</guid>'
        f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
        f"<description>{escape(html)}</description></item>"
        for identity, title, html, when in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>Site {number}</title><link>https://site{number}.example/</link>"
        f"<description>News</description>{items}</channel></rss>"
    )


def atom(number: int, entries: list[tuple[str, str, str, datetime]]) -> str:
    items = "".join(
        f"<entry><title>{escape(title)}</title><id>urn:x:{identity}</id>"
        f'<link href="https://site{number}.example/{identity}"/>'
        f"<updated>{when:%Y-%m-%dT%H:%M:%SZ}</updated>"
        f'<content type="html">{escape(html)}</content></entry>'
        for identity, title, html, when in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>Site {number}</title><id>urn:x:{number}</id>"
        f"<updated>{BORN:%Y-%m-%dT%H:%M:%SZ}</updated>{items}</feed>"
    )


# ---------------------------------------------------------------- the servers


def address(number: int) -> str:
    return f"127.0.{1 + number % HOSTS}.1"


@contextmanager
def nginx(folder: Path, slow: int) -> Iterator[int]:
    """nginx over `folder`; /slow/ goes to the server on port `slow`. Gives the port."""
    port = free_port()
    listen = "\n".join(f"listen {address(n)}:{port};" for n in range(HOSTS))
    (folder / "nginx.conf").write_text(
        f"""
        user root; daemon off;
        pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
        events {{ worker_connections 4096; }}
        http {{
          access_log off; gzip_static on; etag on; types {{ application/xml xml; }}
          client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
          fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
          server {{
            {listen}
            root {folder};
            location /slow/ {{ proxy_pass http://127.0.0.1:{slow}; }}
            location /wrong/ {{ return 500; }}
            location /moved/ {{ rewrite ^/moved/(.*)$ /feeds/$1 redirect; }}
          }}
        }}"""
    )
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


@contextmanager
def slow_server(body: bytes) -> Iterator[int]:
    """Answers every request with `body` after 5 s."""

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(5)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as trial:
            if trial.connect_ex((address(0), port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("nginx did not start")


# ---------------------------------------------------------------- the programs


class Standoff:
    """`standoff poll --once` over a database of its own."""

    name = "standoff"

    def __init__(self, folder: Path) -> None:
        self._database = folder / "standoff.db"
        self._config = folder / "standoff.toml"
        self._config.write_text(
            f'database = "sqlite:///{self._database}"\n'
            "[network]\nallow = ['127.0.0.0/8']\n"
            "[polling]\nper_host = 1000\n[log]\nlevel = 'error'\n"
        )

    def add(self, urls: list[str]) -> None:
        asyncio.run(self._add(urls))

    async def _add(self, urls: list[str]) -> None:
        store = await open_store(f"sqlite:///{self._database}", clock=SystemClock())
        for url in urls:
            await store.feeds.add(Feed(url=url, workspace="local"), BORN)
        await store.close()

    def update(self) -> Cost:
        self._make_due()
        return measured(
            [sys.executable, "-m", "bot", "poll", "--once", "--config", str(self._config)]
        )

    def _make_due(self) -> None:
        with sqlite3.connect(self._database) as database:
            database.execute("UPDATE feed_states SET next_poll = '2000-01-01 00:00:00.000000'")
        database.close()

    def entries(self) -> int:
        with sqlite3.connect(self._database) as database:
            count = int(database.execute("SELECT count(*) FROM stories").fetchone()[0])
        database.close()
        return count


class Reader:
    """`reader.update_feeds` in a process of its own."""

    name = "reader"

    def __init__(self, folder: Path, python: str, workers: int) -> None:
        self._database = folder / "reader.db"
        self._script = folder / "run_reader.py"
        self._script.write_text(READER)
        self._python, self._workers = python, workers
        self._entries = 0

    def add(self, urls: list[str]) -> None:
        file = self._script.with_name("urls.txt")
        file.write_text("\n".join(urls))
        subprocess.run([*self._base(), "add", str(file)], check=True, capture_output=True)

    def _base(self) -> list[str]:
        return [self._python, str(self._script), str(self._database)]

    def update(self) -> Cost:
        return measured([*self._base(), str(self._workers)])

    def entries(self) -> int:
        with sqlite3.connect(self._database) as database:
            count = int(database.execute("SELECT count(*) FROM entries").fetchone()[0])
        database.close()
        return count


# A process's peak begins with that of the one it was forked from, and ours holds all the feeds.
LAUNCHER = """
import os, subprocess, sys, time
started = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(usage.ru_utime + usage.ru_stime, time.perf_counter() - started, usage.ru_maxrss / 1024)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def measured(command: list[str]) -> Cost:
    """Run `command`; its cost with that of the children it waited for."""
    launched = [sys.executable, "-I", "-S", "-c", LAUNCHER, *command]
    done = subprocess.run(launched, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    cpu, wall, memory = map(float, done.stdout.split())
    return Cost(cpu, wall, memory)


# ---------------------------------------------------------------- the rounds


Program = Standoff | Reader


def rounds(
    make: Callable[[Path], list[Program]], urls: list[str], fixture: Fixture, pairs: int
) -> dict[str, dict[str, list[Cost]]]:
    """Costs by scene and program, `pairs` of each, the programs in turns."""
    costs: dict[str, dict[str, list[Cost]]] = {}
    for _ in range(pairs):
        with tempfile.TemporaryDirectory() as folder:
            programs = make(Path(folder))
            for program in programs:
                program.add(urls)
            for scene in ("cold", "unchanged", "changed"):
                if scene == "changed":
                    fixture.change(0.1)
                    time.sleep(1.1)  # validators have a resolution of a second
                for program in programs:
                    cost = program.update()
                    print(f"{scene}, {program.name}: {cost}", file=sys.stderr)
                    costs.setdefault(scene, {}).setdefault(program.name, []).append(cost)
                counts = {program.entries() for program in programs}
                assert len(counts) == 1, f"{scene}: the programs disagree: {counts}"
                assert 0 not in counts, f"{scene}: nothing was polled"
    return costs


def trouble(make: Callable[[Path], list[Program]], urls: list[str]) -> dict[str, list[Cost]]:
    with tempfile.TemporaryDirectory() as folder:
        programs = make(Path(folder))
        for program in programs:
            program.add(urls)
        return {program.name: [program.update()] for program in programs}


def printed(costs: dict[str, dict[str, list[Cost]]]) -> None:
    print(f"{'':12}{'CPU s':>18}{'wall s':>18}{'peak MB':>18}   ratios (CPU, wall, memory)")
    for scene, programs in costs.items():
        rows = {
            name: [
                statistics.median(getattr(c, f) for c in found) for f in ("cpu", "wall", "memory")
            ]
            for name, found in programs.items()
        }
        ours = rows["standoff"]
        theirs = rows.get("reader")
        both = [
            f"{a:8.1f} /{theirs[i]:8.1f}" if theirs else f"{a:8.1f}" for i, a in enumerate(ours)
        ]
        ratios = [f"{a / b:.2f}" for a, b in zip(ours, theirs, strict=True)] if theirs else []
        print(f"{scene:12}" + "".join(f"{text:>18}" for text in both) + "   " + "  ".join(ratios))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=5000)
    parser.add_argument("--pairs", type=int, default=2)
    parser.add_argument("--reader-python", default="")
    parser.add_argument("--reader-workers", type=int, default=10)
    given = parser.parse_args()

    def make(folder: Path) -> list[Program]:
        found: list[Program] = [Standoff(folder)]
        if given.reader_python:
            found.append(Reader(folder, given.reader_python, given.reader_workers))
        return found

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fixture = Fixture(folder, given.feeds)
        bad = folder / "bad.xml"
        bad.write_bytes(b"<rss><channel><item><title>cut off")
        first = (folder / fixture.path(0)[1:]).read_bytes()
        with slow_server(first) as slow, nginx(folder, slow) as port:

            def at(number: int, path: str) -> str:
                return f"http://{address(number)}:{port}{path}"

            urls = [at(n, fixture.path(n)) for n in range(given.feeds)]
            costs = rounds(make, urls, fixture, given.pairs)
            some = urls[: given.feeds // 5]
            some += [at(n, f"/slow/{n}") for n in range(10)]
            for n in range(20):
                some += [at(n, f"/none/{n}"), at(n, f"/wrong/{n}"), at(n, f"/moved/{n}.xml")]
                shutil.copy(bad, folder / "feeds" / f"bad{n}.xml")
                some.append(at(n, f"/feeds/bad{n}.xml"))
            costs["trouble"] = trouble(make, some)
        printed(costs)


if __name__ == "__main__":
    main()
