"""Lists of tasks: making, nesting, sharing and archiving them, and the private inbox that everybody has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.departments import Department
from data.identity import Position
from data.members import Member
from data.tasks import BoardColumn, ColumnKind, ListVisibility, ShareLevel, Task, TaskList, TaskListShare
from logic import notifications, watchers
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.language import _, later
from logic.core.sentences import told
from logic.core.service import query, service
from logic.core.work import Work
from logic.members.directory import Label, called
from logic.tasks import order
from logic.tasks.domain import ADD, LIST_SHARED, MANAGE_LISTS, VIEW, domain
from logic.tasks.inputs import ListInput, ShareInput
from logic.tasks.rows import NAMES, OPEN, overdue
from logic.tasks.visibility import Sight, sight, visible_list

INBOX = later('Inbox')
FIRST_COLUMNS = (
    (later('Pending'), ColumnKind.OPEN),
    (later('In progress'), ColumnKind.STARTED),
    (later('Completed'), ColumnKind.DONE),
)
SHARED = {
    ShareLevel.VIEW: later('{name} shared the list "{list}" with you: you may see it.'),
    ShareLevel.EDIT: later('{name} shared the list "{list}" with you: you may work on its tasks.'),
    ShareLevel.MANAGE: later('{name} shared the list "{list}" with you: you may manage it.'),
}
ENDED = later('{name} shares the list "{list}" with you no longer.')
GIVEN = later('{name} gave you the list "{list}": it is yours now.')


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list as the viewer sees it."""

    id: UUID
    title: str
    description: str
    colour: str
    icon: str
    parent_id: UUID | None
    visibility: ListVisibility
    organization_level: ShareLevel
    owner: Label
    is_inbox: bool
    is_archived: bool
    level: ShareLevel
    """What the viewer may do with it."""
    open_count: int
    overdue_count: int
    version: int


@dataclass(frozen=True, slots=True)
class ShareRow:
    """With whom a list is shared: `kind` is person, position or department."""

    id: UUID
    kind: str
    target: Label
    level: ShareLevel


@query(VIEW)
async def list_lists(work: Work, *, archived: bool = False) -> list[ListRow]:
    """Return the lists that the actor sees, his inbox first, then by title. Three statements."""
    seen = await sight(work)
    return await _rows(
        work, seen, col(TaskList.archived_at).is_not(None) if archived else col(TaskList.archived_at).is_(None)
    )


@query(VIEW)
async def get_list(work: Work, list_id: UUID) -> ListRow:
    """Return one list. Raises NotFound for a list that the actor does not see."""
    seen = await sight(work)
    found = await _rows(work, seen, col(TaskList.id) == list_id)
    if not found:
        raise NotFound('There is no such list.')
    return found[0]


async def _rows(work: Work, seen: Sight, which: Any) -> list[ListRow]:
    counts = (
        sa.select(
            col(Task.list_id).label('list_id'), sa.func.count().label('open'),
            sa.func.sum(sa.case((overdue(seen.today, work.now), 1), else_=0)).label('overdue'),
        )
        .where(seen.tasks(), col(Task.status).in_(OPEN), col(Task.organization_id) == work.organization_id)
        .group_by(col(Task.list_id))
        .subquery()
    )  # fmt: skip
    statement = (
        sa.select(TaskList, *NAMES, counts.c.open, counts.c.overdue)
        .join(Member, col(Member.id) == TaskList.owner_id)
        .join(counts, counts.c.list_id == col(TaskList.id), isouter=True)
        .where(seen.lists(), which)
        .order_by(col(TaskList.inbox_of_id).is_(None), sa.func.lower(col(TaskList.title)), col(TaskList.id))
    )
    return [
        ListRow(
            id=row.id, title=row.title, description=row.description, colour=row.colour, icon=row.icon,
            parent_id=row.parent_id, visibility=row.visibility, organization_level=row.organization_level,
            owner=Label(row.owner_id, called(preferred, first, last)), is_inbox=row.inbox_of_id is not None,
            is_archived=row.archived_at is not None,
            level=ShareLevel.MANAGE if seen.sees_all else seen.levels[row.id],
            open_count=int(open_count or 0), overdue_count=int(late or 0), version=row.version,
        )
        for row, first, preferred, last, open_count, late in await work.all(statement)
    ]  # fmt: skip


