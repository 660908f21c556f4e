"""What a department is told of an address holds its own mail only.

An address is of the department whose mail came back, where that can be told: its mail had left and carries the same
reason. All others stay of no department, as what the mail server itself refuses.
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('refused_address') as table:
        table.add_column(sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=True))
        table.create_foreign_key(
            op.f('fk_refused_address_organization_id'), 'organization', ['organization_id'], ['id']
        )
        table.create_index(op.f('ix_refused_address_organization_id'), ['organization_id'], unique=False)
        table.create_unique_constraint(
            op.f('uq_refused_address_address_organization_id'), ['address', 'organization_id']
        )
        table.drop_constraint(op.f('uq_refused_address_address'), type_='unique')
    op.execute(
        'UPDATE refused_address SET organization_id = (SELECT MAX(mail.organization_id) FROM mail WHERE '
        "mail.status = 'bounced' AND mail.sent_at IS NOT NULL AND LOWER(mail.recipient) = refused_address.address "
        'AND mail.error = refused_address.reason)'
    )


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
