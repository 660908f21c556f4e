"""A new master key: every key that it wraps is wrapped anew, in steps that a crash may interrupt anywhere."""

from collections.abc import Callable

from logic.audit import count_old_subject_keys, rewrap_subject_keys
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.secrets import begin_kek_rotation, finish_kek_rotation, install, installed, rewrap_data_keys
from logic.core.secrets.keys import old_name
from logic.core.service import SYSTEM, query, service
from logic.core.work import Work

BATCH = 500


async def rotate_master_key(settings: Settings, progress: Callable[[float], None] = lambda _: None) -> list[str]:
    """Make a new master key and wrap every key of this installation with it; returns what to do now, in sentences.

    Until the last step the old key and the new one are both in the folder of the keys, so that whoever starts Logbook
    in between, or runs this again, loses nothing. Needs the installation alone: other processes know only the old key.
    """
    command, keys = Actor.system(name='Command line'), installed()
    comes_last = settings.kek is not None and keys.old_kek is not None and keys.kek == keys.old_kek
    keys = begin_kek_rotation(keys)
    install(keys)
    await wrap_data_keys(command)
    total = await count_old_keys(command)
    done = 0
    while wrapped := await wrap_subject_keys(command):
        done += wrapped
        progress(done / max(total, done))
    if settings.kek is not None and not comes_last:
        return [
            'Everything is wrapped with the new master key.',
            f'LOGBOOK_KEK still holds the old one: put the content of {keys.next_path} there, and run this again. '
            'Until then Logbook works with both.',
        ]
    await note_rotation(command)
    install(finish_kek_rotation(keys, in_environment=settings.kek is not None))
    progress(1.0)
    if settings.kek is not None:
        return [
            'The new master key is in force. Print the recovery sheet again.',
            'Backups from before open with the old one only, which the sheet from before has.',
        ]
    assert keys.old_kek is not None
    return [
        'The new master key is in force. Make a backup now, and print the recovery sheet again.',
        'Backups from before open with the old key only. The sheet from before has it, and so has '
        f'{keys.folder / old_name(keys.old_kek)}: take it away to where you keep your keys, and destroy it with the '
        'last of those backups.',
    ]


@service(SYSTEM)
async def wrap_data_keys(work: Work) -> int:
    """Wrap the keys of sealed values with the present master key; returns how many were wrapped with another."""
    return await rewrap_data_keys(work)


@query(SYSTEM)
async def count_old_keys(work: Work) -> int:
    """Return how many people's keys another master key wraps."""
    return await count_old_subject_keys(work.session)


@service(SYSTEM)
async def wrap_subject_keys(work: Work) -> int:
    """Wrap a batch of people's keys with the present master key; returns how many, 0 when all are."""
    return await rewrap_subject_keys(work.session, BATCH)


@service(SYSTEM)
async def note_rotation(work: Work) -> None:
    """Record that the master key was replaced."""
    work.record('MasterKey', None)
