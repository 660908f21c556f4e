"""Moving in with an export that somebody has made to do harm: whole by its own hashes, and refused all the same."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from data.organizations import Organization
from logic import arrival
from logic.audit import keys
from logic.core.actor import Actor
from logic.core.errors import AppError, Invalid
from logic.core.work import Work
from logic.export import export_organization
from tests.conftest import House, run_as_service
from tests.logic.test_arrival import elsewhere, full, organization_of

__all__ = ['full']
SYSTEM = Actor.system()
Row = dict[str, Any]


def rows_in(content: bytes, change: Callable[[Row], Row]) -> bytes:
    """Change each row of a table."""
    return b''.join(json.dumps(change(json.loads(line))).encode() + b'\n' for line in content.splitlines())


def forged(archive: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Return a copy of an export with one of its files changed, and with hashes that say nothing of it."""
    made = archive.with_name('forged.zip')
    with zipfile.ZipFile(archive) as good, zipfile.ZipFile(made, 'w', zipfile.ZIP_DEFLATED) as bad:
        contents = {item: good.read(item) for item in good.namelist()}
        contents[name] = change(contents[name])
        manifest = json.loads(contents.pop('manifest.json'))
        manifest['files'] = {item: hashlib.sha256(content).hexdigest() for item, content in contents.items()}
        for item, content in contents.items():
            bad.writestr(item, content)
        bad.writestr('manifest.json', json.dumps(manifest))
    return made


async def _departments(work: Work) -> int:
    async with work.everywhere():
        return await work.count(select(Organization.id))


departments = run_as_service(_departments)


def another_department(row: Row) -> Row:
    return row | {'id': str(uuid4()), 'name': 'Shadow department'}


@pytest.mark.parametrize(
    'forgery',
    [
        ('tables/stored_file.jsonl', lambda it: rows_in(it, lambda row: row | {'object_name': '/etc/cron.d/x'})),
        ('tables/stored_file.jsonl', lambda it: rows_in(it, lambda row: row | {'object_name': '../../secrets/kek'})),
        ('tables/stored_file.jsonl', lambda it: rows_in(it, lambda row: row | {'object_name': '..\\secrets'})),
        ('tables/organization.jsonl', lambda it: it + rows_in(it, another_department)),
        ('tables/member.jsonl', lambda it: rows_in(it, lambda row: row | {'organization_id': str(uuid4())})),
        ('tables/member.jsonl', lambda it: rows_in(it, lambda row: row | {'is_root': True})),
        ('tables/account.jsonl', lambda it: rows_in(it, lambda row: row | {'password_hash': 'x'})),
        ('tables/member.jsonl', lambda _: b'[]\n'),
        ('tables/member.jsonl', lambda _: b'[' * 100_000),
        ('tables/member.jsonl', lambda it: rows_in(it, lambda row: row | {'joined_on': 7})),
        ('audit/log.json', lambda it: json.dumps(json.loads(it) | {'log': str(uuid4())}).encode()),
    ],
)  # fmt: skip
async def test_a_forged_export_is_refused_in_words_and_nothing_is_kept(
    full: House, tmp_path: Path, template: Path, backend: str, forgery: tuple[str, Callable[[bytes], bytes]]
) -> None:
    archive = tmp_path / 'all.zip'
    await export_organization(await organization_of(full), archive)
    bad = forged(archive, *forgery)
    await elsewhere(tmp_path / 'there', template, backend)
    with pytest.raises(AppError):
        await arrival.import_department(bad)
    assert await departments(SYSTEM) == 0
    assert [path for path in (tmp_path / 'there').rglob('*') if path.name in {'cron.d', 'kek.part'}] == []


async def test_who_signed_what_was_refused_is_not_believed(
    full: House, tmp_path: Path, template: Path, backend: str
) -> None:
    archive = tmp_path / 'all.zip'
    await export_organization(await organization_of(full), archive)
    bad = forged(archive, 'audit/checkpoints.txt', lambda it: it.replace(b'\xe2\x80\x94 ', b'\xe2\x80\x94 x', 1))
    await elsewhere(tmp_path / 'there', template, backend)
    with pytest.raises(Invalid):
        await arrival.import_department(bad)
    assert keys.trusted_keys() == [keys.public_key()]


@pytest.mark.parametrize('packed', [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
async def test_an_archive_of_which_a_part_is_unpacked_at_once_is_refused_before_it_is(
    tmp_path: Path, packed: int
) -> None:
    bomb = tmp_path / 'bomb.zip'
    with zipfile.ZipFile(bomb, 'w', packed) as archive:
        archive.writestr('manifest.json', '{}')
    with pytest.raises(Invalid, match='unpacks to more'):
        await arrival.import_department(bomb)


async def test_an_archive_that_swells_is_refused_before_it_is_read(tmp_path: Path) -> None:
    bomb = tmp_path / 'bomb.zip'
    with zipfile.ZipFile(bomb, 'w', zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr('manifest.json', '{}')
        with archive.open('tables/member.jsonl', 'w', force_zip64=True) as file:
            for _ in range(1_100):
                file.write(bytes(1_000_000))
    with pytest.raises(Invalid, match='unpacks to more'):
        await arrival.import_department(bomb)
