"""Anchors tell whether they have left, a link that makes a department for whom it is, and service accounts.

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
    _service_accounts()


def _service_accounts() -> None:
    op.create_table(
        'service_account',
        *_model(),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('purpose', sa.String(300), nullable=False),
        sa.Column('ended_at', data.core.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_service_account_account_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_service_account_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('account_id', name=op.f('uq_service_account_account_id')),
    )
    op.create_index(op.f('ix_service_account_organization_id'), 'service_account', ['organization_id'], unique=False)
    op.create_table(
        'service_position',
        *_model(),
        sa.Column('service_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('position_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_service_position_organization_id')
        ),
        sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_service_position_position_id')),
        sa.ForeignKeyConstraint(['service_id'], ['service_account.id'], name=op.f('fk_service_position_service_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('service_id', 'position_id', name=op.f('uq_service_position_service_id_position_id')),
    )
    op.create_index(op.f('ix_service_position_organization_id'), 'service_position', ['organization_id'], unique=False)
    op.create_index(op.f('ix_service_position_position_id'), 'service_position', ['position_id'], unique=False)


def _model() -> list[sa.Column[object]]:
    """Return the columns that every row of a department has."""
    return [
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', data.core.UtcDateTime(), nullable=False),
        sa.Column('updated_at', data.core.UtcDateTime(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
    ]


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
