"""Migrations: known by their files, run once also when several nodes start together, and never over a newer schema."""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlmodel import SQLModel, col

import data  # noqa: F401  makes every table known
from data import schema
from data.audit import AuditVerdict
from data.organizations import Organization, PeerContact
from tests import servers


@pytest.fixture
async def url(backend: str, tmp_path: Path) -> str:
    """The address of an empty database."""
    return f'sqlite+aiosqlite:///{tmp_path / "x.db"}' if backend == 'sqlite' else await servers.empty_mariadb('empty')


def test_revisions_are_read_from_files_as_alembic_reads_them() -> None:
    scripts = ScriptDirectory.from_config(schema.configuration())
    assert schema.revisions() == {script.revision: script.down_revision for script in scripts.walk_revisions()}
    assert schema.head() == scripts.get_current_head()


async def test_an_empty_database_has_no_revision_and_a_migrated_one_the_head(url: str) -> None:
    assert await schema.stored_revision(url) is None
    await schema.migrate(url)
    assert await schema.stored_revision(url) == schema.head()


async def test_a_newer_schema_is_refused(url: str) -> None:
    await schema.migrate(url)
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    with pytest.raises(schema.NewerSchema, match='newer Logbook'):
        await schema.migrate(url)


async def test_nodes_that_start_together_migrate_once(mariadb_url: str) -> None:
    await asyncio.gather(*(schema.migrate(mariadb_url) for _ in range(3)))
    assert await schema.stored_revision(mariadb_url) == schema.head()


async def test_values_of_custom_fields_stay_with_the_members_whose_they_were(url: str) -> None:
    await schema.migrate(url, to='0003')
    values = [{'id': one * 32, 'field': field * 32, 'member': 'e' * 32} for one, field in ('1a', '2b')]
    insert = (
        'INSERT INTO custom_value (id, created_at, updated_at, version, organization_id, field_id, member_id, value) '
        "VALUES (:id, '2026-01-01', '2026-01-01', 3, 'dddddddddddddddddddddddddddddddd', :field, :member, :id)"
    )
    selected = 'SELECT id, field_id, record, record_id, value, version FROM custom_value ORDER BY id'
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await _let_name_anything(connection)
        await connection.execute(sa.text(insert), values)
    await schema.migrate(url)
    async with engine.begin() as connection:
        stored = [tuple(row) for row in await connection.execute(sa.text(selected))]
        await _let_name_anything(connection)
        again = insert.replace('member_id', 'record, record_id').replace(':member', "'Member', :member")
        with pytest.raises(sa.exc.IntegrityError):  # a field still has one value on a record
            await connection.execute(sa.text(again), [values[0] | {'id': '3' * 32}])
    async with engine.connect() as connection:
        differences = await connection.run_sync(_differences)
    await engine.dispose()
    assert stored == [(one['id'], one['field'], 'Member', one['member'], one['id'], 3) for one in values]
    assert [one for one in differences if 'custom' in str(one)] == []


DEPARTMENT = (
    'INSERT INTO organization (id, created_at, updated_at, version, name, slug, kind, zone, locale, country, '
    'currency, address, phone, people_word, brand_colour, is_demo, settings) '
    "VALUES (:id, '2026-01-01', '2026-01-01', 1, :name, :name, 'fire', 'UTC', 'en', '', 'USD', '', '', 'Members', "
    "'', FALSE, :settings)"
)


async def test_what_members_saw_of_each_other_by_one_switch_they_still_see(url: str) -> None:
    await schema.migrate(url, to='0006')
    stored = {'all': {'show_peer_contacts': True}, 'none': {'show_peer_contacts': False}, 'never asked': {}}
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        for number, (name, settings) in enumerate(stored.items()):
            written = json.dumps({'require_mfa': True, **settings})
            await connection.execute(sa.text(DEPARTMENT), {'id': str(number) * 32, 'name': name, 'settings': written})
    await schema.migrate(url)
    async with engine.connect() as connection:
        rows = await connection.execute(sa.select(col(Organization.name), col(Organization.settings)))
        read = {row.name: row.settings for row in rows}
    await engine.dispose()
    assert {name: one.show_peer_contacts for name, one in read.items()} == {
        'all': frozenset(PeerContact), 'none': frozenset(), 'never asked': frozenset(),
    }  # fmt: skip
    assert all(one.require_mfa for one in read.values())


