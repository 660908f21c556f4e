"""Web push: notices on devices where Logbook is closed."""

from logic.notifications.push.sending import push, send_pushes
from logic.notifications.push.subscriptions import (
    SubscriptionInput,
    add_browser,
    forget_browser,
    my_browsers,
    push_key,
    remove_browser,
)

__all__ = [
    'SubscriptionInput',
    'add_browser',
    'forget_browser',
    'my_browsers',
    'push',
    'push_key',
    'remove_browser',
    'send_pushes',
]
