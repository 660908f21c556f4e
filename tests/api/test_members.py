"""The directory by the API, at both of its addresses."""

from uuid import uuid4

import pytest

from logic import custom_fields, members
from logic.members import MemberInput

ROSTER = 'First name,Last name,Email,Status\nAnn,Lee,ann@example.org,Active\nBo,Ray,no address,Active\nCy,Orr,,Active\n'


async def test_a_person_is_added_changed_and_archived(client, as_chief):
    made = await client.post('/members', json={'first_name': 'Ann', 'email': 'Ann@Example.org'}, headers=as_chief)
    assert made.status_code == 201
    person = made.json()
    assert (person['name'], person['email'], person['status']) == ('Ann', 'ann@example.org', 'active')
    at = f'/members/{person["id"]}'
    changed = await client.patch(
        at, json={'last_name': 'Lee', 'title': 'Driver', 'version': person['version']}, headers=as_chief
    )
    assert (changed.json()['name'], changed.json()['title']) == ('Ann Lee', 'Driver')
    old = await client.patch(at, json={'last_name': 'Ray', 'version': person['version']}, headers=as_chief)
    assert old.status_code == 409
    archived = await client.delete(at, headers=as_chief)
    assert archived.json()['is_archived'] is True
    names = [one['name'] for one in (await client.get('/members', headers=as_chief)).json()['items']]
    assert names == ['Elena Rossi']
    back = await client.post(f'{at}/restore', headers=as_chief)
    assert back.json()['is_archived'] is False


async def test_a_change_is_taken_whole_or_not_at_all(client, as_chief, chief):
    person = await members.add_member(chief, MemberInput(first_name='Ann'))
    body = {'first_name': 'Anna', 'manager_id': str(person.id)}
    refused = await client.patch(f'/members/{person.id}', json=body, headers=as_chief)
    assert refused.status_code in {409, 422}
    assert (await client.get(f'/members/{person.id}', headers=as_chief)).json()['first_name'] == 'Ann'


async def test_both_addresses_answer_the_same(client, as_chief, chief):
    await members.add_member(chief, MemberInput(first_name='Ann'))
    one = (await client.get('/members?sort=-name', headers=as_chief)).json()
    assert one == (await client.get('/employees?sort=-name', headers=as_chief)).json()
    assert set(one) == {'items', 'total', 'page', 'page_size'}
    assert (one['total'], one['page'], one['page_size']) == (2, 1, 25)


async def test_a_list_is_paged_sorted_searched_and_filtered(client, as_chief, chief):
    for name in ('Ann', 'Bo', 'Cy'):
        await members.add_member(chief, MemberInput(first_name=name, last_name='Lee'))

    async def names(query: str) -> list[str]:
        return [one['first_name'] for one in (await client.get(f'/members?{query}', headers=as_chief)).json()['items']]

    assert await names('q=lee&sort=name') == ['Ann', 'Bo', 'Cy']
    assert await names('q=lee&sort=-name&page_size=2') == ['Cy', 'Bo']
    assert await names('q=lee&sort=name&page_size=2&page=2') == ['Cy']
    assert await names('status=retired,left') == []
    assert len(await names('status=active,left')) == 4


@pytest.mark.parametrize(
    'query',
    [
        'page=0',
        'page_size=101',
        'page=x',
        'sort=password',
        'colour=red',
        'status=happy',
        'department=x',
        'q=a&q=b',
        'archived=no',
    ],
)
async def test_a_list_refuses_what_it_does_not_know(client, as_chief, query):
    answer = await client.get(f'/members?{query}', headers=as_chief)
    assert answer.status_code in {400, 422}
    assert set(answer.json()) == {'detail', 'errors'}


@pytest.mark.parametrize(
    'body',
    [b'', b'{', b'[]', b'"x"', b'null', b'{"first_name": ["Ann"]}', b'{"first_name": "Ann", "is_admin": true}', b'{}',
     b'{"first_name": "Ann", "birth_on": "2026-02-30"}', b'{"first_name": "Ann", "email": "nobody"}',
     b'{"first_name": "\\u0000"}', b'{"first_name": "Ann", "notice_days": NaN}', b'[' * 5000],
)  # fmt: skip
async def test_a_body_that_cannot_be_taken_is_refused_and_nothing_is_stored(client, as_chief, body):
    sent = as_chief | {'Content-Type': 'application/json'}
    answer = await client.post('/members', content=body, headers=sent)
    assert answer.status_code in {400, 422}
    assert set(answer.json()) == {'detail', 'errors'}
    assert (await client.get('/members', headers=as_chief)).json()['total'] == 1


