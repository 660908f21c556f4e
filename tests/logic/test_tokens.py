"""Tokens, one-time codes and API keys: what is accepted, and that nothing else is."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from logic.core import secrets
from logic.core.errors import Unauthenticated
from logic.identity.tokens import (
    issue_access_token,
    new_api_key,
    new_token,
    parse_api_key,
    read_access_token,
    token_hash,
)
from logic.identity.totp import (
    accepted_step,
    new_recovery_codes,
    new_totp_secret,
    qr_code,
    recovery_hash,
    totp_address,
)

NOW = datetime(2026, 3, 1, 12, 0, 15, tzinfo=UTC)
ISSUER = 'https://logbook.example.org'
SESSION, ACCOUNT = uuid4(), uuid4()


@pytest.fixture(scope='module', autouse=True)
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[secrets.Secrets]:
    before = secrets.keys._installed
    opened = secrets.open_secrets(Path(tmp_path_factory.mktemp('secrets')), database_exists=False)
    secrets.install(opened)
    yield opened
    secrets.install(before)


def token() -> str:
    return issue_access_token(SESSION, ACCOUNT, at=NOW, minutes=15, issuer=ISSUER)


def read(text: str, at: datetime = NOW) -> object:
    return read_access_token(text, at=at, issuer=ISSUER)


def forged(header: dict[str, object], changes: dict[str, object], key: OKPKey | OctKey) -> str:
    claims = json.loads(base64.urlsafe_b64decode(token().split('.')[1] + '=='))
    return jwt.encode({**header}, {**claims, **changes}, key, algorithms=[str(header['alg'])])


def test_an_access_token_names_its_session_and_account() -> None:
    claims = read_access_token(token(), at=NOW, issuer=ISSUER)
    assert (claims.session_id, claims.account_id) == (SESSION, ACCOUNT)
    assert claims.expires_at == datetime(2026, 3, 1, 12, 15, 15, tzinfo=UTC)


def test_two_access_tokens_of_one_moment_differ() -> None:
    assert token() != token()


@pytest.mark.parametrize('minutes', [15, 16, 100000, -1])
def test_an_access_token_is_worth_nothing_before_and_after_its_time(minutes: int) -> None:
    with pytest.raises(Unauthenticated):
        read(token(), NOW + timedelta(minutes=minutes))
    read(token(), NOW + timedelta(minutes=14, seconds=59))


def own_key(keys: secrets.Secrets) -> OKPKey:
    from logic.identity.tokens import _key

    return _key()


@pytest.mark.parametrize(
    'changes',
    [{'iss': 'https://elsewhere.example.org'}, {'aud': 'other'}, {'aud': ['logbook-api']}, {'exp': '9999999999'},
     {'exp': float('inf')}, {'nbf': True}, {'sid': 'x'}, {'sid': None}, {'sub': 7}, {'exp': None}],
)  # fmt: skip
def test_a_signed_token_with_other_claims_is_refused(keys: secrets.Secrets, changes: dict[str, object]) -> None:
    with pytest.raises(Unauthenticated):
        read(forged({'alg': 'Ed25519', 'typ': 'at+jwt'}, changes, own_key(keys)))


@pytest.mark.parametrize(
    'header',
    [{'alg': 'Ed25519'}, {'alg': 'Ed25519', 'typ': 'JWT'}, {'alg': 'Ed25519', 'typ': 'at+jwt', 'kid': '../../key'},
     {'alg': 'Ed25519', 'typ': 'at+jwt', 'jku': 'https://evil.example'}],
)  # fmt: skip
def test_a_token_with_another_header_is_refused(keys: secrets.Secrets, header: dict[str, object]) -> None:
    with pytest.raises(Unauthenticated):
        read(forged(header, {}, own_key(keys)))


def test_a_token_signed_by_another_key_or_algorithm_is_refused(keys: secrets.Secrets) -> None:
    public = own_key(keys).as_dict(private=False)['x']
    strangers = [OKPKey.generate_key('Ed25519'), OctKey.import_key(str(public) * 2)]
    for key, algorithm in zip(strangers, ('Ed25519', 'HS256'), strict=True):
        with pytest.raises(Unauthenticated):
            read(forged({'alg': algorithm, 'typ': 'at+jwt'}, {}, key))


def test_an_unsigned_token_is_refused() -> None:
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').decode().rstrip('=')
    for text in (f'{head}.{token().split(".")[1]}.', token().rsplit('.', 1)[0] + '.', 'a.b.c', '', 'x' * 10_000):
        with pytest.raises(Unauthenticated):
            read(text)


@given(st.text(max_size=200))
def test_any_text_as_access_token_is_refused_and_nothing_else_happens(text: str) -> None:
    with pytest.raises(Unauthenticated):
        read(text)


def test_random_tokens_have_256_bit_and_only_their_hash_is_stored() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(base64.urlsafe_b64decode(text + '=')) == 32 for text in tokens)
    assert re.fullmatch('[0-9a-f]{64}', token_hash(new_token()))


def test_an_api_key_has_its_public_form_and_reads_back() -> None:
    key = new_api_key()
    assert re.fullmatch(r'lbk_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}', key.text)
    assert parse_api_key(key.text) == (key.prefix, key.secret_hash)
    assert key.text.split('_')[3] not in key.secret_hash


@given(st.integers(min_value=0, max_value=66), st.sampled_from('0Az_é '))
def test_a_mistyped_api_key_is_recognised_without_a_look_up(index: int, letter: str) -> None:
    text = new_api_key().text
    changed = text[:index] + letter + text[index + 1 :]
    assert parse_api_key(changed) is None or changed == text


def test_a_code_of_the_app_is_accepted_once() -> None:
    secret = new_totp_secret()
    assert len(base64.b32decode(secret)) == 20
    code = pyotp.TOTP(secret).at(NOW)
    step = accepted_step(secret, f'{code[:3]} {code[3:]}', NOW, 0)
    assert step == int(NOW.timestamp()) // 30
    assert accepted_step(secret, code, NOW, step) is None


def test_a_code_of_the_step_before_or_after_is_accepted_and_none_further_away() -> None:
    secret = new_totp_secret()
    accepted = [
        accepted_step(secret, pyotp.TOTP(secret).at(NOW + timedelta(seconds=30 * steps)), NOW, 0) is not None
        for steps in range(-3, 4)
    ]
    assert accepted == [False, False, True, True, True, False, False]


def test_a_code_older_than_the_last_accepted_one_is_refused() -> None:
    secret = new_totp_secret()
    now = int(NOW.timestamp()) // 30
    assert accepted_step(secret, pyotp.TOTP(secret).at(NOW - timedelta(seconds=30)), NOW, now) is None


@given(st.text(max_size=20))
def test_any_text_as_code_is_refused(text: str) -> None:
    if not re.fullmatch('[0-9]{6}', re.sub(r'[\s-]', '', text)):
        assert accepted_step('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', text, NOW, 0) is None


def test_the_qr_code_is_plain_svg_of_the_address() -> None:
    address = totp_address('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 'chief@example.org', 'Logbook: Harbor Lake')
    assert address.startswith('otpauth://totp/')
    assert 'issuer=Logbook' in address
    svg = qr_code(address)
    assert svg.startswith('<svg')
    assert 'style' not in svg
    assert '<script' not in svg


def test_recovery_codes_are_ten_of_120_bit_and_forgive_how_they_are_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r'([A-Z2-7]{4}-){5}[A-Z2-7]{4}', code) for code in codes)
    assert recovery_hash(codes[0].lower().replace('-', ' ')) == recovery_hash(codes[0])
    assert recovery_hash('OIBA-2345') == recovery_hash('018a2345')
    assert recovery_hash(codes[0]) != recovery_hash(codes[1])
