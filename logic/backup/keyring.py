"""The keys that a restore needs: as lines on the recovery sheet, and as the files that are laid out for an archive."""

import base64
import contextlib
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlmodel import Session, select

from data.secrets import DataKey
from logic.audit.keeping import LAST_CHECKPOINTS
from logic.audit.keys import KEY_NAME, OLD_KEYS, parse_verifier_key, trusted_in, trusted_keys
from logic.audit.note import BadNote, read_note
from logic.backup import archive
from logic.backup.making import DATABASE, KEY_FILE, KEY_NAMES, opening_key
from logic.core.config import Settings
from logic.core.errors import Invalid, Unavailable
from logic.core.secrets import (
    SEALED_COLUMNS,
    Place,
    SealedColumn,
    Tampered,
    install,
    installed,
    open_secrets,
    parse_key,
)
from logic.core.secrets.envelope import key_of, unseal, unwrap
from logic.core.secrets.keys import AUDIT_KEY, KEK, NEXT_KEK, kek_id, write_beside

log = structlog.get_logger(__name__)
MASTER = 'logbook-master-key-'


@dataclass(frozen=True, slots=True, repr=False)
class RecoveryKeys:
    """The lines of a recovery sheet; each says by its beginning what it is. The key that signs is not among them."""

    backup: tuple[str, ...] = ()
    """Open archives."""
    master: tuple[str, ...] = ()
    """Open what a database holds sealed; two while a new one is brought in."""
    audit: tuple[str, ...] = ()
    """Public keys that signed the audit logs."""

    @property
    def lines(self) -> tuple[str, ...]:
        """All of them."""
        return self.backup + self.master + self.audit


def recovery_keys() -> RecoveryKeys:
    """Return the keys in force: with them and an archive alone, everything can be restored on a new computer."""
    keys = installed()
    masters = (keys.kek,) if keys.old_kek is None else (keys.old_kek, keys.kek)
    lines = tuple(MASTER + base64.urlsafe_b64encode(key).decode().rstrip('=') for key in masters)
    return RecoveryKeys((opening_key(keys.folder),), lines, tuple(trusted_keys()))


def read_keys(text: str) -> RecoveryKeys:
    """Find the keys in a text, such as a sheet that was written off. Raises Invalid when one is damaged, or none is."""
    words = list(dict.fromkeys(text.split()))
    found = [tuple(word for word in words if word.startswith(start)) for start in (archive.PRIVATE, MASTER, KEY_NAME)]
    keys = RecoveryKeys(*found)
    if not keys.lines:
        raise Invalid(f'The key file holds no key. A line of it begins with "{archive.PRIVATE}" or "{MASTER}".')
    for line in keys.backup:
        archive.recipient_of(line)
    for line in keys.master:
        _master(line)
    for line in keys.audit:
        try:
            parse_verifier_key(line)
        except ValueError:
            raise Invalid(f'The line of the key file that begins with "{KEY_NAME}" is not as it was printed.') from None
    return keys


def _master(line: str) -> str:
    """Return a master key as its file holds it."""
    text = line.removeprefix(MASTER).replace('-', '+').replace('_', '/') + '='
    try:
        parse_key(text)
    except ValueError:
        raise Invalid(f'A master key begins with "{MASTER}" and has 43 more characters.') from None
    return text


def lay_out(settings: Settings, scratch: Path, given: RecoveryKeys) -> tuple[bool, bool]:
    """Lay the key files that belong to an opened archive into its folder `keys`, and make them those of this process.

    They are those in the archive, or those of here when the archive is of here, and what the sheet has; what only signs
    is made anew where it is missing. Nothing of here is touched. Returns whether the archive is of this installation,
    and whether a new key signs its audit logs from now on. Raises Invalid when what the database holds sealed, or what
    signed its audit logs, would stay unknown.
    """
    folder, here = scratch / 'keys', settings.secrets_dir
    note = _last_note(scratch)
    present = [settings.kek] if settings.kek else []
    present += [_text(path) for path in sorted(here.glob(f'{KEK}*'))]
    needed = _needed_masters(scratch)
    is_own = bool(needed & _by_id(present).keys()) or _is_signed_by(note, trusted_in(here))
    inside = [_text(path) for path in sorted(folder.glob(f'{KEK}*'))]
    if not folder.exists():
        folder.mkdir(mode=0o700)
        for path in (here / name for name in KEY_NAMES if is_own):
            if path.exists():
                shutil.copy2(path, folder)
    _lay_masters(settings, folder, needed, _by_id([*map(_master, given.master), *inside, *present]))
    if given.backup and not (folder / KEY_FILE).exists():
        _write(folder / KEY_FILE, given.backup[:1])
    signs_anew = not (folder / AUDIT_KEY).exists()
    install(open_secrets(folder, database_exists=False, kek=settings.kek))
    trusted = [*trusted_keys(), *(line for line in given.audit if line not in trusted_keys())]
    if trusted[1:]:
        _write(folder / OLD_KEYS, trusted[1:])
    if note is not None and not _is_signed_by(note, trusted):
        raise Invalid(
            'The audit log in this backup was signed by a key that is not known here. Write the line of the recovery '
            f'sheet that begins with "{KEY_NAME}" into the key file as well, and add --key-file.'
        )
    return is_own, signs_anew


