"""Notices as a domain: what it is called, and who decides what people are told of."""

from logic.core.domain import Domain

domain = Domain(
    'notifications',
    title='Notices',
    icon='sym_o_notifications',
    group='Platform',
    description='What each person is told, where and when.',
)
MANAGE = domain.permission('manage', 'Choose what people are told of unless they choose themselves')
