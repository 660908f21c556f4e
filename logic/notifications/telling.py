"""Telling: the one door through which every domain tells people something, one or thousands."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select

from data.core import new_id
from data.database import insert_many
from data.identity import Account, Position, PositionHolding
from data.members import Member
from data.notifications import Channel, DigestRhythm, Notice, NoticeDelivery, Pace, PushSubscription
from data.organizations import Organization
from logic import mail
from logic.core.domain import Job
from logic.core.language import speaking
from logic.core.sentences import packed, unpacked
from logic.core.service import SYSTEM, service
from logic.core.work import Work
from logic.notifications.domain import domain
from logic.notifications.kinds import Kind, kinds
from logic.notifications.preferences import Wishes, hours_of, wishes_of

BREAKING = frozenset({'Cc', 'Cs', 'Zl', 'Zp'})
"""Categories of letters: control characters, halves of others, ends of lines and paragraphs."""
LONGEST_TITLE, LONGEST_BODY, LONGEST_LINK = 200, 500, 300
AT_ONCE = 250
"""So many are told in the transaction of the cause; more than that by jobs of so many each, one commit a job."""
PAUSE = timedelta(seconds=2)
"""Between two of those jobs, so that fewer than one page in twenty meets one: ten thousand take 80 s."""
HOLD = {Channel.MAIL: timedelta(seconds=60), Channel.PUSH: timedelta(seconds=5)}
"""How long a message waits for others about the same record, which then go in one."""
TICK_SECONDS = 10
"""Deliveries that are due within so many seconds share a job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is told; title and body are said to each in his language, unless they are plain text."""

    kind: str
    title: str
    body: str = ''
    link: str = ''
    object_type: str = ''
    object_id: str | None = None
    key: str | None = None

    def said(self) -> dict[str, str]:
        """Return title and body in the language that is spoken now."""
        title = ' '.join(_sayable(str(self.title)).split())[:LONGEST_TITLE]
        return {'title': title, 'body': _sayable(str(self.body))[:LONGEST_BODY]}

    def packed(self) -> dict[str, Any]:
        """Return them as JSON, for a job."""
        return {one.name: packed(getattr(self, one.name)) for one in fields(self)}


def bell_of(account_id: UUID | None) -> str:
    """Return the name under which a change of an account's bell is published: only its own screens hear it."""
    return f'Bell:{account_id.hex if account_id else ""}'


@service(SYSTEM)
async def tell(
    work: Work,
    account_ids: UUID | Iterable[UUID],
    *,
    kind: str,
    title: str,
    body: str = '',
    link: str = '',
    object_type: str = '',
    object_id: UUID | None = None,
    key: str | None = None,
    by: UUID | None = None,
) -> None:
    """Tell accounts something, each once, in this organization: in the bell, and by mail and push as each wants it.

    `title` and `body` are made with `told` or `later`, and said to each in his language; what a person wrote is given
    as it is. Thousands cost the caller a few statements. `link` is a path of ours. `key` names a notice that comes
    once, such as document, record and level. Nobody is told of his own act: that of the actor, or of the account `by`
    where a job tells of what somebody did. Outside of any organization one account is told, in the one that it used
    last. Raises ValueError for a kind nobody declared.
    """
    if kind not in kinds:
        raise ValueError(f'No domain declares the notice kind {kind}.')
    words = Words(
        kind=kind, title=title, body=body, link=link if len(link) <= LONGEST_LINK else '', object_type=object_type,
        object_id=str(object_id) if object_id else None, key=key,
    )  # fmt: skip
    if not isinstance(account_ids, UUID):
        await _tell(work, account_ids, words, by)
    elif isinstance(work.session.info['organization_id'], UUID):
        await _tell(work, [account_ids], words, by)
    else:
        last = (await work.get(Account, account_ids)).last_organization_id
        if last is not None:
            async with work.inside(last):
                await _tell(work, [account_ids], words, by)


async def withdraw(work: Work, keys: Iterable[str]) -> None:
    """Take back what was told under these keys, from bells and from what is still to be sent: its cause was deleted."""
    told = select(Notice).where(col(Notice.unique_key).in_(list(keys)), Notice.organization_id == work.organization_id)
    rows = await work.all(told)
    if rows:
        ids = [row.id for row in rows]
        quietly: dict[str, Any] = {'synchronize_session': False}
        for gone in (
            delete(NoticeDelivery).where(col(NoticeDelivery.notice_id).in_(ids)),
            delete(Notice).where(col(Notice.id).in_(ids)),
        ):
            await work.execute(gone.execution_options(**quietly))
        for account_id in {row.account_id for row in rows}:
            work.changed(bell_of(account_id), None)


def _sayable(text: str) -> str:
    """Return a text in which no letter breaks a line or a mail: titles hold names that people chose."""
    if text.isprintable():
        return text
    return ''.join(' ' if unicodedata.category(one) in BREAKING and one != '\n' else one for one in text)


async def _tell(work: Work, account_ids: Iterable[UUID], words: Words, by: UUID | None) -> None:
    doer = None if kinds[words.kind].is_own else by or work.actor.account_id
    told = [account_id for account_id in dict.fromkeys(account_ids) if account_id != doer]
    if len(told) <= AT_ONCE:
        await put(work, told, words)
        return
    for number, start in enumerate(range(0, len(told), AT_ONCE)):
        part = [str(one) for one in told[start : start + AT_ONCE]]
        work.enqueue(tell_some, part, words.packed(), run_at=work.now + number * PAUSE)


