"""Database and Redis on another machine are reached by TLS that is verified, unless somebody said otherwise."""

import datetime
import ipaddress
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from data import transport
from tests.servers.databases import MariaDB, Redis

DAY = datetime.timedelta(days=1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _write(path: Path, *parts: bytes) -> None:
    path.write_bytes(b''.join(parts))


def authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Make a certificate authority of our own; its certificate is `ca.pem`."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder().subject_name(_name('Our own')).issuer_name(_name('Our own'))
    made = made.public_key(key.public_key()).serial_number(1).not_valid_before(now - DAY).not_valid_after(now + DAY)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    signed = made.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    _write(folder / 'ca.pem', signed.public_bytes(serialization.Encoding.PEM))
    return signed, key


def certify(folder: Path, address: str) -> None:
    """Make `cert.pem` and `key.pem` of a server at an address, signed by our authority."""
    ca, ca_key = authority(folder)
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder().subject_name(_name(address)).issuer_name(ca.subject).serial_number(2)
    made = made.public_key(key.public_key()).not_valid_before(now - DAY).not_valid_after(now + DAY)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    signed = made.add_extension(names, critical=False).sign(ca_key, hashes.SHA256())
    _write(folder / 'cert.pem', signed.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.TraditionalOpenSSL
    _write(folder / 'key.pem', key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))


class EncryptedMariaDB(MariaDB):
    """MariaDB with a certificate, which takes nobody without TLS."""

    def command(self) -> list[str]:
        files = [f'--ssl-{name}={self.folder.parent}/{name}.pem' for name in ('ca', 'cert', 'key')]
        return [*super().command(), *files, '--require-secure-transport=ON']


class EncryptedRedis(Redis):
    """Redis that listens by TLS only."""

    def command(self) -> list[str]:
        program, *options = super().command()
        at = options.index('--port')
        options[at : at + 2] = ['--port', '0', '--tls-port', str(self.port), '--tls-auth-clients', 'no']
        files = [('--tls-cert-file', 'cert'), ('--tls-key-file', 'key'), ('--tls-ca-cert-file', 'ca')]
        return [
            program,
            *options,
            *(part for name, file in files for part in (name, f'{self.folder.parent}/{file}.pem')),
        ]

    def greets(self, connection: object) -> bool:
        return True


async def ask(url: str) -> str:
    engine = transport.open_engine(url)
    try:
        async with engine.connect() as connection:
            rows = await connection.execute(sa.text("SHOW STATUS LIKE 'Ssl_version'"))
            return str(rows.one()[1])
    finally:
        await engine.dispose()


@pytest.fixture(scope='module')
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDB]:
    folder = tmp_path_factory.mktemp('tls')
    certify(folder, '127.0.0.1')
    with EncryptedMariaDB(folder / 'mariadb') as server:
        yield server


@pytest.mark.mariadb
async def test_a_server_with_a_certificate_of_our_authority_is_reached(encrypted: MariaDB) -> None:
    assert (await ask(f'{encrypted.url("mysql")}&tls_ca={encrypted.folder.parent}/ca.pem')).startswith('TLS')


@pytest.mark.mariadb
async def test_a_certificate_that_nobody_vouches_for_is_refused(
    encrypted: MariaDB, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, 'is_near', lambda _url: False)
    with pytest.raises(sa.exc.DBAPIError, match='CERTIFICATE_VERIFY_FAILED'):
        await ask(encrypted.url('mysql'))


@pytest.mark.mariadb
async def test_a_certificate_of_another_host_is_refused(encrypted: MariaDB, tmp_path: Path) -> None:
    certify(tmp_path, '192.0.2.1')
    with (
        EncryptedMariaDB(tmp_path / 'mariadb') as server,
        pytest.raises(sa.exc.DBAPIError, match='CERTIFICATE_VERIFY_FAILED'),
    ):
        await ask(f'{server.url("mysql")}&tls_ca={tmp_path}/ca.pem')


@pytest.mark.mariadb
async def test_a_server_without_encryption_is_not_spoken_to(
    mariadb_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await ask(mariadb_url) == ''  # this machine
    monkeypatch.setattr(transport, 'is_near', lambda _url: False)
    with pytest.raises((sa.exc.DBAPIError, OSError)):
        await ask(mariadb_url)
    assert await ask(f'{mariadb_url}&tls=off') == ''


@pytest.mark.redis
async def test_redis_is_verified_in_the_same_way(tmp_path: Path) -> None:
    from redis.asyncio import Redis as Client
    from redis.exceptions import ConnectionError as Refused

    certify(tmp_path, '127.0.0.1')
    with EncryptedRedis(tmp_path / 'redis') as server:
        url = f'rediss://127.0.0.1:{server.port}/0'
        async with Client.from_url(url, **transport.redis_options(url, tmp_path / 'ca.pem')) as client:
            assert await client.ping()
        async with Client.from_url(url, **transport.redis_options(url, None)) as client:
            with pytest.raises(Refused):
                await client.ping()


@pytest.mark.parametrize(
    ('url', 'near'),
    [
        ('mysql+asyncmy://u:p@127.0.0.1:3306/x', True), ('mysql+asyncmy://u:p@localhost/x', True),
        ('mysql+asyncmy://u:p@[::1]/x', True), ('mysql+asyncmy://u:p@db.example.org/x', False),
        ('mysql+asyncmy://u:p@10.0.0.5/x', False), ('mysql+asyncmy://u:p@10.0.0.5/x?unix_socket=/run/s', True),
        ('redis://127.0.0.2', True), ('redis://cache', False),
    ],
)  # fmt: skip
def test_only_this_machine_is_near(url: str, near: bool) -> None:
    assert transport.is_near(url) is near
