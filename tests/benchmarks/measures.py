"""The measurements, each of which adds its figures to the table."""

import asyncio
import json
import re
import statistics
import subprocess
import sys
import time
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import httpx2

from tests.benchmarks.installation import OWNER, PASSWORD, Made
from tests.benchmarks.meter import BARE
from tests.benchmarks.served import HOME, Served, client_id, environment, serve
from tests.benchmarks.sessions import Session, browsers, click_for, close_sessions, open_sessions, percentile
from tests.benchmarks.table import Table

MB, KB = 1e6, 1e3
ROUNDS = 20
LIST = '/members'


def start(table: Table, folder: Path) -> None:
    """Start three times on an empty, migrated database; the least counts."""
    seen = []
    for _ in range(3):
        with serve(folder, metered=False) as served:
            resident = re.search(r'VmRSS:\s+(\d+)', Path(f'/proc/{served.pid}/status').read_text())
            assert resident is not None
            seen.append((served.started_cpu, served.started_wall, int(resident[1]) * 1024))
    table.add('start to first healthy answer, processor', min(s[0] for s in seen), 3, 's')
    table.add('start to first healthy answer, wall', min(s[1] for s in seen), 4, 's')
    table.add('resident memory after start', min(s[2] for s in seen) / MB, 160, 'MB')


def installed(table: Table) -> None:
    """Count what the locked default set installs."""
    lock = (HOME / 'requirements.txt').read_text()
    wanted = {name.lower().replace('_', '-') for name in re.findall(r'^([A-Za-z0-9_.-]+)(?:\[|==)', lock, re.MULTILINE)}
    there = {d.metadata['Name'].lower().replace('_', '-'): d for d in distributions()}
    size = sum(_size(there[name]) for name in wanted if name in there)
    table.add('packages in the default set', len(wanted), 125)
    table.add('installed size of the default set', size / MB, 310, 'MB')


def _size(distribution: Any) -> int:
    paths = [Path(str(distribution.locate_file(file))) for file in distribution.files or []]
    return sum(path.stat().st_size for path in paths if path.is_file() and path.suffix != '.pyc')


def pages(table: Table, served: Served, made: Made) -> None:
    """Load each kind of page until it is warm, then twenty times.

    Of a list's time a quarter passes before and after the page itself: routing, NiceGUI's client, gzip, the socket. A
    third is its ten statements, each a visit to SQLite's thread and back, with the objects of the rows; a fifth is what
    describes filters, columns and buttons. The rest is the loop's own, and the deletion of pages loaded before, whose
    sockets nobody opens here.
    """
    record = f'/members/{made.record_id}'
    kinds = [('shell', '/settings', 7, 32), ('list', LIST, 12, 45), ('record', record, 16, 80), ('home', '/', 20, None)]
    with served.browser(made.tokens[0]) as browser:
        for name, path, most, _ in kinds:
            times, html = _load(served, browser, path)
            table.add(f'page GET, {name}', statistics.median(times), most, 'ms')
        for name, path, _, most_elements in kinds:
            html = browser.get(path).text
            elements = served.ask('process')['elements'].get(client_id(html), 0)
            if most_elements is not None:
                table.add(f'elements, {name}', elements, most_elements)
        served.ask('requests')
        for name, path in [
            *((name, path) for name, path, *_ in kinds),
            ('audit', '/audit'),
            ('positions', '/positions'),
        ]:
            browser.get(path)
            counted = [s for seen in served.ask('requests') for s in seen['statements'] if s != 'BEGIN']
            table.add(f'statements, {name}', len(counted), 12)


def _load(served: Served, browser: httpx2.Client, path: str) -> tuple[list[float], str]:
    for _ in range(5):
        browser.get(path)
    served.ask('requests')
    for _ in range(ROUNDS):
        answer = browser.get(path)
    assert answer.status_code == 200, answer.text[:300]
    return [seen['cpu_ms'] for seen in served.ask('requests') if seen['path'] == path], answer.text


def interface(table: Table, served: Served, made: Made) -> None:
    """Ask the HTTP API for 25 people, and a bare FastAPI endpoint for the same rows."""
    with httpx2.Client(base_url=served.origin, trust_env=False, timeout=30) as client:
        answer = client.post('/api/v1/auth/login', json={'email': OWNER, 'password': PASSWORD})
        client.headers['authorization'] = f'Bearer {answer.json()["access_token"]}'
        times = {}
        for path in ('/api/v1/members', BARE):
            for _ in range(5):
                client.get(path, params={'page_size': 25}).raise_for_status()
            served.ask('requests')
            for _ in range(ROUNDS):
                found = client.get(path, params={'page_size': 25}).json()
            assert len(found['items']) == 25
            times[path] = statistics.median(seen['cpu_ms'] for seen in served.ask('requests') if seen['path'] == path)
    ours, bare = times.values()
    table.add('API list of 25 rows', ours, None, 'ms')
    table.add('API list of 25 rows, to a bare endpoint with the same rows', ours / bare, 3, 'x')


