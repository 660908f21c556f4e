"""Anchors: the owner or two officers get one each day, and only what has left this computer counts."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from data.core import now
from logic import audit, home, status
from logic.audit.anchors import send_anchor
from logic.core import config
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Denied, Invalid, NotFound
from logic.core.jobs import Runner
from logic.core.work import Work
from tests.conftest import House, found, person_with_account, run_as_service
from tests.logic.audited import raw
from tests.servers import Mailbox, free_port


@pytest.fixture(autouse=True)
def no_mail(secrets: Path) -> Iterator[None]:
    config.configure(Settings(_env_file=None, data_dir=secrets))  # type: ignore[call-arg]
    yield
    config.configure(None)


def mail_goes_to(port: int, secrets: Path) -> None:
    config.configure(
        Settings(_env_file=None, data_dir=secrets, smtp_url=f'smtp://127.0.0.1:{port}', mail_from='log@example.org')  # type: ignore[call-arg]
    )


async def daily(house: House) -> None:
    """Run the job of the day, as the schedule does."""
    await run_as_service(_daily)(Actor.system(house.organization_id))


async def _daily(work: Work) -> None:
    await send_anchor.function(work)


async def test_eight_words_for_the_minutes_count_once_somebody_says_that_they_are_kept(house: House) -> None:
    anchor = await audit.print_anchor(house.chief)
    assert len(anchor.words.split()) == 8
    shown = await audit.log_state(house.chief)
    assert (shown.anchored_size, shown.anchored_at) == (0, None)  # to look at it takes it nowhere
    await audit.keep_anchor(house.chief, anchor.size, 'Minutes of today')
    state = await audit.log_state(house.chief)
    assert (state.anchored_size, state.signed_size) == (anchor.size, anchor.size)
    assert not state.anchor_is_late(anchor.at + timedelta(hours=25))
    assert state.anchor_is_late(anchor.at + timedelta(hours=27))
    verdicts = await audit.verify_now(house.chief, anchor.text)
    assert [log.is_intact for log in verdicts] == [True, True]
    assert verdicts[1].anchored_size == anchor.size


async def test_an_anchor_is_late_only_once_the_log_itself_is_older_than_26_hours(house: House) -> None:
    state = await audit.log_state(house.chief)
    assert state.anchored_at is None
    assert not state.anchor_is_late(now())
    assert state.anchor_is_late(now() + timedelta(hours=27))


async def test_only_an_anchor_of_this_log_can_be_kept(house: House, member: Actor) -> None:
    anchor = await audit.print_anchor(house.chief)
    with pytest.raises(NotFound):
        await audit.keep_anchor(house.chief, anchor.size + 1000)
    with pytest.raises(Denied):
        await audit.keep_anchor(member, anchor.size)
    assert (await audit.log_state(house.chief)).anchored_at is None


async def test_without_named_officers_the_owner_gets_the_anchor_of_the_day(
    house: House, mailbox: Mailbox, secrets: Path
) -> None:
    await daily(house)  # there is no mail yet
    assert not await raw('SELECT 1 FROM audit_anchor')
    mail_goes_to(mailbox.port, secrets)
    await daily(house)
    await Runner().run_until_idle()
    assert len(mailbox.to('elena@example.org')) == 1
    state = await audit.log_state(house.chief)
    assert state.anchored_size > 0
    assert not state.anchor_is_late(now())


async def test_the_anchor_of_the_day_goes_to_the_named_officers(house: House, mailbox: Mailbox, secrets: Path) -> None:
    mail_goes_to(mailbox.port, secrets)
    await audit.choose_keepers(house.chief, audit.KeepersInput(first='one@example.org', second='two@example.org'))
    await daily(house)
    await Runner().run_until_idle()
    assert [len(mailbox.to(f'{name}@example.org')) for name in ('one', 'two', 'elena')] == [1, 1, 0]
    kept = await raw('SELECT receiver FROM audit_anchor WHERE left_at IS NOT NULL ORDER BY receiver')
    assert [row.receiver for row in kept] == ['one@example.org', 'two@example.org']
    assert all(verdict.is_intact for verdict in await audit.verify_all())


async def test_a_mail_that_did_not_leave_anchors_nothing(house: House, secrets: Path) -> None:
    mail_goes_to(free_port(), secrets)
    await daily(house)
    await Runner().run_until_idle()
    assert len(await raw("SELECT 1 FROM mail WHERE kind = 'audit_anchor'")) == 1
    state = await audit.log_state(house.chief)
    assert (state.anchored_size, state.anchored_at) == (0, None)
    assert (await audit.verify_now(house.chief))[-1].anchored_size == 0


async def test_two_officers_are_two(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        await audit.choose_keepers(house.chief, audit.KeepersInput(first='one@example.org', second='ONE@example.org'))
    assert list(refused.value.fields) == ['second']


async def test_two_owners_both_get_it(house: House, mailbox: Mailbox, secrets: Path) -> None:
    mail_goes_to(mailbox.port, secrets)
    await person_with_account(house.chief, 'Ada', 'Lund', 'ada@example.org', 'Owner')
    await person_with_account(house.chief, 'Jide', 'Okafor', 'jide@example.org', 'Administrator')
    await daily(house)
    await Runner().run_until_idle()
    assert {address for to in mailbox.recipients for address in to} == {'elena@example.org', 'ada@example.org'}


async def test_the_first_days_ask_for_two_officers(house: House) -> None:
    async def is_done() -> bool:
        return {step.name: step.is_done for step in await home.setup_steps(house.chief)}['anchors']

    assert not await is_done()
    await audit.choose_keepers(house.chief, audit.KeepersInput(first='one@example.org'))
    assert not await is_done()
    await audit.choose_keepers(house.chief, audit.KeepersInput(first='one@example.org', second='two@example.org'))
    assert await is_done()


async def test_the_status_shows_the_anchor_of_this_department_and_no_other(house: House) -> None:
    other = await found('Hillside EMS', 'other@example.org')
    with time_machine.travel(now() - timedelta(days=3), tick=False):
        mine = await audit.print_anchor(house.chief)
        await audit.keep_anchor(house.chief, mine.size)
    theirs = await audit.print_anchor(other.chief)
    await audit.keep_anchor(other.chief, theirs.size)
    shown = await status.system_status(house.chief)
    assert shown.last_anchor_at is not None
    assert now() - shown.last_anchor_at > timedelta(days=2)
