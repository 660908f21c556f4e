"""What an audit entry says, and the exact bytes that are stored and hashed."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel

from data.audit import AuditEntry
from logic.audit.tree import leaf_hash
from logic.core.actor import Actor, ActorKind
from logic.core.language import _
from logic.core.recording import EntryDraft

VERSION = 1
LARGEST_INTEGER = 2**53
LONGEST_TEXT = 8_000
SALT_SIZE = 32
INSTANCE_LOG_ID = UUID(int=0)
"""The log of what belongs to no organization, and of the heads of all others; these have their organization's id."""


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(',', ':'), allow_nan=False).encode


def plain(value: Any) -> Any:
    """Return a value as JSON of one form: no floats, NFC strings, integers within 2**53, times as UTC strings."""
    match value:
        case None | bool():
            return value
        case Enum():
            return plain(value.value)
        case str():
            return _text(value)
        case int():
            return value if -LARGEST_INTEGER <= value <= LARGEST_INTEGER else str(value)
        case datetime():
            return instant(value)
        case date() | time():
            return value.isoformat()
        case bytes():
            return f'sha256:{hashlib.sha256(value).hexdigest()}'
        case BaseModel():
            return plain(value.model_dump(mode='json'))
        case Mapping():
            return _mapping(value)
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted((plain(item) for item in value), key=str)
        case _:
            return _text(str(value))


def instant(value: datetime) -> str:
    """Return an aware instant as `YYYY-MM-DDTHH:MM:SS.ffffffZ`. Raises ValueError for a naive one."""
    if value.tzinfo is None:
        raise ValueError('A time without a zone cannot be recorded.')
    return value.astimezone(UTC).isoformat(timespec='microseconds').replace('+00:00', 'Z')


def canonical(value: Any) -> bytes:
    """Return the bytes of a plain value; for this subset equal to RFC 8785."""
    return _encode(value).encode()


def commitment(salt: bytes, value: bytes) -> bytes:
    """Return what an entry shows of a personal value: SHA-256 over a 32-byte salt and the value's canonical bytes."""
    return hashlib.sha256(salt + value).digest()


def actor_part(actor: Actor, name: str | None, device: str | None, on_behalf_of: UUID | None) -> dict[str, Any]:
    """Return what an entry says of who acted; name and device are commitments in hexadecimal."""
    session = None if actor.session_id is None else hashlib.sha256(actor.session_id.bytes).hexdigest()[:32]
    return {
        'device': device,
        'id': _id(actor.account_id),
        'kind': actor.kind.value,
        'label': _text(actor.name) if actor.kind is ActorKind.SYSTEM else None,
        'member': _id(actor.member_id),
        'method': _text(actor.method) or None,
        'name': name,
        'on_behalf_of': _id(on_behalf_of),
        'session': session,
    }


def body(
    draft: EntryDraft,
    *,
    log_id: UUID,
    seq: int,
    at: str,
    actor: Mapping[str, Any],
    personal: Mapping[str, list[str | None]],
    request: str | None,
) -> bytes:
    """Return the bytes of an entry at its place in a log."""
    return canonical(
        {
            'action': draft.action,
            'actor': actor,
            'at': at,
            'changes': {name: [plain(old), plain(new)] for name, (old, new) in draft.changes.items()},
            'log': str(log_id),
            'object': {
                'id': None if draft.object_id is None else str(draft.object_id),
                'revision': draft.revision,
                'type': draft.object_type,
            },
            'outcome': draft.outcome,
            'personal': personal,
            'reason': plain(draft.reason) or None,
            'request': plain(request),
            'seq': seq,
            'subject': _id(draft.subject_id),
            'v': VERSION,
        }
    )


def said_by(row: AuditEntry) -> Any:
    """Return what a stored entry says; where its text is not the one that was hashed, what its columns repeat of it."""
    if row.body is not None and leaf_hash(row.body) == row.leaf:
        return orjson.loads(row.body)
    nothing = dict.fromkeys(('device', 'member', 'method', 'name', 'on_behalf_of', 'session'))
    return {
        'action': row.action,
        'actor': {**nothing, 'id': _id(row.actor_id), 'kind': ActorKind.SYSTEM.value, 'label': '?'},
        'at': instant(row.at),
        'changes': {},
        'object': {'id': row.object_id, 'revision': None, 'type': row.object_type},
        'outcome': row.outcome,
        'personal': {},
        'reason': _('the text is not the one that was hashed when it was written.'),
        'request': None,
        'seq': row.seq,
        'subject': _id(row.subject_id),
    }


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _text(value: str) -> str:
    value = str.__str__(value)
    # A lone surrogate has no UTF-8 form; a log that refused it would lose the entry.
    text = value if value.isascii() else unicodedata.normalize('NFC', value.encode('utf-8', 'replace').decode())
    if len(text) <= LONGEST_TEXT:
        return text
    return f'{text[:200]}… ({len(text)} characters, sha256:{hashlib.sha256(text.encode()).hexdigest()})'


def _mapping(value: Mapping[Any, Any]) -> Any:
    items = [(_text(str(key)), plain(item)) for key, item in value.items()]
    if all(key.isascii() for key, _ in items):
        return dict(items)
    # RFC 8785 sorts by UTF-16 units, Python by code points: they agree on ASCII keys only.
    return [[key, item] for key, item in sorted(items, key=lambda pair: pair[0])]
