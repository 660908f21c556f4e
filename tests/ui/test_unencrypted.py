"""What goes without encryption stands above every screen of an administrator, as long as somebody allows it."""

from collections.abc import Iterator

import pytest

from logic.core import config
from logic.core.actor import Actor, ActorKind
from logic.core.config import Settings
from ui.application import unencrypted

CHIEF = Actor(kind=ActorKind.ACCOUNT, name='Elena', permissions=frozenset({'*'}))
MEMBER = Actor(kind=ActorKind.ACCOUNT, name='Jide', permissions=frozenset({'members.view'}))


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    config.configure(None)


def use(**values: object) -> None:
    config.configure(Settings(_env_file=None, **values))  # type: ignore[arg-type, call-arg]


def test_nothing_is_said_where_everything_is_encrypted() -> None:
    use(public_url='https://logbook.example.org')
    assert unencrypted(CHIEF) == ''
    use()  # this machine
    assert unencrypted(CHIEF) == ''


def test_an_address_without_encryption_is_told_to_those_who_can_mend_it() -> None:
    use(public_url='http://logbook.example.org', allow_plain_http=True)
    assert 'passwords' in unencrypted(CHIEF)
    assert unencrypted(MEMBER) == ''


def test_a_database_without_encryption_is_told_as_well() -> None:
    use(public_url='https://logbook.example.org', plain_connections='database')
    assert 'Database' in unencrypted(CHIEF)
