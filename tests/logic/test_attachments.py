"""Files on records: whoever may discuss a record sees and adds them, versions stay, the bin gives back for 30 days."""

import io
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlmodel import select

from data.attachments import Attachment, AttachmentVersion
from data.database import EVERYWHERE, database
from data.files import StoredFile
from logic import attachments, storage
from logic.attachments import AttachedFile, keeping
from logic.core import config, files
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.jobs import Runner
from logic.core.work import Work
from tests.conftest import House, person_with_account
from tests.logic.test_jobs import enqueue
from tests.logic.test_stores import S3Server, due_again, s3_server, use

CARD = 'Member'


pytestmark = pytest.mark.usefixtures('folder')


async def bring(
    actor: Actor, record_id: UUID, content: bytes, name: str = 'report.txt', version_of: UUID | None = None
) -> AttachedFile:
    with files.arriving() as file:
        file.write(content)
        return await attachments.send(actor, CARD, record_id, name, file, version_of=version_of)


async def in_house(actor: Actor, call: Callable[[Work], Awaitable[None]]) -> None:
    async with database().read(actor.organization_id) as session:
        await call(Work(session, actor, 'trial'))


async def names(actor: Actor, record_id: UUID) -> list[str]:
    return [one.name for one in (await attachments.list_attachments(actor, CARD, record_id)).files]


def picture(kind: str = 'PNG', size: tuple[int, int] = (1200, 900)) -> bytes:
    target = io.BytesIO()
    Image.new('RGB', size, 'green').save(target, kind)
    return target.getvalue()


def own(actor: Actor) -> UUID:
    assert actor.member_id is not None
    return actor.member_id


async def test_several_files_hang_on_a_record_the_newest_first(chief: Actor) -> None:
    await bring(chief, own(chief), b'first', 'first.txt')
    await bring(chief, own(chief), picture(), 'scene.png')
    assert await names(chief, own(chief)) == ['scene.png', 'first.txt']
    newest = (await attachments.list_attachments(chief, CARD, own(chief))).files[0].newest
    assert (newest.number, newest.media_type, newest.by) == (1, 'image/png', 'Elena Rossi')


async def test_a_newer_version_opens_and_the_older_one_stays_reachable(chief: Actor) -> None:
    first = await bring(chief, own(chief), b'draft', 'plan.txt')
    second = await bring(chief, own(chief), b'final', 'plan final.txt', first.id)
    assert (second.id, second.name) == (first.id, 'plan.txt')
    assert [one.number for one in second.versions] == [2, 1]
    for number, content in ((None, b'final'), (2, b'final'), (1, b'draft')):
        row, name = await attachments.open_attachment(chief, first.id, number)
        assert (await files.read(row), name) == (content, 'plan.txt')
    with pytest.raises(NotFound):
        await attachments.open_attachment(chief, first.id, 3)


@pytest.mark.parametrize('number', [0, -1, 2, 10**30])
async def test_a_version_that_cannot_be_is_not_there(chief: Actor, number: int) -> None:
    made = await bring(chief, own(chief), b'1')
    with pytest.raises(NotFound):
        await attachments.open_attachment(chief, made.id, number)


async def test_the_same_bytes_sent_again_make_no_version(chief: Actor) -> None:
    first = await bring(chief, own(chief), b'final')
    assert len((await bring(chief, own(chief), b'final', version_of=first.id)).versions) == 1


async def test_a_stranger_sees_adds_and_opens_nothing(chief: Actor, stranger: Actor) -> None:
    kept = await bring(chief, own(chief), b'private')
    for call in (
        attachments.list_attachments(stranger, CARD, own(chief)),
        bring(stranger, own(chief), b'x'),
        attachments.open_attachment(stranger, kept.id),
        attachments.rename_attachment(stranger, kept.id, 'x'),
        attachments.remove_attachment(stranger, kept.id),
        attachments.restore_attachment(stranger, kept.id),
        storage.get_file(stranger, kept.newest.file_id),
        attachments.list_attachments(chief, 'Organization', own(chief)),
        attachments.list_attachments(chief, CARD, uuid4()),
    ):
        with pytest.raises(NotFound):
            await call


async def test_each_changes_what_he_brought_and_who_edits_the_record_all(
    house: House, chief: Actor, member: Actor
) -> None:
    brought = await bring(member, own(member), b'mine', 'mine.txt')
    of_chief = await bring(chief, own(member), b'of the chief', 'chief.txt')
    with pytest.raises(Denied, match='somebody else'):
        await attachments.rename_attachment(member, of_chief.id, 'x')
    with pytest.raises(Denied):
        await attachments.remove_attachment(member, of_chief.id)
    with pytest.raises(Denied):
        await bring(member, own(member), b'x', version_of=of_chief.id)
    await attachments.rename_attachment(member, brought.id, 'renamed')
    await attachments.rename_attachment(chief, brought.id, 'twice.pdf')
    assert await names(chief, own(member)) == ['chief.txt', 'twice.pdf.txt']


async def test_a_removed_file_is_restored_within_30_days_by_who_may(chief: Actor, member: Actor) -> None:
    brought = await bring(member, own(member), b'mine')
    await attachments.remove_attachment(member, brought.id)
    shown = await attachments.list_attachments(member, CARD, own(member))
    assert (shown.files, [one.id for one in shown.removed]) == ((), [brought.id])
    assert (await storage.get_file(member, brought.newest.file_id)).size == 4
    await attachments.restore_attachment(member, brought.id)
    assert await names(member, own(member)) == ['report.txt']


