"""The tables of Logbook. Importing this package makes all of them known, and attaches tenancy to every session."""

from data import (  # noqa: F401  imported for their tables
    attachments,
    audit,
    backup,
    comments,
    custom_fields,
    departments,
    files,
    identity,
    links,
    members,
    notifications,
    organizations,
    search,
    secrets,
    tasks,
    views,
    watchers,
    work,
)
from data.database import attach_tenancy

attach_tenancy()
