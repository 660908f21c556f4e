"""Words that programs use, as a person says them: kinds of records, their fields, and what stands in these.

The audit log keeps the names that programs use; whoever reads it gets them from here, in his language. A field has the
title under which people fill it in, which the input models of its domain give; what they do not name is named here.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from data.core import Model
from data.custom_fields import FIELD
from data.later import later
from logic.core.formats import day_text, moment_text
from logic.core.language import _, current_language


def inside(label: str) -> str:
    """Return a label as it stands inside a sentence: it begins small, but in German, where nouns begin large."""
    said = str(label)
    return said if current_language() == 'de' else said[:1].lower() + said[1:]


# ------------------------------------------------------------------------------------------------ kinds of records

KINDS: dict[str, str] = {
    'Account': later('Account'),
    'ApiKey': later('API key'),
    'Attachment': later('File'),
    'AttachmentVersion': later('Version of a file'),
    'AuditLog': later('Audit log'),
    'Backup': later('Backup'),
    'BoardColumn': later('Column of a board'),
    'ChecklistItem': later('Line of a checklist'),
    'ChecklistTemplate': later('Checklist'),
    'ChecklistTemplateItem': later('Line of a checklist'),
    'Comment': later('Comment'),
    'Company': later('Company'),
    'CustomField': later('Own field'),
    'CustomValue': later('Value of an own field'),
    'Department': later('Department', meaning='a unit'),
    'DepartmentHead': later('Head of a unit'),
    'Departure': later('Departure'),
    'Dependant': later('Dependant'),
    'DifferentPeople': later('Two people'),
    'Education': later('Education'),
    'EmergencyContact': later('Emergency contact'),
    'Engagement': later('Employment contract'),
    'Experience': later('Experience'),
    'Invitation': later('Invitation'),
    'Job': later('Background job'),
    'JobChange': later('Job', meaning='of a person'),
    'LeaveOfAbsence': later('Leave of absence'),
    'Licence': later('Certificate'),
    'ListTemplate': later('Template of a list'),
    'Mail': later('Mail'),
    'MailTemplate': later('Wording of a mail'),
    'MasterKey': later('Master key'),
    'Member': later('Member'),
    'MemberBatch': later('Bulk change of members'),
    'MemberDocument': later('Document'),
    'MemberLanguage': later('Language'),
    'MemberTag': later('Tag'),
    'MembershipType': later('Membership type'),
    'NoticeDefault': later('Notices of everybody'),
    'Organization': later('Department', meaning='the whole'),
    'Person': later('Person'),
    'Position': later('Position'),
    'PositionHolding': later('Position of somebody'),
    'ProfileChange': later('Wished change'),
    'ProtectedNumber': later('Protected number'),
    'Rank': later('Rank'),
    'RecordLink': later('Link'),
    'SavedView': later('Saved view'),
    'Session': later('Session'),
    'Skill': later('Skill'),
    'Station': later('Station'),
    'StatusChange': later('Status'),
    'StoredFile': later('File'),
    'Tag': later('Tag'),
    'Task': later('Task'),
    'TaskAssignee': later('Assignee'),
    'TaskBatch': later('Bulk change of tasks'),
    'TaskChecklistItem': later('Step of a task'),
    'TaskFeed': later('Calendar address'),
    'TaskList': later('List'),
    'TaskListShare': later('Share of a list'),
    'TaskSeries': later('Repetition'),
    'TaskTag': later('Label'),
    'TaskTimeEntry': later('Time worked'),
    'TwoPersonRequest': later('Request for a second person'),
}


def kind_title(kind: str) -> str:
    """Return what a person calls a kind of record that the audit log names: `JobChange` is "Job"."""
    return str(KINDS[kind]) if kind in KINDS else readable(kind)


def readable(name: str) -> str:
    """Return the name of a field or class as words: `issue_item` is "Issue item", `MailTemplate` "Mail template"."""
    words = re.sub(r'(?<=[a-z])(?=[A-Z])', ' ', name).replace('_', ' ').lower().split()
    if len(words) > 1 and words[-1] in ('id', 'at', 'on'):
        words.pop()
    text = ' '.join(words)
    return text[:1].upper() + text[1:]


# ------------------------------------------------------------------------------------------------ fields

FIELDS: dict[str, str] = {
    'Attachment.number': later('Versions'),
    'BoardColumn.kind': later('Its tasks are'),
    'ChecklistItem.kind': later('When'),
    'ChecklistItem.title': later('What is to be done'),
    'ChecklistTemplate.kind': later('When'),
    'ChecklistTemplateItem.title': later('What is to be done'),
    'CustomValue.value': later('Value'),
    'Departure.cancelled_at': later('Cancelled'),
    'JobChange.title': later('Job title'),
    'LeaveOfAbsence.until_on': later('Until'),
    'Education.until_on': later('Until'),
    'Engagement.until_on': later('Until'),
    'Experience.until_on': later('Until'),
    'JobChange.until_on': later('Until'),
    'Engagement.title': later('Job title'),
    'Experience.title': later('Job title'),
    'MemberDocument.title': later('Title'),
    'MemberBatch.title': later('Title'),
    'Member.status_reason': later('Reason'),
    'ProfileChange.field': later('Field'),
    'ProtectedNumber.value': later('Number'),
    'Skill.name': later('Skill'),
    'Task.description': later('Description'),
    'TaskList.parent_id': later('Inside of'),
    'TaskList.description': later('What it is for'),
    'Task.parent_id': later('Part of'),
    'TaskChecklistItem.is_done': later('Done'),
    'accepted_at': later('Accepted'),
    'account_id': later('Account'),
    'after': later('After'),
    'anchor_mail': later('Who keeps the anchors'),
    'anonymised_at': later('Anonymised'),
    'answer': later('Answer'),
    'archived_at': later('Archived'),
    'author_id': later('Author'),
    'author_name': later('Author'),
    'balance': later('Balance'),
    'before': later('Before'),
    'body': later('Text'),
    'button': later('Button'),
    'by_account_id': later('Made by'),
    'by_id': later('Made by'),
    'cancelled_at': later('Cancelled'),
    'changed_count': later('Changed'),
    'channel': later('Channel'),
    'closing': later('Closing words'),
    'completed_at': later('Completed'),
    'completed_by_id': later('Completed by'),
    'content': later('Content'),
    'creator_id': later('Made by'),
    'decided_at': later('Decided'),
    'decided_by_id': later('Decided by'),
    'deleted_at': later('Deleted'),
    'deleted_by': later('Deleted by'),
    'deleted_by_id': later('Deleted by'),
    'disabled_at': later('Disabled'),
    'done_at': later('Done'),
    'done_by_id': later('Done by'),
    'due_at': later('Due'),
    'due_on': later('Due'),
    'edited_at': later('Edited'),
    'email': later('E-mail'),
    'ended_at': later('Ended'),
    'epoch': later('Epoch'),
    'expires_at': later('Expires on'),
    'field_id': later('Field'),
    'file_id': later('File'),
    'files': later('Files'),
    'filters': later('Filters'),
    'former_number': later('Former number'),
    'granted_by_id': later('Granted by'),
    'inbox_of_id': later('Inbox of'),
    'invited_by_id': later('Invited by'),
    'is_approved': later('Approved'),
    'is_archived': later('Archived'),
    'is_demo': later('Sample data'),
    'is_done': later('Done'),
    'is_service': later('For programs'),
    'is_shared': later('Shared'),
    'is_stand_in': later('Stand-in'),
    'is_system': later('Built in'),
    'issuer': later('Issued by'),
    'kind': later('Kind'),
    'known_size': later('Entries known before'),
    'language': later('Language'),
    'last_digits': later('Last digits'),
    'last_organization_id': later('Department', meaning='the whole'),
    'last_used_address': later('Last used from'),
    'last_used_at': later('Last used'),
    'left_on': later('Left on'),
    'logo_file_id': later('Logo'),
    'made_count': later('Made'),
    'media_type': later('Kind of file'),
    'member_id': later('Person'),
    'merged_into_id': later('Merged into'),
    'method': later('How'),
    'name': later('Name'),
    'new_count': later('New'),
    'number': later('Number'),
    'object_name': later('Name in the file store'),
    'occurrence': later('Occurrence'),
    'on': later('Day'),
    'other': later('Linked record'),
    'other_id': later('Linked record'),
    'owner_id': later('Owner'),
    'owner_type': later('Kind of owner'),
    'pace': later('How often'),
    'parts': later('Parts'),
    'personal': later('With personal values'),
    'place': later('Where'),
    'position_id': later('Position'),
    'prefix': later('Beginning of the key'),
    'preview_id': later('Preview'),
    'raw_text': later('Text'),
    'reason': later('Reason'),
    'record': later('Record'),
    'record_id': later('Record'),
    'refused_count': later('Refused'),
    'removed_at': later('Removed'),
    'requested_by_id': later('Asked by'),
    'restores': later('Restores'),
    'revoked_at': later('Revoked'),
    'root': later('Root of the log'),
    'rows': later('Rows'),
    'secret_hash': later('Secret'),
    'series_id': later('Repetition'),
    'settings': later('Settings'),
    'sha256': later('Checksum'),
    'size': later('Size'),
    'slug': later('Short name'),
    'start_at': later('Start'),
    'start_on': later('Start'),
    'starts': later('Start'),
    'status': later('Status'),
    'status_since_on': later('Status since'),
    'subject': later('Subject'),
    'subject_id': later('Person'),
    'subject_type': later('Kind'),
    'superseded_by_id': later('Replaced by'),
    'TaskTag.tag_id': later('Label'),
    'tag_id': later('Tag'),
    'task_id': later('Task'),
    'text': later('Text'),
    'theme': later('Look'),
    'token_hash': later('Secret'),
    'undo': later('What stood there before'),
    'undone_at': later('Undone'),
    'updated_count': later('Changed'),
    'values': later('Values'),
    'what': later('What'),
    'words': later('Eight words'),
}
"""Titles by field, or by kind and field where a word means different things."""


def field_title(kind: str, name: str) -> str:
    """Return what a person calls a field of a kind of record, such as 'Member' and 'joined_on'."""
    own = FIELDS.get(f'{kind}.{name}') or _asked(kind).get(name) or FIELDS.get(name)
    return str(_(own)) if own else readable(name)


@cache
def _table(kind: str) -> Any:
    return next((one for one in _below(Model) if one.__name__ == kind), None)


@cache
def _asked(kind: str) -> dict[str, str]:
    """Return the titles under which people fill in the fields of a kind, as the input models of its domain say."""
    table = _table(kind)
    if table is None:
        return {}
    domain = f'logic.{table.__module__.split(".")[1]}'
    found: dict[str, set[str]] = {}
    titles: dict[str, str] = {}
    for model in _below(BaseModel):
        if model.__module__ == domain or model.__module__.startswith(f'{domain}.'):
            for name, info in model.model_fields.items():
                if info.title:
                    found.setdefault(name, set()).add(info.title)
                    if model.__name__ == f'{kind}Input':
                        titles[name] = info.title
    return {name: next(iter(some)) for name, some in found.items() if len(some) == 1} | titles


def _below(model: Any) -> list[Any]:
    found = [one for one in model.__subclasses__() if one.__module__.startswith(('data.', 'logic.'))]
    return found + [below for one in found for below in _below(one)]


# ------------------------------------------------------------------------------------------------ what stands in them

ID = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')
NO_NAMES: Mapping[str, str] = {}
DAY = re.compile(r'\d{4}-\d{2}-\d{2}')
MOMENT = re.compile(r'\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z')
STAND_INS = {
    '(changed)': later('(changed)'), '(erased)': later('(erased)'), '(private)': later('(private)'),
    'identity.factor_reset': later('Removal of a second factor'), 'members.anonymise': later('Anonymising of a member'),
}  # fmt: skip
"""What the log holds, or shows, in place of a value; and what a request for a second person asks for."""


def short_id(value: str) -> str:
    """Return an id as people tell records without a name apart: the end of it, for its beginning is but a time."""
    return f'…{value[-8:]}' if value else ''


def value_text(kind: str, name: str, value: object, zone: str = 'UTC', names: Mapping[str, str] = NO_NAMES) -> str:
    """Return what the log says of a field of a kind of record, as a person in a zone reads it; `names` are by id."""
    match value:
        case None:
            return ''
        case 'yes' | 'no' if name.startswith(FIELD):
            return _('yes') if value == 'yes' else _('no')
        case bool():
            return _('yes') if value else _('no')
        case str() if DAY.fullmatch(value):
            return day_text(date.fromisoformat(value))
        case str() if MOMENT.fullmatch(value):
            return moment_text(datetime.fromisoformat(value), zone)
        case list():
            return ', '.join(value_text(kind, name, one, zone, names) for one in value)
        case str() if value in names or ID.fullmatch(value):
            return names.get(value) or short_id(value)
        case str():
            return str(_labels(kind, name).get(value) or STAND_INS.get(value) or value)
        case _:
            return str(value)


@cache
def _labels(kind: str, name: str) -> dict[str, str]:
    """Return the labels of the values that a field may have, if these are few."""
    table = _table(kind)
    info = table.model_fields.get(name) if table is not None else None
    for one in (info.annotation, *get_args(info.annotation)) if info is not None else ():
        if isinstance(one, type) and issubclass(one, Enum):
            return {str(item.value): item.label for item in one if hasattr(item, 'label')}
    return {}
