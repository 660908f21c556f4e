"""The terms on which somebody is with the department."""

from logic.core.language import _, many
from logic.members import PersonView
from ui.components import Editable, Fact


def facts(person: PersonView) -> list[Fact | Editable]:
    """Return until when he is on probation, and how long his notice is; for those who see the file."""
    if not person.sees_file:
        return []
    ends, notice = _('Probation ends on'), _('Notice period')
    days = many('{count} day', '{count} days', person.notice_days) if person.notice_days is not None else ''
    if person.may_edit:
        return [
            Editable('probation_ends_on', ends, person.probation_ends_on, 'date'),
            Editable('notice_days', notice, days, typed=person.notice_days),
        ]
    return [Fact(ends, person.probation_ends_on, 'date'), Fact(notice, days)]
