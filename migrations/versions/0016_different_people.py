"""Two records that look like one person may be said to be of two."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

ID, INSTANT = sa.Uuid(native_uuid=False), sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb')


def upgrade() -> None:
    op.create_table(
        'different_people',
        sa.Column('id', ID, nullable=False),
        sa.Column('created_at', INSTANT, nullable=False),
        sa.Column('updated_at', INSTANT, nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', ID, nullable=False),
        sa.Column('first_id', ID, nullable=False),
        sa.Column('second_id', ID, nullable=False),
        sa.ForeignKeyConstraint(['first_id'], ['member.id'], name=op.f('fk_different_people_first_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_different_people_organization_id')
        ),
        sa.ForeignKeyConstraint(['second_id'], ['member.id'], name=op.f('fk_different_people_second_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_different_people')),
        sa.UniqueConstraint(
            'organization_id',
            'first_id',
            'second_id',
            name=op.f('uq_different_people_organization_id_first_id_second_id'),
        ),
    )
    for name in ('first_id', 'organization_id', 'second_id'):
        op.create_index(op.f(f'ix_different_people_{name}'), 'different_people', [name], unique=False)


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
