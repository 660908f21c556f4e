"""Two departments with one row of every table, so that what is new today is held to isolation today.

The rows are made from the columns and not by services: a table that no service fills yet is covered too. Their values
mean nothing; they are only there to be asked for.
"""

import asyncio
import shutil
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, configure_mappers
from sqlmodel import SQLModel

from data import database as databases
from data.core import UtcDateTime, new_id, now
from data.custom_fields import CustomField
from data.identity import Account
from data.identity import Session as SignedIn
from data.links import RecordLink
from data.members import ChecklistKind, ChecklistTemplate, Departure, Member
from data.organizations import Organization
from data.tasks import Task, TaskList
from logic.core.actor import Actor
from logic.core.secrets.keys import install, open_secrets
from tests.conftest import found, person_with_account

ZONE = ZoneInfo('America/New_York')
"""Where the departments of the tests are: at night in Greenwich it is yesterday there."""
NOT_MADE = {'Organization', 'PasswordCredential'}
"""The founding of a department makes these."""


@dataclass(frozen=True)
class Department:
    """One department: its owner, somebody with the rights of every member, and the id of one row of each table."""

    chief: Actor
    member: Actor
    rows: dict[type, UUID]


@dataclass(frozen=True)
class World:
    """A data folder with two departments that must not know of each other."""

    folder: Path
    ours: Department
    theirs: Department

    def copy(self, to: Path) -> str:
        """Copy the database for one test, install its keys, and return its address."""
        shutil.copy(self.folder / 'logbook.db', to / 'logbook.db')
        install(open_secrets(self.folder / 'secrets', database_exists=True))
        return f'sqlite+aiosqlite:///{to / "logbook.db"}'

    def just_signed_in(self) -> 'World':
        """Return it with its chiefs signed in now: a suite lasts longer than a sign-in is fresh."""
        made = (replace(one, chief=replace(one.chief, authenticated_at=now())) for one in (self.ours, self.theirs))
        return World(self.folder, *made)


def build(template: Path, folder: Path) -> World:
    """Make the world once; every test copies it."""
    shutil.copy(template, folder / 'logbook.db')
    install(open_secrets(folder / 'secrets', database_exists=False))
    ours, theirs = asyncio.run(_found(folder))
    engine = sa.create_engine(f'sqlite:///{folder / "logbook.db"}')
    made = [_fill(engine, department) for department in (ours, theirs)]
    engine.dispose()
    return World(folder, *made)


async def _found(folder: Path) -> tuple[Department, Department]:
    databases.connect(f'sqlite+aiosqlite:///{folder / "logbook.db"}')
    departments = []
    for name, host in (('Riverside Fire', 'river.example.org'), ('Hillside EMS', 'hill.example.org')):
        chief = (await found(name, f'chief@{host}')).chief
        member = await person_with_account(chief, 'Jide', 'Okafor', f'jide@{host}', 'Member')
        departments.append(Department(chief, member, {}))
    await databases.disconnect()
    return departments[0], departments[1]


@cache
def tables() -> list[type[SQLModel]]:
    """Return every table whose rows have an id, those that others refer to first."""
    configure_mappers()
    order = {table.name: place for place, table in enumerate(SQLModel.metadata.sorted_tables)}
    mappers = [m for m in Member._sa_registry.mappers if 'id' in m.columns]  # type: ignore[attr-defined]
    classes = {m.class_ for m in mappers if m.columns['id'].type.python_type is UUID}
    return sorted(classes, key=lambda kind: order[kind.__tablename__])  # type: ignore[index]


def _fill(engine: sa.Engine, department: Department) -> Department:
    chief = department.chief
    assert chief.organization_id is not None
    assert chief.account_id is not None
    rows: dict[type, UUID] = {Organization: chief.organization_id}
    person_id = new_id()
    named: dict[str, UUID] = {'organization.id': chief.organization_id, 'account.id': chief.account_id}
    with Session(engine) as session:
        for kind in tables():
            if kind.__name__ in NOT_MADE:
                continue
            row = kind(**_values(kind, named))
            if kind is Departure:  # else nobody could plan one
                row.member_id = department.member.member_id
            elif kind is ChecklistTemplate:
                row.kind = ChecklistKind.LEAVING
            elif kind is Task:  # the first number is for the first task that a service makes
                row.number = 1000
            elif kind is TaskList:  # a private list, which nobody else sees
                row.owner_id = chief.member_id
            if {'record', 'record_id'} <= kind.model_fields.keys():  # what hangs on a record hangs on this one
                row.record, row.record_id = 'Member', person_id  # type: ignore[attr-defined]
            elif kind is Member:
                row.id = person_id
            elif kind is CustomField:  # one of people
                row.record = 'Member'
            if kind is RecordLink:
                row.other, row.other_id = 'Member', department.member.member_id
            if hasattr(row, 'organization_id'):
                row.organization_id = chief.organization_id
            session.add(row)
            rows[kind] = row.id
            if kind is not Account:
                named[f'{kind.__tablename__}.id'] = row.id
            session.flush()
        session.commit()
    rows[Account] = department.member.account_id  # type: ignore[assignment]
    chief = replace(chief, session_id=rows[SignedIn], method='password+totp')
    return replace(department, chief=chief, rows=rows)


def _values(kind: type[SQLModel], named: dict[str, UUID]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        if not field.is_required():
            continue
        column = kind.__table__.c[name]  # type: ignore[attr-defined]
        keys = [key.target_fullname for key in column.foreign_keys]
        values[name] = named[keys[0]] if keys else '[]' if name == 'arguments' else _value(name, column)
    return values


def _value(name: str, column: Any) -> Any:
    kind = column.type
    if isinstance(kind, sa.Enum):
        enum = kind.enum_class
        assert enum is not None
        assert issubclass(enum, StrEnum)
        return next(iter(enum))
    if isinstance(kind, UtcDateTime):
        return now() + (timedelta(days=30) if name == 'expires_at' else timedelta())
    match kind.python_type:
        case python if python is str:
            return uuid4().hex[: getattr(kind, 'length', None) or 32]
        case python if python is date:
            return now().astimezone(ZONE).date()
        case python if python is UUID:
            return uuid4()
        case python:
            return python(1)  # a number, or one byte
