"""Retention: the older part of a log goes into a file, and all that stays is as provable as before."""

import asyncio
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from data.core import now
from data.database import Database, database
from data.files import StoredFile
from data.organizations import Organization, OrganizationKind
from logic.audit import (
    RetentionInput,
    choose_retention,
    erase_subject,
    export_log,
    get_entry,
    list_entries,
    log_state,
    print_anchor,
)
from logic.audit import write_checkpoints as checkpoints
from logic.audit.append import append
from logic.audit.check import BEGIN_EPOCH, CLOSED, Closed, closing_changes
from logic.audit.closing import close_old_entries, prepare_closing
from logic.audit.export import VERIFIER
from logic.audit.tree import Frontier
from logic.core import config, files
from logic.core.actor import Actor
from logic.core.errors import Conflict, Denied, NotFound
from logic.core.listing import ListQuery
from logic.core.recording import EntryDraft
from tests.conftest import NOON
from tests.logic.audited import KIM, ORGANIZATION, SUBJECT, changed, log_number, raw, verdict, write

SYSTEM = Actor.system(ORGANIZATION)
OLD = datetime(NOON.year - 3, 6, 1, 12, tzinfo=UTC)
MIDDLE = datetime(NOON.year - 2, 6, 1, 12, tzinfo=UTC)
RECENT = NOON - timedelta(days=2)


class Job:
    """Stands for the runner, which calls a job with who it acts as."""

    actor = SYSTEM


async def close() -> None:
    await close_old_entries.function(Job())


@pytest.fixture(autouse=True)
def storage(secrets: Path) -> Iterator[None]:
    """A file store of this test's own."""
    config.configure(config.Settings(_env_file=None, data_dir=secrets))  # type: ignore[call-arg]
    yield
    config.configure(None)


async def department(years: int) -> None:
    async with database().write(ORGANIZATION) as session:
        row = Organization(id=ORGANIZATION, name='Riverside', slug='riverside', kind=OrganizationKind.FIRE, zone='UTC')
        row.settings = row.settings.model_copy(update={'audit_years': years})
        session.add(row)
        await session.commit()


@pytest.fixture
async def grown(database: Database) -> int:
    """700 entries of long ago, 600 of which make no whole tile with those after them, and 90 of late."""
    await department(years=2)
    await write(300, at=OLD)
    await checkpoints(Actor.system())
    await write(400, at=OLD + timedelta(days=1))
    await write(90, at=RECENT)
    await checkpoints(Actor.system())
    return await log_number()


async def stored_parts() -> list[StoredFile]:
    async with database().read(ORGANIZATION) as session:
        found = select(StoredFile).where(StoredFile.owner_type == 'AuditPart').order_by(col(StoredFile.created_at))
        return list((await session.exec(found)).all())


async def stored_part() -> StoredFile:
    return (await stored_parts())[-1]


async def part_file(folder: Path) -> Path:
    row = await stored_part()
    path = folder / row.name
    path.write_bytes(await files.read(row))
    return path


def run(*arguments: str | Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, '-I', VERIFIER, *arguments], capture_output=True, text=True, timeout=60, check=False, cwd='/'
    )
    return done.returncode, done.stdout + done.stderr


async def count(table: str, log: int, where: str = '1=1') -> int:
    [row] = await raw(f'SELECT COUNT(*) AS n FROM {table} WHERE log = {log} AND {where}')
    return int(row.n)


async def test_texts_of_years_not_kept_go_into_a_file_and_the_log_still_verifies(grown: int, tmp_path: Path) -> None:
    await close()
    assert await count('audit_entry', grown, 'seq < 512') == 0
    assert await count('audit_personal', grown, 'seq < 512') == 0
    found = await verdict()
    assert found.is_intact, found.lines()
    assert (found.closed, found.parts, found.size) == (512, 1, 792)  # the file and the closing are entries too
    assert any('512 entries' in line for line in found.findings())
    code, said = run(await part_file(tmp_path))
    assert code == 0, said
    assert f'Log {ORGANIZATION}: 512 entries, intact.' in said
    assert 'This is a closed part of it, entries 0 to 511.' in said
    assert '0 entries at the end are not signed.' in said


