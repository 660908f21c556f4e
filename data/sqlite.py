"""SQLite without detours: a statement goes to the thread of its connection once, and comes back with its rows.

The driver goes there four times: to make a cursor, to execute, to fetch and to close. Each time wakes two threads. That
was 0.25 ms of processor time a statement and is 0.06 ms; a page asks six to twelve.
"""

import sqlite3
from collections import deque
from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.sqlite import aiosqlite


class Cursor(aiosqlite.AsyncAdapt_aiosqlite_cursor):
    """A cursor whose life is one statement, in one visit to the thread."""

    __slots__ = ('_told',)
    _told: tuple[Any, int, int]

    def __init__(self, adapt_connection: aiosqlite.AsyncAdapt_aiosqlite_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._rows = deque()
        self._told = (None, -1, -1)

    @property
    def description(self) -> Any:
        """The columns of the rows; None when the statement has none."""
        return self._told[0]

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._told[1]

    @property
    def lastrowid(self) -> int:
        """The number of the row that was inserted last."""
        return self._told[2]

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._go('execute', operation, () if parameters is None else parameters)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Sequence[Any]) -> None:
        await self._go('executemany', operation, seq_of_parameters)

    async def _go(self, how: str, statement: str, values: Any) -> None:
        driver: Any = self._connection
        connection: sqlite3.Connection = driver._conn

        def there() -> tuple[list[Any], tuple[Any, int, int]]:
            cursor = connection.cursor()
            try:
                getattr(cursor, how)(statement, values)
                rows = cursor.fetchall() if cursor.description else []
                return rows, (cursor.description, cursor.rowcount, cursor.lastrowid or -1)
            finally:
                cursor.close()

        async with self._adapt_connection._execute_mutex:
            rows, self._told = await driver._execute(there)
        self._rows = deque(rows)

    async def _async_soft_close(self) -> None:
        """Do nothing: it was closed where it was used."""

    def close(self) -> None:
        """Forget the rows that nobody took."""
        self._rows.clear()


def install() -> None:
    """Have all connections to SQLite make such cursors; those that stream rows stay as they are."""
    aiosqlite.AsyncAdapt_aiosqlite_connection._cursor_cls = Cursor  # type: ignore[assignment]
