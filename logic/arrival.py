"""Moving in: everything that an export of another Logbook holds, in an installation that has no department yet."""

import asyncio
import base64
import contextlib
import hashlib
import json
import re
import shutil
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import ValidationError
from sqlmodel import SQLModel, col, select

from data import schema
from data.custom_fields import CustomValue
from data.identity import Account, Position, PositionHolding
from data.members import Member
from data.organizations import Organization
from logic.audit.arrival import import_log
from logic.core import files
from logic.core.actor import Actor
from logic.core.errors import Conflict, Invalid
from logic.core.secrets import Place, seal_value
from logic.core.service import SYSTEM, service
from logic.core.work import Work
from logic.custom_fields import written_now
from logic.export import BASE64, BATCH, FORMAT, account_columns, exported_tables, sealed_columns
from logic.identity.seeds import OWNER

OBJECT_NAME = re.compile(r'[0-9a-f]{2}/[0-9a-f]{32}')
"""As `logic.core.files` names what it stores: no other name may say where bytes of an export are put."""
LONGEST_LINE, LARGEST_MANIFEST = 64_000_000, 64_000_000
"""Bytes that are read into memory at once; an export whose own are longer was not made by Logbook."""
LARGE, MOST_TIMES = 1_000_000_000, 100
"""What unpacks to so many bytes may be at most so many times as large as its archive."""


MALFORMED = (
    zipfile.BadZipFile, zlib.error, KeyError, TypeError, AttributeError, ValidationError, ValueError,
    EOFError, RecursionError, NotImplementedError, sa.exc.StatementError,
)  # fmt: skip
"""What reading an archive raises that holds something else than an export does."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came of moving in."""

    name: str
    rows: int
    files: int
    entries: int
    owners: tuple[str, ...]
    """The addresses of those who own the department; passwords do not move."""
    missing: int
    """Files that were missing in the other Logbook already."""

    def lines(self) -> list[str]:
        """Say it in sentences."""
        said = [f'{self.name}: {self.rows} rows, {self.files} files and {self.entries} entries of the audit log.']
        if self.missing:
            said.append(f'{self.missing} files were missing in the other Logbook already.')
        owners = ' or '.join(self.owners) or 'ADDRESS'
        return [*said, f'Passwords do not move: give the owner a new one by "python main.py reset-password {owners}".']


async def import_department(path: Path, progress: Callable[[float], None] = lambda _: None) -> Arrived:
    """Read an export into this Logbook, which must have no department yet; all of it or nothing.

    Raises Conflict when there is a department, Invalid when the archive is damaged or from a newer Logbook.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = await asyncio.to_thread(_checked, archive)
            progress(0.2)
            return await move_in(Actor.system(name='Command line'), archive, manifest, progress)
    except MALFORMED as error:
        raise Invalid(f'{path} is no whole export of Logbook ({error}). Nothing was changed.') from error


def _checked(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Return the manifest once every file has the hash that it names."""
    _refuse_bomb(archive)
    manifest: dict[str, Any] = json.loads(archive.read('manifest.json'))
    if manifest.get('format') != FORMAT:
        raise Invalid('This export was made by another version of Logbook, which left out what moving in needs.')
    try:
        schema.refuse_newer(manifest['schema'])
    except schema.NewerSchema as error:
        raise Invalid('This export was made by a newer Logbook. Read it with that version.') from error
    for name, expected in manifest['files'].items():
        with archive.open(name) as file:
            if hashlib.file_digest(file, 'sha256').hexdigest() != expected:  # type: ignore[arg-type]
                raise Invalid(f'The file {name} in this archive was changed. Nothing was read.')
    return manifest


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    entries, size = archive.infolist(), Path(str(archive.filename)).stat().st_size
    unpacked = sum(entry.file_size for entry in entries)
    # Entries that share their bytes are how a small archive unpacks to petabytes.
    shares = sum(entry.compress_size for entry in entries) > size
    # Of what an export is not packed with Python unpacks a part at once, whatever its size is said to be.
    odd = any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries)
    if shares or odd or (unpacked > LARGE and unpacked > MOST_TIMES * size):
        raise Invalid('This archive unpacks to more than an export holds. Nothing was read.')
    if archive.getinfo('manifest.json').file_size > LARGEST_MANIFEST:
        raise Invalid('The manifest of this archive is longer than that of an export. Nothing was read.')


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    with archive.open(name) as file:
        while line := file.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise Invalid(f'{name} in this archive has a row that is longer than any of Logbook.')
            yield json.loads(line)