async def test_nothing_is_closed_unless_the_department_chose_so_or_before_its_time(database: Database) -> None:
    await department(years=0)
    await write(300, at=OLD)
    await close()
    assert await count('audit_entry', await log_number(), 'seq < 256') == 256
    await choose_retention(SYSTEM, RetentionInput(years=4))
    await close()
    assert await count('audit_entry', await log_number(), 'seq < 256') == 256
    await choose_retention(SYSTEM, RetentionInput(years=2))
    await close()
    assert await count('audit_entry', await log_number(), 'seq < 256') == 0


async def test_only_who_looks_after_the_log_says_how_long_it_is_kept(database: Database) -> None:
    await department(years=2)
    with pytest.raises(Denied):
        await choose_retention(KIM, RetentionInput(years=1))


async def restored(at: datetime) -> None:
    """Begin an epoch at an instant, as a restore then would have."""
    await raw('UPDATE audit_log SET epoch = 1 WHERE log_id = :id', id=ORGANIZATION.hex)
    draft = EntryDraft(BEGIN_EPOCH, 'AuditLog', ORGANIZATION, 1, {'epoch': (0, 1), 'known_size': (None, None)})
    async with database().write(ORGANIZATION) as session:
        await append(session, SYSTEM, ORGANIZATION, [draft], at)
        await session.commit()


async def test_the_log_goes_on_and_is_closed_again(database: Database, tmp_path: Path) -> None:
    await department(years=2)
    await write(300, at=OLD)
    await checkpoints(Actor.system())
    await restored(MIDDLE)
    await write(260, at=MIDDLE)
    await write(30, at=RECENT)
    await checkpoints(Actor.system())
    anchor = (await print_anchor(SYSTEM)).text
    await close()
    first = await stored_parts()
    await choose_retention(SYSTEM, RetentionInput(years=1))
    await close()
    await close()  # finds nothing more that is old enough
    second = await stored_parts()
    assert len(second) == len(first) + 1 == 2
    found = await verdict(anchor)
    assert found.is_intact, found.lines()
    assert (found.closed, found.parts) == (512, 2)
    assert (await verdict()).gaps == []
    path = await export_log(SYSTEM, folder=tmp_path)
    mail = tmp_path / 'mail.txt'
    mail.write_text(anchor)
    code, said = run(path, '--anchor', mail)
    assert (code, 'Entries 256 to 511 were closed' in said) == (0, True), said
    code, said = run(await part_file(tmp_path))
    assert (code, 'entries 256 to 511' in said) == (0, True), said


@pytest.mark.parametrize('seq', [512, 600, 780])
async def test_an_open_entry_that_is_dropped_like_a_closed_one_is_missed(grown: int, seq: int) -> None:
    await close()
    await raw(f'DELETE FROM audit_entry WHERE log = {grown} AND seq = {seq}')
    found = await verdict()
    assert found.first_bad == seq
    assert 'missing' in str(found.faults[0])


async def test_a_part_that_nobody_closed_is_missed(grown: int) -> None:
    await raw(f'DELETE FROM audit_entry WHERE log = {grown} AND seq < 512')
    await raw(f'DELETE FROM audit_personal WHERE log = {grown} AND seq < 512')
    assert (await verdict()).first_bad == 0


async def test_more_than_the_closed_part_dropped_is_missed(grown: int) -> None:
    await close()
    await raw(f'DELETE FROM audit_entry WHERE log = {grown} AND seq >= 512 AND seq < 768')
    assert (await verdict()).first_bad == 512


async def test_a_closing_that_nobody_signed_does_not_count(grown: int) -> None:
    await close()
    await raw(f'DELETE FROM audit_checkpoint WHERE log = {grown} AND size > 700')
    found = await verdict()
    assert any('nobody signed it' in str(fault) for fault in found.faults)


