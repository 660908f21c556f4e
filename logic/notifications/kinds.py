"""Kinds of notices: what preferences call each, where it goes unless somebody chose, and what cannot be muted."""

from dataclasses import dataclass

from data.later import later
from data.notifications import Channel, Pace


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice: what preferences call it, and how the bell shows it."""

    name: str
    label: str
    icon: str
    group: str = 'Logbook'
    """The heading under which preferences show it."""
    is_firm: bool = False
    """Cannot be muted, nor put off by quiet hours: security, and formal notice."""
    is_own: bool = False
    """Told also to the one whose act caused it: the end of an import that he began."""
    has_own_mail: bool = False
    """Its domain sends a mail of its own; nothing else is mailed of it."""
    mail: Pace = Pace.NOW
    push: Pace = Pace.NOW

    def pace(self, channel: Channel) -> Pace:
        """Return how soon it goes to a channel unless somebody chose otherwise."""
        if channel is Channel.MAIL:
            return Pace.OFF if self.has_own_mail else self.mail
        return self.push if channel is Channel.PUSH else Pace.NOW


kinds: dict[str, Kind] = {}


def register_kind(
    name: str, label: str, icon: str = 'sym_o_notifications', *, group: str = 'Logbook', is_firm: bool = False,
    is_own: bool = False, has_own_mail: bool = False, mail: Pace = Pace.NOW, push: Pace = Pace.NOW,
) -> str:  # fmt: skip
    """Declare a kind of notice and return its name; a domain calls it at the top of its module.

    `label` says it from the reader's side ('A task was given to me'), and is all that a push shows of it.
    """
    if name in kinds:
        raise RuntimeError(f'Two kinds of notice are named {name}.')
    kinds[name] = Kind(name, later(label), icon, later(group), is_firm, is_own, has_own_mail, mail, push)
    return name


ACCESS, PEOPLE, OFFICE = later('Access and security'), later('People'), later('Office')
ACCESS_ASKED = register_kind('access_asked', 'Somebody asks for access', 'sym_o_lock_open', group=ACCESS)
INVITATION_ACCEPTED = register_kind(
    'invitation_accepted', 'Somebody accepted an invitation', 'sym_o_how_to_reg', group=ACCESS, mail=Pace.DIGEST
)
NEW_DEVICE = register_kind(
    'new_device', 'My account was used on a new device', 'sym_o_devices', group=ACCESS, is_firm=True, is_own=True,
    has_own_mail=True,
)  # fmt: skip
PASSWORD_CHANGED = register_kind(
    'password_changed', 'My password or second factor was changed', 'sym_o_key', group=ACCESS, is_firm=True,
    is_own=True, has_own_mail=True,
)  # fmt: skip
AUDIT_DAMAGED = register_kind('audit_damaged', 'The audit log is damaged', 'sym_o_gpp_bad', group=ACCESS, is_firm=True)
PROFILE_CHANGE_WAITING = register_kind(
    'profile_change_waiting', 'A change waits for my decision', 'sym_o_approval', group=PEOPLE
)
PROFILE_CHANGE_DECIDED = register_kind(
    'profile_change_decided', 'A change I asked for was decided', 'sym_o_task_alt', group=PEOPLE
)
DOCUMENT_EXPIRING = register_kind(
    'document_expiring', 'A document is about to expire', 'sym_o_event_busy', group=PEOPLE
)
DEPARTURE_WAITS = register_kind('departure_waits', 'A departure cannot be carried out', 'sym_o_logout', group=PEOPLE)
EXPORT_FINISHED = register_kind(
    'export_finished', 'An export I asked for has ended', 'sym_o_download', group=OFFICE, is_own=True, mail=Pace.OFF
)
BACKUP_FAILED = register_kind('backup_failed', 'A backup has failed', 'sym_o_backup', group=OFFICE, is_firm=True)
