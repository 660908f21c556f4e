"""What a call under an idempotency key leaves in the database lies there readable: no secret is ever among it."""

import dataclasses
import typing
from typing import Any

import pytest
from sqlmodel import select

from data.organizations import Registration
from data.work import IdempotencyKey
from logic import setup
from logic.core.actor import Actor
from logic.core.work import Work
from logic.identity import api_keys, positions, resets, service_accounts
from logic.identity.api_keys import ApiKeyInput
from logic.identity.service_accounts import ServiceInput
from tests.conftest import run_as_service
from tests.contracts import calls
from tests.contracts.registries import SYSTEM, services
from tests.contracts.rows import World

PLAIN: dict[str, str] = {
    'activity.undo_entry': 'what stood in a field that the activity of the record shows',
    'arrival.move_in': 'what a department that moved in brought along',
    'attachments.attach': 'the name of a file, and by whom',
    'audit.print_anchor': 'made to be shown to others',
    'audit.write_checkpoints': 'the root of a log',
    'comments.add_comment': 'whom it did not reach',
    'comments.edit_comment': 'whom it did not reach',
    'identity.accept_factor': 'the name of a factor',
    'identity.ask_for_access': 'the names of those who were told',
    'identity.confirm_email_change': 'the address',
    'identity.count_try': 'the name of a factor',
    'identity.use_transaction': 'the name of a factor',
    'links.add_link': 'the title of a record',
    'links.remove_link': 'the kind of a record',
    'members.add_record': 'a record as its row holds it; of a protected number the last digits',
    'members.change_many': 'whom it refused, and why',
    'members.change_record': 'a record as its row holds it; of a protected number the last digits',
    'members.compare_private': 'two records as their rows hold them; of a protected number the last digits',
    'members.merge_members': 'whom it refused, and why',
    'members.renew_record': 'a record as its row holds it; of a protected number the last digits',
    'members.restore_record': 'a record as its row holds it; of a protected number the last digits',
    'members.undo_batch': 'whom it refused, and why',
    'members.view_private_records': 'records as their rows hold them; of protected numbers the last digits',
    'notifications.unsubscribe': 'the name of a kind of notice',
    'tasks.change_many_tasks': 'tasks that it refused, and why',
    'tasks.import_tasks': 'what was read from a file of tasks',
    'tasks.merge_labels': 'a label',
    'tasks.quick_add': 'words that say nothing, and the names of lists',
    'tasks.remove_column': 'a column and its cards',
    'tasks.remove_label': 'a label',
    'tasks.remove_step': 'a step',
    'tasks.remove_time': 'a note',
    'tasks.undo_task_batch': 'tasks that it refused, and why',
}
"""Services that answer with text which is no secret, with what it is."""
UNREADY: dict[str, str] = {
    'identity.add_service_key': 'the service account of the row holds nothing; called below',
    'identity.confirm_own_totp': 'the secret of the row opens nothing',
    'identity.confirm_totp_of': 'no app waits',
    'identity.reset_password_of': 'the person of the row has no account; called below',
    'identity.store_passkey': 'a browser has to answer',
    'mail._take': 'the text of the row opens nothing',
    'members.reveal_number': 'the number of the row opens nothing',
    'setup.invite_founder': 'nobody may make a department; called below',
    'setup.new_setup_link': 'there is a department',
}
"""Services with a secret answer that the rows are not made for, with what is missing."""
SECRET = sorted(name for name, service in services.items() if service.secret and name not in UNREADY)


def has_text(hint: Any) -> bool:
    """Say whether text can lie in an answer of a type."""
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return any(has_text(inner) for inner in typing.get_type_hints(hint).values())
    return hint in (str, bytes, Any) or any(has_text(inner) for inner in typing.get_args(hint))


async def _kept(work: Work) -> Any:
    return await work.all(select(IdempotencyKey.result))


kept: Any = run_as_service(_kept)


def test_every_service_that_answers_with_text_keeps_it_secret_or_is_known_to_tell_none():
    writing = [service for service in services.values() if service.writes and not service.secret]
    told = {s.name for s in writing if has_text(typing.get_type_hints(s.function)['return'])}
    assert told == set(PLAIN)


@pytest.mark.parametrize('name', SECRET)
async def test_a_secret_answer_is_not_kept_under_the_key_of_its_call(name: str, world: World):
    service, ours = services[name], world.ours
    actor = Actor.system(ours.chief.organization_id) if service.permission == SYSTEM else ours.chief
    await service(actor.using('once'), **calls.arguments(service, ours.rows))
    assert await kept(Actor.system()) == []


async def test_keys_of_programs_and_links_lie_nowhere_after_a_form_made_them(world: World):
    chief = world.ours.chief.using('once')
    member = next(row for row in await positions.list_positions(chief) if row.name == 'Member')
    wanted = ServiceInput(name='Relay', position_ids=frozenset({member.id}))
    made = await service_accounts.add_service_account(chief, wanted)
    key = ApiKeyInput(name='Nightly', scopes=frozenset({'members.view'}))
    await setup.choose_registration(chief, setup.RegistrationInput(registration=Registration.INVITATION))
    before = sorted(await kept(Actor.system()))
    told = [
        (first := await service_accounts.add_service_key(chief, made, key)).text,
        (await service_accounts.replace_service_key(chief, first.id)).text,
        (await api_keys.add_api_key(chief, key)).text,
        await setup.invite_founder(chief, 'founder@example.org'),
        await resets.reset_password_of(chief, world.ours.member.member_id),
    ]
    assert len(set(told)) == 5
    assert sorted(await kept(Actor.system())) == before
    assert set(before) == {'null', f'"{made}"'}
