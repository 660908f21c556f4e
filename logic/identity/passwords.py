"""Passwords: which are accepted and why not (NIST SP 800-63B-4), and hashing that stops nobody else."""

import asyncio
import contextlib
import os
import re
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from logic.core.errors import Invalid, Unavailable
from logic.core.language import _

T = TypeVar('T')
LEAST_ALONE, LEAST_WITH_MFA, MOST = 15, 8, 256
SHORTEST_COMMON = 8
MOST_WAITING = 200
"""Checks that may queue for a thread; more are an attack, and each would hold a request open."""
LEETSPEAK = str.maketrans('4@301!$57', 'aaeoiisst')
ROWS = (
    'abcdefghijklmnopqrstuvwxyz',
    '01234567890',
    'qwertyuiop',
    'asdfghjkl',
    'zxcvbnm',
    'qwertzuiop',
    'yxcvbnm',
    'azertyuiop',
)
ROLE_WORDS = frozenset({
    'admin', 'administrator', 'ambulance', 'auditor', 'captain', 'chief', 'clinic', 'company', 'department',
    'dispatch', 'emergency', 'fire', 'firefighter', 'letmein', 'lieutenant', 'login', 'manager', 'medic', 'member',
    'officer', 'owner', 'paramedic', 'passwort', 'password', 'quartermaster', 'rescue', 'secret', 'secretary',
    'squad', 'station', 'treasurer', 'volunteer', 'welcome',
})  # fmt: skip
PRODUCT_WORDS = frozenset({'logbook'})

_hasher = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))
_waiting = 0


def normalise(password: str) -> str:
    """Return the form that is hashed: NFKC, so that one key press is one character on every device. Nothing is cut."""
    return unicodedata.normalize('NFKC', password)


def password_rules(*, with_mfa: bool) -> list[str]:
    """Return the rules in words, for the screen where a password is chosen."""
    least = LEAST_WITH_MFA if with_mfa else LEAST_ALONE
    return [
        _('At least {count} characters; a sentence is easy to remember. Any characters, also spaces.', count=least),
        _('Not a common password, nor a word with a few digits added.'),
        _('Not made of your name, your e-mail address or the name of the department.'),
    ]


def password_fault(password: str, *, with_mfa: bool, about: Iterable[str] = ()) -> str | None:
    """Return why a new password is refused, in a sentence; None when it is accepted.

    `about` holds the names that an attacker would try first: person, e-mail address, organization.
    Source: NIST SP 800-63B-4, 3.1.1.2 (length, block-list, no composition rules).
    """
    least = LEAST_WITH_MFA if with_mfa else LEAST_ALONE
    if len(password) > MOST:
        return _('It has more than {count} characters.', count=MOST)
    if any('\ud800' <= character <= '\udfff' for character in password):
        return _('It contains a broken character. Type it again.')
    text = normalise(password)
    if len(text) < least:
        advice = '' if with_mfa else ' ' + _('A sentence of a few words is long enough and easy to remember.')
        return _('It has {count} characters; at least {least} are needed.', count=len(text), least=least) + advice
    return _guess(text.casefold(), least // 2 + 1, about)


def _guess(text: str, rest_needed: int, about: Iterable[str]) -> str | None:
    """Say how a text could be guessed, unless enough is left of it without what is guessed easily."""
    unit = _unit(text)
    if len(set(text)) < 5 or len(unit) < rest_needed:
        return _('It repeats the same few characters.')
    plain = {text, unit, _core(text), _core(unit)}
    forms = {
        version for form in plain for version in (form, form.translate(LEETSPEAK), _core(form.translate(LEETSPEAK)))
    }
    if any(form in common_passwords() and len(unit) - len(form) < rest_needed for form in forms):
        return _('It is a common password or word, or one with a few characters added. Attackers try these first.')
    if len(_without_runs(unit)) < rest_needed:
        return _('It is mostly a sequence, such as "12345" or "qwerty".')
    if len(_without_words(unit, _words(about))) < rest_needed:
        return _('It is mostly made of names or words that others can guess: yours, the department’s, or a role’s.')
    return None


async def vet_password(password: str, *, with_mfa: bool, about: Iterable[str] = (), field: str = 'password') -> str:
    """Return the form to hash. Raises Invalid, with the reason at `field`, when the password is refused."""
    reason = await _in_thread(lambda: password_fault(password, with_mfa=with_mfa, about=tuple(about)))
    if reason is not None:
        raise Invalid(_('This password cannot be taken. {reason}', reason=reason), {field: reason})
    return normalise(password)


async def hash_password(password: str) -> str:
    """Hash a password with Argon2id (19 MiB, 2 passes, OWASP 2025), in a thread; about 60 ms."""
    text = normalise(password)
    return await _in_thread(lambda: _hasher.hash(text))


async def verify_password(password: str, hashed: str | None) -> tuple[bool, str | None]:
    """Say whether a password is right, and give its new hash when the parameters have changed since it was stored.

    Without a hash (unknown account) it takes the same time and says no.
    """
    if len(password) > MOST or any('\ud800' <= character <= '\udfff' for character in password):
        password, hashed = 'too long or broken', None
    text = normalise(password)

    def check() -> tuple[bool, str | None]:
        if hashed is None:
            _hasher.verify(text, _nobodys_hash())
            return False, None
        return _hasher.verify_and_update(text, hashed)

    return await _in_thread(check)


@cache
def common_passwords() -> frozenset[str]:
    """Return the block-list: 41,621 entries of at least 8 characters.

    zxcvbn knows 11,611 common passwords of that length; the rest are its common English words, words of film and
    television, and names, which people use as passwords as often.
    """
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    words = frozenset(word for words in FREQUENCY_LISTS.values() for word in words if len(word) >= SHORTEST_COMMON)
    for name in [name for name in sys.modules if name.partition('.')[0] == 'zxcvbn']:
        del sys.modules[name]  # its tables hold 15 MB that nobody asks for again
    return words


@cache
def _nobodys_hash() -> str:
    return _hasher.hash('the password of nobody')


@cache
def _threads() -> ThreadPoolExecutor:
    """As many threads as processors, at low priority: hashing must not slow down the screens of others."""

    def step_back() -> None:
        with contextlib.suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)

    return ThreadPoolExecutor(os.cpu_count() or 1, 'passwords', initializer=step_back)


