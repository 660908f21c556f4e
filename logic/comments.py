"""Comments on any record: rich text with mentions, edited with its history kept, deleted with a way back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from data.comments import Comment, CommentVersion
from data.identity import Position
from data.members import Member
from data.watchers import WatchReason
from logic import notifications, watchers
from logic.core import records, words
from logic.core.domain import Domain
from logic.core.errors import AppError, Conflict, Denied, Invalid, NotFound
from logic.core.language import _, later
from logic.core.listing import ListQuery, Page
from logic.core.rich_text import (
    MOST_MENTIONS,
    Mention,
    Mentioned,
    RichText,
    call_anew,
    clean,
    mentions,
    plain,
    rename,
)
from logic.core.sentences import told
from logic.core.service import SIGNED_IN, query, service
from logic.core.work import Work
from logic.members.domain import MemberAnonymised

domain = Domain(
    'comments',
    title='Comments',
    icon='sym_o_chat_bubble',
    group='Platform',
    description='What people say about records.',
)
MODERATE = domain.permission('moderate', 'Edit, delete and restore the comments of others')
MENTIONED = notifications.register_kind('mentioned', 'Somebody mentioned me', 'sym_o_alternate_email')
COMMENTED = notifications.register_kind('commented', 'Somebody commented on a record that I watch', 'sym_o_chat_bubble')
watchers.DISCUSSED.update((MENTIONED, COMMENTED))
KEPT = timedelta(days=30)
"""How long a deleted comment may return."""
GONE = later('There is no such comment.')


class CommentInput(BaseModel):
    """What somebody says: rich text, in which `<span data-mention="member:ID">` mentions a person, `position:` all
    who hold a position."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    body: RichText = Field(title=later('Comment'))


