"""Sealed values in the database: keys per organization and purpose, rotation without loss, and blind indexes."""

from uuid import UUID

import pytest
from sqlmodel import col, select

from data.core import new_id
from data.identity import TotpCredential
from data.secrets import DataKey
from logic.core import secrets
from logic.core.actor import Actor
from logic.core.errors import Unavailable
from logic.core.secrets import (
    SEALED_COLUMNS,
    Place,
    SecretsError,
    Tampered,
    begin_kek_rotation,
    blind_indexes,
    finish_kek_rotation,
    install,
    installed,
    open_secrets,
    open_value,
    reseal_column,
    rewrap_data_keys,
    rotate_data_key,
    seal_value,
)
from logic.core.secrets.envelope import MOST_MESSAGES, key_of
from logic.core.work import Work
from logic.identity import mfa
from tests.conftest import House, run_as_service
from tests.logic.signing import Phone, signed_in

ORGANIZATION = UUID(int=7)


def doing(function, *args, actor: Actor | None = None):
    return run_as_service(function)(actor or Actor.system(), *args)


async def _seal(work: Work, place: Place) -> bytes:
    return await seal_value(work, 'DE89 3704 0044', place)


async def _open(work: Work, sealed: bytes, place: Place) -> bytes:
    return await open_value(work, sealed, place)


async def _keys(work: Work):
    return await work.all(select(DataKey).order_by(col(DataKey.created_at)))


async def test_a_value_is_sealed_for_its_place_and_opens_only_there(database):
    place = Place('bank_account', 'iban', new_id(), ORGANIZATION)
    sealed = await doing(_seal, place)
    assert b'DE89' not in sealed
    assert await doing(_open, sealed, place) == b'DE89 3704 0044'
    for other in (
        Place('bank_account', 'iban', new_id(), ORGANIZATION),
        Place('bank_account', 'bic', place.row_id, ORGANIZATION),
        Place('bank_account', 'iban', place.row_id, UUID(int=8)),
    ):
        with pytest.raises(Tampered):
            await doing(_open, sealed, other)


async def test_each_organization_and_purpose_has_a_key_of_its_own(database):
    async def _several(work: Work):
        places = [Place('a', 'b', new_id(), organization) for organization in (UUID(int=1), UUID(int=2), None)]
        sealed = [await seal_value(work, 'x', place) for place in places]
        sealed.append(await seal_value(work, 'x', places[0], purpose='mail'))
        sealed.append(await seal_value(work, 'x', places[0]))
        return [key_of(value) for value in sealed]

    ids = await doing(_several)
    assert len(set(ids)) == 4
    assert ids[0] == ids[4]


async def test_the_key_in_the_database_is_wrapped(database):
    place = Place('a', 'b', new_id())
    await doing(_seal, place)
    (row,) = await doing(_keys)
    assert len(row.wrapped) == 1 + 16 + 12 + 32 + 16
    row.scope = UUID(int=9).hex
    with pytest.raises(Tampered):
        secrets.envelope._unwrap(row)


async def test_a_value_whose_key_is_gone_is_tampered_with(database):
    async def _drop(work: Work):
        for row in await work.all(select(DataKey)):
            await work.delete(row)

    place = Place('a', 'b', new_id())
    sealed = await doing(_seal, place)
    await doing(_drop)
    with pytest.raises(Tampered):
        await doing(_open, sealed, place)


async def test_a_new_key_is_used_at_once_and_old_values_still_open(database):
    place = Place('a', 'b', new_id(), ORGANIZATION)
    old = await doing(_seal, place)
    await doing(rotate_data_key, ORGANIZATION)
    new = await doing(_seal, place)
    assert key_of(old) != key_of(new)
    assert await doing(_open, old, place) == await doing(_open, new, place)
    rows = await doing(_keys)
    assert [row.number for row in rows] == [1, 2]
    assert [row.retired_at is None for row in rows] == [False, True]


async def test_old_values_are_sealed_anew_in_steps_that_may_be_repeated(house: House):
    actor, _ = await signed_in()
    phone = Phone((await mfa.begin_own_totp(actor)).secret)

    async def _secret(work: Work):
        return (await work.first(select(TotpCredential))).secret

    column = next(column for column in SEALED_COLUMNS if column.model is TotpCredential)
    before = await doing(_secret)
    await doing(rotate_data_key, None)
    assert await doing(reseal_column, column, None) == 1
    assert await doing(reseal_column, column, None) == 0
    assert key_of(await doing(_secret)) != key_of(before)
    assert len(await mfa.confirm_totp(actor, phone.code())) == 10


async def test_a_key_is_replaced_before_it_has_sealed_too_many_values(database):
    async def _wear_out(work: Work):
        (await work.first(select(DataKey))).messages = MOST_MESSAGES

    place = Place('a', 'b', new_id())
    first = await doing(_seal, place)
    await doing(_wear_out)
    assert key_of(await doing(_seal, place)) != key_of(first)


async def test_every_sealing_is_counted(database):
    place = Place('a', 'b', new_id())
    for _ in range(3):
        await doing(_seal, place)
    assert [row.messages for row in await doing(_keys)] == [3]


async def test_a_new_master_key_wraps_the_data_keys_anew_and_nothing_is_lost(database):
    place = Place('a', 'b', new_id())
    sealed = await doing(_seal, place)
    before = installed()
    install(begin_kek_rotation(before))
    assert await doing(_open, sealed, place) == b'DE89 3704 0044'
    assert await doing(rewrap_data_keys) == 1
    assert await doing(rewrap_data_keys) == 0
    install(finish_kek_rotation(installed()))
    assert await doing(_open, sealed, place) == b'DE89 3704 0044'
    install(open_secrets(before.folder, database_exists=True))
    assert await doing(_open, sealed, place) == b'DE89 3704 0044'
    install(before)
    with pytest.raises(Unavailable, match='key file'):
        await doing(_open, sealed, place)


async def test_a_blind_index_is_equal_for_equal_values_of_one_column_in_one_organization(database):
    async def _indexes(work: Work):
        async def of(value: str, column: str = 'number', organization: UUID | None = ORGANIZATION) -> bytes:
            [index] = await blind_indexes(work, [value], table='member', column=column, organization_id=organization)
            return index

        return [await of('AB-1'), await of(' ab-1 '), await of('AB-2'), await of('AB-1', 'other'),
                await of('AB-1', organization=UUID(int=8))]  # fmt: skip

    first, same, *others = await doing(_indexes)
    assert first == same
    assert len(first) == 16
    assert len({first, *others}) == 4


async def test_the_key_of_blind_indexes_does_not_rotate(database):
    with pytest.raises(SecretsError):
        await doing(rotate_data_key, ORGANIZATION, 'indexes')
