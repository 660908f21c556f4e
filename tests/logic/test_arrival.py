"""Moving: what one Logbook exports, another reads, and nothing is lost."""

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from data import database as databases
from data.audit import AuditEntry, AuditLog, AuditPersonal
from data.members import Member, ProtectedKind
from data.organizations import Organization
from logic import arrival, audit, departments, members
from logic.audit import keeping, memory
from logic.audit.verify import verify_all
from logic.core import config, files
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Conflict, Invalid
from logic.core.secrets import Place, install, open_secrets, open_value
from logic.core.work import Work
from logic.export import export_organization, exported_tables, sealed_columns
from tests.conftest import House, clean_mariadb, person_with_account, run_as_service
from tests.ui.pages.cast import fill_file

SYSTEM = Actor.system()
STAYS = {
    **dict.fromkeys(
        ('password_credential', 'totp_credential', 'passkey', 'recovery_code', 'linked_identity', 'known_device',
         'session', 'refresh_token', 'password_reset', 'sign_in_attempt', 'setup_link', 'invitation', 'api_key',
         'throttle', 'task_feed', 'push_subscription'),
        'signs in or lets in, and is made anew',
    ),
    **dict.fromkeys(
        ('job', 'job_schedule', 'idempotency_key', 'mail', 'search_entry', 'file_state', 'backup_run',
         'refused_address'),
        'makes Logbook run on this computer',
    ),
    'draft': 'is nobody else\'s to read, and would be open on the way',
    'data_key': 'the other Logbook has keys of its own; what they seal is written open',
}  # fmt: skip
"""Tables that do not move, with the reason."""
MOVED = {
    'member', 'licence', 'member_document', 'protected_number', 'stored_file', 'checklist_item', 'custom_value', 'tag',
    'sequence', 'profile_change', 'member_batch', 'member_batch_row', 'position_holding', 'job_change', 'department',
}  # fmt: skip
"""Some of those that have rows in this test, among them all that hold sealed values."""


@pytest.fixture
async def full(house: House, secrets: Path) -> AsyncIterator[House]:
    """A department with something in many tables, and a person whose file is full."""
    config.configure(Settings(_env_file=None, data_dir=secrets))  # type: ignore[call-arg]
    jide = await person_with_account(house.chief, 'Jide', 'Okafor', 'jide@example.org', 'Member')
    person = await members.add_member(house.chief, members.MemberInput(first_name='=Ann', last_name='Berg\nSmith, "A"'))
    await fill_file(house.chief, person)
    number = {'kind': ProtectedKind.BANK_ACCOUNT, 'value': 'DE89370400440532013000'}
    await members.file.add_record(house.chief, person.id, 'numbers', number)
    await members.ask_for_change(jide, 'last_name', 'Okafor-Lund', 'Married')
    units = await departments.list_departments(house.chief)
    move = members.BulkInput(action=members.BulkAction.DEPARTMENT, target_id=units[0].id)
    await members.change_many(house.chief, [person.id], move)
    await audit.choose_keepers(house.chief, audit.KeepersInput(first='a@example.org', second='b@example.org'))
    await audit.keep_anchor(house.chief, (await audit.print_anchor(house.chief)).size)
    await keeping.write_checkpoints(SYSTEM)
    yield house
    config.configure(None)


async def _rows(work: Work) -> dict[str, list[dict[str, object]]]:
    found = {}
    for name, kind, columns in exported_tables():
        key = sa.inspect(kind).primary_key[-1]
        rows = await work.all(select(kind).order_by(key))
        found[name] = [{column: getattr(row, column) for column in columns} for row in rows]
    for name, rows in found.items():
        for row in rows:
            for column in sealed_columns(name):
                if row[column] is not None:
                    place = Place(name, column, row['id'], work.organization_id)
                    row[column] = await open_value(work, row[column], place)
    found['organization'] = [(await work.get(Organization, work.organization_id)).model_dump()]
    return found


async def _log(work: Work) -> tuple[list[bytes], set[bytes]]:
    """Return the entries of the department's log, and the commitments whose values are there."""
    ours = select(AuditLog.number).where(AuditLog.log_id == work.organization_id).scalar_subquery()
    entries = await work.all(select(AuditEntry.body).where(AuditEntry.log == ours).order_by(col(AuditEntry.seq)))
    personal = await work.all(select(AuditPersonal.commitment).where(AuditPersonal.log == ours))
    return entries, set(personal)


rows_of, log_of = run_as_service(_rows), run_as_service(_log)


async def elsewhere(folder: Path, template: Path, backend: str) -> None:
    """Open another, empty Logbook with keys of its own."""
    await databases.disconnect()
    memory.forget_all()
    os.mkdir(folder, 0o700)
    install(open_secrets(folder / 'secrets', database_exists=False))
    config.configure(Settings(_env_file=None, data_dir=folder))  # type: ignore[call-arg]
    url = await clean_mariadb() if backend == 'mariadb' else ''
    databases.connect(url or f'sqlite+aiosqlite:///{shutil.copy(template, folder / "logbook.db")}')


async def organization_of(house: House) -> Organization:
    async def _get(work: Work) -> Organization:
        return await work.get(Organization, house.organization_id)

    return await run_as_service(_get)(Actor.system(house.organization_id))


