"""Who is who and who may what: what the identity domain declares."""

from logic.core.domain import Domain

domain = Domain(
    'identity',
    title='Access',
    icon='sym_o_shield_person',
    group='Administration',
    description='Who signs in, who holds which position, and what it allows.',
)
VIEW_POSITIONS = domain.permission('view', 'See positions, who holds them, and who has access')
MANAGE_POSITIONS = domain.permission('positions', 'Make and change positions, and give them to people')
MANAGE_ACCESS = domain.permission(
    'access', 'Invite people, end their sessions, disable accounts, reset passwords and second factors'
)
USE_API_KEYS = domain.permission('api_keys', 'Make keys for programs, within the own rights')