async def open_pages(table: Table, served: Served, made: Made) -> None:
    """Open 200 list pages, and 100 records; say what each keeps.

    A few of each kind are opened before: they load what all pages of a kind share, some 13 MB for records, which is
    nobody's own. All records are the same one, so that each who comes is also told to all who are there.
    """
    record = f'/members/{made.record_id}'
    async with browsers() as browser:
        warm = await open_sessions(served, made.tokens[:5], LIST, browser)
        warm += await open_sessions(served, made.tokens[:5], record, browser)
        before = served.ask('process')['rss']
        lists = await open_sessions(served, made.tokens[1:201], LIST, browser)
        after = served.ask('process')['rss']
        table.add('resident memory with 200 open list pages', after / MB, 240, 'MB')
        table.add('memory a session, list', (after - before) / KB / len(lists), 340, 'KB')
        records = await open_sessions(served, made.tokens[1:101], record, browser)
        table.add('memory a session, record', (served.ask('process')['rss'] - after) / KB / len(records), 460, 'KB')
        await close_sessions([*warm, *lists, *records])


async def clicks(table: Table, served: Served, made: Made, count: int, pace: tuple[float, float]) -> None:
    """Let so many sessions sort their lists for some seconds, each every so many seconds."""
    seconds, every = pace
    async with browsers() as browser:
        sessions = await open_sessions(served, made.tokens[1 : count + 1], LIST, browser)
        await click_for(sessions, 2, every)
        served.ask('longest')
        load = await click_for(sessions, seconds, every)
        stop = served.ask('longest')
        name = f'{count} sessions'
        p95, p99 = (20, 60) if count <= 500 else (100, None)
        table.add(f'click to update, {name}, p50', load.p50 * 1000, None, 'ms')
        table.add(f'click to update, {name}, p95', load.p95 * 1000, p95, 'ms')
        table.add(f'click to update, {name}, p99', load.p99 * 1000, p99, 'ms')
        table.add(f'clicks without an answer, {name}', load.lost, 0)
        table.add(f'resident memory, {name}', served.ask('process')['rss'] / MB, 600, 'MB')
        table.add(f'longest stop of the loop, {name}', stop['longest'] * 1000, 150, 'ms')
        table.add(f'longest stop of the loop, {name}, processor', stop['work'] * 1000, 150, 'ms')
        await close_sessions(sessions)


async def live(table: Table, served: Served, made: Made, rounds: int = 5) -> None:
    """Change one person while 200 others look at the list.

    All are told in one burst after one question, so that the last sees it little after the first. What remains is some
    0.4 ms of processor time a watcher: a task, a message through NiceGUI's outbox, and a frame on a socket of his own.
    """
    async with browsers() as browser:
        sessions = await open_sessions(served, made.tokens[1:201], LIST, browser)
        delays: list[float] = []
        await asyncio.to_thread(served.ask, 'change')
        await asyncio.sleep(6)
        for _ in range(rounds):
            for session in sessions:
                session.updates.clear()
            at = await asyncio.to_thread(served.ask, 'change')
            await asyncio.sleep(3)
            delays += [session.updates[0] - at for session in sessions if session.updates]
        missed = rounds * len(sessions) - len(delays)
        table.add('live change seen by 200 others, p50', percentile(delays, 0.5) * 1000, None, 'ms')
        table.add('live change seen by 200 others, p95', percentile(delays, 0.95) * 1000, 100, 'ms')
        ratio = percentile(delays, 0.95) / max(percentile(delays, 0.5), 0.001)
        table.add('live change seen by 200 others, p95 to p50', ratio, 1.5, 'x')
        table.add('live changes not seen within 3 s', missed, 0)
        await close_sessions(sessions)


async def sign_ins(table: Table, served: Served, made: Made) -> None:
    """Load pages alone, then while twenty people try to sign in."""
    async with browsers() as browser:
        session = Session(served, made.tokens[0], browser)
        browser.base_url = served.origin  # type: ignore[assignment]

        async def look(rounds: int) -> list[float]:
            took = []
            for _ in range(rounds):
                begun = time.monotonic()
                await session.load('/settings')
                took.append(time.monotonic() - begun)
            return took

        quiet = await look(30)
        tries = [asyncio.create_task(_try(served)) for _ in range(20)]
        await asyncio.sleep(0.2)
        busy = []
        while not all(task.done() for task in tries):
            busy += await look(1)
        await asyncio.gather(*tries)
        if busy:
            ratio = percentile(busy, 0.95) / percentile(quiet, 0.95)
            table.add('other pages during 20 sign-in attempts, p95 ratio', ratio, 1.5, 'x')


