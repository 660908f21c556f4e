"""Everything that happened to a person, as far as the viewer may see it, drawn from the audit record."""

from logic import audit
from logic.core.actor import Actor
from logic.home import in_words
from logic.members import PersonView
from logic.members.inputs import PRIVATE_FIELDS
from ui.components import Card, Change, Entry, Timeline

ABOUT = (
    'Member', 'StatusChange', 'JobChange', 'MemberDocument', 'Licence', 'PositionHolding', 'Engagement',
    'LeaveOfAbsence', 'Departure', 'MemberTag', 'ChecklistItem', 'Invitation',
)  # fmt: skip
STEP = 50
ICONS = {
    'Member': 'sym_o_person', 'StatusChange': 'sym_o_swap_horiz', 'JobChange': 'sym_o_work',
    'PositionHolding': 'sym_o_badge', 'MemberDocument': 'sym_o_description', 'Licence': 'sym_o_verified',
    'Invitation': 'sym_o_mail',
}  # fmt: skip


def shown_fields(person: PersonView) -> set[str]:
    """Return the fields whose changes are told: what the viewer sees anyway, private ones of his own record only.

    Each view of another's private data is recorded, and opening this tab is none.
    """
    visible = {name for name in type(person).model_fields if person.shows(name)}
    return visible | (PRIVATE_FIELDS if person.is_self else set())


async def draw(actor: Actor, person: PersonView) -> None:
    """The timeline, the newest first."""
    entries = await audit.activity_of(actor, ABOUT, person.id, fields=shown_fields(person), limit=STEP)
    with Card():
        Timeline(
            [
                Entry(
                    entry.seq, in_words(entry.action), entry.at, entry.actor_name,
                    ICONS.get(entry.object_type, 'sym_o_edit'),
                    changes=[
                        Change(change.name.replace('_', ' ').capitalize(), _text(change.old), _text(change.new))
                        for change in entry.changes
                        if not change.name.endswith('_id')
                    ],
                )
                for entry in entries
            ],
            empty='Nothing has happened yet.',
        )  # fmt: skip


def _text(value: object) -> str:
    return '' if value is None else str(value)
