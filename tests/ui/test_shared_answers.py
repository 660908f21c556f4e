"""What many screens are shown together after a change: never more than each person would be shown alone."""

from dataclasses import replace
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from data.members import Member
from data.organizations import PeerContact
from logic import members, organizations
from logic.core.actor import Actor, ActorKind, Anybody, Personal
from logic.core.language import _, speaking
from logic.core.listing import ListQuery, Page
from logic.core.service import SIGNED_IN
from logic.core.work import Work
from logic.members import JobInput, MemberRow, ProfileInput
from tests.conftest import person_with_account, run_as_service
from tests.logic.members.conftest import add  # noqa: F401  a fixture
from ui.components import Column
from ui.components.answers import Answers
from ui.components.base import look_of
from ui.components.rows import Drawing

ASKED = [
    ListQuery(), ListQuery(sort='number', descending=True, page_size=3), ListQuery(q='5550'), ListQuery(q='okafor'),
    ListQuery(filters={'archived': ['yes']}), ListQuery(filters={'status': ['active']}),
]  # fmt: skip


async def seen(answers: Answers, actor: Actor, asked: ListQuery, alone: list[str]) -> Page[MemberRow]:
    """Return what a list shows to somebody after a change, and note who had to be answered alone."""
    key = asked.model_dump_json()
    shared = await answers.for_anybody(actor, ['Member'], key, lambda anybody: members.list_members(anybody, asked))
    if shared is not None:
        return shared.answer  # type: ignore[no-any-return]
    alone.append(actor.name)
    return await members.list_members(actor, asked)


async def test_everybody_is_shown_after_a_change_exactly_what_he_would_be_shown_alone(chief: Actor, add: Any) -> None:  # noqa: F811
    ordinary = [
        await person_with_account(chief, 'Jide', f'Okafor {n}', f'jide{n}@example.org', 'Member') for n in 'abc'
    ]
    shy = await person_with_account(chief, 'Shy', 'Hidden', 'shy@example.org', 'Member')
    manager = await person_with_account(chief, 'Maja', 'Lind', 'maja@example.org', 'Manager', 'Member')
    offices = ('Auditor', 'HR manager', 'Secretary', 'Administrator', 'Manager')
    holders = [
        await person_with_account(chief, office, 'Holder', f'{n}@example.org', office)
        for n, office in enumerate(offices)
    ]
    cast = [chief, *ordinary, shy, manager, *holders]
    for n, one in enumerate([*ordinary, shy, manager]):
        hides = one is shy or one is ordinary[0]
        await members.update_member(chief, one.member_id, ProfileInput(phone=f'+1623555010{n}', hides_contacts=hides))
    report = await add('Rolf', 'Report', phone='+16235550177')
    await members.change_job(chief, report.id, JobInput(manager_id=manager.member_id))
    for peers in (frozenset(), frozenset(PeerContact)):
        await organizations.change_settings(chief, show_peer_contacts=peers)
        for asked in ASKED:
            answers, alone = Answers(), []  # type: tuple[Answers, list[str]]
            for actor in cast:
                mine = await members.list_members(actor, asked)
                assert await seen(answers, actor, asked, alone) == mine, (actor.name, asked, peers)
            assert len(alone) < len(cast)


async def test_most_people_are_served_by_one_question(chief: Actor) -> None:
    crowd = [await person_with_account(chief, f'{n:02}', 'Person', f'p{n}@example.org', 'Member') for n in range(12)]
    answers, alone = Answers(), []  # type: tuple[Answers, list[str]]
    for actor in crowd:
        await seen(answers, actor, ListQuery(page_size=3), alone)
    assert len(alone) <= 3, 'only those on the page see something of their own there'


async def test_who_reads_another_language_is_not_shown_what_was_drawn_for_others(chief: Actor) -> None:
    answers, said = Answers(), []  # type: tuple[Answers, list[str]]

    async def question(_anybody: Actor) -> str:
        return _('Members')

    for locale in ('de', 'es', 'de'):
        with speaking(locale):
            shared = await answers.for_anybody(chief, ['Member'], 'how many', question)
            assert shared is not None
            said.append(shared.answer)
    assert said == ['Mitglieder', 'Miembros', 'Mitglieder']


async def test_a_question_that_looks_at_the_person_is_put_for_each(chief: Actor, member: Actor) -> None:
    async def _mine(work: Work) -> Any:
        try:
            return work.actor.member_id
        except Exception:  # noqa: BLE001  as a careless rule would
            return None

    mine = run_as_service(_mine, SIGNED_IN, writes=False)
    twin = Actor(kind=ActorKind.ACCOUNT, name='Twin', organization_id=member.organization_id, member_id=uuid4(),
                 permissions=member.permissions)  # fmt: skip
    for actor in (member, twin):
        assert await Answers().for_anybody(actor, ['Member'], 'mine', mine) is None
        assert await mine(actor) == actor.member_id


@pytest.mark.parametrize(
    'name', ['member_id', 'account_id', 'session_id', 'name', 'address', 'authenticated_at', 'method']
)
def test_nobody_in_general_can_say_who_he_is(chief_like: Actor, name: str) -> None:
    anybody = Anybody(chief_like)
    with pytest.raises(Personal):
        getattr(anybody, name)
    assert anybody.is_personal


@pytest.fixture
def chief_like() -> Actor:
    return Actor(
        kind=ActorKind.ACCOUNT, name='Elena', organization_id=uuid4(), member_id=uuid4(), account_id=uuid4(),
        session_id=uuid4(), permissions=frozenset({'members.*'}), address='127.0.0.1', method='password',
    )  # fmt: skip


def test_other_rights_departments_and_zones_are_never_served_together(chief_like: Actor) -> None:
    same = replace(chief_like, name='Other', member_id=uuid4(), account_id=uuid4(), session_id=uuid4())
    assert Anybody.rights_of(same) == Anybody.rights_of(chief_like)
    for change in ({'permissions': frozenset({'members.view'})}, {'organization_id': uuid4()}, {'zone': 'Asia/Tokyo'},
                   {'modules_off': frozenset({'tasks'})}, {'locale': 'de'}, {'kind': ActorKind.API_KEY}):  # fmt: skip
        assert Anybody.rights_of(replace(same, **change)) != Anybody.rights_of(same), change


def _drawing(word: Any) -> Drawing[Member]:
    return Drawing(
        [Column('name', 'Name', value=lambda row: f'{word}: {row.first_name}')], lambda row: row.id, None, None, []
    )


def test_lists_draw_together_only_when_their_columns_close_over_the_same_words(chief_like: Actor) -> None:
    assert _drawing('a').look == _drawing('a').look is not None
    for one, other in product(['a', 1, None], repeat=2):
        assert (_drawing(one).look == _drawing(other).look) is (one == other)
    assert _drawing(chief_like).look is None, 'what one person may see must not be drawn for another'
    assert look_of(lambda row: row, [1]) is not None
    assert look_of(object()) is None
