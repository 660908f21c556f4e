"""The full-text index over `search_entry`: a virtual table with triggers on SQLite, FULLTEXT on MySQL and MariaDB.

A later migration that rebuilds `search_entry` on SQLite has to make the triggers again: they go with the old table.
"""

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# Words are small ASCII letters and digits already and begin with two letters that make none of them short: the index
# has to fold nothing, and the prefixes of one, two and three letters that people type are three to five long.
TABLE = """CREATE VIRTUAL TABLE search_fts USING fts5(
    head, body, content='search_entry', content_rowid='id', tokenize='ascii', detail='column', prefix='3 4 5')"""
INSERTED = """CREATE TRIGGER search_entry_inserted AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_fts(rowid, head, body) VALUES (new.id, new.head, new.body); END"""
DELETED = """CREATE TRIGGER search_entry_deleted AFTER DELETE ON search_entry BEGIN
    INSERT INTO search_fts(search_fts, rowid, head, body) VALUES ('delete', old.id, old.head, old.body); END"""
UPDATED = """CREATE TRIGGER search_entry_updated AFTER UPDATE OF head, body ON search_entry BEGIN
    INSERT INTO search_fts(search_fts, rowid, head, body) VALUES ('delete', old.id, old.head, old.body);
    INSERT INTO search_fts(rowid, head, body) VALUES (new.id, new.head, new.body); END"""
SQLITE = (TABLE, INSERTED, DELETED, UPDATED)
SERVER = (
    'CREATE FULLTEXT INDEX ft_search_entry_head ON search_entry (head)',
    'CREATE FULLTEXT INDEX ft_search_entry_all ON search_entry (head, body)',
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else SERVER:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError('This migration cannot be undone: restore the backup that was made before it instead.')
