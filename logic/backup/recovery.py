"""The recovery sheet: what is kept on paper, so that a backup opens when this computer and its keys are gone."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from uuid import UUID

from data.organizations import Organization
from logic.audit.note import in_words
from logic.backup.keeping import MANAGE
from logic.backup.keyring import RecoveryKeys, recovery_keys
from logic.core import config
from logic.core.errors import Denied, Invalid
from logic.core.language import _
from logic.core.service import query, service
from logic.core.work import Work
from logic.identity.sessions import require_fresh
from logic.organizations import first_organization

NOT_THE_WORD = 'This is not the word on the sheet.'


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """What stands on the sheet; its words stand for all of its keys and tell nothing of them."""

    address: str
    keys: RecoveryKeys = field(repr=False)
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecoveryState:
    """Whether somebody keeps the sheet of the present keys, and which two of its words are asked back."""

    is_kept: bool
    asked: tuple[int, int]


@query(MANAGE)
async def recovery_state(work: Work) -> RecoveryState:
    """Say whether the sheet is kept. The key opens the backups of all: raises Denied outside of the first."""
    organization = await _installation(work)
    fingerprint, _words = await _fingerprint()
    return RecoveryState(organization.settings.recovery_kept == fingerprint, _asked(work, fingerprint))


@service(MANAGE, secret=True)
async def open_sheet(work: Work) -> RecoverySheet:
    """Return the sheet to print; that somebody saw it is recorded. Raises Denied as above, SignInAgain."""
    await _installation(work)
    require_fresh(work)
    work.record('RecoverySheet', None, outcome='seen')
    keys = await asyncio.to_thread(recovery_keys)
    return RecoverySheet(config.configured().address, keys, (await _fingerprint())[1])


@service(MANAGE)
async def keep_sheet(work: Work, first: str, second: str) -> None:
    """Note that the sheet is kept, shown by the two words that are asked. Raises Denied, SignInAgain, Invalid."""
    organization = await _installation(work)
    require_fresh(work)
    fingerprint, words = await _fingerprint()
    given = {'first': first, 'second': second}
    expected = [words[number - 1] for number in _asked(work, fingerprint)]
    wrong = {
        name: _(NOT_THE_WORD)
        for (name, said), word in zip(given.items(), expected, strict=True)
        if said.strip().lower() != word
    }
    if wrong:
        raise Invalid('These are not the words on the sheet.', wrong)
    organization.settings = organization.settings.model_copy(update={'recovery_kept': fingerprint})
    work.record('RecoverySheet', None)


async def is_kept(organization: Organization) -> bool:
    """Say whether somebody keeps the sheet of the present keys."""
    return bool(organization.settings.recovery_kept) and (
        organization.settings.recovery_kept == (await _fingerprint())[0]
    )


async def _installation(work: Work) -> Organization:
    organization = await work.get(Organization, work.organization_id)
    if await first_organization(work) != organization.id:
        raise Denied('The key opens the backups of all departments here. Only the first one looks after it.')
    return organization


async def _fingerprint() -> tuple[str, tuple[str, ...]]:
    """Return what names the present keys, and as words, without telling them."""
    keys = await asyncio.to_thread(recovery_keys)
    digest = hashlib.sha256('\n'.join(('logbook/recovery-sheet/2', *keys.lines)).encode()).digest()
    return digest[16:].hex(), tuple(in_words(digest[:16]).split())


def _asked(work: Work, fingerprint: str) -> tuple[int, int]:
    """Return the numbers of two words: the same for as long as a session lasts, so that a mistake can be mended."""
    who: UUID | None = work.actor.session_id or work.actor.account_id
    digest = hashlib.sha256(f'{who}/{fingerprint}'.encode()).digest()
    first = digest[0] % 7 + 1
    return first, first + 1 + digest[1] % (8 - first)
