"""Addresses of servers, as settings name them."""

import re
from urllib.parse import SplitResult, parse_qs, urlsplit

DATABASE_SCHEMES = {
    'sqlite': 'sqlite+aiosqlite',
    'sqlite+aiosqlite': 'sqlite+aiosqlite',
    'mysql': 'mysql+asyncmy',
    'mysql+asyncmy': 'mysql+asyncmy',
    'mariadb': 'mariadb+asyncmy',
    'mariadb+asyncmy': 'mariadb+asyncmy',
}
# What manuals and examples print as a password; whoever copies one has no password at all.
DEFAULT_PASSWORDS = frozenset({
    'password', 'passwort', 'secret', 'changeme', 'change-me', 'change_me', 'changethis', 'example', 'default', 'test',
    'admin', 'root', 'logbook', '123456', '12345678', 'letmein', 'your-password', 'yourpassword', 'xxx',
})  # fmt: skip


def split_address(value: str, schemes: set[str]) -> SplitResult:
    """Return the parts of an address of one of these schemes. Raises ValueError."""
    parts = urlsplit(value.strip())
    if parts.scheme not in schemes or re.search(r'\s', value.strip()):
        raise ValueError('has the wrong form')
    _ = parts.port  # raises ValueError when the port is none
    return parts


def refuse_default_password(parts: SplitResult) -> None:
    """Raise ValueError for a password that many know."""
    if (parts.password or '').lower() in DEFAULT_PASSWORDS:
        raise ValueError('has a default password')


def check_token_endpoint(value: str) -> str:
    """Return an address where an application asks for a token, by itself or for a person. Raises ValueError."""
    parts = split_address(value, {'http', 'https'})
    asked = parse_qs(parts.query).keys()
    if not (parts.hostname and parts.username and parts.password):
        raise ValueError('names no host, id or secret')
    if not asked or not asked <= {'scope', 'refresh_token'}:
        raise ValueError('asks for nothing')
    return value
