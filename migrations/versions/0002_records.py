"""Records and tasks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'refused_address',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('address', sa.String(254), nullable=False),
        sa.Column('reason', sa.String(500), nullable=False),
        sa.Column('refused_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('address', name=op.f('uq_refused_address_address')),
    )
    op.create_table(
        'mail_template',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('kind', sa.String(60), nullable=False),
        sa.Column('language', sa.String(10), nullable=False),
        sa.Column('subject', sa.String(200), nullable=False),
        sa.Column(
            'body',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.Column('button', sa.String(60), nullable=False),
        sa.Column('closing', sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_mail_template_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'organization_id', 'kind', 'language', name=op.f('uq_mail_template_organization_id_kind_language')
        ),
    )
    with op.batch_alter_table('mail_template', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_template_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'notice_default',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('kind', sa.String(60), nullable=False),
        sa.Column(
            'channel', sa.Enum('bell', 'mail', 'push', name='channel', native_enum=False, length=32), nullable=False
        ),
        sa.Column('pace', sa.Enum('off', 'now', 'digest', name='pace', native_enum=False, length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_notice_default_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'organization_id', 'kind', 'channel', name=op.f('uq_notice_default_organization_id_kind_channel')
        ),
    )
    with op.batch_alter_table('notice_default', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_default_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'record_link',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('record', sa.String(40), nullable=False),
        sa.Column('record_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('other', sa.String(40), nullable=False),
        sa.Column('other_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_record_link_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'organization_id',
            'record',
            'record_id',
            'other',
            'other_id',
            name=op.f('uq_record_link_organization_id_record_record_id_other_other_id'),
        ),
    )
    with op.batch_alter_table('record_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_link_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(
            batch_op.f('ix_record_link_organization_id_other_other_id'),
            ['organization_id', 'other', 'other_id'],
            unique=False,
        )

    op.create_table(
        'search_entry',
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('record', sa.String(40), nullable=False),
        sa.Column('record_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('source', sa.String(40), nullable=False),
        sa.Column('source_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('level', sa.String(20), nullable=False),
        sa.Column('form', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(300), nullable=False),
        sa.Column('detail', sa.String(300), nullable=False),
        sa.Column(
            'head',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.Column(
            'body',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_search_entry_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    with op.batch_alter_table('search_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_entry_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(
            batch_op.f('ix_search_entry_organization_id_record_record_id'),
            ['organization_id', 'record', 'record_id'],
            unique=False,
        )
        batch_op.create_index(batch_op.f('ix_search_entry_record_id'), ['record_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_search_entry_source_id'), ['source_id'], unique=False)

    op.create_table(
        'task_series',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('starts', sa.String(20), nullable=False),
        sa.Column('zone', sa.String(60), nullable=False),
        sa.Column('rule', sa.String(500), nullable=False),
        sa.Column(
            'mode', sa.Enum('schedule', 'completion', name='anchormode', native_enum=False, length=32), nullable=False
        ),
        sa.Column('made_count', sa.Integer(), nullable=False),
        sa.Column('ended_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_task_series_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    with op.batch_alter_table('task_series', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_series_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'attachment',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('record', sa.String(40), nullable=False),
        sa.Column('record_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('name', sa.String(200), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('by_account_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('removed_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['by_account_id'], ['account.id'], name=op.f('fk_attachment_by_account_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_attachment_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_by_account_id'), ['by_account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachment_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(
            batch_op.f('ix_attachment_organization_id_record_record_id'),
            ['organization_id', 'record', 'record_id'],
            unique=False,
        )
        batch_op.create_index(batch_op.f('ix_attachment_removed_at'), ['removed_at'], unique=False)

    op.create_table(
        'draft',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('place', sa.String(120), nullable=False),
        sa.Column(
            'body',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_draft_account_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_draft_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'organization_id', 'account_id', 'place', name=op.f('uq_draft_organization_id_account_id_place')
        ),
    )
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_draft_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'notice_hours',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('zone', sa.String(60), nullable=False),
        sa.Column('quiet_from_minutes', sa.Integer(), nullable=True),
        sa.Column('quiet_until_minutes', sa.Integer(), nullable=True),
        sa.Column(
            'digest',
            sa.Enum('off', 'daily', 'weekly', name='digestrhythm', native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column('digest_hour', sa.Integer(), nullable=False),
        sa.Column('digest_weekday', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_notice_hours_account_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_notice_hours_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organization_id', 'account_id', name=op.f('uq_notice_hours_organization_id_account_id')),
    )
    with op.batch_alter_table('notice_hours', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_hours_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'notice_preference',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('kind', sa.String(60), nullable=False),
        sa.Column(
            'channel', sa.Enum('bell', 'mail', 'push', name='channel', native_enum=False, length=32), nullable=False
        ),
        sa.Column('pace', sa.Enum('off', 'now', 'digest', name='pace', native_enum=False, length=32), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_notice_preference_account_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_notice_preference_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'organization_id',
            'account_id',
            'kind',
            'channel',
            name=op.f('uq_notice_preference_organization_id_account_id_kind_channel'),
        ),
    )
    with op.batch_alter_table('notice_preference', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_preference_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'pinned_page',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('path', sa.String(300), nullable=False),
        sa.Column('title', sa.String(200), nullable=False),
        sa.Column('order', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_pinned_page_account_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_pinned_page_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'organization_id', 'account_id', 'path', name=op.f('uq_pinned_page_organization_id_account_id_path')
        ),
    )
    with op.batch_alter_table('pinned_page', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pinned_page_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pinned_page_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'push_subscription',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('endpoint_hash', sa.String(64), nullable=False),
        sa.Column(
            'endpoint',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.Column('public_key', sa.String(120), nullable=False),
        sa.Column('secret', sa.String(40), nullable=False),
        sa.Column('device', sa.String(120), nullable=False),
        sa.Column('last_used_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_push_subscription_account_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_push_subscription_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('endpoint_hash', name=op.f('uq_push_subscription_endpoint_hash')),
    )
    with op.batch_alter_table('push_subscription', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_push_subscription_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_push_subscription_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'recent_page',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('path', sa.String(300), nullable=False),
        sa.Column('title', sa.String(200), nullable=False),
        sa.Column('opened_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recent_page_account_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_recent_page_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'organization_id', 'account_id', 'path', name=op.f('uq_recent_page_organization_id_account_id_path')
        ),
    )
    with op.batch_alter_table('recent_page', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recent_page_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recent_page_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'saved_view',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('place', sa.String(120), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('state', sa.String(2000), nullable=False),
        sa.Column('is_shared', sa.Boolean(), nullable=False),
        sa.Column('removed_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_saved_view_account_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_saved_view_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    with op.batch_alter_table('saved_view', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_saved_view_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_saved_view_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(
            batch_op.f('ix_saved_view_organization_id_place'), ['organization_id', 'place'], unique=False
        )

    op.create_table(
        'attachment_version',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('attachment_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('file_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('preview_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('by_account_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(['attachment_id'], ['attachment.id'], name=op.f('fk_attachment_version_attachment_id')),
        sa.ForeignKeyConstraint(['by_account_id'], ['account.id'], name=op.f('fk_attachment_version_by_account_id')),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_attachment_version_file_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_attachment_version_organization_id')
        ),
        sa.ForeignKeyConstraint(['preview_id'], ['stored_file.id'], name=op.f('fk_attachment_version_preview_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('attachment_id', 'number', name=op.f('uq_attachment_version_attachment_id_number')),
        sa.UniqueConstraint('file_id', name=op.f('uq_attachment_version_file_id')),
    )
    with op.batch_alter_table('attachment_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_version_by_account_id'), ['by_account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachment_version_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachment_version_preview_id'), ['preview_id'], unique=False)

    op.create_table(
        'comment',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('record', sa.String(40), nullable=False),
        sa.Column('record_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('author_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('author_name', sa.String(200), nullable=False),
        sa.Column(
            'body',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.Column('edited_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('deleted_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('deleted_by', sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(['author_id'], ['member.id'], name=op.f('fk_comment_author_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_comment_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(
            batch_op.f('ix_comment_organization_id_record_record_id_created_at'),
            ['organization_id', 'record', 'record_id', 'created_at'],
            unique=False,
        )

    op.create_table(
        'default_view',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('place', sa.String(120), nullable=False),
        sa.Column('view_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_default_view_account_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_default_view_organization_id')),
        sa.ForeignKeyConstraint(['view_id'], ['saved_view.id'], name=op.f('fk_default_view_view_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'organization_id', 'account_id', 'place', name=op.f('uq_default_view_organization_id_account_id_place')
        ),
    )
    with op.batch_alter_table('default_view', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_default_view_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_default_view_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_default_view_view_id'), ['view_id'], unique=False)

    op.create_table(
        'digest_sent',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('mail_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_digest_sent_account_id')),
        sa.ForeignKeyConstraint(['mail_id'], ['mail.id'], name=op.f('fk_digest_sent_mail_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_digest_sent_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'organization_id', 'account_id', 'due_on', name=op.f('uq_digest_sent_organization_id_account_id_due_on')
        ),
    )
    with op.batch_alter_table('digest_sent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_digest_sent_mail_id'), ['mail_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_digest_sent_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'file_state',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('file_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('is_spooled', sa.Boolean(), nullable=False),
        sa.Column('proved_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('fault', sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_file_state_file_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_file_state_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    with op.batch_alter_table('file_state', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_file_state_file_id'), ['file_id'], unique=True)
        batch_op.create_index(batch_op.f('ix_file_state_is_spooled'), ['is_spooled'], unique=False)
        batch_op.create_index(batch_op.f('ix_file_state_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'list_template',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('title', sa.String(120), nullable=False),
        sa.Column('description', sa.String(500), nullable=False),
        sa.Column('colour', sa.String(20), nullable=False),
        sa.Column('icon', sa.String(60), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('by_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(['by_id'], ['member.id'], name=op.f('fk_list_template_by_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_list_template_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organization_id', 'title', name=op.f('uq_list_template_organization_id_title')),
    )
    with op.batch_alter_table('list_template', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_list_template_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_list_template_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'notice_delivery',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('notice_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            'channel', sa.Enum('bell', 'mail', 'push', name='channel', native_enum=False, length=32), nullable=False
        ),
        sa.Column('pace', sa.Enum('off', 'now', 'digest', name='pace', native_enum=False, length=32), nullable=False),
        sa.Column('due_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('done_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('mail_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_notice_delivery_account_id')),
        sa.ForeignKeyConstraint(['mail_id'], ['mail.id'], name=op.f('fk_notice_delivery_mail_id')),
        sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_delivery_notice_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_notice_delivery_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
    )
    with op.batch_alter_table('notice_delivery', schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f('ix_notice_delivery_account_id_channel_done_at'),
            ['account_id', 'channel', 'done_at'],
            unique=False,
        )
        batch_op.create_index(batch_op.f('ix_notice_delivery_mail_id'), ['mail_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_delivery_notice_id'), ['notice_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_delivery_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(
            batch_op.f('ix_notice_delivery_organization_id_channel_done_at_due_at'),
            ['organization_id', 'channel', 'done_at', 'due_at'],
            unique=False,
        )

    op.create_table(
        'task_batch',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            'kind',
            sa.Enum('bulk', 'quick_add', 'import', name='taskbatchkind', native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column('title', sa.String(200), nullable=False),
        sa.Column('by_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column(
            'raw_text',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.Column('changed_count', sa.Integer(), nullable=False),
        sa.Column('refused_count', sa.Integer(), nullable=False),
        sa.Column('undo', sa.JSON(), nullable=True),
        sa.Column('undone_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['by_id'], ['member.id'], name=op.f('fk_task_batch_by_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_task_batch_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    with op.batch_alter_table('task_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_batch_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(
            batch_op.f('ix_task_batch_organization_id_by_id_created_at'),
            ['organization_id', 'by_id', 'created_at'],
            unique=False,
        )

    op.create_table(
        'task_feed',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('token_hash', sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_task_feed_member_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_task_feed_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organization_id', 'member_id', name=op.f('uq_task_feed_organization_id_member_id')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_task_feed_token_hash')),
    )
    with op.batch_alter_table('task_feed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_feed_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_feed_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'task_list',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('title', sa.String(120), nullable=False),
        sa.Column(
            'description',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.Column('colour', sa.String(20), nullable=False),
        sa.Column('icon', sa.String(60), nullable=False),
        sa.Column('owner_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('inbox_of_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('parent_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column(
            'visibility',
            sa.Enum('private', 'shared', 'organization', name='listvisibility', native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            'organization_level',
            sa.Enum('view', 'edit', 'manage', name='sharelevel', native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column('archived_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['inbox_of_id'], ['member.id'], name=op.f('fk_task_list_inbox_of_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_task_list_organization_id')),
        sa.ForeignKeyConstraint(['owner_id'], ['member.id'], name=op.f('fk_task_list_owner_id')),
        sa.ForeignKeyConstraint(['parent_id'], ['task_list.id'], name=op.f('fk_task_list_parent_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organization_id', 'inbox_of_id', name=op.f('uq_task_list_organization_id_inbox_of_id')),
    )
    with op.batch_alter_table('task_list', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_list_inbox_of_id'), ['inbox_of_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_list_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(
            batch_op.f('ix_task_list_organization_id_archived_at_title'),
            ['organization_id', 'archived_at', 'title'],
            unique=False,
        )
        batch_op.create_index(batch_op.f('ix_task_list_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_list_parent_id'), ['parent_id'], unique=False)

    op.create_table(
        'watcher',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('record', sa.String(40), nullable=False),
        sa.Column('record_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            'reason',
            sa.Enum(
                'created',
                'assigned',
                'mentioned',
                'commented',
                'chosen',
                name='watchreason',
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column('is_muted', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_watcher_member_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_watcher_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'organization_id',
            'record',
            'record_id',
            'member_id',
            name=op.f('uq_watcher_organization_id_record_record_id_member_id'),
        ),
    )
    with op.batch_alter_table('watcher', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_watcher_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_watcher_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'board_column',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('list_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('title', sa.String(60), nullable=False),
        sa.Column(
            'order_key',
            sa.String(255)
            .with_variant(mysql.VARCHAR(charset='ascii', collation='ascii_bin', length=255), 'mariadb')
            .with_variant(mysql.VARCHAR(charset='ascii', collation='ascii_bin', length=255), 'mysql'),
            nullable=False,
        ),
        sa.Column(
            'kind', sa.Enum('open', 'started', 'done', name='columnkind', native_enum=False, length=32), nullable=False
        ),
        sa.Column('wip_limit', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['list_id'], ['task_list.id'], name=op.f('fk_board_column_list_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_board_column_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    with op.batch_alter_table('board_column', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_board_column_list_id_order_key'), ['list_id', 'order_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_board_column_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'comment_version',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('comment_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            'body',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.Column('written_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_version_comment_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_comment_version_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
    )
    with op.batch_alter_table('comment_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_version_comment_id'), ['comment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_version_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'task_list_share',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('list_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('position_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('department_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column(
            'level', sa.Enum('view', 'edit', 'manage', name='sharelevel', native_enum=False, length=32), nullable=False
        ),
        sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_task_list_share_department_id')),
        sa.ForeignKeyConstraint(['list_id'], ['task_list.id'], name=op.f('fk_task_list_share_list_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_task_list_share_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_task_list_share_organization_id')
        ),
        sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_task_list_share_position_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('list_id', 'department_id', name=op.f('uq_task_list_share_list_id_department_id')),
        sa.UniqueConstraint('list_id', 'member_id', name=op.f('uq_task_list_share_list_id_member_id')),
        sa.UniqueConstraint('list_id', 'position_id', name=op.f('uq_task_list_share_list_id_position_id')),
    )
    with op.batch_alter_table('task_list_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_list_share_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_list_share_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_list_share_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_list_share_position_id'), ['position_id'], unique=False)

    op.create_table(
        'task',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(200), nullable=False),
        sa.Column(
            'description',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.Column('list_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('column_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            'order_key',
            sa.String(255)
            .with_variant(mysql.VARCHAR(charset='ascii', collation='ascii_bin', length=255), 'mariadb')
            .with_variant(mysql.VARCHAR(charset='ascii', collation='ascii_bin', length=255), 'mysql'),
            nullable=False,
        ),
        sa.Column('parent_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column(
            'status',
            sa.Enum(
                'pending', 'in_progress', 'completed', 'cancelled', name='taskstatus', native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            'priority',
            sa.Enum('low', 'medium', 'high', 'urgent', name='taskpriority', native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column('priority_rank', sa.Integer(), nullable=False),
        sa.Column('creator_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('start_on', sa.Date(), nullable=True),
        sa.Column('start_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('due_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('zone', sa.String(60), nullable=False),
        sa.Column('estimate_minutes', sa.Integer(), nullable=True),
        sa.Column('progress', sa.Integer(), nullable=False),
        sa.Column('series_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('occurrence', sa.String(40), nullable=False),
        sa.Column('occurrence_key', sa.String(40), nullable=True),
        sa.Column('follows_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('started_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('completed_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('completed_by_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('deleted_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('deleted_by_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('search', sa.String(240), nullable=False),
        sa.ForeignKeyConstraint(['column_id'], ['board_column.id'], name=op.f('fk_task_column_id')),
        sa.ForeignKeyConstraint(['completed_by_id'], ['member.id'], name=op.f('fk_task_completed_by_id')),
        sa.ForeignKeyConstraint(['creator_id'], ['member.id'], name=op.f('fk_task_creator_id')),
        sa.ForeignKeyConstraint(['deleted_by_id'], ['member.id'], name=op.f('fk_task_deleted_by_id')),
        sa.ForeignKeyConstraint(['list_id'], ['task_list.id'], name=op.f('fk_task_list_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_task_organization_id')),
        sa.ForeignKeyConstraint(['parent_id'], ['task.id'], name=op.f('fk_task_parent_id')),
        sa.ForeignKeyConstraint(['series_id'], ['task_series.id'], name=op.f('fk_task_series_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organization_id', 'number', name=op.f('uq_task_organization_id_number')),
        sa.UniqueConstraint('series_id', 'occurrence_key', name=op.f('uq_task_series_id_occurrence_key')),
    )
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_column_id_order_key'), ['column_id', 'order_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_completed_by_id'), ['completed_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_creator_id'), ['creator_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_deleted_at'), ['deleted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_deleted_by_id'), ['deleted_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_follows_id'), ['follows_id'], unique=False)
        batch_op.create_index(
            batch_op.f('ix_task_list_id_deleted_at_status'), ['list_id', 'deleted_at', 'status'], unique=False
        )
        batch_op.create_index(batch_op.f('ix_task_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(
            batch_op.f('ix_task_organization_id_deleted_at_status_due_on'),
            ['organization_id', 'deleted_at', 'status', 'due_on'],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f('ix_task_organization_id_deleted_at_updated_at'),
            ['organization_id', 'deleted_at', 'updated_at'],
            unique=False,
        )
        batch_op.create_index(batch_op.f('ix_task_parent_id'), ['parent_id'], unique=False)

    op.create_table(
        'task_assignee',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('task_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_task_assignee_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_task_assignee_organization_id')
        ),
        sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_task_assignee_task_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('task_id', 'member_id', name=op.f('uq_task_assignee_task_id_member_id')),
    )
    with op.batch_alter_table('task_assignee', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_assignee_member_id_task_id'), ['member_id', 'task_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_assignee_organization_id'), ['organization_id'], unique=False)

    op.create_table(
        'task_checklist_item',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('task_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('title', sa.String(200), nullable=False),
        sa.Column(
            'order_key',
            sa.String(255)
            .with_variant(mysql.VARCHAR(charset='ascii', collation='ascii_bin', length=255), 'mariadb')
            .with_variant(mysql.VARCHAR(charset='ascii', collation='ascii_bin', length=255), 'mysql'),
            nullable=False,
        ),
        sa.Column('is_done', sa.Boolean(), nullable=False),
        sa.Column('assignee_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['assignee_id'], ['member.id'], name=op.f('fk_task_checklist_item_assignee_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_task_checklist_item_organization_id')
        ),
        sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_task_checklist_item_task_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    with op.batch_alter_table('task_checklist_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_checklist_item_assignee_id'), ['assignee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_checklist_item_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(
            batch_op.f('ix_task_checklist_item_task_id_order_key'), ['task_id', 'order_key'], unique=False
        )

    op.create_table(
        'task_reminder',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('task_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            'kind',
            sa.Enum('before_due', 'before_start', 'at', name='reminderkind', native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column('offset_minutes', sa.Integer(), nullable=False),
        sa.Column('remind_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('sent_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_task_reminder_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_task_reminder_organization_id')
        ),
        sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_task_reminder_task_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'task_id', 'member_id', 'kind', 'remind_at', name=op.f('uq_task_reminder_task_id_member_id_kind_remind_at')
        ),
    )
    with op.batch_alter_table('task_reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_reminder_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_reminder_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_reminder_sent_at_remind_at'), ['sent_at', 'remind_at'], unique=False)

    op.create_table(
        'task_tag',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('task_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('tag_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_task_tag_organization_id')),
        sa.ForeignKeyConstraint(['tag_id'], ['tag.id'], name=op.f('fk_task_tag_tag_id')),
        sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_task_tag_task_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('task_id', 'tag_id', name=op.f('uq_task_tag_task_id_tag_id')),
    )
    with op.batch_alter_table('task_tag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_tag_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_tag_tag_id_task_id'), ['tag_id', 'task_id'], unique=False)

    op.create_table(
        'task_time_entry',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('task_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('worked_on', sa.Date(), nullable=False),
        sa.Column('minutes', sa.Integer(), nullable=False),
        sa.Column('note', sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_task_time_entry_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_task_time_entry_organization_id')
        ),
        sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_task_time_entry_task_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    with op.batch_alter_table('task_time_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_time_entry_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_time_entry_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_time_entry_task_id'), ['task_id'], unique=False)

    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f('ix_audit_entry_log_object_type_seq'), ['log', 'object_type', 'seq'], unique=False
        )

    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.add_column(sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=True))
        batch_op.create_index(batch_op.f('ix_mail_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_recipient_status'), ['recipient', 'status'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_mail_account_id'), 'account', ['account_id'], ['id'])

    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.add_column(sa.Column('hides_email', sa.Boolean(), server_default=sa.text('0'), nullable=False))
        batch_op.add_column(
            sa.Column('hides_personal_email', sa.Boolean(), server_default=sa.text('0'), nullable=False)
        )
        batch_op.add_column(sa.Column('hides_phones', sa.Boolean(), server_default=sa.text('0'), nullable=False))

    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.add_column(sa.Column('in_bell', sa.Boolean(), server_default=sa.text('1'), nullable=False))


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
