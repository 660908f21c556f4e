"""New data keys: every sealed value comes to them, wherever it stands, and the old keys are deleted."""

from typing import Any
from uuid import UUID

import pytest

from data.members import ProtectedKind
from logic import audit, mail, members
from logic.core import config
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Conflict
from logic.core.jobs import Runner
from logic.core.listing import ListQuery
from logic.core.secrets import SEALED_COLUMNS, blind_indexes, envelope
from logic.core.secrets.envelope import key_of
from logic.core.work import Work
from logic.data_keys import rotate_data_keys
from logic.identity import mfa
from tests.conftest import House, found, run_as_service
from tests.logic.audited import raw
from tests.logic.signing import Phone, signed_in
from tests.servers import Mailbox

IBAN = {'kind': ProtectedKind.BANK_ACCOUNT, 'value': 'DE89370400440532013000'}


async def keys() -> dict[str, tuple[int, ...]]:
    """The numbers of the data keys by scope and purpose."""
    found: dict[str, list[int]] = {}
    for row in await raw('SELECT scope, purpose, number FROM data_key ORDER BY number'):
        found.setdefault(f'{row.scope}/{row.purpose}', []).append(row.number)
    return {name: tuple(numbers) for name, numbers in found.items()}


async def stored() -> list[bytes]:
    """Every value that is sealed now."""
    found = []
    for one in SEALED_COLUMNS:
        rows = await raw(f'SELECT t.{one.column} AS v FROM {one.model.__tablename__} t')
        found += [row.v for row in rows if row.v]
    return found


async def number_of(house: House) -> str:
    """The number in the file of the chief, in full."""
    rows = await raw('SELECT id, member_id FROM protected_number')
    (record_id,) = [UUID(row.id) for row in rows if UUID(row.member_id) == house.chief.member_id]
    return await members.file.reveal_number(house.chief, record_id)


@pytest.fixture
async def sealed(house: House, mailbox: Mailbox, secrets: Any) -> House:
    """Values of two departments and of the installation; and mails, of which one has been sent."""
    address = f'smtp://127.0.0.1:{mailbox.port}'
    config.configure(Settings(_env_file=None, data_dir=secrets, smtp_url=address, mail_from='log@example.org'))  # type: ignore[call-arg]
    other = await found('Hillside EMS', 'other@example.org')
    await mail.send(Actor.system(house.organization_id), 'one@example.org', 'test', name='Elena')
    await Runner().run_until_idle()
    for one in (house, other):
        await members.file.add_record(one.chief, one.chief.member_id, 'numbers', IBAN)
        await mail.send(Actor.system(one.organization_id), 'two@example.org', 'test', name='Elena')
    await mail.send(Actor.system(), 'three@example.org', 'test', name='Elena')
    yield house
    config.configure(None)


async def test_every_value_comes_to_a_new_key_and_the_old_keys_go(sealed: House) -> None:
    before, names = {key_of(value) for value in await stored()}, await keys()
    phone_owner, _ = await signed_in()
    phone = Phone((await mfa.begin_own_totp(phone_owner)).secret)
    entries = (await audit.list_entries(sealed.chief, ListQuery())).total
    await rotate_data_keys()
    assert not before & {key_of(value) for value in await stored()}
    made = await keys()
    assert all(len(numbers) == 1 for numbers in made.values())
    assert all(made[name] == (2,) for name in names if name.endswith('/fields'))
    assert len(await mfa.confirm_totp(phone_owner, phone.code())) == 10
    assert await number_of(sealed) == IBAN['value']
    await Runner().run_until_idle()
    assert {row.status for row in await raw('SELECT status FROM mail')} == {'sent'}
    assert (await audit.list_entries(sealed.chief, ListQuery())).total < entries + 6  # not one for each value
    assert all(verdict.is_intact for verdict in await audit.verify_all())


async def test_interrupted_anywhere_it_goes_on_and_loses_nothing(
    sealed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = len(await stored())
    whole, left = envelope.seal, [0]

    def break_down(*arguments: Any) -> bytes:
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return whole(*arguments)

    monkeypatch.setattr('logic.core.secrets.envelope.BATCH', 1)
    monkeypatch.setattr(envelope, 'seal', break_down)
    for steps in (1, 5, 2):  # while the new keys are made, and between values
        left[:] = [0] * steps
        with pytest.raises(KeyboardInterrupt):
            await rotate_data_keys()
    monkeypatch.setattr(envelope, 'seal', whole)
    halfway = await keys()
    assert max(max(numbers) for numbers in halfway.values()) == 2  # it goes on with what was begun
    await rotate_data_keys()
    assert len(await stored()) == count
    assert all(len(numbers) == 1 for numbers in (await keys()).values())
    assert await number_of(sealed) == IBAN['value']


async def test_the_key_of_blind_indexes_stays(house: House) -> None:
    async def index(work: Work) -> list[bytes]:
        return await blind_indexes(work, ['AB-1'], table='a', column='b', organization_id=house.organization_id)

    of = run_as_service(index)  # type: ignore[arg-type]
    before = await of(Actor.system())
    await rotate_data_keys()
    assert await of(Actor.system()) == before


async def test_what_was_changed_in_the_database_stops_it_and_keeps_the_old_key(sealed: House) -> None:
    async def spoil(work: Work) -> None:
        connection = await work.session.connection()
        table = next(one.model.__table__ for one in SEALED_COLUMNS if one.column == 'value')
        for row in (await connection.execute(table.select())).all():
            await connection.execute(table.update().where(table.c.id == row.id).values(value=row.value[:-1] + b'?'))

    await run_as_service(spoil)(Actor.system())  # type: ignore[arg-type]
    before = {key_of(value) for value in await stored()}
    with pytest.raises(Conflict, match='protected_number'):
        await rotate_data_keys()
    kept = {row.id for row in await raw('SELECT id FROM data_key')}
    assert {key.hex for key in before} <= {str(one).replace('-', '') for one in kept}
