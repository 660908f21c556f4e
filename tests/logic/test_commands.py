"""The command line: what it does, and that an expected refusal is one sentence and an exit status."""

import asyncio
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

import main
from data.database import connect, database, disconnect
from data.schema import head
from logic.core import config
from logic.core.connections import CONNECTIONS
from logic.core.secrets import install

PASSWORD = 'correct horse battery staple'
LOG_TABLES = ('log', 'entry', 'tile', 'checkpoint', 'anchor', 'subject', 'personal')
ADMIN = ('create-admin', '--name', 'Elena Rossi', '--email', 'elena@example.org')


@pytest.fixture(scope='module')
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which a department was made; tests copy it."""
    folder = tmp_path_factory.mktemp('founded') / 'data'
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('LOGBOOK_DATA_DIR', str(folder))
        assert make_admin().output == 'elena@example.org owns Riverside Fire.\n'
    return folder


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    config.configure(None)
    install(None)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place to run commands in."""
    monkeypatch.setenv('LOGBOOK_DATA_DIR', str(tmp_path / 'data'))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def home(founded: Path, empty: Path) -> Path:
    """A place where a department exists."""
    shutil.copytree(founded, empty / 'data')
    (empty / 'data').chmod(0o700)
    return empty


def run(*arguments: str, typed: str = '') -> Result:
    """Run a command; what is no refusal is a bug, and shows itself."""
    result = CliRunner().invoke(main.command, list(arguments), input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def make_admin(*extra: str) -> Result:
    return run(*ADMIN, '--organization', 'Riverside Fire', '--kind', 'fire', *extra, typed=f'{PASSWORD}\n')


def test_every_command_explains_itself() -> None:
    for name in ('serve', 'create-admin', 'reset-password', 'backup', 'restore', 'verify-audit', 'export', 'demo',
                 'import-members', 'migrate', 'map', 'check', 'openapi', 'sbom', 'worker', 'rotate-keys',
                 'import-department'):  # fmt: skip
        shown = run(name, '--help')
        assert shown.exit_code == 0
        assert f'{name} [OPTIONS]' in shown.output


def test_the_first_administrator_makes_the_department_and_a_second_joins_it(home: Path) -> None:
    again = make_admin()
    assert again.exit_code == 1
    assert 'has an account already' in again.output
    other = run('create-admin', '--name', 'Jide Okafor', '--email', 'jide@example.org', typed=f'{PASSWORD}\n')
    assert other.output == 'jide@example.org owns Riverside Fire.\n'
    assert (home / 'data').stat().st_mode & 0o777 == 0o700
    assert (home / 'data/logbook.db').stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ('arguments', 'password', 'sentence'),
    [
        ((*ADMIN, '--organization', 'X Fire'), 'short', 'password'),
        (ADMIN, PASSWORD, '--organization'),
        (('create-admin', '--name', 'E R', '--email', 'nobody', '--organization', 'X'), PASSWORD, 'email'),
        ((*ADMIN, '--organization', 'X', '--kind', 'navy'), PASSWORD, 'navy'),
        (('reset-password', 'nobody@example.org'), PASSWORD, ''),
        (('export', 'all.zip'), '', 'No department'),
    ],
)
def test_a_refusal_is_a_sentence_and_a_status(
    empty: Path, arguments: tuple[str, ...], password: str, sentence: str
) -> None:
    assert run('migrate').exit_code == 0
    refused = run(*arguments, typed=f'{password}\n')
    assert refused.exit_code == 1
    assert sentence in refused.output
    assert 'Traceback' not in refused.output


