"""Answers kept under idempotency keys are forgotten: keys for programs and links lay among them readable."""

from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('DELETE FROM idempotency_key')


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
