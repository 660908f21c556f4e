"""One position: its rights, and who holds it."""

from uuid import UUID

from data.identity import PositionHolding
from logic.core.actor import Actor
from logic.core.domain import domains
from logic.identity import positions
from logic.identity.permissions import MANAGE_POSITIONS, VIEW_POSITIONS
from logic.identity.positions import PositionInput
from ui import shell
from ui.components import (
    Button,
    Card,
    Chip,
    Form,
    FormDialog,
    Grid,
    Head,
    Note,
    People,
    Person,
    confirm_by_name,
    live,
    toast,
)
from ui.guard import current_actor
from ui.search import search_people
from ui.shell import page


def options() -> list[tuple[str, str]]:
    """Every permission with its label, module by module; a module's star stands before its permissions."""
    found = []
    for domain in domains.values():
        if domain.permissions:
            found.append((f'{domain.name}.*', f'{domain.title}: everything'))
            found += [(name, f'{domain.title}: {label}') for name, label in domain.permissions.items()]
    return found


def place_rights(form: Form[PositionInput], *, is_system: bool = False) -> None:
    """Place the fields of a position."""
    if not is_system:
        form.text('name', span=8)
        form.number('priority', span=4, help='0 to 100. Nobody resets the access of somebody with more.')
    form.text('description')
    form.checks('permissions', options())


@page('/positions/{position_id}', 'Position', VIEW_POSITIONS)
async def position(actor: Actor, position_id: UUID) -> None:
    """One position: its rights, and who holds it."""
    row = await positions.get_position(actor, position_id)
    may = actor.may(MANAGE_POSITIONS)
    shell.title(row.name)

    async def save(actor: Actor, data: PositionInput) -> None:
        await positions.update_position(actor, position_id, data)
        toast('Saved. It is in force at once.')

    async def give(actor: Actor) -> None:  # noqa: ARG001
        async def submit(actor: Actor, data: positions.GiveInput) -> None:
            await positions.give_position(actor, data.member_id, position_id, data.from_on, data.until_on)
            toast('Given.')

        dialog = FormDialog(f'Who holds {row.name}?', positions.GiveInput, submit, label='Give position')
        dialog.person('member_id', search_people)
        dialog.date('from_on', span=6, help='Empty for today.')
        dialog.date('until_on', span=6, help='The last day. Empty for no end.')

    async def remove(actor: Actor) -> None:  # noqa: ARG001
        async def do(actor: Actor) -> None:
            await positions.remove_position(actor, position_id)
            toast('Removed.')
            shell.go('/positions')

        confirm_by_name(
            'Remove this position', 'Nobody holds or held it, so nothing else changes.', row.name, do, label='Remove'
        )

    buttons = [
        Button('Give to somebody', do=give, icon='sym_o_person_add', primary=True),
        *([] if row.is_system else [Button('Remove', do=remove, icon='sym_o_delete', menu=True, danger=True)]),
    ]
    chip = Chip('Built in') if row.is_system else Chip('Own', 'brand')
    Head(row.name, row.description, buttons if may else (), chip=chip)

    async def holders() -> None:
        actor = await current_actor()
        held = await positions.list_holders(actor, position_id)
        rows = [_holder(holding, member.name, f'/members/{member.id}') for holding, member in held]
        with Card('Held by', count=len(rows), text='' if rows else 'Nobody holds this now.'):
            People(rows)

    with Grid():
        with Card('Rights', span=8):
            if '*' in row.permission_set:
                Note('The owner may do everything. That cannot be changed.', icon='sym_o_shield_person')
            elif may:
                fixed = {'name': row.name, 'priority': row.priority} if row.is_system else None
                value = {'name': row.name, 'description': row.description, 'priority': row.priority}
                value['permissions'] = sorted(row.permission_set)
                place_rights(
                    Form(PositionInput, save, value=value, fixed=fixed, name=f'position-{position_id}'),
                    is_system=row.is_system,
                )
            else:
                labels = dict(options())
                Note('; '.join(labels.get(name, name) for name in sorted(row.permission_set)) or 'None.')
        with Card(span=4):
            await live(PositionHolding, draw=holders)


def _holder(holding: PositionHolding, name: str, href: str) -> Person:
    until = f' until {holding.until_on:%d %b %Y}' if holding.until_on else ''
    return Person(name, f'since {holding.from_on:%d %b %Y}{until}', href)