class CommentsOf:
    """Names, to the live hub, the comments of a record; its id is the record's."""


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as it is shown. `body` is cleaned rich text, empty when the comment is deleted."""

    id: UUID
    author_id: UUID | None
    author: str
    photo_file_id: UUID | None
    body: str
    at: datetime
    edited_at: datetime | None
    is_deleted: bool
    deleted_by: str
    may_change: bool
    may_restore: bool
    version: int


@dataclass(frozen=True, slots=True)
class Written:
    """A stored comment, and what its author should know: who of those he mentioned is not told of it, and why."""

    id: UUID
    version: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a comment said until it was edited."""

    body: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be mentioned."""

    token: str
    name: str
    detail: str
    photo_file_id: UUID | None = None


def link_to(record: str, record_id: UUID, comment_id: UUID) -> str:
    """Return the address of one comment."""
    href = records.kind_of(record).href(record_id)
    mark = '&' if '?' in href else '?'
    return f'{href}{mark}tab=comments#comment-{comment_id}'


@query(SIGNED_IN)
async def list_comments(work: Work, record: str, record_id: UUID, asked: ListQuery = ListQuery()) -> Page[CommentView]:  # noqa: B008  frozen
    """Return a page of the comments of a record, the newest first; the number of statements does not grow with it.

    Raises NotFound for a record that the actor may not see.
    """
    await records.discuss(work, record, record_id)
    statement = select(Comment).where(col(Comment.record) == record, col(Comment.record_id) == record_id)
    order = {'created': (col(Comment.created_at), col(Comment.id))}
    if not asked.sort:
        asked = asked.model_copy(update={'sort': 'created', 'descending': True})
    page = await work.page(statement, asked, order, 'created')
    return Page(await _views(work, page.rows), page.total, page.page, page.page_size)


async def comments_of_all(work: Work, record: str, ids: Any) -> dict[UUID, list[CommentView]]:
    """Return the comments of many records by record, the oldest first; four statements for any number of them.

    For an export, which vouches that the actor sees the records that `ids` selects. Deleted ones are left out.
    """
    found = select(Comment).where(
        col(Comment.record) == record, col(Comment.record_id).in_(ids), col(Comment.deleted_at).is_(None)
    )
    rows = await work.all(found.order_by(col(Comment.created_at), col(Comment.id)))
    by_record: dict[UUID, list[CommentView]] = {}
    for row, view in zip(rows, await _views(work, rows), strict=True):
        by_record.setdefault(row.record_id, []).append(view)
    return by_record


@query(SIGNED_IN)
async def get_comment(work: Work, record: str, record_id: UUID, comment_id: UUID) -> CommentView:
    """Return one comment of a record. Raises NotFound."""
    [view] = await _views(work, [await _comment(work, record, record_id, comment_id)])
    return view


@query(SIGNED_IN)
async def list_earlier(work: Work, record: str, record_id: UUID, comment_id: UUID) -> list[Earlier]:
    """Return what a comment said before each time it was edited, the newest first. Raises NotFound; also if deleted."""
    comment = await _comment(work, record, record_id, comment_id)
    if comment.deleted_at is not None:
        raise NotFound(GONE)
    found = select(CommentVersion).where(col(CommentVersion.comment_id) == comment.id)
    rows = await work.all(found.order_by(col(CommentVersion.written_at).desc()).limit(100))
    names = await _names(work, [row.body for row in rows])
    return [Earlier(clean(rename(row.body, names)), row.written_at) for row in rows]


@service(SIGNED_IN)
async def add_comment(work: Work, record: str, record_id: UUID, data: CommentInput) -> Written:
    """Say something about a record; who is mentioned and who watches it is told.

    A mention of somebody who may not see the record stays as plain text, and the answer says so. Raises NotFound,
    Denied for who may only read there, and Invalid for an empty text.
    """
    await records.write(work, record, record_id)
    body, notes = await _resolved(work, record, record_id, data.body)
    author = await work.find(Member, work.actor.member_id)
    comment = work.add(
        Comment(
            record=record, record_id=record_id, author_id=author.id if author else None,
            author_name=(author.name if author else work.actor.name)[:200], body=body,
        )
    )  # fmt: skip
    await work.flush()
    await _subscribe(work, comment, mentions(body))
    work.enqueue(tell_of_comment, comment.id, str(work.actor.account_id or ''), True)
    work.changed(CommentsOf.__name__, record_id)
    return Written(comment.id, comment.version, notes)


async def bring_comments(work: Work, record: str, record_id: UUID, bodies: Sequence[str]) -> None:
    """Hang comments on a record that was made just now, under the actor's name and without telling anybody.

    For an import, which vouches for them: each says itself who wrote it, for a file is no proof of that. Whom a file
    mentions is plain text.
    """
    author = await work.find(Member, work.actor.member_id)
    name = (author.name if author else work.actor.name)[:200]
    by = author.id if author else None
    for body in bodies:
        said = clean(rename(body, {}))
        work.add(Comment(record=record, record_id=record_id, author_id=by, author_name=name, body=said))
    work.changed(CommentsOf.__name__, record_id)


@service(SIGNED_IN)
async def edit_comment(
    work: Work, record: str, record_id: UUID, comment_id: UUID, data: CommentInput, *, version: int | None = None
) -> Written:
    """Say it differently; what it said before stays readable. Only who is newly mentioned is told.

    Raises Denied for a comment of somebody else, Conflict for one that was deleted or edited meanwhile.
    """
    comment = await _own(work, record, record_id, comment_id)
    if comment.deleted_at is not None:
        raise Conflict('This comment was deleted. Restore it first.')
    if version is not None and version != comment.version:
        raise Conflict('This comment was edited meanwhile. Look at it again, then repeat.')
    body, notes = await _resolved(work, record, record_id, data.body)
    if body == comment.body:
        return Written(comment.id, comment.version, notes)
    before = set(mentions(comment.body))
    work.add(
        CommentVersion(
            comment_id=comment.id, body=comment.body, written_at=comment.edited_at or comment.created_at
        )
    )  # fmt: skip
    comment.body, comment.edited_at = body, work.now
    await work.flush()
    await _subscribe(work, comment, [mention for mention in mentions(body) if mention not in before])
    work.enqueue(tell_of_comment, comment.id, str(work.actor.account_id or ''), False)
    work.changed(CommentsOf.__name__, record_id)
    return Written(comment.id, comment.version, notes)


@service(SIGNED_IN)
async def delete_comment(work: Work, record: str, record_id: UUID, comment_id: UUID) -> None:
    """Take a comment back; its place stays, and it may return for 30 days. Raises Denied for another person's."""
    comment = await _own(work, record, record_id, comment_id)
    if comment.deleted_at is None:
        comment.deleted_at, comment.deleted_by = work.now, work.actor.name[:200]
        await notifications.withdraw(work, [f'mention:{comment.id}', f'comment:{comment.id}'])
        work.changed(CommentsOf.__name__, record_id)


@service(SIGNED_IN)
async def restore_comment(work: Work, record: str, record_id: UUID, comment_id: UUID) -> None:
    """Bring a deleted comment back. Raises Denied for another person's, Conflict after 30 days."""
    comment = await _own(work, record, record_id, comment_id)
    if comment.deleted_at is None:
        return
    if not comment.body:
        raise Conflict('This comment was deleted more than 30 days ago and cannot return.')
    if comment.deleted_by not in ('', work.actor.name) and not work.actor.may(MODERATE):
        text = later('{name} deleted this comment. Somebody who moderates comments can restore it.')
        raise Denied(_(text, name=comment.deleted_by))
    comment.deleted_at, comment.deleted_by = None, ''
    work.changed(CommentsOf.__name__, record_id)


