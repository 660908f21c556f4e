"""Values of custom fields belong to records of any kind; those that there are belong to members."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('custom_value', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_custom_value_member_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_custom_value_member_id'))
        batch_op.drop_index(batch_op.f('ix_custom_value_organization_id_field_id_member_id'))
        batch_op.add_column(sa.Column('record', sa.String(40), nullable=False, server_default='Member'))
        batch_op.alter_column(
            'member_id',
            new_column_name='record_id',
            existing_type=sa.Uuid(native_uuid=False),
            existing_nullable=False,
        )
    with op.batch_alter_table('custom_value', schema=None) as batch_op:
        batch_op.alter_column('record', existing_type=sa.String(40), existing_nullable=False, server_default=None)
        batch_op.create_index(
            batch_op.f('ix_custom_value_organization_id_record_record_id_field_id'),
            ['organization_id', 'record', 'record_id', 'field_id'],
            unique=True,
        )


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
