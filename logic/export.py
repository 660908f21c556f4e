"""Leaving: all of a department in open formats, CSV, JSON Lines and files, that a person reads without Logbook."""

import asyncio
import base64
import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from data.core import Scoped, now
from data.database import database
from data.files import StoredFile
from data.identity import Account
from data.members import Member
from data.organizations import Organization
from data.schema import head
from data.work import Sequence
from logic.core import files
from logic.core.actor import Actor
from logic.core.errors import NotFound, Unavailable
from logic.core.secrets import SEALED_COLUMNS, Place, SealedColumn, open_value
from logic.core.tabular import escape_formula
from logic.core.version import VERSION
from logic.core.work import Work

BATCH, FORMAT = 500, 1
BASE64 = 'base64'
SECRET_WORDS = ('hash', 'secret', 'token', 'sealed', 'wrapped', 'challenge')
# What only makes Logbook run here, and what is nobody's but its writer's. What signs in goes too, by its columns: a row
# is nothing without its secret.
LEFT_OUT = {'search_entry', 'file_state', 'draft'}
EXPORT_FILE = 'export'
"""Owner of the files that are exports themselves: they are in no other export."""
MORE: tuple[type[SQLModel], ...] = (Sequence,)
"""Tables of an organization that are not scoped rows."""
README = """{name}: everything that Logbook {version} held on {day}

tables/NAME.csv     one table each, UTF-8 with a header; the cell of a text that a spreadsheet could take for a
                    formula has an apostrophe wherever one could begin
tables/NAME.jsonl   the same rows as JSON, one a line, with nothing changed: use these to read them into a program
files/              the stored files, named by their id; tables/stored_file has the names that people gave them
schema.json         every table and column: kind, whether it may be empty, and what it refers to
audit/              the audit log with its checkpoints, and verifier.py, a program that checks it alone
manifest.json       the number of rows of each table, and the SHA-256 of each file in this archive

KEEP THIS FILE AS SAFE AS WHAT IS IN IT: bank accounts and identity numbers are readable in tables/protected_number, and
so is all else that Logbook shows to few.

"python main.py import-department THIS_FILE.zip" reads it into a Logbook that has no department yet.

Times are UTC (ISO 8601); plain dates are dates of the department, whose zone is in tables/organization. Ids are UUIDs:
member_id in one table is id in tables/member. Passwords, keys, sessions and open invitations are not in here.
"""


def exported_tables() -> Iterator[tuple[str, type[SQLModel], list[str]]]:
    """Yield what is exported: table name, its class, and its columns without the secret ones."""
    mappers = {str(mapper.local_table): mapper for mapper in sa.inspect(Member).registry.mappers}
    for name, mapper in sorted(mappers.items()):
        kind = mapper.class_
        columns = list(mapper.local_table.columns)
        secret = {column.name for column in columns if _is_secret(name, column)}
        is_nothing = any(column.name in secret and not column.nullable for column in columns)
        if (issubclass(kind, Scoped) or kind in MORE) and name not in LEFT_OUT and not is_nothing:
            yield name, kind, [column.name for column in columns if column.name not in secret]


def account_columns() -> list[str]:
    """Return what is exported of an account; where it was last signed in may be another department."""
    return [column.name for column in _columns(Account) if column.name != 'last_organization_id']


def sealed_columns(table: str) -> dict[str, SealedColumn]:
    """Return the columns of a table that are stored sealed, and written open into an export."""
    return {sealed.column: sealed for sealed in SEALED_COLUMNS if sealed.model.__tablename__ == table}


def _is_secret(table: str, column: Any) -> bool:
    if isinstance(column.type, sa.LargeBinary):
        return column.name not in sealed_columns(table)
    return column.name != 'sha256' and any(word in column.name for word in SECRET_WORDS)


