"""A task stands in a column of its own list: what a refused move of many once left half in another is put right."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

ID = sa.Uuid(native_uuid=False)
TASK = sa.table('task', sa.column('id', ID), sa.column('list_id', ID), sa.column('column_id', ID), sa.column('status'))
COLUMN = sa.table(
    'board_column', sa.column('id', ID), sa.column('list_id', ID), sa.column('kind'), sa.column('order_key')
)
KIND_FOR = {'in_progress': 'started', 'completed': 'done'}


def upgrade() -> None:
    connection = op.get_bind()
    elsewhere = COLUMN.c.list_id != TASK.c.list_id
    astray = sa.select(TASK).join_from(TASK, COLUMN, sa.and_(COLUMN.c.id == TASK.c.column_id, elsewhere))
    for task in connection.execute(astray).all():
        there = sa.select(COLUMN.c.id, COLUMN.c.kind).where(COLUMN.c.list_id == task.list_id)
        columns = connection.execute(there.order_by(COLUMN.c.order_key, COLUMN.c.id)).all()
        wanted = KIND_FOR.get(task.status, 'open')
        kinds = [column.kind for column in columns]
        place = kinds.index(wanted if wanted in kinds else 'open')
        moved = sa.update(TASK).where(TASK.c.id == task.id)
        connection.execute(moved.values(column_id=columns[place].id))


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