def _lay_masters(settings: Settings, folder: Path, needed: set[str], known: dict[str, str]) -> None:
    fixed = _by_id([settings.kek] if settings.kek else []).keys()
    if needed - known.keys():
        raise Invalid(
            'The master key of this backup is not here. Write all keys of its recovery sheet into a file, one a line, '
            'and add --key-file; a sheet from before the master key was replaced has the older one.'
        )
    names = [NEXT_KEK] if fixed else [KEK, NEXT_KEK]
    if needed <= fixed | _by_id([_text(folder / name) for name in names]).keys():
        return
    if fixed - needed:
        raise Invalid('LOGBOOK_KEK holds another master key than that of this backup. Set the right one, or none.')
    (folder / NEXT_KEK).unlink(missing_ok=True)
    for name, identity in zip(names, (one for one in known if one in needed - fixed), strict=False):
        _write(folder / name, [known[identity]])


def _needed_masters(scratch: Path) -> set[str]:
    with contextlib.closing(sqlite3.connect(scratch / DATABASE)) as connection:
        needed = {row[0] for row in connection.execute('SELECT DISTINCT kek_id FROM data_key')}
        subjects = connection.execute('SELECT DISTINCT substr(sealed_key, 1, 8) FROM audit_subject')
        return needed | {row[0].hex() for row in subjects}  # a sealed key begins with the name of its master key


def prove_sealed(settings: Settings, path: Path) -> int:
    """Open every sealed value of a database file with the master keys that the settings and the recovery sheet name.

    Returns how many there are. Raises Invalid when a key or a value does not open, SecretsError when a key file of here
    is missing or damaged.
    """
    sheet = installed().keks
    here = open_secrets(settings.secrets_dir, database_exists=True, kek=settings.kek).keks
    engine = sa.create_engine(f'sqlite:///{path}')
    try:
        with Session(engine) as session:
            masters = {name: key for name, key in here.items() if name in sheet}
            try:
                keys = {row.id: unwrap(row, masters) for row in session.exec(select(DataKey))}
            except (Unavailable, Tampered):
                raise Invalid(
                    'The master key of this installation, as it stands on the recovery sheet, does not open the keys '
                    'in this backup: its sealed values would be lost. Put the right key file back, make a backup, and '
                    'print the recovery sheet again.'
                ) from None
            return sum(_open_column(session, column, keys) for column in SEALED_COLUMNS)
    finally:
        engine.dispose()


def _open_column(session: Session, column: SealedColumn, keys: Mapping[UUID, bytes]) -> int:
    table = column.model.__table__
    stored, owner = table.c[column.column], table.c.get('organization_id', sa.null())
    count = 0
    for row_id, sealed, organization_id in session.execute(sa.select(table.c.id, stored, owner)):
        if sealed:
            count += 1
            try:
                place = Place(table.name, column.column, row_id, organization_id)
                unseal(keys[key_of(sealed)], sealed, place.bytes)
            except (KeyError, Tampered):
                log.error('backup.sealed_value_stays_closed', table=table.name, row_id=str(row_id))
                raise Invalid(
                    'A sealed value in this backup cannot be opened: it was changed past Logbook, or its key is '
                    'missing. The log of the server names it.'
                ) from None
    return count


def _last_note(scratch: Path) -> str | None:
    with contextlib.closing(sqlite3.connect(scratch / DATABASE)) as connection:
        row = connection.execute('SELECT note FROM audit_checkpoint ORDER BY at DESC LIMIT 1').fetchone()
    return None if row is None else str(row[0])


def _is_signed_by(note: str | None, trusted: Iterable[str]) -> bool:
    try:
        return note is not None and bool(read_note(note, trusted))
    except BadNote:
        return False


def moves_of_keys(settings: Settings, scratch: Path, kept: Path, *, is_own: bool) -> list[tuple[str, str]]:
    """Return what moves so that the keys that were laid out are in force.

    Of another installation nothing stays; of this one its last checkpoints do, which tell what a restore takes away.
    """
    folder, here = scratch / 'keys', settings.secrets_dir
    others = [] if is_own else [LAST_CHECKPOINTS, *sorted(path.name for path in here.glob(f'{KEK}.old-*'))]
    moves = []
    for name in (*KEY_NAMES, *others):
        old, new = here / name, folder / name
        if _text(old) != _text(new):
            moves += [(str(old), str(kept / 'secrets' / name)), (str(new), str(old))]
    return moves


def _by_id(texts: Iterable[str]) -> dict[str, str]:
    """Return master keys by their names; what is none is left out."""
    found: dict[str, str] = {}
    for text in texts:
        with contextlib.suppress(ValueError):
            found.setdefault(kek_id(parse_key(text)), text)
    return found


def _text(path: Path) -> str:
    return path.read_text('utf-8', 'replace') if path.exists() else ''


def _write(path: Path, lines: Iterable[str]) -> None:
    write_beside(path, '\n'.join(line.strip() for line in lines) + '\n')
