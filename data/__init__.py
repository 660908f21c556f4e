"""The tables of Logbook. Importing this package makes all of them known, and attaches tenancy to every session."""

from data import (  # noqa: F401  imported for their tables
    audit,
    backup,
    departments,
    files,
    identity,
    members,
    notifications,
    organizations,
    search,
    secrets,
    tasks,
    work,
)
from data.database import attach_tenancy

attach_tenancy()
