"""What the last verification of the audit log found lies beside the logs; until now it lay in them."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

ID, BIG = sa.Uuid(native_uuid=False), sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
INSTANT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb')
LOG = sa.table('audit_log', sa.column('number'), sa.column('log_id', ID))
ENTRY = sa.table(
    'audit_entry', sa.column('log'), sa.column('seq'), sa.column('at', INSTANT), sa.column('action'),
    sa.column('outcome'), sa.column('body', sa.LargeBinary()),
)  # fmt: skip


def upgrade() -> None:
    table = op.create_table(
        'audit_verdict',
        sa.Column('log_id', ID, nullable=False),
        sa.Column('at', INSTANT, nullable=False),
        sa.Column('since', INSTANT, nullable=True),
        sa.Column('is_instance', sa.Boolean(), nullable=False),
        sa.Column('entry', BIG, nullable=True),
        sa.Column('fault', sa.String(length=16), nullable=False),
        sa.Column('by_anchor', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('log_id', name=op.f('pk_audit_verdict')),
    )
    verdicts: dict[object, dict[str, object]] = {}
    kept = sa.select(LOG.c.log_id, ENTRY.c.at, ENTRY.c.outcome, ENTRY.c.body).join_from(
        LOG, ENTRY, ENTRY.c.log == LOG.c.number
    )
    for row in op.get_bind().execute(
        kept.where(ENTRY.c.action == 'audit.keep_verdict').order_by(ENTRY.c.log, ENTRY.c.seq)
    ):
        since = None if row.outcome != 'failed' else verdicts.get(row.log_id, {}).get('since') or row.at
        said = {} if since is None else _facts(row.body)
        verdicts[row.log_id] = {
            'log_id': row.log_id, 'at': row.at, 'since': since, 'is_instance': said.get('log') == 'instance',
            'entry': said.get('entry'), 'fault': said.get('fault') or '', 'by_anchor': bool(said.get('anchor')),
        }  # fmt: skip
    if verdicts:
        op.bulk_insert(table, list(verdicts.values()))


def _facts(body: bytes) -> dict[str, object]:
    """Return what was kept of damage; of a text that somebody spoilt, nothing."""
    try:
        return {name: new for name, (_old, new) in json.loads(body)['changes'].items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        return {}


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
