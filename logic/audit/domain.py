"""What the audit domain declares of itself."""

from logic.core.domain import Domain

domain = Domain(
    'audit',
    title='Audit',
    icon='sym_o_policy',
    group='Administration',
    description='Who did what and when, provable to an outsider.',
)
VIEW = domain.permission('view', 'See the audit log')
EXPORT = domain.permission('export', 'Export the audit log')
VERIFY = domain.permission('verify', 'Verify the audit log')
MANAGE = domain.permission('manage', 'Choose who keeps the anchors of the audit log, and how long it is kept')
