"""The positions that every department starts with; the department edits them afterwards (spec of identity, rule 9)."""

from dataclasses import dataclass

OWNER = 'Owner'
ADMINISTRATOR = 'Administrator'
MEMBER = 'Member'


@dataclass(frozen=True, slots=True)
class Seed:
    """A position as it begins."""

    name: str
    priority: int
    description: str
    permissions: tuple[str, ...]


TASKS = ('tasks.view', 'tasks.add', 'tasks.manage_lists', 'tasks.export', 'views.share')
"""What everybody has who looks after something in the department."""

# Names of domains that are not built in or are switched off simply match nothing.
POSITIONS = (
    Seed(OWNER, 100, 'May do everything. At least one active person holds this.', ('*',)),
    Seed(
        ADMINISTRATOR, 90, 'Sets Logbook up and looks after people, access and settings.',
        ('organizations.*', 'identity.*', 'members.*', 'departments.*', 'audit.*', 'backup.*', 'status.*', 'mail.*',
         'notifications.*', 'tasks.*', 'views.*'),
    ),
    Seed('HR manager', 70, 'Keeps the files of all people.', ('members.*', 'departments.*', 'identity.view', *TASKS)),
    Seed('Manager', 60, 'Looks after their own reports.', ('members.view', 'members.manage_reports', *TASKS)),
    Seed('Secretary', 50, 'Keeps the directory, imports and prints it.', (
        'members.view', 'members.add', 'members.edit', 'members.import', 'members.export', 'members.change_status',
        *TASKS)),
    Seed('Treasurer', 50, 'Looks after dues, pay and spending.', ('members.view', 'members.export', *TASKS)),
    Seed('Training officer', 50, 'Looks after courses and certificates.', ('members.view', 'members.export', *TASKS)),
    Seed('Scheduling officer', 50, 'Plans shifts.', ('members.view', *TASKS)),
    Seed('Quartermaster', 50, 'Looks after gear and stock.', ('members.view', *TASKS)),
    Seed('Helpdesk agent', 40, 'Answers requests.', ('members.view', *TASKS)),
    Seed('Auditor', 40, 'Reads everything including the audit log, and changes nothing.', (
        'members.view', 'members.view_contacts', 'members.view_files', 'members.view_private', 'members.export',
        'identity.view', 'audit.view', 'audit.verify', 'audit.export', 'tasks.view')),
    Seed(MEMBER, 0, 'What everybody may do.', ('members.view', 'tasks.view', 'tasks.add')),
)  # fmt: skip
