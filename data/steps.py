"""Lets a migration that stopped on MySQL or MariaDB, which undo no change of a table, go on where it stopped."""

import hashlib
from typing import Any

import sqlalchemy as sa
from alembic.ddl.mysql import MySQLImpl

from data.database import fault_number
from data.schema import STEPS as NAME

VERSION_TABLE = 'alembic_version'
STEPS = sa.Table(
    NAME,
    sa.MetaData(),
    sa.Column('number', sa.Integer, primary_key=True, autoincrement=False),
    sa.Column('statement', sa.String(64), nullable=False),
    sa.Column('is_done', sa.Boolean, nullable=False),
)
"""The statements of the migration that runs, in their order. Empty between two migrations, gone after the last."""
ALREADY = frozenset({1005, 1050, 1051, 1054, 1060, 1061, 1068, 1091, 1146, 1826})
"""What the server says of a statement that it has done before: it exists, or it is gone."""


class ResumingImpl(MySQLImpl):
    """Does every statement of a migration once, however often the migration begins."""

    __dialect__ = 'mysql'  # also of MariaDB, as our addresses name it; registers this class with Alembic

    def start_migrations(self) -> None:
        """Read how far the migration before this start had come."""
        super().start_migrations()
        STEPS.create(self._open, checkfirst=True)
        self._known = {row.number: row for row in self._open.execute(sa.select(STEPS))}
        self._number = 0

    @property
    def _open(self) -> sa.Connection:
        assert self.connection is not None
        return self.connection

    def _exec(self, construct: Any, *args: Any, **options: Any) -> Any:
        if getattr(getattr(construct, 'table', None), 'name', '') == VERSION_TABLE:
            return self._next_migration(super()._exec(construct, *args, **options))
        self._number += 1
        text = construct if isinstance(construct, str) else str(construct.compile(dialect=self.dialect))
        statement = hashlib.sha256(text.encode()).hexdigest()
        known = self._known.get(self._number)
        was_begun = known is not None and known.statement == statement
        if known is not None and was_begun and known.is_done:
            return None
        # What changes a table first commits what is open: so this row tells afterwards that it was begun, and that the
        # one before is done. What changes rows only is committed together with its row.
        here = STEPS.c.number == self._number
        begun = {'statement': statement, 'is_done': False}
        if known is None:
            self._open.execute(sa.insert(STEPS).values(number=self._number, **begun))
        else:
            self._open.execute(sa.update(STEPS).where(here).values(begun))
        try:
            result = super()._exec(construct, *args, **options)
        except sa.exc.DBAPIError as error:
            if error.connection_invalidated:
                raise
            if not (was_begun and fault_number(error) in ALREADY):
                self._open.execute(sa.delete(STEPS).where(here))  # refused is not begun
                self._keep()
                raise
            result = None
        self._open.execute(sa.update(STEPS).where(here).values(is_done=True))
        return result

    def _keep(self) -> None:
        """Commit, and begin at once: else Alembic would open a transaction of its own around the next migration."""
        self._open.commit()
        self._open.begin()

    def _next_migration(self, result: Any) -> Any:
        self._open.execute(sa.delete(STEPS))
        self._keep()
        self._known, self._number = {}, 0
        return result
