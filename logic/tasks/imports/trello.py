"""Reading an export of a Trello board."""

from collections.abc import Iterator
from typing import Any

from data.tasks import TaskStatus
from logic.core.language import _
from logic.members.names import fold
from logic.tasks.imports.found import DONE, Found, Step, key_of, rows, status_of


def read_trello(data: dict[str, Any]) -> Iterator[Found]:
    """Read the cards of a board, list by list. What is archived is left out: that is neither open nor done."""
    lists = {key_of(row): row for row in sorted(rows(data['lists']), key=_place)}
    people = {key_of(row): row.get('fullName') for row in rows(data.get('members'))}
    steps: dict[Any, list[dict[str, Any]]] = {}
    for checklist in rows(data.get('checklists')):
        items = sorted(rows(checklist.get('checkItems')), key=_place)
        steps.setdefault(key_of(checklist, 'idCard'), []).extend(items)
    order = {row_id: place for place, row_id in enumerate(lists)}  # on the board, so that the columns get the same
    cards = [(place, card, key_of(card, 'idList')) for place, card in enumerate(rows(data['cards']), 1)]
    cards.sort(key=lambda one: (order.get(one[2], len(order)), _place(one[1])))
    for place, card, home in cards:
        task = Found(place)
        task.title, task.description = task.text(card.get('name')), task.plain(card.get('desc'))
        task.list_name = task.text(data.get('name'), 120)
        task.column = task.text(lists.get(home, {}).get('name'), 60)
        if card.get('closed') is True:
            task.refusal = _('It is archived in Trello. Take it out of the archive there to bring it along.')
        elif lists.get(home, {}).get('closed') is True:
            task.refusal = _('Its list is archived in Trello. Take it out of the archive there to bring it along.')
        task.due, task.start = task.when(card.get('due')), task.when(card.get('start'))
        done = card.get('dueComplete') is True or fold(task.column) in DONE
        task.status = TaskStatus.COMPLETED if done else status_of(task.column)
        task.labels = [task.text(label.get('name') or label.get('color'), 40) for label in rows(card.get('labels'))]
        ids = card.get('idMembers')
        task.people = (
            [task.text(people[one]) for one in ids if isinstance(one, str) and one in people]
            if isinstance(ids, list)
            else []
        )
        task.checklist = [
            Step(
                task.text(item.get('name')), item.get('state') == 'complete', task.day(item.get('due')),
                task.text(people.get(key_of(item, 'idMember'))),
            )
            for item in steps.get(key_of(card), [])
        ]  # fmt: skip
        task.leave(_left_out(card))
        yield task


def _place(row: dict[str, Any]) -> float:
    value = row.get('pos')
    return float(value) if isinstance(value, int | float) and abs(value) < 1e15 else 0


def _left_out(card: dict[str, Any]) -> list[str]:
    badges = card['badges'] if isinstance(card.get('badges'), dict) else {}
    held = {
        _('comments'): badges.get('comments'), _('files'): card.get('attachments') or badges.get('attachments'),
        _('a reminder'): card.get('dueReminder') not in (None, -1), _('own fields'): card.get('customFieldItems'),
    }  # fmt: skip
    return [name for name, value in held.items() if value]
