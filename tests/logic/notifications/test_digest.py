"""The digest: once a day where the person is, with what is due, also after a downtime and after a crash."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from data.notifications import Channel, DigestRhythm, Pace
from logic import mail, notifications
from logic.core.actor import Actor
from logic.core.jobs import Runner
from logic.core.work import Work
from logic.mail import smtp
from logic.notifications import HoursInput, Line, Reader, digest
from logic.notifications.digest import plan_digests
from tests.conftest import House, run_as_service
from tests.logic.notifications.post import TASK, BlackHole, all_mails, pass_time, planned, set_up_mail, tell
from tests.servers import Mailbox

MORNING = datetime(2026, 11, 20, 12, 5, tzinfo=UTC)
"""Five past seven in New York."""


@pytest.fixture
def due_tasks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Titles that stand in everybody's digest."""
    titles: list[str] = []

    async def lines(_work: Work, readers: Sequence[Reader]) -> dict[UUID, list[Line]]:
        return {one.account_id: [Line(title, f'for {one.today}', '/tasks/7') for title in titles] for one in readers}

    monkeypatch.setattr(digest, '_sources', [(1, 'Due today', lines)])
    return titles


async def plan(house: House) -> None:
    """Do what the schedule does every quarter of an hour, and what follows from it."""

    async def run(work: Work) -> None:
        await plan_digests(work)

    await run_as_service(run)(Actor.system(house.organization_id))  # type: ignore[arg-type]
    await Runner().run_until_idle()


async def test_the_digest_holds_what_is_due_and_what_was_chosen_for_it(
    house: House, member: Actor, post: Mailbox, due_tasks: list[str]
):
    await notifications.choose(member, TASK, Channel.MAIL, Pace.DIGEST)
    await tell(member, 'Hose 4 leaks')
    await pass_time()
    assert post.messages == []
    due_tasks.append('Check engine 1')
    with time_machine.travel(MORNING, tick=True):
        await plan(house)
        await plan(house)
    (message,) = post.to('jide@example.org')
    text = message.get_body(('plain',)).get_content()
    assert message['Subject'] == 'Riverside Fire: your day'
    assert 'Check engine 1 (for 2026-11-20)\r\n  http://localhost:8080/tasks/7' in text
    assert 'Hose 4 leaks' in text
    assert '/unsubscribe/' in message['List-Unsubscribe']
    assert message['List-Unsubscribe-Post'] == 'List-Unsubscribe=One-Click'
    assert await planned() == []


async def test_the_digest_comes_at_its_hour_in_the_zone_of_the_person(
    house: House, member: Actor, post: Mailbox, due_tasks: list[str]
):
    due_tasks.append('Check engine 1')
    await notifications.set_hours(member, HoursInput(zone='Asia/Tokyo', digest_hour=20))
    await notifications.set_hours(house.chief, HoursInput(digest=DigestRhythm.OFF))
    with time_machine.travel(datetime(2026, 11, 20, 10, 55, tzinfo=UTC), tick=True):
        await plan(house)
        first = len(post.messages)  # that of the evening before, which nobody has had yet
    with time_machine.travel(datetime(2026, 11, 20, 11, 1, tzinfo=UTC), tick=True):
        await plan(house)
    assert (first, len(post.messages)) == (1, 2)
    assert {tuple(one) for one in post.recipients} == {('jide@example.org',)}


async def test_a_digest_of_yesterday_is_caught_up_with_once_and_an_older_one_is_not(
    house: House, member: Actor, post: Mailbox, due_tasks: list[str]
):
    due_tasks.append('Check engine 1')
    for days in (0, 3):
        with time_machine.travel(MORNING + timedelta(days=days, hours=5), tick=True):
            for _ in range(3):
                await plan(house)
    assert len(post.to('jide@example.org')) == 2


async def test_a_restart_in_the_midst_of_the_digests_neither_doubles_nor_loses_one(
    house: House, member: Actor, post: Mailbox, due_tasks: list[str], monkeypatch: pytest.MonkeyPatch
):
    due_tasks.append('Check engine 1')
    await notifications.choose(member, TASK, Channel.MAIL, Pace.DIGEST)
    await tell(member, 'Hose 4 leaks')
    write, written = digest._write, []

    async def write_one_and_die(*given: Any) -> Any:
        if written:
            raise RuntimeError('the power is gone')
        written.append(given)
        return await write(*given)

    with time_machine.travel(MORNING, tick=True):
        monkeypatch.setattr(digest, '_write', write_one_and_die)
        await plan(house)
        assert (len(written), post.messages, await all_mails()) == (1, [], [])
        monkeypatch.setattr(digest, '_write', write)
        await pass_time()
        await plan(house)
    assert sorted(to for (to,) in post.recipients) == ['elena@example.org', 'jide@example.org']
    assert 'Hose 4 leaks' in post.to('jide@example.org')[0].get_body(('plain',)).get_content()


async def test_a_digest_outlives_a_day_of_a_black_holed_mail_server_and_restarts_and_comes_once(
    house: House, member: Actor, black_hole: BlackHole, mailbox: Mailbox, due_tasks: list[str]
):
    due_tasks.append('Check engine 1')
    with time_machine.travel(MORNING, tick=True) as clock:
        await plan(house)
        ids = {row.message_id for row in await all_mails()}
        assert len(ids) == 2
        for _ in range(24):
            clock.shift(timedelta(hours=1))
            smtp._rest[1] = 0.0
            await Runner().run_until_idle()  # each time a new one: Logbook was started again
        state = await mail.mail_state(house.chief)
        assert (state.waiting, state.failed) == (2, 0)
        assert state.oldest_waiting_at
        assert state.oldest_waiting_at - MORNING < timedelta(minutes=1)
        assert 'cannot be reached: no answer within' in state.last_error
        assert black_hole.calls > 12
        set_up_mail(mailbox.port)
        for _ in range(2):
            clock.shift(timedelta(hours=1, minutes=10))
            await Runner().run_until_idle()
        state = await mail.mail_state(house.chief)
        assert (state.waiting, state.failed) == (0, 0)
    assert sorted(to for (to,) in mailbox.recipients) == ['elena@example.org', 'jide@example.org']
    assert {message['Message-ID'] for message in mailbox.messages} == ids


async def test_nothing_to_say_sends_nothing(house: House, member: Actor, post: Mailbox):
    with time_machine.travel(MORNING, tick=True):
        await plan(house)
    assert await all_mails() == []
