"""Who is told what, where and when: own choice over the department's, quiet hours, bursts, and thousands at once."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from data.database import EVERYWHERE, database
from data.notifications import Channel, DigestRhythm, Notice, Pace
from logic import notifications
from logic.core.actor import Actor
from logic.core.errors import Denied, Invalid
from logic.mail import composing
from logic.notifications import HoursInput
from logic.notifications.preferences import Hours
from logic.notifications.telling import AT_ONCE
from tests.conftest import House, person_with_account
from tests.logic.notifications.crowd import crowd, statements, tell_crowd
from tests.logic.notifications.post import TASK, all_mails, pass_time, planned, tell
from tests.servers import Mailbox


async def test_a_notice_goes_to_bell_and_mail_unless_somebody_chose_otherwise(member: Actor, post: Mailbox):
    await tell(member, 'Check engine 1')
    await pass_time()
    (message,) = post.to('jide@example.org')
    assert message['Subject'] == 'Check engine 1'
    assert 'http://localhost:8080/tasks/1' in message.get_body(('plain',)).get_content()
    assert await notifications.unread_count(member) == 1


async def test_who_muted_a_kind_by_mail_still_has_it_in_the_bell_and_the_other_way_round(member: Actor, post: Mailbox):
    await notifications.choose(member, TASK, Channel.MAIL, Pace.OFF)
    await tell(member, 'One')
    await pass_time()
    assert post.messages == []
    assert await notifications.unread_count(member) == 1
    await notifications.choose(member, TASK, Channel.MAIL, Pace.NOW)
    await notifications.choose(member, TASK, Channel.BELL, Pace.OFF)
    await tell(member, 'Two', kind=TASK)
    await pass_time()
    assert await notifications.unread_count(member) == 1


async def test_a_notice_that_is_not_in_the_bell_is_mailed_all_the_same(member: Actor, post: Mailbox):
    await notifications.choose(member, TASK, Channel.BELL, Pace.OFF)
    await tell(member, 'By mail only')
    await pass_time()
    assert [message['Subject'] for message in post.messages] == ['By mail only']
    assert (await notifications.list_notices(member)).rows == []


async def test_the_departments_choice_holds_until_a_person_chooses(house: House, member: Actor, post: Mailbox):
    await notifications.choose_default(house.chief, TASK, Channel.MAIL, Pace.OFF)
    await tell(member, 'Nobody asked for this')
    await pass_time()
    assert post.messages == []
    await notifications.choose(member, TASK, Channel.MAIL, Pace.NOW)
    await tell(member, 'I did')
    await pass_time()
    assert [message['Subject'] for message in post.messages] == ['I did']


async def test_only_who_may_decides_for_the_department(member: Actor):
    with pytest.raises(Denied):
        await notifications.choose_default(member, TASK, Channel.MAIL, Pace.OFF)


@pytest.mark.parametrize('kind', [notifications.NEW_DEVICE, notifications.BACKUP_FAILED])
async def test_what_concerns_security_cannot_be_muted(house: House, kind: str):
    for call in (notifications.choose, notifications.choose_default):
        with pytest.raises(Invalid, match='cannot be switched off'):
            await call(house.chief, kind, Channel.MAIL, Pace.OFF)


async def test_a_kind_that_does_not_exist_cannot_be_chosen(member: Actor):
    with pytest.raises(Invalid):
        await notifications.choose(member, 'weather', Channel.MAIL, Pace.OFF)


async def test_nobody_is_told_of_his_own_act(house: House, member: Actor):
    assert member.account_id
    system = Actor.system(house.organization_id)
    await notifications.tell(system, member.account_id, kind=TASK, title='You did it', by=member.account_id)
    assert await notifications.unread_count(member) == 0
    await notifications.tell(
        system, member.account_id, kind=notifications.EXPORT_FINISHED, title='Your export', by=member.account_id
    )
    assert await notifications.unread_count(member) == 1


async def test_a_burst_on_one_record_becomes_one_mail(member: Actor, post: Mailbox):
    record = uuid4()
    for number in range(5):
        await tell(member, f'Comment {number}', object_type='Thing', object_id=record)
    await tell(member, 'Another record', object_type='Thing', object_id=uuid4())
    await pass_time()
    assert sorted(message['Subject'] for message in post.messages) == [
        '5 notices from Riverside Fire',
        'Another record',
    ]
    (burst,) = [one for one in post.messages if one['Subject'].startswith('5')]
    text = burst.get_body(('plain',)).get_content()
    assert all(f'Comment {number}' in text for number in range(5))


async def test_somebody_who_would_get_many_mails_at_once_gets_one(member: Actor, post: Mailbox):
    for number in range(7):
        await tell(member, f'Record {number}', object_type='Thing', object_id=uuid4())
    await pass_time()
    assert [message['Subject'] for message in post.messages] == ['7 notices from Riverside Fire']


async def test_scheduled_notices_that_were_caught_up_with_come_once_and_in_one_mail(member: Actor, post: Mailbox):
    for _ in range(2):
        for level in (30, 14):
            await tell(member, f'Expires in {level} days', object_type='Thing', object_id=uuid4(), key=f'card|{level}')
    await pass_time()
    assert [message['Subject'] for message in post.messages] == ['2 notices from Riverside Fire']
    assert await notifications.unread_count(member) == 2


async def test_what_was_read_in_the_bell_meanwhile_is_not_mailed(member: Actor, post: Mailbox):
    await tell(member, 'Seen at once')
    await notifications.mark_all_read(member)
    await pass_time()
    assert post.messages == []


async def test_a_mail_waits_for_the_end_of_the_quiet_hours_and_security_does_not(member: Actor, no_server: int):
    zone = ZoneInfo('America/New_York')
    local = datetime.now(UTC).astimezone(zone)
    begin, end = (local - timedelta(hours=1)).time(), (local + timedelta(hours=2)).time()
    await notifications.set_hours(member, HoursInput(quiet_from=begin, quiet_until=end))
    await tell(member, 'Later')
    await tell(member, 'Now', kind=notifications.BACKUP_FAILED)
    waits = sorted(row.due_at - datetime.now(UTC) for row in await planned())
    assert waits[0] < timedelta(seconds=5)
    assert timedelta(hours=1, minutes=58) < waits[1] < timedelta(hours=2, minutes=1)


@pytest.mark.parametrize(
    ('at', 'end'),
    [
        ('2026-11-20 21:59', '2026-11-20 21:59'),
        ('2026-11-20 22:00', '2026-11-21 07:00'),
        ('2026-11-21 06:59', '2026-11-21 07:00'),
        ('2026-11-21 07:00', '2026-11-21 07:00'),
        ('2026-03-07 23:00', '2026-03-08 07:00'),
    ],
)
def test_quiet_hours_over_midnight_end_in_the_morning_of_the_persons_zone(at: str, end: str):
    zone = ZoneInfo('America/New_York')
    hours = Hours(zone, (22 * 60, 7 * 60))
    given, wanted = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in (at, end))
    assert hours.after_quiet(given.astimezone(UTC)) == wanted


@pytest.mark.parametrize(
    ('rhythm', 'until', 'due'),
    [
        (DigestRhythm.DAILY, '2026-11-20 07:00', '2026-11-20 07:00'),
        (DigestRhythm.DAILY, '2026-11-20 06:59', '2026-11-19 07:00'),
        (DigestRhythm.WEEKLY, '2026-11-20 09:00', '2026-11-16 07:00'),
        (DigestRhythm.OFF, '2026-11-20 09:00', None),
    ],
)
def test_the_digest_is_due_at_its_hour_where_the_person_is(rhythm: DigestRhythm, until: str, due: str | None):
    zone = ZoneInfo('Asia/Kathmandu')
    found = Hours(zone, None, rhythm, 7, 0).last_digest(datetime.fromisoformat(until).replace(tzinfo=zone))
    assert found == (datetime.fromisoformat(due).replace(tzinfo=zone) if due else None)


def test_quiet_hours_need_a_beginning_and_an_end():
    with pytest.raises(ValueError, match='beginning and an end'):
        HoursInput(quiet_from=time(22))


async def test_thousands_are_told_by_jobs_each_once(house: House, member: Actor):
    accounts = await crowd(house.organization_id, 2 * AT_ONCE + 1)
    with statements() as seen:
        await tell_crowd(Actor.system(house.organization_id), [*accounts, *accounts], kind=TASK, title='Siren test')
    assert len(seen) < 15
    with statements() as seen:
        await pass_time()
    assert len(seen) < 200
    async with database().read(EVERYWHERE) as session:
        told = list(await session.exec(select(Notice.account_id).where(Notice.title == 'Siren test')))
    assert sorted(told) == sorted(accounts)


async def test_the_mails_of_very_many_are_planned_at_once_and_leave_little_by_little(house: House, no_server: int):
    accounts = await crowd(house.organization_id, 45)
    await tell_crowd(Actor.system(house.organization_id), accounts, kind=TASK, title='Siren test')
    assert len(await planned()) == 45
    await pass_time()
    assert await planned() == []
    assert sorted(row.recipient for row in await all_mails()) == sorted(f'p{n}@example.org' for n in range(45))


async def test_a_person_who_left_the_office_of_an_account_gets_no_mail(house: House, post: Mailbox):
    gone = await person_with_account(house.chief, 'Gone', 'Away', 'gone@example.org', 'Member')
    await tell(gone, 'Too late')
    from logic.identity import accounts

    assert gone.member_id
    await accounts.disable_account(house.chief, gone.member_id)
    await pass_time()
    assert post.to('gone@example.org') == []


@pytest.mark.parametrize(
    'title', ['T-1\u2028Check', 'T-1\r\nBcc: all@example.org', 'T-1\x85Check', 'T-1\x7fCheck', 'T-1\ud800Check']
)
async def test_no_title_stops_the_mails_of_the_others(house: House, member: Actor, post: Mailbox, title: str):
    other = await person_with_account(house.chief, 'Mara', 'Lind', 'mara@example.org', 'Member')
    await tell(member, title)
    await tell(other, 'Harmless')
    await pass_time()
    assert [one['Subject'] for one in post.to('mara@example.org')] == ['Harmless']
    [mine] = post.to('jide@example.org')
    assert mine['Subject'].startswith('T-1 ')
    assert mine['Bcc'] is None


async def test_a_mail_that_cannot_be_written_keeps_none_of_the_others(
    house: House, member: Actor, post: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    other = await person_with_account(house.chief, 'Mara', 'Lind', 'mara@example.org', 'Member')
    checked = composing.check_address

    def refuse(value: str, field: str = 'email') -> str:
        return checked('nobody' if value.startswith('jide') else value, field)

    monkeypatch.setattr(composing, 'check_address', refuse)
    await tell(member, 'To a strange address')
    await tell(other, 'Harmless')
    await pass_time()
    assert len(post.to('mara@example.org')) == 1
