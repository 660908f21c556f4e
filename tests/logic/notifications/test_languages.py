"""What is told once is said to each in his language: in the bell, by mail, in the digest and by push."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine

from data.later import later
from data.notifications import Channel, Pace
from logic import mail, notifications
from logic.core.actor import Actor
from logic.core.language import speaking
from logic.core.sentences import Sentence, packed, told, told_many, unpacked
from logic.identity import preferences
from logic.mail import WordingInput
from logic.mail.templates import FIELD
from logic.notifications import SubscriptionInput, telling
from tests.conftest import House
from tests.logic.notifications.post import TASK, pass_time
from tests.logic.notifications.test_digest import MORNING, plan
from tests.logic.notifications.test_push import PushService, running
from tests.servers import Mailbox


@pytest.fixture
async def spaniard(house: House) -> Actor:
    """The chief, who reads Spanish."""
    await preferences.choose_language(house.chief, preferences.LanguageInput(locale='es'))
    return house.chief


@pytest.fixture
async def german(member: Actor) -> Actor:
    """A member, who reads German."""
    await preferences.choose_language(member, preferences.LanguageInput(locale='de-AT'))
    return member


def given() -> Sentence:
    return told('{name} gave you {number}: {task}', name='Ann {name}', number='T-7', task='Check engine 1')


async def tell_both(*people: Actor) -> None:
    """Tell people the same in one act, in which nobody's language is spoken."""
    accounts: list[UUID] = [one.account_id for one in people if one.account_id]
    await notifications.tell(
        Actor.system(people[0].organization_id), accounts, kind=TASK, title=given(), link='/tasks/7',
        body=told('Due on {day}.', day=date(2026, 3, 5)),
    )  # fmt: skip


async def bell(actor: Actor) -> tuple[str, str]:
    row = (await notifications.list_notices(actor)).rows[0]
    return row.title, row.body


@pytest.mark.parametrize('at_once', [250, 1], ids=['in the act', 'by jobs'])
async def test_the_bell_of_each_speaks_his_language(
    spaniard: Actor, german: Actor, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, 'AT_ONCE', at_once)
    await tell_both(spaniard, german)
    await pass_time()
    assert await bell(spaniard) == ('Ann {name} le dio T-7: Check engine 1', 'Vence el 5 mar 2026.')
    assert await bell(german) == ('Ann {name} hat Ihnen T-7 gegeben: Check engine 1', 'Fällig am 05.03.2026.')


async def test_a_text_that_a_person_wrote_stays_as_it_is(spaniard: Actor, german: Actor) -> None:
    accounts = [one.account_id for one in (spaniard, german) if one.account_id]
    await notifications.tell(Actor.system(german.organization_id), accounts, kind=TASK, title='Tasks')
    assert [await bell(spaniard), await bell(german)] == [('Tasks', '')] * 2


async def test_the_mail_of_each_speaks_his_language(spaniard: Actor, german: Actor, post: Mailbox) -> None:
    await tell_both(spaniard, german)
    await pass_time()
    (spanish,), (austrian,) = post.to('elena@example.org'), post.to('jide@example.org')
    text = austrian.get_body(('plain',)).get_content()
    assert austrian['Subject'] == 'Ann {name} hat Ihnen T-7 gegeben: Check engine 1'
    assert 'Guten Tag Jide Okafor,' in text
    assert 'Fällig am 05.03.2026.' in text
    assert 'In Logbook wählen Sie unter Ihrem Konto' in text
    assert '<html lang="de">' in austrian.get_body(('html',)).get_content()
    assert spanish['Subject'] == 'Ann {name} le dio T-7: Check engine 1'
    assert 'Hola, Elena Rossi:' in spanish.get_body(('plain',)).get_content()


async def test_a_departments_own_words_hold_in_their_language_only(
    house: House, spaniard: Actor, german: Actor, post: Mailbox
) -> None:
    words = WordingInput(subject='¡{{title}}!', body='Buenos días:', button='Abrir', closing='')
    await mail.word_mail(house.chief, 'notice', 'es', words)
    await tell_both(spaniard, german)
    await pass_time()
    assert [one['Subject'] for one in post.to('elena@example.org')] == ['¡Ann {name} le dio T-7: Check engine 1!']
    assert [one['Subject'] for one in post.to('jide@example.org')] == [
        'Ann {name} hat Ihnen T-7 gegeben: Check engine 1'
    ]
    assert (await mail.get_wording(house.chief, 'notice', 'de')).button == 'In Logbook öffnen'


