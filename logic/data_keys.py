"""New data keys: every sealed value is sealed anew with one, in steps that a crash may interrupt anywhere."""

from collections.abc import Callable

from logic.core.actor import Actor
from logic.core.errors import Conflict
from logic.core.secrets import SEALED_COLUMNS, Tampered, reseal_column, rotate_data_key
from logic.core.secrets.envelope import count_sealed, retired_data_keys, scopes
from logic.core.service import SYSTEM, query, service
from logic.core.work import Work


async def rotate_data_keys(progress: Callable[[float], None] = lambda _: None) -> list[str]:
    """Give every organization and the installation a new data key, bring all values to it, and delete the old keys.

    Where a rotation was begun before, it is brought to its end instead. Returns what to do now, in sentences; raises
    Conflict when a value was changed past Logbook. Needs the installation alone: what another process seals meanwhile
    with an old key could not be read any more.
    """
    command = Actor.system(name='Command line')
    await begin_rotation(command)
    total, done = await count_old_values(command), 0
    while sealed := await seal_batch(command):
        done += sealed
        progress(done / max(total, done))
    count = await drop_old_keys(command)
    progress(1.0)
    return [
        f'{done} values were sealed with new keys, and {count} old keys were deleted.',
        'Backups from before hold the old keys and the values under them. Make a new one now.',
    ]


@service(SYSTEM)
async def begin_rotation(work: Work) -> None:
    """Make a new data key for everybody, unless old ones wait for their values to be sealed anew."""
    if not await retired_data_keys(work):
        for organization_id in await scopes(work):
            await rotate_data_key(work, organization_id)


@query(SYSTEM)
async def count_old_values(work: Work) -> int:
    """Return how many values are sealed with an old key."""
    return await count_sealed(work, await retired_data_keys(work))


@service(SYSTEM)
async def seal_batch(work: Work) -> int:
    """Seal a batch of values with the keys in force; returns how many, 0 when all are."""
    for organization_id in await scopes(work):
        for column in SEALED_COLUMNS:
            try:
                sealed = await reseal_column(work, column, organization_id)
            except Tampered as error:
                where = f'{column.model.__tablename__}.{column.column}'
                raise Conflict(
                    f'A sealed value in {where} was changed past Logbook, so it cannot be sealed anew. Nothing is '
                    'lost, and the old keys stay. Delete that value or restore a backup, then run this again.'
                ) from error
            if sealed:
                return sealed
    return 0


@service(SYSTEM)
async def drop_old_keys(work: Work) -> int:
    """Delete the data keys that no value needs any more; returns how many."""
    unused = [key for key in await retired_data_keys(work) if not await count_sealed(work, [key])]
    for key in unused:
        await work.delete(key)
    work.record('DataKey', None, keys=len(unused))
    return len(unused)
