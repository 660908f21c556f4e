"""Passkeys: registered by their owner, accepted once a challenge, and only from our own address."""

import json
from datetime import timedelta

import pytest
import time_machine

from data.core import now
from logic.core import config
from logic.core.actor import Actor
from logic.core.errors import Denied, Invalid, NotFound, Unauthenticated, Unavailable
from logic.identity import accounts, mfa, passkeys, sessions, sign_in
from logic.identity.sign_in import Step
from tests.conftest import PASSWORD, House
from tests.logic.authenticator import PRESENT, Authenticator, b64
from tests.logic.signing import EMAIL, VISITOR, give_password, signed_in, with_phone

JIDE = 'jide@example.org'


@pytest.fixture
async def jide(house: House, member: Actor) -> Actor:
    await give_password(member.account_id)
    return (await signed_in(JIDE))[0]


async def registered(actor: Actor, label: str = 'Phone') -> tuple[Authenticator, list[str]]:
    key = Authenticator()
    begun = await passkeys.begin_passkey(actor)
    return key, await passkeys.store_passkey(actor, begun.token, key.create(begun.options), label)


async def use(key: Authenticator, **more) -> sign_in.SignIn:
    begun = await passkeys.begin_passkey_sign_in(VISITOR, more.get('transaction'))
    return await passkeys.finish_passkey_sign_in(VISITOR, begun.token, key.sign(begun.options), **more)


async def test_a_passkey_signs_its_owner_in_without_a_password(jide: Actor):
    key, codes = await registered(jide)
    assert len(codes) == 10
    done = await use(key)
    actor = await sessions.actor_for(done.session.token)
    assert (actor.account_id, actor.method) == (jide.account_id, 'passkey')
    assert [row.label for row in (await mfa.my_second_factors(actor)).passkeys] == ['Phone']
    assert (await use(key)).step is Step.DONE


async def test_a_passkey_is_the_second_factor_beside_the_password(jide: Actor):
    key, codes = await registered(jide)
    begun = await sign_in.sign_in(VISITOR, JIDE, PASSWORD)
    assert (begun.step, begun.factors) == (Step.SECOND_FACTOR, {'passkey', 'recovery'})
    done = await use(key, transaction=begun.transaction)
    assert (await sessions.actor_for(done.session.token)).method == 'password+passkey'
    begun = await sign_in.sign_in(VISITOR, JIDE, PASSWORD)
    assert (await sign_in.second_factor(VISITOR, begun.transaction, codes[0])).step is Step.DONE


async def test_a_passkey_of_somebody_else_does_not_finish_a_sign_in(house: House, jide: Actor):
    chief, _ = await signed_in()
    own, _ = await registered(jide)
    await registered(chief)
    begun = await sign_in.sign_in(VISITOR, EMAIL, PASSWORD)
    with pytest.raises(Unauthenticated):
        await use(own, transaction=begun.transaction)


async def test_an_answer_is_taken_once(jide: Actor):
    key, _ = await registered(jide)
    begun = await passkeys.begin_passkey_sign_in(VISITOR)
    answer = key.sign(begun.options)
    await passkeys.finish_passkey_sign_in(VISITOR, begun.token, answer)
    with pytest.raises(Unauthenticated):
        await passkeys.finish_passkey_sign_in(VISITOR, begun.token, answer)


async def test_a_challenge_lasts_five_minutes(jide: Actor):
    key, _ = await registered(jide)
    begun = await passkeys.begin_passkey_sign_in(VISITOR)
    with time_machine.travel(now() + timedelta(minutes=5), tick=False), pytest.raises(Unauthenticated):
        await passkeys.finish_passkey_sign_in(VISITOR, begun.token, key.sign(begun.options))


async def test_an_answer_for_another_address_is_refused(jide: Actor):
    key, _ = await registered(jide)
    key.origin = 'https://evil.example'
    with pytest.raises(Unauthenticated):
        await use(key)


async def test_a_passkey_must_make_sure_who_holds_it(jide: Actor):
    key, _ = await registered(jide)
    begun = await passkeys.begin_passkey_sign_in(VISITOR)
    with pytest.raises(Unauthenticated):
        await passkeys.finish_passkey_sign_in(VISITOR, begun.token, key.sign(begun.options, flags=PRESENT))
    begun = await passkeys.begin_passkey(jide)
    with pytest.raises(Invalid):
        await passkeys.store_passkey(jide, begun.token, Authenticator().create(begun.options, flags=PRESENT))


async def test_a_copied_passkey_is_noticed_by_its_counter(jide: Actor):
    key, _ = await registered(jide)
    await use(key)
    await use(key)
    key.count = 0
    with pytest.raises(Unauthenticated):
        await use(key)