async def test_a_closing_made_up_by_who_has_no_key_is_found(grown: int) -> None:
    """He writes an entry with the right root through Logbook's own append, drops the part, and cannot sign."""
    frontier = Frontier()
    for row in await raw(f'SELECT leaf FROM audit_entry WHERE log = {grown} AND seq < 512 ORDER BY seq'):
        frontier.append(row.leaf)
    made_up = closing_changes(Closed(790, 512, frontier.root(), 0, (), ()))
    async with database().write(ORGANIZATION) as session:
        draft = EntryDraft(CLOSED, 'AuditLog', ORGANIZATION, 0, made_up)
        await append(session, SYSTEM, ORGANIZATION, [draft], now())
        await session.commit()
    await raw(f'DELETE FROM audit_entry WHERE log = {grown} AND seq < 512')
    await raw(f'DELETE FROM audit_personal WHERE log = {grown} AND seq < 512')
    found = await verdict()
    assert str(found.faults[0]) == 'Entry 790: it closes a part of the log, but nobody signed it.'


@pytest.mark.parametrize('position', [0, 1])
async def test_the_hashes_that_stay_of_a_closed_part_are_still_held_against_all(grown: int, position: int) -> None:
    await close()
    where = f'log = {grown} AND level = 0 AND position = {position}'
    [tile] = await raw(f'SELECT hashes FROM audit_tile WHERE {where}')
    spoilt = tile.hashes[:40] + bytes([tile.hashes[40] ^ 1]) + tile.hashes[41:]
    async with changed('audit_tile', 'hashes', where, spoilt):
        assert (await verdict()).first_bad == 256 * position
    assert (await verdict()).is_intact
    await raw(f'DELETE FROM audit_tile WHERE {where}')
    assert (await verdict()).first_bad == 256 * position


async def test_an_entry_put_back_into_a_closed_part_is_found(grown: int) -> None:
    await close()
    await raw(
        f'INSERT INTO audit_entry (log, seq, at, action, outcome, leaf, body) SELECT log, 7, at, action, outcome, '
        f'leaf, body FROM audit_entry WHERE log = {grown} AND seq = 520'
    )
    found = await verdict()
    assert [str(fault) for fault in found.faults] == ['Entry 7: it is stored although its part of the log was closed.']


async def test_what_is_damaged_is_not_closed(grown: int, tmp_path: Path) -> None:
    async with changed('audit_entry', 'body', f'log = {grown} AND seq = 3', b'{}'):
        with pytest.raises(Conflict, match='does not verify'):
            await prepare_closing(SYSTEM, tmp_path / 'part.zip')
    assert await count('audit_entry', grown) == 790


