"""Measures Logbook and prints the table of figures to reach: `python -m tests.benchmarks`.

Processor time is that of the server process; wall times mean something on a quiet machine only.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import measures
from tests.benchmarks.installation import Made
from tests.benchmarks.served import install, serve
from tests.benchmarks.table import Table


@dataclass(frozen=True)
class Asked:
    """How much is measured."""

    members: int
    activity: int
    sessions: list[int]
    seconds: float
    every: float
    cycles: int
    people: int
    entries: int
    only: frozenset[str]

    def wants(self, part: str) -> bool:
        """Say whether a part is to be measured."""
        return not self.only or part in self.only


def read() -> Asked:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog='python -m tests.benchmarks', description=__doc__)
    parser.add_argument('--members', type=int, default=1000)
    parser.add_argument('--activity', type=int, default=20_000)
    parser.add_argument('--sessions', type=int, nargs='+', default=[500, 1200], help='Sessions that act at once.')
    parser.add_argument('--seconds', type=float, default=20, help='How long each load lasts.')
    parser.add_argument('--every', type=float, default=10, help='Seconds between two clicks of one session.')
    parser.add_argument('--cycles', type=int, default=600, help='Pages opened and closed; 2000 for the full figure.')
    parser.add_argument('--people', type=int, default=10_000, help='How many are imported.')
    parser.add_argument('--entries', type=int, default=100_000, help='Audit entries; 1000000 for the full figure.')
    parser.add_argument('--only', nargs='+', default=[], choices=sorted(PARTS), help='Measure only these parts.')
    asked = parser.parse_args()
    return Asked(**{**vars(asked), 'only': frozenset(asked.only)})


def start(table: Table, asked: Asked, folder: Path) -> None:
    """Measure the start on an empty, migrated database, and what is installed."""
    with serve(folder / 'empty', metered=False):
        pass
    measures.start(table, folder / 'empty')
    measures.installed(table)


def pages(table: Table, asked: Asked, folder: Path) -> None:
    """Measure pages one by one."""
    made = _install(folder, asked)
    with serve(folder / 'full') as served:
        measures.pages(table, served, made)
        measures.interface(table, served, made)
    with serve(folder / 'full') as served:
        asyncio.run(measures.open_pages(table, served, made))


def load(table: Table, asked: Asked, folder: Path) -> None:
    """Measure many sessions at once."""
    made = _install(folder, asked)
    for count in asked.sessions:
        with serve(folder / 'full') as served:
            asyncio.run(measures.clicks(table, served, made, count, (asked.seconds, asked.every)))
    with serve(folder / 'full') as served:
        asyncio.run(measures.live(table, served, made))
        asyncio.run(measures.sign_ins(table, served, made))


def memory(table: Table, asked: Asked, folder: Path) -> None:
    """Measure what closed and abandoned pages leave."""
    made = _install(folder, asked)
    with serve(folder / 'full') as served:
        asyncio.run(measures.abandoned(table, served, made))
    with serve(folder / 'full') as served:
        asyncio.run(measures.cycles(table, served, made, asked.cycles))


def roster(table: Table, asked: Asked, folder: Path) -> None:
    """Measure an import of many people."""
    install(folder / 'import', members=20, sessions=2)
    with serve(folder / 'import') as served:
        measures.roster(table, served, asked.people)


def audit(table: Table, asked: Asked, folder: Path) -> None:
    """Measure the audit log."""
    measures.audit(table, folder, asked.entries)


PARTS: dict[str, Callable[[Table, Asked, Path], None]] = {
    'start': start, 'pages': pages, 'load': load, 'memory': memory, 'import': roster, 'audit': audit,
}  # fmt: skip
_made: dict[Path, Made] = {}


def _install(folder: Path, asked: Asked) -> Made:
    if folder not in _made:
        print('  making the installation ...', flush=True)
        most = max([200, *asked.sessions])
        _made[folder] = install(folder / 'full', members=asked.members, sessions=most, activity=asked.activity)
    return _made[folder]


def main() -> None:
    """Measure what is asked for and print the table."""
    asked, table, begun = read(), Table(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix='logbook-benchmarks-') as folder:
        for name, part in PARTS.items():
            if asked.wants(name):
                print(f'{name} ({time.monotonic() - begun:.0f} s)', flush=True)
                part(table, asked, Path(folder))
    table.keep()
    busy = os.getloadavg()[0]
    print(f'\n{table.text()}\n\n{time.monotonic() - begun:.0f} s; load of the machine at the end: {busy:.1f}')


if __name__ == '__main__':
    main()
