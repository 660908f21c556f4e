"""Notices over the API: read what I was told, and choose what I want to be told."""

from typing import Any

import httpx2
import pytest

from logic import notifications
from logic.core.actor import Actor
from tests.conftest import House

KIND = notifications.DOCUMENT_EXPIRING


@pytest.fixture
async def headers(house: House, sign_in: Any) -> dict[str, str]:
    """Elena, signed in."""
    return dict(await sign_in('elena@example.org'))


async def test_my_notices_are_listed_filtered_and_marked_as_read(
    client: httpx2.AsyncClient, house: House, headers: Any
):
    assert house.chief.account_id
    await notifications.tell(
        Actor.system(house.organization_id),
        house.chief.account_id,
        kind=KIND,
        title='EMT card expires',
        link='/members',
    )
    listed = (await client.get('/notifications?read=no&kind=document_expiring', headers=headers)).json()
    assert [row['title'] for row in listed['items']] == ['EMT card expires']
    answer = await client.post('/notifications/read', json={'id': listed['items'][0]['id']}, headers=headers)
    assert answer.status_code == 204
    assert (await client.get('/notifications?read=no&kind=document_expiring', headers=headers)).json()['total'] == 0


async def test_what_i_want_to_be_told_is_shown_and_changed(client: httpx2.AsyncClient, headers: Any):
    wanted = {'kind': KIND, 'channel': 'mail', 'pace': 'digest'}
    rows = (await client.put('/notifications/choices', json=wanted, headers=headers)).json()
    assert next(row for row in rows if row['kind'] == KIND)['mail'] == 'digest'
    refused = await client.put('/notifications/choices', json=wanted | {'kind': 'new_device'}, headers=headers)
    assert refused.status_code == 422
    hours = {'quiet_from': '22:00', 'quiet_until': '07:00', 'zone': 'Europe/Vienna', 'digest': 'weekly'}
    kept = (await client.put('/notifications/hours', json=hours, headers=headers)).json()
    assert (kept['quiet_from'], kept['digest'], kept['zone']) == ('22:00:00', 'weekly', 'Europe/Vienna')
    assert (await client.get('/notifications/hours', headers=headers)).json() == kept


async def test_nobody_reads_notices_without_a_sign_in(client: httpx2.AsyncClient, house: House):
    for path in ('/notifications', '/notifications/choices', '/notifications/hours'):
        assert (await client.get(path)).status_code == 401
