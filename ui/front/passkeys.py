"""Passkeys: offered where the address allows them, and why not where it does not."""

from fastapi import Request

from ui.front import cookies


def why_no_passkeys(request: Request) -> str | None:
    """Return why passkeys cannot work at this address, in a sentence; None when they can."""
    settings = cookies.settings_of(request)
    if settings.passkey_host is not None:
        return None
    if settings.is_https:
        return 'Passkeys need a host name; this Logbook is reached by a bare IP address.'
    return 'Passkeys need an encrypted address (https://); this Logbook is reached without one.'
