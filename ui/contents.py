"""What an installation is made of, as a bill of materials (SBOM): for programs that compare it with known holes."""

import platform
import re
import sqlite3
import ssl
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from data.core import now
from logic.core.version import VERSION

MANIFEST = Path(__file__).parent / 'assets' / 'manifest.toml'
LOGBOOK = {
    'type': 'application',
    'bom-ref': 'logbook',
    'name': 'Logbook',
    'version': VERSION,
    'licenses': [{'expression': 'Apache-2.0'}],
}


def bill_of_materials() -> dict[str, Any]:
    """Return all that is installed with this Logbook, in CycloneDX 1.6: what Python uses and what browsers get."""
    parts = sorted([*_beneath(), *_libraries(), *_assets()], key=lambda part: part['bom-ref'])
    return {
        'bomFormat': 'CycloneDX',
        'specVersion': '1.6',
        'serialNumber': uuid4().urn,
        'version': 1,
        'metadata': {'timestamp': now().isoformat(timespec='seconds'), 'component': LOGBOOK},
        'components': parts,
        'dependencies': [{'ref': LOGBOOK['bom-ref'], 'dependsOn': [part['bom-ref'] for part in parts]}],
    }


def _part(name: str, version: str, kind: str, licences: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    address = f'pkg:{kind}/{quote(name)}@{quote(version)}'
    told = {'type': 'library', 'bom-ref': address, 'name': name, 'version': version, 'purl': address, **more}
    return told | ({'licenses': licences} if licences else {})


def _beneath() -> Iterator[dict[str, Any]]:
    library, release = ssl.OPENSSL_VERSION.split()[:2]
    yield _part('python', platform.python_version(), 'generic', [], type='platform')
    yield _part('sqlite', sqlite3.sqlite_version, 'generic', [])
    yield _part(library.lower(), release, 'generic', [])


def _libraries() -> Iterator[dict[str, Any]]:
    for one in {one.name: one for one in metadata.distributions()}.values():
        name = re.sub(r'[-_.]+', '-', one.name).lower()
        yield _part(name, one.version, 'pypi', _licences(one.metadata))


def _licences(told: Any) -> list[dict[str, Any]]:
    if expression := told.get('License-Expression'):
        return [{'expression': expression}]
    classified = [one.rpartition(' :: ')[2] for one in told.get_all('Classifier', []) if one.startswith('License ::')]
    named = [' '.join(line.split()) for line in (told.get('License') or '').splitlines()[:1]]
    return [{'license': {'name': name}} for name in classified or named if name]


def _assets() -> Iterator[dict[str, Any]]:
    files: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for one in tomllib.loads(MANIFEST.read_text())['asset']:
        hashes = [{'alg': 'SHA-256', 'content': one['sha256']}]
        of_package = files.setdefault((one['package'], one['version'], one['licence']), [])
        of_package.append({'type': 'file', 'name': one['file'], 'hashes': hashes})
    for (name, version, licence), held in files.items():
        if name not in {'logbook', 'nicegui'}:  # our own; a library
            yield _part(name, version, 'npm', [{'expression': licence}], components=held)
