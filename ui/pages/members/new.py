"""Adding a person: only a name is required; what looks like somebody who is there already is shown first."""

from logic import departments, members
from logic.core.actor import Actor
from logic.core.language import _
from logic.members import Duplicate, MemberInput
from logic.members.domain import ADD
from ui import shell
from ui.components import Button, Card, Form, Head, Note, Stack, toast
from ui.pages.lists.offered import company_options
from ui.search import search_people
from ui.shell import page


async def options(actor: Actor) -> dict[str, list[tuple[object, str]]]:
    """What can be chosen for a person: units, ranks, types, stations."""
    return {
        'department_id': [(row.id, row.name) for row in await departments.list_departments(actor)],
        'rank_id': [(row.id, row.name) for row in await departments.list_ranks(actor)],
        'membership_type_id': [(row.id, row.name) for row in await departments.list_membership_types(actor)],
        'station_id': [(row.id, row.name) for row in await departments.list_stations(actor)],
    } | await company_options(actor)


@page('/members/new', 'Add member', ADD)
async def new(actor: Actor) -> None:
    """The form."""
    shell.crumbs((_('Directory'), '/members'), (_('Add member'), None))
    Head(_('Add member'), _('Only a name is required. Everything else can come later.'))
    warning = Stack()
    warned: set[frozenset[object]] = set()

    async def save(actor: Actor, data: MemberInput) -> None:
        found = await members.find_duplicates(actor, data)
        key = frozenset(one.member_id for one in found)
        if found and key not in warned:
            warned.add(key)
            _warn(warning, found, actor, data)
            return
        member = await members.add_member(actor, data)
        toast(_('{name} is in the directory.', name=member.name))
        shell.go(f'/members/{member.id}')

    chosen = await options(actor)
    with Card():
        form = Form(MemberInput, save, label=_('Add member'), cancel='/members')
        with form.section(_('Name')):
            form.text('first_name', span=4)
            form.text('last_name', span=4)
            form.text('preferred_name', span=4)
        with form.section(_('Contact')):
            form.email('email', span=6)
            form.phone('phone', span=6)
        with form.section(_('Membership')):
            form.text('number', span=4, help=_('Empty for the next free number.'))
            form.select('status', span=4)
            form.select('membership_type_id', chosen['membership_type_id'], none=_('None'), span=4)
            form.date('joined_on', span=4)
            form.date('birth_on', span=4)
            form.select('employment_type', none=_('Not said'), span=4)
            form.date('probation_ends_on', span=4)
            form.number('notice_days', span=4)
            if 'company_id' in chosen:
                form.select('company_id', chosen['company_id'], none=_('None'), span=4)
        with form.section(_('Work')):
            form.select('department_id', chosen['department_id'], none=_('None'), span=4)
            form.select('rank_id', chosen['rank_id'], none=_('None'), span=4)
            form.select('station_id', chosen['station_id'], none=_('None'), span=4)
            form.text('title', span=6)
            form.person('manager_id', search_people, span=6)


def _warn(place: Stack, found: list[Duplicate], actor: Actor, data: MemberInput) -> None:
    async def compare(actor: Actor) -> None:
        added = await members.add_member(actor, data)
        shell.go(f'/members/{found[0].member_id}/merge/{added.id}')

    place.clear()
    names = '; '.join(f'{one.name} ({one.number}): {one.why}' for one in found[:3])
    buttons = [
        Button(_('Open {name}', name=one.name), href=f'/members/{one.member_id}', small=True) for one in found[:3]
    ]
    if members.may_merge(actor) and not found[0].is_archived:
        buttons.append(Button(_('Add and merge'), do=compare, icon='sym_o_merge', small=True))
    with place:
        text = _(
            'Somebody like this is there already. {names}. Press "Add member" again to add another person.', names=names
        )
        Note(text, 'amber', buttons=buttons)