async def _in_thread(function: Callable[[], T]) -> T:
    global _waiting  # noqa: PLW0603  one queue in a process
    if _waiting >= MOST_WAITING:
        raise Unavailable('Too many people are signing in just now. Try again in a minute.')
    _waiting += 1
    try:
        run = copy_context().run  # the language of whoever asks
        return await asyncio.get_running_loop().run_in_executor(_threads(), run, function)
    finally:
        _waiting -= 1


def _unit(text: str) -> str:
    """Return what a text repeats: `abcabcab` is `abc`."""
    period = next(p for p in range(1, len(text) + 1) if text[p:] == text[: len(text) - p])
    return text[:period] if period * 2 <= len(text) else text


def _core(text: str) -> str:
    """Return a text without what is not a letter at its ends: `motorcycle2026!` is `motorcycle`."""
    return re.sub(r'^[\W\d_]+|[\W\d_]+$', '', text)


def _without_runs(text: str) -> str:
    """Return a text without runs of four or more of the alphabet, of digits or of a keyboard, in either direction."""
    kept, start = [], 0
    while start < len(text):
        length = max(_run_length(text, start, row) for row in (*ROWS, *(row[::-1] for row in ROWS)))
        same = len(text) - start - len(text[start:].lstrip(text[start]))
        if max(length, same) >= 4:
            start += max(length, same)
        else:
            kept.append(text[start])
            start += 1
    return ''.join(kept)


def _run_length(text: str, start: int, row: str) -> int:
    position = row.find(text[start])
    length = 0
    while (
        position >= 0
        and start + length < len(text)
        and position + length < len(row)
        and text[start + length] == row[position + length]
    ):
        length += 1
    return length


def _words(about: Iterable[str]) -> list[str]:
    words = set(ROLE_WORDS | PRODUCT_WORDS)
    for name in about:
        plain = normalise(name).casefold().partition('@')[0]
        parts = re.split(r'[\W_]+', plain)
        words |= {part for part in (*parts, ''.join(parts)) if len(part) >= 3}
    return sorted(words, key=len, reverse=True)


def _without_words(text: str, words: list[str]) -> str:
    rest = text.translate(LEETSPEAK)
    for word in words:
        rest = rest.replace(word.translate(LEETSPEAK), ' ')
    return re.sub(r'[\W_]+', '', _without_runs(re.sub(r'\s+', '', rest)))
