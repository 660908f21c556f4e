"""Words that programs use, as a person says them: acts, kinds of records, their fields, and what stands in these.

The audit log keeps the names that programs use; whoever reads it gets them from here, in his language. A field has the
title under which people fill it in, which the input models of its domain give; what they do not name is named here.
"""

import re
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from data.core import Model
from data.custom_fields import FIELD
from data.later import Later, later
from logic.core.formats import day_text, moment_text
from logic.core.language import _, current_language

PAST = {
    'begin': 'began', 'found': 'founded', 'give': 'gave', 'let': 'let', 'make': 'made', 'put': 'put', 'set': 'set',
    'sign': 'signed', 'take': 'took', 'undo': 'undid', 'send': 'sent', 'apply': 'applied', 'withdraw': 'withdrew',
    'carry': 'carried', 'drop': 'dropped', 'open': 'opened', 'write': 'wrote', 'choose': 'chose', 'keep': 'kept',
    'forget': 'forgot', 'reset': 'reset', 'tell': 'told', 'retry': 'retried', 'wrap': 'wrapped', 'plan': 'planned',
    'pin': 'pinned', 'unpin': 'unpinned', 'rebuild': 'rebuilt', 'cancel': 'cancelled', 'see': 'saw',
}  # fmt: skip
MAKING = frozenset({'add', 'ask', 'import', 'invite', 'make', 'plan', 'upload', 'write'})
"""What these bring about is new, so it is "a", not "the"."""
BARE = frozenset({'sign', 'put'})
"""No thing follows these: "signed in"."""
ACTS: dict[str, str] = {
    'arrival.move_in': later('moved in from another Logbook'),
    'attachments.attach': later('attached a file'),
    'attachments.remove_attachment': later('removed a file'),
    'attachments.rename_attachment': later('renamed a file'),
    'attachments.restore_attachment': later('restored a file'),
    'audit.begin_epoch': later('began a new epoch of the log'),
    'audit.choose_keepers': later('chose who keeps the anchors'),
    'audit.choose_retention': later('chose how long entries are kept'),
    'audit.clock_went_back': later('saw the clock go back'),
    'audit.erase_subject': later('erased personal values'),
    'audit.expire_values': later('erased personal values whose time was over'),
    'audit.export_log': later('exported the audit log'),
    'audit.heads': later('noted the logs of all departments'),
    'audit.part_closed': later('closed a part of the log'),
    'audit.keep_anchor': later('kept an anchor elsewhere'),
    'audit.print_anchor': later('printed an anchor'),
    'backup.keep_sheet': later('confirmed that the recovery sheet is kept'),
    'backup.make': later('made a backup'),
    'backup.open_sheet': later('looked at the recovery sheet'),
    'backup.request_backup': later('asked for a backup'),
    'backup.request_export': later('asked for an export of everything'),
    'commands.add_owner': later('added an owner'),
    'data_keys.begin_rotation': later('began to give sealed values new keys'),
    'data_keys.drop_old_keys': later('gave sealed values new keys and deleted the old ones'),
    'departments.set_leadership': later('said who leads a unit'),
    'home.dismiss_setup': later('put the first steps away'),
    'identity.accept_as_myself': later('accepted the invitation'),
    'identity.add_api_key': later('added an API key'),
    'identity.approve_factor_reset': later('approved the removal of a second factor'),
    'identity.ask_factor_reset': later('asked for the removal of a second factor'),
    'identity.ask_for_reset': later('asked for a new password'),
    'identity.begin_own_totp': later('began to set up an authenticator app'),
    'identity.confirm_own_totp': later('set up an authenticator app'),
    'identity.confirm_totp_of': later('set up an authenticator app'),
    'identity.confirmed': later('confirmed who he is'),
    'identity.decline_factor_reset': later('declined the removal of a second factor'),
    'identity.end_sessions_of': later('ended all sessions of an account'),
    'identity.factors_removed': later('removed the second factor'),
    'identity.redeem_invitation': later('accepted the invitation'),
    'identity.redeem_reset': later('set a new password'),
    'identity.remove_own_passkey': later('removed a passkey'),
    'identity.remove_own_totp': later('removed the authenticator app'),
    'identity.renew_own_codes': later('made new recovery codes'),
    'identity.replace_api_key': later('replaced the API key'),
    'identity.reset_password_of': later('sent a link for a new password'),
    'identity.revoke_api_key': later('revoked the API key'),
    'identity.revoke_api_key_of': later('revoked the API key'),
    'identity.session_ended': later('ended a session'),
    'identity.sign_in': later('signed in'),
    'identity.store_changed_password': later('changed the password'),
    'identity.store_passkey': later('added a passkey'),
    'identity.store_password': later('set a new password'),
    'mail.retry_mail': later('sent a mail again'),
    'mail.send_test': later('sent a test mail'),
    'mail.word_mail': later('worded a mail'),
    'members.ask_to_anonymise': later('asked to have a member anonymised'),
    'members.change_many': later('changed many members'),
    'members.decide_anonymise': later('decided whether a member is anonymised'),
    'members.decide_change': later('decided on a wished change'),
    'members.export_expiring': later('exported what expires'),
    'members.export_members': later('exported members'),
    'members.export_person': later('exported a file'),
    'members.hand_over': later('handed over what was open'),
    'members.keep_paper': later('filed a document'),
    'members.keep_photo': later('changed the photo'),
    'members.view_private': later('viewed private data'),
    'members.view_private_data': later('viewed private data'),
    'notifications.choose': later('chose notices'),
    'notifications.choose_default': later('chose the notices of everybody'),
    'notifications.send_preview': later('sent a preview'),
    'identity.add_service_account': later('made a service account'),
    'identity.add_service_key': later('made a key for a service account'),
    'identity.change_service_account': later('changed a service account'),
    'identity.end_service_account': later('ended a service account'),
    'identity.replace_service_key': later('replaced a key of a service account'),
    'setup.ask_for_founding': later('asked for a link to make a department'),
    'setup.choose_registration': later('chose who may make another department'),
    'setup.found_another': later('made another department'),
    'setup.found_for': later('made another department for somebody'),
    'setup.invite_founder': later('invited somebody to make a department'),
    'setup.set_up': later('set Logbook up'),
    'status.retry_job': later('ran the job again'),
    'tasks.add_list_from_template': later('added a list from a template'),
    'tasks.export_tasks': later('exported tasks'),
    'tasks.give_list': later('gave the list to somebody else'),
    'tasks.hand_over_task': later('handed a task over'),
    'tasks.make_feed': later('made a calendar address'),
    'tasks.my_inbox': later('opened an inbox'),
    'tasks.quick_add': later('added tasks'),
    'tasks.revoke_feed': later('revoked the calendar address'),
}
"""What people say of acts that the rule below cannot say, and of acts that are no services."""
UNTOLD = frozenset({
    'data_keys.seal_batch',
    'backup.forget_export', 'backup.keep_export', 'backup.note_backup', 'drafts.keep_draft', 'identity.begin_passkey',
    'identity.begin_totp_of', 'identity.begin_transaction', 'identity.complete_sign_in', 'identity.count_attempt',
    'identity.count_beginning', 'identity.count_opening', 'identity.count_try', 'identity.first_refresh_token',
    'identity.forget_failures', 'identity.make_sign_in_ceremony', 'identity.note_key_use', 'identity.note_refusal',
    'identity.rotate_refresh_token', 'identity.touch_session', 'identity.use_transaction', 'mail.send',
    'members.begin_import', 'members.compare_private', 'members.record_export', 'members.record_personal_export',
    'notifications.add_browser', 'notifications.forget_browser', 'notifications.mark_about_read',
    'notifications.mark_all_read', 'notifications.mark_read', 'notifications.mark_record_read',
    'notifications.remove_browser', 'notifications.set_hours', 'notifications.tell', 'notifications.unsubscribe',
    'search.drop_orphans', 'search.forget_words', 'search.index_batch', 'search.rebuild_where_missing',
    'setup.new_setup_link', 'tasks.record_task_export', 'views.choose_default_view', 'views.note_page',
    'tasks.begin_task_import', 'views.pin_page', 'views.unpin_page', 'watchers.set_watching',
})  # fmt: skip
"""Services that change nothing which the log holds under their name."""


