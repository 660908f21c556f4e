"""Holds what was taken from others to its manifest: exact version, licence and SHA-256, and none left out."""

import hashlib
import tomllib
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
MANIFEST = HOME / 'ui' / 'assets' / 'manifest.toml'
SHIPPED = ('ui', 'logic', 'data')
TAKEN_SUFFIXES = {'.woff', '.woff2', '.ttf', '.otf', '.mjs', '.wasm', '.map', '.gz', '.br', '.txt', '.csv'}
TAKEN_FOLDERS = {'fonts', 'vendor', 'lib'}
OWN_LINE = 1_000  # what is written by hand has shorter lines than what a bundler made
ASSETS = tomllib.loads(MANIFEST.read_text())['asset'] if MANIFEST.exists() else []
# Licences that may be shipped with an Apache-2.0 program.
LICENCES = {'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT', 'MPL-2.0', 'OFL-1.1', 'Unlicense'}


def taken() -> set[str]:
    """Every shipped file that somebody else made: by its kind, its folder or its make."""
    found = set()
    for place in SHIPPED:
        for file in (HOME / place).rglob('*'):
            if not file.is_file() or file.suffix in {'.py', '.pyc'} or file == MANIFEST:
                continue
            foreign = file.suffix in TAKEN_SUFFIXES or '.min.' in file.name or _is_bundled(file)
            if foreign or TAKEN_FOLDERS & set(file.relative_to(HOME).parts):
                found.add(file.relative_to(HOME).as_posix())
    return found


def _is_bundled(file: Path) -> bool:
    return any(len(line) > OWN_LINE for line in file.read_bytes().split(b'\n'))


def test_every_file_that_others_made_is_in_the_manifest_and_every_entry_has_its_file():
    assert {asset['file'] for asset in ASSETS} >= taken()
    assert [asset['file'] for asset in ASSETS if not (HOME / asset['file']).is_file()] == []


@pytest.mark.parametrize('asset', ASSETS, ids=lambda asset: asset['file'])
def test_an_asset_is_what_its_entry_says(asset: dict[str, str]):
    assert set(asset) >= {'file', 'package', 'version', 'licence', 'sha256'}
    assert asset['version'][0].isdigit()
    assert asset['licence'] in LICENCES
    assert hashlib.sha256((HOME / asset['file']).read_bytes()).hexdigest() == asset['sha256']
