"""Changes of many members at once that can be undone, and the checklists of joining and leaving."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index

from data.core import Audited, Model, Scoped, binary, choice, day, instant, reference, text
from data.later import Labelled


class BatchKind(StrEnum):
    """What made a batch."""

    IMPORT = 'import'
    BULK = 'bulk'
    MERGE = 'merge'


class MemberBatch(Audited, Scoped, Model, table=True):
    """An import or bulk change: applied in one transaction, undone in one."""

    audit_secret: ClassVar[frozenset[str]] = frozenset({'undo'})

    kind: BatchKind = choice(BatchKind)
    title: str = text(200)
    by_account_id: UUID | None = reference('account.id', default=None)
    new_count: int = 0
    updated_count: int = 0
    refused_count: int = 0
    undone_at: datetime | None = instant(default=None)
    undo: bytes | None = binary(default=None)
    """Encrypted: every row that the batch touched, as it was before. Wiped when it is undone or too old for that."""


class MemberBatchRow(Scoped, Model, table=True):
    """A batch touched this member; it is not undone for him when somebody changed him since."""

    __table_args__ = (Index(None, 'batch_id', 'member_id'),)

    batch_id: UUID = reference('member_batch.id', index=False)
    member_id: UUID = reference('member.id')
    row_number: int = 0
    is_new: bool = False
    revision: int = 0
    """The member's version after the batch."""


class ChecklistKind(Labelled):
    """When a checklist applies."""

    JOINING = 'joining'
    LEAVING = 'leaving'


class ItemOwner(Labelled):
    """Who does an item."""

    POSITION = 'position'
    MANAGER = 'manager'
    PERSON = 'person'


class ChecklistTemplate(Audited, Scoped, Model, table=True):
    """What is to be done when somebody joins or leaves."""

    kind: ChecklistKind = choice(ChecklistKind)
    name: str = text(80)
    archived_at: datetime | None = instant(default=None)


class ChecklistTemplateItem(Audited, Scoped, Model, table=True):
    """An item of a template; due some days after the start, on a working day."""

    template_id: UUID = reference('checklist_template.id')
    order: int = 0
    title: str = text(160)
    owner: ItemOwner = choice(ItemOwner)
    position_id: UUID | None = reference('position.id', default=None)
    day_offset: int = 0
    is_required: bool = True


class ChecklistItem(Audited, Scoped, Model, table=True):
    """An item to be done for one person."""

    __table_args__ = (Index(None, 'organization_id', 'done_at', 'due_on'),)
    audit_subject: ClassVar[str | None] = 'member_id'

    member_id: UUID = reference('member.id')
    kind: ChecklistKind = choice(ChecklistKind)
    template_id: UUID | None = reference('checklist_template.id', default=None)
    order: int = 0
    title: str = text(160)
    owner: ItemOwner = choice(ItemOwner)
    position_id: UUID | None = reference('position.id', default=None)
    due_on: date = day()
    is_required: bool = True
    done_at: datetime | None = instant(default=None)
    done_by_id: UUID | None = reference('account.id', default=None)
