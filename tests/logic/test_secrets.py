"""The key files and sealed values, without a database."""

import base64
import multiprocessing
import secrets as random
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logic.core.secrets import SecretsError, Tampered, begin_kek_rotation, finish_kek_rotation, open_secrets, parse_key
from logic.core.secrets.envelope import Place, key_of, seal, unseal
from logic.core.secrets.keys import kek_id

FILES = {'kek', 'audit.key', 'session.key', 'jwt.key', 'storage.key'}


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_first_start_makes_every_key_for_the_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / 'data' / 'secrets'
    keys = open_secrets(folder, database_exists=False)
    assert {path.name for path in folder.iterdir()} == FILES
    assert mode(folder) == 0o700
    assert all(mode(path) == 0o600 for path in folder.iterdir())
    assert len(keys.kek) == len(keys.session_key) == 32
    assert len({keys.kek, keys.session_key, base64.b64decode(keys.storage_secret)}) == 3


def test_a_second_start_reads_the_same_keys(tmp_path: Path) -> None:
    first = open_secrets(tmp_path, database_exists=False)
    second = open_secrets(tmp_path, database_exists=True)
    assert (first.kek, first.session_key, first.storage_secret) == (
        second.kek,
        second.session_key,
        second.storage_secret,
    )
    assert first.jwt_key.private_bytes_raw() == second.jwt_key.private_bytes_raw()


@pytest.mark.parametrize('name', ['kek', 'audit.key'])
def test_a_missing_key_beside_an_existing_database_refuses_and_says_how_to_restore(tmp_path: Path, name: str) -> None:
    open_secrets(tmp_path, database_exists=False)
    (tmp_path / name).unlink()
    with pytest.raises(SecretsError, match=r'is missing, but there is a database.*Put the file back'):
        open_secrets(tmp_path, database_exists=True)
    assert not (tmp_path / name).exists()


def test_a_missing_session_key_is_made_anew_because_it_only_ends_sessions(tmp_path: Path) -> None:
    open_secrets(tmp_path, database_exists=False)
    (tmp_path / 'session.key').unlink()
    assert open_secrets(tmp_path, database_exists=True).session_key


@pytest.mark.parametrize(
    'text',
    ['', 'changeme', 'not base64 !!', base64.b64encode(bytes(32)).decode(), base64.b64encode(bytes(range(32))).decode(),
     base64.b64encode(b'password' * 4).decode(), base64.b64encode(b'x' * 16).decode()],
)  # fmt: skip
def test_a_weak_or_damaged_key_is_refused_and_never_replaced(tmp_path: Path, text: str) -> None:
    open_secrets(tmp_path, database_exists=False)
    (tmp_path / 'kek').write_text(text)
    with pytest.raises(SecretsError, match='cannot be used'):
        open_secrets(tmp_path, database_exists=False)
    assert (tmp_path / 'kek').read_text() == text


def test_random_keys_are_accepted() -> None:
    for _ in range(200):
        key = random.token_bytes(32)
        assert parse_key(base64.b64encode(key).decode()) == key


def test_a_key_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    open_secrets(tmp_path, database_exists=False)
    (tmp_path / 'kek').chmod(0o644)
    open_secrets(tmp_path, database_exists=True)
    assert mode(tmp_path / 'kek') == 0o600


def test_the_master_key_may_come_from_the_environment_and_is_then_not_written(tmp_path: Path) -> None:
    key = base64.b64encode(random.token_bytes(32)).decode()
    keys = open_secrets(tmp_path, database_exists=False, kek=key)
    assert keys.kek == base64.b64decode(key)
    assert not (tmp_path / 'kek').exists()


def _open(folder: str) -> bytes:
    return open_secrets(Path(folder), database_exists=False).kek


def test_two_first_starts_at_once_end_with_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context('spawn').Pool(4) as pool:
        assert len(set(pool.map(_open, [str(tmp_path)] * 8))) == 1
    assert {path.name for path in tmp_path.iterdir()} == FILES


def test_the_keys_are_never_printed(tmp_path: Path) -> None:
    keys = open_secrets(tmp_path, database_exists=False)
    assert repr(keys) == f'Secrets(folder={tmp_path!r})'


def test_keys_for_different_purposes_differ(tmp_path: Path) -> None:
    keys = open_secrets(tmp_path, database_exists=False)
    assert keys.derive('forms') == keys.derive('forms')
    assert len({keys.derive('forms'), keys.derive('devices'), keys.session_key}) == 3


def test_a_crash_inside_a_master_key_rotation_keeps_both_keys(tmp_path: Path) -> None:
    before = open_secrets(tmp_path, database_exists=False)
    during = begin_kek_rotation(before)
    after_crash = open_secrets(tmp_path, database_exists=True)
    assert after_crash.keks == during.keks == {kek_id(during.kek): during.kek, kek_id(before.kek): before.kek}
    assert begin_kek_rotation(before).kek == during.kek
    finish_kek_rotation(after_crash)
    assert open_secrets(tmp_path, database_exists=True).keks == {kek_id(during.kek): during.kek}


KEY, KEY_ID, ROW = bytes(range(32)), uuid4(), uuid4()
PLACE = Place('totp_credential', 'secret', ROW).bytes


@given(st.binary(max_size=300))
def test_what_was_sealed_opens_again(value: bytes) -> None:
    sealed = seal(KEY, KEY_ID, value, PLACE)
    assert unseal(KEY, sealed, PLACE) == value
    assert sealed[:1] == b'\x01'
    assert key_of(sealed) == KEY_ID
    assert len(sealed) == 1 + 16 + 12 + len(value) + 16


def test_the_same_value_is_never_sealed_to_the_same_bytes() -> None:
    assert seal(KEY, KEY_ID, b'42', PLACE) != seal(KEY, KEY_ID, b'42', PLACE)


@given(st.integers(min_value=0, max_value=56), st.integers(min_value=1, max_value=255))
def test_every_changed_byte_of_a_sealed_value_is_found(index: int, difference: int) -> None:
    sealed = bytearray(seal(KEY, KEY_ID, b'twelve bytes', PLACE))
    sealed[index] ^= difference
    with pytest.raises(Tampered):
        unseal(KEY, bytes(sealed), PLACE)


@pytest.mark.parametrize(
    'place',
    [
        Place('totp_credential', 'secret', uuid4()),
        Place('totp_credential', 'other', ROW),
        Place('bank_account', 'secret', ROW),
        Place('totp_credential', 'secret', ROW, uuid4()),
    ],
)
def test_a_sealed_value_opens_in_no_other_place(place: Place) -> None:
    with pytest.raises(Tampered):
        unseal(KEY, seal(KEY, KEY_ID, b'value', PLACE), place.bytes)


@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_refused_as_tampered(sealed: bytes) -> None:
    with pytest.raises(Tampered):
        unseal(KEY, sealed, PLACE)
