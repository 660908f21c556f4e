"""The org chart: who reports to whom, and which unit is part of which."""

from collections import defaultdict
from uuid import UUID

from data.members import JobChange, Member
from logic import members
from logic.core.actor import Actor
from logic.core.language import _, many, sense
from logic.members import OrgChart
from logic.members.domain import VIEW
from ui import shell
from ui.components import Card, Empty, Head, Node, OrganizationChart, Segments, watch
from ui.guard import current_actor
from ui.shell import page

MOST = 400
"""People drawn at once; a larger department begins at those with reports."""


@page('/members/chart', 'Org chart', VIEW)
async def chart(actor: Actor) -> None:
    """People by manager, or units by parent."""
    shell.crumbs((_('Directory'), '/members'), (_('Org chart'), None))
    query = shell.query()
    by_unit = query.get('by') == 'units'

    async def choose(actor: Actor, name: str) -> None:  # noqa: ARG001
        query.set(by='units' if name == 'units' else None)
        await shell.refresh()

    Head(_('Org chart'), _('Today. A future change appears on its day.'))
    shown = [('people', _('People')), ('units', sense('units', 'Departments'))]
    Segments(_('Show'), shown, 'units' if by_unit else 'people', choose)
    found = await members.org_chart(actor)
    if not found.people:
        Empty('sym_o_account_tree', _('Nobody to show yet'), _('Give people a manager, and they appear here.'))
        return
    with Card():
        drawn = OrganizationChart(_('Org chart'), _units(found) if by_unit else _people(found))

    async def again() -> None:
        now = await members.org_chart(await current_actor())
        drawn.change(_units(now) if by_unit else _people(now))

    watch(Member, JobChange, call=again)


def _people(found: OrgChart) -> Node:
    under: dict[UUID | None, list[Node]] = defaultdict(list)
    reports = {person.manager_id for person in found.people}
    leaders = found.people if len(found.people) <= MOST else [p for p in found.people if p.id in reports]
    nodes = {person.id: Node(person.name, person.title, f'/members/{person.id}') for person in leaders}
    for person in leaders:
        under[person.manager_id if person.manager_id in nodes else None].append(nodes[person.id])
    for person in leaders:
        nodes[person.id].children.extend(under[person.id])
    roots = under[None]
    return roots[0] if len(roots) == 1 else Node(_('Department'), _count(len(found.people)), children=roots)


def _count(number: int) -> str:
    return many('{count} person', '{count} people', number)


def _units(found: OrgChart) -> Node:
    names = {person.id: person.name for person in found.people}
    counts: dict[UUID | None, int] = defaultdict(int)
    for person in found.people:
        counts[person.department_id] += 1
    nodes = {
        unit.id: Node(
            unit.name,
            ' · '.join(part for part in (names.get(unit.head_id or unit.id, ''), _count(counts[unit.id])) if part),
            f'/members?department={unit.id}',
        )
        for unit in found.units
    }
    roots: list[Node] = []
    for unit in found.units:
        parent = nodes.get(unit.parent_id) if unit.parent_id else None
        (parent.children if parent else roots).append(nodes[unit.id])
    return roots[0] if len(roots) == 1 else Node(_('Department'), _count(len(found.people)), children=roots)
