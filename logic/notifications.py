"""Notices: what a person should know, in his bell, live; written in the transaction of its cause."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, select

from data.core import new_id
from data.database import insert_unless_there
from data.identity import Account, Position, PositionHolding
from data.members import Member
from data.notifications import Notice
from logic.core.domain import Domain
from logic.core.listing import ListQuery, Page
from logic.core.service import SIGNED_IN, SYSTEM, query, service
from logic.core.work import Work

domain = Domain(
    'notifications',
    title='Notices',
    icon='sym_o_notifications',
    group='Platform',
    description='The bell: what each person should know.',
)
KEPT = timedelta(days=180)
LONGEST_TITLE, LONGEST_BODY, LONGEST_LINK = 200, 500, 300


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice: what preferences call it, and how the bell shows it."""

    name: str
    label: str
    icon: str


kinds: dict[str, Kind] = {}


def register_kind(name: str, label: str, icon: str = 'sym_o_notifications') -> str:
    """Declare a kind of notice and return its name; a domain calls it at the top of its module."""
    if name in kinds:
        raise RuntimeError(f'Two kinds of notice are named {name}.')
    kinds[name] = Kind(name, label, icon)
    return name


INVITATION_ACCEPTED = register_kind('invitation_accepted', 'Somebody accepted an invitation', 'sym_o_how_to_reg')
NEW_DEVICE = register_kind('new_device', 'My account was used on a new device', 'sym_o_devices')
PASSWORD_CHANGED = register_kind('password_changed', 'My password or second factor was changed', 'sym_o_key')
PROFILE_CHANGE_WAITING = register_kind('profile_change_waiting', 'A change waits for my decision', 'sym_o_approval')
PROFILE_CHANGE_DECIDED = register_kind('profile_change_decided', 'A change I asked for was decided', 'sym_o_task_alt')
DOCUMENT_EXPIRING = register_kind('document_expiring', 'A document is about to expire', 'sym_o_event_busy')
IMPORT_FINISHED = register_kind('import_finished', 'An import has ended', 'sym_o_upload_file')
EXPORT_FINISHED = register_kind('export_finished', 'An export is ready', 'sym_o_download')
BACKUP_FAILED = register_kind('backup_failed', 'A backup has failed', 'sym_o_backup')


@service(SYSTEM)
async def tell(
    work: Work,
    account_id: UUID,
    *,
    kind: str,
    title: str,
    body: str = '',
    link: str = '',
    object_type: str = '',
    object_id: UUID | None = None,
    key: str | None = None,
) -> None:
    """Put a notice into the bell of an account, in this organization.

    `link` is a path of ours. `key` names a notice that comes once, such as document, record and level. Outside of any
    organization the notice goes to the one that the account used last. Raises ValueError for a kind nobody declared.
    """
    if kind not in kinds:
        raise ValueError(f'No domain declares the notice kind {kind}.')
    organization_id = work.session.info['organization_id']
    if not isinstance(organization_id, UUID):
        account = await work.get(Account, account_id)
        if account.last_organization_id is None:
            return
        async with work.inside(account.last_organization_id):
            await tell(
                work, account_id, kind=kind, title=title, body=body, link=link,
                object_type=object_type, object_id=object_id, key=key,
            )  # fmt: skip
        return
    row = Notice(
        id=new_id(),
        organization_id=organization_id,
        account_id=account_id,
        kind=kind,
        title=title[:LONGEST_TITLE],
        body=body[:LONGEST_BODY],
        link=link if len(link) <= LONGEST_LINK else '',
        object_type=object_type,
        object_id=object_id,
        unique_key=key,
        created_at=work.now,
        updated_at=work.now,
    )
    if key is None:
        work.add(row)
    else:
        await work.flush()
        await insert_unless_there(work.session, Notice, row.model_dump())
        work.changed('Notice', row.id)


async def tell_many(
    work: Work, account_ids: Iterable[UUID], *, kind: str, title: str, body: str = '', link: str = ''
) -> None:
    """Tell several accounts the same; each once."""
    for account_id in dict.fromkeys(account_ids):
        await tell(work, account_id, kind=kind, title=title, body=body, link=link)


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


def _mine(work: Work) -> tuple[object, ...]:
    return (col(Notice.account_id) == work.actor.account_id, col(Notice.organization_id) == work.organization_id)


@query(SIGNED_IN)
async def list_notices(work: Work, query: ListQuery = ListQuery(page_size=30)) -> Page[Notice]:  # noqa: B008  frozen
    """Return my notices, the newest first; the filter `read` takes `no`."""
    statement = select(Notice).where(*_mine(work))  # type: ignore[arg-type]
    if 'no' in query.values('read'):
        statement = statement.where(col(Notice.read_at).is_(None))
    sorts = {'created': (col(Notice.created_at), col(Notice.id))}
    newest_first = query.model_copy(update={'descending': True}) if not query.sort else query
    return await work.page(statement, newest_first, sorts, 'created')


@query(SIGNED_IN)
async def unread_count(work: Work) -> int:
    """Return how many of my notices I have not read."""
    return await work.count(select(col(Notice.id)).where(*_mine(work), col(Notice.read_at).is_(None)))  # type: ignore[arg-type]


@service(SIGNED_IN)
async def mark_read(work: Work, notice_id: UUID | None) -> None:
    """Note that I have read one notice, or with None all of them; another person's is not touched."""
    which = [col(Notice.id) == notice_id] if notice_id is not None else []
    await work.execute(
        update(Notice)
        .where(*_mine(work), col(Notice.read_at).is_(None), *which)  # type: ignore[arg-type]
        .values(read_at=work.now)
        .execution_options(synchronize_session=False)
    )


@service(SIGNED_IN)
async def mark_all_read(work: Work) -> None:
    """Note that I have read all my notices."""
    await mark_read(work, None)


@domain.job(schedule='40 2 * * *')
async def forget_old_notices(work: Work) -> None:
    """Delete notices of more than 180 days; one under a key goes too, its cause is long over."""
    await work.execute(delete(Notice).where(col(Notice.created_at) < work.now - KEPT))
