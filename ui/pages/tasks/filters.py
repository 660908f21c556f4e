"""What tasks are narrowed by, on a board and in a list."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from data.tasks import TaskPriority, TaskStatus
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, later, sense
from logic.members import name_members
from logic.members.directory import Label
from logic.members.domain import VIEW as VIEW_MEMBERS
from ui.components import Filter, FilterBar
from ui.search import search_everybody

DUE = [
    ('overdue', later('Overdue')), ('today', later('Today')), ('week', later('Within a week')),
    ('none', later('No date')),
]  # fmt: skip
WHO = [('me', later('Me')), ('none', later('Nobody'))]


def board_filters() -> list[Filter]:
    """The filters of a board; which people and labels there are comes with its cards."""
    return [
        Filter('priority', _('Priority'), [(one, one.label) for one in TaskPriority]),
        Filter('due', _('Due'), DUE, many=False),
        Filter('assignee', _('Who'), WHO, ids=True),
        Filter('label', _('Label'), (), ids=True),
    ]


def calendar_filters() -> list[Filter]:
    """The filters of a calendar, whose days say when; its people and labels come with what lies in them."""
    return [_status(), *(one for one in board_filters() if one.name != 'due')]


def offer(bar: FilterBar, people: Iterable[Label], labels: Iterable[Label]) -> None:
    """Offer those whom tasks are given to, and their labels."""
    bar.offer('assignee', [(one.id, one.name) for one in people])
    bar.offer('label', [(one.id, one.name) for one in labels])


def _status() -> Filter:
    return Filter(
        'status', _('Status'), [('open', sense('a state', 'Open')), *((one, one.label) for one in TaskStatus)]
    )


async def list_filters(actor: Actor, list_id: UUID | None = None) -> list[Filter]:
    """The filters of all tasks, or of one list."""
    labels = await tasks.list_labels(actor)
    people: dict[str, Any] = {'search': search_everybody, 'named': name_members} if actor.may(VIEW_MEMBERS) else {}
    priority, due, *_rest = board_filters()
    found = [
        _status(),
        due,
        Filter('assignee', _('Who'), WHO, **people),
        priority,
        Filter('creator', _('Added by'), [('me', _('Me'))], **people),
    ]
    if labels:
        found.append(Filter('label', _('Label'), [(one.id, one.name) for one in labels]))
    if list_id is not None:
        lanes = await tasks.list_columns(actor, list_id)
        found.insert(1, Filter('column', _('Column'), [(one.id, one.title) for one in lanes]))
    else:
        lists = await tasks.list_lists(actor)
        found.insert(1, Filter('list', _('List'), [(one.id, one.title) for one in lists]))
    return found
