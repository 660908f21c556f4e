"""Module switches really switch: screens, services and jobs go, data stays, and the switch is on record."""

from dataclasses import replace

import pytest

from data.departments import Station
from logic import organizations
from logic.core.domain import Domain, domains
from logic.core.errors import Denied, Invalid, NotFound
from logic.core.jobs.schedules import off
from logic.core.work import Work
from tests.conftest import run_as_service
from tests.logic.test_service import audit_actions
from ui.shell.registry import PageEntry


@pytest.fixture
def probe():
    """A module that only this test has."""
    domain = Domain('probe', title='Probes', switchable=True)
    domain.permission('view', 'See probes')
    yield domain
    del domains['probe']


async def _keep(work: Work) -> Station:
    return work.add(Station(name='Probe'))


async def test_a_module_that_is_off_refuses_its_services_and_keeps_its_data(chief, probe):
    keep = run_as_service(_keep)
    keep.domain = 'probe'
    await keep(chief)
    organization = await organizations.switch_module(chief, 'probe', on=False)
    switched = replace(chief, modules_off=organization.settings.modules_off)
    with pytest.raises(NotFound, match='switched off'):
        await keep(switched)
    organization = await organizations.switch_module(chief, 'probe', on=True)
    assert organization.settings.modules_off == frozenset()
    assert (await audit_actions(chief))[-1] == 'organizations.switch_module'


async def test_a_module_that_is_off_has_no_screens(chief, probe):
    entry = PageEntry('/probes', 'Probes', 'probe.view', None, lambda: None, '', {}, ('probes',))
    assert entry.open_to(chief)
    assert not entry.open_to(replace(chief, modules_off=frozenset({'probe'})))


async def test_a_module_that_is_off_has_no_jobs(probe):
    assert off(frozenset({'probe', 'members'})) == frozenset({'probe'})


async def test_the_core_cannot_be_switched_off(chief):
    with pytest.raises(Invalid):
        await organizations.switch_module(chief, 'members', on=False)


async def test_a_member_switches_nothing(member, probe):
    with pytest.raises(Denied):
        await organizations.switch_module(member, 'probe', on=False)
