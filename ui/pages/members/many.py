"""Changes of many people from the directory: one transaction, refusals listed, one undo."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.members import MemberStatus
from logic import departments, members
from logic.core.actor import Actor
from logic.core.language import _, later, many
from logic.core.listing import ListQuery
from logic.identity.permissions import MANAGE_ACCESS
from logic.members import BatchResult, BulkInput
from logic.members import BulkAction as Kind
from logic.members.domain import ARCHIVE, CHANGE_STATUS, EDIT
from ui.components import BulkAction, FormDialog, Selection, toast
from ui.search import search_people

TREE = 'sym_o_account_tree'
DONE = {
    Kind.DEPARTMENT: later('Department set'), Kind.MANAGER: later('Manager set'), Kind.RANK: later('Rank set'),
    Kind.TYPE: later('Type set'), Kind.STATION: later('Station set'), Kind.ADD_TAG: later('Tag added'),
    Kind.REMOVE_TAG: later('Tag removed'), Kind.STATUS: later('Status changed'), Kind.ARCHIVE: later('Archived'),
    Kind.INVITE: later('Invitation sent'),
}  # fmt: skip


class TargetChoice(BaseModel):
    """One of the department's lists, or a manager."""

    model_config = ConfigDict(extra='forbid')

    target_id: Annotated[UUID, Field(title=later('Choose'))]


class ManagerChoice(BaseModel):
    """A manager."""

    model_config = ConfigDict(extra='forbid')

    target_id: Annotated[UUID, Field(title=later('Manager'))]


class StatusChoice(BaseModel):
    """A status, and why."""

    model_config = ConfigDict(extra='forbid')

    status: Annotated[MemberStatus, Field(title=later('Status'))]
    reason: Annotated[str, Field(title=later('Reason'), min_length=1, max_length=300)]


def bulk_actions(actor: Actor) -> list[BulkAction]:
    """Return what the actor may do with many at once."""
    found = []
    if actor.may(EDIT):
        found += [
            BulkAction(_('Set department'), _chooses(Kind.DEPARTMENT, departments.list_departments), TREE),
            BulkAction(_('Set manager'), _manager, 'sym_o_supervisor_account'),
            BulkAction(_('Set rank'), _chooses(Kind.RANK, departments.list_ranks), 'sym_o_military_tech'),
            BulkAction(_('Set type'), _chooses(Kind.TYPE, departments.list_membership_types), 'sym_o_card_membership'),
            BulkAction(_('Set station'), _chooses(Kind.STATION, departments.list_stations), 'sym_o_apartment'),
            BulkAction(_('Add tag'), _chooses(Kind.ADD_TAG, members.list_tags), 'sym_o_label'),
            BulkAction(_('Remove tag'), _chooses(Kind.REMOVE_TAG, members.list_tags), 'sym_o_label_off'),
        ]
    if actor.may(CHANGE_STATUS):
        found.append(BulkAction(_('Change status'), _status, 'sym_o_swap_horiz'))
    if actor.may(MANAGE_ACCESS):
        found.append(BulkAction(_('Invite'), _invite, 'sym_o_mail'))
    if actor.may(ARCHIVE):
        found.append(BulkAction(_('Archive'), _archive, 'sym_o_archive'))
    return found


async def _ids(actor: Actor, selection: Selection) -> list[UUID]:
    return await members.matching_ids(actor, _asked(selection.query)) if selection.all else selection.ids


def _asked(query: ListQuery) -> ListQuery:
    return members.present_unless_asked(query.model_copy(update={'page': 1}))


def tell(result: BatchResult, done: str) -> None:
    """Say what a change of many did, with its undo; refusals are named."""

    async def back(actor: Actor) -> None:
        await members.undo_batch(actor, result.batch_id) if result.batch_id else None

    people = many('{count} person', '{count} people', result.changed)
    refused = '; '.join(f'{one.name}: {one.reason}' for one in result.refused[:3])
    if len(result.refused) > 3:
        refused = many('{names} and {count} more', '{names} and {count} more', len(result.refused) - 3, names=refused)
    message = (
        _('{done} for {people}. Not for {names}', done=done, people=people, names=refused)
        if refused
        else _('{done} for {people}.', done=done, people=people)
    )
    toast(message, 'warning' if refused else 'success', undo=back if result.batch_id else None)


async def _run(actor: Actor, selection: Selection, data: BulkInput, done: str) -> None:
    tell(await members.change_many(actor, await _ids(actor, selection), data), done)


def _chooses(kind: Kind, choices: Callable[[Actor], Awaitable[Sequence[Any]]]) -> Callable[..., Any]:
    """Return a handler that asks for one of a list and gives it to all who were chosen."""

    async def ask(actor: Actor, selection: Selection) -> FormDialog[TargetChoice]:
        async def submit(actor: Actor, data: TargetChoice) -> None:
            await _run(actor, selection, BulkInput(action=kind, target_id=data.target_id), DONE[kind])

        rows = [(row.id, row.name) for row in await choices(actor)]
        dialog = FormDialog(kind.label, TargetChoice, submit, label=_('Change'))
        dialog.select('target_id', rows, help='' if rows else _('There is none yet. Settings is where they are kept.'))
        return dialog

    return ask


async def _manager(actor: Actor, selection: Selection) -> FormDialog[ManagerChoice]:  # noqa: ARG001  the submit asks again
    async def submit(actor: Actor, data: ManagerChoice) -> None:
        await _run(actor, selection, BulkInput(action=Kind.MANAGER, target_id=data.target_id), DONE[Kind.MANAGER])

    dialog = FormDialog(_('Set manager'), ManagerChoice, submit, label=_('Change'))
    dialog.person('target_id', search_people)
    return dialog


async def _status(actor: Actor, selection: Selection) -> FormDialog[StatusChoice]:  # noqa: ARG001
    async def submit(actor: Actor, data: StatusChoice) -> None:
        wanted = BulkInput(action=Kind.STATUS, status=data.status, reason=data.reason)
        await _run(actor, selection, wanted, DONE[Kind.STATUS])

    dialog = FormDialog(_('Change status'), StatusChoice, submit, label=_('Change'))
    dialog.select('status')
    dialog.text('reason')
    return dialog


async def _invite(actor: Actor, selection: Selection) -> None:
    await _run(actor, selection, BulkInput(action=Kind.INVITE), DONE[Kind.INVITE])


async def _archive(actor: Actor, selection: Selection) -> None:
    await _run(actor, selection, BulkInput(action=Kind.ARCHIVE), DONE[Kind.ARCHIVE])