def in_words(action: str) -> Later:
    """Return an action as a person says it after a name, said later: `members.change_status` is "changed the status".

    What the rule makes of the names of services is collected for translators with them.
    """
    known = ACTS.get(action)
    if isinstance(known, Later):
        return known
    verb, _dot, rest = action.partition('.')[2].partition('_')
    past = PAST.get(verb) or (f'{verb}d' if verb.endswith('e') else f'{verb}ed')
    before, thing = ('for ', rest[4:]) if rest.startswith('for_') else ('', rest)
    return later(f'{past} {before}{_article(verb, thing)}{thing.replace("_", " ")}'.strip())


def _article(verb: str, thing: str) -> str:
    is_many = thing.endswith('s') and not thing.endswith(('status', 'ss'))
    if not thing or is_many or verb in BARE:
        return ''
    if verb not in MAKING:
        return 'the '
    return 'an ' if thing[0] in 'aeio' else 'a '


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
    'Member.search': later('Words for the search'),
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
    'contact_search': later('Words for the search'),
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
    'sort_name': later('Name for sorting'),
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

DAY = re.compile(r'\d{4}-\d{2}-\d{2}')
MOMENT = re.compile(r'\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z')
STAND_INS = {'(changed)': later('(changed)'), '(erased)': later('(erased)'), '(private)': later('(private)')}
"""What the log holds, or shows, in place of a value."""


def value_text(kind: str, name: str, value: object, zone: str = 'UTC') -> str:
    """Return what the log says of a field of a kind of record, as a person in a zone reads it."""
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
            return ', '.join(value_text(kind, name, one, zone) for one in value)
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
