"""The people of the department in figures, as the home page draws them."""

from data.members import MemberStatus
from logic import home
from logic.core.formats import month_text
from logic.core.language import _, many, sense
from logic.members.figures import Figures
from ui.components import Person, Series, Tile


def tiles_of(found: Figures) -> list[Tile]:
    """Return the figures on top."""
    count = found.by_status
    active, probationary = count.get(MemberStatus.ACTIVE, 0), count.get(MemberStatus.PROBATIONARY, 0)
    on_leave, joined, gone = count.get(MemberStatus.ON_LEAVE, 0), found.joined_this_month, found.left_this_month
    return [
        Tile(_('People'), found.total, 'sym_o_group', 'brand', '/members',
             many('{count} active', '{count} active', active), 'green'),
        Tile(_('Probationary'), probationary, 'sym_o_school', 'blue', '/members?status=probationary'),
        Tile(_('On leave'), on_leave, 'sym_o_beach_access', 'amber', '/members?status=on_leave'),
        Tile(_('Joined this month'), joined, 'sym_o_trending_up', 'violet', '/members?sort=-joined',
             many('{count} left', '{count} left', gone), 'grey'),
    ]  # fmt: skip


def months_of(found: home.Movements) -> tuple[list[str], list[Series]]:
    """Return the months and who came and went in each."""
    both = [Series(sense('a month', 'Joined'), list(found.joined)), Series(sense('a month', 'Left'), list(found.left))]
    return [month_text(month) for month in found.months], both


def units_of(found: Figures) -> list[Person]:
    """Return the largest units with how many people they have."""
    return [
        Person(name, many('{count} person', '{count} people', count), f'/members?department={unit}' if unit else None)
        for unit, name, count in found.by_department[:8]
    ]
