"""Where each setting lives, and the words under which it is found."""

from logic import audit, backup, departments, mail, notifications, organizations, status
from logic.core.language import later
from logic.identity.permissions import MANAGE_ACCESS, VIEW_POSITIONS
from logic.members.domain import MANAGE_FIELDS
from ui.components.choices import Place

PLACES = [
    Place(later('Department'), later('Name, kind, time zone, language, address'),
          '/settings/department', 'sym_o_apartment', organizations.MANAGE,
          later('organization timezone holidays currency phone country people word members employees staff')),
    Place(later('Appearance'), later('Brand colour and logo'),
          '/settings/appearance', 'sym_o_palette', organizations.MANAGE, later('colour color logo brand theme')),
    Place(later('Modules'), later('Switch parts of Logbook on and off'),
          '/settings/modules', 'sym_o_toggle_on', organizations.MANAGE, later('features')),
    Place(later('Companies'), later('Legal employers inside the department'),
          '/settings/companies', 'sym_o_domain', organizations.MANAGE, later('employer tax')),
    Place(later('Sign-in rules'), later('Second factor, who sees whose contacts'),
          '/settings/rules', 'sym_o_shield_lock', organizations.MANAGE,
          later('mfa two-factor security privacy contacts phone e-mail peers')),
    Place(later('Other departments'), later('Who may make another one on this installation'),
          '/settings/registration', 'sym_o_domain_add', organizations.MANAGE,
          later('tenant organization register found invite')),
    Place(later('Units and lists'), later('Departments, stations, ranks, membership types'),
          '/settings/lists', 'sym_o_account_tree', departments.MANAGE, later('grade unit place')),
    Place(later('Fields and tags'), later('What you want to know beside what is built in'),
          '/settings/fields', 'sym_o_label', MANAGE_FIELDS, later('custom')),
    Place(later('Checklists'), later('What is to be done when somebody joins or leaves'),
          '/settings/checklists', 'sym_o_checklist', MANAGE_FIELDS,
          later('onboarding offboarding joining leaving exit templates tasks')),
    Place(later('Notices'), later('What people are told, unless they choose themselves'),
          '/settings/notices', 'sym_o_notifications', notifications.MANAGE, later('bell push digest mute')),
    Place(later('E-mail'), later('What became of each mail, and how mails are worded'),
          '/settings/mail', 'sym_o_mail', mail.MANAGE, later('outbox smtp template bounce')),
    Place(later('Sample data'), later('Load or remove invented people'),
          '/settings/samples', 'sym_o_science', organizations.MANAGE, later('demo test')),
    Place(later('Backup'), later('Where it goes, how long it stays, restoring'),
          '/settings/backup', 'sym_o_backup', backup.VIEW, later('archive restore recovery sheet key')),
    Place(later('Access'), later('Invitations, accounts, second factors'),
          '/access', 'sym_o_key', MANAGE_ACCESS, later('invite password recovery codes')),
    Place(later('Positions'), later('Offices, and what each may do'),
          '/positions', 'sym_o_badge', VIEW_POSITIONS, later('rights roles permissions officers')),
    Place(later('Audit log'), later('Who did what, and who keeps the proof of it'),
          '/audit', 'sym_o_policy', audit.VIEW, later('anchors officers verify signature key retention history')),
    Place(later('Status'), later('How this installation stands; jobs'),
          '/status', 'sym_o_monitor_heart', status.VIEW, later('queue mail')),
    Place(later('Member numbers'), later('Prefix and length of new numbers'),
          '/settings/numbers', 'sym_o_tag', organizations.MANAGE, later('badge')),
]  # fmt: skip