async def test_a_file_in_the_bin_opens_for_nobody_else(chief: Actor, member: Actor, house: House) -> None:
    of_chief = await bring(chief, own(member), b'of the chief')
    await attachments.remove_attachment(chief, of_chief.id)
    assert (await attachments.list_attachments(member, CARD, own(member))).removed == ()
    with pytest.raises(NotFound):
        await storage.get_file(member, of_chief.newest.file_id)


async def age(attachment_id: UUID, by: timedelta) -> None:
    async with database().write(EVERYWHERE) as session:
        row = await session.get(Attachment, attachment_id)
        assert row is not None
        assert row.removed_at is not None
        row.removed_at -= by
        session.add(row)
        await session.commit()


async def test_after_30_days_in_the_bin_rows_and_bytes_are_gone(house: House, chief: Actor) -> None:
    kept, old = await bring(chief, own(chief), b'kept'), await bring(chief, own(chief), picture(), 'old.png')
    await Runner().run_until_idle()
    await attachments.remove_attachment(chief, old.id)
    await age(old.id, timedelta(days=31))
    with pytest.raises(NotFound, match='30 days'):
        await attachments.restore_attachment(chief, old.id)
    await enqueue(house.organization_id, attachments.forget_removed)
    await Runner().run_until_idle()
    await enqueue(None, storage.sweep)
    await Runner().run_until_idle()
    async with database().read(EVERYWHERE) as session:
        assert [row.id for row in await session.exec(select(Attachment))] == [kept.id]
        assert [row.attachment_id for row in await session.exec(select(AttachmentVersion))] == [kept.id]
        assert [row.id for row in await session.exec(select(StoredFile))] == [kept.newest.file_id]
    assert len([name async for name, _, _ in files.list_objects()]) == 1


async def test_there_are_only_so_many_files_and_versions(chief: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, 'MOST_ON_RECORD', 1)
    monkeypatch.setattr(keeping, 'MOST_VERSIONS', 2)
    first = await bring(chief, own(chief), b'1')
    with pytest.raises(Conflict, match='Remove one'):
        await bring(chief, own(chief), b'2')
    await bring(chief, own(chief), b'2', version_of=first.id)
    with pytest.raises(Conflict, match='versions'):
        await bring(chief, own(chief), b'3', version_of=first.id)


async def test_a_department_keeps_within_its_room(chief: Actor, folder: Path) -> None:
    config.configure(Settings(_env_file=None, data_dir=folder, storage_quota_gb=1))  # type: ignore[call-arg]
    with pytest.raises(Invalid, match='all of its room'):
        await in_house(chief, lambda work: files.require_room(work, 1_000_000_001))
    await attachments.check_attachable(chief, CARD, own(chief), 100_000_000)
    with pytest.raises(Invalid, match='too large'):
        await attachments.check_attachable(chief, CARD, own(chief), 100_000_001)


async def test_what_finds_no_room_leaves_no_bytes_behind(chief: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('logic.core.files.intake.organization_bytes', lambda: 100)
    before = {name async for name, _, _ in files.list_objects()}
    with pytest.raises(Invalid, match='all of its room'):
        await bring(chief, own(chief), b'x' * 200)
    assert {name async for name, _, _ in files.list_objects()} == before


async def test_one_key_attaches_once(chief: Actor) -> None:
    once = chief.using('key-1')
    first, again = await bring(once, own(chief), b'sent twice'), await bring(once, own(chief), b'sent twice')
    assert first == again
    assert await names(chief, own(chief)) == ['report.txt']
    with pytest.raises(Invalid, match='different request'):
        await bring(once, own(chief), b'something else')


async def test_a_list_costs_the_same_for_many_as_for_one(chief: Actor, statements: list[str]) -> None:
    await bring(chief, own(chief), b'1')
    statements.clear()
    await names(chief, own(chief))
    one = len(statements)
    for number in range(12):
        await bring(chief, own(chief), str(number).encode(), f'{number}.txt')
    statements.clear()
    assert len(await names(chief, own(chief))) == 13
    assert len(statements) == one <= 10


@pytest.fixture
def statements(chief: Actor) -> Iterator[list[str]]:
    """The SQL that is sent while a test runs."""
    import sqlalchemy as sa

    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith('SELECT'):
            seen.append(statement)

    engines = {database().reader.sync_engine, database().writer.sync_engine}
    for engine in engines:
        sa.event.listen(engine, 'before_cursor_execute', note)
    yield seen
    for engine in engines:
        sa.event.remove(engine, 'before_cursor_execute', note)


async def test_a_file_says_that_it_waits_for_the_store(chief: Actor, folder: Path) -> None:
    server: S3Server
    with s3_server() as server:
        use(server.url, folder)
        server.stop()
        brought = await bring(chief, own(chief), b'only copy')
        assert brought.newest.is_waiting
        server.start()
        await due_again()
        await Runner().run_until_idle()
    shown = (await attachments.list_attachments(chief, CARD, own(chief))).files[0]
    assert not shown.newest.is_waiting


async def test_an_empty_name_is_refused(chief: Actor) -> None:
    brought = await bring(chief, own(chief), b'x')
    with pytest.raises(Invalid):
        await attachments.rename_attachment(chief, brought.id, '   ')


async def test_members_who_may_not_discuss_a_record_add_nothing(house: House, chief: Actor, member: Actor) -> None:
    other = await person_with_account(chief, 'Ann', 'Berg', 'ann@example.org', 'Member')
    with pytest.raises(NotFound):
        await bring(member, own(other), b'x')
