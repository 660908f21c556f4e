"""Whether a mail went to the mail server without encryption."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.add_column(sa.Column('in_clear', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.alter_column('in_clear', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