@query(SIGNED_IN)
async def find_mentionable(work: Work, record: str, record_id: UUID, text: str) -> list[Candidate]:
    """Return at most eight people and positions whose names answer to some typed words, and who may see the record."""
    await records.discuss(work, record, record_id)
    words = [word for word in text.casefold().split() if word][:4]
    people = select(Member).where(col(Member.account_id).is_not(None), col(Member.archived_at).is_(None))
    for word in words:
        people = people.where(col(Member.search).contains(word, autoescape=True))
    rows = await work.all(people.order_by(col(Member.sort_name), col(Member.id)).limit(12))
    actors = await watchers.actors_of(work, [row.id for row in rows])
    found = [
        Candidate(f'member:{row.id}', row.name, row.number, row.photo_file_id)
        for row in rows
        if row.id in actors and await records.may_discuss(work, actors[row.id], record, record_id)
    ][:6]
    held = select(Position)
    for word in words:
        held = held.where(col(Position.name).contains(word, autoescape=True))
    positions = await work.all(held.order_by(col(Position.name)).limit(3))
    return [*found, *(Candidate(f'position:{one.id}', one.name, _('All who hold it')) for one in positions)][:8]


@domain.job()
async def tell_of_comment(work: Work, comment_id: str, by_account_id: str, is_new: bool) -> None:
    """Tell those who are mentioned in a comment, and those who watch its record, once each."""
    comment = await work.find(Comment, UUID(comment_id))
    if comment is None or comment.deleted_at is not None:
        return
    try:
        row = await records.see(work, comment.record, comment.record_id)
    except AppError:
        return
    whose = {'name': comment.author_name, 'record': records.kind_of(comment.record).title(row)}
    by = UUID(by_account_id) if by_account_id else None
    named = mentions(comment.body)
    members = [one.id for one in named if one.kind is Mentioned.MEMBER]
    members += await watchers.holders_of(work, [one.id for one in named if one.kind is Mentioned.POSITION])
    said: dict[str, Any] = {
        'body': plain(comment.body, 300), 'link': link_to(comment.record, comment.record_id, comment.id),
    }  # fmt: skip
    named_ones = await watchers.tell_those_who_see(
        work, comment.record, comment.record_id, members, by, kind=MENTIONED,
        title=told('{name} mentioned you on {record}', **whose), key=f'mention:{comment.id}', **said,
    )  # fmt: skip
    if is_new:
        rest = [one for one in await watchers.unmuted(work, comment.record, comment.record_id) if one not in named_ones]
        await watchers.tell_those_who_see(
            work, comment.record, comment.record_id, rest, by, kind=COMMENTED,
            title=told('{name} commented on {record}', **whose), key=f'comment:{comment.id}', **said,
        )  # fmt: skip


@domain.job(schedule='25 3 * * *')
async def forget_deleted(work: Work) -> None:
    """Forget what comments said that were deleted more than 30 days ago; their places stay."""
    old = select(Comment).where(col(Comment.deleted_at) < work.now - KEPT, col(Comment.body) != '').limit(500)
    for comment in await work.all(old):
        comment.body = ''
        for version in await work.all(select(CommentVersion).where(col(CommentVersion.comment_id) == comment.id)):
            await work.delete(version)


@domain.on(MemberAnonymised)
async def forget_person(work: Work, event: MemberAnonymised) -> None:
    """Wipe what was said on the record of a person who is forgotten, and call him anew wherever a comment names him."""
    name = (await work.get(Member, event.member_id)).name
    about = (col(Comment.record) == Member.__name__, col(Comment.record_id) == event.member_id)
    for comment in await work.all(select(Comment).where(*about)):
        comment.body, comment.deleted_at, comment.deleted_by = '', comment.deleted_at or work.now, ''
    said = select(col(Comment.id)).where(*about)
    for version in await work.all(select(CommentVersion).where(col(CommentVersion.comment_id).in_(said))):
        await work.delete(version)
    for comment in await work.all(select(Comment).where(col(Comment.author_id) == event.member_id)):
        comment.author_name = name
    for comment in await work.all(select(Comment).where(col(Comment.deleted_by).in_(event.names))):
        comment.deleted_by = name
    mention = Mention(Mentioned.MEMBER, event.member_id)
    for model in (Comment, CommentVersion):
        for row in await work.all(select(model).where(col(model.body).contains(str(mention)))):
            row.body = call_anew(row.body, mention, name)
    await work.flush()


