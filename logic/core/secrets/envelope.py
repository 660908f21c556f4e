"""Values that only this installation can read: sealed under a data key, which the master key wraps."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import func, update
from sqlmodel import col, select

from data.core import new_id
from data.database import insert_unless_there
from data.secrets import INSTANCE, DataKey
from logic.core.errors import Unavailable
from logic.core.secrets.keys import KEY_BYTES, SecretsError, installed, kek_id
from logic.core.work import Work

V1 = b'\x01'
NONCE_BYTES, TAG_BYTES, ID_BYTES = 12, 16, 16
MOST_MESSAGES = 2**31
"""Half of what random 96-bit nonces allow under one key (NIST SP 800-38D, 8.3)."""
FIELDS, INDEXES = 'fields', 'indexes'
BATCH = 200


class Tampered(Exception):
    """A sealed value was changed, or was moved from another place. Somebody wrote to the database directly."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs; it opens nowhere else. Without an organization it belongs to the installation."""

    table: str
    column: str
    row_id: UUID
    organization_id: UUID | None = None

    @property
    def bytes(self) -> bytes:
        """The place as associated data."""
        parts = (self.table, self.column, self.row_id.hex, _scope(self.organization_id))
        return '|'.join(parts).encode()


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that holds sealed values, so that a new data key can reach them all."""

    model: Any
    column: str
    purpose: str


SEALED_COLUMNS: list[SealedColumn] = []


def sealed_column(model: Any, column: str, purpose: str = FIELDS) -> Callable[[UUID, UUID | None], Place]:
    """Declare that a column holds sealed values. Returns the function that makes the place of one row's value."""
    SEALED_COLUMNS.append(SealedColumn(model, column, purpose))
    return lambda row_id, organization_id: Place(model.__tablename__, column, row_id, organization_id)


def seal(key: bytes, key_id: UUID, value: bytes, place: bytes) -> bytes:
    """Encrypt: version, key id, nonce, ciphertext with tag."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    head = V1 + key_id.bytes
    return head + nonce + AESGCM(key).encrypt(nonce, value, head + place)


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """Decrypt. Raises Tampered when the value, its key id or its place is not the one it was sealed with."""
    head, nonce, rest = sealed[: 1 + ID_BYTES], sealed[1 + ID_BYTES : 1 + ID_BYTES + NONCE_BYTES], sealed[29:]
    if sealed[:1] != V1 or len(rest) < TAG_BYTES:
        raise Tampered('A sealed value has no known form.')
    try:
        return AESGCM(key).decrypt(nonce, rest, head + place)
    except InvalidTag:
        raise Tampered('A sealed value was changed or moved.') from None


def key_of(sealed: bytes) -> UUID:
    """Return the id of the data key that a value was sealed with. Raises Tampered when it has no known form."""
    if sealed[:1] != V1 or len(sealed) < 1 + ID_BYTES + NONCE_BYTES + TAG_BYTES:
        raise Tampered('A sealed value has no known form.')
    return UUID(bytes=sealed[1 : 1 + ID_BYTES])


async def seal_value(work: Work, value: str | bytes, place: Place, purpose: str = FIELDS) -> bytes:
    """Seal a value for the place where it will be stored, under the organization's data key for this purpose."""
    row = await _writing_key(work, place.organization_id, purpose)
    counted = await work.execute(
        update(DataKey)
        .where(col(DataKey.id) == row.id, col(DataKey.messages) < MOST_MESSAGES)
        .values(messages=col(DataKey.messages) + 1)
    )
    if not counted:
        row = await rotate_data_key(work, place.organization_id, purpose)
    plain = value.encode() if isinstance(value, str) else value
    return seal(_unwrap(row), row.id, plain, place.bytes)


async def open_value(work: Work, sealed: bytes, place: Place) -> bytes:
    """Read a sealed value. Raises Tampered when it was changed, or moved here from another row or column."""
    row = await work.first(select(DataKey).where(DataKey.id == key_of(sealed)))
    if row is None:
        raise Tampered('The key of a sealed value does not exist.')
    return unseal(_unwrap(row), sealed, place.bytes)


async def blind_indexes(
    work: Work, values: Iterable[str], *, table: str, column: str, organization_id: UUID | None
) -> list[bytes]:
    """Return for each value 16 bytes, equal for equal values of one column in one organization, that tell nothing else.

    For columns that are searched by equality only; not for values of which there are few (dates of birth, yes and
    no), whose frequencies would tell them.
    """
    row = await _writing_key(work, organization_id, INDEXES)
    info = f'logbook/index|{table}|{column}|{_scope(organization_id)}'.encode()
    key = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(_unwrap(row))
    return [hmac.new(key, value.strip().casefold().encode(), hashlib.sha256).digest()[:16] for value in values]


async def rotate_data_key(work: Work, organization_id: UUID | None, purpose: str = FIELDS) -> DataKey:
    """Make a new data key, which every write uses from now on; `reseal_column` then brings old values to it."""
    if purpose == INDEXES:
        raise SecretsError('The key of blind indexes does not rotate: no stored index would be found any more.')
    last = await _last_key(work, organization_id, purpose)
    if last is not None:
        last.retired_at = work.now
    return await _make_key(work, organization_id, purpose, 1 if last is None else last.number + 1)


