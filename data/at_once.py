"""Several statements in one trip to SQLite's thread: each trip costs more than the statement that it carries."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar('T')


class Prepared:
    """A statement as SQLite's driver takes it, and the order of its parameters."""

    def __init__(self, statement: sa.Insert | sa.Update) -> None:
        compiled = statement.compile(dialect=sqlite.dialect())
        self.text = str(compiled)
        self._names = tuple(compiled.positiontup or ())

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the values in the statement's order, in the form in which SQLAlchemy stores them."""
        return [_stored(values[name]) for name in self._names]

    def all_parameters(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Any]]:
        """Give the same for many rows, each when the driver takes it."""
        return map(self.parameters, rows)


def _stored(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(' ', 'microseconds').removesuffix('+00:00')
    return value


async def at_once(connection: AsyncConnection, write: Callable[[sqlite3.Connection], T]) -> T:
    """Run a function on the driver's own connection, inside the transaction that is open on it.

    Raises what SQLAlchemy would raise, so that callers need to know one kind of error.
    """
    assert connection.sync_connection is not None
    driver: Any = connection.sync_connection.connection.driver_connection
    try:
        # aiosqlite has no public way to do two things in one trip; a test notices when this one goes.
        return await driver._execute(write, driver._conn)  # type: ignore[no-any-return]
    except sqlite3.IntegrityError as error:
        raise exc.IntegrityError('several statements at once', None, error) from error
    except sqlite3.OperationalError as error:
        raise exc.OperationalError('several statements at once', None, error) from error
