"""The rules. Importing this package makes all domains known; each gains one line here."""

from logic import (  # noqa: F401
    audit,
    backup,
    demo,
    departments,
    identity,
    mail,
    members,
    notifications,
    organizations,
    setup,
    status,
    storage,
)
from logic.identity import (  # noqa: F401
    accounts,
    addresses,
    api_keys,
    api_tokens,
    invitations,
    mfa,
    passkeys,
    positions,
    resets,
    sessions,
    upkeep,
)
from logic.mail import access  # noqa: F401
