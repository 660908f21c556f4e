"""Reports of mails that came back, handed in by a program beside the mail server."""

import httpx2

from logic import mail
from logic.core import config
from tests.api.conftest import Headers
from tests.conftest import House
from tests.logic.test_bounces import report, sent
from tests.logic.test_mail import set_up
from tests.servers import Mailbox


async def test_a_program_with_a_key_for_it_hands_in_a_report(
    client: httpx2.AsyncClient, house: House, as_chief: Headers, mailbox: Mailbox
):
    set_up(mailbox.port)
    row = await sent(house)
    body = {'name': 'Mail server', 'scopes': [mail.MANAGE]}
    key = (await client.post('/api-keys', json=body, headers=as_chief)).json()['key']
    answer = await client.post('/mail/bounces', content=report(row.id), headers={'Authorization': f'Bearer {key}'})
    assert answer.status_code == 200, answer.text
    assert (answer.json()['id'], answer.json()['status']) == (str(row.id), 'bounced')
    assert answer.json()['error'] == '5.1.1 550 5.1.1 No mailbox here by that name'
    again = await client.post('/mail/bounces', content=b'nothing of the kind', headers=as_chief)
    assert (again.status_code, 'RFC 3464' in again.json()['detail']) == (422, True)
    config.configure(None)
