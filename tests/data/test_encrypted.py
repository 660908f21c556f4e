"""The way to a database server: encrypted where the setting asks for it, and to no server that it does not know."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from data.database import EVERYWHERE, Database
from tests import servers

pytestmark = pytest.mark.mariadb


class Encrypted(servers.MariaDB):
    """MariaDB that also speaks TLS, with the certificate beside its folder."""

    def command(self) -> list[str]:
        beside = self.folder.parent
        return [*super().command(), f'--ssl-cert={beside}/certificate.pem', f'--ssl-key={beside}/key.pem']


async def cipher(url: str) -> str:
    """Connect as Logbook does, and say by which cipher."""
    known = Database(url)
    try:
        async with known.read(EVERYWHERE) as session:
            return str((await session.exec(sa.text("SHOW SESSION STATUS LIKE 'Ssl_cipher'"))).one()[1])
    finally:
        await known.close()


async def test_with_an_authority_the_way_is_encrypted_and_a_server_it_does_not_vouch_for_is_refused(tmp_path: Path):
    for name in ('ours', 'theirs'):
        (tmp_path / name).mkdir()
        servers.certified(tmp_path / name)
    with Encrypted(tmp_path / 'ours' / 'm') as server:
        url = server.url('mysql')
        assert await cipher(url) == ''
        assert await cipher(f'{url}&ssl_ca={tmp_path}/ours/certificate.pem') != ''
        with pytest.raises(sa.exc.OperationalError, match='certificate'):
            await cipher(f'{url}&ssl_ca={tmp_path}/theirs/certificate.pem')
        with pytest.raises(sa.exc.OperationalError, match='certificate'):
            await cipher(f'{url}&ssl_ca={tmp_path}/ours/certificate.pem'.replace('127.0.0.1', 'localhost'))
