"""The libraries that have had dangerous holes, and the releases from which on they have none that is known."""

import re
from importlib import metadata

EXACT = frozenset({'nicegui'})
"""What Logbook stands on facts of, so that not even a newer release is taken unseen."""
FLOORS = {
    'nicegui': '3.18.0', 'starlette': '1.3.1', 'python-multipart': '0.0.31', 'python-socketio': '5.16.2',
    'python-engineio': '4.13.2', 'aiohttp': '3.14.3', 'asyncmy': '0.2.12',
}  # fmt: skip


def dangerous() -> list[str]:
    """Return a sentence for each library that is installed in a release with known holes."""
    found = []
    for package, floor in FLOORS.items():
        try:
            version = metadata.version(package)
        except metadata.PackageNotFoundError:  # what is not there has no hole
            continue
        if package in EXACT and version != floor:
            found.append(f'{package} {version} is installed, and Logbook was made for {floor} exactly.')
        elif _numbers(version) < _numbers(floor):
            found.append(f'{package} {version} has known holes; {floor} or newer has none.')
    return found


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a release, without what follows them."""
    return tuple(int(part) for part in re.match(r'\d+(\.\d+)*', version)[0].split('.'))  # type: ignore[index]