async def test_a_task_in_a_column_of_another_list_comes_into_one_of_its_own_that_says_the_same(url: str) -> None:
    await schema.migrate(url, to='0008')
    column = (
        'INSERT INTO board_column (id, created_at, updated_at, version, organization_id, list_id, title, order_key, '
        "kind) VALUES (:id, '2026-01-01', '2026-01-01', 1, :home, :home, :kind, :key, :kind)"
    )
    task = (
        'INSERT INTO task (id, created_at, updated_at, version, organization_id, number, title, description, list_id, '
        'column_id, order_key, status, priority, priority_rank, zone, progress, occurrence, search) VALUES (:id, '
        "'2026-01-01', '2026-01-01', 1, :home, :number, '', '', :home, :column, 'V', :status, 'medium', 1, 'UTC', 0, "
        "'', '')"
    )
    home, foreign = 'a' * 32, 'b' * 32
    columns = [('d' * 32, 'done', '3', home), ('e' * 32, 'open', '2', home), ('f' * 32, 'open', '1', home)]
    columns.append(('c' * 32, 'started', '1', foreign))
    stood = {'pending': 'c', 'in_progress': 'c', 'completed': 'c', 'cancelled': 'e'}
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await _let_name_anything(connection)
        for row_id, kind, key, list_id in columns:
            await connection.execute(sa.text(column), {'id': row_id, 'kind': kind, 'key': key, 'home': list_id})
        for number, (status, letter) in enumerate(stood.items()):
            row = {'id': str(number) * 32, 'number': number, 'status': status, 'column': letter * 32, 'home': home}
            await connection.execute(sa.text(task), row)
    await schema.migrate(url)
    async with engine.connect() as connection:
        found = await connection.execute(sa.text('SELECT status, column_id FROM task'))
        stands = {status: column_id[0] for status, column_id in found}
    await engine.dispose()
    assert stands == {'pending': 'f', 'in_progress': 'f', 'completed': 'd', 'cancelled': 'e'}


async def test_programs_and_keys_that_are_there_name_who_made_them_and_kept_answers_are_gone(url: str) -> None:
    await schema.migrate(url, to='0010')
    known = "'2026-01-01', '2026-01-01', 1"
    account = (
        'INSERT INTO account (id, created_at, updated_at, version, email, name, locale, theme, tips_seen, is_service) '
        f"VALUES (:id, {known}, :id, '', '', 'system', '', FALSE)"
    )
    program = (
        'INSERT INTO service_account (id, created_at, updated_at, version, organization_id, account_id, purpose) '
        f"VALUES (:id, {known}, :home, :account, '')"
    )
    key = (
        'INSERT INTO api_key (id, created_at, updated_at, version, organization_id, account_id, name, prefix, '
        'secret_hash, scopes, expires_at, last_used_address, networks) '
        f"VALUES (:id, {known}, :home, :account, '', 'x', '', '', '2027-01-01', '', '')"
    )
    entry = (
        'INSERT INTO audit_entry (log, seq, at, actor_id, action, object_type, object_id, outcome, leaf) '
        "VALUES (1, :seq, '2026-01-01', :by, 'x', :kind, :about, 'ok', '')"
    )
    answer = "INSERT INTO idempotency_key (key_hash, fingerprint, result, created_at) VALUES ('', '', '', '2026-01-01')"
    maker, other, itself, gone, home = ('a' * 32, 'b' * 32, 'c' * 32, 'd' * 32, 'e' * 32)
    programs = {'1' * 32: itself, '2' * 32: other}
    said = [(maker, 'ServiceAccount', '1'), (other, 'ServiceAccount', '1'), (gone, 'ServiceAccount', '2')]
    said += [(other, 'ApiKey', '3'), (maker, 'ApiKey', '3'), (maker, 'Member', '2')]
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await _let_name_anything(connection)
        await connection.execute(sa.text(account), [{'id': one} for one in (maker, other, itself)])
        for row_id, account_id in programs.items():
            await connection.execute(sa.text(program), {'id': row_id, 'home': home, 'account': account_id})
        await connection.execute(sa.text(key), {'id': '3' * 32, 'home': home, 'account': itself})
        for seq, (by, kind, digit) in enumerate(said):
            about = str(UUID(digit * 32))
            await connection.execute(sa.text(entry), {'seq': seq, 'by': by, 'kind': kind, 'about': about})
        await connection.execute(sa.text(answer))
    await schema.migrate(url)
    async with engine.connect() as connection:
        makers = {}
        for name in ('service_account', 'api_key'):
            makers |= dict((await connection.execute(sa.text(f'SELECT id, made_by_id FROM {name}'))).tuples().all())
        kept = (await connection.execute(sa.text('SELECT count(*) FROM idempotency_key'))).scalar()
        differences = await connection.run_sync(_differences)
    await engine.dispose()
    assert makers == {'1' * 32: maker, '2' * 32: None, '3' * 32: other}
    assert kept == 0
    assert [one for one in differences if 'made_by' in str(one)] == []


async def _let_name_anything(connection: AsyncConnection) -> None:
    if connection.dialect.name != 'sqlite':
        await connection.execute(sa.text('SET FOREIGN_KEY_CHECKS=0'))