@service(ADD)
async def add_list(work: Work, data: ListInput, shares: Sequence[ShareInput] = ()) -> TaskList:
    """Add a list with its three first columns, shared with these; whoever adds it owns it.

    Raises Invalid for a parent that is inside of another list, Denied for a list of the whole department without the
    right for that, NotFound for a parent that the actor does not see.
    """
    seen = await sight(work)
    owner = await _owner(work)
    await _check(work, seen, data, None)
    row = work.add(TaskList(**data.model_dump(), owner_id=owner.id))
    await work.flush()
    await add_first_columns(work, row)
    for share in shares:
        await share_list(work, row.id, share)
    return row


async def add_first_columns(work: Work, row: TaskList) -> list[BoardColumn]:
    """Give a new list the columns that every list begins with."""
    columns = [
        work.add(BoardColumn(list_id=row.id, title=str(title), kind=kind, order_key=key))
        for (title, kind), key in zip(FIRST_COLUMNS, order.spread(len(FIRST_COLUMNS)), strict=True)
    ]
    await work.flush()
    return columns


async def _owner(work: Work) -> Member:
    member = await work.find(Member, work.actor.member_id)
    if member is None:
        raise Invalid('A list belongs to a person, and you act for none here. Sign in as yourself.')
    return member


@service(ADD)
async def my_inbox(work: Work) -> TaskList:
    """Return the actor's private inbox; it is made when it is first asked for."""
    owner = await _owner(work)
    row: TaskList | None = await work.first(select(TaskList).where(TaskList.inbox_of_id == owner.id))
    if row is None:
        row = work.add(TaskList(title=str(INBOX), icon='sym_o_inbox', owner_id=owner.id, inbox_of_id=owner.id))
        await work.flush()
        await add_first_columns(work, row)
    return row


@service(ADD)
async def update_list(
    work: Work, list_id: UUID, data: ListInput, version: int | None = None, shares: Sequence[ShareInput] = ()
) -> TaskList:
    """Change a list, and share it with these as well. Those with whom it is shared by name are told when it is private
    from now on, and when it is not any more.

    Raises as `add_list` does, and Conflict for an inbox that would be shown to others.
    """
    seen = await sight(work)
    row = await visible_list(work, list_id, seen, ShareLevel.MANAGE, version)
    await _check(work, seen, data, row)
    was_private, known_as = row.visibility is ListVisibility.PRIVATE, row.title
    for name, value in data.model_dump().items():
        setattr(row, name, value)
    for share in shares:
        await share_list(work, row.id, share)
    if was_private is not (row.visibility is ListVisibility.PRIVATE):
        await work.flush()
        for held in await work.all(_shares(row.id)):
            if held.member_id is not None:
                said = (SHARED[held.level], row.title) if was_private else (ENDED, known_as)
                await _tell(work, row, held.member_id, *said)
    return row


async def _check(work: Work, seen: Sight, data: ListInput, row: TaskList | None) -> None:
    shown_to_all = row is not None and row.visibility is ListVisibility.ORGANIZATION
    if data.visibility is ListVisibility.ORGANIZATION and not shown_to_all:
        work.require(MANAGE_LISTS)
    if row is not None and row.inbox_of_id is not None:
        if data.visibility is not ListVisibility.PRIVATE or data.parent_id is not None:
            raise Conflict('An inbox stays private. Make a list of its own for what others should see.')
        return
    if data.parent_id is None or (row is not None and row.parent_id == data.parent_id):
        return
    parent = await visible_list(work, data.parent_id, seen, ShareLevel.MANAGE)
    if row is not None and parent.id == row.id:
        raise Invalid('A list cannot be inside of itself.', {'parent_id': 'Choose another list.'})
    if parent.parent_id is not None or parent.inbox_of_id is not None:
        raise Invalid('Lists nest one level.', {'parent_id': _('"{list}" cannot hold other lists.', list=parent.title)})
    if row is not None and await work.first(select(TaskList.id).where(TaskList.parent_id == row.id).limit(1)):
        raise Invalid('Lists nest one level.', {'parent_id': _('"{list}" holds lists itself.', list=row.title)})


