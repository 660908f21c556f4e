"""Mail as a domain: what it is called, and who may manage it."""

from logic.core.domain import Domain

domain = Domain(
    'mail', title='E-mail', icon='sym_o_mail', group='Platform', description='Invitations, resets and notices by mail.'
)
MANAGE = domain.permission('manage', 'See the state of e-mail, word it and send a test')
