"""Changes of many people from the directory: one transaction, refusals listed, one undo."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.members import MemberStatus
from logic import departments, members
from logic.core.actor import Actor
from logic.core.listing import ListQuery
from logic.members import BatchResult, bulk
from logic.members.domain import ARCHIVE, CHANGE_STATUS, EDIT
from ui.components import BulkAction, FormDialog, Selection, toast
from ui.search import search_people


class DepartmentChoice(BaseModel):
    """A department, and from when."""

    model_config = ConfigDict(extra='forbid')

    department_id: Annotated[UUID, Field(title='Department')]
    from_on: Annotated[date | None, Field(title='From')] = None


class ManagerChoice(BaseModel):
    """A manager."""

    model_config = ConfigDict(extra='forbid')

    manager_id: Annotated[UUID, Field(title='Manager')]


class TypeChoice(BaseModel):
    """A membership type."""

    model_config = ConfigDict(extra='forbid')

    membership_type_id: Annotated[UUID, Field(title='Membership type')]


class TagChoice(BaseModel):
    """A tag."""

    model_config = ConfigDict(extra='forbid')

    tag_id: Annotated[UUID, Field(title='Tag')]


class StatusChoice(BaseModel):
    """A status, and why."""

    model_config = ConfigDict(extra='forbid')

    status: Annotated[MemberStatus, Field(title='Status')]
    reason: Annotated[str, Field(title='Reason', min_length=1, max_length=300)]


def bulk_actions(actor: Actor) -> list[BulkAction]:
    """Return what the actor may do with many at once."""
    found = []
    if actor.may(EDIT):
        found += [
            BulkAction('Set department', _department, 'sym_o_account_tree'),
            BulkAction('Set manager', _manager, 'sym_o_supervisor_account'),
            BulkAction('Set type', _type, 'sym_o_card_membership'),
            BulkAction('Add tag', _tag, 'sym_o_label'),
        ]
    if actor.may(CHANGE_STATUS):
        found.append(BulkAction('Change status', _status, 'sym_o_swap_horiz'))
    if actor.may(ARCHIVE):
        found.append(BulkAction('Archive', _archive, 'sym_o_archive'))
    return found


async def _ids(actor: Actor, selection: Selection) -> list[UUID]:
    return await members.matching_ids(actor, _asked(selection.query)) if selection.all else selection.ids


def _asked(query: ListQuery) -> ListQuery:
    return query.model_copy(update={'page': 1})


def tell(result: BatchResult, done: str) -> None:
    """Say what a change of many did, with its undo; refusals are named."""

    async def back(actor: Actor) -> None:
        await members.undo_batch(actor, result.batch_id) if result.batch_id else None

    count = f'{result.changed} {"person" if result.changed == 1 else "people"}'
    refused = '; '.join(f'{one.name}: {one.reason}' for one in result.refused[:3])
    more = f' and {len(result.refused) - 3} more' if len(result.refused) > 3 else ''
    message = f'{done} for {count}.' + (f' Not for {refused}{more}' if refused else '')
    toast(message, 'warning' if refused else 'success', undo=back if result.batch_id else None)


def _ask(
    title: str, model: type[BaseModel], selection: Selection, run: Callable[..., Awaitable[BatchResult]], done: str
) -> FormDialog[BaseModel]:
    async def submit(actor: Actor, data: BaseModel) -> None:
        tell(await run(actor, await _ids(actor, selection), data), done)

    return FormDialog(title, model, submit, label='Change')


async def _department(actor: Actor, selection: Selection) -> None:
    async def run(actor: Actor, ids: list[UUID], data: DepartmentChoice) -> BatchResult:
        return await bulk.move_many(actor, ids, data.department_id, data.from_on)

    dialog = _ask('Set department', DepartmentChoice, selection, run, 'Department set')
    dialog.select('department_id', [(row.id, row.name) for row in await departments.list_departments(actor)])
    dialog.date('from_on', help='Empty for today. A future day waits until it comes.')


async def _manager(actor: Actor, selection: Selection) -> None:  # noqa: ARG001  the submit asks again
    async def run(actor: Actor, ids: list[UUID], data: ManagerChoice) -> BatchResult:
        return await bulk.give_many_a_manager(actor, ids, data.manager_id)

    _ask('Set manager', ManagerChoice, selection, run, 'Manager set').person('manager_id', search_people)


async def _type(actor: Actor, selection: Selection) -> None:
    async def run(actor: Actor, ids: list[UUID], data: TypeChoice) -> BatchResult:
        return await bulk.give_many_a_type(actor, ids, data.membership_type_id)

    dialog = _ask('Set membership type', TypeChoice, selection, run, 'Type set')
    dialog.select('membership_type_id', [(row.id, row.name) for row in await departments.list_membership_types(actor)])


async def _tag(actor: Actor, selection: Selection) -> None:
    async def run(actor: Actor, ids: list[UUID], data: TagChoice) -> BatchResult:
        return await bulk.tag_many(actor, ids, data.tag_id)

    dialog = _ask('Add tag', TagChoice, selection, run, 'Tag added')
    dialog.select('tag_id', [(row.id, row.name) for row in await members.list_tags(actor)])


async def _status(actor: Actor, selection: Selection) -> None:  # noqa: ARG001
    async def run(actor: Actor, ids: list[UUID], data: StatusChoice) -> BatchResult:
        return await bulk.change_status_of_many(actor, ids, data.status, data.reason)

    dialog = _ask('Change status', StatusChoice, selection, run, 'Status changed')
    dialog.select('status')
    dialog.text('reason')


async def _archive(actor: Actor, selection: Selection) -> None:
    tell(await bulk.archive_many(actor, await _ids(actor, selection)), 'Archived')
