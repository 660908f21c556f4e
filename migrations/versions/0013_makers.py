"""Programs and keys tell who made them; of those that are there the log of the department knows it."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

ID = sa.Uuid(native_uuid=False)
ENTRY = sa.table(
    'audit_entry', sa.column('log'), sa.column('seq'), sa.column('object_type'), sa.column('object_id'),
    sa.column('actor_id', ID),
)  # fmt: skip


def upgrade() -> None:
    for kind, name in (('ServiceAccount', 'service_account'), ('ApiKey', 'api_key')):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column('made_by_id', ID, nullable=True))
            table.create_index(table.f(f'ix_{name}_made_by_id'), ['made_by_id'], unique=False)
            table.create_foreign_key(table.f(f'fk_{name}_made_by_id'), 'account', ['made_by_id'], ['id'])
        _fill(kind, sa.table(name, sa.column('id', ID), sa.column('made_by_id', ID)))


def _fill(kind: str, table: sa.TableClause) -> None:
    """Note as the maker whoever acts in the first entry of a row, while his account is there."""
    connection = op.get_bind()
    account = sa.table('account', sa.column('id', ID))
    known = sa.select(ENTRY.c.object_id, ENTRY.c.actor_id).join_from(ENTRY, account, account.c.id == ENTRY.c.actor_id)
    first: dict[str, object] = {}
    found = known.where(ENTRY.c.object_type == kind).order_by(ENTRY.c.log, ENTRY.c.seq)
    for object_id, actor_id in connection.execute(found):
        first.setdefault(object_id, actor_id)
    for row in connection.execute(sa.select(table.c.id)).all():
        if str(row.id) in first:
            connection.execute(sa.update(table).where(table.c.id == row.id).values(made_by_id=first[str(row.id)]))


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
