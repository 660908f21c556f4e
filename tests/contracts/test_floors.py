"""Holds what is installed and what is locked to the floors under which advisories are known."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

HOME = Path(__file__).resolve().parents[2]
FLOORS = tomllib.loads((Path(__file__).parent / 'floors.toml').read_text())['floor']
MOST_DISTRIBUTIONS = 125
LOCKS = ('requirements.txt', 'requirements-dev.txt')


def locked(lock: str) -> dict[str, str]:
    """Package to version, as a lock pins them."""
    return dict(re.findall(r'^([a-z0-9.-]+)(?:\[[a-z0-9,-]+\])?==(\S+)', (HOME / lock).read_text(), re.MULTILINE))


def keeps(floor: dict[str, str], found: str) -> bool:
    if 'exactly' in floor:
        return Version(found) == Version(floor['exactly'])
    return Version(found) >= Version(floor['at_least'])


@pytest.mark.parametrize('floor', FLOORS, ids=lambda floor: floor['package'])
def test_what_is_installed_and_locked_is_above_its_floor(floor: dict[str, str]):
    assert keeps(floor, version(floor['package']))
    for lock in LOCKS:
        assert keeps(floor, locked(lock)[floor['package']]), lock


def test_a_version_under_its_floor_is_refused():
    assert not keeps({'at_least': '0.2.12'}, '0.2.11')
    assert not keeps({'exactly': '3.18.0'}, '3.18.1')


def test_the_default_set_stays_small():
    assert len(locked('requirements.txt')) <= MOST_DISTRIBUTIONS


def test_both_locks_pin_the_same_versions():
    shipped, tested = (locked(lock) for lock in LOCKS)
    assert len(shipped) > 80
    assert shipped.items() <= tested.items()


def test_what_is_asked_for_with_an_extra_is_pinned_with_it():
    # The pip of Debian 12 resolves `name[extra]` apart from `name`: with the bare name pinned, it takes the newest
    # release and refuses that, since the lock has no hash for it.
    pinned = {line.split('==')[0] for line in (HOME / LOCKS[1]).read_text().splitlines() if '==' in line}
    asked = [Requirement(one) for name in locked(LOCKS[1]) if is_here(name) for one in requires(name) or ()]
    needed = {one.name: one.extras for one in asked if one.extras and (not one.marker or one.marker.evaluate())}
    assert needed
    assert {name for name in needed if name in pinned} == set()


def is_here(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


@pytest.mark.parametrize('lock', LOCKS)
def test_every_pin_of_a_lock_has_hashes_and_no_index(lock: str):
    text = (HOME / lock).read_text()
    pins = re.split(r'^(?=[a-z0-9])', text, flags=re.MULTILINE)[1:]
    assert [pin.splitlines()[0] for pin in pins if '--hash=sha256:' not in pin] == []
    assert '://' not in text
    assert not re.search(r'^\s*--(?!hash=)', text, re.MULTILINE)


def test_the_project_asks_for_nothing_under_a_floor():
    project = tomllib.loads((HOME / 'pyproject.toml').read_text())['project']
    assert 'nicegui==3.18.0' in project['dependencies']
