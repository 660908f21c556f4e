"""The rules. Importing this package makes all domains known; each gains one line here."""

from logic import (  # noqa: F401
    attachments,
    audit,
    backup,
    comments,
    demo,
    departments,
    drafts,
    identity,
    links,
    mail,
    members,
    notifications,
    organizations,
    search,
    setup,
    status,
    storage,
    tasks,
    views,
    watchers,
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
from logic.notifications import access  # noqa: F401
