"""The bytes of an entry: one form only, that of RFC 8785, whatever a column holds."""

import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from logic.audit.entry import LARGEST_INTEGER, canonical, commitment, instant, plain

ESCAPES = {'\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '"': '\\"', '\\': '\\\\'}
keys = st.text(st.characters(max_codepoint=127, min_codepoint=32), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)


def by_the_rules(value: Any) -> str:
    """The rules of RFC 8785 for null, booleans, integers, strings, arrays and objects, written out."""
    match value:
        case None:
            return 'null'
        case bool():
            return 'true' if value else 'false'
        case int():
            return str(value)
        case str():
            letters = (ESCAPES.get(x) or (f'\\u{ord(x):04x}' if ord(x) < 32 else x) for x in value)
            return '"' + ''.join(letters) + '"'
        case list():
            return '[' + ','.join(map(by_the_rules, value)) + ']'
        case _:
            names = sorted(value, key=lambda name: name.encode('utf-16-be'))
            return '{' + ','.join(f'{by_the_rules(name)}:{by_the_rules(value[name])}' for name in names) + '}'


@settings(max_examples=300, deadline=None)
@given(values)
def test_the_bytes_are_those_of_rfc_8785(value: Any) -> None:
    form = plain(value)
    assert canonical(form).decode() == by_the_rules(form)
    assert json.loads(canonical(form)) == form
    assert plain(form) == form


def test_another_implementation_writes_the_same_bytes() -> None:
    form = plain({'b': ['é', 1, None, True, '\u2028\x7f\x01'], 'a': {'Z': -(2**53), 'z': 2**53 - 1, '~': '😀"\\'}})
    assert canonical(form) == rfc8785.dumps(form | {'a': form['a'] | {'Z': -(2**53) + 1}}).replace(
        b'-9007199254740991', b'-9007199254740992'
    )


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_text_has_one_form(text: str) -> None:
    assert plain(text) == unicodedata.normalize('NFC', text) or not text.isprintable()
    assert canonical(plain(unicodedata.normalize('NFD', text))) == canonical(plain(text))


class Colour(StrEnum):
    RED = 'red'


@pytest.mark.parametrize(
    ('value', 'form'),
    [
        (Decimal('1.50'), '1.50'),
        (1.5, '1.5'),
        (LARGEST_INTEGER, LARGEST_INTEGER),
        (LARGEST_INTEGER + 1, str(LARGEST_INTEGER + 1)),
        (-LARGEST_INTEGER - 1, str(-LARGEST_INTEGER - 1)),
        (date(2026, 11, 20), '2026-11-20'),
        (datetime(2026, 11, 20, 1, 2, 3, 4, timezone(timedelta(hours=-5))), '2026-11-20T06:02:03.000004Z'),
        (UUID(int=5), '00000000-0000-0000-0000-000000000005'),
        (Colour.RED, 'red'),
        (b'secret', f'sha256:{hashlib.sha256(b"secret").hexdigest()}'),
        ({'é': 1, 'b': 2}, [['b', 2], ['é', 1]]),
        (frozenset({'b', 'a'}), ['a', 'b']),
        ('\ud800', '?'),
        (True, True),
    ],
)
def test_every_value_has_a_form_without_floats(value: Any, form: Any) -> None:
    assert plain(value) == form
    assert type(plain(value)) is type(form)


def test_a_very_long_text_is_named_by_its_hash() -> None:
    form = plain('x' * 100_000)
    assert len(form) < 400
    assert hashlib.sha256(b'x' * 100_000).hexdigest() in form


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match='zone'):
        instant(datetime(2026, 11, 20))  # noqa: DTZ001
    assert instant(datetime(2026, 11, 20, tzinfo=UTC)) == '2026-11-20T00:00:00.000000Z'


def test_a_commitment_tells_nothing_without_its_salt() -> None:
    assert commitment(b'a' * 32, b'"x"') == hashlib.sha256(b'a' * 32 + b'"x"').digest()
    assert commitment(b'a' * 32, b'"x"') != commitment(b'b' * 32, b'"x"')
