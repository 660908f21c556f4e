"""What colleagues see of each other is chosen field by field: what was one switch becomes all of them or none."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

ORGANIZATION = sa.table('organization', sa.column('id', sa.Uuid(native_uuid=False)), sa.column('settings', sa.JSON()))


def upgrade() -> None:
    connection = op.get_bind()
    for identifier, settings in connection.execute(sa.select(ORGANIZATION)).all():
        shown = ['email', 'personal_email', 'phones'] if settings.pop('show_peer_contacts', False) else []
        changed = sa.update(ORGANIZATION).where(ORGANIZATION.c.id == identifier)
        connection.execute(changed.values(settings={**settings, 'show_peer_contacts': shown}))


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
