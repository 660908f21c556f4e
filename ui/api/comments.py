"""Comments of any record: /members/{id}/comments, /tasks/{id}/comments and so on."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from logic import comments
from logic.comments import CommentInput
from logic.core.listing import ListQuery
from logic.core.records import RecordKind
from logic.core.rich_text import RichText
from logic.core.service import SIGNED_IN
from ui.api.callers import Caller, CallerOnce
from ui.api.models import Given, Listing, Shown, listing
from ui.api.on_records import RecordId, on_every_kind
from ui.api.routing import delete, get, patch, post


class CommentItem(Shown):
    """A comment; the body of a deleted one is empty."""

    id: UUID
    author_id: UUID | None
    author: str
    body: Annotated[str, Field(description='Cleaned HTML; a mention is `<span data-mention="member:ID">`.')]
    at: datetime
    edited_at: datetime | None
    is_deleted: bool
    deleted_by: str
    may_change: bool
    may_restore: bool
    version: int


class WrittenItem(CommentItem):
    """A comment just stored."""

    notes: Annotated[list[str], Field(description='Who of those mentioned is not told of it, and why.')]


class EarlierItem(Shown):
    """What a comment said until it was edited."""

    body: str
    written_at: datetime


class CommentPage(Given):
    """Which comments; the newest come first."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=100)] = 25


class CommentPatch(Given):
    """What a comment is to say."""

    body: RichText
    version: Annotated[int | None, Field(ge=1, description='The version that you read; 409 when it is old.')] = None


def _declare(kind: RecordKind, roots: tuple[str, ...]) -> None:
    record = kind.name
    many = [f'{root}/comments' for root in roots]
    one = [f'{path}/{{comment_id:uuid}}' for path in many]

    async def written(caller: Caller, record_id: UUID, made: comments.Written) -> object:
        view = await comments.get_comment(caller.using(None), record, record_id, made.id)
        return CommentItem.model_validate(view).model_dump() | {'notes': list(made.notes)}

    @get(*many, permission=SIGNED_IN, response_model=Listing[CommentItem])
    async def list_comments(caller: Caller, record_id: RecordId, given: Annotated[CommentPage, Query()]) -> object:
        """List what was said about a record, the newest first."""
        asked = ListQuery(page=given.page, page_size=given.page_size)
        return listing(CommentItem, await comments.list_comments(caller, record, record_id, asked))

    @post(*many, permission=SIGNED_IN, status_code=201, response_model=WrittenItem)
    async def add_comment(caller: CallerOnce, record_id: RecordId, given: CommentInput) -> object:
        """Say something about a record; whom the text mentions is told, if he may see the record."""
        return await written(caller, record_id, await comments.add_comment(caller, record, record_id, given))

    @get(*one, permission=SIGNED_IN, response_model=CommentItem)
    async def get_comment(caller: Caller, record_id: RecordId, comment_id: UUID) -> object:
        """Show one comment."""
        return await comments.get_comment(caller, record, record_id, comment_id)

    @patch(*one, permission=SIGNED_IN, response_model=WrittenItem)
    async def edit_comment(caller: Caller, record_id: RecordId, comment_id: UUID, given: CommentPatch) -> object:
        """Change a comment of one's own; what it said before stays readable."""
        data = CommentInput(body=given.body)
        made = await comments.edit_comment(caller, record, record_id, comment_id, data, version=given.version)
        return await written(caller, record_id, made)

    @delete(*one, permission=SIGNED_IN, status_code=204)
    async def delete_comment(caller: Caller, record_id: RecordId, comment_id: UUID) -> None:
        """Delete a comment of one's own; its place stays, and it may return for 30 days."""
        await comments.delete_comment(caller, record, record_id, comment_id)

    @post(*(f'{path}/restore' for path in one), permission=SIGNED_IN, response_model=CommentItem)
    async def restore_comment(caller: CallerOnce, record_id: RecordId, comment_id: UUID) -> object:
        """Bring a deleted comment back."""
        await comments.restore_comment(caller, record, record_id, comment_id)
        return await comments.get_comment(caller.using(None), record, record_id, comment_id)

    @get(*(f'{path}/earlier' for path in one), permission=SIGNED_IN, response_model=list[EarlierItem])
    async def list_earlier(caller: Caller, record_id: RecordId, comment_id: UUID) -> object:
        """List what a comment said before each edit, the newest first."""
        return await comments.list_earlier(caller, record, record_id, comment_id)


on_every_kind(_declare)
