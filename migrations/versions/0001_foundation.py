"""The foundation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'audit_anchor',
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('log', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(16), nullable=False),
        sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('receiver', sa.String(500), nullable=True),
        sa.Column('words', sa.String(100), nullable=False),
        sa.Column(
            'note',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint('number'),
    )
    op.create_index(op.f('ix_audit_anchor_log_at'), 'audit_anchor', ['log', 'at'], unique=False)
    op.create_table(
        'audit_checkpoint',
        sa.Column('log', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
        sa.Column('epoch', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column(
            'note',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint('log', 'size'),
    )
    op.create_index(op.f('ix_audit_checkpoint_at'), 'audit_checkpoint', ['at'], unique=False)
    op.create_table(
        'audit_entry',
        sa.Column('log', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
        sa.Column('at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('actor_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('action', sa.String(100), nullable=False),
        sa.Column('object_type', sa.String(60), nullable=True),
        sa.Column('object_id', sa.String(64), nullable=True),
        sa.Column('subject_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('outcome', sa.String(16), nullable=False),
        sa.Column('leaf', sa.BINARY(length=32).with_variant(sa.LargeBinary(), 'sqlite'), nullable=False),
        sa.Column(
            'body',
            sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), 'mariadb').with_variant(mysql.MEDIUMBLOB(), 'mysql'),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint('log', 'seq'),
    )
    op.create_index(op.f('ix_audit_entry_log_action_seq'), 'audit_entry', ['log', 'action', 'seq'], unique=False)
    op.create_index(op.f('ix_audit_entry_log_actor_id_seq'), 'audit_entry', ['log', 'actor_id', 'seq'], unique=False)
    op.create_index(op.f('ix_audit_entry_log_at'), 'audit_entry', ['log', 'at'], unique=False)
    op.create_index(op.f('ix_audit_entry_log_object_id_seq'), 'audit_entry', ['log', 'object_id', 'seq'], unique=False)
    op.create_index(
        op.f('ix_audit_entry_log_subject_id_seq'), 'audit_entry', ['log', 'subject_id', 'seq'], unique=False
    )
    op.create_table(
        'audit_log',
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('log_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('root', sa.BINARY(length=32).with_variant(sa.LargeBinary(), 'sqlite'), nullable=False),
        sa.Column(
            'frontier',
            sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mariadb').with_variant(mysql.LONGBLOB(), 'mysql'),
            nullable=False,
        ),
        sa.Column('epoch', sa.Integer(), nullable=False),
        sa.Column('last_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.PrimaryKeyConstraint('number'),
        sa.UniqueConstraint('log_id', name=op.f('uq_audit_log_log_id')),
    )
    op.create_table(
        'audit_personal',
        sa.Column('commitment', sa.BINARY(length=32).with_variant(sa.LargeBinary(), 'sqlite'), nullable=False),
        sa.Column('log', sa.Integer(), nullable=False),
        sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('subject_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('expires_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column(
            'sealed',
            sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mariadb').with_variant(mysql.LONGBLOB(), 'mysql'),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint('commitment'),
    )
    op.create_index(op.f('ix_audit_personal_expires_at'), 'audit_personal', ['expires_at'], unique=False)
    op.create_index(op.f('ix_audit_personal_log_seq'), 'audit_personal', ['log', 'seq'], unique=False)
    op.create_index(op.f('ix_audit_personal_log_subject_id'), 'audit_personal', ['log', 'subject_id'], unique=False)
    op.create_table(
        'audit_subject',
        sa.Column('log', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('subject_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            'sealed_key',
            sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mariadb').with_variant(mysql.LONGBLOB(), 'mysql'),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint('log', 'subject_id'),
    )
    op.create_table(
        'audit_tile',
        sa.Column('log', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('level', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            'position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False
        ),
        sa.Column('root', sa.BINARY(length=32).with_variant(sa.LargeBinary(), 'sqlite'), nullable=False),
        sa.Column(
            'hashes',
            sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mariadb').with_variant(mysql.LONGBLOB(), 'mysql'),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint('log', 'level', 'position'),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'backup_run',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('place', sa.String(500), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('finished_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('error', sa.String(500), nullable=False),
        sa.Column('tried_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('tried_result', sa.String(500), nullable=False),
        sa.Column('tried_well', sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_backup_run_finished_at'), 'backup_run', ['finished_at'], unique=False)
    op.create_table(
        'data_key',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('scope', sa.String(32), nullable=False),
        sa.Column('purpose', sa.String(40), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column(
            'wrapped',
            sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mariadb').with_variant(mysql.LONGBLOB(), 'mysql'),
            nullable=False,
        ),
        sa.Column('kek_id', sa.String(16), nullable=False),
        sa.Column('messages', sa.BigInteger(), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('retired_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('scope', 'purpose', 'number', name=op.f('uq_data_key_scope_purpose_number')),
    )
    op.create_table(
        'idempotency_key',
        sa.Column('key_hash', sa.String(64), nullable=False),
        sa.Column('fingerprint', sa.String(64), nullable=False),
        sa.Column(
            'result',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.PrimaryKeyConstraint('key_hash'),
    )
    op.create_index(op.f('ix_idempotency_key_created_at'), 'idempotency_key', ['created_at'], unique=False)
    op.create_table(
        'job_schedule',
        sa.Column('name', sa.String(100), nullable=False),
        sa.Column('fired_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.PrimaryKeyConstraint('name'),
    )
    op.create_table(
        'organization',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(120), nullable=False),
        sa.Column('slug', sa.String(60), nullable=False),
        sa.Column(
            'kind',
            sa.Enum(
                'fire',
                'ems',
                'combined',
                'clinic',
                'municipal',
                'other',
                name='organizationkind',
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column('zone', sa.String(60), nullable=False),
        sa.Column('locale', sa.String(20), nullable=False),
        sa.Column('country', sa.String(2), nullable=False),
        sa.Column('currency', sa.String(3), nullable=False),
        sa.Column('address', sa.String(300), nullable=False),
        sa.Column('phone', sa.String(32), nullable=False),
        sa.Column('people_word', sa.String(20), nullable=False),
        sa.Column('brand_colour', sa.String(7), nullable=False),
        sa.Column('logo_file_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('settings', sa.JSON(), nullable=False),
        sa.Column('is_demo', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('slug', name=op.f('uq_organization_slug')),
    )
    op.create_table(
        'setup_link',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('token_hash', sa.String(64), nullable=False),
        sa.Column('expires_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('used_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('token_hash', name=op.f('uq_setup_link_token_hash')),
    )
    op.create_table(
        'throttle',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('bucket', sa.String(190), nullable=False),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('since', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column(
            'blocked_until', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True
        ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('bucket', name=op.f('uq_throttle_bucket')),
    )
    op.create_table(
        'account',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('email', sa.String(254), nullable=False),
        sa.Column('name', sa.String(120), nullable=False),
        sa.Column('locale', sa.String(20), nullable=False),
        sa.Column(
            'theme', sa.Enum('system', 'light', 'dark', name='theme', native_enum=False, length=32), nullable=False
        ),
        sa.Column('last_organization_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('disabled_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('is_service', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['last_organization_id'], ['organization.id'], name=op.f('fk_account_last_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('email', name=op.f('uq_account_email')),
    )
    op.create_index(op.f('ix_account_last_organization_id'), 'account', ['last_organization_id'], unique=False)
    op.create_table(
        'checklist_template',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            'kind', sa.Enum('joining', 'leaving', name='checklistkind', native_enum=False, length=32), nullable=False
        ),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('archived_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_checklist_template_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(
        op.f('ix_checklist_template_organization_id'), 'checklist_template', ['organization_id'], unique=False
    )
    op.create_table(
        'company',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('name', sa.String(120), nullable=False),
        sa.Column('address', sa.String(300), nullable=False),
        sa.Column('tax_id', sa.String(40), nullable=False),
        sa.Column('is_archived', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_company_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_company_organization_id_name')),
    )
    op.create_index(op.f('ix_company_organization_id'), 'company', ['organization_id'], unique=False)
    op.create_table(
        'custom_field',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('record', sa.String(40), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column(
            'kind',
            sa.Enum('text', 'number', 'date', 'choice', 'yes_no', name='fieldkind', native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            'options',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.Column('order', sa.Integer(), nullable=False),
        sa.Column('is_private', sa.Boolean(), nullable=False),
        sa.Column('archived_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_custom_field_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_custom_field_organization_id'), 'custom_field', ['organization_id'], unique=False)
    op.create_index(
        op.f('ix_custom_field_organization_id_record_order'),
        'custom_field',
        ['organization_id', 'record', 'order'],
        unique=False,
    )
    op.create_table(
        'job',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('name', sa.String(100), nullable=False),
        sa.Column(
            'arguments',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.Column('unique_key', sa.String(190), nullable=True),
        sa.Column(
            'status',
            sa.Enum(
                'waiting', 'running', 'done', 'failed', 'cancelled', name='jobstatus', native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column('priority', sa.Integer(), nullable=False),
        sa.Column('run_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('leased_by', sa.String(64), nullable=True),
        sa.Column('leased_until', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('progress', sa.Integer(), nullable=True),
        sa.Column('note', sa.String(200), nullable=False),
        sa.Column('error', sa.String(2000), nullable=True),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('finished_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_job_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('unique_key', name=op.f('uq_job_unique_key')),
    )
    op.create_index(op.f('ix_job_name_created_at'), 'job', ['name', 'created_at'], unique=False)
    op.create_index(op.f('ix_job_organization_id'), 'job', ['organization_id'], unique=False)
    op.create_index(op.f('ix_job_status_run_at_priority'), 'job', ['status', 'run_at', 'priority'], unique=False)
    op.create_table(
        'mail',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('message_id', sa.String(190), nullable=False),
        sa.Column('recipient', sa.String(254), nullable=False),
        sa.Column('subject', sa.String(200), nullable=False),
        sa.Column(
            'body',
            sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mariadb').with_variant(mysql.LONGBLOB(), 'mysql'),
            nullable=False,
        ),
        sa.Column('kind', sa.String(60), nullable=False),
        sa.Column(
            'status',
            sa.Enum('queued', 'sent', 'failed', name='mailstatus', native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('error', sa.String(500), nullable=False),
        sa.Column('sent_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_mail_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('message_id', name=op.f('uq_mail_message_id')),
    )
    op.create_index(op.f('ix_mail_organization_id'), 'mail', ['organization_id'], unique=False)
    op.create_index(op.f('ix_mail_status_created_at'), 'mail', ['status', 'created_at'], unique=False)
    op.create_table(
        'membership_type',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('may_vote', sa.Boolean(), nullable=False),
        sa.Column('may_hold_office', sa.Boolean(), nullable=False),
        sa.Column('may_take_shifts', sa.Boolean(), nullable=False),
        sa.Column('pays_dues', sa.Boolean(), nullable=False),
        sa.Column('archived_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_membership_type_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_membership_type_organization_id_name')),
    )
    op.create_index(op.f('ix_membership_type_organization_id'), 'membership_type', ['organization_id'], unique=False)
    op.create_table(
        'position',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('description', sa.String(300), nullable=False),
        sa.Column(
            'permissions',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.Column('is_system', sa.Boolean(), nullable=False),
        sa.Column('priority', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_position_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_position_organization_id_name')),
    )
    op.create_index(op.f('ix_position_organization_id'), 'position', ['organization_id'], unique=False)
    op.create_table(
        'rank',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('code', sa.String(20), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('order', sa.Integer(), nullable=False),
        sa.Column('seats', sa.String(300), nullable=False),
        sa.Column('archived_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_rank_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_rank_organization_id_name')),
    )
    op.create_index(op.f('ix_rank_organization_id'), 'rank', ['organization_id'], unique=False)
    op.create_table(
        'sequence',
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('kind', sa.String(40), nullable=False),
        sa.Column('value', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_sequence_organization_id')),
        sa.PrimaryKeyConstraint('organization_id', 'kind'),
    )
    op.create_table(
        'station',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('address', sa.String(300), nullable=False),
        sa.Column('zone', sa.String(60), nullable=False),
        sa.Column('archived_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_station_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_station_organization_id_name')),
    )
    op.create_index(op.f('ix_station_organization_id'), 'station', ['organization_id'], unique=False)
    op.create_table(
        'tag',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('record', sa.String(40), nullable=False),
        sa.Column('name', sa.String(40), nullable=False),
        sa.Column('colour', sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_tag_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_tag_organization_id'), 'tag', ['organization_id'], unique=False)
    op.create_index(
        op.f('ix_tag_organization_id_record_name'), 'tag', ['organization_id', 'record', 'name'], unique=True
    )
    op.create_table(
        'api_key',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('prefix', sa.String(8), nullable=False),
        sa.Column('secret_hash', sa.String(64), nullable=False),
        sa.Column(
            'scopes',
            sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mariadb').with_variant(mysql.MEDIUMTEXT(), 'mysql'),
            nullable=False,
        ),
        sa.Column('expires_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('last_used_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('last_used_address', sa.String(45), nullable=False),
        sa.Column('networks', sa.String(1000), nullable=False),
        sa.Column('revoked_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_api_key_account_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_api_key_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('prefix', name=op.f('uq_api_key_prefix')),
    )
    op.create_index(op.f('ix_api_key_account_id'), 'api_key', ['account_id'], unique=False)
    op.create_index(op.f('ix_api_key_organization_id'), 'api_key', ['organization_id'], unique=False)
    op.create_table(
        'checklist_template_item',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('template_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('order', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(160), nullable=False),
        sa.Column(
            'owner',
            sa.Enum('position', 'manager', 'person', name='itemowner', native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column('position_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('day_offset', sa.Integer(), nullable=False),
        sa.Column('is_required', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_checklist_template_item_organization_id')
        ),
        sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_checklist_template_item_position_id')),
        sa.ForeignKeyConstraint(
            ['template_id'], ['checklist_template.id'], name=op.f('fk_checklist_template_item_template_id')
        ),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(
        op.f('ix_checklist_template_item_organization_id'), 'checklist_template_item', ['organization_id'], unique=False
    )
    op.create_index(
        op.f('ix_checklist_template_item_position_id'), 'checklist_template_item', ['position_id'], unique=False
    )
    op.create_index(
        op.f('ix_checklist_template_item_template_id'), 'checklist_template_item', ['template_id'], unique=False
    )
    op.create_table(
        'department',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('code', sa.String(20), nullable=False),
        sa.Column('parent_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('company_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('cost_centre', sa.String(40), nullable=False),
        sa.Column('minimum_staffing', sa.Integer(), nullable=False),
        sa.Column('archived_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['company_id'], ['company.id'], name=op.f('fk_department_company_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_department_organization_id')),
        sa.ForeignKeyConstraint(['parent_id'], ['department.id'], name=op.f('fk_department_parent_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organization_id', 'name', name=op.f('uq_department_organization_id_name')),
    )
    op.create_index(op.f('ix_department_company_id'), 'department', ['company_id'], unique=False)
    op.create_index(op.f('ix_department_organization_id'), 'department', ['organization_id'], unique=False)
    op.create_index(op.f('ix_department_parent_id'), 'department', ['parent_id'], unique=False)
    op.create_table(
        'known_device',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('token_hash', sa.String(64), nullable=False),
        sa.Column(
            'last_seen_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False
        ),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_known_device_account_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('token_hash', name=op.f('uq_known_device_token_hash')),
    )
    op.create_index(op.f('ix_known_device_account_id'), 'known_device', ['account_id'], unique=False)
    op.create_table(
        'linked_identity',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('issuer', sa.String(200), nullable=False),
        sa.Column('subject', sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_linked_identity_account_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_linked_identity_issuer_subject')),
    )
    op.create_index(op.f('ix_linked_identity_account_id'), 'linked_identity', ['account_id'], unique=False)
    op.create_table(
        'member',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('number', sa.String(20), nullable=False),
        sa.Column('former_number', sa.String(200), nullable=False),
        sa.Column('first_name', sa.String(80), nullable=False),
        sa.Column('last_name', sa.String(80), nullable=False),
        sa.Column('preferred_name', sa.String(80), nullable=False),
        sa.Column('photo_file_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('email', sa.String(254), nullable=True),
        sa.Column('personal_email', sa.String(254), nullable=False),
        sa.Column('phone', sa.String(20), nullable=False),
        sa.Column('home_phone', sa.String(20), nullable=False),
        sa.Column('street', sa.String(200), nullable=False),
        sa.Column('city', sa.String(80), nullable=False),
        sa.Column('postcode', sa.String(20), nullable=False),
        sa.Column('region', sa.String(80), nullable=False),
        sa.Column('country', sa.String(2), nullable=False),
        sa.Column('birth_on', sa.Date(), nullable=True),
        sa.Column('joined_on', sa.Date(), nullable=True),
        sa.Column('left_on', sa.Date(), nullable=True),
        sa.Column(
            'status',
            sa.Enum(
                'probationary',
                'active',
                'inactive',
                'on_leave',
                'suspended',
                'retired',
                'left',
                name='memberstatus',
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column('status_since_on', sa.Date(), nullable=False),
        sa.Column('status_reason', sa.String(300), nullable=False),
        sa.Column('membership_type_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('company_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('station_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column(
            'employment_type',
            sa.Enum(
                'full_time',
                'part_time',
                'volunteer',
                'contractor',
                'temporary',
                name='employmenttype',
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column('probation_ends_on', sa.Date(), nullable=True),
        sa.Column('notice_days', sa.Integer(), nullable=True),
        sa.Column('notes', sa.String(4000), nullable=False),
        sa.Column('hides_contacts', sa.Boolean(), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('archived_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column(
            'anonymised_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True
        ),
        sa.Column('merged_into_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('is_demo', sa.Boolean(), nullable=False),
        sa.Column('sort_name', sa.String(170), nullable=False),
        sa.Column('search', sa.String(500), nullable=False),
        sa.Column('contact_search', sa.String(700), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_member_account_id')),
        sa.ForeignKeyConstraint(['company_id'], ['company.id'], name=op.f('fk_member_company_id')),
        sa.ForeignKeyConstraint(
            ['membership_type_id'], ['membership_type.id'], name=op.f('fk_member_membership_type_id')
        ),
        sa.ForeignKeyConstraint(['merged_into_id'], ['member.id'], name=op.f('fk_member_merged_into_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_member_organization_id')),
        sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_member_station_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('organization_id', 'account_id', name=op.f('uq_member_organization_id_account_id')),
        sa.UniqueConstraint('organization_id', 'email', name=op.f('uq_member_organization_id_email')),
        sa.UniqueConstraint('organization_id', 'number', name=op.f('uq_member_organization_id_number')),
    )
    op.create_index(op.f('ix_member_account_id'), 'member', ['account_id'], unique=False)
    op.create_index(op.f('ix_member_company_id'), 'member', ['company_id'], unique=False)
    op.create_index(op.f('ix_member_membership_type_id'), 'member', ['membership_type_id'], unique=False)
    op.create_index(op.f('ix_member_merged_into_id'), 'member', ['merged_into_id'], unique=False)
    op.create_index(op.f('ix_member_organization_id'), 'member', ['organization_id'], unique=False)
    op.create_index(
        op.f('ix_member_organization_id_archived_at_sort_name'),
        'member',
        ['organization_id', 'archived_at', 'sort_name'],
        unique=False,
    )
    op.create_index(
        op.f('ix_member_organization_id_joined_on'), 'member', ['organization_id', 'joined_on'], unique=False
    )
    op.create_index(
        op.f('ix_member_organization_id_status_sort_name'),
        'member',
        ['organization_id', 'status', 'sort_name'],
        unique=False,
    )
    op.create_index(op.f('ix_member_station_id'), 'member', ['station_id'], unique=False)
    op.create_table(
        'member_batch',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            'kind', sa.Enum('import', 'bulk', 'merge', name='batchkind', native_enum=False, length=32), nullable=False
        ),
        sa.Column('title', sa.String(200), nullable=False),
        sa.Column('by_account_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('new_count', sa.Integer(), nullable=False),
        sa.Column('updated_count', sa.Integer(), nullable=False),
        sa.Column('refused_count', sa.Integer(), nullable=False),
        sa.Column('undone_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column(
            'undo',
            sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mariadb').with_variant(mysql.LONGBLOB(), 'mysql'),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(['by_account_id'], ['account.id'], name=op.f('fk_member_batch_by_account_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_member_batch_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_member_batch_by_account_id'), 'member_batch', ['by_account_id'], unique=False)
    op.create_index(op.f('ix_member_batch_organization_id'), 'member_batch', ['organization_id'], unique=False)
    op.create_table(
        'notice',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('kind', sa.String(60), nullable=False),
        sa.Column('title', sa.String(200), nullable=False),
        sa.Column('body', sa.String(500), nullable=False),
        sa.Column('link', sa.String(300), nullable=False),
        sa.Column('object_type', sa.String(60), nullable=False),
        sa.Column('object_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('unique_key', sa.String(190), nullable=True),
        sa.Column('read_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_notice_account_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_notice_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'organization_id', 'account_id', 'unique_key', name=op.f('uq_notice_organization_id_account_id_unique_key')
        ),
    )
    op.create_index(
        op.f('ix_notice_account_id_organization_id_read_at_created_at'),
        'notice',
        ['account_id', 'organization_id', 'read_at', 'created_at'],
        unique=False,
    )
    op.create_index(op.f('ix_notice_organization_id'), 'notice', ['organization_id'], unique=False)
    op.create_table(
        'passkey',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('credential_id', sa.String(512), nullable=False),
        sa.Column(
            'public_key',
            sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mariadb').with_variant(mysql.LONGBLOB(), 'mysql'),
            nullable=False,
        ),
        sa.Column('sign_count', sa.Integer(), nullable=False),
        sa.Column('label', sa.String(80), nullable=False),
        sa.Column('last_used_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_passkey_account_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('credential_id', name=op.f('uq_passkey_credential_id')),
    )
    op.create_index(op.f('ix_passkey_account_id'), 'passkey', ['account_id'], unique=False)
    op.create_table(
        'password_credential',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('password_hash', sa.String(300), nullable=False),
        sa.Column('changed_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_password_credential_account_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('account_id', name=op.f('uq_password_credential_account_id')),
    )
    op.create_table(
        'password_reset',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('token_hash', sa.String(64), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('expires_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('used_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_password_reset_account_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('token_hash', name=op.f('uq_password_reset_token_hash')),
    )
    op.create_index(op.f('ix_password_reset_account_id'), 'password_reset', ['account_id'], unique=False)
    op.create_table(
        'recovery_code',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('code_hash', sa.String(64), nullable=False),
        sa.Column('used_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recovery_code_account_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('code_hash', name=op.f('uq_recovery_code_code_hash')),
    )
    op.create_index(op.f('ix_recovery_code_account_id'), 'recovery_code', ['account_id'], unique=False)
    op.create_table(
        'session',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('token_hash', sa.String(64), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column(
            'last_seen_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False
        ),
        sa.Column('idle_minutes', sa.Integer(), nullable=False),
        sa.Column('expires_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column(
            'authenticated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False
        ),
        sa.Column('method', sa.String(40), nullable=False),
        sa.Column('device', sa.String(200), nullable=False),
        sa.Column('address', sa.String(45), nullable=False),
        sa.Column('is_api', sa.Boolean(), nullable=False),
        sa.Column('revoked_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_session_account_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_session_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('token_hash', name=op.f('uq_session_token_hash')),
    )
    op.create_index(op.f('ix_session_account_id'), 'session', ['account_id'], unique=False)
    op.create_index(op.f('ix_session_expires_at'), 'session', ['expires_at'], unique=False)
    op.create_index(op.f('ix_session_organization_id'), 'session', ['organization_id'], unique=False)
    op.create_table(
        'sign_in_attempt',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('token_hash', sa.String(64), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('expires_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('method', sa.String(40), nullable=False),
        sa.Column('challenge', sa.String(200), nullable=False),
        sa.Column('used_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_sign_in_attempt_account_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_attempt_token_hash')),
    )
    op.create_index(op.f('ix_sign_in_attempt_account_id'), 'sign_in_attempt', ['account_id'], unique=False)
    op.create_index(op.f('ix_sign_in_attempt_expires_at'), 'sign_in_attempt', ['expires_at'], unique=False)
    op.create_table(
        'stored_file',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('name', sa.String(200), nullable=False),
        sa.Column('media_type', sa.String(100), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('object_name', sa.String(80), nullable=False),
        sa.Column('owner_type', sa.String(60), nullable=False),
        sa.Column('owner_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('by_account_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('deleted_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['by_account_id'], ['account.id'], name=op.f('fk_stored_file_by_account_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_stored_file_organization_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('object_name', name=op.f('uq_stored_file_object_name')),
    )
    op.create_index(op.f('ix_stored_file_by_account_id'), 'stored_file', ['by_account_id'], unique=False)
    op.create_index(op.f('ix_stored_file_organization_id'), 'stored_file', ['organization_id'], unique=False)
    op.create_index(op.f('ix_stored_file_owner_id'), 'stored_file', ['owner_id'], unique=False)
    op.create_table(
        'totp_credential',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            'secret',
            sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mariadb').with_variant(mysql.LONGBLOB(), 'mysql'),
            nullable=False,
        ),
        sa.Column('last_step', sa.Integer(), nullable=False),
        sa.Column('confirmed_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_totp_credential_account_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('account_id', name=op.f('uq_totp_credential_account_id')),
    )
    op.create_table(
        'two_person_request',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('kind', sa.String(60), nullable=False),
        sa.Column('subject_type', sa.String(60), nullable=False),
        sa.Column('subject_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('reason', sa.String(500), nullable=False),
        sa.Column('requested_by_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('decided_by_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('decided_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('is_approved', sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_two_person_request_decided_by_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_two_person_request_organization_id')
        ),
        sa.ForeignKeyConstraint(
            ['requested_by_id'], ['account.id'], name=op.f('fk_two_person_request_requested_by_id')
        ),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_two_person_request_decided_by_id'), 'two_person_request', ['decided_by_id'], unique=False)
    op.create_index(
        op.f('ix_two_person_request_organization_id'), 'two_person_request', ['organization_id'], unique=False
    )
    op.create_index(
        op.f('ix_two_person_request_requested_by_id'), 'two_person_request', ['requested_by_id'], unique=False
    )
    op.create_index(op.f('ix_two_person_request_subject_id'), 'two_person_request', ['subject_id'], unique=False)
    op.create_table(
        'checklist_item',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            'kind', sa.Enum('joining', 'leaving', name='checklistkind', native_enum=False, length=32), nullable=False
        ),
        sa.Column('template_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('order', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(160), nullable=False),
        sa.Column(
            'owner',
            sa.Enum('position', 'manager', 'person', name='itemowner', native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column('position_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('is_required', sa.Boolean(), nullable=False),
        sa.Column('done_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('done_by_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(['done_by_id'], ['account.id'], name=op.f('fk_checklist_item_done_by_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_checklist_item_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_checklist_item_organization_id')
        ),
        sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_checklist_item_position_id')),
        sa.ForeignKeyConstraint(['template_id'], ['checklist_template.id'], name=op.f('fk_checklist_item_template_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_checklist_item_done_by_id'), 'checklist_item', ['done_by_id'], unique=False)
    op.create_index(op.f('ix_checklist_item_member_id'), 'checklist_item', ['member_id'], unique=False)
    op.create_index(op.f('ix_checklist_item_organization_id'), 'checklist_item', ['organization_id'], unique=False)
    op.create_index(
        op.f('ix_checklist_item_organization_id_done_at_due_on'),
        'checklist_item',
        ['organization_id', 'done_at', 'due_on'],
        unique=False,
    )
    op.create_index(op.f('ix_checklist_item_position_id'), 'checklist_item', ['position_id'], unique=False)
    op.create_index(op.f('ix_checklist_item_template_id'), 'checklist_item', ['template_id'], unique=False)
    op.create_table(
        'custom_value',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('field_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('value', sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(['field_id'], ['custom_field.id'], name=op.f('fk_custom_value_field_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_custom_value_member_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_custom_value_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_custom_value_field_id'), 'custom_value', ['field_id'], unique=False)
    op.create_index(op.f('ix_custom_value_member_id'), 'custom_value', ['member_id'], unique=False)
    op.create_index(op.f('ix_custom_value_organization_id'), 'custom_value', ['organization_id'], unique=False)
    op.create_index(
        op.f('ix_custom_value_organization_id_field_id_member_id'),
        'custom_value',
        ['organization_id', 'field_id', 'member_id'],
        unique=True,
    )
    op.create_table(
        'department_head',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('department_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('is_stand_in', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_department_head_department_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_department_head_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_department_head_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'organization_id',
            'department_id',
            'is_stand_in',
            name=op.f('uq_department_head_organization_id_department_id_is_stand_in'),
        ),
    )
    op.create_index(op.f('ix_department_head_department_id'), 'department_head', ['department_id'], unique=False)
    op.create_index(op.f('ix_department_head_member_id'), 'department_head', ['member_id'], unique=False)
    op.create_index(op.f('ix_department_head_organization_id'), 'department_head', ['organization_id'], unique=False)
    op.create_table(
        'departure',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('reason', sa.String(300), nullable=False),
        sa.Column('is_voluntary', sa.Boolean(), nullable=False),
        sa.Column('last_on', sa.Date(), nullable=False),
        sa.Column('reports_to_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('cancelled_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('completed_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_departure_member_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_departure_organization_id')),
        sa.ForeignKeyConstraint(['reports_to_id'], ['member.id'], name=op.f('fk_departure_reports_to_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_departure_member_id'), 'departure', ['member_id'], unique=False)
    op.create_index(op.f('ix_departure_organization_id'), 'departure', ['organization_id'], unique=False)
    op.create_index(op.f('ix_departure_reports_to_id'), 'departure', ['reports_to_id'], unique=False)
    op.create_table(
        'dependant',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('name', sa.String(120), nullable=False),
        sa.Column('relation', sa.String(60), nullable=False),
        sa.Column('birth_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_dependant_member_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_dependant_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_dependant_member_id'), 'dependant', ['member_id'], unique=False)
    op.create_index(op.f('ix_dependant_organization_id'), 'dependant', ['organization_id'], unique=False)
    op.create_table(
        'education',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('school', sa.String(120), nullable=False),
        sa.Column('degree', sa.String(120), nullable=False),
        sa.Column('subject', sa.String(120), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=True),
        sa.Column('until_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_education_member_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_education_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_education_member_id'), 'education', ['member_id'], unique=False)
    op.create_index(op.f('ix_education_organization_id'), 'education', ['organization_id'], unique=False)
    op.create_table(
        'emergency_contact',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('order', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(120), nullable=False),
        sa.Column('relation', sa.String(60), nullable=False),
        sa.Column('phone', sa.String(20), nullable=False),
        sa.Column('note', sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_emergency_contact_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_emergency_contact_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_emergency_contact_member_id'), 'emergency_contact', ['member_id'], unique=False)
    op.create_index(
        op.f('ix_emergency_contact_organization_id'), 'emergency_contact', ['organization_id'], unique=False
    )
    op.create_table(
        'experience',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('employer', sa.String(120), nullable=False),
        sa.Column('title', sa.String(120), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=True),
        sa.Column('until_on', sa.Date(), nullable=True),
        sa.Column('note', sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_experience_member_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_experience_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_experience_member_id'), 'experience', ['member_id'], unique=False)
    op.create_index(op.f('ix_experience_organization_id'), 'experience', ['organization_id'], unique=False)
    op.create_table(
        'invitation',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('token_hash', sa.String(64), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('email', sa.String(254), nullable=False),
        sa.Column('position_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('expires_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('invited_by_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('accepted_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column('cancelled_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['invited_by_id'], ['account.id'], name=op.f('fk_invitation_invited_by_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_invitation_member_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_invitation_organization_id')),
        sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_invitation_position_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_token_hash')),
    )
    op.create_index(op.f('ix_invitation_invited_by_id'), 'invitation', ['invited_by_id'], unique=False)
    op.create_index(op.f('ix_invitation_member_id'), 'invitation', ['member_id'], unique=False)
    op.create_index(op.f('ix_invitation_organization_id'), 'invitation', ['organization_id'], unique=False)
    op.create_index(op.f('ix_invitation_position_id'), 'invitation', ['position_id'], unique=False)
    op.create_table(
        'job_change',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('until_on', sa.Date(), nullable=True),
        sa.Column('department_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('manager_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('rank_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('title', sa.String(100), nullable=False),
        sa.Column('work_pattern', sa.String(100), nullable=False),
        sa.Column('reason', sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_job_change_department_id')),
        sa.ForeignKeyConstraint(['manager_id'], ['member.id'], name=op.f('fk_job_change_manager_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_job_change_member_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_job_change_organization_id')),
        sa.ForeignKeyConstraint(['rank_id'], ['rank.id'], name=op.f('fk_job_change_rank_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'organization_id', 'member_id', 'from_on', name=op.f('uq_job_change_organization_id_member_id_from_on')
        ),
    )
    op.create_index(op.f('ix_job_change_department_id'), 'job_change', ['department_id'], unique=False)
    op.create_index(op.f('ix_job_change_manager_id'), 'job_change', ['manager_id'], unique=False)
    op.create_index(op.f('ix_job_change_member_id'), 'job_change', ['member_id'], unique=False)
    op.create_index(op.f('ix_job_change_organization_id'), 'job_change', ['organization_id'], unique=False)
    op.create_index(
        op.f('ix_job_change_organization_id_from_on_until_on'),
        'job_change',
        ['organization_id', 'from_on', 'until_on'],
        unique=False,
    )
    op.create_index(op.f('ix_job_change_rank_id'), 'job_change', ['rank_id'], unique=False)
    op.create_table(
        'leave_of_absence',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('kind', sa.String(60), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('until_on', sa.Date(), nullable=True),
        sa.Column('note', sa.String(500), nullable=False),
        sa.Column('granted_by_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(['granted_by_id'], ['account.id'], name=op.f('fk_leave_of_absence_granted_by_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_leave_of_absence_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_leave_of_absence_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_leave_of_absence_granted_by_id'), 'leave_of_absence', ['granted_by_id'], unique=False)
    op.create_index(op.f('ix_leave_of_absence_member_id'), 'leave_of_absence', ['member_id'], unique=False)
    op.create_index(op.f('ix_leave_of_absence_organization_id'), 'leave_of_absence', ['organization_id'], unique=False)
    op.create_table(
        'licence',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('kind', sa.String(80), nullable=False),
        sa.Column('licence_number', sa.String(60), nullable=False),
        sa.Column('issuer', sa.String(120), nullable=False),
        sa.Column('issued_on', sa.Date(), nullable=True),
        sa.Column('expires_on', sa.Date(), nullable=True),
        sa.Column('superseded_by_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_licence_member_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_licence_organization_id')),
        sa.ForeignKeyConstraint(['superseded_by_id'], ['licence.id'], name=op.f('fk_licence_superseded_by_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_licence_member_id'), 'licence', ['member_id'], unique=False)
    op.create_index(op.f('ix_licence_organization_id'), 'licence', ['organization_id'], unique=False)
    op.create_index(
        op.f('ix_licence_organization_id_expires_on'), 'licence', ['organization_id', 'expires_on'], unique=False
    )
    op.create_index(op.f('ix_licence_superseded_by_id'), 'licence', ['superseded_by_id'], unique=False)
    op.create_table(
        'member_batch_row',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('batch_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('row_number', sa.Integer(), nullable=False),
        sa.Column('is_new', sa.Boolean(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['batch_id'], ['member_batch.id'], name=op.f('fk_member_batch_row_batch_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_batch_row_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_member_batch_row_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(
        op.f('ix_member_batch_row_batch_id_member_id'), 'member_batch_row', ['batch_id', 'member_id'], unique=False
    )
    op.create_index(op.f('ix_member_batch_row_member_id'), 'member_batch_row', ['member_id'], unique=False)
    op.create_index(op.f('ix_member_batch_row_organization_id'), 'member_batch_row', ['organization_id'], unique=False)
    op.create_table(
        'member_document',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('category', sa.String(60), nullable=False),
        sa.Column('title', sa.String(160), nullable=False),
        sa.Column('file_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('issued_on', sa.Date(), nullable=True),
        sa.Column('expires_on', sa.Date(), nullable=True),
        sa.Column('superseded_by_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('deleted_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_member_document_file_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_document_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_member_document_organization_id')
        ),
        sa.ForeignKeyConstraint(
            ['superseded_by_id'], ['member_document.id'], name=op.f('fk_member_document_superseded_by_id')
        ),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_member_document_file_id'), 'member_document', ['file_id'], unique=False)
    op.create_index(op.f('ix_member_document_member_id'), 'member_document', ['member_id'], unique=False)
    op.create_index(op.f('ix_member_document_organization_id'), 'member_document', ['organization_id'], unique=False)
    op.create_index(
        op.f('ix_member_document_organization_id_expires_on'),
        'member_document',
        ['organization_id', 'expires_on'],
        unique=False,
    )
    op.create_index(op.f('ix_member_document_superseded_by_id'), 'member_document', ['superseded_by_id'], unique=False)
    op.create_table(
        'member_language',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('language', sa.String(40), nullable=False),
        sa.Column(
            'level', sa.Enum('basic', 'good', 'expert', name='skilllevel', native_enum=False, length=32), nullable=False
        ),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_language_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_member_language_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_member_language_member_id'), 'member_language', ['member_id'], unique=False)
    op.create_index(op.f('ix_member_language_organization_id'), 'member_language', ['organization_id'], unique=False)
    op.create_table(
        'member_tag',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('tag_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_tag_member_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_member_tag_organization_id')),
        sa.ForeignKeyConstraint(['tag_id'], ['tag.id'], name=op.f('fk_member_tag_tag_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_member_tag_member_id'), 'member_tag', ['member_id'], unique=False)
    op.create_index(op.f('ix_member_tag_organization_id'), 'member_tag', ['organization_id'], unique=False)
    op.create_index(
        op.f('ix_member_tag_organization_id_member_id_tag_id'),
        'member_tag',
        ['organization_id', 'member_id', 'tag_id'],
        unique=True,
    )
    op.create_index(op.f('ix_member_tag_tag_id'), 'member_tag', ['tag_id'], unique=False)
    op.create_table(
        'position_holding',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('position_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('until_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_position_holding_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_position_holding_organization_id')
        ),
        sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_position_holding_position_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_position_holding_member_id'), 'position_holding', ['member_id'], unique=False)
    op.create_index(op.f('ix_position_holding_organization_id'), 'position_holding', ['organization_id'], unique=False)
    op.create_index(
        op.f('ix_position_holding_organization_id_member_id_position_id'),
        'position_holding',
        ['organization_id', 'member_id', 'position_id'],
        unique=False,
    )
    op.create_index(op.f('ix_position_holding_position_id'), 'position_holding', ['position_id'], unique=False)
    op.create_table(
        'profile_change',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('field', sa.String(60), nullable=False),
        sa.Column(
            'before',
            sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mariadb').with_variant(mysql.LONGBLOB(), 'mysql'),
            nullable=False,
        ),
        sa.Column(
            'after',
            sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mariadb').with_variant(mysql.LONGBLOB(), 'mysql'),
            nullable=False,
        ),
        sa.Column(
            'status',
            sa.Enum(
                'pending', 'approved', 'declined', 'withdrawn', name='profilechangestatus', native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column('reason', sa.String(300), nullable=False),
        sa.Column('answer', sa.String(300), nullable=False),
        sa.Column('requested_by_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('decided_by_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('decided_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_profile_change_decided_by_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_profile_change_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_profile_change_organization_id')
        ),
        sa.ForeignKeyConstraint(['requested_by_id'], ['account.id'], name=op.f('fk_profile_change_requested_by_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_profile_change_decided_by_id'), 'profile_change', ['decided_by_id'], unique=False)
    op.create_index(op.f('ix_profile_change_member_id'), 'profile_change', ['member_id'], unique=False)
    op.create_index(op.f('ix_profile_change_organization_id'), 'profile_change', ['organization_id'], unique=False)
    op.create_index(
        op.f('ix_profile_change_organization_id_status_created_at'),
        'profile_change',
        ['organization_id', 'status', 'created_at'],
        unique=False,
    )
    op.create_index(op.f('ix_profile_change_requested_by_id'), 'profile_change', ['requested_by_id'], unique=False)
    op.create_table(
        'protected_number',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            'kind',
            sa.Enum('bank_account', 'national_id', 'tax_id', name='protectedkind', native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column('label', sa.String(80), nullable=False),
        sa.Column(
            'value',
            sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mariadb').with_variant(mysql.LONGBLOB(), 'mysql'),
            nullable=False,
        ),
        sa.Column('last_digits', sa.String(4), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_protected_number_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_protected_number_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_protected_number_member_id'), 'protected_number', ['member_id'], unique=False)
    op.create_index(op.f('ix_protected_number_organization_id'), 'protected_number', ['organization_id'], unique=False)
    op.create_table(
        'refresh_token',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('token_hash', sa.String(64), nullable=False),
        sa.Column('session_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('expires_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('used_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=True),
        sa.Column(
            'successor',
            sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mariadb').with_variant(mysql.LONGBLOB(), 'mysql'),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_refresh_token_session_id')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('token_hash', name=op.f('uq_refresh_token_token_hash')),
    )
    op.create_index(op.f('ix_refresh_token_session_id'), 'refresh_token', ['session_id'], unique=False)
    op.create_table(
        'skill',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column(
            'level', sa.Enum('basic', 'good', 'expert', name='skilllevel', native_enum=False, length=32), nullable=False
        ),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_skill_member_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_skill_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_skill_member_id'), 'skill', ['member_id'], unique=False)
    op.create_index(op.f('ix_skill_organization_id'), 'skill', ['organization_id'], unique=False)
    op.create_table(
        'status_change',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.Column(
            'before',
            sa.Enum(
                'probationary',
                'active',
                'inactive',
                'on_leave',
                'suspended',
                'retired',
                'left',
                name='memberstatus',
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            'after',
            sa.Enum(
                'probationary',
                'active',
                'inactive',
                'on_leave',
                'suspended',
                'retired',
                'left',
                name='memberstatus',
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column('reason', sa.String(300), nullable=False),
        sa.Column('by_account_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(['by_account_id'], ['account.id'], name=op.f('fk_status_change_by_account_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_status_change_member_id')),
        sa.ForeignKeyConstraint(
            ['organization_id'], ['organization.id'], name=op.f('fk_status_change_organization_id')
        ),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_status_change_by_account_id'), 'status_change', ['by_account_id'], unique=False)
    op.create_index(op.f('ix_status_change_member_id'), 'status_change', ['member_id'], unique=False)
    op.create_index(op.f('ix_status_change_organization_id'), 'status_change', ['organization_id'], unique=False)
    op.create_index(
        op.f('ix_status_change_organization_id_member_id_on'),
        'status_change',
        ['organization_id', 'member_id', 'on'],
        unique=False,
    )
    op.create_table(
        'engagement',
        sa.Column('id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('created_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('updated_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('member_id', sa.Uuid(native_uuid=False), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('until_on', sa.Date(), nullable=True),
        sa.Column('title', sa.String(100), nullable=False),
        sa.Column('company_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.Column('terms', sa.String(2000), nullable=False),
        sa.Column('document_id', sa.Uuid(native_uuid=False), nullable=True),
        sa.ForeignKeyConstraint(['company_id'], ['company.id'], name=op.f('fk_engagement_company_id')),
        sa.ForeignKeyConstraint(['document_id'], ['member_document.id'], name=op.f('fk_engagement_document_id')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_engagement_member_id')),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_engagement_organization_id')),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_engagement_company_id'), 'engagement', ['company_id'], unique=False)
    op.create_index(op.f('ix_engagement_document_id'), 'engagement', ['document_id'], unique=False)
    op.create_index(op.f('ix_engagement_member_id'), 'engagement', ['member_id'], unique=False)
    op.create_index(op.f('ix_engagement_organization_id'), 'engagement', ['organization_id'], unique=False)


def downgrade() -> None:
    raise RuntimeError('The first migration cannot be undone: restore a backup instead.')
