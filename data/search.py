"""The search index: one row for each text that can be found, and how SQLite and MySQL look into it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Index
from sqlalchemy.dialects.mysql import match
from sqlmodel import Field, col, select

from data.audit import BIG
from data.core import Scoped, identifier, long_text, text

INDEX = 'search_fts'
"""SQLite's full-text index over `search_entry`; triggers keep it. It and its tables are made by a migration."""
TITLE_LENGTH, DETAIL_LENGTH = 300, 300
BATCH = 200
NEWEST = 3000
SHORT = 4
"""Words so short, with the two letters before each, are beginnings of too many others to gather them all."""
_index = sa.table('search_fts', sa.column('rowid'), sa.column('search_fts'))


class SearchEntry(Scoped, table=True):
    """One text of a record, in the words under which it is found. Made from the record in the same transaction."""

    __tablename__ = 'search_entry'
    __table_args__ = (Index(None, 'organization_id', 'record', 'record_id'), Index(None, 'record_id'))

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    record: str = text(40)
    """The kind of the record that is found."""
    record_id: UUID = Field(sa_type=identifier())
    source: str = text(40)
    """The kind of the row that the text is from: the record itself, or what hangs on it, such as a comment."""
    source_id: UUID = Field(sa_type=identifier(), index=True)
    level: str = text(20, default='')
    """How private the text is, in the words of the record's kind: '' is for all who see the record."""
    form: int = 0
    """Under which form of the words it was made; an older one is made anew."""
    title: str = text(TITLE_LENGTH, default='')
    detail: str = text(DETAIL_LENGTH, default='')
    head: str = long_text(default='')
    """Words of titles, names and numbers."""
    body: str = long_text(default='')
    """Words of all else."""


def replace_entries(connection: sa.Connection, gone: Iterable[UUID], entries: Sequence[dict[str, Any]]) -> None:
    """Delete what the index holds of some rows, and write these entries instead.

    `gone` and the entries are of the organization of the transaction: they were loaded in it.
    """
    table: Any = sa.inspect(SearchEntry).local_table
    ids = list(gone)
    for at in range(0, len(ids), BATCH):
        connection.execute(sa.delete(table).where(table.c.source_id.in_(ids[at : at + BATCH])))
    for at in range(0, len(entries), BATCH):
        connection.execute(sa.insert(table), entries[at : at + BATCH])


def matching(statement: Any, words: Sequence[Sequence[str]], dialect: str, *, prefix: bool, body: bool) -> Any:
    """Narrow a select of entries to those with all of these words: on SQLite the newest first, else by relevance.

    Each word is a choice of spellings of small ASCII letters and digits; no letter of them means anything to a
    database. With `prefix` words may go on; with `body` they may stand anywhere, and else only in the head.
    """
    if dialect == 'sqlite':
        star = ' *' if prefix else ''
        asked = ' AND '.join('(' + ' OR '.join(f'"{form}"{star}' for form in forms) + ')' for forms in words)
        within = asked if body else f'{{head}} : ({asked})'
        found = statement.join(_index, _index.c.rowid == SearchEntry.id).where(_index.c[INDEX].op('MATCH')(within))
        return found.order_by(_index.c.rowid.desc())
    # InnoDB gathers the rows of each word by itself: of one or two letters too many, where a longer word narrows them.
    long = [forms for forms in words if not prefix or min(map(len, forms)) > SHORT] or words
    star = '*' if prefix else ''
    asked = ' '.join('+(' + ' '.join(form + star for form in forms) + ')' for forms in long)
    columns = (SearchEntry.head, SearchEntry.body) if body else (SearchEntry.head,)
    condition: Any = match(*columns, against=asked)
    found = statement.where(condition.in_boolean_mode())  # in another order InnoDB would fetch all rows that match
    return _reading(found, [forms for forms in words if forms not in long], prefix=prefix, body=body)


def among_newest(statement: Any, words: Sequence[Sequence[str]], *, prefix: bool, body: bool) -> Any:
    """Narrow a select as `matching` does, but look at the newest entries only, one by one.

    InnoDB gathers all rows that match before it gives the first: a second and more for the first letter of a word
    that stands everywhere. Such a word is also found soon by looking; one that is not found so is rare.
    """
    newest = select(SearchEntry.id).order_by(col(SearchEntry.id).desc()).limit(NEWEST).subquery()
    found = statement.join(newest, newest.c.id == SearchEntry.id).order_by(col(SearchEntry.id).desc())
    return _reading(found, words, prefix=prefix, body=body)


def _reading(statement: Any, words: Sequence[Sequence[str]], *, prefix: bool, body: bool) -> Any:
    """Narrow a select to the entries with all of these words by reading them, not by the index."""
    texts = (SearchEntry.head, sa.literal(' '), SearchEntry.body) if body else (SearchEntry.head,)
    padded = sa.func.concat(' ', *texts, ' ')
    end = '%' if prefix else ' %'
    for forms in words:
        statement = statement.where(sa.or_(*(padded.like(f'% {form}{end}') for form in forms)))
    return statement


def merge_index(connection: sa.Connection) -> None:
    """Have deleted words leave the index itself, and not only its answers; on SQLite, where they would stay a while."""
    if connection.dialect.name == 'sqlite':
        connection.execute(sa.text(f"INSERT INTO {INDEX}({INDEX}) VALUES('optimize')"))
