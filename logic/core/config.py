"""The settings of one installation, from environment, `.env` and secret files, checked before anything starts."""

import difflib
import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit

from dotenv import dotenv_values
from pydantic import Field, FilePath, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableSettings

from data import transport
from logic.core import server_address

PREFIX = 'LOGBOOK_'
SECRET_FILES = Path('/run/secrets')
STORE_OPTIONS = frozenset({'region', 'endpoint', 'service_account'})
# Set by others under our prefix: the test suite, and Kubernetes for a service that is called "logbook".
FOREIGN_NAMES = re.compile(r'LOGBOOK_(TEST_|SERVICE_|PORT_\d)')


class SettingsError(Exception):
    """The installation is configured wrongly; `faults` has one readable line per fault."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__('\n'.join(faults))


def setting(default: Any, *, expects: str, example: str, tells: str, secret: bool = False, **limits: Any) -> Any:
    """One setting: what it does, what it accepts in words, and an example that works."""
    return Field(
        default,
        description=tells,
        repr=not secret,
        json_schema_extra={'expects': expects, 'example': example, 'secret': secret},
        **limits,
    )


class Settings(BaseSettings):
    """Every setting of this installation, checked; see `.env.example` for the list in words."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file='.env',
        env_file_encoding='utf-8',
        env_ignore_empty=True,
        extra='ignore',
        frozen=True,
    )

    host: str = setting(
        '127.0.0.1',
        tells='Address to listen on. 127.0.0.1 answers this machine only, 0.0.0.0 every network it is in.',
        expects='an IP address or "localhost"',
        example='0.0.0.0',  # noqa: S104  the image listens so, behind the port that its host opens
    )
    port: int = setting(
        8080, tells='Port to listen on.', expects='a whole number from 1 to 65535', example='8080', ge=1, le=65535
    )
    public_url: str | None = setting(
        None,
        tells='The address that people type, without a path; links in e-mails and passkeys are made for it. '
        'Without it, http://localhost and the port.',
        expects='an address that starts with https:// (or http://) and has no path',
        example='https://logbook.example.org',
    )
    allow_plain_http: bool = setting(
        False,
        tells='Allow an address without encryption other than localhost. Passwords can then be read on the way.',
        expects='true or false',
        example='true',
    )
    data_dir: Path = setting(
        Path('var'),
        tells='Folder for the database, the files and the keys. Back it up; it is created when it is missing.',
        expects='the path of a folder',
        example='/var/lib/logbook',
    )
    database_url: str | None = setting(
        None,
        tells='Database. Without it, SQLite in the data folder.',
        expects='an address that starts with sqlite:///, mysql+asyncmy:// or mariadb+asyncmy:// and names a database',
        example='mysql+asyncmy://logbook:PASSWORD@db.example.org:3306/logbook',
        secret=True,
    )
    redis_url: str | None = setting(
        None,
        tells='Redis, needed only when several copies of Logbook share one database.',
        expects='an address that starts with redis:// or rediss:// and names a host',
        example='rediss://redis.example.org:6379/0',
        secret=True,
    )
    plain_connections: Annotated[tuple[Literal['database', 'redis'], ...], NoDecode] = setting(
        (),
        tells='Servers on other machines that may be spoken to without encryption, in a network that nobody else '
        'listens in. Those on this machine need none.',
        expects='"database", "redis" or both, separated by a comma',
        example='database,redis',
    )
    ca_file: FilePath | None = setting(
        None,
        tells='Certificates of your own authority, which vouches for database and Redis. Without it, all that this '
        'machine trusts.',
        expects='the path of a file with certificates (PEM)',
        example='/etc/ssl/certs/ca-certificates.crt',
    )
    storage_url: str | None = setting(
        None,
        tells='Where uploaded files are kept. Without it, the folder "files" in the data folder. Name and key stand '
        "before the @, or come from the environment of the store's own tools; ?region= and ?endpoint= may follow.",
        expects='an address that starts with file:///, s3://, az:// or gs:// and names a place',
        example='s3://KEY:PRIVATE_PART@bucket/logbook?region=eu-central-1',
        secret=True,
    )
    storage_quota_gb: int = setting(
        20,
        tells='How many gigabytes of files each department may keep.',
        expects='a whole number from 1 to 100000',
        example='100',
        ge=1,
        le=100_000,
    )
    clamd: str | None = setting(
        None,
        tells='Virus scanner (clamd) that looks at every file. When it does not answer, no file is taken.',
        expects='an address that starts with tcp:// and names a host, or with unix:// and names a socket',
        example='tcp://clamav.example.org:3310',
    )
    smtp_url: str | None = setting(
        None,
        tells='Mail server that sends e-mail. smtp:// uses STARTTLS, smtps:// TLS from the start.',
        expects='an address that starts with smtp:// or smtps:// and names a host',
        example='smtp://user:PASSWORD@mail.example.org:587',
        secret=True,
    )
    smtp_oauth: str | None = setting(
        None,
        tells='Where tokens come from that the mail server takes in the place of a password, as those of Microsoft 365 '
        'and Google do: the token endpoint, with id and secret of the registered application before the @. After it '
        '?scope= for an application that sends by itself, or ?refresh_token= for one that a person allowed to.',
        expects='an https:// address with id and secret before the @, and ?scope= or ?refresh_token= after it',
        example='https://CLIENT_ID:PRIVATE_PART@login.microsoftonline.com/TENANT/oauth2/v2.0/token'
        '?scope=https://outlook.office365.com/.default',
        secret=True,
    )
    mail_from: str | None = setting(
        None,
        tells='Sender of e-mails. Without it, logbook@ and the host of the public address.',
        expects='an e-mail address',
        example='logbook@example.org',
    )
    private_hosts: Annotated[tuple[str, ...], NoDecode] = setting(
        (),
        tells='Hosts in your own network that Logbook may call, such as a push service of your own; all others that '
        'have a private address are refused.',
        expects='host names or addresses, separated by commas',
        example='push.example.lan',
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = setting(
        (),
        tells='Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, separated by commas.',
        expects='IP addresses or networks, separated by commas',
        example='127.0.0.1,10.0.0.0/24',
    )
    root_path: str = setting(
        '',
        tells='Path under which a reverse proxy serves Logbook; empty for the root of its host.',
        expects='a path that starts with / and does not end with it',
        example='/logbook',
    )
    log_level: Literal['debug', 'info', 'warning', 'error'] = setting(
        'info',
        tells='How much is logged.',
        expects='one of debug, info, warning, error',
        example='info',
    )
    log_format: Literal['auto', 'json', 'text'] = setting(
        'auto',
        tells='Form of the log; auto writes text to a terminal and JSON lines elsewhere.',
        expects='one of auto, json, text',
        example='json',
    )
    access_token_minutes: int = setting(
        15,
        tells='Life of an API access token in minutes.',
        expects='a whole number from 1 to 1440',
        example='15',
        ge=1,
        le=1440,
    )
    refresh_token_days: int = setting(
        7,
        tells='Life of an API refresh token in days; a token that is used is replaced, at most for 30 days.',
        expects='a whole number from 1 to 30',
        example='7',
        ge=1,
        le=30,
    )
    api_requests_per_minute: int = setting(
        600,
        tells='API requests a minute for one signed-in person or key.',
        expects='a whole number from 1 to 100000',
        example='600',
        ge=1,
        le=100_000,
    )
    metrics_token: str | None = setting(
        None,
        tells='Opens /metrics to Prometheus, which sends it as a bearer token. Without it there is no such page.',
        expects='at least 24 letters and digits that nobody can guess',
        example='(what "openssl rand -hex 24" prints)',
        secret=True,
    )
    kek: str | None = setting(
        None,
        tells='Master key, 32 random bytes in base64, when it shall come from outside instead of the file secrets/kek.',
        expects='32 random bytes written in base64 (44 characters)',
        example='(what "openssl rand -base64 32" prints)',
        secret=True,
    )

    @field_validator('host')
    @classmethod
    def _host_is_an_address(cls, value: str) -> str:
        if value != 'localhost':
            ipaddress.ip_address(value)
        return value

    @field_validator('public_url')
    @classmethod
    def _public_url_is_an_origin(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = server_address.split_address(value, {'http', 'https'})
        if parts.path not in {'', '/'} or parts.query or parts.fragment or parts.username or not parts.hostname:
            raise ValueError('has a path')
        return f'{parts.scheme}://{parts.netloc.lower()}'

    @field_validator('data_dir')
    @classmethod
    def _data_dir_is_a_folder(cls, value: Path) -> Path:
        folder = Path(os.path.abspath(value.expanduser()))  # resolve() would follow links that may move
        nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
        if not nearest.is_dir():
            raise ValueError(f'{nearest} is a file')
        return folder

    @field_validator('database_url')
    @classmethod
    def _database_is_one_we_speak(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = server_address.split_address(value, set(server_address.DATABASE_SCHEMES))
        scheme = server_address.DATABASE_SCHEMES[parts.scheme]
        if scheme.startswith('sqlite'):
            if not parts.path.strip('/') or parts.netloc:
                raise ValueError('names no file')
        elif not parts.hostname or not parts.path.strip('/'):
            raise ValueError('names no database')
        server_address.refuse_default_password(parts)
        return scheme + value.strip()[len(parts.scheme) :]

    @field_validator('redis_url', 'smtp_url', 'storage_url', 'clamd')
    @classmethod
    def _address_names_a_place(cls, value: str | None, info: Any) -> str | None:
        if value is None:
            return None
        schemes = {
            'redis_url': {'redis', 'rediss'},
            'smtp_url': {'smtp', 'smtps'},
            'storage_url': {'file', 's3', 'az', 'gs'},
            'clamd': {'tcp', 'unix'},
        }[info.field_name]
        parts = server_address.split_address(value, schemes)
        if not (parts.path.strip('/') if parts.scheme in {'file', 'unix'} else parts.hostname):
            raise ValueError('names no place')
        if info.field_name == 'storage_url' and not STORE_OPTIONS.issuperset(parse_qs(parts.query)):
            raise ValueError('has an unknown option')
        server_address.refuse_default_password(parts)
        return value.strip()

    @field_validator('smtp_oauth')
    @classmethod
    def _tokens_can_be_asked_for(cls, value: str | None) -> str | None:
        return value and server_address.check_token_endpoint(value)

    @field_validator('mail_from')
    @classmethod
    def _mail_from_is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r'[^@\s<>"]+@[^@\s<>"]+\.[^@\s<>".]+', value):
            raise ValueError('is no e-mail address')
        return value

    @field_validator('trusted_proxies', mode='before')
    @classmethod
    def _proxies_are_networks(cls, value: Any) -> tuple[str, ...]:
        names = value.split(',') if isinstance(value, str) else value
        return tuple(str(ipaddress.ip_network(name.strip(), strict=False)) for name in names if name.strip())

    @field_validator('private_hosts', 'plain_connections', mode='before')
    @classmethod
    def _hosts_are_names(cls, value: Any) -> tuple[str, ...]:
        names = value.split(',') if isinstance(value, str) else value
        return tuple(name.strip().lower() for name in names if name.strip())

    @field_validator('root_path')
    @classmethod
    def _root_path_is_a_path(cls, value: str) -> str:
        if value and not re.fullmatch(r'(/[A-Za-z0-9._~-]+)+', value):
            raise ValueError('is no path')
        return value

    @field_validator('log_level', 'log_format', mode='before')
    @classmethod
    def _words_in_any_case(cls, value: Any) -> Any:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator('metrics_token')
    @classmethod
    def _metrics_token_is_long(cls, value: str | None) -> str | None:
        if value is not None and (len(value) < 24 or len(set(value)) < 8):
            raise ValueError('is easy to guess')
        return value

    @field_validator('kek')
    @classmethod
    def _kek_is_a_key(cls, value: str | None) -> str | None:
        if value is not None:
            from logic.core.secrets import parse_key

            parse_key(value)
        return value

    @model_validator(mode='after')
    def _no_encryption_is_a_decision(self) -> 'Settings':
        if self.public_url and not self.is_https and not self.is_local and not self.allow_plain_http:
            raise ValueError(
                f'{PREFIX}PUBLIC_URL: {self.public_url} is not encrypted: passwords could be read on the way. Use an '
                f'https:// address, or allow this one with {PREFIX}ALLOW_PLAIN_HTTP=true.'
            )
        plain = self.redis_url and self.redis_url.startswith('redis://') and not transport.is_near(self.redis_url)
        if plain and 'redis' not in self.plain_connections:
            raise ValueError(
                f'{PREFIX}REDIS_URL: it goes to another machine without encryption. Use rediss://, or allow it with '
                f'{PREFIX}PLAIN_CONNECTIONS=redis.'
            )
        tokens = urlsplit(self.smtp_oauth or '')
        if tokens.scheme == 'http' and tokens.hostname not in self.private_hosts:
            raise ValueError(f'{PREFIX}SMTP_OAUTH: it is not encrypted. Use an https:// address.')
        if self.smtp_oauth and self.smtp_url and not urlsplit(self.smtp_url).username:
            raise ValueError(
                f'{PREFIX}SMTP_OAUTH: {PREFIX}SMTP_URL names no mailbox that the tokens are for. Put it before the @, '
                'as in smtp://records%40example.org@smtp.office365.com:587.'
            )
        return self

    @property
    def address(self) -> str:
        """The address that people type, without a slash at its end; every link in a message starts with it."""
        return (self.public_url or f'http://localhost:{self.port}') + self.root_path

    @property
    def origin(self) -> str:
        """The `Origin` that a browser sends from our own pages."""
        return self.public_url or f'http://localhost:{self.port}'

    @property
    def is_https(self) -> bool:
        """Whether people reach Logbook over TLS; cookies are then `__Host-` and Secure."""
        return self.origin.startswith('https://')

    @property
    def is_local(self) -> bool:
        """Whether the public address is this machine itself, which a browser treats as safe without TLS."""
        return (urlsplit(self.origin).hostname or '') in {'localhost', '127.0.0.1', '::1'}

    @property
    def passkey_host(self) -> str | None:
        """The host that passkeys are bound to, or None when the address is an IP or plain HTTP, where none can work."""
        host = urlsplit(self.origin).hostname or ''
        if host == 'localhost':
            return host
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return host if self.is_https else None
        return None

    @property
    def database(self) -> str:
        """The database address with its driver and how it is reached; SQLite in the data folder when none is set."""
        if self.database_url is None or self.database_url.startswith('sqlite'):
            return self.database_url or f'sqlite+aiosqlite:///{self.data_dir / "logbook.db"}'
        return transport.reached(self.database_url, plain='database' in self.plain_connections, ca=self.ca_file)

    @property
    def redis_options(self) -> dict[str, Any]:
        """How the client of Redis verifies it."""
        return transport.redis_options(self.redis_url or '', self.ca_file)

    @property
    def storage(self) -> str:
        """The address of the file store; the folder `files` in the data folder when none is set."""
        return self.storage_url or (self.data_dir / 'files').as_uri()

    @property
    def secrets_dir(self) -> Path:
        """The folder of the key files; never part of a backup."""
        return self.data_dir / 'secrets'

    @property
    def sender(self) -> str:
        """The address that e-mails come from."""
        return self.mail_from or f'logbook@{urlsplit(self.origin).hostname}'


def load_settings(env_file: Path | None = Path('.env'), secret_files: Path | None = SECRET_FILES) -> Settings:
    """Read and check all settings.

    The environment wins over `.env`, and that over files called `logbook_...` in the folder of secret files.
    Raises SettingsError with one line per fault: the variable, what is wrong with its value, and an example.
    """
    faults = []
    folder = secret_files if secret_files is not None and secret_files.is_dir() else None
    try:
        faults = _unknown_names([*os.environ, *(dotenv_values(env_file) if env_file else ())])
        settings = Settings(_env_file=env_file, _secrets_dir=folder)  # type: ignore[call-arg]
    except ValidationError as error:
        faults += [_fault_line(detail) for detail in error.errors(include_url=False)]
    except (UnreadableSettings, UnicodeDecodeError) as error:
        faults.append(f'The settings in {env_file} cannot be read: {error}. Write it as UTF-8 text, NAME=value.')
    if faults:
        raise SettingsError(faults)
    return settings


_configured: Settings | None = None


def configure(settings: Settings | None) -> None:
    """Make these the settings of this process."""
    global _configured  # noqa: PLW0603  one process serves one installation
    _configured = settings


def configured() -> Settings:
    """Return the settings of this process; the defaults when none were given, as in tests."""
    return _configured or Settings.model_construct()


def env_example() -> str:
    """The text of `.env.example`: every setting, what it does, its default and an example."""
    parts = ['# Settings of Logbook. Copy to .env and remove the # of a line to change it.\n']
    for name, field in Settings.model_fields.items():
        facts = _facts(field)
        default = field.default
        shown = '' if default in (None, ()) else str(default).lower() if isinstance(default, bool) else str(default)
        parts.append(
            f'# {field.description}\n# Accepts {facts["expects"]}.'
            + (f' Default: {shown}.' if shown else '')
            + f'\n#{PREFIX}{name.upper()}={facts["example"]}\n'
        )
    return '\n'.join(parts)


def _facts(field: FieldInfo) -> Mapping[str, Any]:
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def _unknown_names(names: list[str]) -> list[str]:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    faults = []
    for name in sorted(set(names)):
        if name.upper().startswith(PREFIX) and name.upper() not in known and not FOREIGN_NAMES.match(name.upper()):
            near = difflib.get_close_matches(name.upper(), known, n=1)
            hint = f'Did you mean {near[0]}?' if near else 'The file .env.example lists all settings.'
            faults.append(f'{name} is not a setting of Logbook. {hint}')
    return faults


def _fault_line(detail: Any) -> str:
    if not detail['loc']:
        return str(detail['ctx']['error'])
    name = str(detail['loc'][0])
    variable, facts = PREFIX + name.upper(), _facts(Settings.model_fields[name])
    if 'default password' in detail['msg']:
        reason = 'has a password that every manual prints; choose one of your own'
        return f'{variable}: its value {reason}. Example: {variable}={facts["example"]}'
    value = 'its value' if facts['secret'] else f'"{str(detail["input"])[:80]}"'
    return f'{variable}: {value} is not {facts["expects"]}. Example: {variable}={facts["example"]}'
