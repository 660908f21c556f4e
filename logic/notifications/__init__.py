"""Notices: what a person should know, in his bell, by mail and by push; written in the transaction of its cause.

TASK_GIVEN = notifications.register_kind('task_given', 'A task was given to me', 'sym_o_task', group='Tasks')
await notifications.tell(work, account_id, kind=TASK_GIVEN, title='...', link='/tasks/...#comment-...',
                         object_type='Task', object_id=task.id, key=None)
await notifications.tell(work, account_ids, kind=..., title=...)           # thousands cost the caller little

@notifications.digest_section('Due today', order=10)
async def due_tasks(work: Work, readers: Sequence[Reader]) -> dict[UUID, list[Line]]: ...
"""

from logic.mail import Line
from logic.notifications.bell import (
    list_notices,
    mark_about_read,
    mark_all_read,
    mark_read,
    mark_record_read,
    unread_count,
)
from logic.notifications.digest import Reader, digest_section, plan_digests, write_digests
from logic.notifications.domain import MANAGE, domain
from logic.notifications.kinds import (
    AUDIT_DAMAGED,
    BACKUP_FAILED,
    DEPARTURE_WAITS,
    DOCUMENT_EXPIRING,
    EXPORT_FINISHED,
    INVITATION_ACCEPTED,
    NEW_DEVICE,
    PASSWORD_CHANGED,
    PROFILE_CHANGE_DECIDED,
    PROFILE_CHANGE_WAITING,
    Kind,
    kinds,
    register_kind,
)
from logic.notifications.links import look_at_link, unsubscribe, unsubscribe_link
from logic.notifications.preferences import (
    Choice,
    HoursInput,
    choose,
    choose_default,
    list_defaults,
    my_choices,
    my_hours,
    set_hours,
)
from logic.notifications.preview import preview_mail, send_preview
from logic.notifications.push import (
    SubscriptionInput,
    add_browser,
    forget_browser,
    my_browsers,
    push_key,
    remove_browser,
    send_pushes,
)
from logic.notifications.sending import hold_back, send_mails
from logic.notifications.telling import bell_of, holders_of, tell, tell_some, withdraw

__all__ = [
    'AUDIT_DAMAGED',
    'BACKUP_FAILED',
    'DEPARTURE_WAITS',
    'DOCUMENT_EXPIRING',
    'EXPORT_FINISHED',
    'INVITATION_ACCEPTED',
    'MANAGE',
    'NEW_DEVICE',
    'PASSWORD_CHANGED',
    'PROFILE_CHANGE_DECIDED',
    'PROFILE_CHANGE_WAITING',
    'Choice',
    'HoursInput',
    'Kind',
    'Line',
    'Reader',
    'SubscriptionInput',
    'add_browser',
    'bell_of',
    'choose',
    'choose_default',
    'digest_section',
    'domain',
    'forget_browser',
    'hold_back',
    'holders_of',
    'kinds',
    'list_defaults',
    'list_notices',
    'look_at_link',
    'mark_about_read',
    'mark_all_read',
    'mark_read',
    'mark_record_read',
    'my_browsers',
    'my_choices',
    'my_hours',
    'plan_digests',
    'preview_mail',
    'push_key',
    'register_kind',
    'remove_browser',
    'send_mails',
    'send_preview',
    'send_pushes',
    'set_hours',
    'tell',
    'tell_some',
    'unread_count',
    'unsubscribe',
    'unsubscribe_link',
    'withdraw',
    'write_digests',
]
