"""Search: what is typed is found as people expect, by those who may see it, and by nobody else."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from data.comments import Comment
from data.members import Member, MemberStatus
from data.organizations import Organization, PeerContact
from data.search import SearchEntry
from logic import members, search, tasks
from logic.core.actor import Actor
from logic.core.errors import Invalid, NotFound
from logic.core.indexing import EVERYBODY
from logic.core.work import Work
from logic.members.inputs import MemberInput, ProfileInput
from logic.tasks.inputs import TaskInput
from tests.conftest import person_with_account, run_as_service


async def add(chief: Actor, first: str, last: str, **more: object) -> Member:
    return await members.add_member(chief, MemberInput(first_name=first, last_name=last, **more))


def system(actor: Actor) -> Actor:
    return Actor.system(actor.organization_id)


async def titles(actor: Actor, text: str, kinds: Sequence[str] = ()) -> list[str]:
    return [one.title for one in await search.find(actor, text, kinds)]


@pytest.mark.parametrize(
    'typed',
    ['zoe', 'ZOË', 'zo', 'muller', 'Müller', 'müller-łuk', 'luk', 'mullerluk', 'inv-000123', 'INV-0001', '123',
     '000123', 'zoe inv', '555-0177', '0177', '(623) 555', '+1 623 555 0177', '6235550177',
     'zoe@fire', 'zoe@fire.example.org'],
)  # fmt: skip
async def test_a_person_is_found_by_any_beginning_of_a_name_number_or_contact(chief: Actor, typed: str) -> None:
    await add(chief, 'Zoë', 'Müller-Łukasz', number='INV-000123', email='zoe@fire.example.org', phone='+16235550177')
    await add(chief, 'Ann', 'Berg', number='INV-000999', email='ann@example.org', phone='+14157778888')
    assert 'Zoë Müller-Łukasz' in await titles(chief, typed)
    assert (await titles(chief, typed))[0] == 'Zoë Müller-Łukasz'


@pytest.mark.parametrize('typed', ['Ln', 'the', 'a', 'T-1042', '1042', '消防', '署', 'ж'])
async def test_short_words_common_words_numbers_and_other_scripts_are_found(chief: Actor, typed: str) -> None:
    await add(chief, 'The a', 'Ln', number='T-1042')
    await add(chief, '消防署', 'Жуков', number='K9')
    assert len(await titles(chief, typed)) == 1


@pytest.mark.parametrize(
    'typed', ['"', "'", '-', '*', 'ann*x', '+(foo @', 'a AND', 'NEAR(', 'head:', '{head}', '2021-0423', '%', '_', '\\',
              '🚒', ';--', '~ann', 'ann"', '"ann', '( ann', '+ann', 'ann OR xyzzy', 'NOT ann', '<ann>', '>', '@3', 'xx',
              '^'],
)  # fmt: skip
async def test_what_is_typed_is_never_query_syntax(chief: Actor, typed: str) -> None:
    await add(chief, 'Ann', 'Berg')
    await search.find(chief, typed)


async def test_all_words_must_be_there_and_a_negation_is_a_word(chief: Actor) -> None:
    await add(chief, 'Ann', 'Berg')
    assert await titles(chief, 'ann berg') == ['Ann Berg']
    assert await titles(chief, 'ann -xyzzy') == []
    assert await titles(chief, 'ann OR xyzzy') == []
    assert await titles(chief, '') == []
    with pytest.raises(Invalid):
        await search.find(chief, 'a' * 201)
    with pytest.raises(NotFound):
        await search.find(chief, 'ann', ['Nothing'])


async def test_a_whole_number_comes_before_longer_ones_that_begin_with_it(chief: Actor) -> None:
    await add(chief, 'Exact', 'One', number='104')
    for number in range(1040, 1049):
        await add(chief, 'Longer', str(number), number=str(number))
    assert (await titles(chief, '104'))[0] == 'Exact One'
    assert len(await titles(chief, '104')) == 10


async def test_the_index_follows_every_change_in_its_transaction(chief: Actor) -> None:
    ann = await add(chief, 'Ann', 'Berg', email='ann@example.org')
    await members.update_member(chief, ann.id, ProfileInput(first_name='Xenia'))
    assert await titles(chief, 'ann berg') == ['Xenia Berg']  # her address still says so
    assert await titles(chief, 'xenia') == ['Xenia Berg']

    async def fail(work: Work) -> None:
        row = await work.get(Member, ann.id)
        row.first_name = 'Yolanda'
        await work.flush()
        raise Invalid('Nothing of this is kept.')

    with pytest.raises(Invalid):
        await run_as_service(fail)(system(chief))
    assert await titles(chief, 'yolanda') == []
    assert await titles(chief, 'xenia') == ['Xenia Berg']


async def test_another_department_is_never_searched(chief: Actor, stranger: Actor) -> None:
    await add(chief, 'Ann', 'Berg', number='S-1')
    assert await titles(stranger, 'ann') == []
    assert await titles(stranger, 'S-1') == []
    ours = await add(stranger, 'Ann', 'Other')
    assert await titles(stranger, 'ann') == ['Ann Other']
    assert await titles(chief, 'ann') == ['Ann Berg']
    assert await search.name_records(chief, [('Member', ours.id)]) == {}


async def test_contacts_are_found_by_those_only_who_may_see_them(chief: Actor, member: Actor) -> None:
    ann = await add(chief, 'Ann', 'Berg', email='secret@example.org', phone='+16235550177')
    await _peers_see_contacts(chief, False)
    assert await titles(member, 'secret') == await titles(member, '0177') == []
    assert await titles(member, 'ann') == ['Ann Berg']
    await _peers_see_contacts(chief, True)
    assert await titles(member, 'ann secret') == ['Ann Berg']
    await run_as_service(_hide)(system(chief), ann.id)
    assert await titles(member, 'secret') == []
    assert await titles(chief, 'secret') == ['Ann Berg']


async def test_who_may_not_see_the_directory_finds_nobody(chief: Actor, member: Actor) -> None:
    await add(chief, 'Ann', 'Berg')
    nobody = replace(member, permissions=frozenset())
    assert await titles(nobody, 'ann') == []
    assert await search.list_kinds(nobody) == []
    assert ('Member', 'People') in await search.list_kinds(member)


async def test_archived_people_are_found_by_those_who_keep_them(chief: Actor, member: Actor) -> None:
    ann = await add(chief, 'Ann', 'Berg')
    await members.change_status(chief, ann.id, MemberStatus.LEFT, 'Moved')
    await members.archive_member(chief, ann.id)
    assert await titles(member, 'berg') == []
    assert await titles(chief, 'berg') == ['Ann Berg']
    assert await search.name_records(member, [('Member', ann.id)]) == {}
    assert (await search.name_records(chief, [('Member', ann.id)]))['Member', ann.id].title == 'Ann Berg'


async def test_the_index_is_made_anew_and_loses_what_is_gone(chief: Actor) -> None:
    ann = await add(chief, 'Ann', 'Berg', email='ann@example.org')
    before = await _entries(chief)
    await run_as_service(_spoil)(system(chief))
    assert await titles(chief, 'ann') == []
    assert await titles(chief, 'ghost') != []
    assert await search.rebuild_where_missing(Actor.system()) == 1
    await search.rebuild(system(chief))
    assert await titles(chief, 'ann') == ['Ann Berg']
    assert await titles(chief, 'ghost') == []
    assert await _entries(chief) == before
    assert await search.rebuild_where_missing(Actor.system()) == 0
    assert ann.id in {one.record_id for one in await search.find(chief, 'berg')}


async def _entries(chief: Actor) -> int:
    async def count(work: Work) -> int:
        return await work.count(select(SearchEntry.id))

    return int(await run_as_service(count, writes=False)(system(chief)))


async def _spoil(work: Work) -> None:
    await work.execute(sa.delete(SearchEntry).where(col(SearchEntry.level) != EVERYBODY))
    await work.execute(sa.update(SearchEntry).values(form=0, head='xxghost', source_id=work.organization_id))


async def _hide(work: Work, member_id: object) -> None:
    (await work.get(Member, member_id)).hides_contacts = True  # type: ignore[arg-type]


async def _peers_see_contacts(chief: Actor, shows: bool) -> None:
    async def change(work: Work) -> None:
        organization = await work.get(Organization, work.organization_id)
        shown = frozenset(PeerContact) if shows else frozenset()
        organization.settings = organization.settings.model_copy(update={'show_peer_contacts': shown})

    await run_as_service(change)(system(chief))


async def test_a_comment_leads_to_its_record_for_those_who_may_read_it(chief: Actor, member: Actor) -> None:
    ann = await add(chief, 'Ann', 'Berg')

    async def say(work: Work) -> None:
        await work.get(Member, ann.id)
        work.add(
            Comment(record='Member', record_id=ann.id, author_name='Elena Rossi', body='<p>The <b>hydrant</b> key</p>')
        )

    async def take_back(work: Work) -> None:
        row = await work.first(select(Comment))
        row.deleted_at = work.now

    await run_as_service(say)(system(chief))
    (found,) = await search.find(chief, 'hydrant')
    assert (found.title, found.source, found.detail) == ('Ann Berg', 'Comment', 'Elena Rossi: The hydrant key')
    assert await titles(member, 'hydrant') == []
    await search.rebuild(system(chief))
    assert await titles(chief, 'hydrant key') == ['Ann Berg']
    await run_as_service(take_back)(system(chief))
    assert await titles(chief, 'hydrant') == []


async def test_a_task_is_found_by_its_number_and_words_and_only_by_those_for_whom_it_exists(
    chief: Actor, member: Actor
) -> None:
    task = await tasks.add_task(member, TaskInput(title='Service the pump', description='<p>Ask <b>Quagmire</b></p>'))
    assert [one.title for one in await search.find(member, task.label)] == ['Service the pump']
    assert await titles(member, 'pump quagmire') == ['Service the pump']
    assert await titles(member, 'pump', ['Member']) == []
    other = await person_with_account(chief, 'Kim', 'Lee', 'kim@example.org', 'Member')
    assert await titles(other, 'pump') == []
    assert await titles(replace(member, modules_off=frozenset({'tasks'})), 'pump') == []