async def test_a_department_moves_to_another_logbook_and_nothing_is_lost(
    full: House, tmp_path: Path, template: Path, backend: str
) -> None:
    system, archive = Actor.system(full.organization_id), tmp_path / 'all.zip'
    count = await export_organization(await organization_of(full), archive)
    before, (entries, personal) = await rows_of(system), await log_of(system)
    papers = {row['id']: row['object_name'] for row in before['stored_file']}
    contents = {file_id: await files.read_object(config.configured(), name) for file_id, name in papers.items()}
    await elsewhere(tmp_path / 'there', template, backend)
    arrived = await arrival.import_department(archive)
    after, (found, opened) = await rows_of(system), await log_of(system)
    assert {name: rows for name, rows in before.items() if rows != after[name]} == {}
    assert {name for name, rows in before.items() if rows} > MOVED
    assert before['protected_number'][0]['value'] == b'DE89370400440532013000'
    assert arrived.rows == count
    assert arrived.owners == ('elena@example.org',)
    assert contents
    for file_id, name in papers.items():
        assert await files.read_object(config.configured(), name) == contents[file_id]
    assert entries == found[: len(entries)]
    news = [json.loads(entry)['action'] for entry in found[arrived.entries :]]
    assert news == ['audit.begin_epoch', 'arrival.move_in']
    assert personal <= opened
    verdicts = {verdict.log_id: verdict for verdict in await verify_all()}
    verdict = verdicts[full.organization_id]
    assert verdict.is_intact, verdict.lines()
    assert verdict.erased == 0
    assert verdict.epoch == 1


async def test_moving_back_and_forth_exports_the_same(
    full: House, tmp_path: Path, template: Path, backend: str
) -> None:
    first, second = tmp_path / 'first.zip', tmp_path / 'second.zip'
    await export_organization(await organization_of(full), first)
    await elsewhere(tmp_path / 'there', template, backend)
    await arrival.import_department(first)
    await export_organization(await organization_of(full), second)
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(second) as other:
        names = [name for name in one.namelist() if name.startswith(('tables/', 'files/'))]
        assert names == [name for name in other.namelist() if name.startswith(('tables/', 'files/'))]
        assert [name for name in names if one.read(name) != other.read(name)] == []


async def test_every_table_moves_or_has_a_reason_to_stay() -> None:
    moving = {name for name, _, _ in exported_tables()} | {'organization', 'account'}
    logs = {'audit_log', 'audit_entry', 'audit_tile', 'audit_checkpoint', 'audit_anchor', 'audit_subject',
            'audit_personal', 'audit_verdict'}  # fmt: skip
    assert set(SQLModel.metadata.tables) - moving - logs - STAYS.keys() == set()
    assert moving & STAYS.keys() == set()


async def test_only_an_empty_logbook_takes_a_department_in(full: House, tmp_path: Path) -> None:
    archive = tmp_path / 'all.zip'
    await export_organization(await organization_of(full), archive)
    with pytest.raises(Conflict, match='has a department already'):
        await arrival.import_department(archive)


@pytest.mark.parametrize('name', ['tables/member.jsonl', 'audit/entries.jsonl', 'manifest.json'])
async def test_a_changed_or_broken_export_is_refused_and_nothing_is_kept(
    full: House, tmp_path: Path, template: Path, backend: str, name: str
) -> None:
    archive, changed = tmp_path / 'all.zip', tmp_path / 'changed.zip'
    await export_organization(await organization_of(full), archive)
    with zipfile.ZipFile(archive) as good, zipfile.ZipFile(changed, 'w') as bad:
        for item in good.namelist():
            content = good.read(item)
            bad.writestr(item, content.replace(b'Berg', b'Borg')[:-3] if item == name else content)
    await elsewhere(tmp_path / 'there', template, backend)
    with pytest.raises(Invalid):
        await arrival.import_department(changed)

    async def _count(work: Work) -> int:
        async with work.everywhere():
            return await work.count(select(Member.id)) + await work.count(select(Organization.id))

    assert await run_as_service(_count)(SYSTEM) == 0


async def test_an_export_from_a_newer_logbook_is_refused(full: House, tmp_path: Path) -> None:
    archive, newer = tmp_path / 'all.zip', tmp_path / 'newer.zip'
    await export_organization(await organization_of(full), archive)
    with zipfile.ZipFile(archive) as good, zipfile.ZipFile(newer, 'w') as bad:
        for item in good.namelist():
            content = good.read(item)
            if item == 'manifest.json':
                content = json.dumps(json.loads(content) | {'schema': '9999_later'}).encode()
            bad.writestr(item, content)
    with pytest.raises(Invalid, match='newer Logbook'):
        await arrival.import_department(newer)


async def test_an_export_from_before_values_were_of_records_of_any_kind_is_read(
    full: House, tmp_path: Path, template: Path, backend: str
) -> None:
    system, archive, older = Actor.system(full.organization_id), tmp_path / 'all.zip', tmp_path / 'older.zip'
    await export_organization(await organization_of(full), archive)
    before, name = (await rows_of(system))['custom_value'], 'tables/custom_value.jsonl'
    with zipfile.ZipFile(archive) as good, zipfile.ZipFile(older, 'w') as made:
        rows = [json.loads(line) for line in good.read(name).splitlines()]
        for row in rows:
            row['member_id'] = row.pop('record_id')
            assert row.pop('record') == 'Member'
        written = '\n'.join(json.dumps(row) for row in rows).encode()
        manifest = json.loads(good.read('manifest.json'))
        manifest |= {'schema': '0003', 'files': manifest['files'] | {name: hashlib.sha256(written).hexdigest()}}
        contents = {name: written, 'manifest.json': json.dumps(manifest).encode()}
        for item in good.namelist():
            made.writestr(item, contents.get(item) or good.read(item))
    await elsewhere(tmp_path / 'there', template, backend)
    await arrival.import_department(older)
    assert before
    assert (await rows_of(system))['custom_value'] == before
