"""Runs migrations on the connection that `data.schema` hands over."""

from alembic import context
from sqlmodel import SQLModel

import data  # makes every table known
import data.steps  # noqa: F401  lets a migration on a server go on where it stopped
from data.core import UtcDateTime


def render(kind: str, item: object, _context: object) -> str | bool:
    """Write our own types as the plain types that they are stored as, so that old migrations never change."""
    if kind == 'type' and isinstance(item, UtcDateTime):
        return "sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb')"
    if kind == 'type' and type(item).__name__ == 'TypedJson':
        return 'sa.JSON()'
    if kind == 'type' and type(item).__name__ == 'AutoString':
        return f'sa.String({getattr(item, "length", None) or ""})'
    return False


def ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """Leave the full-text index alone, which a migration of its own makes: no table or index of the metadata is it."""
    return not (name or '').startswith(('search_fts', 'ft_') if kind in ('table', 'index') else '\0')


connection = context.config.attributes['connection']
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=context.config.attributes.get('batch', False),
    render_item=render,
    include_object=ours,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
