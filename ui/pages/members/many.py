"""Changes of many people from the directory: one transaction, refusals listed, one undo."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.members import MemberStatus
from logic import departments, members
from logic.core.actor import Actor
from logic.core.listing import ListQuery
from logic.identity.permissions import MANAGE_ACCESS
from logic.members import BatchResult, BulkInput
from logic.members import BulkAction as Kind
from logic.members.domain import ARCHIVE, CHANGE_STATUS, EDIT
from ui.components import BulkAction, FormDialog, Selection, toast
from ui.search import search_people

DONE = {
    Kind.DEPARTMENT: 'Department set', Kind.MANAGER: 'Manager set', Kind.RANK: 'Rank set', Kind.TYPE: 'Type set',
    Kind.STATION: 'Station set', Kind.ADD_TAG: 'Tag added', Kind.REMOVE_TAG: 'Tag removed',
    Kind.STATUS: 'Status changed', Kind.ARCHIVE: 'Archived', Kind.INVITE: 'Invitation sent',
}  # fmt: skip


class TargetChoice(BaseModel):
    """One of the department's lists, or a manager."""

    model_config = ConfigDict(extra='forbid')

    target_id: Annotated[UUID, Field(title='Choose')]


class ManagerChoice(BaseModel):
    """A manager."""

    model_config = ConfigDict(extra='forbid')

    target_id: Annotated[UUID, Field(title='Manager')]


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
            BulkAction('Set department', _chooses(Kind.DEPARTMENT, departments.list_departments), 'sym_o_account_tree'),
            BulkAction('Set manager', _manager, 'sym_o_supervisor_account'),
            BulkAction('Set rank', _chooses(Kind.RANK, departments.list_ranks), 'sym_o_military_tech'),
            BulkAction('Set type', _chooses(Kind.TYPE, departments.list_membership_types), 'sym_o_card_membership'),
            BulkAction('Set station', _chooses(Kind.STATION, departments.list_stations), 'sym_o_apartment'),
            BulkAction('Add tag', _chooses(Kind.ADD_TAG, members.list_tags), 'sym_o_label'),
            BulkAction('Remove tag', _chooses(Kind.REMOVE_TAG, members.list_tags), 'sym_o_label_off'),
        ]
    if actor.may(CHANGE_STATUS):
        found.append(BulkAction('Change status', _status, 'sym_o_swap_horiz'))
    if actor.may(MANAGE_ACCESS):
        found.append(BulkAction('Invite', _invite, 'sym_o_mail'))
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


async def _run(actor: Actor, selection: Selection, data: BulkInput, done: str) -> None:
    tell(await members.change_many(actor, await _ids(actor, selection), data), done)


def _chooses(kind: Kind, choices: Callable[[Actor], Awaitable[Sequence[Any]]]) -> Callable[..., Awaitable[None]]:
    """Return a handler that asks for one of a list and gives it to all who were chosen."""

    async def ask(actor: Actor, selection: Selection) -> None:
        async def submit(actor: Actor, data: TargetChoice) -> None:
            await _run(actor, selection, BulkInput(action=kind, target_id=data.target_id), DONE[kind])

        rows = [(row.id, row.name) for row in await choices(actor)]
        dialog = FormDialog(kind.label, TargetChoice, submit, label='Change')
        dialog.select('target_id', rows, help='' if rows else 'There is none yet. Settings is where they are kept.')

    return ask


async def _manager(actor: Actor, selection: Selection) -> None:  # noqa: ARG001  the submit asks again
    async def submit(actor: Actor, data: ManagerChoice) -> None:
        await _run(actor, selection, BulkInput(action=Kind.MANAGER, target_id=data.target_id), DONE[Kind.MANAGER])

    FormDialog('Set manager', ManagerChoice, submit, label='Change').person('target_id', search_people)


async def _status(actor: Actor, selection: Selection) -> None:  # noqa: ARG001
    async def submit(actor: Actor, data: StatusChoice) -> None:
        wanted = BulkInput(action=Kind.STATUS, status=data.status, reason=data.reason)
        await _run(actor, selection, wanted, DONE[Kind.STATUS])

    dialog = FormDialog('Change status', StatusChoice, submit, label='Change')
    dialog.select('status')
    dialog.text('reason')


async def _invite(actor: Actor, selection: Selection) -> None:
    await _run(actor, selection, BulkInput(action=Kind.INVITE), DONE[Kind.INVITE])


async def _archive(actor: Actor, selection: Selection) -> None:
    await _run(actor, selection, BulkInput(action=Kind.ARCHIVE), DONE[Kind.ARCHIVE])