@service(SYSTEM)
async def move_in(
    work: Work, archive: zipfile.ZipFile, manifest: dict[str, Any], progress: Callable[[float], None]
) -> Arrived:
    """Store everything of an archive that was checked. Raises Conflict, Invalid."""
    async with work.everywhere():
        if await work.first(select(Organization.id)):
            raise Conflict('This Logbook has a department already. Moving in needs an empty data folder.')
    organization_id = UUID(manifest['organization'])
    kinds = {name: (kind, columns) for name, kind, columns in exported_tables()}
    kinds |= {'organization': (Organization, _names(Organization)), 'account': (Account, account_columns())}
    unknown = manifest['rows'].keys() - kinds.keys()
    if unknown:
        raise Invalid(f'This archive has a table that this Logbook does not know: {min(unknown)}.')
    stored = await _files(archive, manifest)
    progress(0.5)
    async with _any_order(work):
        for number, name in enumerate(manifest['rows']):
            kind, columns = kinds[name]
            await _table(work, archive, kind, columns, organization_id)
            progress(0.5 + 0.3 * number / len(manifest['rows']))
    work.enter(organization_id)
    entries = await import_log(work, archive)
    work.record('Organization', organization_id, rows=sum(manifest['rows'].values()), files=stored)
    organization = await work.get(Organization, organization_id)
    owners = await work.all(
        select(Account.email)
        .join(Member, col(Member.account_id) == Account.id)
        .join(PositionHolding, col(PositionHolding.member_id) == Member.id)
        .join(Position, col(Position.id) == PositionHolding.position_id)
        .where(Position.name == OWNER)
        .order_by(Account.email)
        .distinct()
    )
    rows = sum(manifest['rows'].values())
    return Arrived(organization.name, rows, stored, entries, tuple(owners), len(manifest['missing']))


def _names(kind: type[SQLModel]) -> list[str]:
    return [column.name for column in sa.inspect(kind).local_table.columns]


@contextlib.asynccontextmanager
async def _any_order(work: Work) -> AsyncIterator[None]:
    """Let rows name others that come later: tables refer to each other in circles. SQLite looks at the commit."""
    connection = await work.session.connection()
    if connection.dialect.name == 'sqlite':
        await connection.exec_driver_sql('PRAGMA defer_foreign_keys=ON')
        yield
        return
    await connection.exec_driver_sql('SET FOREIGN_KEY_CHECKS=0')
    try:
        yield
    finally:
        await connection.exec_driver_sql('SET FOREIGN_KEY_CHECKS=1')


async def _table(
    work: Work, archive: zipfile.ZipFile, kind: type[SQLModel], columns: list[str], organization_id: UUID
) -> None:
    table = sa.inspect(kind).local_table
    connection = await work.session.connection()
    kinds = {name: table.c[name].type for name in columns}
    sealed = sealed_columns(table.name)
    rows: list[dict[str, Any]] = []
    for line in _lines(archive, f'tables/{table.name}.jsonl'):
        said = written_now(line) if kind is CustomValue else line
        if said.keys() - kinds.keys():
            raise Invalid(f'The table {table.name} has a column that this Logbook does not know.')
        row = {name: _value(kinds[name], value) for name, value in said.items() if name not in sealed}
        whose = 'id' if kind is Organization else 'organization_id'
        if whose in kinds and row[whose] != organization_id:
            raise Invalid(f'The table {table.name} has a row of another department.')
        for name, column in sealed.items():
            place = Place(table.name, name, row['id'], organization_id)
            value = said[name]
            if isinstance(value, dict):
                value = base64.b64decode(value[BASE64], validate=True)
            row[name] = None if value is None else await seal_value(work, value, place, column.purpose)
        rows.append(row)
        if len(rows) == BATCH:
            await connection.execute(sa.insert(table), rows)
            rows = []
    if rows:
        await connection.execute(sa.insert(table), rows)


def _value(kind: Any, value: Any) -> Any:
    """Return what a column holds, from JSON."""
    if value is None:
        return None
    model = getattr(kind, 'model', None)
    if model is not None:
        return model.model_validate(value)
    python = kind.impl_instance.python_type if isinstance(kind, sa.TypeDecorator) else kind.python_type
    if python in (datetime, date):
        return python.fromisoformat(value)
    return UUID(value) if python is UUID else value


async def _files(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> int:
    """Put the stored files into the object store, under the names that their rows have; returns how many."""
    inside = {Path(name).stem: name for name in manifest['files'] if name.startswith('files/')}
    for row in _lines(archive, 'tables/stored_file.jsonl'):
        if OBJECT_NAME.fullmatch(row['object_name']) is None:
            raise Invalid('A file of this archive wants to lie where Logbook keeps none. Nothing was changed.')
        name = inside.get(row['id'])
        if name is not None:
            with files.arriving() as content, archive.open(name) as stored:
                await asyncio.to_thread(shutil.copyfileobj, stored, content)
                content.flush()
                await files.put(row['object_name'], Path(content.name))
    return len(inside)
