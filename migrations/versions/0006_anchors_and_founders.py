"""Anchors of the audit log tell whether they have left, and a link that makes a department for whom it is.

Anchors that were mailed have left; those that were only shown have not.
"""

import sqlalchemy as sa
from alembic import op

import data.core

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('audit_anchor') as table:
        table.add_column(sa.Column('mail_id', sa.Uuid(native_uuid=False), nullable=True))
        table.add_column(sa.Column('left_at', data.core.UtcDateTime(), nullable=True))
    op.execute("UPDATE audit_anchor SET left_at = at WHERE kind = 'mail'")
    with op.batch_alter_table('setup_link') as table:
        table.add_column(sa.Column('email', sa.String(length=254), server_default='', nullable=False))
    with op.batch_alter_table('setup_link') as table:
        table.alter_column('email', existing_type=sa.String(length=254), existing_nullable=False, server_default=None)


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