@service(ADD)
async def archive_list(work: Work, list_id: UUID, *, archived: bool = True) -> TaskList:
    """Put a list away with its tasks, or with `archived=False` back; lists inside of it go with it."""
    seen = await sight(work)
    row = await visible_list(work, list_id, seen)
    if not seen.may(list_id, ShareLevel.MANAGE):
        raise Denied(_('Only who manages "{list}" can archive it.', list=row.title))
    if row.inbox_of_id is not None:
        raise Conflict('An inbox cannot be archived.')
    if (row.archived_at is not None) is archived:
        text = later('"{list}" is archived already.') if archived else later('"{list}" is not archived.')
        raise Conflict(_(text, list=row.title))
    before, at = row.archived_at, work.now if archived else None
    row.archived_at = at
    for inner in await work.all(select(TaskList).where(TaskList.parent_id == row.id)):
        if inner.archived_at == before:  # what was archived on its own stays so
            inner.archived_at = at
    return row


@dataclass(frozen=True, slots=True)
class GivenList:
    """A list that was given to another owner, with what `give_list_back` needs."""

    list_id: UUID
    from_id: UUID
    to_id: UUID
    level: ShareLevel | None
    """What the new owner could do with it before."""
    kept_share: bool
    """Whether it was shared with the former owner already."""
    visibility: ListVisibility


@service(ADD)
async def give_list(work: Work, list_id: UUID, owner_id: UUID) -> GivenList:
    """Let another person own a list; who owned it keeps managing it. What it returns gives the list back.

    Raises NotFound, Denied, Invalid for who is not here, Conflict for an inbox.
    """
    seen = await sight(work)
    row = await visible_list(work, list_id, seen, ShareLevel.MANAGE)
    if row.inbox_of_id is not None:
        raise Conflict('An inbox belongs to one person. Move its tasks to another list.')
    owner = await work.get(Member, owner_id)
    if owner.archived_at is not None and owner.id != row.owner_id:
        raise Invalid('This person is archived.', {'owner_id': 'Choose somebody who is here.'})
    shares = {share.member_id: share for share in await work.all(_shares(row.id))}
    level = shares[owner.id].level if owner.id in shares else None
    given = GivenList(row.id, row.owner_id, owner.id, level, row.owner_id in shares, row.visibility)
    if owner.id == row.owner_id:
        return given
    if owner.id in shares:
        await work.delete(shares[owner.id])
    if not given.kept_share:
        work.add(TaskListShare(list_id=row.id, member_id=row.owner_id, level=ShareLevel.MANAGE))
    if row.visibility is ListVisibility.PRIVATE:
        row.visibility = ListVisibility.SHARED
    row.owner_id = owner.id
    await _tell(work, row, owner.id, GIVEN)
    return given


@service(ADD)
async def give_list_back(work: Work, given: GivenList) -> TaskList:
    """Let a list belong to its former owner again, shared as it was. Raises NotFound, Denied, Conflict."""
    row = await visible_list(work, given.list_id, await sight(work), ShareLevel.MANAGE)
    if row.owner_id != given.to_id:
        raise Conflict('The list has another owner meanwhile.')
    owner = await work.get(Member, given.from_id)
    shares: list[TaskListShare] = await work.all(_shares(row.id))
    added = [share for share in shares if share.member_id == owner.id and not given.kept_share]
    for share in added:
        await work.delete(share)
    if given.level is not None:
        new_owner = await work.get(Member, given.to_id)
        work.add(TaskListShare(list_id=row.id, member_id=new_owner.id, level=given.level))
    if given.visibility is ListVisibility.PRIVATE and len(shares) == len(added):
        row.visibility = ListVisibility.PRIVATE  # nobody else was let in meanwhile
    row.owner_id = owner.id
    await notifications.withdraw(work, [_key(row.id, given.to_id)])
    return row


def _shares(list_id: UUID) -> Any:
    return select(TaskListShare).where(TaskListShare.list_id == list_id)


