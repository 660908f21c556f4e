"""What the members domain says of itself: its permissions, and the events that other domains wait for."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from data.members import Member, MemberStatus
from logic.core.domain import Domain
from logic.core.work import Work

domain = Domain(
    'members',
    title='Members',
    icon='sym_o_group',
    group='People',
    description='The directory, and the file of each person.',
)

VIEW = domain.permission('view', 'See the directory')
VIEW_CONTACTS = domain.permission('view_contacts', 'See the contact data of everybody')
VIEW_FILES = domain.permission('view_files', 'See the file of everybody: job history, licences, documents')
VIEW_PRIVATE = domain.permission('view_private', 'See private data: birth date, identity numbers, emergency contacts')
MANAGE_REPORTS = domain.permission('manage_reports', 'See and keep the files of those who report to the holder')
ADD = domain.permission('add', 'Add people')
EDIT = domain.permission('edit', 'Edit people and keep their files')
EDIT_PRIVATE = domain.permission('edit_private', 'Edit private data')
APPROVE_CHANGES = domain.permission('approve_changes', 'Approve what people ask to change in their own files')
CHANGE_STATUS = domain.permission('change_status', 'Change the status of people, and see them out')
IMPORT = domain.permission('import', 'Import people, and undo an import')
EXPORT = domain.permission('export', 'Export lists of people')
MANAGE_FIELDS = domain.permission('manage_fields', 'Manage custom fields, tags and checklists')
ARCHIVE = domain.permission('archive', 'Archive, restore and merge people')
ANONYMISE = domain.permission('anonymise', 'Anonymise people who have left')

GONE = '(removed)'
"""Stands where something identified a person who was anonymised."""


@dataclass(frozen=True, slots=True)
class MemberAdded:
    """A person was added to the department."""

    member_id: UUID


@dataclass(frozen=True, slots=True)
class MemberStatusChanged:
    """A member moved from one status to another on a day."""

    member_id: UUID
    before: MemberStatus
    after: MemberStatus
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """The last working day of a member is over: he has no access any more."""

    member_id: UUID
    account_id: UUID | None
    last_on: date


@dataclass(frozen=True, slots=True)
class MemberReturned:
    """A member who had left is back."""

    member_id: UUID
    account_id: UUID | None


@dataclass(frozen=True, slots=True)
class MemberArchived:
    """A member was hidden from the directory."""

    member_id: UUID
    account_id: UUID | None


@dataclass(frozen=True, slots=True)
class MemberAnonymised:
    """All that identifies a person was wiped; other domains wipe what they hold of him."""

    member_id: UUID
    account_id: UUID | None
    names: frozenset[str] = frozenset()
    """What he was called until now, to find what names him."""

    @property
    def words(self) -> frozenset[str]:
        """The words of his names, in small letters."""
        return frozenset(word for name in self.names for word in name.casefold().split() if len(word) > 1)


@dataclass(frozen=True, slots=True)
class MembersMerged:
    """Two records of one person became one: what names `dropped_id` now names `kept_id`."""

    kept_id: UUID
    dropped_id: UUID


async def tell_move(work: Work, member: Member, before: MemberStatus, on: date, reason: str) -> None:
    """Tell the other domains that a member moved from a status to the one he has now, by whatever way."""
    if before is MemberStatus.LEFT:
        await work.emit(MemberReturned(member.id, member.account_id))
    await work.emit(MemberStatusChanged(member.id, before, member.status, on, reason))
    if member.status is MemberStatus.LEFT:
        await work.emit(MemberLeft(member.id, member.account_id, member.left_on or on - timedelta(days=1)))
