"""The screens behind sign-in; each domain gains one line here."""

from ui.pages import (  # noqa: F401
    access,
    account,
    audit,
    backup,
    companies,
    help,
    home,
    lists,
    members,
    notifications,
    positions,
    registration,
    rules,
    samples,
    search,
    settings,
    status,
    tasks,
)