@query(VIEW)
async def list_shares(work: Work, list_id: UUID) -> list[ShareRow]:
    """Return with whom a list is shared, by name; three statements."""
    await visible_list(work, list_id, await sight(work))
    statement = (
        sa.select(
            TaskListShare, *NAMES,
            col(Position.name).label('position'), col(Department.name).label('department'),
        )
        .select_from(TaskListShare)
        .join(Member, col(Member.id) == TaskListShare.member_id, isouter=True)
        .join(Position, col(Position.id) == TaskListShare.position_id, isouter=True)
        .join(Department, col(Department.id) == TaskListShare.department_id, isouter=True)
        .where(col(TaskListShare.list_id) == list_id)
    )  # fmt: skip
    rows = []
    for share, first, preferred, last, position, department in await work.all(statement):
        if share.member_id is not None:
            rows.append(
                ShareRow(share.id, 'person', Label(share.member_id, called(preferred, first, last)), share.level)
            )
        elif share.position_id is not None:
            rows.append(ShareRow(share.id, 'position', Label(share.position_id, position), share.level))
        else:
            rows.append(ShareRow(share.id, 'department', Label(share.department_id, department or ''), share.level))
    return sorted(rows, key=lambda row: (row.kind, row.target.name.casefold()))


@service(ADD)
async def share_list(work: Work, list_id: UUID, data: ShareInput) -> TaskListShare:
    """Share a list, or change what somebody may do with it. A private list becomes a shared one.

    A person who is named is told of it; who has it by his position or department is not.

    Raises Conflict for an inbox, NotFound for a person, position or department that is not here.
    """
    seen = await sight(work)
    row = await visible_list(work, list_id, seen, ShareLevel.MANAGE)
    if row.inbox_of_id is not None:
        raise Conflict('An inbox stays private. Make a list of its own for what others should see.')
    named: dict[str, Any] = {'member_id': Member, 'position_id': Position, 'department_id': Department}
    target = {name: getattr(data, name) for name in named if getattr(data, name) is not None}
    for name, row_id in target.items():
        await work.get(named[name], row_id)
    share: TaskListShare | None = await work.first(_shares(row.id).filter_by(**target))
    is_news = share is None or share.level is not data.level
    if share is None:
        share = work.add(TaskListShare(list_id=row.id, level=data.level, **target))
    share.level = data.level
    if row.visibility is ListVisibility.PRIVATE:
        row.visibility = ListVisibility.SHARED
    await work.flush()
    if is_news and data.member_id is not None:
        await _tell(work, row, data.member_id, SHARED[data.level])
    return share


def _key(list_id: UUID, member_id: UUID) -> str:
    """Return what names the notice of a list to a person: he has one, of what he may do with it now."""
    return f'list_shared:{list_id.hex}:{member_id.hex}'


async def _tell(work: Work, row: TaskList, member_id: UUID, said: str, title: str = '') -> None:
    """Tell a person what he may do with a list from now on, if he may see tasks at all.

    That it is shared with him no longer is no news to who sees it all the same, by his position or because all do. He
    is told of it by the title under which he saw it: what it is called from then on is none of his business.
    """
    key, reader = _key(row.id, member_id), (await watchers.actors_of(work, [member_id])).get(member_id)
    await notifications.withdraw(work, [key])
    if reader is None or reader.account_id is None or not reader.may(VIEW) or domain.name in reader.modules_off:
        return
    if said is ENDED and (await sight(work.acting_as(reader))).may(row.id, ShareLevel.VIEW):
        return
    await notifications.tell(
        work, reader.account_id, kind=LIST_SHARED, title=told(said, name=work.actor.name, list=title or row.title),
        link='/tasks/lists' if said is ENDED else f'/tasks/lists/{row.id}',
        object_type='TaskList', object_id=row.id, key=key,
    )  # fmt: skip


@service(ADD)
async def unshare_list(work: Work, share_id: UUID) -> None:
    """Share a list no longer with somebody; a person who is named is told, unless he sees it all the same or did not.

    Who leaves it himself needs no right for that. Raises NotFound, Denied.
    """
    seen = await sight(work)
    share = await work.find(TaskListShare, share_id)
    if share is None or not seen.may(share.list_id, ShareLevel.VIEW):
        raise NotFound('The list is not shared so any more.')
    if not work.actor.owns(share.member_id):
        await visible_list(work, share.list_id, seen, ShareLevel.MANAGE)
    await work.delete(share)
    await work.flush()
    row = await work.get(TaskList, share.list_id)
    if share.member_id is not None and row.visibility is not ListVisibility.PRIVATE:
        await _tell(work, row, share.member_id, ENDED)
