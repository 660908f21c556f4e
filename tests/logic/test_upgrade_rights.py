"""An upgrade brings built-in positions the rights of new domains: once, on record, and never what was taken away."""

from sqlmodel import col, select

from data.identity import Position
from data.organizations import Organization
from logic.core.actor import Actor
from logic.identity import positions
from tests.conftest import run_as_service
from tests.logic.test_service import audit_actions

SYSTEM = Actor.system()


async def _forget(work, *names):
    """Make the department one that was founded before these domains."""
    organization = await work.get(Organization, work.organization_id)
    left = organization.settings.seeded - set(names)
    organization.settings = organization.settings.model_copy(update={'seeded': left})
    for position in await work.all(select(Position).where(col(Position.is_system), Position.name != 'Owner')):
        kept = {name for name in position.permission_set if name.partition('.')[0] not in names}
        position.permissions = '\n'.join(sorted(kept))


async def rights(actor, name):
    found = await positions.list_positions(actor)
    return next(row.permissions for row in found if row.name == name)


async def test_built_in_positions_get_the_rights_of_new_domains_once(chief):
    await run_as_service(_forget)(chief, 'tasks', 'views')
    assert 'tasks.view' not in await rights(chief, 'Member')
    assert await positions.seed_new_domains(SYSTEM) == 1
    assert {'tasks.view', 'tasks.add', 'members.view'} <= await rights(chief, 'Member')
    assert 'tasks.*' in await rights(chief, 'Administrator')
    assert await positions.seed_new_domains(SYSTEM) == 0
    assert (await audit_actions(chief))[-1] == 'identity.seed_new_domains'


async def test_a_right_that_was_taken_away_stays_away(chief):
    await run_as_service(_forget)(chief, 'tasks')
    await positions.seed_new_domains(SYSTEM)
    await run_as_service(_take)(chief)
    assert await positions.seed_new_domains(SYSTEM) == 0
    assert 'tasks.add' not in await rights(chief, 'Member')


async def _take(work):
    member = await work.first(select(Position).where(Position.name == 'Member'))
    member.permissions = 'members.view\ntasks.view'


async def test_a_new_department_has_all_of_them_from_the_start(chief):
    assert await positions.seed_new_domains(SYSTEM) == 0
    assert 'tasks.view' in await rights(chief, 'Member')