async def test_a_change_between_file_and_closing_is_noticed(
    grown: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = files.put

    async def meanwhile(*given: Any) -> None:
        await put(*given)
        await erase_subject(SYSTEM, SUBJECT, 'Letter')

    monkeypatch.setattr(files, 'put', meanwhile)
    with pytest.raises(Conflict, match='was changed'):
        await close()
    monkeypatch.setattr(files, 'put', put)
    await close()
    assert (await verdict()).is_intact


async def test_who_acted_stays_known_where_a_day_lies_on_both_sides(database: Database) -> None:
    """Name and device are committed to once a day: closed entries name them first, open ones after them."""
    await department(years=2)
    await write(400, at=OLD)
    await write(50, at=RECENT)
    await checkpoints(Actor.system())
    await close()
    assert (await get_entry(SYSTEM, 300)).entry.actor_name == 'Kim Lee'
    assert (await verdict()).is_intact


@pytest.mark.parametrize('erased', ['before', 'between', 'after'])
async def test_an_erasure_is_still_held_against_its_order(grown: int, erased: str) -> None:
    if erased == 'before':
        await erase_subject(SYSTEM, SUBJECT, 'Letter')
        await erase_subject(SYSTEM, KIM.account_id, 'Letter')
        await checkpoints(Actor.system())
    await close()
    if erased == 'after':
        await erase_subject(SYSTEM, SUBJECT, 'Letter')
        await erase_subject(SYSTEM, KIM.account_id, 'Letter')
    assert (await verdict()).is_intact
    if erased == 'between':
        await raw(f'DELETE FROM audit_personal WHERE log = {grown} AND seq = 515')
        found = await verdict()
        assert 'without an order' in str(found.faults[0])
    if erased == 'before':
        await write(10)
        await raw(f'DELETE FROM audit_personal WHERE log = {grown} AND seq >= 790 AND expires_at IS NULL')
        assert 'without an order' in str((await verdict()).faults[0])


async def test_the_viewer_shows_what_is_open_and_says_where_the_rest_lies(grown: int) -> None:
    await close()
    state = await log_state(SYSTEM)
    assert state.closed == 512
    assert [(part.first, part.end) for part in state.parts] == [(0, 512)]
    assert state.parts[0].file_id == (await stored_part()).id
    page = await list_entries(SYSTEM, ListQuery(page=12, page_size=25))
    assert (page.total, [row.seq for row in page.rows]) == (280, [516, 515, 514, 513, 512])
    assert (await list_entries(SYSTEM, ListQuery(page=13, page_size=25))).rows == []
    with pytest.raises(NotFound, match='it lies in the file'):
        await get_entry(SYSTEM, 100)
    assert (await get_entry(SYSTEM, 512)).proof.holds
    assert (await get_entry(SYSTEM, 770)).proof.holds


async def test_only_who_may_export_the_log_opens_its_closed_parts(grown: int) -> None:
    await close()
    part = await stored_part()
    async with database().read(ORGANIZATION) as session:
        from logic.core.work import Work

        assert (await files.open_file(Work(session, SYSTEM, 'test'), part.id)).sha256 == part.sha256
        with pytest.raises(Denied):
            await files.open_file(Work(session, KIM, 'test'), part.id)


async def test_an_export_after_a_closing_is_verified_and_names_the_file(grown: int, tmp_path: Path) -> None:
    await close()
    await checkpoints(Actor.system())
    path = await export_log(SYSTEM, folder=tmp_path)
    code, said = run(path)
    assert code == 0, said
    assert 'Entries 0 to 511 were closed, as entry 790 says.' in said
    assert (await stored_part()).sha256 in said
    with zipfile.ZipFile(path) as archive:
        lines = archive.read('entries.jsonl').splitlines(keepends=True)
        tiles = archive.read('tiles/0.bin')
    code, said = run(rewritten(path, 'entries.jsonl', lines[0], b''))
    assert (code, 'Entry 512' in said) == (1, True)
    code, said = run(rewritten(path, 'tiles/0.bin', tiles[32:64], tiles[:32]))
    assert code == 1
    code, said = run(rewritten(path, 'entries.jsonl', b'audit.part_closed', b'audit.part_clothed'))
    assert code == 1
    code, said = run(rewritten(path, 'log.json', b'"first": 512', b'"first": 0'))
    assert code == 1


async def test_an_export_from_which_a_part_was_dropped_is_not_taken_for_a_closed_one(
    grown: int, tmp_path: Path
) -> None:
    path = await export_log(SYSTEM, folder=tmp_path)
    with zipfile.ZipFile(path) as archive:
        gone = b''.join(archive.read('entries.jsonl').splitlines(keepends=True)[:512])
    dropped = rewritten(path, 'entries.jsonl', gone, b'')
    code, said = run(rewritten(dropped, 'log.json', b'"first": 0', b'"first": 512'))
    assert (code, 'no entry says that they were closed' in said) == (1, True)


def rewritten(path: Path, name: str, old: bytes, new: bytes) -> Path:
    copy = path.with_name(f'changed-{path.name}')
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, 'w') as target:
        for member in source.namelist():
            content = source.read(member)
            if member == name:
                assert old in content
                content = content.replace(old, new, 1)
            target.writestr(member, content)
    return copy


async def test_writers_that_never_stop_do_not_disturb_a_closing(grown: int) -> None:
    async def on_and_on() -> None:
        for _ in range(20):
            await write(3, at=now())

    await asyncio.gather(close(), on_and_on())
    found = await verdict()
    assert found.is_intact, found.lines()
    assert found.closed == 512