def test_wrong_settings_are_told_one_line_each(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('LOGBOOK_PORT', 'eighty')
    monkeypatch.setenv('LOGBOOK_PUBLIC_URL', 'logbook')
    refused = run('migrate')
    assert refused.exit_code == 2
    assert len(refused.output.splitlines()) == 2
    assert not (empty / 'data').exists()


def test_a_password_can_be_reset(home: Path) -> None:
    done = run('reset-password', 'elena@example.org', typed='another horse battery staple\n')
    assert (done.exit_code, 'has a new password' in done.output) == (0, True)


def test_a_backup_can_be_checked_and_restored_from_the_command_line(home: Path) -> None:
    made = run('backup', '--to', str(home / 'out'))
    assert made.exit_code == 0
    archive = next((home / 'out').glob('logbook-*-command.logbook'))
    checked = run('restore', str(archive), '--check-only')
    assert checked.exit_code == 0
    assert 'Nothing was changed' in checked.output
    run('create-admin', '--name', 'Jide Okafor', '--email', 'jide@example.org', typed=f'{PASSWORD}\n')
    assert run('restore', str(archive)).exit_code == 0
    verified = run('verify-audit')
    assert verified.exit_code == 0
    assert 'intact' in verified.output
    assert run('reset-password', 'jide@example.org', typed=f'{PASSWORD}2\n').exit_code == 1
    assert run('backup', '--show-key').output.startswith('logbook-backup-key-')


def test_a_damaged_audit_log_fails_the_verification(home: Path) -> None:
    with sqlite3.connect(home / 'data/logbook.db') as connection:
        connection.execute(
            'UPDATE audit_entry SET body = CAST(replace(body, \'"v":1\', \'"v":2\') AS BLOB) WHERE seq = 3'
        )
    connection.close()
    found = run('verify-audit')
    assert found.exit_code == 1
    assert 'DAMAGED' in found.output


def verdicts(home: Path) -> list[tuple[bool, int | None]]:
    """Return of every kept verdict whether it tells of damage, and where."""
    with sqlite3.connect(home / 'data/logbook.db') as connection:
        found = connection.execute('SELECT since IS NOT NULL, entry FROM audit_verdict').fetchall()
    connection.close()
    return [(bool(is_damaged), entry) for is_damaged, entry in found]


def test_what_the_verification_of_the_command_line_finds_is_kept(home: Path) -> None:
    assert run('verify-audit').exit_code == 0
    assert verdicts(home) == [(False, None)]
    with sqlite3.connect(home / 'data/logbook.db') as connection:
        connection.execute('UPDATE audit_entry SET body = ? WHERE seq = 3 AND log = 1', (b'{}',))
    connection.close()
    assert run('verify-audit').exit_code == 1
    assert verdicts(home) == [(True, 3)]


def test_while_logbook_runs_the_verification_of_the_command_line_says_that_it_keeps_nothing(home: Path) -> None:
    found = asyncio.run(while_it_runs(home, 'verify-audit'))
    assert (found.exit_code, 'intact' in found.output, 'is not kept' in found.output) == (0, True, True)
    assert verdicts(home) == []


def test_an_archive_whose_audit_log_is_damaged_is_put_in_place_and_said_to_be_damaged(home: Path) -> None:
    good = run('backup', '--to', str(home / 'good'))
    assert good.exit_code == 0
    with sqlite3.connect(home / 'data/logbook.db') as connection:
        connection.execute('UPDATE audit_entry SET body = ? WHERE seq = 3 AND log = 1', (b'{}',))
        [(log_id,)] = connection.execute('SELECT log_id FROM audit_log WHERE number = 1')
    connection.close()
    assert run('backup', '--to', str(home / 'out')).exit_code == 0
    archive = next((home / 'out').glob('*.logbook'))
    checked = run('restore', str(archive), '--check-only')
    done = run('restore', str(archive))
    for result in (checked, done):
        assert result.exit_code == 1
        assert 'ATTENTION: the audit log in this backup does not verify' in result.output
        assert f'The log {UUID(log_id)}: ' in result.output
        assert 'Entry 3: ' in result.output
    assert 'It is in place' not in checked.output
    assert 'It is in place' in done.output
    with sqlite3.connect(home / 'data/logbook.db') as connection:
        kept = connection.execute("SELECT outcome FROM audit_entry WHERE action = 'audit.keep_verdict'").fetchall()
        assert connection.execute('SELECT count(*) FROM member').fetchone() == (1,)
    connection.close()
    assert kept == [('failed',)]
    assert run('restore', str(next((home / 'good').glob('*.logbook')))).exit_code == 0


@pytest.mark.parametrize(
    ('damage', 'said', 'is_done'),
    [
        ("UPDATE audit_log SET frontier = x'00'", 'damaged at its end', False),
        ('DELETE FROM audit_log', 'damaged at its end', False),
        (''.join(f'DELETE FROM audit_{name};' for name in LOG_TABLES), 'the log is missing', True),
        ('DELETE FROM audit_entry WHERE seq = 5', 'Entry 5: missing', True),
        ('UPDATE audit_log SET root = zeroblob(32)', 'shows another root', True),
    ],
)
def test_damage_of_any_kind_in_a_restored_log_is_said_and_what_could_not_go_on_is_refused(
    home: Path, damage: str, said: str, is_done: bool
) -> None:
    with sqlite3.connect(home / 'data/logbook.db') as connection:
        connection.executescript(damage)
    connection.close()
    assert run('backup', '--to', str(home / 'out')).exit_code == 0
    result = run('restore', str(next((home / 'out').glob('*.logbook'))))
    assert result.exit_code == 1
    assert said in result.output
    assert ('It is in place' in result.output) == is_done
    assert bool(list((home / 'data').glob('before-restore-*'))) == is_done


async def while_it_runs(home: Path, *arguments: str, typed: str = '') -> Result:
    """Run a command while another process, as it were, serves the same file."""
    connect(f'sqlite+aiosqlite:///{home}/data/logbook.db')
    database().claim()
    try:
        return await asyncio.to_thread(run, *arguments, typed=typed)
    finally:
        await disconnect()


def test_commands_that_write_are_refused_while_logbook_runs(home: Path) -> None:
    refused = asyncio.run(while_it_runs(home, 'reset-password', 'elena@example.org', typed=f'{PASSWORD}\n'))
    assert refused.exit_code == 1
    assert 'already running' in refused.output


def test_a_lost_key_file_stops_every_command_and_says_how_to_mend_it(home: Path) -> None:
    (home / 'data/secrets/kek').unlink()
    refused = run('verify-audit')
    assert refused.exit_code == 1
    assert 'missing' in refused.output
    assert not (home / 'data/secrets/kek').exists()


def test_a_newer_database_is_refused(empty: Path) -> None:
    assert run('migrate').output == f'The database has schema {head()}.\n'
    with sqlite3.connect(empty / 'data/logbook.db') as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    refused = run('migrate')
    assert refused.exit_code == 1
    assert 'newer Logbook' in refused.output


def test_check_names_each_connection_and_fails_when_one_does(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    well = run('check')
    assert well.exit_code == 0
    assert 'FAULT' not in well.output
    monkeypatch.setenv('LOGBOOK_REDIS_URL', 'redis://127.0.0.1:1/0')
    monkeypatch.setenv('LOGBOOK_SMTP_URL', 'smtp://127.0.0.1:1')
    ill = run('check')
    assert ill.exit_code == 1
    assert ill.output.count('FAULT') == 2


def test_the_map_names_everything_and_the_crypto_map_every_use(empty: Path) -> None:
    shown = run('map').output
    for name in ('members.view', 'mail.deliver', 'notifications.list_notices', '/health/db', 'backup.make  0 3 * * *'):
        assert name in shown
    assert 'AES-256-GCM' in run('map', '--crypto').output


def test_the_map_of_connections_names_every_server(empty: Path) -> None:
    lines = run('map', '--connections').output.splitlines()
    assert [line.partition(':')[0] for line in lines] == [one.server for one in CONNECTIONS]


def test_openapi_is_printed_as_json(empty: Path) -> None:
    described = json.loads(run('openapi').output)
    assert described['openapi'].startswith('3.1')
    assert '/api/v1/members' in described['paths']


def test_a_worker_needs_a_server(empty: Path) -> None:
    refused = run('worker')
    assert refused.exit_code == 1
    assert 'LOGBOOK_DATABASE_URL' in refused.output


def test_a_roster_is_imported_and_its_bad_rows_are_named(home: Path) -> None:
    roster = home / 'roster.csv'
    roster.write_text('First name,Last name,Email\nAda,Byron,ada@example.org\nBob,Hale,not an address\n')
    dry = run('import-members', str(roster), '--dry-run')
    assert dry.exit_code == 0
    assert 'Line 3' in dry.output
    assert '1 new' in dry.output
    real = run('import-members', str(roster))
    assert '1 new, 0 changed, 0 as they were, 1 not taken.' in real.output
    roster.write_text('First name,Last name,Email\nAda,Byron,ada@example.org\n')
    assert run('import-members', str(roster)).output == '0 new, 0 changed, 1 as they were, 0 not taken.\n'


def test_an_export_can_be_read_without_logbook_and_holds_no_secret(home: Path) -> None:
    done = run('export', str(home / 'all.zip'))
    assert done.exit_code == 0
    with zipfile.ZipFile(home / 'all.zip') as archive:
        names = set(archive.namelist())
        members = [json.loads(line) for line in archive.read('tables/member.jsonl').splitlines()]
        assert [row['email'] for row in members] == ['elena@example.org']
        assert archive.read('tables/member.csv').decode().splitlines()[0].startswith('id,')
        assert {'README.txt', 'schema.json', 'manifest.json', 'audit/verifier.py', 'tables/organization.csv'} <= names
        everything = b''.join(archive.read(name) for name in names if name.startswith('tables/'))
        described = json.loads(archive.read('schema.json'))
        manifest = json.loads(archive.read('manifest.json'))
    assert b'argon2' not in everything
    assert not [name for name in described if 'credential' in name or 'session' in name or 'token' in name]
    assert described['member']['columns']['organization_id']['refers_to'] == 'organization.id'
    assert f'{sum(manifest["rows"].values())} rows of Riverside Fire' in done.output
