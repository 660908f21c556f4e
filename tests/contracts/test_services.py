"""Every rule says who may call it, refuses the others at the door, and says what it does."""

import inspect
from typing import Any

import pytest

from logic.core.actor import Actor, ActorKind
from logic.core.errors import Denied, Invalid, Unauthenticated
from tests.contracts.registries import OPEN, PUBLIC, SIGNED_IN, SYSTEM, domains, jobs, permission_labels, services
from tests.contracts.rows import World

NAMES = sorted(services)
KINDS = pytest.mark.parametrize('kind', [ActorKind.ACCOUNT, ActorKind.API_KEY])


def somebody(kind: ActorKind, *permissions: str) -> Actor:
    """An actor who belongs nowhere: what he may not do is refused before anything is looked up."""
    return Actor(kind=kind, name='Somebody', permissions=frozenset(permissions))


async def knock(name: str, actor: Actor) -> None:
    """Call a service without arguments: whoever passes the door gets a TypeError."""
    service: Any = services[name]
    await service(actor, **{'no such argument': None})


@pytest.mark.parametrize('name', NAMES)
def test_a_service_names_who_may_call_it(name: str):
    assert services[name].permission in (*OPEN, *permission_labels())
    assert services[name].domain in domains or services[name].permission == SYSTEM


@pytest.mark.parametrize('name', [name for name in NAMES if services[name].permission != PUBLIC])
async def test_a_visitor_must_sign_in_first(name: str):
    with pytest.raises(Unauthenticated):
        await knock(name, Actor.public())


@KINDS
@pytest.mark.parametrize('name', [name for name in NAMES if services[name].permission not in (PUBLIC, SIGNED_IN)])
async def test_who_does_not_hold_the_right_is_refused(name: str, kind: ActorKind):
    others = set(permission_labels()) - {services[name].permission}
    with pytest.raises(Denied):
        await knock(name, somebody(kind, *others))


@pytest.mark.parametrize('name', [name for name in NAMES if services[name].permission == SYSTEM])
async def test_the_highest_right_does_not_open_what_is_for_the_system_only(name: str):
    with pytest.raises(Denied):
        await knock(name, somebody(ActorKind.ACCOUNT, '*'))


@pytest.mark.parametrize('name', [name for name in NAMES if services[name].permission not in (PUBLIC, SYSTEM)])
async def test_who_holds_the_right_passes_the_door(name: str, world: World):
    with pytest.raises((TypeError, Invalid)):
        await knock(name, world.ours.chief)


@pytest.mark.parametrize('name', NAMES)
def test_a_service_says_what_it_does(name: str):
    words = inspect.getdoc(services[name].function) or ''
    assert words.endswith('.'), f'{name} has no docstring of whole sentences.'
    assert len(words.split()) >= 3, f'{name}: {words}'


@pytest.mark.parametrize('name', NAMES)
def test_arguments_of_a_service_are_typed(name: str):
    parameters = list(inspect.signature(services[name].function).parameters.values())[1:]
    assert [p.name for p in parameters if p.annotation is p.empty] == []


@pytest.mark.parametrize('name', sorted(jobs))
def test_a_job_belongs_to_a_domain_and_says_what_it_does(name: str):
    job = jobs[name]
    assert job.domain in domains
    assert job.name == f'{job.domain}.{job.function.__name__}'
    assert inspect.getdoc(job.function), f'{name} is not labelled: its first sentence is what the status page shows.'


@pytest.mark.parametrize('name', sorted(domains))
def test_a_domain_has_a_title(name: str):
    domain = domains[name]
    assert domain.title
    assert not domain.switchable or domain.description or domain.icon, (
        f'{name} can be switched off by nobody knows what.'
    )