async def test_a_forged_signature_is_refused(jide: Actor):
    key, _ = await registered(jide)
    key.key = Authenticator().key
    with pytest.raises(Unauthenticated):
        await use(key)


async def test_another_persons_handle_is_refused(house: House, jide: Actor):
    key, _ = await registered(jide)
    key.user_handle = house.chief.account_id.bytes
    with pytest.raises(Unauthenticated):
        await use(key)


@pytest.mark.parametrize(
    'answer',
    ['', '{}', '[]', 'null', '{"rawId": 7}', '{"rawId": "AAAA"}', '{"rawId": "€"}', '[' * 15_000, 'x' * 30_000],
)
async def test_any_text_as_answer_is_refused(jide: Actor, answer: str):
    await registered(jide)
    begun = await passkeys.begin_passkey_sign_in(VISITOR)
    with pytest.raises(Unauthenticated):
        await passkeys.finish_passkey_sign_in(VISITOR, begun.token, answer)
    begun = await passkeys.begin_passkey(jide)
    with pytest.raises(Invalid):
        await passkeys.store_passkey(jide, begun.token, answer)


async def test_damaged_answers_are_refused_and_never_a_fault(jide: Actor):
    key, _ = await registered(jide)
    for field in ('clientDataJSON', 'authenticatorData', 'signature', 'userHandle'):
        for value in ('', 'AAAA', 7, None, 'A' * 999):
            begun = await passkeys.begin_passkey_sign_in(Actor.public(f'203.0.{len(field)}.{len(str(value)) % 250}'))
            answer = json.loads(key.sign(begun.options))
            answer['response'][field] = value
            if field == 'userHandle' and not value:
                continue  # an authenticator need not name the user: the key does
            with pytest.raises(Unauthenticated):
                await passkeys.finish_passkey_sign_in(
                    Actor.public(f'192.0.{len(field)}.{len(str(value)) % 250}'), begun.token, json.dumps(answer)
                )


async def test_the_token_of_a_challenge_is_no_sign_in(jide: Actor):
    phone, _ = await with_phone(jide)
    begun = await passkeys.begin_passkey(jide)
    with pytest.raises(Unauthenticated, match='ended'):
        await sign_in.second_factor(VISITOR, begun.token, phone.code())
    with pytest.raises(Unauthenticated):
        await passkeys.finish_passkey_sign_in(VISITOR, begun.token, Authenticator().create(begun.options))


async def test_a_registration_begun_by_one_is_not_finished_by_another(house: House, jide: Actor):
    chief, _ = await signed_in()
    begun = await passkeys.begin_passkey(jide)
    with pytest.raises(Invalid):
        await passkeys.store_passkey(chief, begun.token, Authenticator().create(begun.options))


async def test_a_passkey_is_registered_once(jide: Actor):
    key, _ = await registered(jide)
    begun = await passkeys.begin_passkey(jide)
    assert json.loads(begun.options)['excludeCredentials'][0]['id'] == b64(key.credential_id)
    with pytest.raises(Invalid, match='already'):
        await passkeys.store_passkey(jide, begun.token, key.create(begun.options))


async def test_a_disabled_account_does_not_get_in_by_passkey(house: House, jide: Actor):
    key, _ = await registered(jide)
    await accounts.disable_account(house.chief, jide.member_id)
    with pytest.raises(Denied):
        await use(key)


async def test_one_removes_only_passkeys_of_ones_own(house: House, jide: Actor):
    await registered(jide)
    chief, _ = await signed_in()
    key_id = (await mfa.my_second_factors(jide)).passkeys[0].id
    with pytest.raises(NotFound):
        await passkeys.remove_passkey(chief, key_id, PASSWORD)
    with pytest.raises(Invalid):
        await passkeys.remove_passkey(jide, key_id, 'wrong password entirely')
    await passkeys.remove_passkey(jide, key_id, PASSWORD)
    assert (await sign_in.sign_in(VISITOR, JIDE, PASSWORD)).step is Step.DONE


async def test_a_required_last_passkey_is_not_removed(house: House):
    chief, _ = await signed_in()
    await registered(chief)
    key_id = (await mfa.my_second_factors(chief)).passkeys[0].id
    with pytest.raises(Denied, match='requires'):
        await passkeys.remove_passkey(chief, key_id, PASSWORD)
    await with_phone(chief)
    await passkeys.remove_passkey(chief, key_id, PASSWORD)


async def test_passkeys_are_not_offered_at_a_bare_address(jide: Actor):
    config.configure(config.Settings.model_construct(public_url='https://192.0.2.7'))
    try:
        with pytest.raises(Unavailable, match='host name'):
            await passkeys.begin_passkey_sign_in(VISITOR)
        with pytest.raises(Unavailable):
            await passkeys.begin_passkey(jide)
    finally:
        config.configure(None)
