"""Who may do what, as one text: `python -m tests.contracts.authz` writes it anew, and a change shows in the diff."""

from pathlib import Path
from typing import Any

from logic.identity.positions import covers
from logic.identity.seeds import POSITIONS
from tests.contracts import registries

FILE = Path(__file__).with_name('authz.yaml')
HEAD = """\
# Who may do what: the default positions by permission, and the permission of every service, screen and route.
# Written by `python -m tests.contracts.authz`; tests/contracts/test_permissions.py holds it against the program.
"""


def declared() -> dict[str, Any]:
    """Return what the program declares."""
    return {
        'positions by permission': {
            permission: [seed.name for seed in POSITIONS if covers(frozenset(seed.permissions), permission)]
            for permission in sorted(registries.permission_labels())
        },
        'services': {name: registries.services[name].permission for name in sorted(registries.services)},
        'screens': {path: entry.permission for path, entry in sorted(registries.pages().items())},
        'routes': dict(sorted(registries.routes().items(), key=lambda item: item[0].split(' ')[::-1])),
    }


def text() -> str:
    """Return what the file should say: one line for each name, so that a change is one line of a diff."""
    lines = [HEAD.rstrip()]
    for part, entries in declared().items():
        lines += ['', f'{part}:']
        for name, value in entries.items():
            lines.append(f'  {name}: [{", ".join(value)}]' if isinstance(value, list) else f"  '{name}': {value}")
    return '\n'.join(lines) + '\n'


if __name__ == '__main__':
    FILE.write_text(text())