async def export_organization(
    organization: Organization, path: Path, progress: Callable[[float], Awaitable[None] | None] = lambda _: None
) -> int:
    """Write everything of a department into a zip file; returns the number of rows. Raises Unavailable.

    Read from one snapshot of the database; that it was made is in the audit log.
    """
    tables = list(exported_tables())
    draft = path.with_name(f'.{path.name}.part')
    manifest: dict[str, Any] = {
        'format': FORMAT, 'version': VERSION, 'schema': head(), 'organization': str(organization.id),
        'rows': {}, 'files': {}, 'missing': [],
    }  # fmt: skip
    try:
        with zipfile.ZipFile(draft, 'w', zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            target = Target(archive, manifest)
            async with database().read(organization.id) as session:
                await _put(target, 'organization', [c.name for c in _columns(Organization)], [organization])
                for number, (name, kind, columns) in enumerate(tables):
                    await _table(session, target, name, kind, columns)
                    await _tell(progress, 0.5 * number / len(tables))
                await _accounts(session, target)
                stored = list(await session.exec(select(StoredFile).where(_is_kept(StoredFile))))
            for number, row in enumerate(stored):
                await _file(target, row)
                await _tell(progress, 0.5 + 0.5 * number / len(stored))
            await _audit_log(organization, target)
            said = README.format(name=organization.name, version=VERSION, day=f'{now():%Y-%m-%d}')
            await target.write('README.txt', said.encode())
            await target.write('schema.json', json.dumps(schema_of(tables), indent=1).encode())
            archive.writestr('manifest.json', json.dumps(manifest, indent=1))
        await asyncio.to_thread(draft.replace, path)
    except OSError as error:
        raise Unavailable(f'{path} cannot be written: {error.strerror or error}.') from error
    finally:
        draft.unlink(missing_ok=True)
    await _tell(progress, 1.0)
    return sum(manifest['rows'].values())


async def _tell(progress: Callable[[float], Awaitable[None] | None], part: float) -> None:
    waiting = progress(part)
    if waiting is not None:
        await waiting


class Target:
    """The zip file being written, and what its manifest will say."""

    def __init__(self, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
        self._archive, self.manifest = archive, manifest
        self.accounts: set[UUID] = set()
        """Whom the rows name."""

    async def write(self, name: str, content: bytes) -> None:
        """Add a file, beside the event loop."""
        await asyncio.to_thread(self._archive.writestr, name, content)
        self.manifest['files'][name] = hashlib.sha256(content).hexdigest()


def _columns(kind: type[SQLModel]) -> list[Any]:
    return list(sa.inspect(kind).local_table.columns)


def plain(value: Any) -> Any:
    """Return a column's value as JSON; nothing is lost."""
    match value:
        case None | bool() | int() | str() | dict():
            return str(value) if isinstance(value, str) else value
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case BaseModel():
            return value.model_dump(mode='json')
        case _:
            return str(value)


def _readable(value: bytes) -> Any:
    """Return what was sealed as the text that it is, else in base64."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {BASE64: base64.b64encode(value).decode()}


def _cell(value: Any) -> Any:
    value = plain(value)
    if isinstance(value, str):
        return escape_formula(value)
    if isinstance(value, bool):
        return 'true' if value else 'false'
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def _is_kept(kind: type[SQLModel]) -> sa.ColumnElement[bool]:
    return col(StoredFile.owner_type) != EXPORT_FILE if kind is StoredFile else sa.true()


async def _table(session: AsyncSession, target: Target, name: str, kind: type[SQLModel], columns: list[str]) -> None:
    key = sa.inspect(kind).primary_key[-1]
    work = Work(session, Actor.system(session.info['organization_id'], 'Export'), 'export.export_organization')
    last: Any = None
    kept: list[SQLModel] = []
    while True:
        statement = select(kind).where(_is_kept(kind)).order_by(key).limit(BATCH)
        if not issubclass(kind, Scoped):
            statement = statement.where(key.table.c.organization_id == work.organization_id)
        rows = list(await session.exec(statement.where(key > last) if last is not None else statement))
        session.expunge_all()
        for row in rows:
            for column, sealed in sealed_columns(name).items():
                place = Place(name, column, row.id, work.organization_id)  # type: ignore[attr-defined]
                if (value := getattr(row, sealed.column)) is not None:
                    setattr(row, column, _readable(await open_value(work, value, place)))
        kept += rows
        if len(rows) < BATCH:
            break
        last = getattr(rows[-1], key.key)
        await asyncio.sleep(0)
    for column in _columns(kind):
        if any(reference.target_fullname == 'account.id' for reference in column.foreign_keys):
            target.accounts |= {getattr(row, column.name) for row in kept} - {None}
    await _put(target, name, columns, kept)


async def _put(target: Target, name: str, columns: list[str], rows: list[Any]) -> None:
    """Write a table twice, for people and for programs."""
    texts, lines = io.StringIO(), io.StringIO()
    writer = csv.writer(texts)
    writer.writerow(columns)
    for number, row in enumerate(rows):
        values = {column: getattr(row, column) for column in columns}
        writer.writerow([_cell(value) for value in values.values()])
        lines.write(json.dumps({n: plain(v) for n, v in values.items()}, ensure_ascii=False) + '\n')
        if number % BATCH == 0:
            await asyncio.sleep(0)
    await target.write(f'tables/{name}.csv', texts.getvalue().encode())
    await target.write(f'tables/{name}.jsonl', lines.getvalue().encode())
    target.manifest['rows'][name] = len(rows)


async def _accounts(session: AsyncSession, target: Target) -> None:
    """Write who signs in, or did something that is still told of him; how he signs in is not told."""
    wanted, rows = sorted(target.accounts), []
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        rows += list(await session.exec(select(Account).where(col(Account.id).in_(some)).order_by(col(Account.email))))
    await _put(target, 'account', account_columns(), rows)


async def _file(target: Target, row: StoredFile) -> None:
    try:
        await target.write(f'files/{row.id}{Path(row.name).suffix[:10]}', await files.read(row))
    except NotFound:
        target.manifest['missing'].append(str(row.id))


async def _audit_log(organization: Organization, target: Target) -> None:
    from logic.audit import export_log

    made = await export_log(Actor.system(organization.id, 'Export'), personal=True)
    try:
        with zipfile.ZipFile(made) as log:
            for name in log.namelist():
                await target.write(f'audit/{name}', log.read(name))
    finally:
        made.unlink(missing_ok=True)


def schema_of(tables: list[tuple[str, type[SQLModel], list[str]]]) -> dict[str, Any]:
    """Describe every exported table and column."""
    described: dict[str, Any] = {}
    organization = ('organization', Organization, [column.name for column in _columns(Organization)])
    for name, kind, columns in [*tables, ('account', Account, account_columns()), organization]:
        table = sa.inspect(kind).local_table
        described[name] = {
            'about': (kind.__doc__ or '').strip().splitlines()[0],
            'columns': {
                column: {
                    'kind': table.c[column].type.python_type.__name__,
                    'may_be_empty': bool(table.c[column].nullable),
                    'refers_to': next((key.target_fullname for key in table.c[column].foreign_keys), None),
                }
                for column in columns
            },
        }
    return described
