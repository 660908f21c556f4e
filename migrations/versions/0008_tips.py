"""Which tips an account has seen."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added and not rebuilt: other tables point at accounts, and SQLite would let them dangle or refuse.
    op.add_column('account', sa.Column('tips_seen', sa.String(200), nullable=False, server_default=''))


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