async def test_an_address_from_which_mail_came_back_is_of_the_department_that_was_told_so(url: str) -> None:
    await schema.migrate(url, to='0011')
    refused = (
        'INSERT INTO refused_address (id, created_at, updated_at, version, address, reason, refused_at) '
        "VALUES (:id, '2026-01-01', '2026-01-01', 1, :address, :reason, '2026-01-01')"
    )
    mail = (
        'INSERT INTO mail (id, created_at, updated_at, version, organization_id, message_id, recipient, subject, body, '
        "kind, status, attempts, error, sent_at, in_clear) VALUES (:id, '2026-01-01', '2026-01-01', 1, :home, :id, "
        ":recipient, '', '', '', 'bounced', 1, :error, :sent_at, FALSE)"
    )
    home, day = 'a' * 32, '2026-01-01'
    known = {'told@example.org': 'moved', 'server@example.org': '550 none', 'forgotten@example.org': 'gone'}
    mails = [
        {'recipient': 'Told@example.org', 'error': 'moved', 'home': home, 'sent_at': day},
        {'recipient': 'forgotten@example.org', 'error': 'gone', 'home': None, 'sent_at': day},
        {'recipient': 'server@example.org', 'error': '550 none', 'home': home, 'sent_at': None},
    ]
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        for number, row_id in enumerate((home, 'b' * 32)):
            department = {'id': row_id, 'name': str(number), 'settings': '{}'}
            await connection.execute(sa.text(DEPARTMENT), department)
        for number, (address, reason) in enumerate(known.items()):
            row = {'id': str(number) * 32, 'address': address, 'reason': reason}
            await connection.execute(sa.text(refused), row)
        for number, one in enumerate(mails):
            await connection.execute(sa.text(mail), {'id': str(number) * 32, **one})
    await schema.migrate(url)
    async with engine.begin() as connection:
        rows = await connection.execute(sa.text('SELECT address, organization_id FROM refused_address'))
        found = {row.address: row.organization_id for row in rows}
        named = refused.replace('address, reason', 'organization_id, address, reason')
        again = named.replace(':address', ':home, :address')
        row = {'id': '9' * 32, 'address': 'told@example.org', 'reason': '', 'home': 'b' * 32}
        await connection.execute(sa.text(again), row)  # another department may be told so too
        with pytest.raises(sa.exc.IntegrityError):  # each of them once
            await connection.execute(sa.text(again), row | {'id': '8' * 32})
    async with engine.connect() as connection:
        differences = await connection.run_sync(_differences)
    await engine.dispose()
    assert found == {'told@example.org': home, 'server@example.org': None, 'forgotten@example.org': None}
    assert [one for one in differences if 'refused' in str(one)] == []


async def test_what_verifications_found_so_far_is_known_beside_the_logs(url: str) -> None:
    await schema.migrate(url, to='0013')
    log = "INSERT INTO audit_log (number, log_id, size, root, frontier, epoch) VALUES (:number, :id, 9, '', '', 0)"
    entry = (
        'INSERT INTO audit_entry (log, seq, at, action, outcome, leaf, body) '
        "VALUES (:log, :seq, :at, 'audit.keep_verdict', :outcome, '', :body)"
    )
    said = {'log': 'department', 'entry': 3, 'fault': 'entry', 'anchor': True}
    damaged = json.dumps({'changes': {name: [None, value] for name, value in said.items()}})
    found = {'a': ['failed', 'done'], 'b': ['failed', 'done', 'failed', 'failed'], 'c': ['failed']}
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        for number, (letter, outcomes) in enumerate(found.items(), 1):
            await connection.execute(sa.text(log), {'number': number, 'id': letter * 32})
            for seq, outcome in enumerate(outcomes):
                row = {'log': number, 'seq': seq, 'at': f'2026-01-0{seq + 1} 02:40:00.000000', 'outcome': outcome}
                body = '' if outcome == 'done' else '{spoilt' if letter == 'c' else damaged
                await connection.execute(sa.text(entry), row | {'body': body.encode()})
    await schema.migrate(url)
    async with engine.connect() as connection:
        rows = (await connection.execute(sa.select(AuditVerdict).order_by(col(AuditVerdict.log_id)))).all()
        differences = await connection.run_sync(_differences)
    await engine.dispose()
    assert [(row.at.day, row.since and row.since.day, row.entry, row.fault, row.by_anchor) for row in rows] == [
        (2, None, None, '', False), (4, 3, 3, 'entry', True), (1, 1, None, '', False),
    ]  # fmt: skip
    assert [one for one in differences if 'verdict' in str(one)] == []


def _differences(connection: sa.Connection) -> list[Any]:
    return compare_metadata(MigrationContext.configure(connection, opts={'compare_type': True}), SQLModel.metadata)
