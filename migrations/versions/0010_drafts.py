"""Drafts are sealed, and those of every form are kept.

What lay here readable is forgotten: a few comments that nobody had sent.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mysql', 'mariadb')
BYTES = sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mysql', 'mariadb')


def upgrade() -> None:
    op.execute('DELETE FROM draft')
    with op.batch_alter_table('draft') as table:
        table.alter_column('body', existing_type=TEXT, type_=BYTES, existing_nullable=False)


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