async def test_a_repeated_request_under_one_key_has_its_effect_once(client, as_chief):
    sent = as_chief | {'Idempotency-Key': 'import-7'}
    one, two = [await client.post('/members', json={'first_name': 'Ann'}, headers=sent) for _ in range(2)]
    assert one.json()['id'] == two.json()['id']
    assert (await client.get('/members', headers=as_chief)).json()['total'] == 2
    other = await client.post('/members', json={'first_name': 'Bo'}, headers=sent)
    assert other.status_code == 422


async def test_contact_data_is_absent_where_it_may_not_be_seen(client, as_chief, as_member, chief):
    person = await members.add_member(chief, MemberInput(first_name='Ann', email='ann@example.org', notes='secret'))
    seen = (await client.get(f'/members/{person.id}', headers=as_member)).json()
    assert 'email' not in seen
    listed = (await client.get('/members?q=ann', headers=as_member)).json()['items']
    assert 'email' not in listed[0]
    assert (await client.get(f'/members/{person.id}', headers=as_chief)).json()['email'] == 'ann@example.org'


async def test_an_import_says_first_what_it_would_do(client, as_chief):
    files = {'file': ('roster.csv', ROSTER.encode(), 'text/csv')}
    plan = await client.post('/members/import?dry_run=true', files=files, headers=as_chief)
    assert plan.status_code == 200, plan.text
    assert (plan.json()['new_count'], plan.json()['refused_count']) == (2, 1)
    assert [(row['line'], row['faults'][0]['column']) for row in plan.json()['refused']] == [(3, 'Email')]
    assert (await client.get('/members', headers=as_chief)).json()['total'] == 1
    done = (await client.post('/members/import', files=files, headers=as_chief)).json()
    assert (done['new_count'], done['refused_count'], done['refused'][0]['line']) == (2, 1, 3)
    assert (await client.get('/members', headers=as_chief)).json()['total'] == 3
    assert (await client.post(f'/members/batches/{done["batch_id"]}/undo', headers=as_chief)).status_code == 204
    assert (await client.get('/members', headers=as_chief)).json()['total'] == 1


@pytest.mark.parametrize(
    ('content', 'status'),
    [(b'', 422), (b'%PDF-1.7 x', 415), (b'<script>alert(1)</script>', 415), (b'\xff\xfe\x00\x01\x02', 415)],
)
async def test_an_import_refuses_what_is_no_table(client, as_chief, content, status):
    answer = await client.post('/members/import', files={'file': ('roster.csv', content)}, headers=as_chief)
    assert answer.status_code in {status, 422}


async def test_an_export_holds_what_the_filter_finds_and_no_formula(client, as_chief, chief):
    await members.add_member(chief, MemberInput(first_name='=cmd()', last_name='Lee'))
    answer = await client.get('/employees/export?q=lee', headers=as_chief)
    assert answer.headers['Content-Disposition'] == 'attachment; filename="members.csv"'
    lines = answer.text.splitlines()
    assert len(lines) == 2
    assert ",'=cmd()," in lines[1]
    table = await client.get('/members/export?format=xlsx', headers=as_chief)
    assert table.content.startswith(b'PK')


async def test_a_person_of_another_department_does_not_exist(client, as_stranger, chief):
    person = await members.add_member(chief, MemberInput(first_name='Ann'))
    for answer in (
        await client.get(f'/members/{person.id}', headers=as_stranger),
        await client.patch(f'/members/{person.id}', json={'first_name': 'B'}, headers=as_stranger),
        await client.delete(f'/members/{person.id}', headers=as_stranger),
        await client.get(f'/members/{uuid4()}', headers=as_stranger),
    ):
        assert answer.status_code == 404


async def test_a_custom_field_filters_the_list(client, as_chief, chief):
    field = await custom_fields.add_custom_field(
        chief, 'Member', custom_fields.CustomFieldInput(name='Locker', kind='text')
    )
    person = await members.add_member(chief, MemberInput(first_name='Ann'))
    await members.set_custom_values(chief, person.id, {field.id: '12'})
    for value, total in (('12', 1), ('13', 0)):
        answer = await client.get(f'/members?field:{field.id}={value}', headers=as_chief)
        assert answer.json()['total'] == total, answer.text
    assert (await client.get('/members?field:x=1', headers=as_chief)).status_code == 422
