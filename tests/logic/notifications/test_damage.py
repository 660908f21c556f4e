"""Damage of the audit log is told in the bell and by mail, at once and once, to whoever may see the log."""

from datetime import timedelta

import time_machine

from data.core import now
from logic import audit, notifications
from logic.core.actor import Actor
from logic.identity.preferences import LanguageInput, choose_language
from tests.conftest import House, person_with_account
from tests.logic.audited import log_number
from tests.logic.notifications.post import pass_time
from tests.logic.test_audit_verdict import by_night, refuse_entries, spoilt
from tests.servers import Mailbox


async def night() -> None:
    """Verify as the schedule does, and let the mail go out."""
    await by_night()
    await pass_time()


async def test_who_may_see_the_log_is_told_at_once_of_damage_in_his_language_and_of_each_once(
    house: House, member: Actor, post: Mailbox
) -> None:
    for first, place, language in (('Ana', 'Auditor', 'de'), ('Li', 'Administrator', 'es'), ('Jo', 'Owner', 'fr')):
        told = await person_with_account(house.chief, first, 'Reyes', f'{first.lower()}@example.org', place)
        await choose_language(told, LanguageInput(locale=language))
    log = await log_number(house.organization_id)
    async with spoilt(log, 3):
        await night()
        assert sorted((message['To'], message['Subject']) for message in post.messages) == [
            ('ana@example.org', 'Das Prüfprotokoll ist beschädigt'),
            ('elena@example.org', 'The audit log is damaged'),
            ('jo@example.org', 'Le journal d’audit est endommagé'),
            ('li@example.org', 'El registro de auditoría está dañado'),
        ]
        [notice] = (await notifications.list_notices(house.chief)).rows
        assert (notice.title, notice.link) == ('The audit log is damaged', '/audit')
        assert 'at entry 3' in notice.body
        assert await notifications.unread_count(member) == 0
        for days in range(1, 4):
            with time_machine.travel(now() + timedelta(days=days)):
                await night()
        assert len(post.messages) == 4
        async with spoilt(log, 2):
            await night()
        assert len(post.messages) == 8
    await night()
    async with spoilt(log, 3):
        await night()
    assert len(post.messages) == 12


async def test_who_finds_damage_himself_is_not_told_and_all_others_are(house: House, post: Mailbox) -> None:
    await person_with_account(house.chief, 'Ana', 'Reyes', 'ana@example.org', 'Auditor')
    async with spoilt(await log_number(house.organization_id)):
        await audit.verify_now(house.chief)
    await pass_time()
    assert [message['To'] for message in post.messages] == ['ana@example.org']


async def test_damage_is_mailed_though_the_log_takes_no_more_entries(house: House, post: Mailbox) -> None:
    await refuse_entries(house)
    await night()
    [message] = post.messages
    assert 'The log of the department is damaged' in message.get_body(('plain',)).get_content()
