"""The settings: every wrong value stops the start with one readable line, every right one is taken."""

import os
from pathlib import Path

import pytest

from logic.core.config import Settings, SettingsError, env_example, load_settings

EXAMPLE_FILE = Path(__file__).parents[2] / '.env.example'


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith('LOGBOOK_'):
            monkeypatch.delenv(name)


def load(**values: str) -> Settings:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in values.items():
            patch.setenv(f'LOGBOOK_{name.upper()}', value)
        return load_settings(env_file=None, secret_files=None)


def faults(**values: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(**values)
    return caught.value.faults


def test_an_empty_environment_is_a_complete_installation() -> None:
    settings = load()
    assert (settings.host, settings.port, settings.address) == ('127.0.0.1', 8080, 'http://localhost:8080')
    assert settings.database == f'sqlite+aiosqlite:///{Path.cwd() / "var" / "logbook.db"}'
    assert settings.is_local
    assert not settings.is_https


WRONG = [
    ('host', 'my computer', '"my computer"', '0.0.0.0'),  # noqa: S104
    ('port', 'eighty', '"eighty"', '8080'),
    ('port', '70000', '"70000"', '8080'),
    ('port', 'tcp://10.0.0.1:80', '"tcp://10.0.0.1:80"', '8080'),
    ('public_url', 'logbook.example.org', '"logbook.example.org"', 'https://logbook.example.org'),
    ('public_url', 'https://logbook.example.org/app', '"https://logbook.example.org/app"', 'https://'),
    ('public_url', 'https://logbook.example.org:port', '"https://logbook.example.org:port"', 'https://'),
    ('data_dir', '/etc/hostname/data', '"/etc/hostname/data"', '/var/lib/logbook'),
    ('database_url', 'postgresql://db/logbook', 'its value', 'mysql+asyncmy://'),
    ('database_url', 'mysql://db.example.org/', 'its value', 'mysql+asyncmy://'),
    ('redis_url', 'http://redis', 'its value', 'rediss://'),
    ('plain_connections', 'database, mail', '"mail"', 'database,redis'),
    ('ca_file', '/nowhere/ca.pem', '"/nowhere/ca.pem"', '/etc/ssl/'),
    ('storage_url', 'ftp://files', 'its value', 's3://'),
    ('smtp_url', 'mail.example.org:25', 'its value', 'smtp://'),
    ('smtp_oauth', 'https://accounts.example.org/token?scope=mail', 'its value', 'https://'),
    ('smtp_oauth', 'https://me:quiet-lane@accounts.example.org/token', 'its value', 'https://'),
    ('smtp_oauth', 'https://me:quiet-lane@accounts.example.org/token?password=x', 'its value', 'https://'),
    ('mail_from', 'the chief', '"the chief"', 'logbook@example.org'),
    ('trusted_proxies', '10.0.0.0/24, proxy', '"10.0.0.0/24, proxy"', '127.0.0.1'),
    ('root_path', 'logbook/', '"logbook/"', '/logbook'),
    ('log_level', 'loud', '"loud"', 'info'),
    ('log_format', 'xml', '"xml"', 'json'),
    ('allow_plain_http', 'maybe', '"maybe"', 'true'),
    ('access_token_minutes', '1441', '"1441"', '15'),
    ('access_token_minutes', '0', '"0"', '15'),
    ('refresh_token_days', '31', '"31"', '7'),
    ('api_requests_per_minute', 'many', '"many"', '600'),
    ('kek', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'its value', '(what "openssl'),
    ('kek', 'c2hvcnQ=', 'its value', '(what "openssl'),
]


@pytest.mark.parametrize(('name', 'value', 'shown', 'example'), WRONG)
def test_a_wrong_value_gives_one_line_with_the_variable_the_value_and_an_example(
    name: str, value: str, shown: str, example: str
) -> None:
    (line,) = faults(**{name: value})
    assert line.startswith(f'LOGBOOK_{name.upper()}: {shown} is not ')
    assert f'Example: LOGBOOK_{name.upper()}={example}' in line
    assert '\n' not in line


def test_every_fault_is_told_at_once() -> None:
    assert len(faults(port='eighty', log_level='loud', redis_url='x')) == 3


def test_a_password_never_appears_in_a_fault_or_in_the_settings_as_text() -> None:
    (line,) = faults(database_url='postgresql://logbook:hunter2secret@db/logbook')
    assert 'hunter2secret' not in line
    assert 'hunter2secret' not in repr(load(database_url='mysql://logbook:hunter2secret@db/logbook'))


@pytest.mark.parametrize('password', ['changeme', 'password', 'LOGBOOK', 'secret'])
def test_a_default_password_is_refused(password: str) -> None:
    (line,) = faults(database_url=f'mysql+asyncmy://logbook:{password}@db.example.org/logbook')
    assert line.startswith('LOGBOOK_DATABASE_URL: its value has a password that every manual prints')


def test_a_misspelt_setting_is_found_and_the_right_name_proposed() -> None:
    assert faults(prot='8081') == ('LOGBOOK_PROT is not a setting of Logbook. Did you mean LOGBOOK_PORT?',)


def test_names_that_an_orchestrator_or_the_tests_set_are_left_alone() -> None:
    assert load(service_host='10.0.0.1', port_8080_tcp='tcp://10.0.0.1:8080', test_database='x').port == 8080


def test_plain_http_on_a_network_needs_a_decision() -> None:
    (line,) = faults(public_url='http://logbook.example.org')
    assert line.startswith('LOGBOOK_PUBLIC_URL: http://logbook.example.org is not encrypted')
    assert load(public_url='http://logbook.example.org', allow_plain_http='true').passkey_host is None
    assert load(public_url='http://localhost:9000').origin == 'http://localhost:9000'


def test_passkeys_need_a_host_name_over_https_or_this_machine() -> None:
    assert load(public_url='https://Logbook.Example.org').passkey_host == 'logbook.example.org'
    assert load(public_url='https://192.0.2.7').passkey_host is None
    assert load().passkey_host == 'localhost'


def test_a_server_database_gets_its_driver() -> None:
    assert load(database_url='mysql://u:p4ssw0rd-x@db:3306/logbook').database.startswith(
        'mysql+asyncmy://u:p4ssw0rd-x@'
    )
    assert load(database_url='sqlite:////data/a.db').database == 'sqlite+aiosqlite:////data/a.db'


def test_redis_on_another_machine_is_encrypted_unless_somebody_said_otherwise() -> None:
    (fault,) = faults(redis_url='redis://redis.example.org:6379/0')
    assert 'without encryption' in fault
    assert load(redis_url='redis://127.0.0.1:6379/0').redis_options == {}
    assert load(redis_url='redis://redis.example.org/0', plain_connections='redis').redis_options == {}
    options = load(redis_url='rediss://redis.example.org/0').redis_options
    assert (options['ssl_cert_reqs'], options['ssl_check_hostname']) == ('required', True)


def test_tokens_for_mail_are_for_a_mailbox_and_come_over_an_encrypted_connection() -> None:
    endpoint = 'https://me:quiet-lane@accounts.example.org/token?scope=mail'
    (nobody,) = faults(smtp_oauth=endpoint, smtp_url='smtp://mail.example.org')
    assert nobody.startswith('LOGBOOK_SMTP_OAUTH: LOGBOOK_SMTP_URL names no mailbox')
    mailbox = 'smtp://me%40example.org@mail.example.org'
    (plain,) = faults(smtp_oauth=endpoint.replace('https', 'http'), smtp_url=mailbox)
    assert plain == 'LOGBOOK_SMTP_OAUTH: it is not encrypted. Use an https:// address.'
    assert 'quiet-lane' not in repr(load(smtp_oauth=endpoint, smtp_url=mailbox))


def test_what_was_decided_on_encryption_goes_with_the_address_of_the_database() -> None:
    url = 'mysql+asyncmy://logbook:sK3-own@db.example.org:3306/logbook'
    assert load(database_url=url).database == url
    assert load(database_url=url, plain_connections='database').database == f'{url}?tls=off'
    ca = '/etc/ssl/certs/ca-certificates.crt'
    assert load(database_url=url, ca_file=ca).database.endswith('tls_ca=%2Fetc%2Fssl%2Fcerts%2Fca-certificates.crt')
    near = url.replace('db.example.org', '127.0.0.1')
    assert load(database_url=near, plain_connections='database', ca_file=ca).database == near


def test_proxies_are_read_as_a_list_of_networks() -> None:
    assert load(trusted_proxies='127.0.0.1, 10.1.2.3/24').trusted_proxies == ('127.0.0.1/32', '10.1.2.0/24')
    assert load(trusted_proxies='').trusted_proxies == ()


def test_the_environment_wins_over_the_env_file_and_that_over_secret_files(tmp_path: Path) -> None:
    (tmp_path / '.env').write_text('LOGBOOK_PORT=8081\nLOGBOOK_HOST=127.0.0.2\n')
    secret = tmp_path / 'secrets'
    secret.mkdir()
    (secret / 'logbook_port').write_text('8083')
    (secret / 'logbook_smtp_url').write_text('smtp://mail.example.org:587\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('LOGBOOK_PORT', '8082')
        settings = load_settings(tmp_path / '.env', secret)
    assert (settings.port, settings.host, settings.smtp_url) == (8082, '127.0.0.2', 'smtp://mail.example.org:587')
    assert load_settings(tmp_path / '.env', secret).port == 8081


def test_a_misspelt_setting_in_the_env_file_is_found(tmp_path: Path) -> None:
    (tmp_path / '.env').write_text('LOGBOOK_PROT=8081\n')
    with pytest.raises(SettingsError, match='Did you mean LOGBOOK_PORT'):
        load_settings(tmp_path / '.env', None)


def test_an_env_file_in_another_encoding_is_one_readable_line(tmp_path: Path) -> None:
    (tmp_path / '.env').write_bytes(b'LOGBOOK_PORT=80\xff80\n')
    with pytest.raises(SettingsError, match='cannot be read'):
        load_settings(tmp_path / '.env', None)


def test_the_example_file_lists_every_setting_and_each_example_is_accepted() -> None:
    assert EXAMPLE_FILE.read_text() == env_example()
    for line in env_example().splitlines():
        if line.startswith('#LOGBOOK_'):
            name, _, value = line.removeprefix('#LOGBOOK_').partition('=')
            if name != 'KEK':
                assert load(**{name: value.replace('PASSWORD', 'sK3-own')})
    assert all(f'#LOGBOOK_{name.upper()}=' in env_example() for name in Settings.model_fields)