async def reseal_column(work: Work, column: SealedColumn, organization_id: UUID | None) -> int:
    """Seal up to `BATCH` values of a column anew under the current data key; returns how many, 0 when all are done.

    Each call is one step that may be repeated after a crash. It changes no record, so no version and no entry of the
    audit log: the tables are written as they are.
    """
    table = column.model.__table__
    if ('organization_id' not in table.c) != (organization_id is None) and not _is_of_both(table):
        return 0
    current = await _writing_key(work, organization_id, column.purpose)
    await work.flush()
    connection, stored = await work.session.connection(), table.c[column.column]
    found = select(table.c.id, stored).where(func.length(stored) > 0, _key_in(stored) != current.id.bytes)
    if 'organization_id' in table.c:
        found = found.where(table.c.organization_id == organization_id)  # None becomes IS NULL
    rows = (await connection.execute(found.limit(BATCH))).all()
    for row_id, sealed in rows:
        place = Place(table.name, column.column, row_id, organization_id)
        value = await seal_value(work, await open_value(work, sealed, place), place, column.purpose)
        changed = update(table).where(table.c.id == row_id, stored == sealed).values({column.column: value})
        await connection.execute(changed)
    return len(rows)


def _is_of_both(table: Any) -> bool:
    """Say whether rows of a table belong to an organization or to none."""
    return 'organization_id' in table.c and bool(table.c.organization_id.nullable)


def _key_in(stored: Any) -> Any:
    """Return the id of the data key in a sealed value, for the database to compare."""
    return func.substr(stored, 2, ID_BYTES)


async def count_sealed(work: Work, keys: Sequence[DataKey]) -> int:
    """Return how many stored values were sealed with one of these data keys, wherever they stand."""
    connection, count, ids = await work.session.connection(), 0, [key.id.bytes for key in keys]
    for column in SEALED_COLUMNS:
        stored = column.model.__table__.c[column.column]
        count += (await connection.scalar(select(func.count()).where(_key_in(stored).in_(ids)))) or 0
    return count


async def retired_data_keys(work: Work) -> list[DataKey]:
    """Return the data keys that seal nothing any more, though values of theirs may still be there."""
    return await work.all(select(DataKey).where(col(DataKey.retired_at).is_not(None)))


async def scopes(work: Work) -> list[UUID | None]:
    """Return the organizations that have a data key for sealed values, and None for the installation."""
    found = await work.all(select(DataKey.scope).where(DataKey.purpose == FIELDS).distinct())
    return [None if scope == INSTANCE else UUID(hex=scope) for scope in sorted(found)]


async def rewrap_data_keys(work: Work) -> int:
    """Wrap every data key with the current master key; returns how many there were. Sealed values stay as they are."""
    keys = installed()
    rows = await work.all(select(DataKey).where(DataKey.kek_id != kek_id(keys.kek)))
    for row in rows:
        row.wrapped, row.kek_id = _wrap(_unwrap(row), row), kek_id(keys.kek)
    await work.flush()
    return len(rows)


def _scope(organization_id: UUID | None) -> str:
    return INSTANCE if organization_id is None else organization_id.hex


async def _last_key(work: Work, organization_id: UUID | None, purpose: str) -> DataKey | None:
    last = await work.first(
        select(DataKey)
        .where(DataKey.scope == _scope(organization_id), DataKey.purpose == purpose)
        .order_by(col(DataKey.number).desc())
        .limit(1)
    )
    assert last is None or isinstance(last, DataKey)
    return last


async def _writing_key(work: Work, organization_id: UUID | None, purpose: str) -> DataKey:
    return await _last_key(work, organization_id, purpose) or await _make_key(work, organization_id, purpose, 1)


async def _make_key(work: Work, organization_id: UUID | None, purpose: str, number: int) -> DataKey:
    row = DataKey(
        id=new_id(),
        scope=_scope(organization_id),
        purpose=purpose,
        number=number,
        kek_id=kek_id(installed().kek),
        created_at=work.now,
    )
    row.wrapped = _wrap(secrets.token_bytes(KEY_BYTES), row)
    # Two nodes may need the first key at the same moment; the second then uses that of the first.
    await work.flush()
    await insert_unless_there(work.session, DataKey, row.model_dump())
    made = await _last_key(work, organization_id, purpose)
    assert made is not None
    return made


def _wrap(key: bytes, row: DataKey) -> bytes:
    return seal(installed().kek, row.id, key, f'data-key|{row.scope}|{row.purpose}'.encode())


def _unwrap(row: DataKey) -> bytes:
    return unwrap(row, installed().keks)


def unwrap(row: DataKey, keks: Mapping[str, bytes]) -> bytes:
    """Return the data key of a row, which one of these master keys wraps. Raises Unavailable without it, Tampered."""
    kek = keks.get(row.kek_id)
    if kek is None:
        raise Unavailable('The key file of this installation does not belong to its database. Put the right one back.')
    return unseal(kek, row.wrapped, f'data-key|{row.scope}|{row.purpose}'.encode())
