"""How this installation stands: versions, room, mail, backups, audit anchors, and the jobs."""

from datetime import datetime

from data.core import now
from logic import mail, status
from logic.audit.domain import VIEW as AUDIT_VIEW
from logic.core.actor import Actor
from logic.core.formats import number_text, size_text
from logic.core.language import _, many
from logic.status import SystemStatus
from ui.components import Button, Card, Fact, Facts, Grid, Head, Note, Tile, Tiles
from ui.components.blocks import Tone
from ui.pages.audit.verifying import damage_note
from ui.pages.status.clock import clock_worries
from ui.pages.status.jobs import jobs_of_all
from ui.shell import Nav, page

DAY = 86_400


@page('/status', 'Status', status.VIEW, nav=Nav(icon='sym_o_monitor_heart', group='Administration', order=80))
async def system(actor: Actor) -> None:
    """Facts for whoever keeps this running."""
    found = await status.system_status(actor)
    version, database, schema = found.version, found.database, found.schema
    text = _('Logbook {version} on {database}, schema {schema}.', version=version, database=database, schema=schema)
    Head(_('Status'), text)
    to_the_log = [Button(_('Open audit log'), href='/audit', small=True)] if actor.may(AUDIT_VIEW) else []
    damage_note(found.verdict, actor.zone, to_the_log)
    for text in (*_worries(found), *clock_worries(found, actor.zone)):
        Note(text, 'red', 'sym_o_error')
    Tiles([
        _counted(_('Jobs waiting'), found.jobs_waiting, found.jobs_failed, 'sym_o_schedule', 'blue'),
        _counted(_('Mail waiting'), found.mail.waiting, found.mail.failed, 'sym_o_mail', 'violet'),
        Tile(_('Last backup'), _age(found.last_backup_at), 'sym_o_backup', 'amber', '/settings/backup'),
        Tile(_('Memory'), size_text(found.memory_bytes), 'sym_o_memory', 'brand'),
    ])  # fmt: skip
    with Grid():
        with Card(_('This installation'), span=6):
            Facts([
                Fact(_('Started'), found.started_at, 'datetime'), Fact('Python', found.python),
                Fact(_('Database file'), size_text(found.database_bytes or 0)),
                Fact(_('Free room'), _room(found)),
                Fact(_('Event loop, worst delay'), _lag(found)),
                Fact('Redis', _redis(found)),
                Fact(_('File store'), _store(found)),
                Fact(_('Files'), _files(found)),
            ])  # fmt: skip
        with Card(_('Proofs'), span=6):
            Facts([
                Fact(_('Audit log signed'), found.last_checkpoint_at, 'datetime'),
                Fact(_('Audit log anchored'), found.last_anchor_at, 'datetime'),
                Fact(_('Audit log verified'), found.verdict and found.verdict.at, 'datetime'),
                Fact(_('Backup tried'), found.last_trial_at, 'datetime'), Fact(_('What came of it'), found.last_trial),
                Fact(_('Files compared'), found.store.proved_at, 'datetime'),
            ])  # fmt: skip
    await jobs_of_all(actor)


def _counted(label: str, waiting: int, failed: int, icon: str, tone: Tone) -> Tile:
    note = many('{count} failed', '{count} failed', failed)
    return Tile(label, waiting, icon, tone, note=note, note_tone='red' if failed else 'green')


def _redis(found: SystemStatus) -> str:
    if found.redis is None:
        return _('not used')
    return _('answers') if found.redis.is_well else _('does not answer')


def _lag(found: SystemStatus) -> str:
    return _('{number} ms', number=number_text(round(found.lag_worst_seconds * 1000)))


def _room(found: SystemStatus) -> str:
    return _('{free} of {total}', free=size_text(found.disk_free_bytes), total=size_text(found.disk_total_bytes))


def _files(found: SystemStatus) -> str:
    size = size_text(found.store.total_bytes)
    return many('{count} file, {size}', '{count} files, {size}', found.store.file_count, size=size)


def _store(found: SystemStatus) -> str:
    place = found.store.place
    return _('{place}: does not answer', place=place) if found.store.fault else _('{place}: answers', place=place)


def _worries(found: SystemStatus) -> list[str]:
    worries = []
    if found.is_disk_low:
        worries.append(_('The disk is nearly full: below 200 MB Logbook takes no changes. Make room.'))
    if found.last_backup_error:
        worries.append(_('The last backup failed: {reason}', reason=found.last_backup_error))
    if found.redis is not None and not found.redis.is_well:
        text = _(
            'Redis does not answer. Nothing is lost: what is changed at another copy of Logbook shows here some '
            'seconds later, and at once again when Redis is back. It said: {fault}',
            fault=found.redis.detail,
        )
        worries.append(text)
    if found.mail.is_in_clear:
        worries.append(str(mail.IN_CLEAR))
    store = found.store
    if store.fault:
        worries.append(
            _('The file store does not answer. New files wait here until it does. It said: {fault}', fault=store.fault)
        )
    if store.waiting_count:
        worries.append(
            many(
                '{count} file waits on this computer for the file store; it opens as ever.',
                '{count} files wait on this computer for the file store; they open as ever.',
                store.waiting_count,
            )
        )
    if store.faulty_count:
        worries.append(
            many(
                '{count} file is missing or changed in the file store. Restore it from a backup.',
                '{count} files are missing or changed in the file store. Restore them from a backup.',
                store.faulty_count,
            )
        )
    return worries


def _age(at: datetime | None) -> str:
    if at is None:
        return _('never')
    seconds = (now() - at).total_seconds()
    if seconds < 2 * DAY:
        return _('{count} h', count=int(seconds // 3600))
    return many('{count} day', '{count} days', int(seconds // DAY))