async def _try(served: Served) -> None:
    async with httpx2.AsyncClient(base_url=served.origin, trust_env=False, timeout=60) as client:
        page = await client.get('/sign-in')
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        await client.post(
            '/sign-in',
            data=hidden | {'email': OWNER, 'password': 'not the password'},
            headers={'origin': served.origin},
        )


async def abandoned(table: Table, served: Served, made: Made) -> None:
    """Load a hundred pages whose sockets never open.

    Each is some 690 objects that are NiceGUI's and ours, 90 to 115 KB, as those before happen to have left room. Once
    they are freed the next hundred takes their place: 2 to 6 KB more for each.
    """
    async with browsers() as browser:
        warm = await open_sessions(served, made.tokens[:20], LIST, browser)
        await close_sessions(warm)
        before = served.ask('process')
        session = Session(served, made.tokens[0], browser)
        for token in made.tokens[1:101]:
            session.token = token
            await session.load(LIST)
        after = served.ask('process')
        table.add('abandoned page', (after['rss'] - before['rss']) / KB / 100, 100, 'KB')
        begun = time.monotonic()
        for _ in range(80):
            if served.ask('process')['clients'] <= before['clients']:
                break
            await asyncio.sleep(0.5)
        table.add('abandoned pages freed after', time.monotonic() - begun, 15, 's')


async def cycles(table: Table, served: Served, made: Made, count: int) -> None:
    """Open and close pages again and again; memory must not grow."""
    early = min(500, count // 3)
    async with browsers() as browser:
        browser.base_url = served.origin  # type: ignore[assignment]
        seen: list[float] = []
        for place in range(count):
            session = Session(served, made.tokens[place % 4], browser)
            await session.load(LIST)
            await session.open()
            await session.close()
            if place + 1 in {early, count}:
                seen.append(served.ask('process')['rss'])
    growth = (seen[-1] - seen[0]) / seen[0] * 100
    table.add(f'growth of memory from {early} to {count} open-and-close cycles', growth, 5, '%')


def roster(table: Table, served: Served, people: int) -> None:
    """Import many people, beside whatever else the server does.

    A quarter of the time of an import is SQLite's own, which puts 190,000 rows into their indexes; another quarter are
    SQLAlchemy's flushes with what log and search are told of each row; a tenth each are the checking of the file, and
    the log that seals 100,000 personal values. The loop stops longest where SQLAlchemy flushes 25 people with what
    hangs on them, which cannot be interrupted. On a machine that others use, only the processor time of a stop tells
    something.
    """
    told = served.ask(f'roster?{people}', timeout=280)
    for name, label in (('dry', 'dry run'), ('apply', 'apply')):
        one = told[name]
        table.add(f'import of {people:,} members, {label}, processor', one['cpu'], 10 * people / 10_000, 's')
        table.add(f'import of {people:,} members, {label}, wall', one['wall'], None, 's')
        table.add(f'import, {label}, longest stop of the loop', one['longest'] * 1000, 50, 'ms')
        table.add(f'import, {label}, longest stop of the loop, processor', one['work'] * 1000, 50, 'ms')


def audit(table: Table, folder: Path, entries: int) -> None:
    """Compare a write with and without its entry, and verify a long log.

    A write takes some 2.2 ms, its entry 0.3: one more visit to SQLite's thread, with four rows and their indexes, is
    half of that; the rest seals two values, writes canonical JSON and hashes. Nothing of it can be left
    for later, since act and entry are stored both or neither. On a busy machine the figure swings by ten points.
    """
    share = _work('share', folder / 'share')
    table.add('audit, append inside a transaction', (share['with'] / share['without'] - 1) * 100, 15, '%')
    verified = _work('verify', folder / 'verify', entries)
    scale = 1_000_000 / entries
    table.add('audit, verify 1,000,000 entries, processor', verified['cpu'] * scale, 15, 's')
    table.add(f'audit, peak memory verifying {entries:,} entries', verified['peak'] / MB, 500, 'MB')


def _work(what: str, folder: Path, *more: object) -> dict[str, float]:
    program = 'from tests.benchmarks.work import main; main()'
    done = subprocess.run(
        [sys.executable, '-c', program, what, str(folder), *map(str, more)], cwd=HOME, capture_output=True, text=True,
        env=environment(folder, 8080) | {'PYTHONPATH': str(HOME)}, timeout=900, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told
