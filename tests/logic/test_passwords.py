"""Passwords: which are refused and with what reason, and that hashing neither stops the loop nor tells who exists."""

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from logic.core.errors import Invalid, Unavailable
from logic.identity import passwords
from logic.identity.passwords import (
    common_passwords,
    hash_password,
    normalise,
    password_fault,
    password_rules,
    verify_password,
    vet_password,
)

ABOUT = ('Berta Kelley', 'bk.storm@example.org', 'Harbor Lake Volunteer Fire Company')


def fault(password: str, *, with_mfa: bool = False) -> str:
    return password_fault(password, with_mfa=with_mfa, about=ABOUT) or ''


@pytest.mark.parametrize(
    'password',
    ['correct horse battery staple', 'my dog eats chalk on mondays', 'ein Haus am See, blau', 'Zq7$kd!mP2xL9vB',
     'Ж' * 3 + 'дома лучше чем там', '花鳥風月春夏秋冬山川草木雨雪晴', 'x' * 3 + ' marks the spot where it hurts',
     'my fire station dog eats chalk', 'a' + 'bcx7 kqz m2' * 23],
)  # fmt: skip
def test_a_good_password_is_accepted_whatever_characters_it_has(password: str) -> None:
    assert fault(password) == ''


def test_fifteen_characters_are_needed_when_the_password_is_the_only_factor_and_eight_beside_another() -> None:
    assert 'It has 14 characters; at least 15 are needed' in fault('Zq7$kd!mP2xL9v')
    assert fault('Zq7$kd!mP2xL9vB') == ''
    assert 'It has 7 characters; at least 8' in fault('Zq7$kd!', with_mfa=True)
    assert fault('Zq7$kd!m', with_mfa=True) == ''


def test_length_is_counted_in_characters_after_normalisation() -> None:
    combined, apart = 'é' * 2 + 'tude nocturn', 'e\u0301' * 2 + 'tude nocturn'
    assert normalise(combined) == normalise(apart)
    assert 'has 14 characters' in fault(combined)
    assert 'has 14 characters' in fault(apart)


def test_256_characters_are_accepted_and_257_are_not() -> None:
    text = ''.join(chr(0x4E00 + index * 37) for index in range(257))
    assert fault(text[:256]) == ''
    assert 'more than 256' in fault(text)


@pytest.mark.parametrize('password', ['motorcycle12345', 'Constitution2026', '!!manchester2025', 'M0torcycle!2345!'])
def test_a_common_word_with_a_few_characters_added_is_refused(password: str) -> None:
    assert 'common password' in fault(password)


@pytest.mark.parametrize('password', ['password', 'sunshine', 'iloveyou', 'football', 'P@ssw0rd', 'superman1'])
def test_a_common_password_is_refused_also_beside_a_second_factor(password: str) -> None:
    assert 'common password' in fault(password, with_mfa=True)


@pytest.mark.parametrize(
    'password', ['a' * 20, 'abcabcabcabcabcabc', 'xyzzyxyzzyxyzzy', '1212121212121212', 'aaaabbbbaaaabbbb']
)
def test_repeats_are_refused(password: str) -> None:
    assert 'repeats' in fault(password)


@pytest.mark.parametrize(
    'password', ['abcdefghijklmnop', '1234567890qwerty', 'qwertyuiopasdfgh', 'zyxwvutsrqponmlk', '98765432lkjhgfds']
)
def test_sequences_of_alphabet_and_keyboard_are_refused(password: str) -> None:
    assert 'sequence' in fault(password) or 'common' in fault(password)


@pytest.mark.parametrize(
    'password',
    ['Berta-Kelley-1979', 'BertaKelley!!2026', 'bk.storm storm 77', 'HarborLakeVolunteerFire', 'Logbook-admin-2026',
     'chief captain 2026!', 'harborlake#kelley9'],
)  # fmt: skip
def test_names_of_person_department_product_and_role_are_refused(password: str) -> None:
    assert 'names or words' in fault(password)


def test_the_block_list_has_more_than_thirty_thousand_entries_of_the_length_that_counts() -> None:
    assert len(common_passwords()) >= 30_000
    assert min(map(len, common_passwords())) >= 8


async def test_the_reason_for_a_refusal_is_shown_at_the_field() -> None:
    with pytest.raises(Invalid) as caught:
        await vet_password('short', with_mfa=False, field='new_password')
    assert caught.value.fields['new_password'].startswith('It has 5 characters')
    assert caught.value.fields['new_password'] in caught.value.message
    assert password_rules(with_mfa=False)[0].startswith('At least 15')


@given(st.text(max_size=400), st.booleans())
def test_any_text_gets_an_answer(password: str, with_mfa: bool) -> None:
    reason = password_fault(password, with_mfa=with_mfa, about=ABOUT)
    assert reason is None or reason.endswith('.')


async def test_a_password_verifies_in_each_unicode_form_and_no_other_does() -> None:
    hashed = await hash_password('caf\u00e9 am See um sieben')
    assert hashed.startswith('$argon2id$v=19$m=19456,t=2,p=1$')
    assert await verify_password('cafe\u0301 am See um sieben', hashed) == (True, None)
    assert await verify_password('cafe am See um sieben', hashed) == (False, None)
    assert await verify_password('x' * 300, hashed) == (False, None)
    assert await verify_password('broken \ud800 character', hashed) == (False, None)


async def test_nothing_is_cut_from_a_long_password() -> None:
    hashed = await hash_password('x' * 255 + 'y')
    assert (await verify_password('x' * 255 + 'z', hashed))[0] is False


async def test_a_hash_with_old_parameters_is_renewed_at_sign_in() -> None:
    old = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1),)).hash('an old password')
    right, renewed = await verify_password('an old password', old)
    assert right
    assert renewed is not None
    assert 'm=19456' in renewed
    assert await verify_password('an old password', renewed) == (True, None)


async def test_an_unknown_account_takes_as_long_as_a_wrong_password() -> None:
    hashed = await hash_password('some password of somebody')
    await verify_password('warm up', None)

    async def seconds(stored: str | None) -> float:
        begin = time.process_time()
        for _ in range(5):
            assert await verify_password('wrong', stored) == (False, None)
        return time.process_time() - begin

    known, unknown = await seconds(hashed), await seconds(None)
    assert 0.5 < unknown / known < 2


async def test_hashing_does_not_stop_the_loop() -> None:
    begun, spent = time.thread_time(), time.process_time()
    await asyncio.gather(*(hash_password(f'password number {n}') for n in range(4)))
    here, everywhere = time.thread_time() - begun, time.process_time() - spent
    assert here < everywhere / 10


async def test_a_flood_of_checks_is_refused_instead_of_queued_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, '_waiting', passwords.MOST_WAITING)
    with pytest.raises(Unavailable):
        await verify_password('x', None)