async def _comment(work: Work, record: str, record_id: UUID, comment_id: UUID) -> Comment:
    """Return a comment of a record that the actor may see; by another record's address there is none."""
    await records.discuss(work, record, record_id)
    comment = await work.find(Comment, comment_id)
    if comment is None or (comment.record, comment.record_id) != (record, record_id):
        raise NotFound(GONE)
    return comment


async def _own(work: Work, record: str, record_id: UUID, comment_id: UUID) -> Comment:
    comment = await _comment(work, record, record_id, comment_id)
    if not records.may_write(work.actor, record, record_id):
        raise Denied(records.READ_ONLY)
    if not _may_change(work, comment):
        raise Denied(_('This comment is by {name}. Only its author can change it.', name=comment.author_name))
    return comment


def _may_change(work: Work, comment: Comment) -> bool:
    return work.actor.owns(comment.author_id) or work.actor.may(MODERATE)


async def _views(work: Work, rows: Sequence[Comment]) -> list[CommentView]:
    authors = {row.author_id for row in rows if row.author_id is not None}
    people = {one.id: one for one in await work.all(select(Member).where(col(Member.id).in_(authors)))} if rows else {}
    names = await _names(work, [row.body for row in rows if row.deleted_at is None])
    views = []
    for row in rows:
        author, gone = people.get(row.author_id) if row.author_id else None, row.deleted_at is not None
        may = _may_change(work, row) and records.may_write(work.actor, row.record, row.record_id)
        views.append(
            CommentView(
                id=row.id, author_id=row.author_id, author=author.name if author else row.author_name,
                photo_file_id=author.photo_file_id if author else None,
                body='' if gone else clean(rename(row.body, names)), at=row.created_at, edited_at=row.edited_at,
                is_deleted=gone, deleted_by=row.deleted_by, may_change=may and not gone,
                may_restore=may and gone and bool(row.body), version=row.version,
            )
        )  # fmt: skip
    return views


async def _names(work: Work, bodies: Iterable[str]) -> dict[Mention, str]:
    """Return what those are called today who are mentioned; two statements for any number of texts."""
    wanted = {mention for body in bodies for mention in mentions(body)}
    found: dict[Mention, str] = {}
    for kind, model in ((Mentioned.MEMBER, Member), (Mentioned.POSITION, Position)):
        ids = {mention.id for mention in wanted if mention.kind is kind}
        if ids:
            rows: list[Any] = await work.all(select(model).where(col(model.id).in_(ids)))
            found |= {Mention(kind, row.id): row.name for row in rows}
    return found


async def _resolved(work: Work, record: str, record_id: UUID, body: str) -> tuple[str, tuple[str, ...]]:
    """Return a text whose mentions name people who may see the record, and what to say of the others."""
    if not words.clean(plain(body)):
        raise Invalid('Write something first.', {'body': 'Write something first.'})
    named = mentions(body)
    if len(named) > MOST_MENTIONS:
        raise Invalid(
            'Too many are mentioned.', {'body': _('Mention at most {count}, or a position.', count=MOST_MENTIONS)}
        )
    names = await _names(work, [body])
    actors = await watchers.actors_of(work, [one.id for one in named if one.kind is Mentioned.MEMBER])
    notes, allowed = [], {}
    for mention in named:
        name = names.get(mention)
        if name is None:
            notes.append(_('Somebody who is mentioned is not in this department, and is not told.'))
        elif mention.kind is Mentioned.POSITION:
            allowed[mention] = name
        elif mention.id not in actors:
            notes.append(_('{name} cannot sign in, so this mention reaches nobody.', name=name))
        elif not await records.may_discuss(work, actors[mention.id], record, record_id):
            notes.append(_('{name} may not see this, and is not told.', name=name))
        else:
            allowed[mention] = name
    return clean(rename(body, allowed)), tuple(dict.fromkeys(notes))


async def _subscribe(work: Work, comment: Comment, named: Sequence[Mention]) -> None:
    """Let the author and those he mentions by name watch the record; who holds a position is only told."""
    await watchers.watch(work, comment.record, comment.record_id, comment.author_id, WatchReason.COMMENTED)
    for mention in named:
        if mention.kind is Mentioned.MEMBER:
            await watchers.watch(work, comment.record, comment.record_id, mention.id, WatchReason.MENTIONED)
