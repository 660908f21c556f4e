"""A damaged log is known to those whom it concerns, until a later verification finds it good again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from logic import audit, home, organizations, status
from logic.audit.anchors import print_anchor
from logic.audit.keeping import write_checkpoints
from logic.audit.keys import signing_key
from logic.audit.note import notes_in, read_note, sign
from logic.audit.verdict import KEPT, verify_all_logs, verify_own
from logic.audit.verify import verify_all
from logic.core import config
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Denied, Invalid, Unavailable
from logic.core.jobs import Runner
from logic.core.language import speaking
from logic.core.listing import ListQuery
from tests.conftest import House
from tests.logic.audited import changed, log_number, raw
from tests.logic.test_jobs import enqueue

SYSTEM = Actor.system()


@pytest.fixture(autouse=True)
def settings(secrets: Path) -> Iterator[None]:
    config.configure(Settings(_env_file=None, data_dir=secrets))  # type: ignore[call-arg]
    yield
    config.configure(None)


async def by_night() -> None:
    """Verify as the schedule does."""
    await enqueue(None, verify_all_logs)
    await Runner().run_until_idle()


def spoilt(log: int, seq: int = 3) -> object:
    return changed('audit_entry', 'body', f'log = {log} AND seq = {seq}', b'{}')


async def waits_for(actor: Actor) -> list[tuple[str, str]]:
    return [(item.text, item.detail) for item in (await home.waiting_for_me(actor)).rows if item.kind == 'audit']


@pytest.mark.parametrize('way', ['night', 'hand'])
async def test_damage_is_known_until_a_later_verification_finds_all_good(house: House, member: Actor, way: str) -> None:
    async def verify() -> None:
        await (by_night() if way == 'night' else audit.verify_now(house.chief))

    assert await audit.last_verdict(house.chief) is None
    await verify()
    good = await audit.last_verdict(house.chief)
    assert good is not None
    assert (good.since, good.damage) == (None, None)
    assert await waits_for(house.chief) == []
    async with spoilt(await log_number(house.organization_id)):
        await verify()
        first = await audit.last_verdict(house.chief)
        await verify()
        last = await audit.last_verdict(house.chief)
        assert first is not None
        assert last is not None
        assert first.since == first.at == last.since < last.at
        assert last.damage == audit.Damage(is_instance=False, entry=3, kind='entry')
        said = 'The log of the department is damaged at entry 3: it was changed, or is missing.'
        assert await waits_for(house.chief) == [('The audit log is damaged', said)]
        assert (await home.count_waiting(house.chief)).is_urgent
        assert await waits_for(member) == []
        assert (await status.system_status(house.chief)).verdict == last
        assert (await audit.log_state(house.chief)).verdict == last
        assert (await status.measures(SYSTEM)).damaged_logs == 1
        with speaking('de'):
            assert 'bei Eintrag 3' in str(last.damage)
    await verify()
    healed = await audit.last_verdict(house.chief)
    assert healed is not None
    assert (healed.since, healed.damage) == (None, None)
    assert await waits_for(house.chief) == []
    assert (await status.measures(SYSTEM)).damaged_logs == 0


async def test_a_damaged_log_takes_no_node_out_of_service_and_is_told_to_nobody_without_a_sign_in(
    house: House,
) -> None:
    status._known_checks.clear()
    async with spoilt(await log_number(house.organization_id)):
        await by_night()
        assert (await status.database_ready()).is_well
        assert status.alive() == {'status': 'ok', 'version': status.VERSION}


async def test_damage_waits_before_all_else_for_whoever_may_verify_and_for_nobody_else(house: House) -> None:
    async with spoilt(await log_number(house.organization_id)):
        await by_night()
        assert (await home.waiting_for_me(house.chief)).rows[0].kind == 'audit'
        auditor = replace(house.chief, permissions=frozenset({'audit.verify'}))
        assert len(await waits_for(auditor)) == 1
        assert await waits_for(replace(house.chief, permissions=frozenset({'audit.view', 'audit.manage'}))) == []


@pytest.mark.parametrize('text', [b'{}', b'{"v":1}', b'\xff no text'])
async def test_an_entry_that_was_spoilt_takes_neither_home_nor_the_log_away(house: House, text: bytes) -> None:
    log = await log_number(house.organization_id)
    was = (await audit.list_entries(house.chief, ListQuery())).rows[0]
    async with changed('audit_entry', 'body', f'log = {log} AND seq = {was.seq}', text):
        await audit.verify_now(house.chief)
        assert (await home.overview(house.chief)).waiting.rows[0].kind == 'audit'
        rows = (await audit.list_entries(house.chief, ListQuery())).rows
        [now] = [row for row in rows if row.seq == was.seq]
        assert (now.action, now.object_id, now.subject_id, now.at) == (
            was.action,
            was.object_id,
            was.subject_id,
            was.at,
        )
        assert (now.actor_id, now.changes) == (was.actor_id, ())
        assert 'not the one that was hashed' in now.reason
        alone = (await audit.get_entry(house.chief, was.seq)).entry
        assert replace(alone, names=now.names) == now  # a page knows the names of all that it shows


async def test_damage_in_the_log_of_the_instance_is_known_in_every_department_and_another_departments_in_none(
    house: House, stranger: Actor
) -> None:
    assert stranger.organization_id
    async with spoilt(await log_number(house.organization_id)):
        await by_night()
        last = await audit.last_verdict(stranger)
        assert last is not None
        assert last.damage is None
    await write_checkpoints(SYSTEM)
    async with spoilt(await log_number(audit.INSTANCE_LOG_ID), 0):
        await by_night()
        for actor in (house.chief, stranger):
            last = await audit.last_verdict(actor)
            assert last is not None
            assert last.damage == audit.Damage(is_instance=True, entry=0, kind='entry')
            assert str(last.damage).startswith('The log of the installation')


async def test_a_log_that_is_gone_is_missed_by_whoever_verifies_his_own(house: House) -> None:
    await write_checkpoints(SYSTEM)
    log = await log_number(house.organization_id)
    await raw(f'UPDATE audit_log SET log_id = :id WHERE number = {log}', id='f' * 32)
    verdicts = await verify_own(house.chief)
    assert [verdict.log_id for verdict in verdicts if not verdict.is_intact] == [house.organization_id]


async def test_a_verification_is_in_the_log_with_who_asked_for_it(house: House, member: Actor) -> None:
    with pytest.raises(Denied):
        await audit.verify_now(member)
    await audit.verify_now(house.chief)
    await by_night()
    rows = (await audit.list_entries(house.chief, ListQuery(filters={'action': [KEPT]}))).rows
    assert [(row.actor_name, row.outcome) for row in rows] == [('Audit log', 'done'), (house.chief.name, 'done')]
    assert all(verdict.is_intact for verdict in await verify_all())


@pytest.mark.parametrize('way', ['hand', 'command', 'command after a night'])
async def test_what_an_anchor_showed_only_a_person_takes_back_whatever_a_night_finds(house: House, way: str) -> None:
    anchor = await print_anchor(house.chief)
    point = read_note(notes_in(anchor.text)[0], [audit.public_key()])
    other = sign(replace(point, root=bytes(32)), signing_key())
    if way == 'hand':
        assert not (await audit.verify_now(house.chief, other))[-1].is_intact
    else:
        async with spoilt(await log_number(house.organization_id)):
            await (by_night() if way.endswith('night') else verify_all())
        await audit.keep_for_all(await verify_all([other]), by_anchor=True)
    async with spoilt(await log_number(house.organization_id)):
        await by_night()
    await by_night()
    last = await audit.last_verdict(house.chief)
    assert last is not None
    assert last.damage is not None
    await audit.verify_now(house.chief)
    last = await audit.last_verdict(house.chief)
    assert last is not None
    assert last.damage is None


async def test_an_anchor_that_is_none_says_nothing_of_the_log(house: House) -> None:
    with pytest.raises(Invalid):
        await audit.verify_now(house.chief, 'Good morning')
    assert await audit.last_verdict(house.chief) is None
    anchor = await print_anchor(house.chief)
    forged = notes_in(anchor.text)[0].replace(f'\n{anchor.size}\n', f'\n{anchor.size + 1}\n')
    found = await audit.verify_now(house.chief, forged)
    assert not all(verdict.is_intact for verdict in found)
    last = await audit.last_verdict(house.chief)
    assert last is not None
    assert last.damage is None


async def refuse_entries(house: House) -> None:
    """Spoil the right edge of the department's log, so that nothing fits to it any more."""
    log = await log_number(house.organization_id)
    await raw(f"UPDATE audit_log SET frontier = x'00' WHERE number = {log}")
    audit.memory.forget_all()


@pytest.mark.parametrize('way', ['night', 'hand'])
async def test_what_is_found_in_a_log_that_takes_no_more_entries_is_kept_and_told(
    house: House, stranger: Actor, way: str
) -> None:
    await refuse_entries(house)
    with pytest.raises(Unavailable, match='takes no entry, so nothing can be saved'):
        await organizations.change_settings(house.chief, require_mfa=True)
    if way == 'night':
        await by_night()
    else:
        assert not (await audit.verify_now(house.chief))[-1].is_intact
    last = await audit.last_verdict(house.chief)
    assert last is not None
    assert last.damage is not None
    assert not last.damage.is_instance
    assert len(await waits_for(house.chief)) == 1
    assert (await status.measures(SYSTEM)).damaged_logs == 1
    other = await audit.last_verdict(stranger)  # that one department's log is spoilt keeps no other's from being kept
    assert (other is not None and other.damage is None) is (way == 'night')
