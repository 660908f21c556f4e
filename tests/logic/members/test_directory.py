"""The directory: found by any part of a name, filtered, sorted, and never more than the viewer may see."""

from datetime import date
from uuid import uuid4

import pytest

from data import database as databases
from data.organizations import PeerContact
from logic import departments, members, organizations, search
from logic.core.actor import Actor
from logic.core.errors import Invalid
from logic.core.listing import ListQuery
from logic.departments import DepartmentInput
from logic.members import JobInput, MemberStatus, ProfileInput
from tests.logic.members.conftest import Add, statements


async def names(actor: Actor, **asked: object) -> list[str]:
    page = await members.list_members(actor, ListQuery.model_validate(asked))
    return [row.name for row in page.rows]


async def test_a_person_is_found_by_any_part_of_the_name_without_accents(chief: Actor, add: Add) -> None:
    await add('Élżbieta', 'Wójcik-Łaska', preferred_name='Ela')
    await add('Bo', 'Chan')
    for asked in ('elz', 'wojcik', 'LASKA', 'ela laska', 'łaska'):
        assert await names(chief, q=asked) == ['Ela Wójcik-Łaska'], asked
    assert await names(chief, q='ela chan') == []


async def test_a_person_is_found_by_number_and_by_phone_digits(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg', number='F-77', phone='(623) 555-0101')
    assert ann.phone == '+16235550101'
    assert await names(chief, q='f-77') == ['Ann Berg']
    assert await names(chief, q='5550101') == ['Ann Berg']
    assert await names(chief, q='(623) 555-0101') == ['Ann Berg']


async def test_percent_and_underscore_are_letters_and_not_wildcards(chief: Actor, add: Add) -> None:
    await add('Ann', 'Berg')
    assert await names(chief, q='%') == []
    assert await names(chief, q='_') == []


async def test_a_peer_neither_sees_nor_finds_by_hidden_contact_data(chief: Actor, member: Actor, add: Add) -> None:
    await add('Ann', 'Berg', email='ann@example.org', phone='+16235550101')
    row = next(r for r in (await members.list_members(member, ListQuery())).rows if r.name == 'Ann Berg')
    assert row.email is None
    assert row.phone is None
    assert await names(member, q='5550101') == []
    assert await names(member, q='ann@example') == []
    assert await names(chief, q='ann@example') == ['Ann Berg']
    await organizations.change_settings(chief, show_peer_contacts=frozenset(PeerContact))
    assert await names(member, q='5550101') == ['Ann Berg']
    view = await members.get_member(member, row.id)
    assert view.phone == '+16235550101'
    await members.update_member(chief, row.id, ProfileInput(hides_contacts=True))
    assert await names(member, q='5550101') == []
    view = await members.get_member(member, row.id)
    assert not view.shows('phone')
    assert 'phone' not in view.model_dump(exclude_unset=True)


CONTACTS = {
    'email': ('ann@example.org', 'hides_email'), 'personal_email': ('berg@example.net', 'hides_personal_email'),
    'phone': ('+16235550101', 'hides_phones'), 'home_phone': ('+16235550177', 'hides_phones'),
}  # fmt: skip


@pytest.mark.parametrize('switch', sorted({switch for _, switch in CONTACTS.values()}))
async def test_each_contact_can_be_hidden_alone_and_is_then_neither_seen_nor_found(
    chief: Actor, member: Actor, add: Add, switch: str
) -> None:
    ann = await add('Ann', 'Berg', **{name: value for name, (value, _) in CONTACTS.items()})
    await organizations.change_settings(chief, show_peer_contacts=frozenset(PeerContact))
    await members.update_member(chief, ann.id, ProfileInput(**{switch: True}))
    shown = {name for name, (_, hides) in CONTACTS.items() if hides != switch}
    view = await members.get_member(member, ann.id)
    assert {name for name in CONTACTS if view.shows(name)} == shown
    row = next(r for r in (await members.list_members(member, ListQuery())).rows if r.name == 'Ann Berg')
    assert {name for name in ('email', 'phone') if getattr(row, name) is not None} == shown & {'email', 'phone'}
    for name, (value, _) in CONTACTS.items():
        assert await names(member, q=value.removeprefix('+')) == (['Ann Berg'] if name in shown else [])
        assert await names(chief, q=value.removeprefix('+')) == ['Ann Berg']
        found = [one.title for one in await search.find(member, value)]
        assert found == (['Ann Berg'] if name in shown else [])
        assert [one.title for one in await search.find(chief, value)] == ['Ann Berg']


@pytest.mark.parametrize('kind', list(PeerContact))
async def test_colleagues_see_and_find_only_the_contacts_that_the_department_shows(
    chief: Actor, member: Actor, add: Add, kind: PeerContact
) -> None:
    ann = await add('Ann', 'Berg', **{name: value for name, (value, _) in CONTACTS.items()})
    await organizations.change_settings(chief, show_peer_contacts=frozenset({kind}))
    shown = {name for name, (_, hides) in CONTACTS.items() if hides == f'hides_{kind}'}
    view = await members.get_member(member, ann.id)
    assert {name for name in CONTACTS if view.shows(name)} == shown
    row = next(r for r in (await members.list_members(member, ListQuery())).rows if r.name == 'Ann Berg')
    assert {name for name in ('email', 'phone') if getattr(row, name) is not None} == shown & {'email', 'phone'}
    for name, (value, _) in CONTACTS.items():
        expected = ['Ann Berg'] if name in shown else []
        assert await names(member, q=value.removeprefix('+')) == expected
        assert [one.title for one in await search.find(member, value)] == expected
        assert [one.title for one in await search.find(chief, value)] == ['Ann Berg']


async def test_the_list_is_filtered_by_department_status_and_none(chief: Actor, add: Add) -> None:
    fleet = await departments.add_department(chief, DepartmentInput(name='Fleet'))
    await add('Ann', 'Berg', department_id=fleet.id)
    await add('Bo', 'Chan', status='probationary')
    assert await names(chief, filters={'department': [str(fleet.id)]}) == ['Ann Berg']
    assert await names(chief, filters={'status': ['probationary']}) == ['Bo Chan']
    assert await names(chief, filters={'department': ['none']}) == ['Bo Chan', 'Elena Rossi']
    position = next(f for f in await members.list_facets(chief) if f.name == 'position')
    owner = next(value for value, label in position.options if label == 'Owner')
    assert await names(chief, filters={'position': [owner]}) == ['Elena Rossi']
    assert await names(chief, filters={'position': ['none']}) == ['Ann Berg', 'Bo Chan']


@pytest.mark.parametrize(
    'asked',
    [
        {'filters': {'status': ['asleep']}},
        {'filters': {'department': ["1' or 1=1"]}},
        {'filters': {'password': ['x']}},
        {'filters': {'field:zzz': ['x']}},
        {'sort': 'password'},
    ],
)
async def test_an_unknown_filter_or_sort_is_refused_in_words(chief: Actor, asked: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        await members.list_members(chief, ListQuery.model_validate(asked))


async def test_a_row_carries_department_manager_and_positions_of_today(chief: Actor, add: Add) -> None:
    boss = await add('Ann', 'Berg')
    unit = (await departments.list_departments(chief))[0]
    await add('Bo', 'Chan', department_id=unit.id, manager_id=boss.id, title='Driver')
    rows = {row.name: row for row in (await members.list_members(chief, ListQuery())).rows}
    assert rows['Bo Chan'].department is not None
    assert rows['Bo Chan'].department.name == 'Operations'
    assert rows['Bo Chan'].manager is not None
    assert rows['Bo Chan'].manager.name == 'Ann Berg'
    assert rows['Bo Chan'].title == 'Driver'
    assert [p.name for p in rows['Elena Rossi'].positions] == ['Owner', 'Member']


async def test_a_page_costs_the_same_statements_whatever_its_size(
    chief: Actor, member: Actor, add: Add, database: databases.Database
) -> None:
    counts = []
    for more in (1, 12):
        for at in range(more):
            await add('Person', f'Number{more}x{at}')
        with statements(database) as sent:
            await members.list_members(chief, ListQuery(page_size=5))
        counts.append(len(sent))
    assert counts[0] <= 8
    with statements(database) as sent:
        await members.list_members(chief, ListQuery(page_size=10, page=1))
    assert len(sent) == counts[1] <= 8


async def test_a_person_page_takes_at_most_ten_statements(
    member: Actor, manager: Actor, add: Add, database: databases.Database
) -> None:
    ann = await add('Ann', 'Berg')
    for viewer in (member, manager):
        with statements(database) as sent:
            await members.get_member(viewer, ann.id)
        assert len(sent) <= 10


async def test_pages_follow_each_other_without_gaps(chief: Actor, add: Add) -> None:
    for at in range(7):
        await add('Same', 'Name', number=f'N{at}')
    pages = [await members.list_members(chief, ListQuery(page=page, page_size=3)) for page in (1, 2, 3)]
    assert [page.total for page in pages] == [8, 8, 8]
    assert len({row.id for page in pages for row in page.rows}) == 8


async def test_figures_count_by_status_and_department(chief: Actor, add: Add) -> None:
    unit = (await departments.list_departments(chief))[0]
    await add('Ann', 'Berg', department_id=unit.id, joined_on=date(2001, 1, 1))
    await add('Bo', 'Chan', status='on_leave')
    figures = await members.people_figures(chief)
    assert figures.total == 3
    assert figures.by_status['on_leave'] == 1
    assert figures.joined_this_month == 1  # the owner, on this very day
    assert figures.by_department == [(None, 'No department', 2), (unit.id, 'Operations', 1)]


async def test_the_org_chart_shows_todays_reports(chief: Actor, add: Add) -> None:
    boss = await add('Ann', 'Berg')
    report = await add('Bo', 'Chan', manager_id=boss.id)
    chart = await members.org_chart(chief)
    assert next(p for p in chart.people if p.id == report.id).manager_id == boss.id
    await members.change_job(chief, report.id, JobInput(manager_id=None))
    chart = await members.org_chart(chief)
    assert next(p for p in chart.people if p.id == report.id).manager_id is None


async def test_nobody_of_another_department_is_in_the_list(chief: Actor, stranger: Actor, add: Add) -> None:
    await add('Ann', 'Berg')
    assert await names(stranger) == ['Elena Rossi']
    assert await names(stranger, q='berg') == []
    assert await names(stranger, filters={'manager': [str(uuid4())]}) == []


async def test_people_whom_a_filter_names_are_called_by_name_if_the_reader_sees_them(
    chief: Actor, member: Actor, stranger: Actor, add: Add
) -> None:
    ann, gone = await add('Ann', 'Berg'), await add('Bo', 'Chan')
    await members.archive_member(chief, gone.id)
    asked = [ann.id, gone.id, uuid4()]
    assert {row.name for row in await members.name_members(chief, asked)} == {'Ann Berg', 'Bo Chan'}
    assert [(row.id, row.name) for row in await members.name_members(member, asked)] == [(ann.id, 'Ann Berg')]
    assert await members.name_members(stranger, asked) == []


async def test_the_directory_shows_who_belongs_now_unless_others_a_status_or_words_are_asked_for(
    chief: Actor, add: Add, database: databases.Database
) -> None:
    for first, last, status in (('Ann', 'Berg', 'left'), ('Bo', 'Chan', 'retired')):
        person = await add(first, last)
        await members.change_status(chief, person.id, MemberStatus(status), 'Moves away', None)
    away = await add('Cy', 'Dahl', status='on_leave')

    async def shown(q: str = '', **filters: list[str]) -> list[str]:
        asked = ListQuery(q=q, filters=filters)
        page = await members.list_directory(chief, asked)
        assert page.total == len(page.rows)
        assert set(await members.matching_ids(chief, members.present_unless_asked(asked))) == {r.id for r in page.rows}
        return [row.name for row in page.rows]

    everybody = await names(chief)
    assert len(everybody) == 4  # the API's own default
    now = await shown()
    assert now == [name for name in everybody if name not in ('Ann Berg', 'Bo Chan')]
    assert away.name in now
    assert await shown(past=['shown']) == everybody
    assert await shown(past=['only']) == ['Ann Berg', 'Bo Chan']
    assert await shown(status=['left']) == ['Ann Berg']
    assert await shown('berg') == ['Ann Berg']
    with pytest.raises(Invalid):
        await shown(past=['sometimes'])
    assert (await members.people_figures(chief)).total == len(now)
    with statements(database) as sent:
        assert {facet.name: facet.hides for facet in await members.list_facets(chief) if facet.hides} == {'past': 2}
    assert len(sent) <= 3
