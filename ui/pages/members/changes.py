"""What people ask to change in their own files: a second person approves or declines it."""

import re
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.members import ProfileChange
from logic.core.actor import Actor
from logic.core.formats import day_text
from logic.core.language import _, later
from logic.core.listing import ListQuery, Page, whole
from logic.members import profile_changes
from logic.members.domain import APPROVE_CHANGES
from logic.members.profile_changes import FIELDS, Wish
from ui import shell
from ui.components import Chip, Column, DataTable, EmptyList, FormDialog, Head, RowAction, toast
from ui.shell import page
from ui.waiting import Act, Look, looks

DAY = re.compile(r'\d{4}-\d{2}-\d{2}')
TONES = {'pending': 'blue', 'approved': 'green', 'declined': 'red', 'withdrawn': 'grey'}
COLUMNS: list[Column[Wish]] = [
    Column('member_name', later('Person')), Column('label', later('What')),
    Column('before', later('Now'), value=lambda wish: _shown(wish.before)),
    Column('after', later('Wished'), value=lambda wish: _shown(wish.after)),
    Column('reason', later('Why')), Column('asked_at', later('Asked'), 'when'),
    Column('status', later('State'), 'chip', lambda wish: Chip(wish.status.label, TONES[wish.status])),
]  # fmt: skip


def _shown(value: str) -> str:
    return day_text(date.fromisoformat(value)) if DAY.fullmatch(value) else value


class Decline(BaseModel):
    """Why not."""

    model_config = ConfigDict(extra='forbid')

    reason: Annotated[str, Field(title=later('Reason'), min_length=1, max_length=300)]


@page('/members/changes', 'Changes to approve', APPROVE_CHANGES)
async def changes(actor: Actor) -> None:  # noqa: ARG001  the guard asks for it
    """All that waits for approval."""
    shell.crumbs((_('Directory'), '/members'), (_('Changes to approve'), None))
    Head(_('Changes to approve'), _('Nobody approves what they asked for themselves.'))

    async def fetch(actor: Actor, _: ListQuery) -> Page[Wish]:
        rows = await profile_changes.list_waiting_changes(actor)
        return whole(rows)

    await DataTable(
        COLUMNS, fetch, label=_('Changes to approve'), search='', noun=(_('change'), _('changes')),
        live=[ProfileChange], href=lambda wish: f'/members/{wish.member_id}',
        row_actions=[
            RowAction(_('Approve'), approve, 'sym_o_check', when=lambda wish: wish.may_decide),
            RowAction(_('Decline'), decline, 'sym_o_close', when=lambda wish: wish.may_decide),
        ],
        empty=EmptyList(
            _('Nothing waits'), _('What people ask to change in their files appears here.'), 'sym_o_task_alt'
        ),
    ).load()  # fmt: skip


async def approve(actor: Actor, change_id: UUID) -> None:
    """Approve a change, which is then made."""
    await profile_changes.decide_change(actor, change_id, approve=True)
    toast(_('Approved. The file says so now.'))


async def decline(actor: Actor, change_id: UUID) -> None:  # noqa: ARG001
    """Ask why not, and decline."""

    async def save(actor: Actor, data: Decline) -> None:
        await profile_changes.decide_change(actor, change_id, approve=False, answer=data.reason)
        toast(_('Declined. The person is told why.'))

    FormDialog(_('Decline this change'), Decline, save, label=_('Decline'), about=change_id).text('reason')


looks['change'] = Look('sym_o_edit_note', 'violet', Act(later('Approve'), approve), Act(later('Decline'), decline))


class Ask(BaseModel):
    """A wish."""

    model_config = ConfigDict(extra='forbid')

    field: Annotated[str, Field(title=later('What'), max_length=60)]
    value: Annotated[str, Field(title=later('New value'), min_length=1, max_length=200, repr=False)]
    reason: Annotated[str, Field(title=later('Why'), max_length=300)] = ''


def ask() -> None:
    """Ask for a change of one's own legal name, birth date or numbers."""

    async def save(actor: Actor, data: Ask) -> None:
        await profile_changes.ask_for_change(actor, data.field, data.value, data.reason)
        toast(_('Asked. Somebody else approves it, and you are told.'))
        await shell.refresh()

    dialog = FormDialog(_('Ask for a change'), Ask, save, label=_('Ask'), text=_('These need a second person.'))
    dialog.select('field', list(FIELDS.items()))
    dialog.text('value', help=_('A birth date as 1990-12-31.'))
    dialog.text('reason')


async def own(actor: Actor) -> None:
    """One's own wishes, with withdrawing."""
    if not await profile_changes.list_own_changes(actor):
        return

    async def fetch(actor: Actor, _: ListQuery) -> Page[Wish]:
        rows = await profile_changes.list_own_changes(actor)
        return whole(rows)

    async def withdraw(actor: Actor, change_id: UUID) -> None:
        await profile_changes.withdraw_change(actor, change_id)
        toast(_('Withdrawn.'))

    await DataTable(
        [*COLUMNS[1:], Column('answer', _('Answer'))], fetch, label=_('What I asked to change'), search='', prefix='w-',
        noun=(_('change'), _('changes')), live=[ProfileChange], row_label=lambda wish: wish.label,
        row_actions=[RowAction(_('Withdraw'), withdraw, 'sym_o_undo', when=lambda wish: wish.status == 'pending')],
    ).load()  # fmt: skip