@domain.job()
async def tell_some(work: Work, account_ids: list[str], words: dict[str, Any]) -> None:
    """Tell a part of very many; that it is done is stored with it, so that each is told once."""
    await put(work, [UUID(one) for one in account_ids], Words(**{name: unpacked(one) for name, one in words.items()}))


async def put(work: Work, account_ids: Sequence[UUID], words: Words) -> None:
    """Write the notices of some accounts, and plan what of them is mailed and pushed, in a few statements."""
    if not account_ids:
        return
    await work.flush()
    kind = kinds[words.kind]
    wishes = await wishes_of(work, kind, account_ids)
    locales = await locales_of(work, account_ids)
    said: dict[str, dict[str, str]] = {}
    for locale in set(locales.values()):
        with speaking(locale):
            said[locale] = words.said()
    notices = {
        account_id: _row(work, account_id, words, in_bell=wishes[account_id][Channel.BELL] is not Pace.OFF)
        | said[locales[account_id]]
        for account_id in account_ids
    }
    await insert_many(work.session, Notice, list(notices.values()))
    if words.key is not None:
        ids = [row['id'] for row in notices.values()]
        new = set(await work.all(select(Notice.id).where(col(Notice.id).in_(ids))))
        notices = {account_id: row for account_id, row in notices.items() if row['id'] in new}
    await _plan(work, kind, {account_id: row['id'] for account_id, row in notices.items()}, wishes)
    work.changed('Notice', None)
    for account_id in notices:
        work.changed(bell_of(account_id), None)


def _row(work: Work, account_id: UUID, words: Words, *, in_bell: bool) -> dict[str, Any]:
    return {
        'id': new_id(), 'organization_id': work.organization_id, 'account_id': account_id, 'kind': words.kind,
        'link': words.link, 'object_type': words.object_type, 'unique_key': words.key, 'in_bell': in_bell,
        'object_id': UUID(words.object_id) if words.object_id else None, 'read_at': None if in_bell else work.now,
        'created_at': work.now, 'updated_at': work.now, 'version': 1,
    }  # fmt: skip


async def _plan(work: Work, kind: Kind, notices: dict[UUID, UUID], wishes: dict[UUID, Wishes]) -> None:
    wanted: dict[Channel, list[UUID]] = {Channel.MAIL: [], Channel.PUSH: []}
    if mail.is_set_up():
        wanted[Channel.MAIL] = [one for one in notices if wishes[one][Channel.MAIL] is not Pace.OFF]
    pushed = [one for one in notices if wishes[one][Channel.PUSH] is not Pace.OFF]
    if pushed:
        wanted[Channel.PUSH] = await work.all(
            select(PushSubscription.account_id)
            .where(
                col(PushSubscription.account_id).in_(pushed),
                PushSubscription.organization_id == work.organization_id,
            )
            .distinct()
        )
    if not any(wanted.values()):
        return
    hours = await hours_of(work, {*wanted[Channel.MAIL], *wanted[Channel.PUSH]})
    rows = []
    for channel, account_ids in wanted.items():
        for account_id in account_ids:
            pace = wishes[account_id][channel]
            if pace is Pace.DIGEST and hours[account_id].digest is DigestRhythm.OFF:
                continue
            due_at = work.now if kind.is_firm else hours[account_id].after_quiet(work.now + HOLD[channel])
            rows.append(
                _delivery(
                    work,
                    notice_id=notices[account_id],
                    account_id=account_id,
                    channel=channel,
                    pace=pace,
                    due_at=due_at,
                )
            )
    await insert_many(work.session, NoticeDelivery, rows)
    for channel, due_at in {(row['channel'], _tick(row['due_at'])) for row in rows if row['pace'] is Pace.NOW}:
        key = f'notices|{work.organization_id}|{channel}|{due_at:%Y%m%d%H%M%S}'
        work.enqueue(senders[channel], run_at=due_at, key=key)


senders: dict[Channel, Job] = {}
"""The job that sends what is due in a channel."""


def _delivery(work: Work, **planned: Any) -> dict[str, Any]:
    return planned | {
        'id': new_id(), 'organization_id': work.organization_id, 'done_at': None, 'mail_id': None,
        'created_at': work.now, 'updated_at': work.now, 'version': 1,
    }  # fmt: skip


def _tick(at: datetime) -> datetime:
    """Return the end of the ten seconds that an instant is in."""
    return datetime.fromtimestamp((int(at.timestamp()) // TICK_SECONDS + 1) * TICK_SECONDS, UTC)


async def locales_of(work: Work, account_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return how each account is spoken to: as it chose, else as the department is."""
    chosen = select(Account.id, Account.locale).where(col(Account.id).in_(list(account_ids)))
    known: dict[UUID, str] = dict(tuple(row) for row in await work.all(chosen))
    department = (await work.get(Organization, work.organization_id)).locale
    return {account_id: known.get(account_id) or department for account_id in account_ids}


async def holders_of(work: Work, permission: str) -> list[UUID]:
    """Return the accounts of this organization that hold a permission today: whom to tell what needs an officer."""
    today = work.now.date()
    rows = await work.session.exec(
        select(col(Member.account_id), Position)
        .join(PositionHolding, col(PositionHolding.member_id) == col(Member.id))
        .join(Position, col(Position.id) == col(PositionHolding.position_id))
        .where(col(Member.account_id).is_not(None), col(Member.archived_at).is_(None))
        .where(col(PositionHolding.from_on) <= today + timedelta(days=1))
        .where((col(PositionHolding.until_on).is_(None)) | (col(PositionHolding.until_on) >= today))
    )
    wanted = {permission, '*', f'{permission.partition(".")[0]}.*'}
    return list(dict.fromkeys(account for account, position in rows if account and wanted & position.permission_set))