async def test_the_digest_of_each_speaks_his_language(
    house: House, spaniard: Actor, german: Actor, post: Mailbox
) -> None:
    for one in (spaniard, german):
        await notifications.choose(one, TASK, Channel.MAIL, Pace.DIGEST)
    with time_machine.travel(MORNING, tick=True):
        await tell_both(spaniard, german)
        await plan(house)
    (spanish,), (austrian,) = post.to('elena@example.org'), post.to('jide@example.org')
    assert (spanish['Subject'], austrian['Subject']) == ('Riverside Fire: su día', 'Riverside Fire: Ihr Tag')
    text = austrian.get_body(('plain',)).get_content()
    assert 'WAS GESCHEHEN IST' in text
    assert '* Ann {name} hat Ihnen T-7 gegeben: Check engine 1 (Fällig am 05.03.2026.)' in text
    assert (
        '* Ann {name} le dio T-7: Check engine 1 (Vence el 5 mar 2026.)' in spanish.get_body(('plain',)).get_content()
    )


async def test_a_push_speaks_the_language_of_its_reader(german: Actor) -> None:
    async with running() as service:
        browser: SubscriptionInput = PushService.browser(service)
        await notifications.add_browser(german, browser)
        await tell_both(german)
        await tell_both(german)
        await pass_time()
        assert service.read(service.taken[-1][1])['body'] == '2 neue Benachrichtigungen'


async def test_a_security_mail_speaks_the_language_of_the_account(german: Actor, post: Mailbox) -> None:
    from logic.identity.events import NewDeviceUsed
    from logic.notifications.access import mail_new_device
    from tests.conftest import run_as_service

    assert german.account_id
    event = NewDeviceUsed(german.account_id, 'jide@example.org', 'Jide Okafor', 'Firefox')
    with time_machine.travel(datetime(2026, 11, 20, 17, 5, tzinfo=UTC), tick=True):
        await run_as_service(mail_new_device)(Actor.system(german.organization_id), event)  # type: ignore[arg-type]
        await pass_time()
    (message,) = post.to('jide@example.org')
    assert message['Subject'] == 'Anmeldung von einem neuen Gerät'
    assert 'Firefox, am 20.11.2026 um 12:05 (America/New York)' in message.get_body(('plain',)).get_content()


@pytest.mark.parametrize('kind', sorted(mail.TEMPLATES))
@pytest.mark.parametrize('language', ['es', 'fr', 'de'])
async def test_every_mail_is_worded_in_every_language_with_all_its_values(
    house: House, kind: str, language: str
) -> None:
    english = await mail.get_wording(house.chief, kind, 'en')
    words = await mail.get_wording(house.chief, kind, language)
    for name in ('subject', 'body', 'button', 'closing'):
        before, after = getattr(english, name), getattr(words, name)
        assert sorted(set(FIELD.findall(after))) == sorted(set(FIELD.findall(before)))
        assert after != before or not re.sub(r'\{\{\w+\}\}|\W', '', before)


def test_a_sentence_comes_through_a_job_with_all_that_it_holds() -> None:
    at = datetime(2026, 3, 5, 13, 5, tzinfo=ZoneInfo('Europe/Vienna'))
    rows = told_many('{count} row', '{count} rows', 12000)
    whole = told(
        '{a}|{b}|{c}|{d}|{e}|{f}', a=at, b=at.date(), c=at.time(), d=Decimal('1234.5'), e=rows, f=later('Tasks')
    )  # fmt: skip
    again = unpacked(json.loads(json.dumps(packed(whole))))
    with speaking('de'):
        assert str(again) == str(whole) == '05.03.2026, 13:05 CET|05.03.2026|13:05|1.234,5|12.000 Zeilen|Aufgaben'
    assert again == '5 Mar 2026, 13:05 CET|5 Mar 2026|13:05|1,234.5|12,000 rows|Tasks'
